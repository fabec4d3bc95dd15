"""What the events make: accounts, lots, holds, counters and links, derived from one body after the other.

Memory grows with accounts and open orders, not with events: what grows with them (lots, resolved orders, reversals,
confirmations, allowances) is handed out by `drain` to be kept aside.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from dezhi.core.body import Body, Opening
from dezhi.core.comparing import KEYS, Row
from dezhi.core.events import HoldKind, HoldState, Kind, Role
from dezhi.core.faults import Faults

_FLOORED: Final = frozenset({Role.WALLET, Role.PENDING, Role.POOL})
_RESOLVED: Final[Mapping[int, HoldState]] = {
    Kind.CAPTURE: HoldState.CAPTURED,
    Kind.VOID: HoldState.VOIDED,
    Kind.LAPSE: HoldState.LAPSED,
}


class Sums(msgspec.Struct):
    """An account as the events make it."""

    whose: Opening
    has_floor: bool
    credits: int = 0
    debits: int = 0
    held: int = 0
    overdraft: int = 0
    frozen: int = 0
    last_seq: int = 0

    @property
    def debt_limit(self) -> int:
        """How far it may be below zero: what is allowed, or what a reversal has left."""
        return max(self.overdraft, self.held + self.debits - self.credits) if self.has_floor else 0

    @property
    def after(self) -> int | None:
        """The balance as a posting notes it: of holders' accounts only."""
        return self.credits - self.debits if self.has_floor else None


class Order(msgspec.Struct):
    """A hold as the events make it."""

    seq: int
    account: int
    asset: int
    amount: int
    kind: int
    expires_at: int | None
    captured: int = 0
    state: int = HoldState.OPEN
    resolved_seq: int | None = None


class Standing(msgspec.Struct):
    """Where the deriving of a book stands. `last` is the key of the last event's row."""

    book: int
    size: int = 0
    postings: int = 0
    last: tuple[int, int] = (0, 0)
    frontier: list[bytes] = []
    last_posted_at: int = 0
    closed_through: int = 0
    region: int | None = None
    next_account: int = 1
    accounts: dict[int, Sums] = {}
    orders: dict[str, Order] = {}


class Fresh(msgspec.Struct):
    """What was derived since the last `drain`, of the tables that grow with the events.

    `caps` are changes by (rule, subject, period), `lots` by (account, until, lapses). `returned` are reversed events
    whose uses of allowances only the rows of `cap_use` tell, as in bodies of format 1.
    """

    holds: list[Row] = []
    reversals: list[Row] = []
    confirmations: list[Row] = []
    lots: dict[tuple[int, int, int], list[int]] = {}
    caps: dict[tuple[str, int, str], int] = {}
    uses: list[Row] = []
    returned: list[int] = []


