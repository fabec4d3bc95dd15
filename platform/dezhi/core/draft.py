"""What a batch has decided so far, and one command's changes while they may still be dropped. For the rules alone."""

import hashlib
from collections.abc import Sequence
from copy import copy

import msgspec

from dezhi.core import tree
from dezhi.core.body import Body, Line, Opening, encode, text_digest
from dezhi.core.book import Account, AccountKey, CapKey, Held, PostingRow, RequestRow, State, TxnRow
from dezhi.core.calendar import day, from_micros
from dezhi.core.events import AssetId, Cap, Command, Holder, Kind, Outcome, Place, Role


class Refused(Exception):
    """One event cannot be booked, so its whole command is not."""

    def __init__(self, code: str, left: int | None = None, detail: str = "") -> None:
        super().__init__(code)
        self.outcome = Outcome(code=code, left=left, detail=detail)


class Fields(msgspec.Struct, kw_only=True):
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
    held_from: int | None = None
    held: int | None = None


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
        self.frontier: list[bytes] = list(state.book.frontier)
        self.txns: list[TxnRow] = []
        self.postings: list[PostingRow] = []
        self.requests: list[RequestRow] = []
        self.cap_uses: list[tuple[int, str, int, str, int]] = []
        self.accounts: dict[int, Account] = {}
        self.caps: dict[CapKey, int] = {}
        self.holds: dict[str, Held] = {}
        self.reversals: dict[int, int] = {}

    def take(self, state: State, draft: "Draft") -> None:
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


class Draft:
    """One command's changes, kept apart until all of its events have passed."""

    def __init__(self, state: State, batch: Batch) -> None:
        self.state = state
        self.batch = batch
        self.next_seq = batch.next_seq
        self.next_account = batch.next_account
        self.accounts: dict[AccountKey, Account] = {}
        self.by_id: dict[int, Account] = {}
        self.caps: dict[CapKey, int] = {}
        self.holds: dict[str, Held] = {}
        self.reversals: dict[int, int] = {}
        self.txns: list[TxnRow] = []
        self.postings: list[PostingRow] = []
        self.cap_uses: list[tuple[int, str, int, str, int]] = []
        self._opened: list[Opening] = []

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

    def hold(self, order: str) -> Held | None:
        """The hold of an order, as this command has left it so far."""
        return self.holds.get(order) or self.state.holds.get(order)

    def use(self, cap: Cap, subject: int) -> None:
        """Count one use of an allowance by the event that is booked next. Raises `Refused` (`cap`)."""
        key = (cap.rule, subject, cap.period)
        used = self.caps.get(key, self.state.caps.get(key, 0))
        if used + cap.add > cap.limit:
            raise Refused("cap", left=max(0, cap.limit - used), detail=cap.rule)
        self.caps[key] = used + cap.add
        self.cap_uses.append((self.next_seq, cap.rule, subject, cap.period, cap.add))

    def give_back(self, key: CapKey, added: int) -> None:
        """Take back one use of an allowance, because what used it is reversed."""
        self.caps[key] = self.caps.get(key, self.state.caps.get(key, 0)) - added

    def book(self, kind: Kind, command: Command, digest: bytes, fields: Fields, lines: Sequence[Line]) -> int:
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
            held_from=fields.held_from,
            held=fields.held,
            text_digest=text_digest(salt, fields.text),
            salt=salt,
            opened=tuple(self._opened),
            lines=tuple(lines),
        )
        self._opened.clear()
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
