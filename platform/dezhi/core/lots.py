"""Lots of points: what comes to them, and which are drawn on. Oldest first, and given back exactly as they were.

An account's lots are in the draft when something is taken from it; see `dezhi.core.touches`.
"""

from collections.abc import Collection

from dezhi.core.body import CohortMove
from dezhi.core.book import Account, Cohort, CohortKey, Held
from dezhi.core.draft import Draft
from dezhi.core.events import FOREVER, SPENDABLE, Lot


def grant(draft: Draft, wallet: Account, lot: Lot | None, amount: int) -> None:
    """Put `amount`, which the next event brings to a wallet, into a lot. A debt is paid from it first."""
    if lot is None or wallet.key.asset not in SPENDABLE or not amount:
        return
    draft.move_lot((wallet.id, lot.until, int(lot.lapses)), granted=amount)
    if wallet.debt_limit:
        settle(draft, wallet, amount)


def settle(draft: Draft, wallet: Account, change: int) -> None:
    """Pay what is owed from what lots have left, oldest first; `change` is what the next event moves in all."""
    lots = draft.lots(wallet.id)
    owed = sum(lot.granted - lot.used for lot in lots) - (wallet.balance + change)
    for lot in lots:
        if owed <= 0:
            return
        paid = min(owed, lot.left)
        if paid:
            draft.move_lot(lot.key, used=paid)
            owed -= paid


def past(draft: Draft, lot: Cohort) -> bool:
    """Whether a lot has lapsed, swept or not."""
    return bool(lot.lapses) and lot.until < draft.batch.today


def gone(draft: Draft, wallet: Account) -> int:
    """What of a wallet's free points has lapsed and only waits to be swept."""
    left = sum(lot.left for lot in draft.lots(wallet.id) if past(draft, lot))
    return min(left, max(0, wallet.free))


def reserve(draft: Draft, wallet: Account, amount: int) -> None:
    """Set `amount` aside from lots that have not lapsed, oldest first; what they have not is permanent points."""
    for lot in draft.lots(wallet.id):
        part = 0 if past(draft, lot) else min(amount, lot.left)
        if part:
            draft.move_lot(lot.key, reserved=part)
            amount -= part


def release(draft: Draft, held: Held, spent: int) -> None:
    """Take `spent` of what a hold reserved, oldest first, and give the rest back to its lots."""
    for move in sorted(held.lots, key=lambda move: (move.until, -move.lapses)):
        part = min(spent, move.reserved)
        draft.move_lot(move[:3], used=part, reserved=-move.reserved)
        spent -= part


def take(draft: Draft, wallet: Account, amount: int, first: Collection[CohortKey] = ()) -> None:
    """Take `amount` from what lots have left: from those named first, then oldest first, then permanent points."""
    for lot in sorted(draft.lots(wallet.id), key=lambda lot: lot.key not in first):
        part = min(amount, lot.left)
        if part:
            draft.move_lot(lot.key, used=part)
            amount -= part


def restore(draft: Draft, moves: Collection[CohortMove]) -> None:
    """Give back to lots what an event had used of them."""
    for move in moves:
        if move.used:
            draft.move_lot(move[:3], used=-move.used)


def expirable(
    draft: Draft, wallet: Account, through: int, *, clearing: bool
) -> tuple[int, list[tuple[CohortKey, int]]]:
    """What an `Expire` takes: the sum, and how much of which lot. Never what is held or owed."""
    room = max(0, wallet.free)
    parts, total = [], 0
    for lot in draft.lots(wallet.id):
        if lot.until <= through and (clearing or past(draft, lot)):
            part = min(room - total, lot.left)
            if part:
                parts.append((lot.key, part))
                total += part
    return room if clearing and through == FOREVER else total, parts
