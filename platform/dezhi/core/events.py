"""What can be asked of a book, and what it answers. Plain data; the rules are in `dezhi.core.ledger`.

All amounts are whole numbers: points, credits, or minutes of volunteer time. All ids are 63-bit integers.
The annotations are the bounds: `Command.flaw` holds every request against them before anything else looks at it.
"""

import enum
import hashlib
from collections.abc import Mapping
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from dezhi.plugin import Asset


class AssetId(enum.IntEnum):
    """The assets by the number the ledger keeps. They are never mixed or exchanged (catalogue row LE-03)."""

    MORAL = 1
    HONOUR = 2
    HOURS = 3
    SAFE = 4
    COUNT = 5


class Role(enum.IntEnum):
    """What an account is for."""

    WALLET = 1
    PENDING = 2
    ISSUE = 3
    REDEEM = 4
    WRITEOFF = 5
    EXPIRED = 6
    TRANSIT = 7
    POOL = 8


class HolderId(enum.IntEnum):
    """Who holds an account. A region is a village, which has a pool of volunteer minutes."""

    SYSTEM = 0
    HOUSEHOLD = 1
    PERSON = 2
    REGION = 3


class Kind(enum.IntEnum):
    """What happened."""

    AWARD = 1
    HOLD = 2
    CAPTURE = 3
    VOID = 4
    REVERSAL = 5
    CONFIRMATION = 6
    LAPSE = 7
    EXPIRY = 8
    FREEZE = 9
    LIMIT = 10
    TRANSFER_OUT = 11
    TRANSFER_IN = 12
    OPENING = 13
    CLOSE = 14


class HoldKind(enum.IntEnum):
    """What something is set aside for: an order of goods, or because it is frozen."""

    ORDER = 1
    FREEZE = 2


class HoldState(enum.IntEnum):
    """Where a hold stands. It is resolved once and stays so."""

    OPEN = 1
    CAPTURED = 2
    VOIDED = 3
    LAPSED = 4


AMOUNT_MAX: Final = 1_000_000
"""The most one line may move: ten times any amount found in a real sheet."""

LINES_MAX: Final = 8

EVENTS_MAX: Final = 2_000
"""The most events in one command: a thousand households corrected at once, with room."""

SPENDABLE: Final = frozenset({AssetId.MORAL})
"""What can be exchanged for rewards. Honour is never spent, hours and safety are not money (catalogue row LE-03).

Only these have lots and can expire or be cleared.
"""

FREEZABLE: Final = frozenset(AssetId) - {AssetId.COUNT}
"""What can be frozen: whatever may one day be disputed. A count only says how often something happened."""

TRANSFERABLE: Final = frozenset({AssetId.HOURS})
"""What one holder can give to another, where the programme lets him: volunteer time (catalogue row LE-11)."""

FOREVER: Final = 99991231
"""A clearing through this day takes the permanent points as well."""

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


