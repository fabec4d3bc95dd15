"""The ledger's state machine: pure, total, deterministic. No clock, no randomness, no database.

`decide` takes what a batch of commands touches and answers what becomes of each, with every row to be written. The same
code serves live posting, dry runs and replay. Design: docs/explanation/ledger.md.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from dezhi.core.body import Line
from dezhi.core.book import SYSTEM, Decision, Held, Remembered, RequestRow, State, Target
from dezhi.core.calendar import to_date
from dezhi.core.draft import Batch, Draft, Fields, Refused
from dezhi.core.events import (
    AMOUNT_MAX,
    LINES_MAX,
    SPENDABLE,
    UNREMEMBERED,
    Award,
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

REVERSIBLE: Final = frozenset({Kind.AWARD, Kind.CAPTURE})
"""A hold is undone by voiding it; a void and a reversal moved nothing that could be wrong."""


def refusal(command: Command) -> Outcome | None:
    """Why a command is none, whatever the book holds; None when it may be read and decided. Never remembered."""
    flaw = command.flaw()
    for event in command.events:
        match event:
            case Award():
                amounts = [amount for _, amount in event.lines]
                if not 0 < len(amounts) <= LINES_MAX:
                    return Outcome(code="amount")
                if len({(cap.rule, cap.period) for cap in event.caps}) < len(event.caps):
                    flaw = flaw or "one allowance twice"
                flaw = flaw or _holder_flaw(event.holder, event.place)
            case Hold():
                amounts = [event.amount]
                flaw = flaw or _holder_flaw(event.holder, event.place)
            case _:
                amounts = []
        for amount in amounts:
            # True is an int to Python, but not to a clerk.
            if type(amount) is not int or not 0 < amount <= AMOUNT_MAX:
                return Outcome(code="amount", detail=repr(amount)[:40])
        flaw = flaw or _day_flaw(event.event_day)
    return Outcome(code="malformed", detail=flaw) if flaw else None


def _holder_flaw(holder: Holder, place: Place) -> str:
    """The two-person rule looks at the place, so the place must be the holder's own."""
    own = {HolderId.HOUSEHOLD: place.household, HolderId.PERSON: place.person}
    return "" if holder.id and own.get(holder.kind) == holder.id else "the holder is not at this place"


def _day_flaw(number: int) -> str:
    try:
        to_date(number)
    except (ValueError, OverflowError, TypeError):
        return "no day of the calendar"
    return ""


def _check_day(event_day: int, draft: Draft) -> None:
    if event_day > draft.batch.today:
        raise Refused("future")
    if event_day <= draft.state.book.closed_through:
        raise Refused("closed")


def _check_persons(event: Award) -> None:
    """Nobody awards himself or his own household, and who approves is a second and disinterested person."""
    if event.proposer_household == event.place.household:
        raise Refused("self_award")
    if event.proposer_person is not None and event.proposer_person == event.place.person:
        raise Refused("self_award")
    if event.approver_person is not None and event.approver_person in (event.proposer_person, event.place.person):
        raise Refused("approver")


