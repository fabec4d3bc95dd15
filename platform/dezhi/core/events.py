"""What can be asked of a book, and what it answers. Plain data; the rules are in `dezhi.core.ledger`.

All amounts are whole numbers: points, credits, or minutes of volunteer time. All ids are 63-bit integers.
The annotations are the bounds: `Command.flaw` holds every request against them before anything else looks at it.
"""

import enum
import hashlib
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from dezhi.plugin import Asset


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
    """Where a hold stands. It is resolved once and stays so."""

    OPEN = 1
    CAPTURED = 2
    VOIDED = 3


AMOUNT_MAX: Final = 1_000_000
"""The most one line may move: ten times any amount found in a real sheet."""

LINES_MAX: Final = 8

EVENTS_MAX: Final = 2_000
"""The most events in one command: a thousand households corrected at once, with room."""

SPENDABLE: Final = frozenset({AssetId.MORAL})
"""What can be exchanged for rewards. Honour is never spent, hours and safety are not money (catalogue row LE-03)."""

Id = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Count = Annotated[int, Meta(ge=0, le=10**12)]
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Text = Annotated[str, Meta(max_length=2_000, pattern=r"^[^\x00]*$")]
"""Free text. Zero bytes are refused because PostgreSQL cannot keep them."""


class Holder(msgspec.Struct, frozen=True, array_like=True):
    """Whose account: a household or a person of the register, by its random id."""

    kind: HolderId
    id: Id


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where the holder belonged on the day of the deed. Frozen into the entry, so moving house rewrites nothing.

    `person` is who did it; it is the holder itself where a person holds the account.
    """

    household: Id
    village: Id
    grid: Id | None = None
    person: Id | None = None


class Cap(msgspec.Struct, frozen=True, kw_only=True):
    """One use of a limited allowance: `add` more of `rule` in `period`, where at most `limit` are allowed."""

    rule: Name
    period: Name
    add: Annotated[int, Meta(ge=1, le=10**9)]
    limit: Count


class Award(msgspec.Struct, frozen=True, kw_only=True, tag=1):
    """Points, credits or minutes for one holder, for one item.

    `seen_at` is the number of the newest event that the plugin's facts knew (`next_seq` of that moment, less one). If
    an account of the holder has moved since, the answer is `stale` and the deed is scored again.
    """

    programme: Id
    version: Id
    item: Name
    holder: Holder
    place: Place
    event_day: int
    lines: tuple[tuple[AssetId, int], ...]
    reason: Text
    proposer_person: Id | None
    proposer_household: Id | None
    approver_person: Id | None = None
    caps: tuple[Cap, ...] = ()
    pending: bool = False
    seen_at: Id | None = None


class Hold(msgspec.Struct, frozen=True, kw_only=True, tag=2):
    """Set `amount` aside for an order. It stays the holder's, but cannot be spent twice. `seen_at` as of an `Award`."""

    order: Name
    programme: Id
    version: Id
    item: Name
    holder: Holder
    place: Place
    event_day: int
    asset: AssetId
    amount: int
    reason: Text
    proposer_person: Id | None = None
    seen_at: Id | None = None


class Capture(msgspec.Struct, frozen=True, kw_only=True, tag=3):
    """Spend what was held for `order`: the goods were handed over."""

    order: Name
    event_day: int


class Void(msgspec.Struct, frozen=True, kw_only=True, tag=4):
    """Give back what was held for `order`."""

    order: Name
    event_day: int


class Reverse(msgspec.Struct, frozen=True, kw_only=True, tag=5):
    """Correct event `seq` by its linked opposite; the only way to correct.

    If the points were already spent, what is left is taken and the rest is written off (`clip`), or it is refused.
    """

    seq: Id
    event_day: int
    reason: Text
    if_spent: Literal["clip", "refuse"] = "clip"


Event = Award | Hold | Capture | Void | Reverse


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What one request asks of one book: all of `events`, or none.

    `source` and `key` name the request for ever (catalogue row AW-11). `actor` is the staff member who sent it, 0 for
    a resident or the system. Where the events were computed from the request (plugins scored a deed), `asked` is the
    canonical form of the request itself: sent again later it may be scored differently, and is still the same request.
    """

    source: Name
    key: Name
    actor: Id
    events: Annotated[tuple[Event, ...], Meta(min_length=1, max_length=EVENTS_MAX)]
    asked: bytes = b""

    def digest(self) -> bytes:
        """SHA-256 over what is asked, without how it was sent: the same content gives the same digest.

        Without `asked` it covers the events, except for `seen_at`, which says only when somebody looked.
        """
        if self.asked:
            return hashlib.sha256(self.asked).digest()
        plain = [
            msgspec.structs.replace(event, seen_at=None) if isinstance(event, Award | Hold) else event
            for event in self.events
        ]
        return hashlib.sha256(msgspec.msgpack.encode(plain)).digest()

    def flaw(self) -> str:
        """Why this is no request at all (an id of 64 bits, an empty key, half a character), or an empty string."""
        try:
            _COMMAND.decode(msgspec.msgpack.encode(self))
        except (ValueError, TypeError, OverflowError) as broken:  # msgspec's own errors are ValueErrors
            return str(broken)
        return ""


_COMMAND: Final = msgspec.msgpack.Decoder(Command)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a command. `code` is empty when it was booked; `seqs` are the numbers of its events.

    Codes: `short` (not enough to spend), `cap` (a limit is reached), `conflict` (the key was used for something else),
    `self_award`, `approver` (who approves may be neither proposer nor holder), `future`, `closed` (period), `amount`,
    `not_spendable` (asset), `no_order`, `resolved` (order already done), `order_used`, `reversed`, `no_entry`,
    `not_reversible`, `spent`, `stale` (see `Award.seen_at`), `malformed` (`Command.flaw`, or parts that contradict each
    other). `left` is what could still be had where that helps.
    """

    code: str = ""
    seqs: tuple[int, ...] = ()
    left: int | None = None
    detail: str = ""
    replay: bool = False

    @property
    def booked(self) -> bool:
        """Whether the command is in the book, now or already before."""
        return not self.code


UNREMEMBERED: Final = frozenset({"conflict", "stale", "amount", "malformed"})
"""Refusals that say nothing lasting about the state of the book, so the key stays free for a corrected request."""

ASSETS: Final = {
    Asset.MORAL: AssetId.MORAL,
    Asset.HONOUR: AssetId.HONOUR,
    Asset.HOURS: AssetId.HOURS,
    Asset.SAFE: AssetId.SAFE,
}
"""The ledger's number for the contract's word; `ASSET_OF` is the way back."""

ASSET_OF: Final = {number: asset for asset, number in ASSETS.items()}
