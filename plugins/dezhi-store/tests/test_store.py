from datetime import date
from typing import Any

import msgspec
import pytest

from dezhi.plugin import (
    Amount,
    Asset,
    Facts,
    HolderKind,
    Intent,
    IntentKind,
    Page,
    Quote,
    Refusal,
    Reward,
    RewardKind,
    Visit,
    Window,
)
from dezhi.testing import A_HOLDER, Conformance, a_programme
from dezhi.testing.english import chinese_left
from dezhi_store import PLUGIN, check, declares, page, quote, rewards
from dezhi_store.goods import EXAMPLE, Good, share
from dezhi_store.selling import next_open
from dezhi_store.settings import WEEKDAYS, Choices

DEFAULT = Choices()
STEPS = Choices(step_after=1, step_percent=150)
MONTHLY = Choices(open_on="每月的几天", month_from=8, month_to=10)
OIL = next(one for one in rewards(DEFAULT) if one.code == "oil")


class TestConformance(Conformance):
    package = "dezhi_store"
    settings = (
        {"price_percent": 300, "step_after": 1, "open_on": "每周的一天"},
        {"goods": [{"code": "star", "title": "光荣照上墙", "price": 0, "kind": "honour"}]},
        {"goods": []},
    )


def test_rewards_are_the_price_list() -> None:
    found = {one.title: one.price for one in rewards(DEFAULT)}
    assert (found["香皂"], found["洗衣液"], found["菜油"], found["背包"]) == (10, 20, 60, 120)
    assert {one.kind for one in rewards(DEFAULT)} == {RewardKind.GOOD, RewardKind.SERVICE}
    assert all(one.source for one in rewards(DEFAULT))


def test_price_level_is_the_villages() -> None:
    assert [one.price for one in rewards(Choices(price_percent=150))][:2] == [15, 30]
    assert [share(*pair) for pair in ((10, 100), (5, 50), (1, 10), (0, 300))] == [10, 3, 1, 0]


def of(code: str, had: int) -> Facts:
    return Facts({f"had_{code.replace('-', '_')}": had})


@pytest.mark.row("RE-04")
def test_quote_refuses_the_third_of_two() -> None:
    assert quote(DEFAULT, OIL, of("oil", 1)) == Quote(reward="oil", price=60, reason="菜油标价60分。")
    refused = quote(DEFAULT, OIL, of("oil", 2))
    assert isinstance(refused, Refusal)
    assert refused.reason == "菜油今年一户最多换2件，您家已经换了2件。"


def test_quote_of_a_further_one_can_be_dearer() -> None:
    assert quote(STEPS, OIL, of("oil", 0)) == Quote(reward="oil", price=60, reason="菜油标价60分。")
    dearer = quote(STEPS, OIL, of("oil", 1))
    assert dearer == Quote(reward="oil", price=90, reason="菜油标价60分。您家今年已换1件，这一件90分。")


def test_declares_a_fact_for_what_is_limited_or_grows_dearer() -> None:
    assert {fact.reward for fact in declares(DEFAULT).facts} == {"oil", "kettle", "backpack", "cooker"}
    assert {fact.window for fact in declares(DEFAULT).facts} == {Window.YEAR}
    assert len(declares(STEPS).facts) == len(EXAMPLE)


def redeeming(day: date, code: str = "dezhi-store/oil", kind: IntentKind = IntentKind.REDEMPTION) -> Intent:
    return Intent(
        kind=kind,
        code=code,
        holder=A_HOLDER,
        holder_kind=HolderKind.HOUSEHOLD,
        date=day,
        lines=(Amount(asset=Asset.MORAL, amount=60),),
    )


