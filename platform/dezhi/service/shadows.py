"""Shadows: a draft beside the programme in force, compared each night, never in the way of an award (B-15).

Every comparison plays the deeds again from a year before, so that limits and facts know what came before, and keeps
what was recorded since the shadow began. Nothing is written to any book.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import msgspec

from dezhi.core import calendar
from dezhi.core.calendar import Clock, micros
from dezhi.core.errors import Problem
from dezhi.core.regions import Region
from dezhi.core.shadows import DAYS_LEAST, DAYS_MOST, DAYS_USUAL, Difference, Shadow, ShadowState, differences
from dezhi.core.text import N_
from dezhi.service.backtest_rules import Whole
from dezhi.service.backtests import Backtests
from dezhi.service.nightly import Job
from dezhi.service.places import Places
from dezhi.store import shadows as store
from dezhi.store.database import Database
from dezhi.store.ids import new_id

log = logging.getLogger("dezhi.shadows")

SHOWN_MAX: Final = 20
BEFORE: Final = timedelta(days=366)
"""Of so long before the shadow began the deeds are played as well, for limits and facts."""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What a night's work came to."""

    shadows: int
    ended: int
    failed: int


class Shadows:
    """Begins, compares and ends shadows."""

    def __init__(self, database: Database, backtests: Backtests, places: Places, clock: Clock) -> None:
        self._database = database
        self._backtests = backtests
        self._places = places
        self._clock = clock

    async def begin(self, village: Region, proposed: Whole, staff: int, days: int = DAYS_USUAL) -> Shadow:
        """Begin one today. Raises `Problem` `shadow-days`, `shadow-running` (409), or why the draft cannot be used."""
        if not DAYS_LEAST <= days <= DAYS_MOST:
            text = N_("陪跑要在%(least)s到%(most)s天之间。")
            raise Problem("shadow-days", text, field="days", least=DAYS_LEAST, most=DAYS_MOST)
        now = self._clock()
        today = calendar.today(now)
        ready = await self._backtests.seat(village, proposed, today, today)
        async with self._database.engine.transaction():
            if any(one.state is ShadowState.RUNNING for one in await self.of(village)):
                text = N_("这个村已经有一份在陪跑。先停了它，再开始另一份。")
                raise Problem("shadow-running", text, status=409)
            shadow = Shadow(
                id=new_id(),
                village=village.id,
                state=ShadowState.RUNNING,
                title=ready.rules.draft.title,
                document=ready.rules.draft.document,
                since=today,
                until=today + timedelta(days=days - 1),
                started_by=staff,
                started_at=now,
            )
            await store.add(self._database, shadow)
        return shadow

    async def of(self, village: Region) -> Sequence[Shadow]:
        """A village's shadows, the newest first."""
        return await store.of_village(self._database, village.id, SHOWN_MAX)

    async def find(self, village: Region, key: int) -> Shadow:
        """One of a village's. Raises `Problem` `shadow-unknown` (404)."""
        found = next((one for one in await self.of(village) if one.id == key), None)
        if found is None:
            raise Problem("shadow-unknown", N_("没有这份陪跑，或者它不归您管。"), status=404)
        return found

    async def differences(self, shadow: Shadow) -> Sequence[Difference]:
        """What a shadow found so far, the newest deeds first."""
        return await store.differences(self._database, shadow.id)

    async def stop(self, village: Region, key: int) -> None:
        """End one before its time; what it found stays, and one that is over stays as it is.

        Raises `Problem` `shadow-unknown` (404).
        """
        await store.stop(self._database, (await self.find(village, key)).id)

    def nightly(self) -> Job:
        """The night's work."""
        return Job("shadows", self.compare_all)

    async def compare_all(self) -> Compared:
        """Compare every shadow that runs, and end those whose last day is over. One that fails stops no other."""
        ended = failed = 0
        found = await store.running(self._database)
        for one in found:
            done = await self.compare(one)
            ended += done.state is ShadowState.ENDED
            failed += bool(done.trouble)
        return Compared(shadows=len(found), ended=ended, failed=failed)

    async def compare(self, shadow: Shadow) -> Shadow:
        """Compare one with what was recorded so far, and keep it."""
        today = calendar.today(self._clock())
        state = ShadowState.ENDED if today > shadow.until else ShadowState.RUNNING
        try:
            done, found = await self._compared(shadow)
        except Problem as problem:
            log.warning("a shadow was not compared", extra={"shadow": shadow.id, "code": problem.code})
            done, found = msgspec.structs.replace(shadow, trouble=problem.code), []
        done = msgspec.structs.replace(done, state=state)
        await store.compared(self._database, done, found)
        return done

    async def _compared(self, shadow: Shadow) -> tuple[Shadow, list[Difference]]:
        village = await self._places.region(shadow.village)
        first, last = shadow.since - BEFORE, min(calendar.today(self._clock()), shadow.until)
        begun, found = micros(shadow.started_at), list[Difference]()
        deeds = reached = 0
        proposed = Whole(title=shadow.title, document=shadow.document)
        ready = await self._backtests.seat(village, proposed, first, last)
        async for deed, played in self._backtests.replay(ready, first, last):
            if played is not None and deed.recorded_at >= begun:
                deeds, reached = deeds + 1, max(reached, deed.seq)
                found += differences(played)
        return msgspec.structs.replace(shadow, deeds=deeds, reached=reached, trouble=""), found