def _award(event: Award, command: Command, digest: bytes, draft: Draft) -> int:
    _check_persons(event)
    if event.seen_at is not None and draft.moved_since(event.programme, event.holder, event.seen_at):
        raise Refused("stale")
    role = Role.PENDING if event.pending else Role.WALLET
    lines = []
    for asset, amount in event.lines:
        issue = draft.account(event.programme, SYSTEM, asset, Role.ISSUE)
        holder = draft.account(event.programme, event.holder, asset, role)
        lines.append(Line(issue.id, holder.id, asset, amount))
    for cap in event.caps:
        draft.use(cap, event.holder.id)
    fields = Fields(
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


def _place_hold(event: Hold, command: Command, digest: bytes, draft: Draft) -> int:
    if event.asset not in SPENDABLE:
        raise Refused("not_spendable")
    if draft.hold(event.order) is not None:
        raise Refused("order_used")
    if event.seen_at is not None and draft.moved_since(event.programme, event.holder, event.seen_at):
        raise Refused("stale")
    wallet = draft.account(event.programme, event.holder, event.asset, Role.WALLET)
    wallet.held += event.amount
    if wallet.free + wallet.debt_limit < 0:
        raise Refused("short", left=max(0, wallet.free + event.amount))
    fields = Fields(
        event_day=event.event_day,
        programme=event.programme,
        version=event.version,
        item=event.item,
        place=event.place,
        text=event.reason,
        order=event.order,
        proposer_person=event.proposer_person,
        held_from=wallet.id,
        held=event.amount,
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


def _resolve(event: Capture | Void, command: Command, digest: bytes, draft: Draft) -> int:
    held = draft.hold(event.order)
    if held is None:
        raise Refused("no_order")
    if held.state != HoldState.OPEN:
        raise Refused("resolved")
    wallet = draft.account_by_id(held.account)
    wallet.held -= held.amount
    lines: list[Line] = []
    kind, state, captured = Kind.VOID, HoldState.VOIDED, 0
    if isinstance(event, Capture):
        kind, state, captured = Kind.CAPTURE, HoldState.CAPTURED, held.amount
        redeem = draft.account(held.programme, SYSTEM, held.asset, Role.REDEEM)
        lines.append(Line(wallet.id, redeem.id, held.asset, held.amount))
    fields = Fields(
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


def _opposite(event: Reverse, target: Target, draft: Draft) -> list[Line]:
    """The lines that undo `target`: what its holder still has goes back, the rest is written off."""
    lines: list[Line] = []
    for line in target.lines:
        taken = line.amount
        account = draft.account_by_id(line.cr)
        if account.has_floor:
            already = sum(one.amount for one in lines if one.dr == account.id)
            taken = max(0, min(line.amount, account.free - already))
        if taken < line.amount and event.if_spent == "refuse":
            raise Refused("spent", left=taken)
        if taken:
            lines.append(Line(line.cr, line.dr, line.asset, taken))
        if taken < line.amount:
            lost = draft.account(target.programme, SYSTEM, line.asset, Role.WRITEOFF)
            lines.append(Line(lost.id, line.dr, line.asset, line.amount - taken))
    return lines


def _reverse(event: Reverse, command: Command, digest: bytes, draft: Draft) -> int:
    target = draft.state.targets.get(event.seq)
    if target is None:
        raise Refused("no_entry")
    if target.kind not in REVERSIBLE:
        raise Refused("not_reversible")
    if target.reversed_by is not None or event.seq in draft.reversals or event.seq in draft.batch.reversals:
        raise Refused("reversed")
    lines = _opposite(event, target, draft)
    for rule, subject, period, added in target.caps:
        draft.give_back((rule, subject, period), added)
    fields = Fields(
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


def _apply(event: Event, command: Command, digest: bytes, draft: Draft) -> int:
    _check_day(event.event_day, draft)
    match event:
        case Award():
            return _award(event, command, digest, draft)
        case Hold():
            return _place_hold(event, command, digest, draft)
        case Capture() | Void():
            return _resolve(event, command, digest, draft)
        case Reverse():
            return _reverse(event, command, digest, draft)


def _one(command: Command, state: State, batch: Batch) -> Outcome:
    digest = command.digest()
    before = state.requests.get((command.source, command.key))
    if before is not None:
        if before.digest != digest:
            return Outcome(code="conflict")
        return msgspec.structs.replace(before.outcome, replay=True)
    draft = Draft(state, batch)
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
    seeds the salts. `state` holds what `touches(commands)` named; it is used up. The commands have passed `refusal`.
    Nothing is made or lost: every movement debits one account and credits another.
    """
    at = max(clock, state.book.last_posted_at + 1)
    batch = Batch(state, at, entropy)
    outcomes = [_one(command, state, batch) for command in commands]
    book = msgspec.structs.replace(
        state.book,
        next_seq=batch.next_seq,
        next_account=batch.next_account,
        frontier=tuple(batch.frontier),
        last_posted_at=at if batch.txns else state.book.last_posted_at,
    )
    return Decision(
        at=at,
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
