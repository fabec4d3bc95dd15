"""What is set aside: for an order that may be handed over, taken back or run out of time, or because it is frozen."""

from typing import Final

import msgspec

from dezhi.core.body import Line
from dezhi.core.book import SYSTEM, Account, Held
from dezhi.core.draft import Draft, Fields, Order, Refused
from dezhi.core.events import (
    FREEZABLE,
    SPENDABLE,
    Capture,
    Freeze,
    Hold,
    HoldKind,
    HoldState,
    Kind,
    Lapse,
    Role,
    Void,
)
from dezhi.core.lots import gone, release, reserve, settle

_KINDS: Final = {
    Capture: (Kind.CAPTURE, HoldState.CAPTURED),
    Void: (Kind.VOID, HoldState.VOIDED),
    Lapse: (Kind.LAPSE, HoldState.LAPSED),
}


def place_hold(event: Hold, order: Order, draft: Draft) -> tuple[int, ...]:
    """Set points aside for an order."""
    if event.asset not in SPENDABLE:
        raise Refused("not_spendable")
    if draft.hold(event.order) is not None:
        raise Refused("order_used")
    if event.expires_at is not None and event.expires_at <= draft.batch.at:
        raise Refused("lapsed")
    if event.seen_at is not None and draft.moved_since(event.programme, event.holder, event.seen_at):
        raise Refused("stale")
    wallet = draft.account(event.programme, event.holder, event.asset, Role.WALLET)
    if wallet.frozen:
        raise Refused("frozen")
    _set_aside(draft, wallet, event.amount)
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
        expires_at=event.expires_at,
    )
    return (_keep(draft, order, Kind.HOLD, wallet, fields),)


def freeze(event: Freeze, order: Order, draft: Draft) -> tuple[int, ...]:
    """Keep part of a wallet, or all of it, from being spent."""
    if event.asset not in FREEZABLE:
        raise Refused("not_spendable")
    if draft.hold(event.order) is not None:
        raise Refused("order_used")
    if event.about is not None and event.about not in draft.state.targets:
        raise Refused("no_entry")
    wallet = draft.account(event.programme, event.holder, event.asset, Role.WALLET)
    whole = event.amount is None
    amount = max(0, wallet.free - gone(draft, wallet)) if event.amount is None else event.amount
    _set_aside(draft, wallet, amount)
    wallet.frozen += whole
    fields = Fields(
        event_day=event.event_day,
        programme=event.programme,
        version=event.version,
        place=event.place,
        text=event.reason,
        order=event.order,
        held_from=wallet.id,
        held=amount,
        about=event.about,
        frozen=1 if whole else None,
    )
    return (_keep(draft, order, Kind.FREEZE, wallet, fields),)


def _set_aside(draft: Draft, wallet: Account, amount: int) -> None:
    if not amount:
        return
    room = wallet.free - gone(draft, wallet) + wallet.debt_limit
    if amount > room:
        raise Refused("short", left=max(0, room))
    reserve(draft, wallet, amount)
    wallet.held += amount


def _keep(draft: Draft, order: Order, kind: Kind, wallet: Account, fields: Fields) -> int:
    seq = draft.book(kind, order, fields, ())
    wallet.last_seq = seq
    draft.holds[fields.order] = Held(
        seq=seq,
        order=fields.order,
        account=wallet.id,
        asset=wallet.key.asset,
        amount=fields.held or 0,
        programme=fields.programme,
        version=fields.version,
        item=fields.item,
        place=fields.place,
        kind=HoldKind.FREEZE if kind == Kind.FREEZE else HoldKind.ORDER,
        expires_at=fields.expires_at,
        whole=fields.frozen is not None,
        lots=draft.txns[-1].body.cohorts,
    )
    return seq


def resolve(event: Capture | Void | Lapse, order: Order, draft: Draft) -> tuple[int, ...]:
    """End a hold, once: spend it or a part of it, or give it back."""
    held = draft.hold(event.order)
    if held is None:
        raise Refused("no_order")
    if held.state != HoldState.OPEN:
        raise Refused("resolved")
    late = held.expires_at is not None and held.expires_at <= draft.batch.at
    if isinstance(event, Lapse) and not late:
        raise Refused("not_due")
    wallet = draft.account_by_id(held.account)
    kind, state = _KINDS[type(event)]
    spent = _spent(event, held, late=late) if isinstance(event, Capture) else 0
    wallet.held -= held.amount
    release(draft, held, spent)
    if wallet.debt_limit or spent > sum(move.reserved for move in held.lots):
        settle(draft, wallet, -spent)
    lines = []
    if spent:
        redeem = draft.account(held.programme, SYSTEM, held.asset, Role.REDEEM)
        lines.append(Line(wallet.id, redeem.id, held.asset, spent))
    wallet.frozen -= held.whole
    fields = Fields(
        event_day=event.event_day,
        programme=held.programme,
        version=held.version,
        item=held.item,
        place=held.place,
        holder=wallet.key,
        text=event.reason if isinstance(event, Void) else "",
        order=held.order,
        frozen=-1 if held.whole else None,
    )
    seq = draft.book(kind, order, fields, lines)
    wallet.last_seq = seq
    wallet.ease()
    draft.holds[held.order] = msgspec.structs.replace(held, state=state, captured=spent, resolved_seq=seq)
    return (seq,)


def _spent(event: Capture, held: Held, *, late: bool) -> int:
    """How much of a hold is spent."""
    if held.kind == HoldKind.FREEZE:
        raise Refused("frozen")
    if late:
        raise Refused("lapsed")
    if event.amount is None:
        return held.amount
    if event.amount > held.amount:
        raise Refused("short", left=held.amount)
    return event.amount
