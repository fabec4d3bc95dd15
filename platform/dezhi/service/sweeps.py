"""What ends by itself, each night: lots past their day, orders nobody fetched, clearings that were stopped half way.

It only books what the ledger holds for ended already: points past their day cannot be spent, and an order past its time
cannot be handed over, whether or not a night has come.
"""

import msgspec

from dezhi.core import events as ledger
from dezhi.core.calendar import Clock, day as day_number, micros, today
from dezhi.core.events import HolderId, Place
from dezhi.service.clearings import Clearings
from dezhi.service.nightly import Job
from dezhi.store import sweeps as store
from dezhi.store.database import Database
from dezhi.store.ledger import Submission
from dezhi.store.poster import Poster
from dezhi.store.sweeps import Past

JOB = "sweep"
SOURCE = "system"
REASON = "到期没有用掉"


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """What a night ended."""

    wallets: int = 0
    orders: int = 0
    clearings: int = 0


class Sweeps:
    """Ends what time has ended."""

    def __init__(self, database: Database, poster: Poster, clearings: Clearings, clock: Clock) -> None:
        self._database = database
        self._poster = poster
        self._clearings = clearings
        self._clock = clock

    def nightly(self) -> Job:
        """The night's job."""
        return Job(JOB, self.run)

    async def run(self) -> Swept:
        """Sweep every book. Begun again it books nothing twice."""
        wallets = orders = 0
        for book in await store.books(self._database):
            orders += await self._orders(book)
            wallets += await self._lots(book)
        return Swept(wallets=wallets, orders=orders, clearings=await self._clearings.finish())

    async def _orders(self, book: int) -> int:
        count, last = 0, ""
        while found := await store.past_orders(self._database, book, micros(self._clock()), last):
            outcomes = await self._poster.post_many(book, [self._lapse(order) for order in found])
            count += sum(outcome.booked for outcome in outcomes)
            last = found[-1]
        return count

    async def _lots(self, book: int) -> int:
        count, last = 0, 0
        while found := await store.past_lots(self._database, book, self._day(), last):
            outcomes = await self._poster.post_many(book, [self._expire(past) for past in found])
            count += sum(outcome.booked for outcome in outcomes)
            last = found[-1].account
        return count

    def _lapse(self, order: str) -> Submission:
        event = ledger.Lapse(order=order, event_day=self._day())
        return Submission(ledger.Command(source=SOURCE, key=f"lapse:{order}", actor=0, events=(event,)))

    def _expire(self, past: Past) -> Submission:
        now = self._day()
        own = past.holder_kind == HolderId.HOUSEHOLD
        event = ledger.Expire(
            account=past.account,
            through=now,
            event_day=now,
            reason=REASON,
            place=Place(household=past.holder, village=past.village) if own else None,
        )
        return Submission(ledger.Command(source=SOURCE, key=f"expire:{past.account}:{now}", actor=0, events=(event,)))

    def _day(self) -> int:
        return day_number(today(self._clock()))
