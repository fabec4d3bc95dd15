"""What must be read of a book before a batch of commands can be decided, and what follows from what was read.

The store asks its tables, a book in memory its rows; both read exactly this, so a batch that needs no lots reads none.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from dezhi.core.body import Body, CohortMove
from dezhi.core.book import SYSTEM, Account, CapKey, CohortKey, State
from dezhi.core.events import (
    SPENDABLE,
    Award,
    Capture,
    Close,
    Command,
    Confirm,
    Event,
    Expire,
    Freeze,
    Hold,
    Lapse,
    Limit,
    Reverse,
    Role,
    Transfer,
    Void,
)


class Touch(msgspec.Struct):
    """What must be read before a batch can be decided.

    `targets` are events that are named; of these `undone` are reversed, `confirmed` come with a lot (seq, until,
    lapses). `lots` are (holder, until, lapses) of lots that something comes to, `spent` holders whose wallets
    something is taken from, `emptied` accounts that expire, `totals` whether the sums over all accounts are needed.
    """

    requests: set[tuple[str, str]] = set()
    holders: set[int] = msgspec.field(default_factory=lambda: {SYSTEM.id})
    caps: set[CapKey] = set()
    orders: set[str] = set()
    targets: set[int] = set()
    undone: set[int] = set()
    confirmed: set[tuple[int, int, int]] = set()
    lots: set[tuple[int, int, int]] = set()
    spent: set[int] = set()
    emptied: set[int] = set()
    totals: bool = False


def touches(commands: Iterable[Command]) -> Touch:
    """What a batch touches. The store reads it and follows targets and orders to their accounts and caps.

    The commands have passed `dezhi.core.ledger.refusal`: what is read here fits into the database.
    """
    touch = Touch()
    for command in commands:
        touch.requests.add((command.source, command.key))
        for event in command.events:
            if isinstance(event, Award):
                _touch_award(event, touch)
            else:
                _touch(event, touch)
    return touch


def _touch_award(event: Award, touch: Touch) -> None:
    holder = event.holder.id
    touch.holders.add(holder)
    if event.caps:
        touch.caps.update(
            [(cap.rule, holder if cap.subject is None else cap.subject, cap.period) for cap in event.caps]
        )
    if event.seen_of:
        touch.holders.update([seen.id for seen in event.seen_of])
    if event.pending:
        return
    if event.lot is not None:
        touch.lots.add((holder, event.lot.until, int(event.lot.lapses)))
    if event.ceiling is not None:
        touch.holders.add(event.ceiling.pool)


def _touch(event: Event, touch: Touch) -> None:  # noqa: C901 - a table, by event
    match event:
        case Hold() | Freeze():
            touch.holders.add(event.holder.id)
            touch.spent.add(event.holder.id)
            touch.orders.add(event.order)
            if isinstance(event, Freeze) and event.about is not None:
                touch.targets.add(event.about)
        case Capture() | Void() | Lapse():
            touch.orders.add(event.order)
        case Confirm():
            touch.targets.add(event.seq)
            if event.lot is not None:
                touch.confirmed.add((event.seq, event.lot.until, int(event.lot.lapses)))
            if event.ceiling is not None:
                touch.holders.add(event.ceiling.pool)
        case Reverse():
            touch.targets.add(event.seq)
            touch.undone.add(event.seq)
        case Expire():
            touch.emptied.add(event.account)
        case Limit():
            touch.holders.add(event.holder.id)
        case Transfer():
            touch.holders.update((event.giver.id, event.taker.id))
        case Close():
            touch.totals = True


def accounts_behind(state: State) -> set[int]:
    """The accounts that named events moved something on."""
    bodies = [body for target in state.targets.values() for body in (target.body, target.confirmed) if body is not None]
    return {account for body in bodies for line in body.lines for account in (line.dr, line.cr)}


def holders_behind(state: State) -> set[int]:
    """The holders of the pending points that named events booked: what leaves pending goes to their wallets."""
    accounts = (state.by_id.get(line.cr) for target in state.targets.values() for line in target.body.lines)
    return {account.key.holder_id for account in accounts if account is not None and account.key.role == Role.PENDING}


class Lots(NamedTuple):
    """What must be read of lots: of `whole` accounts all that have something left, and `named` ones in any case."""

    whole: set[int]
    named: set[CohortKey]


def lots_touched(touch: Touch, state: State) -> Lots:
    """What must be read of lots for a batch, once its holds, targets and accounts are there."""
    lots = Lots(set(touch.emptied), set())
    for held in state.holds.values():
        lots.named.update(_keys(held.lots))
        if held.amount > sum(move.reserved for move in held.lots):
            # It is partly covered by permanent points, or by none where a debt is allowed: see `Cohort`.
            lots.whole.add(held.account)
    for seq in touch.undone & state.targets.keys():
        target = state.targets[seq]
        for body in (target.body, target.confirmed):
            if body is not None:
                lots.named.update(_keys(body.cohorts))
                lots.whole.update(account for line in body.lines for account in (line.dr, line.cr))
                lots.whole.update(_wallets_after(body, state))
    _of_holders(touch, state, lots)
    whole = {number for number in lots.whole if (found := state.by_id.get(number)) is not None and _has_lots(found)}
    return Lots(whole, lots.named)


def _wallets_after(body: Body, state: State) -> Iterator[int]:
    """The wallets to which what is pending by an event may go in this same batch, before it is reversed."""
    for line in body.lines:
        pending = state.by_id.get(line.cr)
        if pending is not None and pending.key.role == Role.PENDING:
            wallet = state.accounts.get(pending.key._replace(role=Role.WALLET))
            if wallet is not None:
                yield wallet.id


def _of_holders(touch: Touch, state: State, lots: Lots) -> None:
    """The lots of wallets that are known by their holders; one that is in debt pays it from whatever comes."""
    given: dict[int, set[tuple[int, int]]] = {}
    for holder, until, lapses in touch.lots:
        given.setdefault(holder, set()).add((until, lapses))
    for seq, until, lapses in touch.confirmed:
        for line in state.targets[seq].body.lines if seq in state.targets else ():
            given.setdefault(state.by_id[line.cr].key.holder_id, set()).add((until, lapses))
    if not (given or touch.spent or lots.named):
        return
    for account in state.by_id.values():
        if _has_lots(account):
            holder = account.key.holder_id
            lots.named.update((account.id, *lot) for lot in given.get(holder, ()))
            if account.debt_limit or holder in touch.spent:
                lots.whole.add(account.id)


def _has_lots(account: Account) -> bool:
    return account.key.role == Role.WALLET and account.key.asset in SPENDABLE


def _keys(moves: Iterable[CohortMove]) -> set[CohortKey]:
    return {(move.account, move.until, move.lapses) for move in moves}
