"""What is wrong with a sheet is told all at once, each fault with its place, before anything is adopted."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
import pytest

from dezhi.host import Directory, Roster
from dezhi_sheet.model import Outline, Sheet, sheet_faults

pytestmark = pytest.mark.sqlite

GOOD = {"code": "good", "title": "好事"}


def row(code: str = "sweep", **fields: object) -> dict[str, object]:
    return {"code": code, "title": "参加环境清扫", "category": "good", "points": 5} | fields


def faults(**fields: object) -> list[str]:
    outline = msgspec.convert({"categories": [GOOD], **fields}, Outline)
    return [fault.line() for fault in sheet_faults(outline)]


def campaign(code: str = "double", **fields: object) -> dict[str, object]:
    return {"code": code, "title": "双倍", "first": "2026-10-01", "last": "2026-10-31", "percent": 200} | fields


def base(**fields: object) -> dict[str, object]:
    reminder = {"code": "litter", "title": "乱堆", "category": "good", "minus": 5, "most": 20}
    return {"code": "base", "title": "基础分", "category": "good", "points": 100, "reminders": [reminder | fields]}


# The row's fields, the place of the fault within the row, and what is said.
WRONG: Final = (
    (
        {"category": "bad"},
        ".category",
        "没有“bad”这一类",
    ),
    (
        {"code": "扫地"},
        ".code",
        "代号只用小写字母、数字和短横线，最多48个字",
    ),
    (
        {"title": " "},
        ".title",
        "要有名称",
    ),
    (
        {"title": "长" * 100_000},
        ".title",
        "最多40个字，现在有100000个",
    ),
    (
        {"how": "长" * 100_000},
        ".how",
        "最多200个字，现在有100000个",
    ),
    (
        {"points": 0},
        ".points",
        "没有写分值，只想记次数的，积分种类写count",
    ),
    (
        {"points": -5},
        ".points",
        "不能写负数，细则只加分，要减的写成基础分里的提醒（bases.reminders）",
    ),
    (
        {
            "asset": "hours",
            "points": 0,
            "per": "hour",
            "coefficients": [{"code": "night", "title": "夜间", "percent": 200}],
        },
        ".coefficients",
        "志愿时按真做的时间记，不乘系数；要按系数给分，积分种类改成moral，想两样都记，志愿时写在另记（beside）里",
    ),
    (
        {"points": 0, "least": 10, "most": 5},
        ".least",
        "最少10分比最多5分还多",
    ),
    (
        {"caps": [{"window": "year", "points": 3}]},
        ".caps[0]",
        "上限3分比一次的5分还少",
    ),
    (
        {"caps": [{"window": "year"}]},
        ".caps[0]",
        "次数（times）、分数（points）、分钟（minutes）只写一个，要大于0",
    ),
    (
        {"caps": [{"window": "year", "times": 2, "fill": True}]},
        ".caps[0]",
        "补到上限（fill）只用于分数和分钟",
    ),
    (
        {"levels": [{"code": "a", "title": "甲", "points": 5}], "vote": True, "most": 5, "points": 0},
        ".vote",
        "分怎么算写了不止一种（levels / vote）",
    ),
    (
        {"vote": True},
        ".vote",
        "由村民议定的，要写least和most",
    ),
    (
        {"sections": [{"code": "a", "title": "甲", "most": 60}]},
        ".sections",
        "各项权重（没写权重的看满分）加起来是60，要正好100",
    ),
    (
        {"blend": {"own": 30, "mutual": 60}},
        ".blend",
        "自评和互评的百分比加起来要正好100",
    ),
    (
        {"judges": {"count_least": 3, "trim": 2}},
        ".judges.trim",
        "去掉的分太多，人少的时候就没有分了",
    ),
    (
        {"tiers": [{"least": 60, "title": "合格", "points": 5}]},
        ".tiers",
        "等级要有评分（sections、judges、blend或inspection）",
    ),
    (
        {"per": "quantity"},
        ".unit",
        "按数量的，要写单位，例如毫升、元",
    ),
    (
        {"analogy": True, "points": 0},
        ".analogy",
        "没有可以参照的条目，要有分值固定、积分种类相同的条目",
    ),
    (
        {"people": [{"role": "witness", "title": "见证人", "points": 1}]},
        ".people[0].points",
        "分不能是负数，见证人不得分",
    ),
    (
        {"asset": "count"},
        ".asset",
        "只记次数的条目不能有分值",
    ),
    (
        {"beside": [{"asset": "moral", "points": 3}]},
        ".beside[0]",
        "另记的要是别的一种积分，并且大于0",
    ),
)


@pytest.mark.parametrize(("fields", "at", "said"), WRONG)
def test_a_row_that_makes_no_sense_is_named_with_its_field(fields: Mapping[str, object], at: str, said: str) -> None:
    code = fields.get("code", "sweep")
    assert f"items[0]{at}: {code}：{said}" in faults(items=[row(**fields)])


def test_codes_are_used_once_over_all_lists() -> None:
    said = faults(items=[row(), row()], bases=[base(code="sweep")])
    assert said == [
        "items[1].code: sweep：代号用了两次，前一次在items[0]",
        "bases[0].reminders[0].code: sweep：代号用了两次，前一次在items[0]",
    ]


def test_three_hundred_items_and_no_more() -> None:
    assert faults(items=[row(f"row-{number}") for number in range(301)]) == ["items: 一共301条，最多300条"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"last": "2026-09-30"}, "campaigns[0].last: double：日期写反了，2026-10-01开始，2026-09-30结束"),
        ({"rows": ["gone"]}, "campaigns[0].rows: double：没有“gone”这一条"),
        ({"rows": ["range"]}, "campaigns[0].rows: double：“range”的分由人来定，不能再加倍"),
        ({"percent": 0}, "campaigns[0].percent: double：要是1到1000的整数，200就是双倍"),
    ],
)
def test_a_campaign_has_dates_forwards_and_rows_that_there_are(fields: Mapping[str, object], said: str) -> None:
    rows = [row(), row("range", points=0, least=5, most=10)]
    assert faults(items=rows, campaigns=[campaign(**fields)]) == [said]


@pytest.mark.row("RU-06")
def test_two_campaigns_on_one_row_need_a_declared_order() -> None:
    both = [campaign(), campaign("triple", percent=300)]
    said = "campaigns[1].before: triple：和“double”日期重叠，都管“sweep”，要用before写明哪个先算"
    assert faults(items=[row()], campaigns=both) == [said]
    assert faults(items=[row()], campaigns=[both[0], campaign("triple", percent=300, before=["double"])]) == []
    later = campaign("triple", first="2026-11-01", last="2026-11-02")
    assert faults(items=[row()], campaigns=[both[0], later]) == []


@pytest.mark.row("RU-06")
def test_rows_that_tell_the_same_deed_need_a_declared_order() -> None:
    rows = [row(event="cleaning"), row("labour", points=8, event="cleaning")]
    said = "items[1].before: labour：和“sweep”说的是同一件事（cleaning），要用before写明哪个先算"
    assert faults(items=rows) == [said]
    assert faults(items=[rows[0], row("labour", points=8, event="cleaning", before=["sweep"])]) == []


@pytest.mark.row("RU-06")
def test_a_circle_is_refused_with_the_circle_named() -> None:
    rows = [
        row("a", event="e", before=["b"]),
        row("b", event="e", before=["c"]),
        row("c", event="e", before=["a"]),
    ]
    assert faults(items=rows) == ["items[0].before: a：先后绕成了圈，a → b → c → a"]


@pytest.mark.row("RU-18")
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"warnings": 0}, "bases[0].reminders[0].warnings: litter：第一次只提醒，至少要有1次"),
        ({"minus": 30}, "bases[0].reminders[0].minus: litter：每次减的分要大于0，并且不超过一共最多减的分"),
        ({"most": 200}, "bases[0].reminders[0].most: litter：一共最多减的分不能超过基础分100分"),
    ],
)
def test_a_minus_needs_a_warning_and_a_cap(fields: Mapping[str, object], said: str) -> None:
    assert faults(bases=[base(**fields)]) == [said]


@pytest.mark.row("RU-18")
def test_a_minus_lapses_and_is_never_taken_from_what_can_be_spent() -> None:
    lasting = base() | {"window": "life", "asset": "moral"}
    assert faults(bases=[lasting]) == [
        "bases[0].asset: base：基础分不能花，只能是荣誉积分或平安积分",
        "bases[0].window: base：要有期限，最长一年，提醒到期就不算了",
    ]


@pytest.mark.row("RU-18")
def test_a_fresh_sheet_has_no_minus() -> None:
    assert (Sheet().items, Sheet().bases) == ((), ())


def test_all_faults_are_told_at_once_and_nothing_is_adopted() -> None:
    broken: dict[str, Any] = {"categories": [GOOD], "items": [row(points=-1), row(category="x")]}
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert(broken, Sheet)
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == [
        "items[1].code",
        "items[1].category",
        "items[0].points",
    ]
    roster = Roster(Directory(modules=["dezhi_sheet"]), {"dezhi-sheet": broken})
    assert (roster.names, [problem.code for problem in roster.absent.values()]) == ((), ["plugin-settings"])


def test_a_thousand_faults_are_told_as_sixty() -> None:
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert({"items": [row(f"r{number}") for number in range(299)]}, Sheet)
    lines = str(refused.value).splitlines()
    assert (len(lines), lines[-1]) == (61, "items: 还有239处，先改上面的")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"on": "重陽節"}, "on: base：看不懂是哪一天，可以写重阳、10-01、农历9-9"),
        ({"on": "02-30"}, "on: base：每年没有2月30日"),
        ({"on": "2-29"}, "on: base：每年没有2月29日"),
        ({"on": "农历12-8"}, "on: base：农历只能写正月到十月，冬月和腊月的日子一年里可能碰上两回"),
        ({"on": "农历0-1"}, "on: base：农历只能写正月到十月，冬月和腊月的日子一年里可能碰上两回"),
        ({"on": "农历5-30"}, "on: base：农历只能写初一到二十九，不是每个月都有三十"),
        ({"on": "重阳", "window": "month"}, "window: base：写了哪一天记（on），就是一年一次，期限只能是year"),
        (
            {"on": "重阳", "reminders": base()["reminders"]},
            "reminders: base：写了哪一天记（on）就没有提醒，提醒要到期末才算得清",
        ),
    ],
)
def test_a_day_that_does_not_come_once_in_every_year_is_refused(fields: Mapping[str, Any], said: str) -> None:
    assert faults(bases=[base() | {"reminders": []} | fields]) == [f"bases[0].{said}"]
