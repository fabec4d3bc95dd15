"""The wheels, installed in an empty environment outside the checkout, on a machine without a network."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guides" / "install-small.md"
OFFLINE = ROOT / "tests" / "kit" / "offline.py"
WHEELHOUSES = ROOT / "build" / "wheelhouse"
"""Kept from run to run, by what is pinned: only a new pin fetches anything."""
UNSHARE = ["unshare", "--map-root-user", "--net"]
WATCH = '''
import os, sys

def tell(event, arguments):
    """Note every attempt to reach or even to look up what is not this machine."""
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        where = arguments[1][0]
    elif event == "socket.getaddrinfo":
        where = arguments[0]
    else:
        return
    where = where.decode() if isinstance(where, bytes) else where
    if where not in (None, "", "localhost", "::1", "0.0.0.0") and not where.startswith("127."):
        with open(os.environ["CONNECTIONS_LOG"], "a", encoding="utf-8") as log:
            log.write(f"{event} {where} {sys.argv}\\n")

if "CONNECTIONS_LOG" in os.environ:
    sys.addaudithook(tell)
'''


def run(*command: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload,no-any-return]  # options are subprocess's own
        [str(part) for part in command], capture_output=True, text=True, check=False, **options
    )


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build our distributions as `pip wheel` does for anybody."""
    folder = tmp_path_factory.mktemp("wheels")
    sources = [ROOT, *sorted((ROOT / "plugins").glob("*"))]
    done = run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, *sources)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def wheelhouse() -> Path:
    """Fetch what is pinned for run time once."""
    pins = ROOT / "requirements" / "runtime.txt"
    folder = WHEELHOUSES / hashlib.sha256(pins.read_bytes()).hexdigest()[:16]
    if not folder.is_dir():
        partial = folder.with_name(f"{folder.name}.{os.getpid()}")
        exactly = ["--require-hashes", "--no-deps", "--only-binary=:all:"]
        done = run(sys.executable, "-m", "pip", "download", "-q", *exactly, "-d", partial, "-r", pins)
        assert done.returncode == 0, done.stdout + done.stderr
        shutil.rmtree(WHEELHOUSES / folder.name, ignore_errors=True)
        partial.rename(folder)
    return folder


@pytest.fixture(scope="module")
def installed(wheels: Path, wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install from files alone, by the very commands of the guide."""
    folder = tmp_path_factory.mktemp("opt") / "dezhi"
    files = tmp_path_factory.mktemp("dist")
    for wheel in [*wheels.iterdir(), *wheelhouse.iterdir()]:
        (files / wheel.name).symlink_to(wheel)
    lines = re.findall(
        r"^(?:python3 -m venv|/opt/dezhi/bin/(?!pip .*--upgrade)).*$", GUIDE.read_text("utf-8"), re.MULTILINE
    )
    assert [line.split()[-1] for line in lines] == ["/opt/dezhi", "dezhi-yinger", "list"]
    for line in lines:
        words = [word.replace("/opt/dezhi", str(folder)) for word in line.replace(" dist ", f" {files} ").split()]
        done = run(sys.executable if words[0] == "python3" else words[0], *words[1:], cwd=files)
        assert done.returncode == 0, done.stdout + done.stderr
    [packages] = folder.glob("lib/python3.*/site-packages")
    (packages / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    return folder / "bin" / "python"


def names(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_carries_all_that_a_checkout_has_at_hand(wheels: Path) -> None:
    [wheel] = wheels.glob("dezhi-0*.whl")
    inside = names(wheel)
    platform = ROOT / "platform"
    carried = ("**/*.py", "**/*.tsv", "py.typed", "web/templates/**/*.html", "web/locale/**/*.po", "web/static/built/*")
    wanted = {
        file.relative_to(platform).as_posix()
        for shape in carried
        for file in (platform / "dezhi").glob(shape)
        if file.is_file()
    }
    wanted |= {f"dezhi/_migrations/{file.name}" for file in (ROOT / "migrations").glob("*.py")}
    hello = ROOT / "plugins" / "dezhi-hello"
    wanted |= {
        f"dezhi/_template/{file.relative_to(hello).as_posix()}"
        for file in hello.rglob("*")
        if file.is_file() and not {"__pycache__", ".pytest_cache"} & set(file.parts)
    }
    assert wanted - inside == set()
    for part in ("py.typed", "web/static/built/manifest.json", "_migrations/", "_template/src/dezhi_hello/plugin.toml"):
        assert any(name.startswith(f"dezhi/{part}") for name in inside), part
    beside = {name for name in inside - wanted if ".dist-info/" not in name}
    assert beside == set(), "the wheel carries what it does not need"


def test_plugins_carry_their_manifest(wheels: Path) -> None:
    for name in (folder.name.replace("-", "_") for folder in (ROOT / "plugins").iterdir()):
        [wheel] = wheels.glob(f"{name}-*.whl")
        assert {f"{name}/plugin.toml", f"{name}/py.typed"} <= names(wheel)


def test_a_checkout_without_built_assets_makes_no_wheel(tmp_path: Path) -> None:
    done = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, done.stdout.split("\0")):
        if name.startswith(("platform/", "tools/", "migrations/", "plugins/dezhi-hello/")) or "/" not in name:
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
    done = run(
        *(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", tmp_path / "out"),
        tmp_path,
    )
    assert done.returncode != 0
    assert "make assets" in done.stdout + done.stderr
    assert not list(tmp_path.glob("out/*.whl"))


@pytest.mark.row("SE-10")
def test_installed_dezhi_runs_on_a_machine_without_a_network(installed: Path, tmp_path: Path) -> None:
    if run(*UNSHARE, "true").returncode != 0:
        told = "NETWORK NOT BLOCKED: this machine gives no network namespace (unshare), so SE-10 was not proved here"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(told)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DEZHI_"))}
    done = run(
        *(*UNSHARE, installed, OFFLINE, tmp_path),
        env={**environment, "CONNECTIONS_LOG": str(tmp_path / "connections.log"), "PYTHONUTF8": "1"},
        cwd=tmp_path,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing tried to reach anything outside" in done.stdout
