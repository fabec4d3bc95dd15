"""What can be asked of a book, and what it answers. Plain data; the rules are in `dezhi.core.ledger`.

All amounts are whole numbers: points, credits, or minutes of volunteer time. All ids are 63-bit integers.
"""

import enum
import hashlib
from typing import Final

import msgspec


class AssetId(enum.IntEnum):
    """The four assets by the number the ledger keeps. They are never mixed or exchanged (catalogue row LE-03)."""

    MORAL = 1
    HONOUR = 2
    HOURS = 3
    SAFE = 4


class Role(enum.IntEnum):
    """What an account is for."""

    WALLET = 1
    PENDING = 2
    ISSUE = 3
    REDEEM = 4
    WRITEOFF = 5


class HolderId(enum.IntEnum):
    """Who holds an account."""

    SYSTEM = 0
    HOUSEHOLD = 1
    PERSON = 2


class Kind(enum.IntEnum):
    """What happened."""

    AWARD = 1
    HOLD = 2
    CAPTURE = 3
    VOID = 4
    REVERSAL = 5


class HoldState(enum.IntEnum):
    OPEN = 1
    CAPTURED = 2
    VOIDED = 3


AMOUNT_MAX: Final = 1_000_000
"""The most one line may move: ten times any amount found in a real sheet."""

LINES_MAX: Final = 8


class Holder(msgspec.Struct, frozen=True, array_like=True):
    kind: HolderId
    id: int


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where the holder belonged on the day of the deed. Frozen into the entry, so that moving house rewrites nothing."""

    household: int
    village: int
    grid: int | None = None
    person: int | None = None


class Cap(msgspec.Struct, frozen=True, kw_only=True):
    """One use of a limited allowance: `add` more of `rule` in `period`, where at most `limit` are allowed."""

    rule: str
    period: str
    add: int
    limit: int


class Award(msgspec.Struct, frozen=True, kw_only=True, tag=1):
    """Points, credits or minutes for one holder, for one item. `seen_at`: see `Outcome.code` `stale`."""

    programme: int
    version: int
    item: str
    holder: Holder
    place: Place
    event_day: int
    lines: tuple[tuple[AssetId, int], ...]
    reason: str
    proposer_person: int | None
    proposer_household: int | None
    approver_person: int | None = None
    caps: tuple[Cap, ...] = ()
    pending: bool = False
    seen_at: int | None = None


class Hold(msgspec.Struct, frozen=True, kw_only=True, tag=2):
    """Set `amount` aside for an order. It stays the holder's, but cannot be spent twice."""

    order: str
    programme: int
    version: int
    item: str
    holder: Holder
    place: Place
    event_day: int
    asset: AssetId
    amount: int
    reason: str
    proposer_person: int | None = None


class Capture(msgspec.Struct, frozen=True, kw_only=True, tag=3):
    """Spend what was held for `order`: the goods were handed over."""

    order: str
    event_day: int


class Void(msgspec.Struct, frozen=True, kw_only=True, tag=4):
    """Give back what was held for `order`."""

    order: str
    event_day: int


class Reverse(msgspec.Struct, frozen=True, kw_only=True, tag=5):
    """Correct event `seq` by its linked opposite; the only way to correct.

    If the points were already spent, what is left is taken and the rest is written off (`clip`), or it is refused.
    """

    seq: int
    event_day: int
    reason: str
    if_spent: str = "clip"


Event = Award | Hold | Capture | Void | Reverse


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What one request asks of one book: all of `events`, or none.

    `source` and `key` name the request for ever (catalogue row AW-11). `actor` is the staff member who sent it, 0 for
    a resident or the system.
    """

    source: str
    key: str
    actor: int
    events: tuple[Event, ...]

    def digest(self) -> bytes:
        """SHA-256 over what is asked, without how it was sent: the same content gives the same digest.

        `seen_at` is left out, for a proposal that was scored again asks for the same thing.
        """
        asked = [
            msgspec.structs.replace(event, seen_at=None) if isinstance(event, Award) else event for event in self.events
        ]
        return hashlib.sha256(msgspec.msgpack.encode(asked)).digest()


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a command. `code` is empty when it was booked; `seqs` are the numbers of its events.

    Codes: `short` (not enough to spend), `cap` (a limit is reached), `conflict` (the key was used for something else),
    `self_award`, `future`, `closed` (period), `amount`, `no_order`, `resolved` (order or hold already done),
    `reversed`, `no_entry`, `not_reversible`, `spent`, `order_used`, `stale` (the holder's account moved since the
    plugin looked: score again). `left` is what could still be had where that helps.
    """

    code: str = ""
    seqs: tuple[int, ...] = ()
    left: int | None = None
    detail: str = ""
    replay: bool = False

    @property
    def booked(self) -> bool:
        return not self.code


UNREMEMBERED: Final = frozenset({"conflict", "stale"})
"""Refusals that say nothing lasting about the request itself, so its key stays free."""
