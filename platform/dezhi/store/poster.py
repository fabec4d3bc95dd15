"""The one way into the ledger: a bounded queue for each book, emptied in batches.

While one batch commits, the next collects; there is no timer. An answer is given only after the commit, so what was
acknowledged is on disk.
"""

import asyncio
import contextvars
import itertools
import logging
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from msgspec import structs

from dezhi.core.calendar import micros
from dezhi.core.errors import Problem
from dezhi.core.events import Outcome
from dezhi.core.text import N_
from dezhi.core.watch import UNWATCHED, Watch
from dezhi.store.ledger import Submission, post
from dezhi.store.postgres import Engine
from dezhi.store.steps import Steps
from dezhi.store.trouble import LOST, Passing, Unknown

log = logging.getLogger("dezhi.poster")

BATCH_MAX: Final = 512
QUEUE_MAX: Final = 4_096
"""Submissions waiting for one book. At 5,000 a second that is under a second of waiting."""

PAUSES: Final = (0.02, 0.1, 0.3, 1.0, 2.0)
"""Seconds before each new try of a batch of which nobody knows whether it was kept: a server needs some to return."""

PAUSES_OF_SURE: Final = PAUSES[:3]
"""Before each new try of a batch that was surely not kept: its callers may as well try again themselves."""

PATIENCE_SECONDS: Final = 8.0
"""No try begins later than this after the first one: a try that waits for a lock or a connection takes seconds."""

DRAIN_SECONDS: Final = 5.0
"""How long a closing poster works on at what waits. An operator's supervisor kills after ten."""

UNDO_SECONDS: Final = 1.0
"""How long it then waits for the batches that it dropped to be rolled back."""


class _Waiting(NamedTuple):
    submission: Submission
    answer: asyncio.Future[Outcome]


class _Doubt:
    """What is not known of some submissions: `since` which trouble, and in `lost` how they were decided then."""

    def __init__(self, since: Unknown | None = None) -> None:
        self.since = since
        self.decided: list[Outcome] = []
        self.lost: Sequence[Outcome] = ()

    def hear(self, problem: Problem) -> None:
        """A try ended in this."""
        if isinstance(problem, Unknown):
            self.since, self.lost = problem, _as_first(self.decided, self.lost) or self.lost


