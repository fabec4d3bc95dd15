"""Workbooks that are no plain table: cards, rules beside people or prices, and units nobody knows."""

import time
from collections.abc import Mapping, Sequence

import pytest

from dezhi.plugin import Cell, Draft, Grid, Reading, Workbook
from dezhi_sheet.reading import read_sheet

pytestmark = pytest.mark.sqlite

PEOPLE = ("王建国", "阿依古丽", "张德明", "欧阳长河", "孙有福")
DEEDS = {"清理沟渠": 3, "看护老人": 2, "义务巡山": 5, "参加会议": 1, "邻里互助": 4}
GOODS = {"竹篮": 30, "喷雾器": 60, "电磁炉": 120, "暖手宝": 25, "保鲜盒": 15}
SIDE_BY_SIDE = tuple(zip(DEEDS.items(), GOODS.items(), strict=True))


def reading_of(*rows: Sequence[object], merged: Mapping[str, tuple[int, int]] | None = None) -> Reading:
    """What is read of a sheet; `merged` tells of texts how many rows and columns they take."""
    cells: list[Cell] = []
    for row, texts in enumerate(rows, start=1):
        for column, value in enumerate(texts, start=1):
            if value != "":
                high, wide = (merged or {}).get(str(value), (1, 1))
                cells.append(Cell(row=row, column=column, text=str(value), rows=high, columns=wide))
    reading = read_sheet(Workbook(grids=(Grid(name="表", cells=tuple(cells)),)))
    assert reading is not None
    return reading


def drafts(*rows: Sequence[object], merged: Mapping[str, tuple[int, int]] | None = None) -> Mapping[str, Draft]:
    return {draft.title: draft for draft in reading_of(*rows, merged=merged).drafts}


def points(read: Mapping[str, Draft]) -> dict[str, int]:
    """The points by title, those that are taken below 0."""
    return {title: -one.row["minus"] if one.into else one.row["points"] for title, one in read.items()}


CARDS: Mapping[str, tuple[Sequence[Sequence[object]], Mapping[str, tuple[int, int]]]] = {
    "labels beside values, blocks across and down": (
        (
            ("修渠组积分卡", "", "", "", ""),
            ("洗晒被褥", "", "", "帮厨送餐", ""),
            ("分值", "3分", "", "分值", "2分"),
            ("频次", "每周1次", "", "频次", "每周1次"),
            ("说明", "要拍照", "", "说明", "签到"),
            (),
            ("抗旱保水", "", "", "焚烧秸秆", ""),
            ("分值", "5分", "", "分值", "扣4分"),
            ("频次", "每周1次", "", "频次", "每周1次"),
        ),
        {"修渠组积分卡": (1, 5), "洗晒被褥": (1, 2), "帮厨送餐": (1, 2), "抗旱保水": (1, 2), "焚烧秸秆": (1, 2)},
    ),
    "the name beside its labels": (
        (
            ("洗晒被褥", "积分", "3", "帮厨送餐", "积分", "2"),
            ("", "上限", "每周1次", "", "上限", "每周1次"),
            ("抗旱保水", "积分", "5", "焚烧秸秆", "积分", "-4"),
            ("", "上限", "每周1次", "", "上限", "每周1次"),
        ),
        {"洗晒被褥": (2, 1), "帮厨送餐": (2, 1), "抗旱保水": (2, 1), "焚烧秸秆": (2, 1)},
    ),
    "a label and its value in one cell": (
        (
            ("洗晒被褥", "帮厨送餐", "抗旱保水", "焚烧秸秆"),
            ("分值：3分", "分值：2分", "分值：5分", "分值：扣4分"),
            ("频次：每周1次", "频次：每周1次", "频次：每周1次", "频次：每周1次"),
        ),
        {},
    ),
    "a whole card in one cell": (
        (
            ("洗晒被褥\n分值：3分\n频次：每周1次", "帮厨送餐\n分值：2分\n频次：每周1次"),
            ("抗旱保水\n分值：5分\n频次：每周1次", "焚烧秸秆\n分值：扣4分\n频次：每周1次"),
        ),
        {},
    ),
    "labels over their values": (
        (
            ("洗晒被褥", "", "", "帮厨送餐", ""),
            ("分值", "频次", "", "分值", "频次"),
            ("3分", "每周1次", "", "2分", "每周1次"),
            ("抗旱保水", "", "", "焚烧秸秆", ""),
            ("分值", "频次", "", "分值", "频次"),
            ("5分", "每周1次", "", "-4分", "每周1次"),
        ),
        {"洗晒被褥": (1, 2), "帮厨送餐": (1, 2), "抗旱保水": (1, 2), "焚烧秸秆": (1, 2)},
    ),
}


