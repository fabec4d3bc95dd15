"""What plugins offer, under full codes."""

from typing import Any

import msgspec

from dezhi.core.offers import OFFERS_PER_PLUGIN_MAX, by_full_code, offer_items
from dezhi.plugin import Asset, Cap, Category, Item, Line, Reward, RewardKind, Subject, Window


def item(code: str, category: str = "some", title: str = "一件事") -> Item:
    lines = (Line(asset=Asset.MORAL, amount_min=1, amount_max=1),)
    return Item(code=code, title=title, category=category, asset=Asset.MORAL, lines=lines, how="做。")


SOME = (Category(code="some", title="类"),)


def test_items_of_two_plugins_do_not_meet() -> None:
    offer = offer_items([("a", [item("x")]), ("b", [item("x")])], {"a": SOME, "b": SOME})
    assert list(offer.items) == ["a/x", "b/x"]
    assert offer.problems == ()


def test_code_offered_twice_keeps_the_first_and_is_told() -> None:
    offer = offer_items([("a", [item("x", title="先"), item("x", title="后")])], {"a": SOME})
    assert [kept.title for kept in offer.items.values()] == ["先"]
    assert [problem.say() for problem in offer.problems] == ["插件 a 的 x 出现了两次，只采用第一个。请告诉插件作者。"]


def test_item_of_an_undeclared_category_is_left_out_and_told() -> None:
    offer = offer_items([("a", [item("x"), item("y", category="other")]), ("b", [item("z")])], {"a": SOME})
    assert list(offer.items) == ["a/x"]
    assert [problem.code for problem in offer.problems] == ["item-category-unknown", "item-category-unknown"]


def test_items_that_count_together_say_the_same_limit() -> None:
    def shared(code: str, **cap: Any) -> Item:
        return msgspec.structs.replace(item(code), caps=(Cap(**{"window": Window.WEEK, "share": "talks", **cap}),))

    items = [
        shared("talk", times_max=3),
        shared("lecture", times_max=3),
        shared("course", times_max=4),
        shared("month", times_max=3, window=Window.MONTH),
        shared("village", times_max=3, of=Subject.VILLAGE),
    ]
    offer = offer_items([("a", items), ("b", [shared("talk", times_max=9)])], {"a": SOME, "b": SOME})
    assert list(offer.items) == ["a/talk", "a/lecture", "b/talk"]
    assert [problem.code for problem in offer.problems] == ["item-share-unlike"] * 3


def test_flood_of_rewards_is_cut_and_told() -> None:
    rewards = [
        Reward(code=f"r{number}", title="皂", price=1, kind=RewardKind.GOOD)
        for number in range(OFFERS_PER_PLUGIN_MAX + 1)
    ]
    offered, problems = by_full_code([("a", rewards)])
    assert len(offered) == OFFERS_PER_PLUGIN_MAX
    assert [problem.code for problem in problems] == ["offer-too-long"]