@pytest.mark.row("RE-03")
@pytest.mark.parametrize(
    ("chosen", "day", "next_day"),
    [
        ({}, date(2026, 11, 22), None),
        ({"open_on": "每月的几天"}, date(2026, 11, 8), None),
        ({"open_on": "每月的几天"}, date(2026, 11, 10), None),
        ({"open_on": "每月的几天"}, date(2026, 11, 11), "2026年12月8日"),
        ({"open_on": "每月的几天", "month_from": 31, "month_to": 31}, date(2027, 2, 28), None),
        ({"open_on": "每月的几天", "month_from": 31, "month_to": 31}, date(2027, 2, 27), "2027年2月28日"),
        ({"open_on": "每周的一天", "weekday": "星期六"}, date(2026, 11, 21), None),
        ({"open_on": "每周的一天", "weekday": "星期六"}, date(2026, 11, 22), "2026年11月28日"),
    ],
)
def test_check_keeps_to_the_days_and_names_the_next(chosen: dict[str, Any], day: date, next_day: str | None) -> None:
    refused = check(Choices(**chosen), redeeming(day))
    assert (refused.reason if refused else None) == (
        f"今天不是兑换日。下一个兑换日是{next_day}。" if next_day else None
    )


def test_check_minds_only_its_own_rewards() -> None:
    assert check(MONTHLY, redeeming(date(2026, 11, 22), code="other/oil")) is None
    assert check(MONTHLY, redeeming(date(2026, 11, 22), kind=IntentKind.AWARD)) is None


def test_there_is_always_a_next_day() -> None:
    for first in range(1, 32):
        choices = Choices(open_on="每月的几天", month_from=first, month_to=first)
        assert next_open(choices, date(2027, 1, 31)).month in {2, 3}
    for weekday in WEEKDAYS:
        assert (
            next_open(Choices(open_on="每周的一天", weekday=weekday), date(2027, 1, 31)) - date(2027, 1, 31)
        ).days < 8


@pytest.mark.parametrize(
    "wrong",
    [
        {"goods": [{"code": "Oil", "title": "油", "price": 1}]},
        {"goods": [{"code": "oil", "title": "油", "price": 0}]},
        {"goods": [{"code": "oil", "title": "油", "price": 1, "kind": "honour"}]},
        {"goods": [{"code": "oil", "title": "油", "price": 1, "limit": -1}]},
        {"goods": [{"code": "oil", "title": "油", "price": 1, "cash": 1}]},
        {"goods": [{"code": "oil", "title": "油", "price": 1}] * 2},
        {"month_from": 9, "month_to": 8},
    ],
)
def test_a_wrong_list_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, Choices)


def test_page_shows_prices_limits_and_days() -> None:
    shown = page(a_programme(date(2026, 11, 22)), MONTHLY, Visit())
    assert isinstance(shown, Page)
    assert [getattr(block, "text", "") for block in shown.blocks][1:3] == [
        "每月8日到10日可以换。",
        "今天以后，下一个兑换日是2026年12月8日。",
    ]
    [rows] = [block.rows for block in shown.blocks if hasattr(block, "rows")]
    assert ("菜油", "一桶。", "60分", "今年2件") in rows
    assert page(a_programme(), MONTHLY, Visit(path="x")) is None


def test_every_text_has_its_english() -> None:
    of_month = Choices(goods=(Good(code="oil", title="菜油", price=60, limit=1, per="month"),))
    said = [
        rewards(DEFAULT),
        quote(DEFAULT, OIL, of("oil", 2)),
        quote(of_month, OIL, of("oil", 2)),
        quote(STEPS, OIL, of("oil", 1)),
        check(MONTHLY, redeeming(date(2026, 11, 22))),
        [
            page(a_programme(), choices, Visit())
            for choices in (DEFAULT, STEPS, MONTHLY, of_month, Choices(open_on="每周的一天"))
        ],
    ]
    left = [text for text in chinese_left(PLUGIN, said) if text not in {good.source for good in EXAMPLE}]
    assert left == []


def test_example_is_made_of_rewards() -> None:
    assert all(isinstance(good.reward(100), Reward) for good in EXAMPLE)