class Deriving:
    """One book, event by event. Nothing is decided here: bodies tell what moved."""

    def __init__(self, standing: Standing, faults: Faults) -> None:
        self.standing = standing
        self.faults = faults
        self.fresh = Fresh()
        self.postings: list[Row] = []
        """The rows that the lines of this stretch's events make."""
        self.whole = True
        """Whether no event is missing so far: one that is explains what else seems wrong."""

    def apply(self, body: Body, form: int) -> None:
        """Take the next event, whose body is of format `form`."""
        at = self.standing
        if body.posted_at < at.last_posted_at:
            key = dict(zip(KEYS["txn"], body, strict=False))
            self.faults.column("txn", key, "posted_at", body.posted_at, f">= {at.last_posted_at}")
        at.last_posted_at = max(at.last_posted_at, body.posted_at)
        for opening in body.opened:
            at.accounts[opening.account] = Sums(opening, opening.role in _FLOORED)
            at.next_account = max(at.next_account, opening.account + 1)
        at.closed_through = body.closes or at.closed_through
        at.region = body.region or at.region
        self._sums(body)
        self._hold(body)
        if body.confirms is not None:
            self.fresh.confirmations.append((at.book, body.confirms, body.seq))
        if body.reverses is not None:
            self.fresh.reversals.append((at.book, body.reverses, body.seq))
            if form == 1:
                self.fresh.returned.append(body.reverses)
        tail = (body.kind, body.event_day, *body[9:10], body.item, *body[16:20])
        for number, line in enumerate(body.lines):
            dr, cr = self._account(body, line.dr), self._account(body, line.cr)
            dr.debits += line.amount
            cr.credits += line.amount
            dr.last_seq = cr.last_seq = body.seq
            self.postings.append((*body[:3], number, *line, dr.after, cr.after, *tail))

    def _sums(self, body: Body) -> None:
        """What an event changes in allowances, lots and the overdraft of an account."""
        for use in body.caps:
            cap = (use.rule, use.subject, use.period)
            self.fresh.caps[cap] = self.fresh.caps.get(cap, 0) + use.add
        for move in body.cohorts:
            lot = self.fresh.lots.setdefault(move[:3], [0, 0, 0])
            for at, change in enumerate(move[3:]):
                lot[at] += change
        if body.overdraft is not None and body.held_from is not None:
            wallet = self._account(body, body.held_from)
            wallet.overdraft, wallet.last_seq = body.overdraft, body.seq

    def _account(self, body: Body, number: int) -> Sums:
        found = self.standing.accounts.get(number)
        if found is None:
            if self.whole:
                # Else what opened it is among the missing, which are named.
                self.faults.column("txn", dict(zip(KEYS["txn"], body, strict=False)), "body", f"account {number}", None)
            found = Sums(Opening(number, 0, 0, 0, 0, 0), has_floor=False)
            self.standing.accounts[number] = found
        return found

    def _hold(self, body: Body) -> None:
        at = self.standing
        if body.kind in (Kind.HOLD, Kind.FREEZE) and body.held_from is not None and body.held is not None:
            wallet = self._account(body, body.held_from)
            wallet.held += body.held
            wallet.last_seq = body.seq
            wallet.frozen += body.frozen or 0
            kind = HoldKind.FREEZE if body.kind == Kind.FREEZE else HoldKind.ORDER
            order = Order(body.seq, body.held_from, wallet.whose.asset, body.held, kind, body.expires_at)
            at.orders[body.order] = order
        elif body.kind in _RESOLVED:
            found = at.orders.pop(body.order, None)
            if found is None:
                key = dict(zip(KEYS["txn"], body, strict=False))
                self.faults.column("txn", key, "order_ref", body.order, None)
                return
            order = found
            wallet = self._account(body, order.account)
            wallet.held -= order.amount
            wallet.frozen += body.frozen or 0
            wallet.last_seq = body.seq
            order.captured = sum(line.amount for line in body.lines)
            order.state = _RESOLVED[body.kind]
            order.resolved_seq = body.seq
            self.fresh.holds.append(self._order(body.order, order))

    def _order(self, name: str, order: Order) -> Row:
        return (
            *(self.standing.book, name, order.seq, order.account, order.asset, order.amount),
            *(order.captured, order.state, order.resolved_seq, order.kind, order.expires_at),
        )

    def drain(self) -> Fresh:
        """What was derived since the last time, of the tables that grow with the events."""
        fresh, self.fresh = self.fresh, Fresh()
        return fresh

    # ── what all events make ──

    def accounts(self) -> Iterator[Row]:
        """The rows of `account`, in the order of their key."""
        for number, one in sorted(self.standing.accounts.items()):
            yield (
                *(self.standing.book, number, *one.whose[1:], one.credits, one.debits, one.held, one.debt_limit),
                *(int(one.has_floor), one.last_seq, one.overdraft, one.frozen),
            )

    def open_orders(self) -> Iterator[Row]:
        """The rows of `hold` that are not resolved: the others were drained."""
        for name, order in self.standing.orders.items():
            yield self._order(name, order)
