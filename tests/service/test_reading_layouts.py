"""The reader of workbooks against layouts as villages have them (tests/kit/layouts.py)."""

import time

import msgspec
import pytest

from dezhi.plugin import Cell, Grid, Workbook
from dezhi.service.workbooks import read_workbook
from dezhi_sheet.model import Row, Sheet
from dezhi_sheet.parts import Reminder
from dezhi_sheet.reading import read, read_sheet
from dezhi_sheet.reading.grid import address
from dezhi_sheet.reading.items import Found
from layouts import LAYOUTS, LUOYU_ITEMS, Layout

pytestmark = pytest.mark.sqlite

RIGHT = 0.9
"""The share of a sheet's items that must be read right (B-08)."""


def told(layout: Layout) -> list[str]:
    """What was read, in the notation of the layouts."""
    several = len(layout.pages) > 1 and "!" in layout.expected.split()[0]
    return [_line(sheet if several else "", one) for sheet, one in read(read_workbook(layout.data()))[0]]


def _line(sheet: str, one: Found) -> str:
    sign = "-" if one.minus else "+" if one.least == one.most else ""
    points = f"{sign}{one.least}" if one.least == one.most else f"{sign}{one.least}-{one.most}"
    if one.full is not None:
        points = f"{one.full}!{one.least}"
    elif one.levels:
        points = "/".join(str(level) for level in sorted(level.points for level in one.levels))
    limits = [f"{limit.window}:{limit.most}{limit.unit}" for limit in one.limits]
    place = f"{sheet}!{address(one.spot)}" if sheet else address(one.spot)
    return " ".join([place, one.title, points, one.per, *limits])


def expected(layout: Layout) -> list[str]:
    return [line.strip() for line in layout.expected.strip().splitlines()]


@pytest.mark.row("B-08")
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_read_sheet_understands_a_layout(layout: Layout) -> None:
    found, wanted = told(layout), expected(layout)
    missed = [line for line in wanted if line not in found]
    invented = [line for line in found if line not in wanted]
    assert len(missed) <= len(wanted) * (1 - RIGHT), (missed, invented)
    assert len(invented) <= len(wanted) * (1 - RIGHT), (missed, invented)


@pytest.mark.row("RU-15")
def test_all_28_items_of_luoyu_are_read_in_one_go() -> None:
    reading = read_sheet(read_workbook(LAYOUTS["luoyu"].data()))
    assert reading is not None
    assert [draft.title for draft in reading.drafts] == [title for _, title, _ in LUOYU_ITEMS]
    assert [draft.title for draft in reading.drafts if draft.into] == [
        title for _, title, points in LUOYU_ITEMS if points < 0
    ]
    told = [draft.row["points"] if not draft.into else -draft.row["minus"] for draft in reading.drafts]
    assert told == [points for _, _, points in LUOYU_ITEMS]
    assert min(draft.confidence for draft in reading.drafts) >= 85


@pytest.mark.row("B-08")
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_every_draft_is_a_row_the_sheet_can_hold(layout: Layout) -> None:
    reading = read_sheet(read_workbook(layout.data()))
    assert reading is not None
    rows = [msgspec.convert(draft.row, Row) for draft in reading.drafts if not draft.into]
    reminders = [msgspec.convert(draft.row, Reminder) for draft in reading.drafts if draft.into]
    settings = msgspec.to_builtins(reading.settings)
    settings["items"] = [draft.row for draft in reading.drafts if not draft.into]
    for base in settings.get("bases", ()):
        base["reminders"] = [draft.row for draft in reading.drafts if draft.into]
    sheet = msgspec.convert(settings, Sheet)  # which looks over the whole of it
    assert bool(sheet.bases) == bool(reminders)
    named = {heading.code for heading in sheet.categories}
    assert {row.category for row in (*rows, *reminders)} <= named


@pytest.mark.row("RU-18")
def test_a_minus_row_becomes_a_reminder_and_says_so() -> None:
    reading = read_sheet(read_workbook(LAYOUTS["luoyu"].data()))
    assert reading is not None
    draft = next(draft for draft in reading.drafts if draft.title == "乱堆垃圾经教育不改")
    assert (draft.row["minus"], draft.into) == (10, "bases.0.reminders")
    assert "第一次只提醒" in draft.doubts[0]


def grid(*rows: tuple[str, ...], name: str = "表") -> Workbook:
    cells = tuple(
        Cell(row=row, column=column, text=text)
        for row, line in enumerate(rows, 1)
        for column, text in enumerate(line, 1)
        if text
    )
    return Workbook(grids=(Grid(name=name, cells=cells),))


@pytest.mark.row("B-08")
def test_a_row_that_is_sure_is_right() -> None:
    sure = [
        (layout.name, _line(sheet if "!" in layout.expected.split()[0] else "", one), layout)
        for layout in LAYOUTS.values()
        for sheet, one in read(read_workbook(layout.data()))[0]
        if one.sure >= 90
    ]
    wrong = [(name, line) for name, line, layout in sure if line not in expected(layout)]
    assert len(wrong) <= len(sure) * 0.05, wrong


def test_what_changes_points_in_a_way_no_rule_has_is_doubted() -> None:
    notes = ("每村限评3户", "各组推荐2名", "各计分", "党员减半", "首月双倍")
    reading = read_sheet(grid(("项目", "分值", "备注"), *((f"好事{note}", "5", note) for note in notes)))
    assert reading is not None
    assert [draft.confidence < 80 for draft in reading.drafts] == [True] * len(notes)
    assert [draft.row.get("caps", [{}])[0].get("of") for draft in reading.drafts] == [
        "village",
        "grid",
        None,
        None,
        None,
    ]


