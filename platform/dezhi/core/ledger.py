"""The ledger's state machine: pure, total, deterministic. No clock, no randomness, no database.

`decide` takes what a batch of commands touches and answers what becomes of each, with every row to be written. The same
code serves live posting, dry runs and replay. Design: `docs/explanation/ledger.md`.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from dezhi.core import tree
from dezhi.core.body import Body, Line, encode, text_digest
from dezhi.core.calendar import day, from_micros
from dezhi.core.events import (
    AMOUNT_MAX,
    LINES_MAX,
    UNREMEMBERED,
    AssetId,
    Award,
    Cap,
    Capture,
    Command,
    Event,
    Hold,
    Holder,
    HolderId,
    HoldState,
    Kind,
    Outcome,
    Place,
    Reverse,
    Role,
    Void,
)

SYSTEM = Holder(HolderId.SYSTEM, 0)
REVERSIBLE = {Kind.AWARD, Kind.CAPTURE}


class AccountKey(NamedTuple):
    """What makes an account unique inside a book. Points of two programmes never share one."""

    programme: int
    holder_kind: int
    holder_id: int
    asset: int
    role: int


class Account(msgspec.Struct):
    """Totals only ever grow; the balance is `credits - debits`, of which `held` is set aside."""

    id: int
    key: AccountKey
    credits: int = 0
    debits: int = 0
    held: int = 0
    debt_limit: int = 0
    last_seq: int = 0

    @property
    def balance(self) -> int:
        return self.credits - self.debits

    @property
    def free(self) -> int:
        """What can be spent now. For a holder's account never below minus the debt limit."""
        return self.balance - self.held

    @property
    def has_floor(self) -> bool:
        return self.key.role in (Role.WALLET, Role.PENDING)


class Held(msgspec.Struct):
    """A hold: `seq` is the event that placed it."""

    seq: int
    order: str
    account: int
    asset: int
    amount: int
    programme: int
    version: int
    item: str
    place: Place
    state: int = HoldState.OPEN
    captured: int = 0
    resolved_seq: int | None = None


class Target(msgspec.Struct, frozen=True):
    """An event already in the book that a reversal names."""

    seq: int
    kind: int
    programme: int
    version: int
    item: str
    place: Place | None
    lines: tuple[Line, ...]
    caps: tuple[tuple[str, int, str, int], ...]
    reversed_by: int | None


class Remembered(NamedTuple):
    """What a key was used for, and what became of it."""

    digest: bytes
    outcome: Outcome


CapKey = tuple[str, int, str]
"""(rule, subject, period)."""


class Book(msgspec.Struct, frozen=True):
    """The head of a book. `next_seq - 1` events are in it; `frontier` is its tree."""

    id: int
    next_seq: int
    next_account: int
    frontier: tuple[bytes, ...]
    last_posted_at: int
    closed_through: int = 0


class State(msgspec.Struct):
    """What a batch touches, as it stands in the book."""

    book: Book
    accounts: dict[AccountKey, Account] = {}
    by_id: dict[int, Account] = {}
    caps: dict[CapKey, int] = {}
    holds: dict[str, Held] = {}
    targets: dict[int, Target] = {}
    requests: dict[tuple[str, str], Remembered] = {}


class TxnRow(NamedTuple):
    """An event as it will be stored: its body, and the columns projected from it."""

    body: Body
    data: bytes
    leaf: bytes
    text: str


class PostingRow(NamedTuple):
    """One movement as it will be stored. `dr_after`/`cr_after`: balance of a holder's account right after it."""

    seq: int
    line: int
    dr: int
    cr: int
    asset: int
    amount: int
    dr_after: int | None
    cr_after: int | None


class RequestRow(NamedTuple):
    source: str
    key: str
    digest: bytes
    outcome: Outcome


class Decision(NamedTuple):
    """Everything a batch changes, ready to be written in one transaction. `outcomes` are in the order of the commands."""

    outcomes: list[Outcome]
    book: Book
    txns: list[TxnRow]
    postings: list[PostingRow]
    requests: list[RequestRow]
    accounts: list[Account]
    caps: dict[CapKey, int]
    cap_uses: list[tuple[int, str, int, str, int]]
    holds: list[Held]
    reversals: list[tuple[int, int]]


class Refused(Exception):
    """One event cannot be booked, so its whole command is not."""

    def __init__(self, code: str, left: int | None = None, detail: str = "") -> None:
        super().__init__(code)
        self.outcome = Outcome(code=code, left=left, detail=detail)


class Touch(NamedTuple):
    """What must be read before a batch can be decided."""

    requests: set[tuple[str, str]]
    holders: set[int]
    caps: set[CapKey]
    orders: set[str]
    targets: set[int]


