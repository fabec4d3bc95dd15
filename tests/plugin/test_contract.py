"""The contract's values refuse what makes no sense, with a sentence for the author."""

import subprocess
import sys
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from dezhi.plugin import (
    Ask,
    Asset,
    Board,
    BoardKind,
    Cap,
    Category,
    Fact,
    Facts,
    HolderKind,
    Item,
    Line,
    LunarDay,
    Measure,
    Quote,
    Refusal,
    Reward,
    RewardKind,
    Role,
    Subject,
    Weight,
    Window,
    awards_as_declared,
    lunar,
    spoken_amount,
    spoken_minutes,
)
from dezhi.testing import a_deed

MORAL = Line(asset=Asset.MORAL, amount_min=5, amount_max=10)
HOURS = Line(asset=Asset.HOURS, amount_min=10, amount_max=60)


def an_item(**changed: Any) -> Item:
    told: dict[str, Any] = {
        "code": "x",
        "title": "一件事",
        "category": "c",
        "asset": Asset.MORAL,
        "lines": (MORAL,),
        "how": "做。",
    }
    return Item(**{**told, **changed})


def a_board(**changed: Any) -> Board:
    told: dict[str, Any] = {
        "code": "x",
        "title": "榜",
        "kind": BoardKind.HONOUR,
        "weights": (Weight(asset=Asset.MORAL),),
        "window": Window.QUARTER,
        "unit_label": "分",
    }
    return Board(**{**told, **changed})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": "Has Space"}, "item: code 'Has Space'"),
        ({"code": "double--hyphen"}, "single hyphens"),
        ({"code": "x" * 49}, "code"),
        ({"title": " "}, "item x: title must have 1 to 40"),
        ({"title": "长" * 100_000}, "item x: title"),
        ({"how": ""}, "item x: how"),
        ({"category": "C"}, "item x: category"),
        ({"lines": ()}, "the main asset among them"),
        ({"lines": (MORAL, MORAL)}, "name each asset once"),
        ({"lines": (HOURS,)}, "the main asset among them"),
        ({"caps": (Cap(window=Window.DAY, asset=Asset.MORAL, amount_max=4),)}, "no room for a single award"),
        ({"caps": (Cap(window=Window.DAY, asset=Asset.SAFE, amount_max=4),)}, "no room for a single award"),
        ({"caps": (Cap(window=Window.DAY, times_max=4), Cap(window=Window.DAY, times_max=5))}, "two caps count"),
    ],
)
def test_item_that_makes_no_sense_is_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError) as refused:
        an_item(**changed)
    assert said in str(refused.value)


