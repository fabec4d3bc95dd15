"""What a village's workbook says of limits: of whom, in what time, and which rows are in force."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from dezhi.plugin import Cell, Draft, Grid, Reading, Workbook
from dezhi_sheet.reading import read_sheet

pytestmark = pytest.mark.sqlite


def reading(*rows: Sequence[str]) -> Reading:
    """What is read of a sheet with these rows."""
    cells = tuple(
        Cell(row=row, column=column, text=text)
        for row, texts in enumerate(rows, start=1)
        for column, text in enumerate(texts, start=1)
        if text
    )
    read = read_sheet(Workbook(grids=(Grid(name="细则", cells=cells),)))
    assert read is not None
    return read


def drafts(*rows: Sequence[str]) -> Mapping[str, Draft]:
    """The drafts of a sheet with these rows, by title."""
    return {draft.title: draft for draft in reading(*rows).drafts}


def caps(draft: Draft) -> Any:
    return draft.row.get("caps")


def once_each(quota: Mapping[str, object]) -> list[dict[str, object]]:
    """Beside a quota of households, that none of them is counted twice."""
    return [{"window": quota["window"], "times": 1}] if "of" in quota else []


@pytest.mark.row("B-08")
@pytest.mark.parametrize("heading", ["备注", "说明", "上限"])
@pytest.mark.parametrize(
    ("points", "written", "wanted"),
    [
        ("每次6分", "≤18分/周", {"window": "week", "points": 18}),
        ("6分", "≤60分/周", {"window": "week", "points": 60}),
        ("30分", "每网格每年1户", {"window": "year", "times": 1, "of": "grid"}),
        ("30分", "每月每个小组评2户", {"window": "month", "times": 2, "of": "grid"}),
        ("30分", "2户/网格/年", {"window": "year", "times": 2, "of": "grid"}),
        ("30分", "全村每年3名", {"window": "year", "times": 3, "of": "village"}),
        ("6分", "每人每周最多18分", {"window": "week", "points": 18}),
        ("每500元5分", "最多30分", {"window": "life", "points": 30, "fill": True}),
    ],
)
def test_a_limit_is_never_taken_for_what_is_counted(
    heading: str, points: str, written: str, wanted: dict[str, object]
) -> None:
    read = drafts(("项目", "分值", heading), ("打扫河堤", points, written), ("看望老人", "2分", ""))["打扫河堤"]
    assert caps(read) == [wanted, *once_each(wanted)]
    assert read.row["points"] == int("".join(filter(str.isdigit, points.removeprefix("每500元"))))
    assert read.row.get("holder") == ("person" if "每人" in written else None)


@pytest.mark.row("B-08")
def test_a_quota_without_a_time_is_the_grids_and_is_doubted() -> None:
    read = drafts(("项目", "分值", "上限"), ("最美庭院", "30分", "每网格1户"), ("看望老人", "2分", ""))["最美庭院"]
    assert caps(read) == [{"window": "year", "times": 1, "of": "grid"}, {"window": "year", "times": 1}]
    assert read.confidence < 80
    assert "名额" in read.doubts[0]


@pytest.mark.row("B-08")
def test_a_row_out_of_force_is_no_item() -> None:
    read = drafts(
        ("项目", "分值", "状态"), ("打扫河堤", "3", "启用"), ("看望老人", "2", "停用"), ("夜间巡逻", "4", "启用")
    )
    assert list(read) == ["打扫河堤", "夜间巡逻"]


@pytest.mark.row("B-08")
def test_all_figures_in_chinese_numerals() -> None:
    numerals = "一二三四五六七八九十"
    rows = [(numeral, f"做好事之{numeral}", f"每次加{numeral}分") for numeral in reversed(numerals)]
    rows = [(numerals[at], *row[1:]) for at, row in enumerate(rows)]
    read = drafts(("条目", "内容", "积分标准"), *rows)
    assert [draft.row["points"] for draft in read.values()] == list(range(10, 0, -1))


@pytest.mark.row("B-08")
def test_rules_beside_a_list_of_people() -> None:
    read = drafts(
        ("户号", "户主", "4月", "合计", "", "加分", "分", "备注"),
        ("1", "周长根", "6", "6", "", "来开组会", "2", ""),
        ("2", "周有田", "3", "3", "", "按时交水费", "3", "每季"),
        ("3", "胡水生", "4", "4", "", "扣分", "分", "备注"),
        ("4", "胡金宝", "7", "7", "", "烧田坎", "10", ""),
    )
    assert {title: bool(draft.into) for title, draft in read.items()} == {
        "来开组会": False, "按时交水费": False, "烧田坎": True,
    }  # fmt: skip


@pytest.mark.row("B-08")
def test_a_scoring_card_takes_from_full_marks_by_place_and_adds_below() -> None:
    read = drafts(
        ("项目", "检查部位", "满分", "扣分办法"),
        ("庭院", "大门口", "10", "有杂物，每处扣2分"),
        ("庭院", "晾晒区", "5", "衣物乱挂扣1分"),
        ("附加分", "孩子一起打扫", "", "加2分"),
    )
    assert read["大门口"].row["inspection"]["full"] == 10
    assert (read["孩子一起打扫"].row["points"], read["孩子一起打扫"].into) == (2, "")


@pytest.mark.row("B-08")
@pytest.mark.parametrize(
    "rows",
    [
        [("项目 | 分值 | 上限",), ("---|---|---",), ("打扫河堤 | 3分/次 | 每月12分",), ("看望老人 | 2分/次 |",)],
        [("项目\t分值\t备注",), ("打扫河堤\t3\t每月最多12分",), ("看望老人\t2\t",)],
        [("项目，分值，上限",), ("打扫河堤，3，12分/月",), ("看望老人，2",)],
        [("项目", "打扫河堤"), ("分值", "3分"), ("上限", "每月12分"), ("备注", "拍照")],
    ],
    ids=["strokes", "tabs", "commas", "record"],
)
def test_a_pasted_table_and_a_single_record(rows: Sequence[Sequence[str]]) -> None:
    read = drafts(*rows)
    assert read["打扫河堤"].row["points"] == 3
    assert caps(read["打扫河堤"]) == [{"window": "month", "points": 12}]
    assert len(read) == (1 if len(rows[0]) > 1 else 2)


@pytest.mark.row("B-08")
def test_a_direction_is_never_taken_from_a_heading_that_names_both() -> None:
    read = drafts(("事项", "加减分"), ("打扫河堤", "3"), ("看望老人", "5"), ("乱倒垃圾", "-2"))
    assert [bool(draft.into) for draft in read.values()] == [False, False, True]


@pytest.mark.row("B-08")
def test_how_full_marks_are_lost_is_no_table_beside() -> None:
    read = drafts(("内容", "分值", "扣分情形"), ("门前三包", "20", "乱堆一处扣2分"), ("垃圾分类", "10", "未分类扣5分"))
    assert {title: draft.row["inspection"]["full"] for title, draft in read.items()} == {
        "门前三包": 20, "垃圾分类": 10,
    }  # fmt: skip


@pytest.mark.row("B-08")
@pytest.mark.parametrize(("note", "unsure"), [("10分/年", True), ("每次最多3天", True), ("每季限2件", False)])
def test_what_a_remark_says_beyond_the_rule_is_doubted(note: str, unsure: bool) -> None:
    read = drafts(("项目", "分值", "备注"), ("打扫河堤", "3", note), ("看望老人", "5", ""))["打扫河堤"]
    assert (read.confidence < 80) is unsure


@pytest.mark.row("B-08")
@pytest.mark.parametrize(
    "written",
    [
        "帮助人5分，被帮助的老人2分", "帮扶者5分，被帮者2分", "出力的5分，得力的2分", "出力的5分，得力的户2分",
        "接送者5分，被接送的学生2分", "救人者5分，被救者2分", "陪护的每次5分，被陪护的每户2分",
    ],
)  # fmt: skip
def test_who_does_and_to_whom_it_is_done_are_two_households_and_no_levels(written: str) -> None:
    read = drafts(("项目", "分值", "备注"), ("邻里互助", written, ""), ("看望老人", "5", ""))["邻里互助"]
    assert (read.row["points"], "levels" in read.row) == (5, False)
    assert [(who["role"], who["points"]) for who in read.row["people"]] == [("helped", 2)]


@pytest.mark.row("B-08")
@pytest.mark.parametrize("written", ["施工者5分，被评为优秀10分", "党员户10分，被评为文明户20分"])
def test_what_somebody_is_found_to_be_is_no_help(written: str) -> None:
    read = drafts(("项目", "分值", "备注"), ("修路", written, ""), ("看望老人", "5", ""))["修路"]
    assert "people" not in read.row


@pytest.mark.row("B-08")
@pytest.mark.parametrize(
    ("points", "limit", "asked"),
    [
        ("每人2分", "每年1次", True), ("2分/人次", "每月最多3次", True), ("每人2分", "每户每年1次", False),
        ("每人2分", "每天1次", False), ("每人2分", "每年最多20分", False), ("2分", "每年1次", False),
    ],
)  # fmt: skip
def test_whose_the_times_are_is_asked_where_points_are_each_person_s(points: str, limit: str, asked: bool) -> None:
    read = drafts(("项目", "分值", "备注"), ("缴纳医保", points, limit), ("看望老人", "5", ""))["缴纳医保"]
    assert (any("是每人的还是每户的" in doubt for doubt in read.doubts), read.confidence < 85) == (asked, asked)


@pytest.mark.row("B-08")
def test_the_most_a_reminder_takes_says_whether_the_sheet_has_it() -> None:
    read = drafts(("项目", "分值", "备注"), ("乱倒垃圾", "扣5分/次", ""), ("乱堆柴草", "扣5分/次", "每年最多扣20分"))
    assert [draft.doubts[-1] for draft in read.values()] == [
        "最多减15分是这里先填的，原表没有写，请核对。", "最多减20分，请核对。",
    ]  # fmt: skip


@pytest.mark.row("B-08")
@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([("环境", "扫地", "5分"), ("基础分", "乱倒垃圾", "扣5分"), ("平安", "放炮", "扣5分")], "基础分"),
        ([("环境", "扫地", "5分"), ("平安", "打架", "扣5分"), ("平安", "放炮", "扣5分")], "平安"),
        ([("环境", "扫地", "5分"), ("环境", "乱倒垃圾", "扣5分"), ("平安", "放炮", "扣5分")], "环境"),
    ],
    ids=["named", "of all its reminders", "first"],
)
def test_the_base_stands_in_the_sheet_s_own_group(rows: Sequence[Sequence[str]], wanted: str) -> None:
    settings = reading(("类别", "项目", "分值"), *rows).settings
    titles = {one["code"]: one["title"] for one in settings["categories"]}
    assert [titles[base["category"]] for base in settings["bases"]] == [wanted]


@pytest.mark.row("B-08")
@pytest.mark.parametrize("note", ["当年有效", "两年内有效", "有效期3年", "过期作废"])
def test_how_long_something_counts_is_told_as_not_read(note: str) -> None:
    read = drafts(("项目", "分值", "备注"), ("考上大学", "20分", note), ("看望老人", "5分", "凭证书"))
    assert (any(f"“{note}”" in doubt for doubt in read["考上大学"].doubts), read["看望老人"].doubts) == (True, ())