def touches(commands: Iterable[Command]) -> Touch:
    """What a batch touches. The store reads it and follows targets and orders to their accounts and caps."""
    touch = Touch(set(), {0}, set(), set(), set())
    for command in commands:
        touch.requests.add((command.source, command.key))
        for event in command.events:
            match event:
                case Award():
                    touch.holders.add(event.holder.id)
                    touch.caps.update((cap.rule, event.holder.id, cap.period) for cap in event.caps)
                case Hold():
                    touch.holders.add(event.holder.id)
                    touch.orders.add(event.order)
                case Capture() | Void():
                    touch.orders.add(event.order)
                case Reverse():
                    touch.targets.add(event.seq)
    return touch


class _Draft:
    """One command's changes, kept apart until all of its events have passed."""

    def __init__(self, state: State, decision: "_Batch") -> None:
        self.state = state
        self.batch = decision
        self.next_seq = decision.next_seq
        self.next_account = decision.next_account
        self.accounts: dict[AccountKey, Account] = {}
        self.by_id: dict[int, Account] = {}
        self.caps: dict[CapKey, int] = {}
        self.holds: dict[str, Held] = {}
        self.reversals: dict[int, int] = {}
        self.txns: list[TxnRow] = []
        self.postings: list[PostingRow] = []
        self.cap_uses: list[tuple[int, str, int, str, int]] = []

    def account(self, programme: int, holder: Holder, asset: int, role: Role) -> Account:
        key = AccountKey(programme, holder.kind, holder.id, asset, role)
        found = self.accounts.get(key)
        if found is not None:
            return found
        old = self.state.accounts.get(key)
        if old is not None:
            return self._copy(old)
        opened = Account(id=self.next_account, key=key)
        self.next_account += 1
        self._keep(opened)
        return opened

    def account_by_id(self, account_id: int) -> Account:
        return self.by_id.get(account_id) or self._copy(self.state.by_id[account_id])

    def _copy(self, old: Account) -> Account:
        copy = Account(
            id=old.id,
            key=old.key,
            credits=old.credits,
            debits=old.debits,
            held=old.held,
            debt_limit=old.debt_limit,
            last_seq=old.last_seq,
        )
        self._keep(copy)
        return copy

    def _keep(self, account: Account) -> None:
        self.accounts[account.key] = account
        self.by_id[account.id] = account

    def hold(self, order: str) -> Held | None:
        return self.holds.get(order) or self.state.holds.get(order)

    def use(self, cap: Cap, subject: int) -> None:
        key = (cap.rule, subject, cap.period)
        used = self.caps.get(key, self.state.caps.get(key, 0))
        if used + cap.add > cap.limit:
            raise Refused("cap", left=max(0, cap.limit - used), detail=cap.rule)
        self.caps[key] = used + cap.add
        self.cap_uses.append((self.next_seq, cap.rule, subject, cap.period, cap.add))

    def book(self, kind: Kind, command: Command, digest: bytes, fields: "_Fields", lines: Sequence[Line]) -> int:
        """Number the event, fix its body and leaf, move its lines. Returns its number."""
        seq, at, book = self.next_seq, self.batch.at, self.state.book
        salt = hashlib.sha256(self.batch.entropy + seq.to_bytes(8, "big")).digest()[:16]
        place = fields.place
        body = Body(
            book=book.id,
            period=self.batch.period,
            seq=seq,
            kind=kind,
            event_day=fields.event_day,
            posted_at=at,
            source=command.source,
            key=command.key,
            digest=digest,
            programme=fields.programme,
            version=fields.version,
            item=fields.item,
            actor=command.actor,
            proposer_person=fields.proposer_person,
            proposer_household=fields.proposer_household,
            approver_person=fields.approver_person,
            household=place.household if place else None,
            person=place.person if place else None,
            grid=place.grid if place else None,
            village=place.village if place else None,
            reverses=fields.reverses,
            order=fields.order,
            text_digest=text_digest(salt, fields.text),
            salt=salt,
            lines=tuple(lines),
        )
        data = encode(body)
        self.txns.append(TxnRow(body, data, tree.leaf_hash(data), fields.text))
        for number, line in enumerate(lines):
            self._move(seq, number, line)
        self.next_seq += 1
        return seq

    def _move(self, seq: int, number: int, line: Line) -> None:
        dr, cr = self.account_by_id(line.dr), self.account_by_id(line.cr)
        dr.debits += line.amount
        cr.credits += line.amount
        if dr.has_floor and dr.free + dr.debt_limit < 0:
            raise Refused("short", left=max(0, dr.free + line.amount))
        dr.last_seq = cr.last_seq = seq
        self.postings.append(
            PostingRow(
                seq,
                number,
                line.dr,
                line.cr,
                line.asset,
                line.amount,
                dr.balance if dr.has_floor else None,
                cr.balance if cr.has_floor else None,
            )
        )


