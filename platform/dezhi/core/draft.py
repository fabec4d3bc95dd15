"""What a batch has decided so far, and one command's changes while they may still be dropped. For the rules alone."""

import hashlib
from collections.abc import Sequence
from copy import copy
from typing import NamedTuple

import msgspec

from dezhi.core import tree
from dezhi.core.body import Body, CapMove, CohortMove, Line, Opening, Total, encode, text_digest
from dezhi.core.book import (
    Account,
    AccountKey,
    CapKey,
    Cohort,
    CohortKey,
    Held,
    PostingRow,
    RequestRow,
    State,
    Target,
    TxnRow,
)
from dezhi.core.calendar import day, from_micros
from dezhi.core.events import AssetId, Cap, Command, Holder, HolderId, HoldState, Kind, Outcome, Place, Role


class Refused(Exception):
    """One event cannot be booked, so its whole command is not."""

    def __init__(self, code: str, left: int | None = None, detail: str = "") -> None:
        super().__init__(code)
        self.outcome = Outcome(code=code, left=left, detail=detail)


class Order(NamedTuple):
    """The command an event comes from, and its digest."""

    command: Command
    digest: bytes


class Fields(msgspec.Struct, kw_only=True):
    """The columns of an event that differ by kind. `holder` tells where it counts when there is no `place`."""

    event_day: int
    programme: int = 0
    version: int = 0
    item: str = ""
    place: Place | None = None
    holder: AccountKey | None = None
    text: str = ""
    order: str = ""
    reverses: int | None = None
    proposer_person: int | None = None
    proposer_household: int | None = None
    approver_person: int | None = None
    held_from: int | None = None
    held: int | None = None
    expires_at: int | None = None
    overdraft: int | None = None
    confirms: int | None = None
    about: int | None = None
    frozen: int | None = None
    closes: int | None = None
    totals: tuple[Total, ...] = ()


def _where(fields: Fields) -> tuple[int | None, int | None, int | None, int | None]:
    """Household, person, grid and village."""
    place, holder = fields.place, fields.holder
    if place is not None:
        # A village's pool belongs to no household.
        return place.household or None, place.person, place.grid, place.village
    if holder is None:
        return None, None, None, None
    of_household, of_person = holder.holder_kind == HolderId.HOUSEHOLD, holder.holder_kind == HolderId.PERSON
    return holder.holder_id if of_household else None, holder.holder_id if of_person else None, None, None


class Batch:
    """What the batch has decided so far."""

    def __init__(self, state: State, at: int, entropy: bytes) -> None:
        local = from_micros(at)
        self.at = at
        self.entropy = entropy
        self.period = local.year * 100 + local.month
        self.today = day(local.date())
        self.next_seq = state.book.next_seq
        self.next_account = state.book.next_account
        self.closed_through = state.book.closed_through
        self.frontier: list[bytes] = list(state.book.frontier)
        self.txns: list[TxnRow] = []
        self.postings: list[PostingRow] = []
        self.requests: list[RequestRow] = []
        self.accounts: dict[int, Account] = {}
        self.caps: dict[CapKey, int] = {}
        self.cohorts: dict[CohortKey, Cohort] = {}
        self.holds: dict[str, Held] = {}
        self.reversals: dict[int, int] = {}
        self.confirmations: dict[int, Body] = {}
        self.due: dict[int, list[str]] = {}
        """Orders whose time was over when the batch began, by account."""
        for held in sorted(state.holds.values(), key=lambda held: held.seq):
            if held.state == HoldState.OPEN and held.expires_at is not None and held.expires_at <= at:
                self.due.setdefault(held.account, []).append(held.order)

    def take(self, state: State, draft: "Draft") -> None:
        """Make a passed command's changes the batch's own, so that the next command sees them."""
        for row in draft.txns:
            self.frontier = tree.append(self.frontier, row.body.seq - 1, row.leaf)
        self.txns += draft.txns
        self.postings += draft.postings
        self.next_seq, self.next_account, self.closed_through = draft.next_seq, draft.next_account, draft.closed_through
        for account in draft.accounts.values():
            self.accounts[account.id] = state.accounts[account.key] = state.by_id[account.id] = account
        state.caps.update(draft.caps)
        self.caps.update(draft.caps)
        for cohort in draft.cohorts.values():
            state.put(cohort)
        self.cohorts.update(draft.cohorts)
        state.holds.update(draft.holds)
        self.holds.update(draft.holds)
        self.reversals.update(draft.reversals)
        self.confirmations.update(draft.confirmations)