@pytest.mark.parametrize("bounds", [(0, 5), (-5, 5), (6, 5), (1, 100_001), (True, 5), (1.0, 5), ("1", 5)])
def test_line_takes_only_whole_numbers_from_one(bounds: tuple[Any, Any]) -> None:
    with pytest.raises(ValueError):
        Line(asset=Asset.MORAL, amount_min=bounds[0], amount_max=bounds[1])


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"asset": Asset.MORAL},
        {"amount_max": 5},
        {"times_max": 2, "asset": Asset.MORAL, "amount_max": 5},
        {"times_max": 0},
        {"asset": Asset.MORAL, "amount_max": -1},
    ],
)
def test_cap_counts_times_or_one_asset(told: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Cap(window=Window.DAY, **told)


@pytest.mark.parametrize(
    "told",
    [
        {"name": "not a name", "measure": Measure.COUNT},
        {"name": "n", "measure": Measure.SUM},
        {"name": "n", "measure": Measure.MAX},
        {"name": "n", "measure": Measure.COUNT, "window_days": 0},
        {"name": "n", "measure": Measure.COUNT, "window_days": 7, "window": Window.MONTH},
        {"name": "n", "measure": Measure.DISTINCT},
        {"name": "n", "measure": Measure.DISTINCT, "role": Role.DOER},
        {"name": "n", "measure": Measure.COUNT, "role": Role.HELPED},
        {"name": "n", "measure": Measure.DISTINCT, "role": Role.HELPED, "of": Subject.GRID},
    ],
)
def test_fact_that_cannot_be_looked_up_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Fact(**told)


@pytest.mark.parametrize(
    "changed",
    [
        {"weights": ()},
        {"window": Window.DAY},
        {"window": Window.WEEK},
        {"kind": BoardKind.GOAL},
        {"target": 5},
        {"kind": BoardKind.GOAL, "target": 0},
        {"size_max": 51},
        {"unit_label": ""},
    ],
)
def test_board_that_makes_no_sense_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        a_board(**changed)


def test_honour_costs_nothing_and_goods_cost_something() -> None:
    assert Reward(code="x", title="喜报", price=0, kind=RewardKind.HONOUR).price == 0
    for price, kind in ((1, RewardKind.HONOUR), (0, RewardKind.GOOD), (-1, RewardKind.SERVICE)):
        with pytest.raises(ValueError):
            Reward(code="x", title="东西", price=price, kind=kind)


def test_refusal_and_quote_give_their_reason() -> None:
    with pytest.raises(ValueError):
        Refusal(reason=" ")
    with pytest.raises(ValueError):
        Quote(reward="x", price=1, reason="")
    with pytest.raises(ValueError):
        Category(code="c", title="")


def test_hours_are_always_a_persons() -> None:
    item = an_item(lines=(MORAL, HOURS))
    assert item.holder_of(Asset.HOURS) is HolderKind.PERSON
    assert item.holder_of(Asset.MORAL) is HolderKind.HOUSEHOLD
    assert an_item(holder=HolderKind.PERSON).holder_of(Asset.MORAL) is HolderKind.PERSON


def test_item_survives_json_unchanged() -> None:
    item = an_item(lines=(MORAL, HOURS), caps=(Cap(window=Window.DAY, times_max=1),), ask=Ask.MINUTES)
    assert msgspec.json.decode(msgspec.json.encode(item), type=Item) == item


def test_facts_are_read_by_name_and_tell_what_is_not_declared() -> None:
    facts = Facts({"n": 3})
    assert (facts.n, facts["n"], len(facts), list(facts), repr(facts)) == (3, 3, 1, ["n"], "Facts({'n': 3}, {})")
    with pytest.raises(AttributeError, match="'m' is not declared"):
        _ = facts.m
    with pytest.raises(KeyError):
        _ = facts["m"]


@pytest.mark.parametrize(
    ("item", "asked", "expected"),
    [
        (an_item(ask=Ask.POINTS), {"points": 8}, {Asset.MORAL: 8}),
        (an_item(ask=Ask.POINTS), {}, {}),
        (an_item(lines=(MORAL, HOURS), ask=Ask.MINUTES), {"minutes": 45}, {Asset.HOURS: 45}),
        (an_item(lines=(Line(asset=Asset.MORAL, amount_min=3, amount_max=3),)), {}, {Asset.MORAL: 3}),
    ],
)
def test_declaration_decides_what_it_can(item: Item, asked: dict[str, int], expected: dict[Asset, int]) -> None:
    assert {award.asset: award.amount for award in awards_as_declared(item, a_deed("p/x", **asked))} == expected


@pytest.mark.parametrize(("minutes", "said"), [(5, "5分钟"), (60, "1小时"), (61, "1小时1分"), (600, "10小时")])
def test_minutes_are_said_as_people_say_them(minutes: int, said: str) -> None:
    assert spoken_minutes(minutes) == said
    assert spoken_amount(Asset.HOURS, minutes) == f"志愿时记{said}"


@pytest.mark.row("PL-04")
def test_contract_brings_no_way_to_the_ledger_along() -> None:
    """Whoever imports the contract has loaded neither the store nor a database driver."""
    code = (
        "import sys, dezhi.plugin; print(*[name for name in sys.modules if name.split('.')[0] in"
        " {'piccolo', 'sqlite3', 'aiosqlite', 'asyncpg', 'redis', 'litestar'} or name.startswith('dezhi.')"
        " and not name.startswith('dezhi.plugin')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert done.stdout.split() == []


@pytest.mark.row("RU-08")
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 2, 17), LunarDay(1, 1)),
        (date(2026, 6, 19), LunarDay(5, 5)),
        (date(2026, 10, 18), LunarDay(9, 9)),
        (date(2027, 10, 8), LunarDay(9, 9)),
        (date(2025, 7, 25), LunarDay(6, 1, leap=True)),
        (date(2033, 12, 22), LunarDay(11, 1, leap=True)),
        # An old error of many tables: the ninth month of 2057 begins at midnight of the 29th (GB/T 33661-2017).
        (date(2057, 9, 28), LunarDay(8, 30)),
        (date(2057, 9, 29), LunarDay(9, 1)),
    ],
)
def test_the_farmers_calendar_is_known(day: date, expected: LunarDay) -> None:
    assert lunar(day) == expected


def test_every_year_has_one_spring_festival_between_late_january_and_late_february() -> None:
    winters = ([date(year, 1, 20) + timedelta(days=count) for count in range(33)] for year in range(1902, 2101))
    assert {sum(lunar(day) == LunarDay(1, 1) for day in winter) for winter in winters} == {1}


@pytest.mark.parametrize("day", [date(1901, 2, 18), date(2101, 1, 1)])
def test_a_day_the_tables_do_not_reach_is_refused(day: date) -> None:
    with pytest.raises(ValueError, match="known from 1901-02-19 to 2100-12-31"):
        lunar(day)
