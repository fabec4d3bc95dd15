"""The savings of a year by month and heading, and each item's times."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from dezhi.plugin import Asset, Table, Total

from .rows import CATEGORIES, FILIAL, FRIEND, HONEST, HOUR, SAFETY, VOLUNTEER
from .settings import Choices
from .sheet import sheet

_COUNTED: Final = {
    FRIEND.code: Asset.MORAL,
    FILIAL.code: Asset.MORAL,
    HONEST.code: Asset.MORAL,
    VOLUNTEER.code: Asset.HOURS,
    SAFETY.code: Asset.SAFE,
}


def tables(choices: Choices, totals: Sequence[Total]) -> list[Table]:
    """Return what was saved under each heading by month, and how often each thing was done."""
    items = sheet(choices)
    months: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_COUNTED, 0))
    times: dict[str, int] = defaultdict(int)
    for total in totals:
        item = items.get(total.item)
        if item is None:
            continue
        if total.asset is _COUNTED[item.category]:
            months[f"{total.month:%Y-%m}"][item.category] += total.amount
        if total.asset is item.asset:
            times[item.code] += total.times
    rows: tuple[tuple[int | str, ...], ...] = tuple(
        (month, *((amount // HOUR if code == VOLUNTEER.code else amount) or "–" for code, amount in found.items()))
        for month, found in sorted(months.items())
    )
    return [
        Table(
            code="savings",
            title="各月储蓄",
            columns=("月份", *(category.title for category in CATEGORIES)),
            rows=rows,
            about="三项储蓄和平安以分计，志愿时以整小时计。",
        ),
        Table(
            code="items",
            title="各项记了几次",
            columns=("做什么", "次数"),
            rows=tuple((item.title, times[item.code]) for item in items.values() if item.code in times),
        ),
    ]