class _Fields(msgspec.Struct, kw_only=True):
    """The columns of an event that differ by kind."""

    event_day: int
    programme: int
    version: int
    item: str
    place: Place | None
    text: str = ""
    order: str = ""
    reverses: int | None = None
    proposer_person: int | None = None
    proposer_household: int | None = None
    approver_person: int | None = None


class _Batch:
    """What the batch has decided so far."""

    def __init__(self, state: State, at: int, entropy: bytes) -> None:
        local = from_micros(at)
        self.at = at
        self.entropy = entropy
        self.period = local.year * 100 + local.month
        self.today = day(local.date())
        self.next_seq = state.book.next_seq
        self.next_account = state.book.next_account
        self.frontier: list[bytes] = list(state.book.frontier)
        self.txns: list[TxnRow] = []
        self.postings: list[PostingRow] = []
        self.requests: list[RequestRow] = []
        self.cap_uses: list[tuple[int, str, int, str, int]] = []
        self.accounts: dict[int, Account] = {}
        self.caps: dict[CapKey, int] = {}
        self.holds: dict[str, Held] = {}
        self.reversals: dict[int, int] = {}

    def take(self, state: State, draft: _Draft) -> None:
        """Make a passed command's changes the batch's own, so that the next command sees them."""
        for row in draft.txns:
            self.frontier = tree.append(self.frontier, row.body.seq - 1, row.leaf)
        self.txns += draft.txns
        self.postings += draft.postings
        self.cap_uses += draft.cap_uses
        self.next_seq, self.next_account = draft.next_seq, draft.next_account
        for account in draft.accounts.values():
            self.accounts[account.id] = state.accounts[account.key] = state.by_id[account.id] = account
        state.caps.update(draft.caps)
        self.caps.update(draft.caps)
        state.holds.update(draft.holds)
        self.holds.update(draft.holds)
        self.reversals.update(draft.reversals)


def _check_day(event_day: int, state: State, batch: _Batch) -> None:
    if event_day > batch.today:
        raise Refused("future")
    if event_day <= state.book.closed_through:
        raise Refused("closed")


def _check_amount(amount: object) -> None:
    if type(amount) is not int or not 0 < amount <= AMOUNT_MAX:
        raise Refused("amount", detail=str(amount)[:40])


def _award(event: Award, command: Command, digest: bytes, draft: _Draft) -> int:
    if not 0 < len(event.lines) <= LINES_MAX:
        raise Refused("amount")
    if event.proposer_household is not None and event.proposer_household == event.place.household:
        raise Refused("self_award")
    if event.proposer_person is not None and event.proposer_person == event.place.person:
        raise Refused("self_award")
    role = Role.PENDING if event.pending else Role.WALLET
    lines = []
    for asset, amount in event.lines:
        _check_amount(amount)
        issue = draft.account(event.programme, SYSTEM, asset, Role.ISSUE)
        holder = draft.account(event.programme, event.holder, asset, role)
        if event.seen_at is not None and holder.last_seq > event.seen_at:
            raise Refused("stale")
        lines.append(Line(issue.id, holder.id, asset, amount))
    for cap in event.caps:
        draft.use(cap, event.holder.id)
    fields = _Fields(
        event_day=event.event_day,
        programme=event.programme,
        version=event.version,
        item=event.item,
        place=event.place,
        text=event.reason,
        proposer_person=event.proposer_person,
        proposer_household=event.proposer_household,
        approver_person=event.approver_person,
    )
    return draft.book(Kind.AWARD, command, digest, fields, lines)


def _place_hold(event: Hold, command: Command, digest: bytes, draft: _Draft) -> int:
    _check_amount(event.amount)
    if draft.hold(event.order) is not None:
        raise Refused("order_used")
    wallet = draft.account(event.programme, event.holder, event.asset, Role.WALLET)
    wallet.held += event.amount
    if wallet.free + wallet.debt_limit < 0:
        raise Refused("short", left=max(0, wallet.free + event.amount))
    fields = _Fields(
        event_day=event.event_day,
        programme=event.programme,
        version=event.version,
        item=event.item,
        place=event.place,
        text=event.reason,
        order=event.order,
        proposer_person=event.proposer_person,
    )
    seq = draft.book(Kind.HOLD, command, digest, fields, ())
    wallet.last_seq = seq
    draft.holds[event.order] = Held(
        seq=seq,
        order=event.order,
        account=wallet.id,
        asset=event.asset,
        amount=event.amount,
        programme=event.programme,
        version=event.version,
        item=event.item,
        place=event.place,
    )
    return seq


