"""A village's own workbook through the service: opened safely, read by the plugin in a process of its own."""

import io
from datetime import date

import pytest
import xlsxwriter

from dezhi.core.errors import Problem
from dezhi.host import Directory
from dezhi.service.readings import Readings

pytestmark = pytest.mark.sqlite

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def readings() -> Readings:
    return Readings(Directory(modules=["dezhi_sheet", "dezhi_hello"]))


def workbook(*rows: tuple[object, ...]) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet("积分细则")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return held.getvalue()


async def test_read_sheet_is_asked_in_a_process_of_its_own(readings: Readings) -> None:
    data = workbook(("项目", "分值", "单位"), ("参加环境清扫", 5, "人次"), ("见义勇为", 50, "次"))
    reading = await readings.read("dezhi-sheet", data, 1, TODAY)
    assert [(draft.title, draft.says, draft.at) for draft in reading.drafts] == [
        ("参加环境清扫", "每人次5分", "积分细则!A2"),
        ("见义勇为", "每次50分", "积分细则!A3"),
    ]


async def test_a_file_without_items_says_so_in_sentences(readings: Readings) -> None:
    data = workbook(("户号", "户主", "人口"), ("001", "马有福", 5))
    reading = await readings.read("dezhi-sheet", data, 1, TODAY)
    assert reading.drafts == ()
    assert "名单" in reading.passed_over[0]


async def test_a_plugin_that_reads_nothing_is_named(readings: Readings) -> None:
    assert readings.readers == ["dezhi-sheet"]
    with pytest.raises(Problem, match="sheet-unread"):
        await readings.read("dezhi-hello", workbook(("项目", "分值")), 1, TODAY)
    with pytest.raises(Problem, match="plugin-"):
        await readings.read("no-such-plugin", workbook(("项目", "分值")), 1, TODAY)
