"""Which past deeds a backtest speaks of, so that no two answers differ by what fewer than five households did.

Days are taken as whole calendar months that are over. Within them an item's deeds are counted in *blocks*: from the
village's first deed on, months are put together until five households did the item; a block is counted whole or not at
all. Blocks depend on the books alone, not on the days asked for and not on the draft, so two answers differ by blocks.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from dezhi.core.errors import Problem
from dezhi.core.periods import period_span
from dezhi.core.suppression import CELL_MIN
from dezhi.core.text import N_, dated
from dezhi.plugin import Window


class Did(NamedTuple):
    """That a household did what an item is for, in a month: like 202611."""

    item: str
    month: int
    household: int


def month_of(event_day: int) -> int:
    """The month of a day like 20261122."""
    return event_day // 100


def last_whole(today: date) -> date:
    """The last day of the month before the one that runs."""
    return period_span(Window.MONTH, today)[0] - timedelta(days=1)


def year_to(day: date) -> date:
    """The first day of the twelve months of which a day's month is the last."""
    following = period_span(Window.MONTH, day)[1] + timedelta(days=1)
    return following.replace(year=following.year - 1)


def whole_months(since: date, until: date, today: date) -> tuple[date, date]:
    """The whole months of some days: those at both ends in full, the one that still runs not at all.

    Raises Problem `span` where they end before they begin, `span-month` where no whole month is among them.
    """
    if since > until:
        raise Problem("span", N_("起止日期反了：开始的一天要在结束的一天以前。"), field="since")
    over = last_whole(today)
    first, last = period_span(Window.MONTH, since)[0], min(period_span(Window.MONTH, until)[1], over)
    if first > last:
        text = N_("试算按整月算，没有过完的月份不算：最晚算到%(day)s。请选早一点的日子。")
        raise Problem("span-month", text, field="until", day=dated(over))
    return first, last


def counted_months(found: Iterable[Did], since: date, until: date) -> set[tuple[str, int]]:
    """Which items are counted in which months, of everything that was ever done up to `until`."""
    by_item: dict[str, dict[int, set[int]]] = {}
    for one in found:
        by_item.setdefault(one.item, {}).setdefault(one.month, set()).add(one.household)
    first, last = (on.year * 100 + on.month for on in (since, until))
    counted: set[tuple[str, int]] = set()
    for item, months in by_item.items():
        block: list[int] = []
        homes: set[int] = set()
        for month in sorted(months):
            block.append(month)
            homes |= months[month]
            if len(homes) >= CELL_MIN:
                if first <= block[0] and month <= last:
                    counted.update((item, each) for each in block)
                block, homes = [], set()
    return counted


def in_fives(count: int) -> int:
    """A number of households, or of deeds a draft treats alike, as it is shown: to the nearest five."""
    return (count + CELL_MIN // 2) // CELL_MIN * CELL_MIN


def signs_in_fives(households: int, better: int, worse: int) -> tuple[int, int, int]:
    """How many gain, lose and stay, as it is shown: the first two in fives, the last what is left of them all."""
    told = [min(in_fives(count), households // CELL_MIN * CELL_MIN) for count in (better, worse)]
    while sum(told) > households:
        most = max((0, 1), key=lambda at: told[at] - (better, worse)[at])
        told[most] -= CELL_MIN
    return told[0], told[1], households - sum(told)
