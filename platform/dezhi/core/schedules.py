"""What the calendar made due: which days are still to be asked about, and what came of one."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

import msgspec

BACK_DAYS: Final = 40
"""How far back a day is caught up with on which nothing ran."""


class NotBooked(msgspec.Struct, frozen=True, kw_only=True):
    """A household for which a due deed was not booked, and why, in the words it was refused with."""

    household: int
    why: str


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one due item (its full code) on one day."""

    item: str
    booked: int
    left: tuple[NotBooked, ...] = ()


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a village's day. `troubles` are sentences for staff; with any, the day is asked about again."""

    due: tuple[Booked, ...] = ()
    troubles: tuple[str, ...] = ()


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """A day that was asked about, under which version."""

    village: int
    day: date
    version: int
    sound: bool
    told: Told


def open_days(today: date, in_force: Mapping[date, int], asked: Mapping[date, Day]) -> Iterator[date]:
    """Yield the days to ask about, the oldest first: those of the last `BACK_DAYS` under a version nobody asked yet.

    `in_force` are the versions by the days they rule; a day under none of them has nothing due.
    """
    for back in range(BACK_DAYS, -1, -1):
        day = today - timedelta(days=back)
        known = asked.get(day)
        if day in in_force and (known is None or not known.sound or known.version != in_force[day]):
            yield day