def test_full_marks_less_something_each_is_an_inspection_whatever_the_heading_says() -> None:
    reading = read_sheet(grid(("项目", "加分标准"), ("院落卫生", "满分25分，一处扣5分"), ("出工", "每次加5分")))
    assert reading is not None
    inspection = reading.drafts[0].row["inspection"]
    assert (inspection["full"], inspection["defects"][0]["off"]) == (25, 5)
    assert reading.drafts[1].row["points"] == 5


def test_a_draft_quotes_its_whole_row_and_a_row_the_villagers_decide_is_a_vote() -> None:
    reading = read_sheet(
        grid(("项目", "得分", "备注"), ("修路出工", "10-50分", "由村民代表大会议定"), ("扫地", "2", ""))
    )
    assert reading is not None
    vote = reading.drafts[0]
    assert vote.text == "修路出工 | 10-50分 | 由村民代表大会议定"
    assert (vote.row["vote"], vote.row["least"], vote.row["most"]) == (True, 10, 50)


def test_columns_side_by_side_may_have_their_points_in_words() -> None:
    reading = read_sheet(grid(("扫地", "每次加2分", "开会", "每次加1分"), ("巡逻", "每晚加3分", "打架", "每次扣5分")))
    assert reading is not None
    assert [draft.title for draft in reading.drafts] == ["扫地", "开会", "巡逻", "打架"]


def test_goods_grades_and_the_base_are_no_deeds() -> None:
    rows = (
        ("项目", "分值"),
        ("基础分", "100"),
        ("扫地", "3"),
        ("牙膏", "10"),
        ("毛巾", "8"),
        ("五星户", "90"),
        ("四星户", "80"),
    )
    reading = read_sheet(grid(*rows))
    assert reading is not None
    assert [draft.title for draft in reading.drafts] == ["扫地"]
    assert reading.settings["bases"][0]["points"] == 100
    assert all(words in "".join(reading.passed_over) for words in ("牙膏", "五星户"))


def test_what_is_passed_over_is_told() -> None:
    reading = read_sheet(read_workbook(LAYOUTS["stacked"].data()))
    assert reading is not None
    told = "".join(reading.passed_over)
    for words in ("隐藏的内容（第8行）", "看起来是名单", "看起来是兑换价目", "全村312户"):
        assert words in told
    hidden = read_sheet(read_workbook(LAYOUTS["units-in-headings"].data()))
    assert hidden is not None
    assert "工作表“旧表”是隐藏的，没有读。" in hidden.passed_over


def test_500_rows_are_read_in_two_seconds() -> None:
    layout = LAYOUTS["chinese-numerals"]
    page = layout.pages[0]
    rows = [*page.rows[:2], *(page.rows[2:] * 64)][:502]
    workbook = read_workbook(layout._replace(pages=(page._replace(rows=rows),)).data())
    start = time.perf_counter()
    reading = read_sheet(workbook)
    assert time.perf_counter() - start < 2
    assert reading is not None
    assert len(reading.drafts) == 500


def test_a_range_that_a_spreadsheet_made_a_date_of_is_read_with_a_doubt() -> None:
    rows = (("项目", "分值"), ("拾金不昧", "2024-05-10"), ("参加会议", "2"))
    cells = tuple(
        Cell(row=row, column=column, text=text)
        for row, line in enumerate(rows, 1)
        for column, text in enumerate(line, 1)
    )
    reading = read_sheet(Workbook(grids=(Grid(name="表", cells=cells),)))
    assert reading is not None
    assert (reading.drafts[0].row["least"], reading.drafts[0].row["most"]) == (5, 10)
    assert reading.drafts[0].confidence < 70
    assert "日期" in reading.drafts[0].doubts[0]


def test_too_many_headings_end_in_others_and_leave_room_for_more() -> None:
    rows = [("类别", "项目", "分值"), *((f"第{at}类", f"好事{at}", "5") for at in range(40))]
    cells = tuple(
        Cell(row=row, column=column, text=text)
        for row, line in enumerate(rows, 1)
        for column, text in enumerate(line, 1)
    )
    reading = read_sheet(Workbook(grids=(Grid(name="表", cells=cells),)))
    assert reading is not None
    assert (len(reading.drafts), len(reading.settings["categories"])) == (40, 18)
    assert reading.settings["categories"][-1]["title"] == "其他"


@pytest.mark.parametrize(
    "text",
    [
        "1" * 32_000,
        "每1" * 16_000,
        "加5分，" * 8_000,
        "最多" * 16_000,
        "、国/" * 10_000,
        "累计共" * 10_000,
        "(" * 32_000,
        " " * 31_999 + "|",
        "、\n" * 16_000,
        "好3、" * 10_000,
        "兑换" * 16_000,
        "兑换:" * 10_000,
        "≤2人次/户" * 6_000,
        "分值:" * 10_000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    cells = tuple(Cell(row=row, column=1, text=text) for row in range(1, 6))
    start = time.perf_counter()
    reading = read_sheet(Workbook(grids=(Grid(name="表", cells=cells),)))
    assert time.perf_counter() - start < 5
    assert reading is not None
    assert "只读了前4000个字" in reading.passed_over[0]
