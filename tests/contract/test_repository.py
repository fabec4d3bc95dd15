"""What the repository may not contain, and what its front page promises."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pictures import PICTURES

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh-CN.md")
SECRETS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/]{20}"),
    "a token of a code host": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,}|glpat-[\w-]{20})\b"),
    "a key of a cloud": re.compile(r"\b(?:AKIA|ASIA|LTAI)[A-Z0-9]{16}\b"),
    "a password inside an address": re.compile(
        r"\w+://[^\s/:@'\"{}$<>…]+:[^\s/:@'\"{}$<>…]+@(?!localhost|127\.)[\w.-]+"
    ),
    "a token of Dezhi's own": re.compile(r"\bdz_\d{1,19}_[\w-]{43}"),
    "a web token": re.compile(r"\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{20,}"),
}
PICTURE_BYTES_MAX = 300_000
PLUGIN_LINES_MAX = 20


def committed() -> list[Path]:
    """What git would carry: tracked files, and new ones it does not ignore."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    found = []
    for file in committed():
        data = file.read_bytes()
        if b"\0" not in data:
            found.append((file.relative_to(ROOT).as_posix(), data.decode("utf-8")))
    return found


@pytest.mark.row("SE-11")
def test_repository_holds_no_secret() -> None:
    found = [f"{name}: {what}" for name, text in texts() for what, shape in SECRETS.items() if shape.search(text)]
    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEowIBAAKCAQEA0123456789",
        "ghp_" + "a1B2" * 9,
        "AKIA" + "ABCD1234" * 2,
        "postgresql://dezhi:" + "s3cret@db.example.org/dezhi",
        "dz_1_" + "aB-_" * 10 + "xyz",
        "eyJ" + "a" * 24 + ".eyJ" + "b" * 24 + "." + "c" * 24,
    ],
)
def test_secret_scan_finds_what_it_looks_for(planted: str) -> None:
    assert [what for what, shape in SECRETS.items() if shape.search(planted)] != []


def test_pins_carry_hashes_and_no_addresses() -> None:
    pins = [*(ROOT / "requirements").glob("*.txt"), ROOT / "package-lock.json"]
    assert [
        file.name
        for file in pins
        if re.search(r"https?://(?!opencollective|[\w.]+/funding)", file.read_text(encoding="utf-8"))
    ] == []
    for file in pins[:-1]:
        names = re.findall(r"^[\w.-]+==", file.read_text(encoding="utf-8"), re.MULTILINE)
        hashed = re.findall(r"^[\w.-]+==.*\\\n    --hash=sha256:", file.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(names) == len(hashed) > 0, file.name


def test_pins_cover_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {
        "runtime": project["project"]["dependencies"],
        "dev": project["project"]["dependencies"] + project["dependency-groups"]["dev"],
    }
    for name, requirements in wanted.items():
        pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / f"requirements/{name}.txt").read_text("utf-8"), re.MULTILINE))
        missing = {re.split(r"[\[<>=;]", each)[0] for each in requirements} - pinned
        assert missing == set(), f"run `make lock`: requirements/{name}.txt lacks them"


def test_no_built_or_foreign_file_is_committed() -> None:
    built = (".min.js", ".min.css", ".woff", ".woff2", ".ttf", ".whl", ".so", ".db", ".sqlite", ".sqlite3", ".pyc")
    assert [file.name for file in committed() if file.name.endswith(built)] == []


def test_status_tables_are_fresh_and_every_row_is_known() -> None:
    done = subprocess.run(
        [sys.executable, "tests/kit/rows.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_texts_for_translators_are_collected() -> None:
    done = subprocess.run(
        [sys.executable, "tools/messages.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", READMES)
def test_commands_of_the_readme_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", text)) <= targets
    assert {"make run", "make test"} <= set(re.findall(r"make \w+", text))
    for command in sorted(set(re.findall(r"^(?:\$ )?dezhi ([a-z-]+)|`dezhi ([a-z-]+)", text, re.MULTILINE))):
        verb = next(filter(None, command))
        done = subprocess.run([sys.executable, "-m", "dezhi", verb, "--help"], capture_output=True, check=False)
        assert done.returncode == 0, verb


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", "SECURITY.md"])
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:)([^)#\s]+)", text) + re.findall(r'(?:src|href)="(?!https?:)([^"#]+)"', text)
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_pictures_are_light() -> None:
    sizes = {file.name: file.stat().st_size for file in (ROOT / "docs" / "pictures").glob("*.png")}
    assert {name: size for name, size in sizes.items() if size > PICTURE_BYTES_MAX} == {}


@pytest.mark.parametrize("name", READMES)
def test_plugin_of_the_readme_is_the_one_that_is_tested(name: str) -> None:
    [shown] = re.findall(r"```python\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    assert shown == (ROOT / "plugins/dezhi-hello/src/dezhi_hello/__init__.py").read_text(encoding="utf-8")
    assert len(shown.splitlines()) <= PLUGIN_LINES_MAX


def test_pictures_of_the_readme_are_the_ones_that_are_made() -> None:
    made = {f"docs/pictures/{picture.name}.png" for picture in PICTURES}
    for name in READMES:
        assert set(re.findall(r"docs/pictures/[\w-]+\.png", (ROOT / name).read_text(encoding="utf-8"))) == made, name
