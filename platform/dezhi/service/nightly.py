"""What a served installation does by itself each night, once, however many processes serve it.

The database decides who: a job of a night is taken by inserting its row. Whoever has it gives a sign every minute, so
that another process takes it over when the first one dies. A machine that sleeps at night does it after its next start.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, time, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from dezhi.core.calendar import ZONE, Clock, day, micros
from dezhi.core.errors import Problem
from dezhi.store import nightly as store
from dezhi.store.database import Database
from dezhi.store.nightly import Run

log = logging.getLogger("dezhi.nightly")

HOUR: Final = time(2, 30)
"""When a night's work is due, in the village's time."""
SETTLE_SECONDS: Final = 600.0
"""After a start: a machine that was switched on in the morning serves its people first."""
LOOK_SECONDS: Final = 60.0
STALE: Final = timedelta(minutes=5)
"""How long a silent process keeps its job."""


class Job(NamedTuple):
    """Work under a name of its own. What `work` returns is kept as JSON; it must bear being begun again."""

    name: str
    work: Callable[[], Awaitable[Any]]


def night_of(now: datetime) -> int:
    """The night whose work is due, as a day number: today's from `HOUR` on, yesterday's before."""
    local = now.astimezone(ZONE)
    return day(local.date() if local.time() >= HOUR else local.date() - timedelta(days=1))


class Nightly:
    """The jobs of this installation, in their order, one at a time."""

    def __init__(self, database: Database, clock: Clock, jobs: Sequence[Job]) -> None:
        self._database = database
        self._clock = clock
        self._jobs = jobs
        self._done: dict[str, int] = {}

    async def last(self, name: str) -> Run | None:
        """What came of a job the last time it ended, here or in another process."""
        return await store.last(self._database, name)

    async def turn(self) -> None:
        """Do what is due and nobody else does. A job that fails is logged, noted and done again the next night."""
        night = night_of(self._clock())
        for job in self._jobs:
            if self._done.get(job.name) != night and await self._turn(job, night):
                self._done[job.name] = night

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Look after the jobs within the block; what is under way at its end is given back for another time."""
        watch = asyncio.create_task(self._watch(), name="nightly")
        try:
            yield
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch

    async def _watch(self) -> None:
        await asyncio.sleep(SETTLE_SECONDS)
        while True:
            try:
                await self.turn()
            except Problem as trouble:
                # The database is away: there is another look in a minute.
                log.warning("nightly work waits: %s", trouble.code)
            except Exception:
                # Whatever it was: a night without a seal or an audit must not be followed by others.
                log.exception("looking after nightly work failed")
            await asyncio.sleep(LOOK_SECONDS)

    async def _turn(self, job: Job, night: int) -> bool:
        """Whether the night's job has ended, by this process or another."""
        now = self._clock()
        if not await store.begin(self._database, job.name, night, micros(now), micros(now - STALE)):
            return await store.done(self._database, job.name, night)
        beating = asyncio.create_task(self._beat(job, night), name=f"nightly {job.name} beats")
        trouble, result = "", ""
        try:
            result = msgspec.json.encode(await job.work()).decode()
        except asyncio.CancelledError:
            await store.beat(self._database, job.name, night, 0)
            raise
        except Problem as problem:
            trouble = problem.code
            log.error("nightly %s: %s", job.name, problem)  # noqa: TRY400 - a Problem says all in its words
        except Exception as error:
            trouble = type(error).__name__
            log.exception("nightly %s failed", job.name)
        finally:
            beating.cancel()
        await store.end(self._database, job.name, night, micros(self._clock()), trouble, result)
        return True

    async def _beat(self, job: Job, night: int) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            with contextlib.suppress(Problem):
                await store.beat(self._database, job.name, night, micros(self._clock()))
