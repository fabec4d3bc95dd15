"""Which of two rules goes first: by what the sheet declares, and by nothing else (RU-06)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar

from dezhi.plugin import Asset

from ..parts import Campaign, Row


class Ordered(Protocol):
    """Anything that says what it goes before."""

    @property
    def code(self) -> str: ...

    @property
    def before(self) -> tuple[str, ...]: ...


T = TypeVar("T", bound=Ordered)


def after(things: Iterable[Ordered]) -> dict[str, frozenset[str]]:
    """Everything each thing goes before, directly or by way of others."""
    direct = {thing.code: frozenset(thing.before) for thing in things}
    return {code: _reached(code, direct) for code in direct}


def circle(things: Iterable[Ordered]) -> tuple[str, ...]:
    """Return a circle of things each of which goes before the next, its first named again at the end; or nothing."""
    direct = {thing.code: thing.before for thing in things}
    done: set[str] = set()
    for start in direct:
        path: list[str] = []
        trail = [iter((start,))]
        while trail:
            code = next(trail[-1], None)
            if code is None:
                trail.pop()
                if path:
                    done.add(path.pop())
            elif code in path:
                return (*path[path.index(code) :], code)
            elif code in direct and code not in done:
                path.append(code)
                trail.append(iter(direct[code]))
    return ()


def undecided(things: Sequence[T], later: Mapping[str, frozenset[str]]) -> Iterable[tuple[T, T]]:
    """Pairs of which neither goes before the other."""
    for at, one in enumerate(things):
        for other in things[at + 1 :]:
            if other.code not in later.get(one.code, ()) and one.code not in later.get(other.code, ()):
                yield one, other


def chosen_by_people(row: Row) -> bool:
    """Tell whether somebody sets the points of each deed, so that no campaign multiplies them."""
    return row.vote or bool(row.most)


def covers(campaign: Campaign, row: Row) -> bool:
    """Tell whether a campaign is about a row. Hours are what they were, and what people set stays as set."""
    if chosen_by_people(row) or row.asset in {Asset.HOURS, Asset.COUNT}:
        return False
    return not campaign.rows or row.code in campaign.rows


def campaign_of(campaigns: Iterable[Campaign], row: Row, day: date) -> Campaign | None:
    """Return the one campaign that counts for a row on a day of the village."""
    running = [one for one in campaigns if one.first <= day <= one.last and covers(one, row)]
    if len(running) < 2:  # noqa: PLR2004 - nothing to decide
        return running[0] if running else None
    later = after(campaigns)
    return max(running, key=lambda one: len([other for other in running if other.code in later[one.code]]))


def _reached(code: str, direct: Mapping[str, frozenset[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = [code]
    while waiting:
        for one in direct.get(waiting.pop(), ()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return frozenset(found)
