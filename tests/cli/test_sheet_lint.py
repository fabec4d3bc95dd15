"""`dezhi sheet lint` and `dezhi sheet diff`, as an administrator types them (RU-14, B-14)."""

import json
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner

from dezhi.cli import main

pytestmark = pytest.mark.sqlite  # no database in it: once is enough


def ask(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["sheet", *map(str, words)])
    return done.exit_code, done.output


@pytest.mark.row("RU-14")
def test_a_text_is_read_line_by_line_and_a_block_is_told_by_the_status(tmp_path: Path) -> None:
    file = tmp_path / "sheet.txt"
    file.write_text("参加清扫，5分\n\n酒驾扣10分\n黑榜上墙\n", encoding="utf-8")

    status, output = ask("lint", file, "--json")

    assert status == 1
    told = json.loads(output)
    assert told["blocked"] == 1
    assert [(one["at"], one["codes"]) for one in told["lines"]] == [("1", []), ("3", ["RL-9"]), ("4", ["RL-13"])]
    assert told["lines"][1]["findings"][0]["level"] == "warn"
    assert "1034" in told["lines"][2]["findings"][0]["article"]


@pytest.mark.row("RU-14")
def test_a_clean_sheet_is_let_through_and_one_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    file = tmp_path / "sheet.txt"
    file.write_text("参加清扫，5分\n", encoding="utf-8")
    assert ask("lint", file)[0] == 0
    file.write_bytes(b"\xff\xfe\x00")
    status, output = ask("lint", file)
    assert status == 1
    assert "UTF-8" in output


