"""`dezhi sheet read` and `dezhi sheet convert`."""

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from dezhi.cli import main
from layouts import LAYOUTS

pytestmark = pytest.mark.sqlite

TOML = """\
[[categories]]
code = "good"
title = "好事"

[[items]]
code = "sweep"
title = "参加环境清扫"
category = "good"
points = 5
caps = [{ window = "month", points = 20 }]
"""


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["sheet", *map(str, arguments)])
    return result.exit_code, result.output


@pytest.mark.row("RU-15")
def test_a_workbook_is_read_and_told_row_by_row(tmp_path: Path) -> None:
    file = tmp_path / "细则.xlsx"
    file.write_bytes(LAYOUTS["stacked"].data())
    status, said = run("read", file)
    assert status == 0
    assert "手册!B7" in said
    assert "每小时2分，每天最多16分" in said
    assert "看起来是兑换价目" in said
    status, said = run("read", file, "--json")
    assert status == 0
    draft = json.loads(said)["drafts"][0]
    assert (draft["at"], draft["title"], draft["row"]["most"]) == ("手册!B5", "调解矛盾纠纷", 10)


def test_a_file_without_items_ends_with_1(tmp_path: Path) -> None:
    file = tmp_path / "名单.csv"
    file.write_text("户号,户主\n001,张三\n", encoding="gb18030")
    status, said = run("read", file)
    assert status == 1
    assert "名单" in said
    file.write_text("", encoding="utf-8")
    status, said = run("read", file, "--json")
    assert (status, json.loads(said)["code"]) == (1, "sheet-empty")


@pytest.mark.row("RU-01")
def test_a_sheet_goes_to_a_workbook_and_back(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(TOML, encoding="utf-8")
    assert run("convert", tmp_path / "a.toml", tmp_path / "a.xlsx")[0] == 0
    assert run("convert", tmp_path / "a.xlsx", tmp_path / "b.toml")[0] == 0
    assert run("convert", tmp_path / "b.toml", tmp_path / "b.xlsx")[0] == 0
    assert run("convert", tmp_path / "b.xlsx", tmp_path / "c.toml")[0] == 0
    assert (tmp_path / "b.toml").read_bytes() == (tmp_path / "c.toml").read_bytes()
    assert run("convert", tmp_path / "a.toml", tmp_path / "b.toml")[0] == 1
    assert run("convert", tmp_path / "a.toml", tmp_path / "no" / "b.xlsx")[0] == 1


@pytest.mark.row("RU-15")
def test_what_was_read_becomes_a_sheet_in_which_nothing_unsure_counts(tmp_path: Path) -> None:
    """Read, lint, compare: one pipeline, and what is not sure waits for a person (B-08)."""
    book, drafts, sure = tmp_path / "细则.csv", tmp_path / "细则.toml", tmp_path / "看过.toml"
    book.write_text("类别,项目,分值\n环境,参加清扫,每次5分\n环境,乱倒垃圾,扣10分\n", encoding="utf-8")
    status, said = run("read", book, "--to", drafts)
    assert (status, "lint" in said, "#~" in said) == (0, True, True)
    text = drafts.read_text("utf-8")
    taken = tomllib.loads(text)
    assert [row["title"] for row in taken["items"]] == ["参加清扫"]
    assert "reminders" not in taken["bases"][0]
    assert "B3" in text or "C3" in text  # the cell it came from
    assert "# 请看：" in text
    sure.write_text(text.replace("#~ ", ""), "utf-8")
    assert [row["title"] for row in tomllib.loads(sure.read_text("utf-8"))["bases"][0]["reminders"]] == ["乱倒垃圾"]
    for file in (drafts, sure):
        assert run("lint", file)[0] == 0
    assert "乱倒垃圾" in run("diff", drafts, sure)[1]
    assert run("read", book, "--to", drafts)[0] == 1  # never written over
    assert run("read", book, "--to", tmp_path / "a.xlsx")[0] == 2


def test_a_converted_workbook_is_read_with_all_it_says(tmp_path: Path) -> None:
    """Levels, whose limit it is, who gets it, the base and its reminders: nothing is dropped without a word."""
    more = """
[[items]]
code = "praise"
title = "受到表彰"
category = "good"
holder = "person"
caps = [{ window = "year", times = 1, of = "grid" }]
levels = [{ code = "county", title = "县级", points = 15 }, { code = "town", title = "镇级", points = 10 }]

[[bases]]
code = "base"
title = "家庭基础分"
category = "good"
points = 100
[[bases.reminders]]
code = "litter"
title = "乱堆垃圾"
category = "good"
minus = 10
most = 30
"""
    (tmp_path / "a.toml").write_text(TOML + more, encoding="utf-8")
    assert run("convert", tmp_path / "a.toml", tmp_path / "a.xlsx")[0] == 0
    status, said = run("read", tmp_path / "a.xlsx")
    assert (status, "家庭基础分：每年期末" in said, "乱堆垃圾" in said) == (0, True, True), said
    back = tmp_path / "b.toml"
    assert run("read", tmp_path / "a.xlsx", "--to", back)[0] == 0
    told = back.read_text("utf-8")  # where no line is folded
    for words in ("县级 给多少 15", "全网格合计每年最多 1 次", "记在个人", "每次从期末基础分里减 10 分"):
        assert words in told, told
    assert "没有区别" in run("diff", tmp_path / "a.toml", back)[1]
    assert "没有区别" in run("diff", tmp_path / "a.toml", tmp_path / "a.xlsx")[1]
    assert run("lint", tmp_path / "a.xlsx")[0] == 0
