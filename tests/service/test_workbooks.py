"""Workbooks that would fill the memory, hide something, or are none: opened within bounds, or refused in words."""

import contextlib
import csv
import io
import time
import zipfile

import pytest
import xlsxwriter

from dezhi.core.errors import Problem
from dezhi.plugin import Cell
from dezhi.service import workbooks
from dezhi.service.uploads import read_sheet
from dezhi.service.workbooks import read_workbook

pytestmark = pytest.mark.sqlite


def built(write: object) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        write(book)  # type: ignore[operator]
    return held.getvalue()


def refused(data: bytes) -> Problem:
    with pytest.raises(Problem) as caught:
        read_workbook(data)
    return caught.value


def test_merged_and_hidden_cells_and_formulas_are_told_as_they_are() -> None:
    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("积分 & 表")
        sheet.merge_range("A1:C2", "细则")
        sheet.write_row("A3", ["参加会议", 5, 0.5])
        sheet.write_formula("D3", "=1+1", None, 2)
        sheet.set_row(2, options={"hidden": True})
        sheet.set_column("B:B", options={"hidden": True})
        away = book.add_worksheet("旧")
        away.write("A1", "旧条目")
        away.hide()

    told, away = read_workbook(built(write)).grids
    assert told.name == "积分 & 表"
    assert told.cells[0] == Cell(row=1, column=1, text="细则", rows=2, columns=3)
    assert [(cell.text, cell.hidden) for cell in told.cells[1:]] == [
        ("参加会议", True),
        ("5", True),
        ("0.5", True),
        ("2", True),
    ]
    assert told.formulas == ("D3",)
    assert away.cells[0].hidden


def test_a_formula_of_a_csv_file_is_no_range_of_points() -> None:
    [grid] = read_workbook("项目,分值\n参加会议,=1+4\n".encode()).grids
    assert ([cell.text for cell in grid.cells][2:], grid.formulas) == (["参加会议"], ("B2",))


def test_a_text_that_a_program_exported_as_a_formula_is_a_text() -> None:
    [grid] = read_workbook('项目,分值\n参加会议,"=""4"""\n'.encode()).grids
    assert ([cell.text for cell in grid.cells][2:], grid.formulas) == (["参加会议", '="4"'], ())


def test_macros_are_told_and_left_behind() -> None:
    plain = built(lambda book: book.add_worksheet().write("A1", "细则"))
    held = io.BytesIO(plain)
    with zipfile.ZipFile(held, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"\x00" * 100)
    assert [read_workbook(data).macros for data in (plain, held.getvalue())] == [False, True]


def test_a_number_beyond_all_measure_is_shown_as_it_is() -> None:
    [grid] = read_workbook(built(lambda book: book.add_worksheet().write_row("A1", [1e300, 0.5, 20]))).grids
    assert [len(grid.cells[0].text), grid.cells[1].text, grid.cells[2].text] == [301, "0.5", "20"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_the_encodings_villages_have(encoding: str) -> None:
    (grid,) = read_workbook("项目,分值\n参加会议,5\n".encode(encoding)).grids
    assert [(cell.row, cell.column, cell.text) for cell in grid.cells][2:] == [(2, 1, "参加会议"), (2, 2, "5")]


def test_a_file_of_ten_megabytes_is_refused_before_it_is_opened() -> None:
    assert refused(b"PK\x03\x04" + bytes(10 << 20)).code == "workbook-large"


def test_cells_far_apart_and_too_many_cells_are_refused() -> None:
    assert refused(built(lambda book: book.add_worksheet().write("XFD9", 1))).code == "workbook-cells"
    assert refused(built(lambda book: book.add_worksheet().write("A60000", 1))).code == "workbook-cells"

    def many(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for row in range(1001):
            sheet.write_row(row, 0, range(200))

    problem = refused(built(many))
    assert problem.code == "workbook-cells"
    assert "20000" in problem.say()


def test_a_text_longer_than_excel_s_own_names_its_place() -> None:
    """Whatever another reader of this process thinks is long."""
    csv.field_size_limit(2_000)
    problem = refused("\n".join(["项目,分值", f"{'字' * 100_000},5"]).encode())
    assert problem.code == "workbook-text"
    assert "格子A2有100000个字" in problem.say()


def test_one_long_text_shown_everywhere_is_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "TEXTS_MAX", 10_000)

    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for row in range(1000):
            sheet.write(row, 0, "长" * 1000)

    assert refused(built(write)).code == "sheet-bomb"


def test_what_is_no_workbook_says_what_to_do() -> None:
    assert refused(b"\xd0\xcf\x11\xe0" + bytes(100)).code == "sheet-old"
    assert refused(b"PK\x03\x04" + bytes(100)).code == "sheet-broken"
    assert refused(b"").code == "sheet-empty"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(40 << 20))
    assert refused(held.getvalue()).code == "sheet-bomb"


MANY = 100_000
OPENINGS = {
    "columns that never end": ("xl/worksheets/sheet1.xml", "<cols>", "<cols>" + "<col " * MANY),
    "a word without end": ("xl/worksheets/sheet1.xml", "<cols>", f"<cols><col {'a' * MANY}>"),
    "texts that never end": ("xl/sharedStrings.xml", "<si>", "<si>" * MANY),
    "formulas that never end": ("xl/worksheets/sheet1.xml", "<sheetData>", '<sheetData><c t="s"><f>' + "<f>" * MANY),
    "a cell of blanks": ("xl/worksheets/sheet1.xml", "<sheetData>", '<sheetData><c t="s">' + " " * MANY),
    "sheets that never end": ("xl/workbook.xml", "<sheets>", "<sheets>" + "<sheet " * MANY),
    "one sheet under many names": (
        "xl/workbook.xml",
        "<sheets>",
        "<sheets>" + "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId1"/>' for n in range(2, 60)),
    ),
    "merged cells over each other": (
        "xl/worksheets/sheet1.xml",
        "</sheetData>",
        "</sheetData><mergeCells>" + '<mergeCell ref="A1:A1048576"/>' * MANY + "</mergeCells>",
    ),
}


@pytest.mark.parametrize("trick", OPENINGS)
def test_a_small_file_does_not_keep_anybody_waiting(trick: str) -> None:
    """Each of these took from half a minute to days while the whole server stood still."""
    part, before, after = OPENINGS[trick]

    def write(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.set_column("A:A", 20)
        sheet.write("A1", "参加会议")
        sheet.write_row(4000, 0, range(9))

    data, held = built(write), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).decode()
            assert before in content or name != part
            new.writestr(name, content.replace(before, after, 1) if name == part else content)
    began = time.monotonic()
    for read in (read_workbook, read_sheet):
        with contextlib.suppress(Problem):
            read(held.getvalue())
    assert time.monotonic() - began < 10