def _resolve(event: Capture | Void, command: Command, digest: bytes, draft: _Draft) -> int:
    held = draft.hold(event.order)
    if held is None:
        raise Refused("no_order")
    if held.state != HoldState.OPEN:
        raise Refused("resolved")
    wallet = draft.account_by_id(held.account)
    wallet.held -= held.amount
    kind, state, captured, lines = Kind.VOID, HoldState.VOIDED, 0, ()
    if isinstance(event, Capture):
        kind, state, captured = Kind.CAPTURE, HoldState.CAPTURED, held.amount
        redeem = draft.account(held.programme, SYSTEM, held.asset, Role.REDEEM)
        lines = (Line(wallet.id, redeem.id, held.asset, held.amount),)
    fields = _Fields(
        event_day=event.event_day,
        programme=held.programme,
        version=held.version,
        item=held.item,
        place=held.place,
        order=held.order,
    )
    seq = draft.book(kind, command, digest, fields, lines)
    wallet.last_seq = seq
    draft.holds[event.order] = msgspec.structs.replace(held, state=state, captured=captured, resolved_seq=seq)
    return seq


def _reverse(event: Reverse, command: Command, digest: bytes, draft: _Draft) -> int:
    target = draft.state.targets.get(event.seq)
    if target is None:
        raise Refused("no_entry")
    if target.kind not in REVERSIBLE:
        raise Refused("not_reversible")
    if target.reversed_by is not None or event.seq in draft.reversals or event.seq in draft.batch.reversals:
        raise Refused("reversed")
    lines: list[Line] = []
    for line in target.lines:
        taken = line.amount
        holder = draft.account_by_id(line.cr)
        if holder.has_floor:
            already = sum(one.amount for one in lines if one.dr == holder.id)
            taken = max(0, min(line.amount, holder.free - already))
        if taken < line.amount and event.if_spent == "refuse":
            raise Refused("spent", left=taken)
        if taken:
            lines.append(Line(line.cr, line.dr, line.asset, taken))
        if taken < line.amount:
            lost = draft.account(target.programme, SYSTEM, line.asset, Role.WRITEOFF)
            lines.append(Line(lost.id, line.dr, line.asset, line.amount - taken))
    for rule, subject, period, add in target.caps:
        key = (rule, subject, period)
        used = draft.caps.get(key, draft.state.caps.get(key, 0))
        draft.caps[key] = max(0, used - add)
    fields = _Fields(
        event_day=event.event_day,
        programme=target.programme,
        version=target.version,
        item=target.item,
        place=target.place,
        text=event.reason,
        reverses=event.seq,
    )
    seq = draft.book(Kind.REVERSAL, command, digest, fields, lines)
    draft.reversals[event.seq] = seq
    return seq


def _apply(event: Event, command: Command, digest: bytes, draft: _Draft) -> int:
    _check_day(event.event_day, draft.state, draft.batch)
    match event:
        case Award():
            return _award(event, command, digest, draft)
        case Hold():
            return _place_hold(event, command, digest, draft)
        case Capture() | Void():
            return _resolve(event, command, digest, draft)
        case Reverse():
            return _reverse(event, command, digest, draft)


def _one(command: Command, state: State, batch: _Batch) -> Outcome:
    digest = command.digest()
    before = state.requests.get((command.source, command.key))
    if before is not None:
        if before.digest != digest:
            return Outcome(code="conflict")
        return msgspec.structs.replace(before.outcome, replay=True)
    draft = _Draft(state, batch)
    try:
        outcome = Outcome(seqs=tuple([_apply(event, command, digest, draft) for event in command.events]))
        batch.take(state, draft)
    except Refused as refused:
        outcome = refused.outcome
    if outcome.code not in UNREMEMBERED:
        state.requests[(command.source, command.key)] = Remembered(digest, outcome)
        batch.requests.append(RequestRow(command.source, command.key, digest, outcome))
    return outcome


def decide(state: State, commands: Sequence[Command], clock: int, entropy: bytes) -> Decision:
    """What becomes of `commands`, in their order, and every row that must be written for it.

    `clock` is the time in microseconds; a book's time never goes back. `entropy` (32 random bytes, new for each batch)
    seeds the salts. `state` holds what `touches(commands)` named; it is used up. Total amounts stay equal: every
    movement debits one account and credits another.
    """
    at = max(clock, state.book.last_posted_at + 1)
    batch = _Batch(state, at, entropy)
    outcomes = [_one(command, state, batch) for command in commands]
    book = msgspec.structs.replace(
        state.book,
        next_seq=batch.next_seq,
        next_account=batch.next_account,
        frontier=tuple(batch.frontier),
        last_posted_at=at if batch.txns else state.book.last_posted_at,
    )
    return Decision(
        outcomes=outcomes,
        book=book,
        txns=batch.txns,
        postings=batch.postings,
        requests=batch.requests,
        accounts=list(batch.accounts.values()),
        caps=batch.caps,
        cap_uses=batch.cap_uses,
        holds=list(batch.holds.values()),
        reversals=list(batch.reversals.items()),
    )


ASSETS = {asset.name.lower(): asset for asset in AssetId}
