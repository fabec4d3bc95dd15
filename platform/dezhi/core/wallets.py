"""What becomes of a wallet as a whole: it expires or is cleared, may go below zero, gives to another holder."""

from dezhi.core.body import Line
from dezhi.core.book import SYSTEM, Account
from dezhi.core.draft import Draft, Fields, Order, Refused
from dezhi.core.events import (
    SPENDABLE,
    TRANSFERABLE,
    Expire,
    Holder,
    HolderId,
    Kind,
    Limit,
    Role,
    Transfer,
)
from dezhi.core.lots import expirable


def expire(event: Expire, order: Order, draft: Draft) -> tuple[int, ...]:
    """Take what has lapsed, or what is cleared."""
    if event.account not in draft.by_id and event.account not in draft.state.by_id:
        raise Refused("no_account")
    wallet = draft.account_by_id(event.account)
    key = wallet.key
    if key.role != Role.WALLET or key.asset not in SPENDABLE:
        raise Refused("not_spendable")
    total, parts = expirable(draft, wallet, event.through, clearing=event.clearing)
    if event.expect is not None and event.expect != total:
        raise Refused("stale", left=total)
    if not total:
        raise Refused("nothing")
    for lot, part in parts:
        draft.move_lot(lot, used=part)
    gone = draft.account(key.programme, SYSTEM, key.asset, Role.EXPIRED)
    fields = Fields(
        event_day=event.event_day,
        programme=key.programme,
        place=event.place,
        holder=key,
        text=event.reason,
    )
    return (draft.book(Kind.EXPIRY, order, fields, [Line(wallet.id, gone.id, key.asset, total)]),)


def limit(event: Limit, order: Order, draft: Draft) -> tuple[int, ...]:
    """Say how far a wallet may go below zero."""
    if event.asset not in SPENDABLE:
        raise Refused("not_spendable")
    wallet = draft.account(event.programme, event.holder, event.asset, Role.WALLET)
    wallet.overdraft = event.overdraft
    wallet.debt_limit = max(event.overdraft, -wallet.free)
    fields = Fields(
        event_day=event.event_day,
        programme=event.programme,
        place=event.place,
        text=event.reason,
        held_from=wallet.id,
        overdraft=event.overdraft,
    )
    wallet.last_seq = draft.book(Kind.LIMIT, order, fields, ())
    return (wallet.last_seq,)


def transfer(event: Transfer, order: Order, draft: Draft) -> tuple[int, ...]:
    """Give to another holder: one entry for each side, so that both see it on their statements."""
    if event.asset not in TRANSFERABLE:
        raise Refused("not_transferable")
    giver, taker = (_purse(holder, event, draft) for holder in (event.giver, event.taker))
    if giver.frozen:
        raise Refused("frozen")
    if event.amount > giver.free:
        raise Refused("short", left=max(0, giver.free))
    between = draft.account(event.programme, SYSTEM, event.asset, Role.TRANSIT)
    fields = Fields(
        event_day=event.event_day,
        programme=event.programme,
        version=event.version,
        item=event.item,
        place=event.giver_place,
        text=event.reason,
    )
    out = draft.book(Kind.TRANSFER_OUT, order, fields, [Line(giver.id, between.id, event.asset, event.amount)])
    fields.place, fields.about = event.taker_place, out
    back = draft.book(Kind.TRANSFER_IN, order, fields, [Line(between.id, taker.id, event.asset, event.amount)])
    return out, back


def _purse(holder: Holder, event: Transfer, draft: Draft) -> Account:
    role = Role.POOL if holder.kind == HolderId.REGION else Role.WALLET
    return draft.account(event.programme, holder, event.asset, role)
