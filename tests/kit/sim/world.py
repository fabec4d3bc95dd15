"""One seed: callers, processes and a server, from the first request to the last check."""

import asyncio
import hashlib
import logging
import random
import traceback
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, cast
from unittest.mock import patch

from dezhi.core.errors import Problem
from dezhi.core.events import Outcome
from dezhi.core.watch import Watch
from dezhi.store import poster as posting
from dezhi.store.poster import Poster
from dezhi.store.postgres import Engine as AnyEngine
from sim.callers import START, Plans
from sim.faults import Faults
from sim.loop import runner
from sim.promises import Asked, Promises, plain
from sim.server import Engine, Found, Server

ANSWERED_WITHIN = 300.0
"""Virtual seconds in which every request has some answer."""

TRIES_MAX = 400

_quiet: Final = logging.getLogger("dezhi.poster.simulated")
_quiet.disabled = True
"""In place of the poster's: here trouble is what is wanted."""


class Result(NamedTuple):
    """What a seed did: `digest` names its history, `finding` is empty when every promise was kept."""

    seed: int
    digest: str
    finding: str
    counts: Counter[str]
    lines: list[str]


class Trace:
    """What happened, line by line; only its digest is kept unless somebody wants to read it."""

    def __init__(self, *, keep: bool) -> None:
        self._hash = hashlib.sha256()
        self._keep = keep
        self.lines: list[str] = []

    def note(self, text: str) -> None:
        """Write down that something happened now."""
        line = f"{asyncio.get_running_loop().time():10.6f}  {text}"
        self._hash.update(line.encode())
        if self._keep:
            self.lines.append(line)

    def digest(self) -> str:
        """What names the whole of it."""
        return self._hash.hexdigest()


class Noticing(Watch):
    """Counts how often posters tried again."""

    def __init__(self, counts: Counter[str]) -> None:
        self._counts = counts

    def again(self, why: str) -> None:
        self._counts[f"poster tried again: {why}"] += 1


class Process:
    """One serving process with a clock that is somewhat off."""

    def __init__(self, number: int, world: "World") -> None:
        self.number = number
        off = timedelta(seconds=world.chance.uniform(-3, 3))
        started = asyncio.get_running_loop().time

        def clock() -> datetime:
            return START + off + timedelta(seconds=started())

        self.poster = Poster(
            cast("AnyEngine", Engine(world.server)),
            clock,
            Noticing(world.promises.counts),
            chance=world.chance.randbytes,
        )
        # A dictionary for its order: a set's would change from run to run.
        self.calls: dict[asyncio.Task[list[Outcome]], None] = {}

    def kill(self) -> None:
        """End it as kill −9 would: nobody gets an answer, nothing is put in order."""
        for task in [*self.calls, *self.poster._lanes.values(), *self.poster._groups]:
            task.cancel()


