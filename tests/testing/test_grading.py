"""Grades come from facts: what is missing is named. Gold is reached in docs/plugins/tutorial.md, which is run."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from dezhi.cli import main
from dezhi.testing.conformance import Conformance
from dezhi.testing.grading import PROMISES, Grade, Report, grade
from dezhi.testing.template import write_plugin

pytestmark = pytest.mark.sqlite


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a new plugin, called otherwise in each test because imported packages stay."""
    monkeypatch.setenv("MYPY_CACHE_DIR", str(request.config.rootpath / ".mypy_cache" / "authors"))
    name = "p" + request.node.name.removeprefix("test_").replace("_", "-")[:30].strip("-")
    write_plugin(name, tmp_path / name)
    return tmp_path / name


def source(folder: Path) -> Path:
    return next(folder.glob("src/*/__init__.py"))


def missing(report: Report) -> list[str]:
    return [finding.what for finding in report.findings if not finding.good]


def test_every_promise_has_a_name() -> None:
    assert set(PROMISES) == {name for name in dir(Conformance) if name.startswith("test_")}


def test_what_is_missing_is_named(folder: Path) -> None:
    code = source(folder)
    more = '\n\n\ndef unused():\n    """Nothing calls this."""\n    return 1\n'
    code.write_text(code.read_text("utf-8").replace('"清扫村道": ', '"扫": ') + more, "utf-8")
    test = next((folder / "tests").glob("test_*.py"))
    test.write_text(test.read_text("utf-8").replace("/sweep", "/swept").replace("== [SWEEP]", "== []"), "utf-8")
    report = grade(folder)
    assert report.grade is Grade.BRONZE
    assert [finding.why.partition("：")[0] for finding in report.findings if "README 和" in finding.what] == [
        "README.md"
    ]
    assert missing(report) == [
        "自己的测试都通过",
        "README 和测试是自己写的",
        "写明作者是谁",
        "测试走过每一行",
        "类型标注严格",
        "每句话都有英文",
    ]


def test_a_broken_promise_is_no_grade(folder: Path) -> None:
    code = source(folder)
    code.write_text(code.read_text("utf-8").replace("amount_max=5", "amount_max=9"), "utf-8")
    (folder / "README.md").unlink()
    report = grade(folder)
    assert report.grade is Grade.NONE
    assert missing(report) == ["每个条目都挣得到，分数在写明的范围里，并说明理由", "有 README，说明它是做什么的"]


def test_a_refused_plugin_is_told_why(folder: Path) -> None:
    manifest = next(folder.glob("src/*/plugin.toml"))
    manifest.write_text(manifest.read_text("utf-8").replace('["award"]', '["award", "page"]'), "utf-8")
    [finding] = grade(folder).findings
    assert "permissions" in finding.why


@pytest.mark.row("PL-10")
def test_the_command_tells_people_and_machines(folder: Path, tmp_path: Path) -> None:
    (folder / "README.md").unlink()
    code = source(folder)
    code.write_text(code.read_text("utf-8") + '\nprint("read in")\n', "utf-8")
    told = CliRunner().invoke(main, ["plugin", "check", str(folder)])
    assert (told.exit_code, "还没有等级" in told.output, "✗" in told.output) == (1, True, True)
    told = CliRunner().invoke(main, ["plugin", "check", str(folder), "--json"])
    assert (told.exit_code, json.loads(told.stdout)["grade"]) == (1, "none")
    shutil.rmtree(folder / "src")
    told = CliRunner().invoke(main, ["plugin", "check", str(folder)])
    assert (told.exit_code, "不是插件的文件夹" in told.output) == (1, True)
