"""What a book's movements come to on boards: what was earned, by day, household, person and item."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from dezhi.core.events import Kind, Role

EARNING: Final = frozenset({Kind.AWARD, Kind.OPENING, Kind.CONFIRMATION})
"""What brings points that count. An opening balance counts on its own day: it was earned, on paper."""

COUNTED: Final = frozenset({Role.WALLET, Role.POOL, Role.WRITEOFF})
"""Where earned points are or were. What is pending is on no board before its notice is over."""


class Movement(NamedTuple):
    """A line of an event, and the roles of the accounts between which it moved."""

    seq: int
    kind: int
    dr_role: int
    cr_role: int
    asset: int
    amount: int
    day: int
    programme: int
    item: str
    household: int | None
    person: int | None
    village: int | None


class ScoreKey(NamedTuple):
    """Whose score of which day. `person` is 0 where no doer is named."""

    village: int
    day: int
    programme: int
    household: int
    person: int
    item: str
    asset: int


class Score(NamedTuple):
    """Points earned, less what was reversed; entries that stand; the number of the newest event that counted."""

    earned: int
    entries: int
    reached: int


def _sign(one: Movement) -> int:
    """1 for what was earned, -1 for what was taken back of it, 0 for all else."""
    if one.kind in EARNING:
        return int(one.cr_role in COUNTED)
    # The reversal of a capture or a clearing gives back what was earned long ago.
    if one.kind == Kind.REVERSAL and one.cr_role == Role.ISSUE:
        return -int(one.dr_role in COUNTED)
    return 0


def scores(movements: Iterable[Movement]) -> dict[ScoreKey, Score]:
    """What movements, in the order of their numbers, add to the scores they count in."""
    found: dict[ScoreKey, Score] = {}
    for one in movements:
        sign = _sign(one)
        if not sign or one.household is None or one.village is None:
            continue
        key = ScoreKey(one.village, one.day, one.programme, one.household, one.person or 0, one.item, one.asset)
        old = found.get(key, Score(0, 0, 0))
        # Several lines of one event are one entry.
        found[key] = Score(old.earned + sign * one.amount, old.entries + sign * (old.reached != one.seq), one.seq)
    return found