@pytest.mark.row("B-08")
@pytest.mark.parametrize(("rows", "merged"), CARDS.values(), ids=CARDS)
def test_cards(rows: Sequence[Sequence[object]], merged: Mapping[str, tuple[int, int]]) -> None:
    read = drafts(*rows, merged=merged)
    assert points(read) == {"洗晒被褥": 3, "帮厨送餐": 2, "抗旱保水": 5, "焚烧秸秆": -4}
    assert [one.row["caps"] for one in read.values() if not one.into] == [[{"window": "week", "times": 1}]] * 3
    assert max(one.confidence for one in read.values()) < 90


@pytest.mark.row("B-08")
def test_cards_with_a_footer_prices_and_values_that_come_again() -> None:
    deeds = (("洗晒被褥", "3分"), ("帮厨送餐", "2"), ("抗旱保水", "5分/次"), ("焚烧秸秆", "-4分"))
    rows: list[Sequence[object]] = []
    for title, given in deeds:
        rows += [(title,), ("分值", "频次", "说明"), (given, "不限", "网格员确认")]
    rows += [("说明：2025年起执行。",), (), ("可兑换物品",), ("毛巾", "20"), ("竹篮", "35分")]
    read = drafts(*rows, merged={title: (1, 3) for title, _ in deeds})
    assert points(read) == {"洗晒被褥": 3, "帮厨送餐": 2, "抗旱保水": 5, "焚烧秸秆": -4}


@pytest.mark.row("B-08")
def test_a_name_beside_its_labels_is_no_title_of_the_sheet_and_may_have_its_points() -> None:
    titled = (
        ("文明积分一览", "", ""),
        ("洗晒被褥", "积分", "3"),
        ("", "频次", "不限"),
        ("帮厨送餐", "积分", "2"),
        ("", "频次", "不限"),
    )
    merged = {"文明积分一览": (1, 3), "洗晒被褥": (2, 1), "帮厨送餐": (2, 1)}
    assert points(drafts(*titled, merged=merged)) == {"洗晒被褥": 3, "帮厨送餐": 2}
    own = (
        ("洗晒被褥（+3分）",),
        ("频次", "每月2次"),
        ("说明", "要拍照"),
        ("帮厨送餐（+2分）",),
        ("频次", "每月2次"),
        ("说明", "签到"),
    )
    assert points(drafts(*own)) == {"洗晒被褥": 3, "帮厨送餐": 2}


@pytest.mark.row("B-08")
def test_deeds_that_speak_of_families_or_standards_are_neither_people_nor_headings() -> None:
    rows = (
        ("项目", "分值", "姓名", "总分"),
        ("彩礼不超过村规民约标准", "20", "王建国", "9"),
        ("家庭成员见义勇为", "30", "李秀英", "8"),
    )
    assert points(drafts(*rows)) == {"彩礼不超过村规民约标准": 20, "家庭成员见义勇为": 30}


@pytest.mark.row("B-08")
def test_a_table_that_lies_on_its_side_twice_is_no_card() -> None:
    rows = (("项目", *list(DEEDS)[:3]), ("分值", 3, 2, 5), (), ("项目", *list(DEEDS)[3:], "义诊"), ("分值", 1, 4, 6))
    assert points(drafts(*rows)) == DEEDS | {"义诊": 6}


