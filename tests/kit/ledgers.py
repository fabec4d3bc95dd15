"""A book in memory, asked one request at a time, whose every state is told again from its bodies."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from booking import CHEN, NOW, VILLAGE, command
from dezhi.core.body import CohortMove, decode
from dezhi.core.book import Account, AccountKey
from dezhi.core.calendar import micros
from dezhi.core.events import (
    AssetId,
    Event,
    Expire,
    Freeze,
    Holder,
    HolderId,
    Limit,
    Lot,
    Outcome,
    Place,
    Role,
    Transfer,
)
from dezhi.core.memory import MemoryBook

THIS_YEAR, LAST_YEAR = Lot(until=20261231, lapses=True), Lot(until=20251231, lapses=True)
KEPT_APART = Lot(until=20261231, lapses=False)


class Ledger:
    """A book in memory with a clock that a test moves."""

    def __init__(self) -> None:
        self.book = MemoryBook()
        self.now = NOW

    def ask(self, *events: Event, **named: Any) -> Outcome:
        """Ask for all of `events`, or none; then the whole book is told again from its bodies."""
        (outcome,) = self.book.post([command(*events, **named)], micros(self.now), bytes(32))
        self.check()
        return outcome

    def need(self, *events: Event) -> int:
        """The number of the first event; all of them must be booked."""
        outcome = self.ask(*events)
        assert outcome.booked, outcome
        return outcome.seqs[0]

    def wait(self, **time: float) -> None:
        """Let time go by."""
        self.now += timedelta(**time)

    def on(self, year: int, month: int, day: int) -> None:
        """Go to the noon of a day."""
        self.now = datetime(year, month, day, 4, tzinfo=NOW.tzinfo)

    def account(self, holder: int = CHEN, asset: AssetId = AssetId.MORAL, role: Role = Role.WALLET) -> Account:
        """A holder's account as it stands; an empty one if it was never used."""
        for key, account in self.book.accounts.items():
            if (key.holder_id, key.asset, key.role) == (holder, asset, role):
                return account
        return Account(id=0, key=AccountKey(1, 1, holder, asset, role))

    def lots(self, holder: int = CHEN) -> dict[tuple[int, bool], tuple[int, int, int]]:
        """Granted, used and reserved of a wallet's lots."""
        number = self.account(holder).id
        return {
            (lot.until, bool(lot.lapses)): (lot.granted, lot.used, lot.reserved)
            for lot in self.book.cohorts.values()
            if lot.account == number
        }

    def check(self) -> None:
        """Totals, lots, allowances and links as the bodies alone tell them."""
        book = self.book
        bodies = [decode(row.data) for row in book.txns]
        assert [body.seq for body in bodies] == list(range(1, book.head.next_seq))
        ins, outs, caps = Counter[int](), Counter[int](), Counter[Any]()
        lots: dict[tuple[int, int, int], tuple[int, int, int]] = {}
        for body in bodies:
            for line in body.lines:
                outs[line.dr] += line.amount
                ins[line.cr] += line.amount
            for move in body.cohorts:
                lots[move[:3]] = _added(lots.get(move[:3]), move)
            for cap in body.caps:
                caps[cap.rule, cap.subject, cap.period] += cap.add
        for account in book.by_id.values():
            assert (account.credits, account.debits) == (ins[account.id], outs[account.id])
            assert not account.has_floor or account.debt_limit == max(account.overdraft, -account.free)
        assert {key: (lot.granted, lot.used, lot.reserved) for key, lot in book.cohorts.items()} == lots
        assert Counter(book.caps) == caps
        assert book.reversals == {body.reverses: body.seq for body in bodies if body.reverses is not None}
        assert book.confirmations == {body.confirms: body.seq for body in bodies if body.confirms is not None}
        for account in book.by_id.values():
            self._check_lots(account)

    def _check_lots(self, account: Account) -> None:
        lots = [lot for lot in self.book.cohorts.values() if lot.account == account.id]
        assert all(min(lot.used, lot.reserved, lot.left) >= 0 for lot in lots)
        assert sum(lot.reserved for lot in lots) <= account.held
        owed = sum(lot.granted - lot.used for lot in lots) - account.balance
        assert not lots or owed <= 0 or not any(lot.left for lot in lots), "a debt is paid before anything is left"


def _added(old: tuple[int, int, int] | None, move: CohortMove) -> tuple[int, int, int]:
    granted, used, reserved = old or (0, 0, 0)
    return granted + move.granted, used + move.used, reserved + move.reserved


HOME = Place(household=CHEN, village=VILLAGE)
_WHOSE: dict[str, Any] = {
    "programme": 1,
    "holder": Holder(HolderId.HOUSEHOLD, CHEN),
    "place": HOME,
    "event_day": 20261122,
}


def freeze(order: str = "freeze", **changes: Any) -> Freeze:
    """A wallet frozen; `changes` are fields of `Freeze`."""
    fields = {"version": 1, "asset": AssetId.MORAL, "amount": None, "about": None, "reason": "有人提出异议"}
    return Freeze(**{**_WHOSE, **fields, "order": order, **changes})


def limit(overdraft: int, **changes: Any) -> Limit:
    """How far a household may go below zero."""
    return Limit(**{**_WHOSE, "asset": AssetId.MORAL, "overdraft": overdraft, "reason": "方案允许", **changes})


def expire(account: int, through: int, **changes: Any) -> Expire:
    """Take what has lapsed, or clear a year."""
    return Expire(**{"account": account, "through": through, "event_day": 20261122, "reason": "年度清零", **changes})


def transfer(amount: int, taker: Holder, taker_place: Place, **changes: Any) -> Transfer:
    """Minutes given away; `changes` are fields of `Transfer`."""
    fields: dict[str, Any] = {
        "programme": 1,
        "version": 1,
        "item": "dezhi-yinger/give-hours",
        "asset": AssetId.HOURS,
        "amount": amount,
        "giver": Holder(HolderId.HOUSEHOLD, CHEN),
        "giver_place": HOME,
        "taker": taker,
        "taker_place": taker_place,
        "event_day": 20261122,
        "reason": "",
    }
    return Transfer(**{**fields, **changes})
