from collections.abc import Sequence
from datetime import date, datetime

import pytest

from dezhi.core.errors import Problem
from dezhi.core.rosters import COLUMNS_MAX, ROWS_MAX, read_birth_date, read_roster, template_header

TODAY = date(2026, 11, 22)
SPREADSHEET_DAY = datetime(1956, 3, 2)  # noqa: DTZ001 - spreadsheets know no zones
HEADER = ["户号", "网格", "地址", "姓名", "与户主关系", "出生日期"]


def read(*rows: Sequence[object], header: Sequence[str] = HEADER) -> object:
    return read_roster([header, *rows], TODAY)


def test_columns_are_found_by_name_in_any_order_below_a_title() -> None:
    roster = read_roster(
        [
            ["营尔村家庭花名册", "", "", "", ""],
            ["", "", "", "", ""],
            ["序号", "姓 名", "与户主的关系(必填)", "户　号*", "出生年月日"],
            [1.0, "李小明", "本人", 12.0, SPREADSHEET_DAY],
            ["", "", "", "", ""],
            [2.0, "王秀兰", "妻子", "１２", "1958年7月9日"],
        ],
        TODAY,
    )
    assert roster.faults == ()
    assert roster.rows_read == 2
    assert [(line.row, line.number, line.name, line.relation, line.birth_date) for line in roster.lines] == [
        (4, "12", "李小明", "户主", date(1956, 3, 2)),
        (6, "12", "王秀兰", "妻", date(1958, 7, 9)),
    ]


@pytest.mark.parametrize(
    "cell",
    [
        date(1956, 3, 2),
        SPREADSHEET_DAY,
        20516,  # the spreadsheet's day number
        20516.0,
        19560302.0,
        "19560302",
        "1956-03-02",
        "1956-3-2",
        "1956/3/2",
        "1956.3.2",
        "1956年3月2日",
        "１９５６年３月２日",
        " 1956-03-02 00:00:00 ",
    ],
)
def test_a_birth_date_is_read_in_every_usual_form(cell: object) -> None:
    assert read_birth_date(cell, TODAY) == date(1956, 3, 2)


@pytest.mark.parametrize(
    "cell",
    [
        "1956",
        "1956-13-01",
        "1956-02-30",
        "19561301",
        "三月二日",
        date(2026, 11, 23),
        "1899-12-31",
        "=TODAY()",
        1e300,
        -3.0,
    ],
)
def test_what_is_no_birth_date_is_refused(cell: object) -> None:
    with pytest.raises(Problem, match="birth-date"):
        read_birth_date(cell, TODAY)


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (["", "1", "", "张三", "户主", ""], ["household-number"]),
        (["1", "1", "", "", "户主", ""], ["name-missing"]),
        (["1", "1", "", "张三1", "户主", ""], ["name-strange"]),
        (["1", "1", "", "张三", "", ""], ["relation-unknown"]),
        (["1", "1", "", "张三", "邻居", ""], ["relation-unknown"]),
        (["1", "1", "", "张三", "户主", "昨天"], ["birth-date"]),
        (["1", "=1", "", "张三", "户主", ""], ["grid-strange"]),
        (["1", "1", "=HYPERLINK()", "张三", "户主", ""], ["address-strange"]),
        (
            ["1" * 21, "1", "", "=cmd", "隔壁", "x"],
            ["household-number", "name-strange", "relation-unknown", "birth-date"],
        ),
        (["1"], ["name-missing", "relation-unknown"]),
    ],
)
def test_a_bad_row_is_explained_and_the_others_go_in(row: list[object], codes: list[str]) -> None:
    roster = read(row, ["2", "1", "", "李四", "户主", ""])
    assert [fault.code for fault in roster.faults] == codes
    assert {fault.row for fault in roster.faults} == {2}
    assert [line.row for line in roster.lines] == [3]
    assert all(fault.problem().say() for fault in roster.faults)
    assert roster.rows_refused == 1


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (["1", "1", "", "张三", "户主", ""], "roster-same"),
        (["1", "1", "", "李四", "户主", ""], "head-twice"),
        (["1", "2", "", "李四", "妻", ""], "grid-differs"),
    ],
)
def test_a_row_is_read_in_the_light_of_the_rows_above(second: list[object], code: str) -> None:
    roster = read(["1", "1", "", "张三", "户主", ""], second)
    assert [(fault.row, fault.code, fault.values["first"]) for fault in roster.faults] == [(3, code, 2)]
    assert "2" in roster.faults[0].problem().say()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("备注", "620902195603021234"),
        ("备注", "62090219560302123X"),
        ("备注", 620902195603021234.0),
        ("备注", "电话13812345678"),
        ("备注", 13812345678.0),
        ("备注", "１３８１２３４５６７８"),
        ("地址", "三组12号 138 1234 5678 13812345678"),
        ("身份证号", "见档案"),
        ("联系电话", "无"),
        ("民族", "汉"),
    ],
)
def test_a_column_we_must_not_keep_is_refused_by_name(column: str, value: object) -> None:
    with pytest.raises(Problem, match="roster-private") as refused:
        read_roster([["户号", "姓名", "关系", column], ["1", "张三", "户主", ""], ["2", "李四", "户主", value]], TODAY)
    assert refused.value.values["column"] == column
    assert refused.value.row == 3
    assert column in refused.value.say()


def test_an_unnamed_column_is_refused_by_its_letter() -> None:
    with pytest.raises(Problem, match="roster-private") as refused:
        read_roster([["户号", "姓名", "关系"], ["1", "张三", "户主", "", "13812345678"]], TODAY)
    assert refused.value.values["column"] == "E"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "roster-header"),
        ([["姓名", "关系"]], "roster-header"),
        ([["户号", "姓名"], ["1", "张三"]], "roster-header"),
        ([["户号", "姓名", "关系", "名字"]], "roster-twice"),
        ([HEADER, *[["1", "", "", "张三", "子", ""]] * (ROWS_MAX + 20)], "roster-rows"),
        ([HEADER, ["x"] * (COLUMNS_MAX + 1)], "roster-columns"),
    ],
)
def test_a_sheet_that_is_no_roster_is_refused_whole(rows: list[list[object]], code: str) -> None:
    with pytest.raises(Problem) as refused:
        read_roster(rows, TODAY)
    assert refused.value.code == code
    assert refused.value.say()


def test_the_template_is_a_roster() -> None:
    assert read_roster([template_header()], TODAY).rows_read == 0