ROSTERS: Mapping[str, Sequence[Sequence[object]]] = {
    "before": [
        ("序号", "户主", "人口", "项目", "分值", "上限"),
        *((at, name, 4, *deed, "") for at, (name, deed) in enumerate(zip(PEOPLE, DEEDS.items(), strict=True), 1)),
    ],
    "with what they have": [
        ("农户", "积分余额", "事项", "加分"),
        *((f"{name}家", 12, *deed) for name, deed in zip(PEOPLE, DEEDS.items(), strict=True)),
    ],
    "shorter rules": [("户主", "总分", "项目", "分值"), *((name, 9, "", "") for name in PEOPLE)],
    "behind": [
        ("项目", "分值", "姓名", "1月"),
        *((*deed, name, 3) for name, deed in zip(PEOPLE, DEEDS.items(), strict=True)),
    ],
    "who is responsible": [
        ("项目", "分值", "负责人", "电话"),
        *((*deed, "王建国", "13800001111") for deed in DEEDS.items()),
    ],
}  # fmt: skip


@pytest.mark.row("B-08")
@pytest.mark.parametrize("rows", ROSTERS.values(), ids=ROSTERS)
def test_no_name_of_a_list_beside_the_rules_gets_into_a_draft(rows: Sequence[Sequence[object]]) -> None:
    reading = reading_of(*rows)
    told = str(reading.drafts) + str(reading.settings) + "".join(reading.passed_over)
    assert not any(name in told for name in (*PEOPLE, "13800001111"))
    read = {draft.title: draft for draft in reading.drafts}
    assert points(read) == ({} if rows is ROSTERS["shorter rules"] else DEEDS)


@pytest.mark.row("B-08")
def test_a_list_of_people_below_the_rules_is_no_part_of_them() -> None:
    people = ("王建国", "李秀英", "张德明", "赵小兰")
    reading = reading_of(("项目", "分值"), *DEEDS.items(), *((name, 12) for name in people))
    assert points({draft.title: draft for draft in reading.drafts}) == DEEDS
    assert not any(name in "".join(reading.passed_over) for name in people)


@pytest.mark.row("B-08")
@pytest.mark.parametrize("heading", ["日期", "时长", ""])
def test_a_log_of_who_did_what_is_no_rule(heading: str) -> None:
    deeds = list(DEEDS.items()) if heading else [("清理沟渠", 3), ("看护老人", 2), ("清理沟渠", 3)]
    rows = [(at, name, *deed, "1") for at, (name, deed) in enumerate(zip(PEOPLE, deeds, strict=False), 1)]
    assert not reading_of(("序号", "户主", "事项", "分值", heading), *rows).drafts


@pytest.mark.row("B-08")
@pytest.mark.parametrize(
    "rows",
    [
        [("项目", "分值", "兑换物品", "所需积分"), *((*deed, *good) for deed, good in SIDE_BY_SIDE)],
        [("奖品", "积分", "项目", "分值"), *((*good, *deed) for deed, good in SIDE_BY_SIDE)],
        [("项目", "分值"), *DEEDS.items(), ("积分兑换",), *GOODS.items()],
        [("项目", "分值"), *DEEDS.items(), (), ("超市可换物品：",), *GOODS.items()],
        [("项目", "分值"), *DEEDS.items(), ("30分可换竹篮一个",), ("60分兑换喷雾器一台",), ("兑换电磁炉需120分",)],
        [("项目", "分值"), *DEEDS.items(), ("兑换物品：竹篮30分、喷雾器60分、电磁炉120分。",)],
    ],
    ids=["beside", "before", "below", "below a gap", "in sentences", "in one cell"],
)  # fmt: skip
def test_prices_are_no_items(rows: Sequence[Sequence[object]]) -> None:
    assert points(drafts(*rows)) == DEEDS


@pytest.mark.row("B-08")
@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("每户每年≤2人次", {"window": "year", "times": 2}),
        ("≤2人次/户/年", {"window": "year", "times": 2}),
        ("每户≤10分/季度", {"window": "quarter", "points": 10}),
        ("一季度不超过3次", {"window": "quarter", "times": 3}),
        ("每户每半年最多2次", {"window": "year", "times": 4}),
        ("≤6次/半年", {"window": "year", "times": 12}),
        ("上下半年各1次", {"window": "year", "times": 2}),
        ("半年封顶30分", {"window": "year", "points": 60}),
        ("每半年每村评3户", {"window": "year", "times": 6, "of": "village"}),
    ],
)
def test_limits_of_a_household_a_quarter_and_half_a_year(written: str, wanted: dict[str, object]) -> None:
    read = drafts(("项目", "分值", "上限"), ("打扫河堤", "3分", written), ("看望老人", "2分", ""))["打扫河堤"]
    assert read.row["caps"][0] == wanted
    assert (read.confidence < 80) is ("半年" in written)  # limits have no half years


