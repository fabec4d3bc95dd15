"""What a row's words mean: read as the village meant them, or told, and then never with confidence."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from dezhi.plugin import Cell, Draft, Grid, Reading, Workbook
from dezhi_sheet.reading import read_sheet

pytestmark = [pytest.mark.sqlite, pytest.mark.row("RU-15")]

SURE = 90
OTHERS = (("参加村民会议", "2分", ""), ("参加植树造林", "3分", ""))
Written = tuple[str, str, str]


def reading_of(*rows: Sequence[str], head: Sequence[str] = ("积分项目", "分值", "备注")) -> Reading:
    cells = tuple(
        Cell(row=row, column=column, text=text)
        for row, texts in enumerate((head, *rows), start=1)
        for column, text in enumerate(texts, start=1)
        if text
    )
    reading = read_sheet(Workbook(grids=(Grid(name="细则", cells=cells),)))
    assert reading is not None
    return reading


def drafts(*written: Written) -> list[Draft]:
    """What became of some rows among others."""
    known = {title for title, _, _ in OTHERS}
    return [one for one in reading_of(OTHERS[0], *written, OTHERS[1]).drafts if one.title not in known]


def one_of(written: Written) -> tuple[Draft, Mapping[str, Any]]:
    [draft] = drafts(written)
    return draft, draft.row


STREAKS: Sequence[Written] = (
    ("连续三个月被评为清洁户的，另行奖励", "10分", ""),
    ("评为清洁户", "连续3个月加10分", ""),
    ("评为清洁户", "10分", "须连续三次"),
    ("每连续两季度达标", "5分", ""),
    ("被评为卫生户", "10分", "连续半年以上"),
    ("连着四周打扫门前", "4分", ""),
    ("连续两次无故缺席村民会议", "扣5分", ""),
    ("蝉联最美庭院", "20分", ""),
    ("坚持21天读书打卡", "6分", ""),
    ("连续被评为好邻居三年，奖15分", "", ""),
)


@pytest.mark.parametrize("written", STREAKS)
def test_what_has_to_last_is_told_and_hinted_at(written: Written) -> None:
    draft, row = one_of(written)
    assert draft.confidence < SURE
    assert any("这个条件没有读进去" in doubt for doubt in draft.doubts)
    assert "才记" in row["hint"]


FIRST: Sequence[tuple[Written, int, int]] = (
    (("家庭成员应征入伍", "首次20分,以后服役每满一年5分", ""), 20, 5),
    (("主动拆除旱厕", "第一次15分,以后每次5分", ""), 15, 5),
    (("参加无偿服务", "初次10分，再次5分", ""), 10, 5),
    (("参加合唱队", "第一次加10分，第二次起每次加3分", ""), 10, 3),
    (("担任护林员", "首年10分，次年起每年5分", ""), 10, 5),
    (("参军入伍首次20分，此后每年5分", "", ""), 20, 5),
    (("返乡创业", "首次加30，之后每次加8", ""), 30, 8),
    (("开展宣讲", "头一次6分；往后每场2分", ""), 6, 2),
    (("发表文章", "首篇8分，其后每篇3分", ""), 8, 3),
)


@pytest.mark.parametrize(("written", "first", "later"), FIRST)
def test_a_first_time_and_later_ones_are_two_rows(written: Written, first: int, later: int) -> None:
    one, other = drafts(written)
    assert (one.row["points"], other.row["points"]) == (first, later)
    assert one.row["caps"] == [{"window": "life", "times": 1}]
    assert one.title.endswith("（第一次）")
    assert other.title.endswith("（以后每次）")
    assert max(one.confidence, other.confidence) < SURE


@pytest.mark.parametrize("points", ["第一次2分，第二次4分，第三次6分", "首次5分；第二次3分；第三次1分"])
def test_steps_that_nobody_counts_are_doubted(points: str) -> None:
    draft, row = one_of(("参加夜校", points, ""))
    assert "levels" in row
    assert all(len(level["title"]) > 1 for level in row["levels"])
    assert draft.confidence < SURE


HELPED: Sequence[tuple[Written, int, int, int]] = (
    (("帮邻居插秧", "帮忙户3分,受助户1分", ""), 3, 1, 1),
    (("帮邻居收稻子，施助方加3分，受助方加1分", "", ""), 3, 1, 1),
    (("互帮互助", "帮人的3分、被帮的1分", ""), 3, 1, 1),
    (("代耕代种", "3分（帮忙户）、1分（受助户）", ""), 3, 1, 1),
    (("代耕代种", "帮扶方每户2分，被帮扶方每户1分", ""), 2, 1, 1),
    (("换工", "双方各2分", "每月最多3次"), 2, 2, 1),
    (("邻里帮工", "两家各得2分", ""), 2, 2, 1),
    (("照看老人", "服务方2分，接受服务方1分", ""), 2, 1, 1),
    (("帮邻居盖房", "出工户+3，用工户+1", ""), 3, 1, 1),
    (("帮邻居盖房", "3分", "受助户加1分"), 3, 1, 1),
    (("调解邻里纠纷", "调解员5分，双方各2分", ""), 5, 2, 2),
)


@pytest.mark.parametrize(("written", "points", "helped", "count"), HELPED)
def test_who_is_helped_gets_the_points_that_are_theirs(written: Written, points: int, helped: int, count: int) -> None:
    _, row = one_of(written)
    [person] = row["people"]
    assert (row["points"], person["role"], person["points"], person["most"]) == (points, "helped", helped, count)
    assert "levels" not in row


@pytest.mark.parametrize("points", ["主家1分，帮工3分", "请的人家1分、邻居3分", "甲方2分；乙方1分", "子女3分，老人1分"])
def test_people_who_each_get_points_are_no_levels_to_choose_from(points: str) -> None:
    assert one_of(("互相帮工", points, ""))[0].confidence < SURE


@pytest.mark.parametrize("points", ["第一次5分，以后不再加分", "5分，再次的不计分", "首次5分，之后不再奖分"])
def test_what_later_times_do_not_give_is_given_once(points: str) -> None:
    assert one_of(("参加体检", points, ""))[1]["caps"] == [{"window": "life", "times": 1}]


@pytest.mark.parametrize("note", ["每年10对", "每年5户", "每季度2名", "每季度前3名", "每年评选比例不超过10%"])
def test_a_quota_nobody_could_read_is_told(note: str) -> None:
    draft, _ = one_of(("评为十佳公婆", "20分", note))
    assert draft.confidence < SURE
    assert any("名额" in doubt or "评几户" in doubt for doubt in draft.doubts)


def test_a_couple_is_one_household_and_a_visit_helps_nobody_besides() -> None:
    draft, row = one_of(("夫妻参加婚检", "双方各5分", ""))
    assert ("people" in row, draft.confidence < SURE) == (False, True)
    assert "people" not in one_of(("回访受助户3分", "", ""))[1]


TIMED: Sequence[tuple[str, int, str]] = (
    ("每满2小时1分", 120, "每满2小时"), ("1分/2小时", 120, "每满2小时"), ("每3小时记2分", 180, "每满3小时"),
    ("每半小时1分", 30, "每满30分钟"), ("每2个小时1分", 120, "每满2"), ("满4小时计2分", 240, "每满4小时"),
    ("每服务2小时加1分", 120, "每满2小时"), ("每两小时1分", 120, "每满2小时"),
)  # fmt: skip


@pytest.mark.parametrize(("points", "minutes", "said"), TIMED)
def test_so_many_hours_are_said_as_they_are_counted(points: str, minutes: int, said: str) -> None:
    draft, row = one_of(("参加志愿服务", points, ""))
    assert (row["per"], row["every"]) == ("hour", minutes)
    assert said in draft.says


@pytest.mark.parametrize(
    ("points", "window"),
    [
        ("2分/人/天", "day"), ("每人每天2分", "day"), ("2分/天/人", "day"), ("每人每月2分", "month"),
        ("每人每周2分", "week"), ("2分/人/月", "month"), ("每人每季度2分", "quarter"), ("2分/人/年", "year"),
    ],
)  # fmt: skip
def test_by_person_and_by_time_is_both(points: str, window: str) -> None:
    draft, row = one_of(("照看留守儿童", points, ""))
    assert (row["per"], row["caps"]) == ("person", [{"window": window, "times": 1}])
    assert "每人" in draft.says
    assert draft.confidence < SURE


QUOTAS: Sequence[tuple[str, str, int]] = (
    ("每年全村限评5户", "year", 5), ("每年评选不超过3户", "year", 3), ("全村限5户", "year", 5), ("限评5户", "year", 5),
    ("每季度评5户", "quarter", 5), ("名额5户", "year", 5), ("每年最多8户", "year", 8), ("限5户", "year", 5),
    ("全村每年3名", "year", 3), ("每年限评10户", "year", 10), ("名额为6名", "year", 6),
)  # fmt: skip


@pytest.mark.parametrize(("note", "window", "most"), QUOTAS)
def test_a_quota_is_of_so_many_households_each_once(note: str, window: str, most: int) -> None:
    _, row = one_of(("评为最美庭院", "20分", note))
    assert row["caps"] == [{"window": window, "times": most, "of": "village"}, {"window": window, "times": 1}]


def test_households_somebody_helps_are_times_and_a_towns_quota_is_not_the_villages() -> None:
    assert one_of(("帮扶困难户", "2分", "每年最多3户"))[1]["caps"] == [{"window": "year", "times": 3}]
    draft, row = one_of(("评为文明家庭", "20分", "全镇限评5户"))
    assert ("caps" in row, draft.confidence < SURE) == (False, True)


BASES: Sequence[Written] = (
    ("每户家庭年初核定基础分", "每户基础分100分", ""), ("家庭基础分", "100", ""), ("每户基础积分", "100分", ""),
    ("农户初始分", "100分", "户籍册"), ("基础分", "每户100分", ""), ("每户年初基本分", "100分", ""),
    ("每户赋予基础分值", "100分", ""), ("入户基础分（每户）", "100分", ""), ("每户", "基础分100分", ""),
    ("全体农户", "每户基础分100分", ""),
)  # fmt: skip


@pytest.mark.parametrize("written", BASES)
def test_a_base_is_the_base_and_no_item(written: Written) -> None:
    reading = reading_of(OTHERS[0], written, OTHERS[1])
    assert [one.title for one in reading.drafts] == [title for title, _, _ in OTHERS]
    assert reading.settings["bases"][0]["points"] == 100
    assert any("基础分" in one for one in reading.passed_over)


NOTES = (
    "同一事项符合多项的，取最高分，不重复加分。", "每户每年加分总额不超过300分。",
    "年度积分低于60分的农户，取消评优资格。",
    "积分以户为单位，当年有效，次年清零。", "扣分以扣完基础分为止，不计负分。", "党员带头的加倍计分，由支部认定。",
    "积分满100分可兑换生活用品。", "弄虚作假的，追回所得积分。", "同一荣誉多级表彰的，按最高级别计一次。",
)  # fmt: skip


def test_every_rule_below_a_table_is_told() -> None:
    """In lines of their own, with and without numbers, and all in one cell."""
    numbered = [f"注：1.{NOTES[0]}", *(f"{at}.{note}" for at, note in enumerate(NOTES[1:], start=2))]
    for notes in ([*NOTES], numbered, ["".join(numbered)], ["\n".join(numbered)]):
        reading = reading_of(*OTHERS, *((note,) for note in notes))
        assert [one.title for one in reading.drafts] == [title for title, _, _ in OTHERS]
        told = "".join(reading.passed_over).replace(",", "，")
        assert [note for note in NOTES if note.rstrip("。") not in told] == []


GRADES: Sequence[Sequence[str]] = (
    ("参加文艺汇演获一等奖", "参加文艺汇演获二等奖", "参加文艺汇演获三等奖"),
    ("门前三包评为优", "门前三包评为良"), ("庭院检查优秀", "庭院检查良好", "庭院检查合格"),
    ("运动会第一名", "运动会第二名"), ("评为五星户", "评为四星户", "评为三星户"), ("获得金奖", "获得银奖"),
    ("获省级表彰", "获市级表彰", "获县级表彰"), ("厨艺比赛冠军", "厨艺比赛亚军"),
)  # fmt: skip


@pytest.mark.parametrize("titles", GRADES)
def test_grades_of_one_deed_are_told_to_belong_together(titles: Sequence[str]) -> None:
    found = drafts(*((title, f"{15 - 5 * at}分", "") for at, title in enumerate(titles)))
    assert [one.title for one in found] == list(titles)
    assert all("同一件事的几个档" in "".join(one.doubts) and one.confidence < SURE for one in found)


def test_steps_in_the_words_beside_a_range_are_its_levels() -> None:
    _, row = one_of(("每月检查门前三包，优5分、良3分、合格1分", "1-5分", "每月一次"))
    assert [level["points"] for level in row["levels"]] == [5, 3, 1]


@pytest.mark.parametrize(
    ("points", "most"),
    [
        ("3分/条", 20), ("每条5分", 20), ("每件2分", 20), ("10分/个", 10), ("每200毫升5分", 4_000),
        ("每50元1分", 1_000), ("每棵30分", 5), ("1分/斤", 20), ("每篇4分", 20),
    ],
)  # fmt: skip
def test_what_has_no_limit_gets_a_modest_one_to_confirm(points: str, most: int) -> None:
    draft, row = one_of(("提合理化建议", points, ""))
    assert row.get("quantity_most") == most
    assert draft.confidence < SURE
    assert any("没有写上限" in doubt for doubt in draft.doubts)
    assert "quantity_most" not in one_of(("提合理化建议", points, "全年封顶60分"))[1]


def test_the_outer_group_is_the_heading() -> None:
    rows = [(f"第{at // 10 + 1}篇", f"小类{at}", f"做好事之{at}号", "2分") for at in range(40)]
    reading = reading_of(*rows, head=("类别", "积分项目", "具体内容", "分值标准"))
    assert [one["title"] for one in reading.settings["categories"]] == ["第1篇", "第2篇", "第3篇", "第4篇"]
    signed = [("加分" if at < 20 else "扣分", f"小类{at % 4}", f"好事{at}", "2分") for at in range(40)]
    reading = reading_of(*signed, head=("类别", "项目类型", "具体内容", "分值标准"))
    assert len(reading.settings["categories"]) == 4


@pytest.mark.parametrize("text", ["连续", "首次", "双方各", "受助户", "限评", "每户", "第一次5", "坚持3"])
def test_no_words_take_long(text: str) -> None:
    start = time.perf_counter()
    reading_of((text * 1_000, "5分", text * 1_000))
    assert time.perf_counter() - start < 5
