"""A sheet as a workbook that is filled in by hand: words, odd texts, and faults with their place."""

import io
from datetime import date

import pytest
import xlsxwriter

from dezhi.core.errors import Problem
from dezhi.core.programme_files import Part, ProgrammeFile
from dezhi.host import Directory
from dezhi.service.readings import reading_of
from dezhi.service.sheetbooks import is_sheet_book, read_sheet_book, write_sheet_book
from dezhi.service.workbooks import read_workbook
from dezhi_sheet.model import Sheet

pytestmark = pytest.mark.sqlite

ODD = '一行；二：三[四]\n"五" \\'
ROW = {"code": "sweep", "title": "参加清扫", "category": "good", "points": 5}


def file_with(**row: object) -> ProgrammeFile:
    return ProgrammeFile(plugins={"dezhi-sheet": Part(settings={"items": [{**ROW, **row}]})})


def by_hand(*rows: tuple[object, ...], page: str = "条目") -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet(page)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return held.getvalue()


@pytest.mark.parametrize(
    "row",
    [
        {"title": ODD, "how": "=1+1"},
        {"caps": [{"window": "month", "points": 20}, {"window": "day", "times": 1, "fill": True}]},
        {"levels": [{"code": "a", "title": ODD, "points": 5}, {"code": "b", "title": "0012", "points": 7}]},
        {"highest": {"window": "year", "group": "praise"}, "vote": True, "before": ["a", "b"]},
        {"inspection": {"full": 25, "defects": [{"code": "a", "title": ODD, "off": 5}]}},
    ],
)
def test_nothing_is_lost(row: dict[str, object]) -> None:
    file = file_with(**row)
    assert read_sheet_book(write_sheet_book(file, Sheet), Sheet) == file


def test_other_plugins_and_the_programme_come_back_too() -> None:
    file = ProgrammeFile(plugins={"dezhi-store": Part(version="0.1.0", settings={"a": [1, {"b": "c"}]})})
    assert read_sheet_book(write_sheet_book(file, Sheet), Sheet) == file


def test_a_page_is_filled_in_by_hand_in_chinese_words() -> None:
    data = by_hand(
        ("编号", "名称", "类别编号", "分", "按什么算", "上限"),
        ("sweep", "参加清扫", "good", 5, "每人次", "期间:每月; 分:20\n期间：每天；次：1"),
    )
    assert read_sheet_book(data, Sheet).plugins["dezhi-sheet"].settings == {
        "items": [
            {
                **ROW,
                "per": "person",
                "caps": [{"window": "month", "points": 20}, {"window": "day", "times": 1}],
            }
        ]
    }


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ((("编号", "没有这一栏"), ("a", "b")), "条目!B1"),
        ((("编号", "分"), ("a", "五")), "条目!B2"),
        ((("编号", "上限"), ("a", "每月20分")), "条目!B2"),
        ((("编号", "上限"), ("a", "期间：每旬；分：20")), "条目!B2"),
        ((("编号", "检查扣分"), ("a", "满分：25；扣分点：[编号：x")), "条目!B2"),
        ((("编号",), ("a", "没有表头的格子")), "条目!B2"),
    ],
)
def test_what_cannot_be_understood_names_its_cell(rows: tuple[tuple[object, ...], ...], place: str) -> None:
    with pytest.raises(Problem, match="sheet-book") as caught:
        read_sheet_book(by_hand(*rows), Sheet)
    assert place in caught.value.say()


def test_a_written_workbook_that_is_uploaded_is_taken_as_it_stands() -> None:
    directory = Directory(modules=["dezhi_sheet"])
    workbook = read_workbook(write_sheet_book(file_with(how="扫一次"), Sheet))
    reading = reading_of(directory, "dezhi-sheet", workbook, 1, date(2026, 11, 22))
    assert [(draft.row, draft.at, draft.confidence) for draft in reading.drafts] == [
        ({**ROW, "how": "扫一次"}, "条目!A2", 100)
    ]


def test_a_village_s_own_workbook_is_told_from_a_written_one() -> None:
    assert is_sheet_book(read_workbook(write_sheet_book(file_with(), Sheet)))
    assert not is_sheet_book(read_workbook(by_hand(("项目", "分值"), ("参加清扫", 5))))
    with pytest.raises(Problem, match="sheet-book"):
        read_sheet_book(by_hand(("项目", "分值"), page="我们的表"), Sheet)


@pytest.mark.parametrize("settings", ["{", "[1]", "9" * 5_000, "[" * 5_000, '{"a": 1e999}', None])
def test_another_plugin_s_settings_changed_beyond_reading_are_refused_in_words(settings: str | None) -> None:
    row = ("", "0.1.0", "{}") if settings is None else ("dezhi-store", "0.1.0", settings)
    with pytest.raises(Problem, match="sheet-book") as caught:
        read_sheet_book(by_hand(("插件", "版本", "设置"), row, page="插件"), Sheet)
    assert "工作表“插件”里" in caught.value.say()
