"""Awards and opening balances: booked at once or pending, confirmed when their notice is over."""

from collections.abc import Sequence

from dezhi.core.body import Line
from dezhi.core.book import SYSTEM, Account, place_of
from dezhi.core.draft import Draft, Fields, Order, Refused
from dezhi.core.events import Award, Ceiling, Confirm, Holder, HolderId, Kind, Lot, Role
from dezhi.core.lots import grant


def check_persons(event: Award) -> None:
    """Nobody awards himself or his own household, and who approves is a second and disinterested person."""
    if event.proposer_household == event.place.household:
        raise Refused("self_award")
    if event.proposer_person is not None and event.proposer_person == event.place.person:
        raise Refused("self_award")
    if event.approver_person is not None and event.approver_person in (event.proposer_person, event.place.person):
        raise Refused("approver")


def award(event: Award, order: Order, draft: Draft) -> tuple[int, ...]:
    """Book an award, to the wallet or to pending."""
    check_persons(event)
    if event.seen_at is not None:
        for seen in event.seen_of or (event.holder,):
            if draft.moved_since(event.programme, seen, event.seen_at):
                raise Refused("stale")
    role = Role.PENDING if event.pending else Role.WALLET
    lines: Sequence[Line] = [
        Line(
            draft.account(event.programme, SYSTEM, asset, Role.ISSUE).id,
            draft.account(event.programme, event.holder, asset, role).id,
            asset,
            amount,
        )
        for asset, amount in event.lines
    ]
    if not event.pending:
        if event.ceiling is not None:
            lines = _below(event.ceiling, lines, event.programme, draft)
        if event.lot is not None:
            _grant(event.lot, lines, draft)
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
    return (draft.book(Kind.OPENING if event.opening else Kind.AWARD, order, fields, lines),)


def confirm(event: Confirm, order: Order, draft: Draft) -> tuple[int, ...]:
    """Book what was pending to the wallet, once."""
    target = draft.state.targets.get(event.seq)
    if target is None:
        raise Refused("no_entry")
    body = target.body
    if body.kind not in (Kind.AWARD, Kind.OPENING) or draft.account_by_id(body.lines[0].cr).key.role != Role.PENDING:
        raise Refused("not_pending")
    if draft.reversed(target):
        raise Refused("reversed")
    if draft.confirmed(target) is not None:
        raise Refused("confirmed")
    lines: Sequence[Line] = [
        Line(line.cr, _wallet(draft.account_by_id(line.cr), draft).id, line.asset, line.amount) for line in body.lines
    ]
    if event.ceiling is not None:
        lines = _below(event.ceiling, lines, body.programme, draft)
    if event.lot is not None:
        _grant(event.lot, lines, draft)
    fields = Fields(
        event_day=event.event_day,
        programme=body.programme,
        version=body.version,
        item=body.item,
        place=place_of(body),
        confirms=event.seq,
    )
    seq = draft.book(Kind.CONFIRMATION, order, fields, lines)
    draft.confirmations[event.seq] = draft.txns[-1].body
    return (seq,)


def _wallet(pending: Account, draft: Draft) -> Account:
    key = pending.key
    return draft.account(key.programme, Holder(HolderId(key.holder_kind), key.holder_id), key.asset, Role.WALLET)


def _below(ceiling: Ceiling, lines: Sequence[Line], programme: int, draft: Draft) -> Sequence[Line]:
    """The lines again, with what would pass the ceiling going to the village's pool."""
    found: list[Line] = []
    for line in lines:
        if line.asset != ceiling.asset:
            found.append(line)
            continue
        coming = sum(other.amount for other in found if other.cr == line.cr)
        room = max(0, ceiling.limit - draft.account_by_id(line.cr).balance - coming)
        kept = min(room, line.amount)
        if kept:
            found.append(line._replace(amount=kept))
        if kept < line.amount:
            pool = draft.account(programme, Holder(HolderId.REGION, ceiling.pool), line.asset, Role.POOL)
            found.append(line._replace(cr=pool.id, amount=line.amount - kept))
    return found


def _grant(lot: Lot, lines: Sequence[Line], draft: Draft) -> None:
    coming: dict[int, int] = {}
    for line in lines:
        coming[line.cr] = coming.get(line.cr, 0) + line.amount
    for account, amount in coming.items():
        wallet = draft.account_by_id(account)
        if wallet.key.role == Role.WALLET:
            grant(draft, wallet, lot, amount)