@pytest.mark.row("B-08")
@pytest.mark.parametrize(
    "rows",
    [
        [("项目", "分值", "计分单位"), ("种豆", "3", "每蔸")],
        [("项目", "分值"), ("种豆", "3分/畦")],
        [("项目", "分值"), ("种豆", "每垄3分")],
        [("项目", "分值", "备注"), ("种豆", "3", "每窝计")],
        [("项目", "分值（分/蔸）"), ("种豆", "3")],
    ],
)
def test_a_unit_nobody_knows_makes_a_draft_unsure(rows: Sequence[Sequence[object]]) -> None:
    read = drafts(*rows, ("看望老人", "2"))["种豆"]
    assert read.confidence < 80
    assert "单位" in read.doubts[0]


@pytest.mark.row("B-08")
@pytest.mark.parametrize(
    "text",
    [
        "项目、分值、上限\n打扫河堤、3分、每月12分\n看望老人、2分、每月8分",
        "项目\t分值\t上限\n打扫河堤\t3\t每月12分\n看望老人\t2\t每月8分",
        "|项目|分值|上限|\n|---|---|---|\n|打扫河堤|3|每月12分|\n|看望老人|2|每月8分|",
        "打扫河堤，3分，每月12分；看望老人，2分，每月8分；参加夜校，1分，每月4分。",
        "打扫河堤、3、每月12分\n看望老人、2、每月8分\n参加夜校、1、每月4分",
    ],
    ids=["pauses", "tabs", "strokes", "one line", "no headings"],
)
def test_a_whole_table_in_one_cell(text: str) -> None:
    read = drafts(("积分标准", text))
    found = {title: (one.row["points"], one.row["caps"][0]["points"]) for title, one in read.items()}
    wanted = {"打扫河堤": (3, 12), "看望老人": (2, 8), "参加夜校": (1, 4)}
    assert found == {title: wanted[title] for title in found}
    assert len(found) >= 2
    assert {(one.at, one.confidence < 90) for one in read.values()} == {("表!B1", True)}


@pytest.mark.row("B-08")
@pytest.mark.parametrize(
    "text",
    [
        "（单位：分）疏通水渠3、帮扶孤寡2、义务讲解4、乱扔烟头-1",
        "加分项：疏通水渠3分、帮扶孤寡2分、义务讲解4分。减分项：乱扔烟头1分。",
        "疏通水渠、3\n帮扶孤寡、2\n义务讲解、4\n乱扔烟头、-1",
    ],
)
def test_deeds_and_figures_in_one_cell(text: str) -> None:
    assert points(drafts((text,))) == {"疏通水渠": 3, "帮扶孤寡": 2, "义务讲解": 4, "乱扔烟头": -1}


@pytest.mark.row("B-08")
def test_many_cards_take_no_long_time() -> None:
    rows = [(f"好事{chr(0x4E00 + at)}", "", "分值", "3分", "频次", "每周1次") * 3 for at in range(120)]
    start = time.perf_counter()
    reading_of(*rows)
    assert time.perf_counter() - start < 20


@pytest.mark.row("B-08")
def test_several_cards_in_one_cell() -> None:
    text = "1. 晾晒互助\n积分：2\n上限：每月6分\n\n2. 护送学生\n积分：3\n上限：每季12分"
    read = drafts((text,))
    assert {title: (one.row["points"], one.row["caps"]) for title, one in read.items()} == {
        "晾晒互助": (2, [{"window": "month", "points": 6}]),
        "护送学生": (3, [{"window": "quarter", "points": 12}]),
    }


@pytest.mark.row("B-08")
def test_who_is_to_be_asked_stands_in_no_hint() -> None:
    rows = (("晒谷互助", "2", "联系人：陈玉兰 13912345678"), ("看管水闸", "4", "找刘满仓登记"))
    told = str(reading_of(("项目", "分值", "备注"), *rows).drafts)
    assert not any(words in told for words in ("陈玉兰", "13912345678", "刘满仓"))
    assert "联系人" in told