class Poster:
    """Posts commands to books. One per process; every book has one writer at a time, whichever process it is in."""

    moved: Callable[[int, int], None] | None = None
    """Told of a book and its last number after each commit that booked something; it may neither wait nor raise."""

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], datetime],
        watch: Watch = UNWATCHED,
        *,
        chance: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        """`chance` gives so many random bytes: only a test wants others than the system's."""
        self._engine = engine
        self._clock = clock
        self._watch = watch
        self._chance = chance
        self._queues: dict[int, deque[_Waiting]] = {}
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._groups: dict[asyncio.Task[list[Outcome]], None] = {}
        self._closing = False

    @property
    def waiting(self) -> int:
        """Submissions that wait for their batch, in all books."""
        return sum(map(len, self._queues.values()))

    async def post(self, book: int, submission: Submission) -> Outcome:
        """Post one command and wait until it is on disk or refused.

        Raises `Problem` (`busy`) when the queue is full (429) or the process is stopping (503), `Problem` (`storage`,
        503) when the database could not write (a full disk, a server that is gone), after some tries where that may
        pass; its words say when nobody knows whether it was booked. In every case the same key may be sent again.
        Raises `LookupError` for a book that is none and `ClosedTransaction` inside an open transaction. A caller who is
        cancelled while waiting may find it booked: the same key tells.
        """
        return (await self.post_many(book, [submission]))[0]

    async def post_many(self, book: int, submissions: Sequence[Submission]) -> list[Outcome]:
        """Post several commands, each for itself, in their order; at most `QUEUE_MAX`. Raises as `post` does.

        When some could not be stored, one of their errors is raised and others may be booked: send all of them again.
        """
        self._engine.refuse_inside_transaction()
        if self._closing:
            raise _stopping()
        queue = self._queues.setdefault(book, deque())
        if len(queue) + len(submissions) > QUEUE_MAX:
            raise Problem("busy", N_("现在记的人太多，没有记上。请等几秒再按一次保存，不会记两遍。"), status=429)
        loop = asyncio.get_running_loop()
        waiting = [_Waiting(submission, loop.create_future()) for submission in submissions]
        queue.extend(waiting)
        if book not in self._lanes:
            # A context of its own: it outlives the request, and the transaction, of whoever came first.
            self._lanes[book] = loop.create_task(self._empty(book, queue), context=contextvars.Context())
        if len(waiting) == 1:
            return [await waiting[0].answer]
        # Waiting for all, so that no future's exception is left unread when the first one fails.
        found = await asyncio.gather(*(one.answer for one in waiting), return_exceptions=True)
        outcomes: list[Outcome] = []
        for one in found:
            if isinstance(one, BaseException):
                raise one
            outcomes.append(one)
        return outcomes

    async def post_whole(self, book: int, submissions: Sequence[Submission]) -> list[Outcome]:
        """Post several commands, all of them or none, as a batch of their own beside the queue. Raises as `post` does.

        Where one is refused nothing is kept, not even the refusal; the outcomes of the others say what they would have
        become.
        """
        self._engine.refuse_inside_transaction()
        if self._closing:
            raise _stopping()
        work = self._group(book, submissions)
        task = asyncio.get_running_loop().create_task(work, context=contextvars.Context())
        self._groups[task] = None
        try:
            return await task
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if caller is not None and caller.cancelling():
                raise
            raise Unknown("storage", LOST, status=503) from None  # dropped by `close`
        finally:
            del self._groups[task]

    async def _group(self, book: int, submissions: Sequence[Submission]) -> list[Outcome]:
        doubt = _Doubt()
        try:
            outcomes = await self._try_on(book, submissions, doubt, whole=True)
        except Unbooked as refused:
            return refused.outcomes
        except Problem:
            raise
        except Exception as fault:
            self._watch.again("fault")
            log.exception("fault while booking", extra={"book": book, "size": len(submissions)})
            raise (doubt.since or fault) from fault.__cause__
        for outcome in outcomes:
            self._watch.outcome(outcome.code)
        self._tell_moved(book, outcomes)
        return [*outcomes]

    async def _empty(self, book: int, queue: deque[_Waiting]) -> None:
        batch: list[_Waiting] = []
        try:
            while queue:
                batch = [queue.popleft() for _ in range(min(BATCH_MAX, len(queue)))]
                await self._settle(book, batch)
        finally:
            del self._lanes[book], self._queues[book]
            # Everybody has an answer, unless this task was cancelled; nobody may be left waiting then either.
            _tell(batch, Unknown("storage", LOST, status=503))
            _tell(queue, _stopping())

    async def _settle(self, book: int, batch: Sequence[_Waiting], doubt: _Doubt | None = None) -> Problem | None:
        """Write a batch and answer everybody in it, whatever happens. Returns the trouble of the database, if any."""
        doubt = doubt or _Doubt()
        try:
            outcomes = await self._try_on(book, [one.submission for one in batch], doubt)
        except Problem as problem:
            _tell(batch, problem)
            return problem
        except Exception as fault:
            # The rules should have made this impossible. Nothing of this try was kept.
            self._watch.again("fault")
            log.exception("fault while booking", extra={"book": book, "size": len(batch)})
            if len(batch) > 1:
                return await self._settle_singly(book, batch, doubt)
            _tell(batch, doubt.since or fault)
            return None
        for one, outcome in zip(batch, outcomes, strict=True):
            if not one.answer.done():
                one.answer.set_result(outcome)
            self._watch.outcome(outcome.code)
        self._tell_moved(book, outcomes)
        return None

    async def _settle_singly(self, book: int, batch: Sequence[_Waiting], doubt: _Doubt) -> Problem | None:
        """Find whose command is at fault: it must not cost the others their entry."""
        for at, one in enumerate(batch):
            trouble = await self._settle(book, [one], _Doubt(doubt.since))
            if trouble is not None:
                _tell(batch[at:], doubt.since or trouble)  # not each of five hundred after its own tries
                return trouble
        return None

    async def _try_on(
        self, book: int, submissions: Sequence[Submission], doubt: _Doubt, *, whole: bool = False
    ) -> Sequence[Outcome]:
        """Write, and write again where that is of use.

        A try after which nobody knows whether it was kept is tried again: the keys make sure that nothing is booked
        twice. From then on there is `doubt`, until a try is answered: nobody may be told that nothing was booked.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        for tried in itertools.count():
            try:
                outcomes = await self._write(book, submissions, doubt.decided, whole=whole)
            except Problem as problem:
                doubt.hear(problem)
                pause = _pause(problem, doubt.since, tried)
                if pause is None or loop.time() + pause > began + PATIENCE_SECONDS:
                    if doubt.since is None or doubt.since is problem:
                        raise
                    raise doubt.since from doubt.since.__cause__
                self._watch.again("unknown" if doubt.since else "passing")
                more = {"book": book, "size": len(submissions), "unknown": doubt.since is not None}
                log.warning("batch tried again", extra=more)
                await asyncio.sleep(pause)
            else:
                return _as_first(outcomes, doubt.lost)
        raise AssertionError("there is always another number")

    async def _write(
        self, book: int, submissions: Sequence[Submission], decided: list[Outcome], *, whole: bool = False
    ) -> Sequence[Outcome]:
        """Try once. `decided` has the outcomes as soon as they only have to be committed."""
        now, entropy = micros(self._clock()), self._chance(32)
        began = time.perf_counter()
        decided.clear()
        steps = post(book, submissions, now, entropy)
        outcomes = await self._engine.carry_out(_noting(_whole(steps) if whole else steps, decided))
        self._watch.batch(len(submissions), time.perf_counter() - began)
        return outcomes

    def _tell_moved(self, book: int, outcomes: Sequence[Outcome]) -> None:
        if self.moved is None:
            return
        last = max((outcome.seqs[-1] for outcome in outcomes if outcome.seqs and not outcome.replay), default=0)
        if last:
            self.moved(book, last)

    async def close(self) -> None:
        """Take nothing new, finish what waits, and stop: within `DRAIN_SECONDS`, then whoever still waits is told."""
        self._closing = True
        working: list[asyncio.Task[Any]] = [*self._lanes.values(), *self._groups]
        if working:
            await asyncio.wait(working, timeout=DRAIN_SECONDS)
        late = [task for task in working if not task.done()]
        if late:
            log.warning("stopped with awards waiting", extra={"waiting": self.waiting})
            for task in late:
                task.cancel()
            await asyncio.wait(late, timeout=UNDO_SECONDS)


def _noting(steps: Steps[list[Outcome]], decided: list[Outcome]) -> Steps[list[Outcome]]:
    outcomes = yield from steps
    decided += outcomes
    return outcomes


class Unbooked(Exception):
    """Rolls a group back of which not all was booked."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        super().__init__()
        self.outcomes = outcomes


