"""Deriving a book again from the bodies of its events, which alone are the truth, and naming every row that differs.

Rows come as they stream by, in the order of their keys. Memory grows with accounts and open orders, not with events:
what grows with them (resolved orders, reversals, allowances) is handed out by `drain` to be kept aside.
Why so: docs/adr/0072-audit.md.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from dezhi.core import tree
from dezhi.core.body import Body, Opening, decode
from dezhi.core.comparing import COLUMNS, KEYS, UNTOLD, Row, compare, named
from dezhi.core.events import HoldKind, HoldState, Kind, Role
from dezhi.core.faults import Fault, Faults

_BODY: Final = COLUMNS["txn"].index("body")
_SEQ: Final = COLUMNS["txn"].index("seq")
_FLOORED: Final = frozenset({Role.WALLET, Role.PENDING, Role.POOL})
_RESOLVED: Final[Mapping[int, HoldState]] = {
    Kind.CAPTURE: HoldState.CAPTURED,
    Kind.VOID: HoldState.VOIDED,
    Kind.LAPSE: HoldState.LAPSED,
}
_GAP_MAX: Final = 20
"""Missing events of one gap that are named."""


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


class BookAudit:
    """One book. Takes its events, says which postings they should have, and in the end which rows of other tables."""

    def __init__(self, standing: Standing, faults: Faults) -> None:
        self.standing = standing
        self.faults = faults
        self.fresh = Fresh()
        self._old_format: set[int] = set()  # events whose uses of allowances the rows of `cap_use` tell
        self._digests: dict[int, tuple[bytes, bytes]] = {}  # salt and digest of events' texts
        self._odd_rows: dict[tuple[str, int], list[Row]] = {}  # texts and uses whose event has not come
        self._postings: list[Row] = []
        self._sealed: list[bytes] | None = None  # the log over the leaves as stored, once one of them differs
        self._odd: list[Fault] = []  # of leaves that differ: it is either the leaf or the body
        self._gaps: list[tuple[int, int]] = []
        self._whole = True  # whether every leaf is in its place

    # ── events ──

    def take(self, rows: Iterable[Row]) -> list[Row]:
        """Derive from the next events; return the postings that they should have."""
        self._postings = []
        at = self.standing
        for row in rows:
            at.last = (row[1], row[2])
            data = row[_BODY]
            leaf = tree.leaf_hash(data)
            try:
                body = decode(data)
            except ValueError:
                self.faults.row("unreadable", "txn", named("txn", row))
                # The log goes on with the leaf that was made of it when it could still be read.
                if self._in_order(row[_SEQ]):
                    self._append(row[-1], row[-1])
                continue
            derived = (*body[:8], *body[9:22], body.salt, data, leaf)
            if tuple(row) != derived:
                self._differs(row, derived)
                if body.book != at.book:
                    continue
            place = body.seq if leaf == row[-1] else row[_SEQ]
            if self._in_order(place):
                self._append(leaf, row[-1])
            elif not self._found_late(row, place):
                continue
            self._apply(body, data[0])
        return self._postings

    def _differs(self, row: Row, derived: Row) -> None:
        for column, stored, told in zip(COLUMNS["txn"], row, derived, strict=True):
            if stored == told:
                continue
            fault = self.faults.column("txn", named("txn", row), column, stored, told)
            if column == "leaf":
                self._odd.append(fault)

    def _append(self, leaf: bytes, stored: bytes) -> None:
        at = self.standing
        if leaf != stored and self._sealed is None:
            self._sealed = list(at.frontier)
        if self._whole:
            if self._sealed is not None:
                self._sealed = tree.append(self._sealed, at.size, stored)
            at.frontier = tree.append(at.frontier, at.size, leaf)
        at.size += 1

    def _in_order(self, place: int) -> bool:
        """Whether an event comes at its place or later; then what should have come before it is noted as missing."""
        at = self.standing
        if place <= at.size:
            return False
        if place > at.size + 1:
            self._gaps.append((at.size + 1, place - 1))
            self._whole = False
            at.size = place - 1
        return True

    def _found_late(self, row: Row, place: int) -> bool:
        """Whether an event that comes too late was missed before; one that comes again is told."""
        for number, (first, last) in enumerate(self._gaps):
            if first <= place <= last:
                self._gaps[number : number + 1] = [
                    gap for gap in ((first, place - 1), (place + 1, last)) if gap[0] <= gap[1]
                ]
                return True
        self.faults.row("extra", "txn", named("txn", row))
        return False

    # ── what an event does ──

    def _apply(self, body: Body, form: int) -> None:
        at = self.standing
        if body.posted_at < at.last_posted_at:
            key = dict(zip(KEYS["txn"], body, strict=False))
            self.faults.column("txn", key, "posted_at", body.posted_at, f">= {at.last_posted_at}")
        at.last_posted_at = max(at.last_posted_at, body.posted_at)
        for opening in body.opened:
            at.accounts[opening.account] = Sums(opening, opening.role in _FLOORED)
            at.next_account = max(at.next_account, opening.account + 1)
        if body.text_digest:
            self._digests[body.seq] = (body.salt, body.text_digest)
        if form == 1:
            self._old_format.add(body.seq)
        at.closed_through = body.closes or at.closed_through
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
            self._postings.append((*body[:3], number, *line, dr.after, cr.after, *tail))

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
            if self._whole:
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

    # ── what goes with events ──

    def beside(self, texts: Iterable[Row], uses: Iterable[Row]) -> None:
        """The texts, and the uses of allowances as of format 1, of events up to the last one taken.

        A text that was erased is simply not there.
        """
        for row in texts:
            self._text(row)
        for row in uses:
            self._use(row)
        for (table, seq), rows in list(self._odd_rows.items()):
            known = self._digests if table == "txn_text" else self._old_format
            if seq in known:
                del self._odd_rows[table, seq]
                for row in rows:
                    self._text(row) if table == "txn_text" else self._use(row)
        last = self.standing.last[1]
        self._digests = {seq: one for seq, one in self._digests.items() if seq > last}
        self._old_format = {seq for seq in self._old_format if seq > last}

    def _text(self, row: Row) -> None:
        if row[1] not in self._digests:
            self._odd_rows.setdefault(("txn_text", row[1]), []).append(row)
            return
        salt, wanted = self._digests[row[1]]
        if hashlib.sha256(salt + row[2].encode()).digest() != wanted:
            self.faults.column("txn_text", named("txn_text", row), "text", row[2], f"sha256 {wanted.hex()}")

    def _use(self, row: Row) -> None:
        if row[1] not in self._old_format:
            self._odd_rows.setdefault(("cap_use", row[1]), []).append(row)
            return
        self.fresh.uses.append(row)
        key = (row[2], row[3], row[4])
        self.fresh.caps[key] = self.fresh.caps.get(key, 0) + row[5]

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

    def end(self, stored: Row | None, columns: Sequence[str]) -> None:
        """Hold the book's own row against the events, once all of them were taken."""
        at = self.standing
        told = dict(zip(columns, stored or (), strict=False))
        self._settle_leaves(told)
        for first, last in self._gaps:
            self._missing(first, last)
        for (table, _), rows in self._odd_rows.items():
            for row in rows:
                self.faults.row("extra", table, named(table, row))
        if stored is None:
            self.faults.row("missing", "book", {"book_id": at.book})
            return
        root = tree.root(at.frontier)
        derived: dict[str, object] = {
            "book_id": at.book,
            "next_seq": at.size + 1,
            "next_account": at.next_account,
            "last_posted_at": at.last_posted_at,
            "closed_through": at.closed_through,
        }
        if told["next_seq"] - 1 > at.size and self._whole and told["head"] != root:
            # The log is longer than what is left of it: its end was cut off.
            self._missing(at.size + 1, told["next_seq"] - 1)
        # A log with a gap has no root, and one whose leaves are as they were sealed has the stored one.
        elif self._whole and (self._sealed is None or tree.root(self._sealed) != told["head"]):
            derived |= {"frontier": tree.pack(at.frontier), "head": root}
        compare(self.faults, "book", columns, stored, [derived.get(column, UNTOLD) for column in columns])

    def _missing(self, first: int, last: int) -> None:
        for seq in range(first, min(last, first + _GAP_MAX - 1) + 1):
            self.faults.row("missing", "txn", {"book_id": self.standing.book, "seq": seq})
        if last - first >= _GAP_MAX:
            rest = f"{first + _GAP_MAX}-{last}"
            self.faults.row("missing", "txn", {"book_id": self.standing.book, "seq": rest})

    def _settle_leaves(self, told: Mapping[str, Any]) -> None:
        """Where a leaf and its body disagree, and the log was made of the leaves as they are: it is the body."""
        if self._sealed is None or not self._whole or tree.root(self._sealed) != told.get("head"):
            return
        for fault in self._odd:
            self.faults.put_right(
                fault, msgspec.structs.replace(fault, column="body", stored=fault.derived, derived=fault.stored)
            )