class World:
    """Everything that takes part in a seed."""

    def __init__(self, schema: bytes, seed: int, *, keep_trace: bool) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a seed's, so that it can be had again
        self.faults = Faults(self.chance)
        self.server = Server(schema, self.faults, self.chance)
        self.promises = Promises(self.server)
        self.trace = Trace(keep=keep_trace)
        self.books = [row["book_id"] for row in self.server.rows("SELECT book_id FROM book ORDER BY 1")]
        self.plans = Plans(self.chance, self.books)
        self.processes: list[Process] = []
        self._stopping: list[asyncio.Task[None]] = []

    async def run(self) -> str:
        """Live through it. Returns the digest of what is stored in the end; raises what was found."""
        self.processes = [Process(number, self) for number in range(self.chance.choice((1, 2, 2, 3)))]
        callers = [self._caller(number) for number in range(self.chance.randint(2, 6))]
        trouble = asyncio.create_task(self._trouble())
        await asyncio.gather(*callers)
        trouble.cancel()
        self.faults.calm = True
        for asked in [*self.promises.asked.values()]:
            await self._until_answered(asked, "last")
        await asyncio.gather(*self._stopping, *(process.poster.close() for process in self.processes))
        stored = self.promises.check(self.books)
        self.trace.note(f"stored {stored}")
        return stored

    async def _trouble(self) -> None:
        """The great troubles: processes are killed, the server restarts."""
        while True:
            await asyncio.sleep(self.chance.expovariate(self.chance.choice((0.05, 0.5, 2.0))))
            what = self.chance.choice(("process killed", "process stopped", "server restarted"))
            self.faults.count(what)
            self.trace.note(what)
            if what == "server restarted":
                self.server.restart(self.chance.choice((0.01, 0.3, 2.0, 6.0)))
                continue
            at = self.chance.randrange(len(self.processes))
            old, self.processes[at] = self.processes[at], Process(self.processes[at].number + 10, self)
            if what == "process killed":
                old.kill()
            else:
                self._stopping.append(asyncio.create_task(old.poster.close()))

    async def _caller(self, number: int) -> None:
        for _ in range(self.chance.randint(3, 10)):
            await asyncio.sleep(self.chance.expovariate(self.chance.choice((2, 50, 500))))
            several = [self.plans.next() for _ in range(self.chance.choice((1, 1, 1, 4)))]
            # The same request may be on its way twice: a double tap, a proxy that sends again.
            several += [asked for asked in several if self.chance.random() < 0.15]
            who = f"caller {number}"
            if self.chance.random() < 0.15:
                book = several[0].book
                await self._send(
                    [asked for asked in several if asked.book == book], who, whole=self.chance.random() < 0.7
                )
            await asyncio.gather(*(self._until_answered(asked, who) for asked in several))

    async def _until_answered(self, asked: Asked, who: str) -> None:
        for _ in range(TRIES_MAX):
            if await self._send([asked], who):
                return
            await asyncio.sleep(self.chance.expovariate(2))
        raise Found(f"{asked.name} was never answered")

    async def _send(self, several: Sequence[Asked], who: str, *, whole: bool = False) -> bool:
        """Send some requests of one book together, `whole` as all or none. Returns whether they were answered."""
        if self.server.findings:
            raise Found(self.server.findings[0])
        process = self.chance.choice(self.processes)
        patience = ANSWERED_WITHIN if self.faults.calm or self.chance.random() < 0.8 else self.chance.uniform(0, 2)
        again = [self.promises.sends(asked) for asked in several]
        name = f"{who} {[asked.name for asked in several]} at process {process.number}{' as one' if whole else ''}"
        self.trace.note(f"{name} asks")
        post = process.poster.post_whole if whole else process.poster.post_many
        call = asyncio.create_task(post(several[0].book, [asked.submission for asked in several]))
        process.calls[call] = None
        await asyncio.wait([call], timeout=patience)
        del process.calls[call]
        if not call.done() and patience == ANSWERED_WITHIN:
            raise Found(f"{name} was not answered in {patience} s")
        if not call.done() or call.cancelled():
            call.cancel()
            self.trace.note(f"{name} is cut off")
            for asked in several:
                self.promises.cut(asked)
            return False
        failure = call.exception()
        if failure is None:
            self._heard(several, call.result(), again, name, whole=whole)
            return True
        self.trace.note(f"{name} hears of trouble: {failure!r}")
        for asked in several:
            if len(several) > 1 and not whole:
                self.promises.cut(asked)  # it is one's trouble, and nothing is said of the others
            else:
                # What is no problem is a fault that nobody predicted: the engine tells ours from the planted ones.
                self.promises.failed(asked, failure if isinstance(failure, Problem) else Problem("fault", "", 500))
        return False

    def _heard(
        self, several: Sequence[Asked], outcomes: Sequence[Outcome], again: Sequence[bool], name: str, *, whole: bool
    ) -> None:
        told = [f"{plain(one).decode()}{' again' if one.replay else ''}" for one in outcomes]
        self.trace.note(f"{name} hears {' '.join(told)}")
        kept = not whole or all(outcome.booked for outcome in outcomes)
        for asked, outcome, before in zip(several, outcomes, again, strict=True):
            if kept:
                self.promises.answered(asked, outcome, again=before)
                self.plans.hear(asked, outcome)
            else:
                self.promises.failed(asked, Problem("group", "", 409))


def _where(found: AssertionError) -> str:
    """The assertion itself, where it has no words."""
    last = traceback.extract_tb(found.__traceback__)[-1]
    return f"{last.name}: {last.line}"


def simulate(schema: bytes, seed: int, *, keep_trace: bool = False) -> Result:
    """Run one seed over a database of this schema (the bytes of a SQLite file)."""
    world = World(schema, seed, keep_trace=keep_trace)
    finding, stored = "", ""
    # Small batches and short queues meet each other more often than long ones.
    sizes: dict[str, Any] = {"BATCH_MAX": (1, 3, 512), "QUEUE_MAX": (2, 8, 4_096)}
    changes = {name: world.chance.choice(some) for name, some in sizes.items()}
    with patch.multiple(posting, log=_quiet, **changes), runner() as on:
        try:
            stored = on.run(world.run())
        except AssertionError as found:
            finding = str(found) or _where(found)
    digest = hashlib.sha256(f"{world.trace.digest()} {stored} {finding}".encode()).hexdigest()
    world.server.db.close()
    return Result(seed, digest, finding, world.faults.counts + world.promises.counts, world.trace.lines)