def _whole(steps: Steps[list[Outcome]]) -> Steps[list[Outcome]]:
    outcomes = yield from steps
    if not all(outcome.booked for outcome in outcomes):
        raise Unbooked(outcomes)
    return outcomes


def _as_first(outcomes: Sequence[Outcome], lost: Sequence[Outcome]) -> Sequence[Outcome]:
    """The outcomes, but those of a try of which nobody knew where it turns out to have been kept.

    They are replays of the poster's own making: whoever asked once has not asked again.
    """
    if not lost or not outcomes:
        return [*outcomes]
    return [
        before if again == structs.replace(before, replay=True) else again
        for again, before in zip(outcomes, lost, strict=True)
    ]


def _pause(problem: Problem, doubt: Unknown | None, tried: int) -> float | None:
    """Seconds before the next try of a batch; None when there is none."""
    if doubt is None and not isinstance(problem, Passing):
        return None
    pauses = PAUSES_OF_SURE if doubt is None else PAUSES
    return pauses[tried] if tried < len(pauses) else None


def _stopping() -> Problem:
    return Problem("busy", N_("德治正要停下或重新启动，没有记上。请过一会儿再按一次保存，不会记两遍。"), status=503)


def _tell(waiting: Iterable[_Waiting], failure: Exception) -> None:
    """Raise `failure` to all of them who have no answer yet."""
    for one in waiting:
        if not one.answer.done():
            one.answer.set_exception(failure)
