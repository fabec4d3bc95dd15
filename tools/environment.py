"""Make `.venv` what a make target needs: `environment.py runtime|dev|assets`.

It runs under any Python 3.11 or later, with the standard library alone, and installs exactly what requirements/*.txt
pins, with its hashes, through the machine's own pip settings. A stamp in `.venv` makes the second call take no time.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import debian

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
# Each level holds what the one before it holds.
LEVELS = ("runtime", "dev")


def main() -> None:
    """Install the level named on the command line, if it is not there yet."""
    if sys.version_info < (3, 11):  # noqa: UP036 - run by whatever `python3` is
        sys.exit(f"Dezhi needs Python 3.11 or later; {sys.executable} is {sys.version.split()[0]}. Try: make PYTHON=…")
    level = sys.argv[1]
    os.environ["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    if level == "assets":
        install(level, [])
        return
    wanted = LEVELS[LEVELS.index(level) :]
    if any(is_fresh(each) for each in wanted):
        return
    editables = [folder for folder in (ROOT, *sorted((ROOT / "plugins").glob("*"))) if has_project(folder)]
    install(level, editables)


def has_project(folder: Path) -> bool:
    """Whether the folder is a distribution of ours."""
    return (folder / "pyproject.toml").is_file()


def install(level: str, editables: list[Path]) -> None:
    """Put the pinned packages of a level into `.venv`, then our own distributions as editables, then the stamp."""
    if is_fresh(level):
        return
    make_venv()
    # -qq: only errors. A machine whose pip settings name several indexes warns about each package that one lacks.
    pip = [python(), "-m", "pip", "install", "-qq", "--require-virtualenv"]
    print(f"Installing requirements/{level}.txt into .venv (this happens once) …", flush=True)
    # Wheels only: an sdist would fetch unpinned things to build itself.
    run(*pip, "--require-hashes", "--no-deps", "--only-binary=:all:", "-r", str(ROOT / f"requirements/{level}.txt"))
    if editables:
        folders = [part for folder in editables for part in ("-e", str(folder))]
        run(*pip, "--no-deps", "--no-build-isolation", *folders)
    stamp(level).write_text(fingerprint(level), encoding="utf-8")


def make_venv() -> None:
    """Create `.venv`, anew when it cannot run here (moved, or its Python is gone)."""
    if works(python()):
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if not works(sys.executable, "-c", "import ensurepip"):
        # Debian and Ubuntu keep venv's other half in a package of its own.
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not debian.install(package):
            sys.exit(f"Please install {package} first (as root: apt-get install {package})")
    run(sys.executable, "-m", "venv", str(VENV))


def is_fresh(level: str) -> bool:
    """Whether `.venv` works here and holds this level as the files now describe it."""
    mark = stamp(level)
    return mark.is_file() and mark.read_text(encoding="utf-8") == fingerprint(level) and works(python())


def fingerprint(level: str) -> str:
    """A digest of all that decides what is installed, and where (an environment cannot be moved)."""
    pins = ROOT / f"requirements/{level}.txt"
    files = [pins, ROOT / "pyproject.toml", *sorted((ROOT / "plugins").glob("*/pyproject.toml"))]
    digest = hashlib.sha256(f"{VENV}".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def stamp(level: str) -> Path:
    """The file whose content says what is installed."""
    return VENV / f".installed-{level}"


def python() -> str:
    """The environment's interpreter."""
    return str(VENV / "bin" / "python")


def works(*command: str) -> bool:
    """Whether a command can be started and ends well."""
    if len(command) == 1:
        command = (*command, "-c", "")
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(*command: str) -> None:
    """Run a command; end with its status when it fails."""
    try:
        subprocess.run(command, check=True)
    except subprocess.CalledProcessError as failure:
        sys.exit(failure.returncode)


if __name__ == "__main__":
    main()