class Draft:
    """One command's changes, kept apart until all of its events have passed."""

    def __init__(self, state: State, batch: Batch) -> None:
        self.state = state
        self.batch = batch
        self.next_seq = batch.next_seq
        self.next_account = batch.next_account
        self.closed_through = batch.closed_through
        self.accounts: dict[AccountKey, Account] = {}
        self.by_id: dict[int, Account] = {}
        self.caps: dict[CapKey, int] = {}
        self.cohorts: dict[CohortKey, Cohort] = {}
        self.holds: dict[str, Held] = {}
        self.reversals: dict[int, int] = {}
        self.confirmations: dict[int, Body] = {}
        self.txns: list[TxnRow] = []
        self.postings: list[PostingRow] = []
        self._opened: list[Opening] = []
        self._used: list[CapMove] = []
        self._lots: dict[CohortKey, list[int]] = {}

    def account(self, programme: int, holder: Holder, asset: int, role: Role) -> Account:
        """The account to change; opened now if this is its first use."""
        key = AccountKey(programme, holder.kind, holder.id, asset, role)
        found = self.accounts.get(key)
        if found is not None:
            return found
        old = self.state.accounts.get(key)
        if old is not None:
            return self._copy(old)
        opened = Account(id=self.next_account, key=key)
        self.next_account += 1
        self._opened.append(Opening(opened.id, *key))
        self._keep(opened)
        return opened

    def account_by_id(self, account_id: int) -> Account:
        """The account to change, of which the number is known from an entry or a hold."""
        return self.by_id.get(account_id) or self._copy(self.state.by_id[account_id])

    def _copy(self, old: Account) -> Account:
        changed = copy(old)
        self._keep(changed)
        return changed

    def _keep(self, account: Account) -> None:
        self.accounts[account.key] = account
        self.by_id[account.id] = account

    def moved_since(self, programme: int, holder: Holder, seq: int) -> bool:
        """Whether an account of the holder moved after event `seq`, by another command than this one."""
        keys = (
            AccountKey(programme, holder.kind, holder.id, asset, role)
            for asset in AssetId
            for role in (Role.WALLET, Role.PENDING)
        )
        found = (self.state.accounts.get(key) for key in keys)
        return any(account is not None and account.last_seq > seq for account in found)

    def lots(self, account: int) -> list[Cohort]:
        """The account's lots as this command has left them so far, oldest first."""
        found = dict(self.state.cohorts.get(account, ()))
        found.update((key, cohort) for key, cohort in self.cohorts.items() if key[0] == account)
        return sorted(found.values(), key=_age)

    def lot(self, key: CohortKey) -> Cohort | None:
        """One lot as this command has left it so far."""
        return self.cohorts.get(key) or self.state.cohorts.get(key[0], {}).get(key)

    def move_lot(self, key: CohortKey, granted: int = 0, used: int = 0, reserved: int = 0) -> None:
        """Change a lot, which is opened by its first change, by the event that is booked next."""
        lot = self.cohorts.get(key)
        if lot is None:
            old = self.lot(key)
            lot = self.cohorts[key] = Cohort(*key) if old is None else copy(old)
        lot.granted += granted
        lot.used += used
        lot.reserved += reserved
        moved = self._lots.setdefault(key, [0, 0, 0])
        for at, change in enumerate((granted, used, reserved)):
            moved[at] += change

    def hold(self, order: str) -> Held | None:
        """The hold of an order, as this command has left it so far."""
        return self.holds.get(order) or self.state.holds.get(order)

    def reversed(self, target: Target) -> bool:
        """Whether an event in the book has been reversed, by now."""
        seq = target.body.seq
        return target.reversed_by is not None or seq in self.reversals or seq in self.batch.reversals

    def confirmed(self, target: Target) -> Body | None:
        """What took an event in the book out of pending, by now."""
        seq = target.body.seq
        return target.confirmed or self.batch.confirmations.get(seq) or self.confirmations.get(seq)

    def use(self, cap: Cap, holder: int) -> None:
        """Count one use of an allowance by the event that is booked next. Raises `Refused` (`cap`)."""
        subject = holder if cap.subject is None else cap.subject
        key = (cap.rule, subject, cap.period)
        used = self.caps.get(key, self.state.caps.get(key, 0))
        if used + cap.add > cap.limit:
            raise Refused("cap", left=max(0, cap.limit - used), detail=cap.rule)
        self.caps[key] = used + cap.add
        self._used.append(CapMove(cap.rule, subject, cap.period, cap.add))

    def give_back(self, use: CapMove) -> None:
        """Take back one use of an allowance, because what used it is reversed by the event that is booked next."""
        key = (use.rule, use.subject, use.period)
        self.caps[key] = self.caps.get(key, self.state.caps.get(key, 0)) - use.add
        self._used.append(use._replace(add=-use.add))

    def book(self, kind: Kind, order: Order, fields: Fields, lines: Sequence[Line]) -> int:
        """Number the event, fix its body and leaf, move its lines. Returns its number."""
        seq, at, book = self.next_seq, self.batch.at, self.state.book
        salt = hashlib.sha256(self.batch.entropy + seq.to_bytes(8, "big")).digest()[:16]
        household, person, grid, village = _where(fields)
        body = Body(
            book=book.id,
            period=self.batch.period,
            seq=seq,
            kind=kind,
            event_day=fields.event_day,
            posted_at=at,
            source=order.command.source,
            key=order.command.key,
            digest=order.digest,
            programme=fields.programme,
            version=fields.version,
            item=fields.item,
            actor=order.command.actor,
            proposer_person=fields.proposer_person,
            proposer_household=fields.proposer_household,
            approver_person=fields.approver_person,
            household=household,
            person=person,
            grid=grid,
            village=village,
            reverses=fields.reverses,
            order=fields.order,
            held_from=fields.held_from,
            held=fields.held,
            text_digest=text_digest(salt, fields.text),
            salt=salt,
            opened=tuple(self._opened),
            lines=tuple(lines),
            caps=tuple(self._used),
            cohorts=self._lots_moved() if self._lots else (),
            expires_at=fields.expires_at,
            overdraft=fields.overdraft,
            confirms=fields.confirms,
            about=fields.about,
            frozen=fields.frozen,
            closes=fields.closes,
            totals=fields.totals,
            region=book.region,
        )
        self._opened.clear()
        self._used.clear()
        data = encode(body)
        self.txns.append(TxnRow(body, data, tree.leaf_hash(data), fields.text))
        for number, line in enumerate(lines):
            self._move(seq, number, line)
        self.next_seq += 1
        return seq

    def _lots_moved(self) -> tuple[CohortMove, ...]:
        moves = tuple([CohortMove(*key, *moved) for key, moved in sorted(self._lots.items()) if any(moved)])
        self._lots.clear()
        return moves

    def _move(self, seq: int, number: int, line: Line) -> None:
        dr, cr = self.account_by_id(line.dr), self.account_by_id(line.cr)
        dr.debits += line.amount
        cr.credits += line.amount
        if dr.has_floor and dr.free + dr.debt_limit < 0:
            raise Refused("short", left=max(0, dr.free + line.amount))
        if cr.debt_limit:
            cr.ease()
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


def _age(lot: Cohort) -> tuple[int, int]:
    """Oldest first; of one day the lot that lapses first."""
    return lot.until, -lot.lapses
