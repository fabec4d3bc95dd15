"""The ledger's state machine: pure, total, deterministic. No clock, no randomness, no database.

`decide` takes what a batch of commands touches and answers what becomes of each, with every row to be written. The same
code serves live posting, dry runs and replay. Design: docs/explanation/ledger.md.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec

from dezhi.core.awards import award, confirm
from dezhi.core.body import Total
from dezhi.core.book import AccountKey, Decision, Remembered, RequestRow, State
from dezhi.core.calendar import to_date
from dezhi.core.draft import Batch, Draft, Fields, Order, Refused
from dezhi.core.events import (
    AMOUNT_MAX,
    LINES_MAX,
    UNREMEMBERED,
    Award,
    Capture,
    Close,
    Command,
    Confirm,
    Event,
    Expire,
    Freeze,
    Hold,
    Holder,
    HolderId,
    HoldState,
    Kind,
    Lapse,
    Limit,
    Outcome,
    Place,
    Reverse,
    Role,
    Transfer,
    Void,
)
from dezhi.core.holds import freeze, place_hold, resolve
from dezhi.core.lots import gone
from dezhi.core.reversals import reverse
from dezhi.core.wallets import expire, limit, transfer

SYSTEM_SOURCE: Final = "system"
"""Whose requests the ledger makes by itself."""


def refusal(command: Command) -> Outcome | None:
    """Why a command is none, whatever the book holds; None when it may be read and decided. Never remembered."""
    flaw = command.flaw()
    for event in command.events:
        amounts: Iterable[object] = ()
        match event:
            case Award():
                amounts = [amount for _, amount in event.lines]
                if not 0 < len(event.lines) <= LINES_MAX:
                    return Outcome(code="amount")
                flaw = flaw or _award_flaw(event)
            case Hold() | Transfer():
                amounts = (event.amount,)
            case Freeze() | Capture():
                amounts = () if event.amount is None else (event.amount,)
        for amount in amounts:
            # True is an int to Python, but not to a clerk.
            if type(amount) is not int or not 0 < amount <= AMOUNT_MAX:
                return Outcome(code="amount", detail=repr(amount)[:40])
        flaw = flaw or _flaw(event)
    return Outcome(code="malformed", detail=flaw) if flaw else None


def _award_flaw(event: Award) -> str:
    if len(event.caps) > 1 and len({(cap.rule, cap.subject, cap.period) for cap in event.caps}) < len(event.caps):
        return "one allowance twice"
    return _holder_flaw(event.holder, event.place)


def _flaw(event: Event) -> str:
    """What contradicts itself in an event of sound parts."""
    flaw = _day_flaw(event.event_day)
    match event:
        case Award() | Confirm():
            return flaw or ("" if event.lot is None else _day_flaw(event.lot.until))
        case Hold() | Freeze() | Limit():
            return flaw or _holder_flaw(event.holder, event.place)
        case Expire() | Close():
            return flaw or _day_flaw(event.through)
        case Transfer():
            flaw = flaw or ("the giver is the taker" if event.giver == event.taker else "")
            return flaw or _side_flaw(event.giver, event.giver_place) or _side_flaw(event.taker, event.taker_place)
        case _:
            return flaw


def _holder_flaw(holder: Holder, place: Place) -> str:
    """The two-person rule looks at the place, so the place must be the holder's own."""
    own = {HolderId.HOUSEHOLD: place.household, HolderId.PERSON: place.person}
    return "" if holder.id and own.get(holder.kind) == holder.id else "the holder is not at this place"


def _side_flaw(holder: Holder, place: Place) -> str:
    """A village's pool can give and take too."""
    if holder.kind is HolderId.REGION and holder.id == place.village:
        return ""
    return _holder_flaw(holder, place)


def _day_flaw(number: int) -> str:
    try:
        to_date(number)
    except (ValueError, OverflowError, TypeError):
        return "no day of the calendar"
    return ""


