"""What the plugins of a programme offer, under full codes `plugin/code`, with the faults found by looking."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.plugin import Category, Item

ITEMS_PER_PLUGIN_MAX = 300  # real sheets have 15 to 69
OFFERS_PER_PLUGIN_MAX = 200  # rewards, or boards


class Coded(Protocol):
    """Anything a plugin offers under a code of its own."""

    @property
    def code(self) -> str:
        """The bare code."""


T = TypeVar("T", bound=Coded)


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """The items of a programme's version by full code, and what was left out, in words for staff."""

    items: dict[str, Item]
    problems: tuple[Problem, ...]


def full_code(plugin: str, code: str) -> str:
    """Join a plugin's name and its own code."""
    return f"{plugin}/{code}"


def by_full_code(
    answers: Iterable[tuple[str, Sequence[T]]], most: int = OFFERS_PER_PLUGIN_MAX
) -> tuple[dict[str, T], tuple[Problem, ...]]:
    """Put what plugins offer under full codes, in their order; a code offered twice keeps the first and is told."""
    offered: dict[str, T] = {}
    problems: list[Problem] = []
    for plugin, things in answers:
        if len(things) > most:
            text = N_("插件 %(plugin)s 一次给出 %(count)d 项，最多 %(most)d 项，后面的没有采用。请告诉插件作者。")
            problems.append(Problem("offer-too-long", text, plugin=plugin, count=len(things), most=most))
        for thing in things[:most]:
            code = full_code(plugin, thing.code)
            if code in offered:
                text = N_("插件 %(plugin)s 的 %(what)s 出现了两次，只采用第一个。请告诉插件作者。")
                problems.append(Problem("offer-twice", text, plugin=plugin, what=thing.code))
                continue
            offered[code] = thing
    return offered, tuple(problems)


def offer_items(answers: Iterable[tuple[str, Sequence[Item]]], categories: Mapping[str, Sequence[Category]]) -> Offer:
    """Make the sheet of a programme's version; `categories` are the declared ones by plugin name.

    An item under a category its plugin never declared is left out and told: nobody could find it on a page. So is one
    whose shared cap is another than that of the items it counts together with.
    """
    offered, problems = by_full_code(answers, ITEMS_PER_PLUGIN_MAX)
    kept: dict[str, Item] = {}
    strays: list[Problem] = []
    for code, item in offered.items():
        plugin = code.partition("/")[0]
        if item.category in {category.code for category in categories.get(plugin, ())}:
            kept[code] = item
            continue
        text = N_("插件 %(plugin)s 的条目“%(item)s”没有归到已声明的类别，没有采用。请告诉插件作者。")
        strays.append(Problem("item-category-unknown", text, plugin=plugin, item=item.title, category=item.category))
    shared, unlike = _counted_alike(kept)
    return Offer(items=shared, problems=(*problems, *strays, *unlike))


def _counted_alike(items: Mapping[str, Item]) -> tuple[dict[str, Item], list[Problem]]:
    """Leave out an item whose shared cap says something else than that of an item before it: they have one count."""
    kept: dict[str, Item] = {}
    first: dict[tuple[str, str], tuple[object, ...]] = {}
    problems: list[Problem] = []
    for code, item in items.items():
        plugin = code.partition("/")[0]
        alike = True
        for cap in item.caps:
            # Where nobody shares the count with others, it must be the same holder's as well.
            whose = item.holder_of(cap.asset or item.asset) if cap.of is None else cap.of
            says = (cap.window, cap.times_max, cap.asset, cap.amount_max, whose)
            alike = alike and (not cap.share or first.setdefault((plugin, cap.share), says) == says)
        if alike:
            kept[code] = item
            continue
        text = N_("插件 %(plugin)s 的条目“%(item)s”和别的条目合用一个上限，却写得不一样，没有采用。请告诉插件作者。")
        problems.append(Problem("item-share-unlike", text, plugin=plugin, item=item.title))
    return kept, problems