class Cap(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One use of a limited allowance: `add` more of `rule` in `period`, where at most `limit` are allowed.

    Who uses it up is the holder, or `subject`: a grid or village whose households share one allowance.
    """

    rule: Name
    period: Name
    add: Annotated[int, Meta(ge=1, le=10**9)]
    limit: Count
    subject: Id | None = None


class Lot(msgspec.Struct, frozen=True, kw_only=True):
    """The cohort points belong to, named by its last day (20261231). Points without a lot are permanent.

    With `lapses` they are gone after that day by themselves; without, they are only kept apart, so that a year can be
    cleared by decision. A day can have a lot of either sort; they are spent oldest first, permanent points last.
    """

    until: int
    lapses: bool


class Ceiling(msgspec.Struct, frozen=True, kw_only=True):
    """What would lift the holder's wallet of `asset` above `limit` goes to the pool of village `pool` instead."""

    asset: AssetId
    limit: Count
    pool: Annotated[int, Meta(ge=1, le=2**63 - 1)]


class Award(msgspec.Struct, frozen=True, kw_only=True, tag=1):
    """Points, credits or minutes for one holder, for one item.

    A `pending` award waits for its `Confirm`, which names lot and ceiling: its own are passed over. A lot is only for
    the lines of an asset that can be spent. `opening` makes the award a dated opening balance.

    `seen_at` is the number of the newest event that the plugin's facts knew (`next_seq` of that moment, less one). If
    an account of the holder has moved since, the answer is `stale` and the deed is scored again. Where the facts were
    of others than the holder, as in an award to somebody besides the one who did it, `seen_of` are those.
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
    lot: Lot | None = None
    ceiling: Ceiling | None = None
    opening: bool = False
    seen_of: tuple[Holder, ...] = ()


class Confirm(msgspec.Struct, frozen=True, kw_only=True, tag=6):
    """The notice of pending award `seq` is over: its points go to the wallet, once, unless it was reversed meanwhile.

    The caller chooses `lot` by the deed's day, or the current one where that is past or cleared. Where the deed's day
    has been closed since, it is booked on today's.
    """

    seq: Id
    event_day: int
    lot: Lot | None = None
    ceiling: Ceiling | None = None


class Hold(msgspec.Struct, frozen=True, kw_only=True, tag=2):
    """Set `amount` aside for an order. It stays the holder's, but cannot be spent twice. `seen_at` as of an `Award`.

    After `expires_at` (microseconds since 1970) it can no longer be captured, and goes back with a `Lapse` or with the
    next hold of the same wallet.
    """

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
    expires_at: Id | None = None


class Capture(msgspec.Struct, frozen=True, kw_only=True, tag=3):
    """Spend what was held for `order`: the goods were handed over. Of a smaller `amount` the rest goes back."""

    order: Name
    event_day: int
    amount: int | None = None


class Void(msgspec.Struct, frozen=True, kw_only=True, tag=4):
    """Give back what was held for `order`, or end a freeze."""

    order: Name
    event_day: int
    reason: Text = ""


class Lapse(msgspec.Struct, frozen=True, kw_only=True, tag=7):
    """Give back what was held for `order`, because its time is over."""

    order: Name
    event_day: int


class Freeze(msgspec.Struct, frozen=True, kw_only=True, tag=8):
    """Keep `amount` of a wallet from being spent until `order` is voided; None freezes the whole wallet.

    A whole wallet's freeze sets all aside that is free, and refuses new holds and transfers, so that what is earned
    later cannot be spent either. Orders placed before can still be handed over. `about` is the entry that gave the
    reason. Any asset can be frozen but counts, of which there is nothing to spend.
    """

    order: Name
    programme: Id
    version: Id
    holder: Holder
    place: Place
    event_day: int
    asset: AssetId
    amount: int | None
    about: Id | None
    reason: Text


class Expire(msgspec.Struct, frozen=True, kw_only=True, tag=9):
    """Take what is free of a wallet's lots with days up to `through`.

    Without `clearing` only of lots that lapse and are past; with it of all lots, and through `FOREVER` of the permanent
    points too. What is held stays. `expect` is the sum that a preview showed: any other is refused as `stale`.
    `place` is where the holder belongs; without it the entry counts in no village.
    """

    account: Id
    through: int
    event_day: int
    reason: Text
    expect: Count | None = None
    clearing: bool = False
    place: Place | None = None


class Limit(msgspec.Struct, frozen=True, kw_only=True, tag=10):
    """Let a wallet go below zero by `overdraft`; 0, as it is at first, takes that back. A debt stays as it is."""

    programme: Id
    holder: Holder
    place: Place
    event_day: int
    asset: AssetId
    overdraft: Annotated[int, Meta(ge=0, le=AMOUNT_MAX)]
    reason: Text


class Reverse(msgspec.Struct, frozen=True, kw_only=True, tag=5):
    """Correct event `seq` by its linked opposite; the only way to correct. On today's day where `event_day` is closed.

    If the points were already spent, what is left is taken and the rest is written off (`clip`), or it is refused, or
    the wallet goes below zero (`debt`, only where it may: see `Limit`). What a village's pool no longer has is always
    written off unless that is refused.
    """

    seq: Id
    event_day: int
    reason: Text
    if_spent: Literal["clip", "refuse", "debt"] = "clip"


class Transfer(msgspec.Struct, frozen=True, kw_only=True, tag=11):
    """Give minutes to another holder or to a village's pool; also back out of a pool. Two entries: out, and in.

    A region's place has household 0. Whether `giver` may give to `taker` is the programme's rule and is asked before.
    Nothing that is owed can be given. It is corrected by giving back, never reversed.
    """

    programme: Id
    version: Id
    item: Name
    asset: AssetId
    amount: int
    giver: Holder
    giver_place: Place
    taker: Holder
    taker_place: Place
    event_day: int
    reason: Text


class Close(msgspec.Struct, frozen=True, kw_only=True, tag=12):
    """Close all days up to `through`, which must be past: nothing is booked on them any more.

    The entry fixes the trial balance: the totals of all accounts at that moment, by asset and role.
    """

    through: int
    event_day: int


Event = Award | Confirm | Hold | Capture | Void | Lapse | Freeze | Expire | Limit | Reverse | Transfer | Close
"""What can be asked. Tags are part of a request's digest and never change."""

_ADDED: Final[Mapping[type, Mapping[str, object]]] = {
    Award: {"lot": None, "ceiling": None, "opening": False},
    Hold: {"expires_at": None},
    Capture: {"amount": None},
    Void: {"reason": ""},
}
"""Fields that the ledger of release 0.1.0 did not have, with what they say when they say nothing."""


def _asked(event: Event) -> object:
    """An event as its digest covers it: that of a request sent to an older release is the same here."""
    added = _ADDED.get(type(event))
    if added is None:
        return event
    plain: dict[str, object] = msgspec.to_builtins(event)
    if "seen_at" in plain:
        plain["seen_at"] = None
        plain.pop("seen_of", None)
    return {name: value for name, value in plain.items() if name not in added or value != added[name]}


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

        Without `asked` it covers the events, except for `seen_at` and `seen_of`: when and at what somebody looked.
        """
        if self.asked:
            return hashlib.sha256(self.asked).digest()
        return hashlib.sha256(msgspec.msgpack.encode([_asked(event) for event in self.events])).digest()

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
    `not_spendable` (asset), `no_order`, `resolved` (order already done), `order_used`, `lapsed` (the order's time is
    over), `frozen`, `reversed`, `no_entry`, `not_reversible`, `spent`, `no_debt` (this wallet may not go below zero),
    `not_pending`, `confirmed` (already), `not_due`, `nothing` (to take), `no_account`, `not_transferable` (asset),
    `stale` (see `Award.seen_at` and `Expire.expect`), `malformed` (`Command.flaw`, or parts that contradict each
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
    Asset.COUNT: AssetId.COUNT,
}
"""The ledger's number for the contract's word; `ASSET_OF` is the way back."""

ASSET_OF: Final = {number: asset for asset, number in ASSETS.items()}
