"""The linked opposite of an event: the only way to correct one."""

from typing import Final

from dezhi.core.body import Body, Line
from dezhi.core.book import SYSTEM, Account, Target, place_of
from dezhi.core.draft import Draft, Fields, Order, Refused
from dezhi.core.events import Kind, Reverse, Role
from dezhi.core.lots import restore, settle, take

REVERSIBLE: Final = frozenset({Kind.AWARD, Kind.OPENING, Kind.CAPTURE, Kind.EXPIRY})
"""A hold is undone by voiding it, a transfer by giving back; of the rest nothing was moved that could be wrong."""


def reverse(event: Reverse, order: Order, draft: Draft) -> tuple[int, ...]:
    """Undo an event, once."""
    target = draft.state.targets.get(event.seq)
    if target is None:
        raise Refused("no_entry")
    body = target.body
    if body.kind not in REVERSIBLE:
        raise Refused("not_reversible")
    if draft.reversed(target):
        raise Refused("reversed")
    given = body.kind in (Kind.AWARD, Kind.OPENING)
    lines = _take_back(event, target, draft) if given else _give_back(body, draft)
    for use in target.caps:
        draft.give_back(use)
    fields = Fields(
        event_day=event.event_day,
        programme=body.programme,
        version=body.version,
        item=body.item,
        place=place_of(body),
        holder=draft.account_by_id(body.lines[0].cr if given else body.lines[0].dr).key,
        text=event.reason,
        reverses=event.seq,
    )
    seq = draft.book(Kind.REVERSAL, order, fields, lines)
    draft.reversals[event.seq] = seq
    return (seq,)


def _give_back(body: Body, draft: Draft) -> list[Line]:
    """What was spent or expired returns to the lots it came from, dates and all."""
    restore(draft, body.cohorts)
    for line in body.lines:
        # More may come back than the line says: what the event had paid of a debt besides.
        settle(draft, draft.account_by_id(line.dr), line.amount)
    return [Line(line.cr, line.dr, line.asset, line.amount) for line in body.lines]


def _take_back(event: Reverse, target: Target, draft: Draft) -> list[Line]:
    """What an award gave is taken from where it is now; what is spent is written off, owed or a reason to refuse."""
    confirmed = draft.confirmed(target)
    last = confirmed or target.body
    issue = {line.asset: line.dr for line in target.body.lines}
    own = [move[:3] for move in last.cohorts if move.granted]
    lines: list[Line] = []
    taken: dict[int, int] = {}
    for line in last.lines:
        account = draft.account_by_id(line.cr)
        part = max(0, min(line.amount, account.free - taken.get(account.id, 0)))
        if part < line.amount:
            part = _short(event, account, part, line.amount)
        if part:
            taken[account.id] = taken.get(account.id, 0) + part
            lines.append(Line(account.id, issue[line.asset], line.asset, part))
        if part < line.amount:
            lost = draft.account(target.body.programme, SYSTEM, line.asset, Role.WRITEOFF)
            lines.append(Line(lost.id, issue[line.asset], line.asset, line.amount - part))
    for number, amount in taken.items():
        account = draft.account_by_id(number)
        if account.key.role == Role.WALLET:
            take(draft, account, amount, own)
            settle(draft, account, -amount)
            account.debt_limit = max(account.debt_limit, amount - account.free)
    return lines


def _short(event: Reverse, account: Account, left: int, wanted: int) -> int:
    """How much is taken of a line when less than all of it is left."""
    if event.if_spent == "refuse":
        raise Refused("spent", left=left)
    if event.if_spent == "clip" or account.key.role != Role.WALLET:
        return left
    if not account.overdraft:
        raise Refused("no_debt", left=left)
    return wanted
