"""The sheets of a paper book: what was entered, and adding it up. No counter is kept; every sum is made when asked for.

Nothing here knows the rules (`paper`) or the machine that is held against them (`dezhi.core.ledger`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from dezhi.core.events import FOREVER, AssetId, Holder, HolderId, Kind, Place, Role


class Lot(NamedTuple):
    """A lot by its last day. One that `stays` is not gone after it by itself, so it is drawn on later."""

    until: int
    stays: bool


LOOSE: Final = Lot(FOREVER + 1, stays=True)
"""The lot of points that belong to none. It sorts after every other."""

SYSTEM = Holder(HolderId.SYSTEM, 0)


class Purse(NamedTuple):
    """Whose points of which programme and asset, and what for."""

    programme: int
    kind: int
    holder: int
    asset: int
    role: int

    @property
    def guarded(self) -> bool:
        """Whether it belongs to somebody who can only have so much."""
        return self.role in (Role.WALLET, Role.PENDING, Role.POOL)


def purse(programme: int, holder: Holder, asset: AssetId, role: Role) -> Purse:
    """Name a purse."""
    return Purse(programme, holder.kind, holder.id, asset, role)


class Move(NamedTuple):
    """`amount` went from one purse to another."""

    source: Purse
    target: Purse
    amount: int


class Slip(NamedTuple):
    """A note on a purse: of which lot something came or went (`owned`), or was put aside."""

    purse: Purse
    lot: Lot
    owned: int
    aside: int


Lots = dict[Lot, int]
"""How much of each lot."""


Total = tuple[int, int, int, int]
"""A line of a trial balance: an asset, a role, what came and what went."""


@dataclass
class Entry:
    """One event as a clerk would write it down."""

    kind: Kind
    day: int
    at: int
    source: str
    key: str
    moves: list[Move] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    uses: list[tuple[str, int, str, int]] = field(default_factory=list)
    programme: int = 0
    place: Place | None = None
    mine: Purse | None = None
    order: str = ""
    expires: int | None = None
    whole: bool = False
    reverses: int = 0
    confirms: int = 0
    about: int | None = None
    overdraft: int | None = None
    closes: int = 0
    totals: tuple[Total, ...] = ()
    owed: bool = False
    """Whether it left its holder owing, or paid what he owed."""

    def purses(self) -> Iterator[Purse]:
        """The purses it is about."""
        for source, target, _ in self.moves:
            yield source
            yield target
        if self.mine:
            yield self.mine


class Sheets:
    """All entries of a book, in their order, and what they add up to."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    # ── points ──

    def owned(self, of: Purse) -> int:
        """What is in a purse, put aside or not."""
        total = 0
        for entry in self.entries:
            for source, target, amount in entry.moves:
                if target == of:
                    total += amount
                if source == of:
                    total -= amount
        return total

    def slips(self, of: Purse) -> Iterator[Slip]:
        """What was noted on a purse."""
        for entry in self.entries:
            for slip in entry.slips:
                if slip.purse == of:
                    yield slip

    def aside(self, of: Purse) -> int:
        """What is put aside in a purse."""
        return sum(slip.aside for slip in self.slips(of))

    def free(self, of: Purse) -> int:
        """What is in a purse and not put aside."""
        return self.owned(of) - self.aside(of)

    def lots(self, of: Purse) -> Lots:
        """What is in a purse of each lot, put aside or not, without what belongs to no lot."""
        found: Lots = {}
        for slip in self.slips(of):
            if slip.lot != LOOSE:
                found[slip.lot] = found.get(slip.lot, 0) + slip.owned
        return found

    def asides(self, of: Purse) -> Lots:
        """What is put aside in a purse, of each lot and of none."""
        found: Lots = {}
        for slip in self.slips(of):
            found[slip.lot] = found.get(slip.lot, 0) + slip.aside
        return found

    def loose(self, of: Purse) -> int:
        """What is in a purse and belongs to no lot; below zero if it is owed."""
        return self.owned(of) - sum(self.lots(of).values())

    def free_lots(self, of: Purse) -> Lots:
        """What of each lot is not put aside, the oldest first."""
        lots, aside = self.lots(of), self.asides(of)
        return {lot: left for lot in sorted(lots) if (left := lots[lot] - aside.get(lot, 0))}

    # ── orders and freezes ──

    def placed(self, order: str) -> Entry | None:
        """Where an order's points were put aside."""
        for entry in self.entries:
            if entry.order == order and entry.kind in (Kind.HOLD, Kind.FREEZE):
                return entry
        return None

    def resolved(self, order: str) -> Entry | None:
        """Where an order was settled, in whichever way."""
        for entry in self.entries:
            if entry.order == order and entry.kind in (Kind.CAPTURE, Kind.VOID, Kind.LAPSE):
                return entry
        return None

    def open_orders(self, kind: Kind = Kind.HOLD) -> list[str]:
        """The orders (or freezes) that are not settled."""
        return [entry.order for entry in self.entries if entry.kind == kind and not self.resolved(entry.order)]

    def frozen(self, of: Purse) -> bool:
        """Whether a purse is frozen as a whole."""
        return any(
            entry.whole and entry.mine == of and not self.resolved(entry.order)
            for entry in self.entries
            if entry.kind == Kind.FREEZE
        )

    # ── single facts ──

    def reversal(self, seq: int) -> int:
        """The number of the entry that took entry `seq` back; 0 if none did."""
        return next((number for number, entry in enumerate(self.entries, 1) if entry.reverses == seq), 0)

    def confirmation(self, seq: int) -> int:
        """The number of the entry that confirmed entry `seq`; 0 if none did."""
        return next((number for number, entry in enumerate(self.entries, 1) if entry.confirms == seq), 0)

    def used(self, rule: str, subject: int, period: str) -> int:
        """How much of an allowance is used up by entries that stand."""
        return sum(use[3] for entry in self.entries for use in entry.uses if use[:3] == (rule, subject, period))

    def overdraft(self, of: Purse) -> int:
        """How far below nothing a purse's holder may spend."""
        limits = [entry.overdraft for entry in self.entries if entry.kind == Kind.LIMIT and entry.mine == of]
        return (limits or [0])[-1] or 0

    def totals(self) -> tuple[Total, ...]:
        """The trial balance: what ever came to and left all purses of an asset and role."""
        sums: dict[tuple[int, int], list[int]] = {}
        for entry in self.entries:
            for source, target, amount in entry.moves:
                sums.setdefault((target.asset, target.role), [0, 0])[0] += amount
                sums.setdefault((source.asset, source.role), [0, 0])[1] += amount
        return tuple((*kind, came, went) for kind, (came, went) in sorted(sums.items()))

    def closed_through(self) -> int:
        """The last day of the last closed period; 0 if none is."""
        return max((entry.closes for entry in self.entries), default=0)

    def purses(self) -> list[Purse]:
        """Every purse that anything was entered about, in the order of first use."""
        return list(dict.fromkeys(each for entry in self.entries for each in entry.purses()))

    def touched_after(self, seq: int, programme: int, holder: Holder, until: int) -> bool:
        """Whether an entry after number `seq`, of the first `until`, was about a purse of the holder."""
        return any(
            each[:3] == (programme, holder.kind, holder.id) and each.role in (Role.WALLET, Role.PENDING)
            for entry in self.entries[seq:until]
            for each in entry.purses()
        )
