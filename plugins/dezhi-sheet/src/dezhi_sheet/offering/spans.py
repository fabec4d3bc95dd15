"""How little and how much a row can give by its own arithmetic."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from dezhi.plugin import MINUTES_MAX, Asset

from ..awarding.reckoning import FULL, HOUR, percent_of
from ..parts import Per, Row

PEOPLE_MAX: Final = 20  # of one household who took part
QUANTITY_MAX: Final = 10**6
STEPS_MAX: Final = 1_000  # of a quantity, where the row does not say how much may be entered
GROUP_MAX: Final = 200  # households of one group award
LIKE_MAX: Final = 60  # rows one choice can list


class Span(NamedTuple):
    """The least and the most an award may be; a least of 0 means that it may come to nothing and is counted then."""

    least: int
    most: int


def span(row: Row) -> Span:
    """What the row's own arithmetic can come to, before campaigns and limits."""
    if row.levels:
        amounts = [level.points for level in row.levels]
        return Span(min(amounts), max(amounts))
    if row.tiers:
        return Span(0, max(tier.points for tier in row.tiers))
    if row.inspection is not None:
        return Span(0, row.points or row.inspection.full)
    if row.sections or row.judges is not None or row.blend is not None:
        marks = row.judges.most if row.judges else FULL
        return Span(0, row.points or (row.blend.most if row.blend else marks))
    if row.most:
        return Span(row.least or 1, row.most)
    return _counted(row)


def _counted(row: Row) -> Span:
    match row.per:
        case Per.PERSON:
            return Span(row.points, row.points * PEOPLE_MAX)
        case Per.QUANTITY:
            return Span(row.points, row.points * (quantity_most(row) // (row.every or 1)))
        case Per.HOUR if row.asset is Asset.HOURS:
            return Span(1, MINUTES_MAX)
        case Per.HOUR:
            most = row.points * (MINUTES_MAX // (row.every or HOUR))
            return Span(0, max((percent_of(most, one.percent) for one in row.coefficients), default=most))
        case _:
            return Span(row.points, row.points)


def quantity_most(row: Row) -> int:
    """The most of a quantity a clerk may enter."""
    return row.quantity_most or min(QUANTITY_MAX, (row.every or 1) * STEPS_MAX)


def analogous(row: Row, others: Iterable[Row]) -> Span:
    """What the rows that can be named by analogy give."""
    amounts = [one.points for one in alike_to(row, others)]
    return Span(min(amounts, default=0), max(amounts, default=0))


def alike_to(row: Row, others: Iterable[Row]) -> tuple[Row, ...]:
    """The rows a deed can be likened to: those that give the same each time, of the same asset and holder."""
    alike = (one for one in others if is_flat(one) and one.asset is row.asset and one.holder is row.holder)
    return tuple(alike)[:LIKE_MAX]


def is_flat(row: Row) -> bool:
    """Tell whether a row gives the same each time, so that another deed can be likened to it."""
    shaped = row.levels or row.inspection or row.sections or row.judges or row.blend or row.vote or row.analogy
    return bool(row.points) and not shaped and not row.most and row.per in {Per.TIME, Per.HOUSEHOLD} and not row.group