def _close(event: Close, order: Order, draft: Draft) -> tuple[int, ...]:
    """Close a period over its trial balance."""
    if not draft.closed_through < event.through < draft.batch.today:
        raise Refused("not_due", left=draft.closed_through)
    totals = {key: list(sums) for key, sums in draft.state.totals.items()}
    for posting in (*draft.batch.postings, *draft.postings):
        for side, account in enumerate((posting.cr, posting.dr)):
            key = draft.account_by_id(account).key
            totals.setdefault((key.asset, key.role), [0, 0])[side] += posting.amount
    # An account that was opened and stayed empty is no row, so that batches cut otherwise fix the same bytes.
    rows = tuple(Total(*kind, *sums) for kind, sums in sorted(totals.items()) if any(sums))
    draft.closed_through = event.through
    return (draft.book(Kind.CLOSE, order, Fields(event_day=event.event_day, closes=event.through, totals=rows), ()),)


_Rule = Callable[[Any, Order, Draft], tuple[int, ...]]
_RULES: Final[dict[type, _Rule]] = {
    Award: award,
    Confirm: confirm,
    Hold: place_hold,
    Capture: resolve,
    Void: resolve,
    Lapse: resolve,
    Freeze: freeze,
    Expire: expire,
    Limit: limit,
    Reverse: reverse,
    Transfer: transfer,
    Close: _close,
}


def _on_open_day(event: Event, draft: Draft) -> Event:
    """The event on the day it is booked on. Raises `Refused` for a day that is none of the past, or closed."""
    if event.event_day > draft.batch.today:
        raise Refused("future")
    if event.event_day > draft.closed_through:
        return event
    if isinstance(event, Reverse | Confirm):
        return msgspec.structs.replace(event, event_day=draft.batch.today)
    raise Refused("closed")


def _due(command: Command, state: State, batch: Batch) -> Iterator[Command]:
    """What is overdue in the wallets that a command sets something aside from: it is booked first, for itself.

    Only holds have a time and only what can be spent has lots, so a transfer has nothing to wait for.
    """
    for event in command.events:
        if not isinstance(event, Hold | Freeze):
            continue
        key = AccountKey(event.programme, event.holder.kind, event.holder.id, event.asset, Role.WALLET)
        wallet = state.accounts.get(key)
        if wallet is None:
            continue
        for order in batch.due.pop(wallet.id, ()):
            if state.holds[order].state == HoldState.OPEN:
                yield _own(Lapse(order=order, event_day=batch.today), batch)
        wallet = state.accounts[key]
        if state.cohorts.get(wallet.id) and gone(Draft(state, batch), wallet):
            lapsed = Expire(account=wallet.id, through=batch.today, event_day=batch.today, reason="", place=event.place)
            yield _own(lapsed, batch)


def _own(event: Event, batch: Batch) -> Command:
    return Command(source=SYSTEM_SOURCE, key=f"due:{batch.next_seq}", actor=0, events=(event,))


def _one(command: Command, state: State, batch: Batch) -> Outcome:
    digest = command.digest()
    before = state.requests.get((command.source, command.key))
    if before is not None:
        if before.digest != digest:
            return Outcome(code="conflict")
        return msgspec.structs.replace(before.outcome, replay=True)
    for due in _due(command, state, batch):
        _one(due, state, batch)
    draft, order = Draft(state, batch), Order(command, digest)
    try:
        seqs: list[int] = []
        for event in command.events:
            seqs += _RULES[type(event)](_on_open_day(event, draft), order, draft)
        outcome = Outcome(seqs=tuple(seqs))
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
    seeds the salts. `state` holds what `dezhi.core.touches` named; it is used up. The commands have passed `refusal`.
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
        closed_through=batch.closed_through,
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
        cohorts=list(batch.cohorts.values()),
        holds=list(batch.holds.values()),
        reversals=list(batch.reversals.items()),
        confirmations=[(target, body.seq) for target, body in batch.confirmations.items()],
    )
