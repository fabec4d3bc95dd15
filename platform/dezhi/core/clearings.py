"""Year clearings: a year's moral points that were not spent end, after it was announced, for a whole village at once.

Honour points, hours and safety points are never cleared: the ledger has no way to do it.
"""

import enum
import hashlib
from collections.abc import Iterable
from datetime import date, datetime

import msgspec


class ClearingState(enum.IntEnum):
    """Where a clearing stands."""

    ANNOUNCED = 1
    RUNNING = 2
    DONE = 3
    UNDOING = 4
    UNDONE = 5
    CALLED_OFF = 6

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done, so that there can be no second one of the year."""
        return self in {ClearingState.ANNOUNCED, ClearingState.RUNNING, ClearingState.UNDOING}


class Clearing(msgspec.Struct, frozen=True, kw_only=True):
    """One clearing of one village: points of deeds up to `through` end on `due` at the earliest."""

    id: int
    book: int
    programme: int
    village: int
    through: date
    due: date
    state: ClearingState
    announced_by: int
    announced_at: datetime
    decided_by: int | None = None
    decided_at: datetime | None = None
    undone_by: int | None = None
    undone_at: datetime | None = None
    undo_reason: str = ""

    @property
    def year(self) -> int:
        """The year whose points end."""
        return self.through.year


class Share(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """What one wallet loses, or lost."""

    account: int
    holder_kind: int
    holder: int
    amount: int


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a clearing would take now, by wallet."""

    shares: tuple[Share, ...]

    @property
    def total(self) -> int:
        """All of it together."""
        return sum(share.amount for share in self.shares)

    @property
    def mark(self) -> str:
        """A name of exactly this preview: whoever decides sends it back, and any difference is seen."""
        return mark_of(self.shares)


def mark_of(shares: Iterable[Share]) -> str:
    """The name of what some wallets lose."""
    text = "\n".join(f"{share.account} {share.amount}" for share in sorted(shares))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