@pytest.mark.row("RU-14")
@pytest.mark.parametrize("name", ["sheet.txt", "sheet.toml"])
def test_a_file_without_any_item_says_so_and_fails(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")

    status, output = ask("lint", tmp_path / name)

    assert status == 1
    assert "一条也没有" in output
    assert ask("lint", tmp_path / name, "--json")[0] == 1


@pytest.mark.row("B-14")
def test_two_programmes_are_compared_in_sentences(tmp_path: Path) -> None:
    files = []
    for name, days, late in (("a", 3, 0), ("b", 7, 5)):
        files.append(tmp_path / f"{name}.toml")
        files[-1].write_text(
            f'[programme]\ntitle = "村"\nnotice_days = {days}\n[plugins.dezhi-yinger.settings]\nlate_days = {late}\n',
            encoding="utf-8",
        )

    status, output = ask("diff", *files, "--json")

    assert status == 0
    assert [(one["field"], one["before"][0], one["after"][0]) for one in json.loads(output)] == [
        ("settings.late_days", "0", "5"),
        ("notice_days", "3", "7"),
    ]
    assert ask("diff", files[0], files[0])[0] == 0


SHEET = """
[[categories]]
code = "yard"
title = "庭院"

[[items]]
code = "check"
title = "庭院检查"
category = "yard"
[items.inspection]
full = 25
defects = [{ code = "spot", title = "不干净", off = 5 }]

[[items]]
code = "praise"
title = "受表彰"
category = "yard"
levels = [
  { code = "county", title = "县级", points = 30 },
  { code = "town", title = "镇级", points = 15 },
  { code = "village", title = "村级", points = 5 },
]

[[campaigns]]
code = "double"
title = "首月双倍"
first = 2027-10-01
last = 2027-10-31
percent = 200
rows = ["praise"]
"""


@pytest.mark.row("B-14")
def test_no_change_of_a_sheet_goes_untold(tmp_path: Path) -> None:
    """Also those inside a range, and those of a campaign, which is no item."""
    changes = {"off = 5": "off = 4", "points = 15": "points = 10", "2027-10-31": "2027-11-30"}
    old, new = tmp_path / "old.toml", tmp_path / "new.toml"
    old.write_text(SHEET, encoding="utf-8")
    for was, now in changes.items():
        new.write_text(SHEET.replace(was, now), encoding="utf-8")
        _status, output = ask("diff", old, new)
        assert [figure for figure in (was.split()[-1], now.split()[-1]) if figure not in output] == [], output
    for was, now in changes.items():
        new.write_text(new.read_text("utf-8").replace(was, now), encoding="utf-8")
    _status, output = ask("diff", old, new)
    assert all(title in output for title in ("庭院检查", "受表彰", "首月双倍")), output


def test_every_fault_of_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text(SHEET.replace("full = 25", "full = 25\neach = 5").replace("points = 30", 'points = "many"'), "utf-8")
    for command in (["lint", bad], ["convert", bad, tmp_path / "bad.xlsx"]):
        status, output = ask(*command)
        assert (status, "each" in output, "第" in output) == (1, True, True), output
    assert not (tmp_path / "bad.xlsx").exists()


def test_a_workbooks_minus_rows_can_be_compared(tmp_path: Path) -> None:
    book = tmp_path / "village.xlsx"
    with xlsxwriter.Workbook(str(book)) as made:
        sheet = made.add_worksheet("细则")
        rows = [("类别", "事项", "分值"), ("环境", "参加清扫", "+5"), ("环境", "乱堆柴草经提醒未清理", "-2")]
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    new = tmp_path / "new.toml"
    new.write_text(SHEET, encoding="utf-8")
    status, output = ask("diff", book, new)
    assert (status, "参加清扫" in output, "乱堆柴草" in output) == (0, True, True), output


ROW = """
[[items]]
code = "check"
title = "再来一条"
category = "yard"
"""


def test_a_wrong_word_names_those_that_are_meant_and_a_misspelt_key_its_neighbours(tmp_path: Path) -> None:
    file = tmp_path / "sheet.toml"
    rows = (
        ROW + 'asset = "gold"\npionts = 5\ncaps = [{ window = "fortnight", times = 1 }]\nhighest = { window = "age" }\n'
    )
    file.write_text(SHEET + rows, encoding="utf-8")

    _, output = ask("lint", file)

    told = "".join(output.replace("│", "").split())
    assert "没有“gold”这个选项，可以写：moral,honour,hours,safe,count" in told
    assert told.count("可以写：day,week,month,quarter,year,life") == 2
    assert "没有“pionts”这一项，相近的有：points" in told


def test_an_english_terminal_reads_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    file = tmp_path / "sheet.toml"
    file.write_text(SHEET + ROW + "points = 5\n", encoding="utf-8")

    status, output = ask("lint", file)

    assert status == 1
    assert "this code is used twice" in output
    book = tmp_path / "village.csv"
    book.write_text("名称,说明\n打扫卫生,参加一次加5分\n不孝敬,扣10分\n好儿媳,随便加\n", encoding="utf-8")
    told = " ".join(ask("read", book)[1].split())
    for chinese in ("原表", "这些没有", "每次"):
        assert chinese not in told
    assert "It is not taken from" in told


@pytest.mark.row("RU-14")
def test_a_fault_of_form_does_not_hide_a_red_line(tmp_path: Path) -> None:
    file = tmp_path / "sheet.toml"
    red = ROW.replace("再来一条", "黑榜上墙").replace('"check"', '"wall"').replace('"yard"', '"nowhere"')
    file.write_text(SHEET + red + "points = 5\n", encoding="utf-8")

    status, output = ask("lint", file)

    assert (status, "RL-13" in output, "nowhere" in output) == (1, True, True), output
    told = json.loads(ask("lint", file, "--json")[1])
    assert [one["at"] for one in told["lines"] if one["codes"]] == ["dezhi-sheet/wall"]
    assert "nowhere" in told["problem"]


def test_what_a_workbook_works_out_is_named_and_not_counted_as_looked_at(tmp_path: Path) -> None:
    book = tmp_path / "village.xlsx"
    with xlsxwriter.Workbook(str(book)) as made:
        sheet = made.add_worksheet("细则")
        for row, cells in enumerate((("项目", "分值"), ("参加清扫", 5), ("参加会议", "=2+3"))):
            sheet.write_row(row, 0, cells)
    told = CliRunner().invoke(main, ["sheet", "lint", str(book), "--json"])
    assert json.loads(told.stdout)["passed_over"][0].startswith("有1格是公式（细则!B3），这里不计算")
