"""平安家庭: safe families carry the safe village.

The status is assessed with preconditions, sections and stars and ends after a year; it is no sum of points. The small
things of all year bring safety credits, which are never spent.
"""

from collections.abc import Sequence
from datetime import date

from dezhi.plugin import (
    Assessment,
    Award,
    Declaration,
    Deed,
    Due,
    Entry,
    Item,
    Notice,
    Page,
    Table,
    Total,
    Visit,
    awards_as_declared,
    hook,
)

from . import assessing, daily, telling
from .english import ENGLISH
from .settings import Choices

NAME = "dezhi-safe-family"

PLUGIN = Declaration(
    settings=Choices,
    categories=(assessing.CATEGORY, daily.CATEGORY),
    notice="七无只记符合或者未评，从不记原因。",
    english=ENGLISH,
)


@hook
def items(settings: Choices) -> list[Item]:
    """Offer the assessment, what is done all year, and the base."""
    return [assessing.item(settings), *daily.items(settings), *daily.base(settings)]


@hook
def score(settings: Choices, deed: Deed) -> list[Award]:
    """Give what the stars bring, and what the sheet says of the rest."""
    if deed.plugin != NAME:
        return []
    if deed.code == assessing.CODE:
        return assessing.earned(settings, deed)
    offered = {item.code: item for item in [*daily.items(settings), *daily.base(settings)]}
    return awards_as_declared(offered[deed.code], deed) if deed.code in offered else []


@hook
def assess(settings: Choices, deed: Deed) -> Assessment | None:
    """Say what the yearly assessment comes to."""
    return assessing.assessed(settings, deed) if deed.code == assessing.CODE else None


@hook
def schedule(settings: Choices, day: date) -> list[Due]:
    """Give every household its base on New Year's Day."""
    return daily.due(settings, day.month, day.day)


@hook
def reports(settings: Choices, totals: Sequence[Total]) -> list[Table]:
    """Make the tables of the year."""
    return telling.tables(settings, totals)


@hook
def notices(entry: Entry) -> list[Notice]:
    """Tell the household until when it holds."""
    return telling.told(entry)


@hook
def page(settings: Choices, visit: Visit) -> Page | None:
    """Explain the assessment."""
    return telling.page(settings, visit.path)
