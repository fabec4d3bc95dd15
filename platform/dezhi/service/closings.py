"""Closing the books of past days, and letting a household owe: what the township decides about the ledger itself.

A closed day takes nothing more: what turns out wrong later is corrected on an open day and points back.
"""

from datetime import date

from dezhi.core import events as ledger
from dezhi.core.calendar import Clock, day as day_number, to_date, today
from dezhi.core.errors import Problem
from dezhi.core.events import AssetId
from dezhi.core.people import Household
from dezhi.core.text import N_
from dezhi.service.actors import Actor
from dezhi.service.refusals import problem
from dezhi.service.sheets import Sheets
from dezhi.store import books
from dezhi.store.database import Database
from dezhi.store.ledger import Submission
from dezhi.store.poster import Poster

REASON_MAX = 200


class Closings:
    """Closes periods and sets overdrafts."""

    def __init__(self, database: Database, poster: Poster, sheets: Sheets, clock: Clock) -> None:
        self._database = database
        self._poster = poster
        self._sheets = sheets
        self._clock = clock

    async def closed_through(self, village: int) -> date | None:
        """The last closed day of the book a village is in; None before the first."""
        found = await books.closed_through(self._database, await self._sheets.book(village))
        return to_date(found) if found else None

    async def close(self, village: int, through: date, actor: Actor, key: str) -> int:
        """Close all days up to one that is past, in the whole township's book; returns the entry. Raises `Problem`."""
        now = today(self._clock())
        closed = await self.closed_through(village)
        if through >= now or (closed is not None and through < closed):
            text = N_("没有结账：只能结到昨天为止，而且要比上次结的晚。")
            raise Problem("close-day", text, field="through")
        event = ledger.Close(through=day_number(through), event_day=day_number(now))
        return await self._post(village, event, actor, key, f"close {through}")

    async def let_owe(self, home: Household, points: int, reason: str, actor: Actor, key: str) -> int:
        """Let a household's moral points go below zero by so many, at most what its programme allows (LE-10).

        0 takes it back. Returns the entry. Raises `Problem`.
        """
        if actor.household == home.id:
            text = N_("没有改：自己家能不能先用后补，请另一位工作人员来定。")
            raise Problem("self_overdraft", text, status=403)
        sheet = await self._sheets.in_force(home.village, today(self._clock()))
        most = sheet.programme.document.keeping.overdraft
        if not 0 <= points <= most:
            text = N_("没有改：这个村的方案最多许先用%(most)s分。")
            raise Problem("overdraft", text, status=409, field="points", most=most)
        event = ledger.Limit(
            programme=sheet.lineage,
            holder=ledger.Holder(ledger.HolderId.HOUSEHOLD, home.id),
            place=ledger.Place(household=home.id, village=home.village, grid=home.grid),
            event_day=day_number(today(self._clock())),
            asset=AssetId.MORAL,
            overdraft=points,
            reason=reason.strip()[:REASON_MAX],
        )
        return await self._post(home.village, event, actor, key, f"owe {home.id} {points} {event.reason}")

    async def _post(self, village: int, event: ledger.Event, actor: Actor, key: str, asked: str) -> int:
        # What is asked does not depend on the day on which it is sent again.
        command = ledger.Command(source=actor.source, key=key, actor=actor.staff, events=(event,), asked=asked.encode())
        outcome = await self._poster.post(await self._sheets.book(village), Submission(command))
        if not outcome.booked:
            raise problem(outcome)
        return outcome.seqs[0]
