"""`dezhi plugin new`: what it writes is a plugin that works."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from dezhi.cli import main
from dezhi.testing.template import TEMPLATE

PLATFORM = Path(__file__).resolve().parents[2] / "platform"


def new(*arguments: str) -> tuple[int, str]:
    # Wide enough for any path: an error's box would break it in two.
    done = CliRunner(env={"TERMINAL_WIDTH": "1000", "COLUMNS": "1000"}).invoke(main, ["plugin", "new", *arguments])
    return done.exit_code, done.output


@pytest.mark.row("PL-10")
def test_a_new_plugin_passes_its_own_tests(tmp_path: Path) -> None:
    """Also one whose name holds the template's own; docs/plugins/tutorial.md makes an ordinary one."""
    name = "dezhi-hello-2"
    folder = tmp_path / "written"
    status, told = new(name, "--folder", str(folder))
    assert status == 0, told
    module = name.replace("-", "_")
    assert (folder / "src" / module / "plugin.toml").is_file()
    assert (folder / "tests" / f"test_{module}.py").is_file()
    texts = [file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.is_file()]
    assert len(texts) == len(
        [
            file
            for file in TEMPLATE.rglob("*")
            if file.is_file() and not any(part[0] in "._" for part in file.relative_to(TEMPLATE).parts[:-1])
        ]
    )
    left = [
        text for text in texts if "dezhi-hello" in text.replace(name, "") or "dezhi_hello" in text.replace(module, "")
    ]
    assert left == []
    path = os.pathsep.join([str(PLATFORM), str(folder / "src")])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout


@pytest.mark.parametrize(
    "name", ["My-Village", "我的村", "9lives", "a_b", "../up", "a" * 49, "random", "class", "dezhi", ""]
)
def test_a_name_that_no_plugin_may_have_is_refused(tmp_path: Path, name: str) -> None:
    status, told = new("--folder", str(tmp_path / "x"), "--", name)
    assert status == 1
    assert "不能做插件的名字" in told
    assert not (tmp_path / "x").exists()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    status, told = new("my-village", "--folder", str(tmp_path))
    assert status == 1
    assert "已经有东西" in told
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    status, told = new("my-village", "--folder", str(tmp_path / "file" / "below"))
    assert status == 1
    assert str(tmp_path / "file") in told
    assert "Traceback" not in told


def test_an_operator_is_told_in_the_system_s_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    _, told = new("my-village", "--folder", str(tmp_path / "one"))
    assert "Wrote" in told
    _, told = new("my-village", "--folder", str(tmp_path / "one"))
    assert "is not empty" in told


def test_machines_are_told_which_files_were_written(tmp_path: Path) -> None:
    status, told = new("my-village", "--folder", str(tmp_path / "written"), "--json")
    written = json.loads(told)
    assert (status, written["folder"]) == (0, str(tmp_path / "written"))
    assert all(Path(file).is_file() for file in written["files"])
