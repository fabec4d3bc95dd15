"""Who sends requests: callers with a plan of their own, little patience and a bad connection."""

import random
from datetime import UTC, datetime
from typing import Final

from booking import award, capture, command, hold, reverse, void
from dezhi.core.calendar import micros
from dezhi.core.events import (
    AssetId,
    Award,
    Cap,
    Capture,
    Close,
    Confirm,
    Event,
    Expire,
    Freeze,
    Hold,
    Holder,
    HolderId,
    Lapse,
    Limit,
    Lot,
    Outcome,
    Place,
    Transfer,
)
from dezhi.store.ledger import Deed, Submission
from sim.promises import Asked

START: Final = datetime(2026, 11, 30, 15, 59, 58, tzinfo=UTC)
"""Two seconds before December in China: a period ends and points lapse while callers are at work."""

HOUSEHOLDS: Final = (11, 12, 13)
DAY: Final = 20261122
NOVEMBER, DECEMBER = Lot(until=20261130, lapses=True), Lot(until=20261231, lapses=False)

_KINDS: Final = {
    "award": 6, "capped": 2, "lot": 4, "pending": 2, "confirm": 2, "hold": 3, "short hold": 3, "visit": 3, "settle": 5,
    "freeze": 1, "expire": 1, "hours": 1, "transfer": 1, "limit": 0.5, "close": 0.2, "reverse": 3,
}  # fmt: skip


class Plans:
    """Thinks of requests. All callers of a seed share what they have heard: numbers to reverse, orders to settle."""

    def __init__(self, chance: random.Random, books: list[int]) -> None:
        self._chance = chance
        self._books = books
        self._made = 0
        self._past: list[Asked] = []
        self._numbers: dict[int, list[int]] = {book: [] for book in books}
        self._pending: dict[int, list[int]] = {book: [] for book in books}
        self._orders: dict[int, list[str]] = {book: [] for book in books}

    def hear(self, asked: Asked, outcome: Outcome) -> None:
        """Learn from an answer what can be settled, confirmed and reversed."""
        if not outcome.booked or outcome.replay:
            return
        self._numbers[asked.book] += outcome.seqs
        for event, seq in zip(asked.submission.command.events, outcome.seqs, strict=False):  # a transfer has two
            if isinstance(event, Hold | Freeze):
                self._orders[asked.book].append(event.order)
            elif isinstance(event, Award) and event.pending:
                self._pending[asked.book].append(seq)

    def next(self) -> Asked:
        """Something new; now and then an old request, or an old key with something else under it."""
        dice = self._chance.random()
        if self._past and dice < 0.08:
            return self._chance.choice(self._past)
        book = self._chance.choice(self._books)
        self._made += 1
        key = f"key-{self._made}"
        if self._past and dice > 0.97:
            book, key = self._chance.choice(self._past).name
        events = self._events(book)
        record = None
        if isinstance(events[0], Award):
            record = Deed(key, 520, events[0].holder.id, None, "i", 1, DAY, None, None, "", 1)
        asked = Asked(book, Submission(command(*events, key=key), record))
        self._past.append(asked)
        return asked

    def _events(self, book: int) -> tuple[Event, ...]:
        kind = self._chance.choices([*_KINDS], weights=[*_KINDS.values()])[0]
        household, amount = self._chance.choice(HOUSEHOLDS), self._chance.randint(1, 12)
        earning = self._earn(kind, household, amount)
        if earning is not None:
            return (earning,)
        if kind == "confirm" and self._pending[book]:
            seq = self._chance.choice([*self._pending[book], *self._numbers[book][-1:]])
            return (Confirm(seq=seq, event_day=DAY, lot=self._chance.choice((None, NOVEMBER, DECEMBER))),)
        if kind == "reverse" and self._numbers[book]:
            seq = self._chance.choice([*self._numbers[book], *self._pending[book]])
            return (reverse(seq, if_spent=self._chance.choice(("clip", "clip", "refuse", "debt"))),)
        if kind == "settle" and self._orders[book]:
            return (self._settle(self._chance.choice([*self._orders[book][-4:], "no-order"])),)
        return self._restrict(kind, household, amount) or self._take(kind, household, amount)

    def _earn(self, kind: str, household: int, amount: int) -> Award | None:
        match kind:
            case "award":
                return award(household, 2 * amount)
            case "capped":
                cap = Cap(rule="r", period="2026", add=1, limit=3)
                lines = ((AssetId.MORAL, amount), (AssetId.HONOUR, 1))
                return award(household, event_day=DAY, lines=lines, caps=(cap,))
            case "lot":
                return award(household, 2 * amount, lot=self._chance.choice((NOVEMBER, DECEMBER)))
            case "pending":
                return award(household, amount, pending=True)
            case "hours":
                return award(household, lines=((AssetId.HOURS, 60 * amount),))
        return None

    def _take(self, kind: str, household: int, amount: int) -> tuple[Event, ...]:
        order, holder = f"order-{self._made}", Holder(HolderId.HOUSEHOLD, household)
        place = Place(household=household, village=520)
        match kind:
            case "visit":
                return hold(order, amount, household), capture(order)
            case "expire":
                account, clearing = self._chance.randint(1, 12), self._chance.random() < 0.5
                return (Expire(account=account, through=20261231, event_day=DAY, reason="", clearing=clearing),)
            case "transfer":
                taker = HOUSEHOLDS[(HOUSEHOLDS.index(household) + 1) % len(HOUSEHOLDS)]
                return (
                    Transfer(
                        programme=1, version=1, item="hours", asset=AssetId.HOURS, amount=amount, giver=holder,
                        giver_place=place, taker=Holder(HolderId.HOUSEHOLD, taker),
                        taker_place=Place(household=taker, village=520), event_day=DAY, reason="",
                    ),
                )  # fmt: skip
            case "close":
                return (Close(through=self._chance.randint(20261101, DAY - 1), event_day=DAY),)
            case _:
                over = micros(START) + int(self._chance.uniform(0, 20e6)) if kind == "short hold" else None
                return (hold(order, amount, household, expires_at=over),)

    def _restrict(self, kind: str, household: int, amount: int) -> tuple[Event, ...]:
        holder, place = Holder(HolderId.HOUSEHOLD, household), Place(household=household, village=520)
        match kind:
            case "freeze":
                some, order = self._chance.choice((None, amount)), f"order-{self._made}"
                return (
                    Freeze(
                        order=order, programme=1, version=1, holder=holder, place=place, event_day=DAY,
                        asset=AssetId.MORAL, amount=some, about=None, reason="",
                    ),
                )  # fmt: skip
            case "limit":
                allowed = self._chance.choice((0, 5, 20))
                return (
                    Limit(
                        programme=1, holder=holder, place=place, event_day=DAY, asset=AssetId.MORAL, overdraft=allowed,
                        reason="",
                    ),
                )  # fmt: skip
        return ()

    def _settle(self, order: str) -> Event:
        choices: tuple[Event, ...] = (
            capture(order),
            capture(order),
            Capture(order=order, event_day=DAY, amount=self._chance.randint(1, 6)),
            void(order),
            Lapse(order=order, event_day=DAY),
        )
        return self._chance.choice(choices)
