"""The one way into the ledger: a bounded queue for each book, emptied in batches.

While one batch commits, the next collects; there is no timer. An answer is given only after the commit, so what was
acknowledged is on disk.
"""

import asyncio
import contextvars
import secrets
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from dezhi.core.calendar import micros
from dezhi.core.errors import Problem
from dezhi.core.events import Outcome
from dezhi.core.text import N_
from dezhi.core.watch import UNWATCHED, Watch
from dezhi.store.ledger import Submission, post
from dezhi.store.postgres import Engine

BATCH_MAX = 512
QUEUE_MAX = 4_096
"""Submissions waiting for one book. At 5,000 a second that is under a second of waiting."""


class _Waiting(NamedTuple):
    submission: Submission
    answer: asyncio.Future[Outcome]


class Poster:
    """Posts commands to books. One per process; every book has one writer at a time, whichever process it is in."""

    moved: Callable[[int, int], None] | None = None
    """Told of a book and its last number after each commit that booked something; it may neither wait nor raise."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], watch: Watch = UNWATCHED) -> None:
        self._engine = engine
        self._clock = clock
        self._watch = watch
        self._queues: dict[int, deque[_Waiting]] = {}
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._closing = False

    @property
    def waiting(self) -> int:
        """Submissions that wait for their batch, in all books."""
        return sum(map(len, self._queues.values()))

    async def post(self, book: int, submission: Submission) -> Outcome:
        """Post one command and wait until it is on disk or refused.

        Raises `Problem` (`busy`, 503) when the queue is full or the process is stopping, `Problem` (`storage`, 503)
        when the database could not write (a full disk, a server that is gone); its words say when nobody knows whether
        it was booked. In every case the same key may be sent again. Raises `LookupError` for a book that is none and
        `ClosedTransaction` inside an open transaction. A caller who is cancelled while waiting may find it booked: the
        same key tells.
        """
        return (await self.post_many(book, [submission]))[0]

    async def post_many(self, book: int, submissions: Sequence[Submission]) -> list[Outcome]:
        """Post several commands, each for itself, in their order; at most `QUEUE_MAX`. Raises as `post` does.

        When some could not be stored, one of their errors is raised and others may be booked: send all of them again.
        """
        self._engine.refuse_inside_transaction()
        queue = self._queues.setdefault(book, deque())
        if self._closing or len(queue) + len(submissions) > QUEUE_MAX:
            raise Problem("busy", N_("现在记的人太多，没有记上。请等几秒再按一次保存，不会记两遍。"), status=503)
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

    async def _empty(self, book: int, queue: deque[_Waiting]) -> None:
        batch: list[_Waiting] = []
        try:
            while queue:
                batch = [queue.popleft() for _ in range(min(BATCH_MAX, len(queue)))]
                await self._settle(book, batch)
        finally:
            del self._lanes[book], self._queues[book]
            # Everybody has an answer, unless this task was cancelled; nobody may be left waiting then either.
            for one in [*batch, *queue]:
                one.answer.cancel()

    async def _settle(self, book: int, batch: Sequence[_Waiting]) -> None:
        """Write a batch and answer everybody in it, whatever happens."""
        try:
            outcomes = await self._write(book, [one.submission for one in batch])
        except Exception as failure:  # noqa: BLE001 - nobody may be left waiting
            if len(batch) > 1 and not isinstance(failure, Problem):
                # A fault of ours in one command must not cost the others their entry: post singly to find it.
                for one in batch:
                    await self._settle(book, [one])
                return
            for one in batch:
                if not one.answer.done():
                    one.answer.set_exception(failure)
            return
        for one, outcome in zip(batch, outcomes, strict=True):
            if not one.answer.done():
                one.answer.set_result(outcome)
        last = max((seq for outcome in outcomes if not outcome.replay for seq in outcome.seqs), default=0)
        if last and self.moved is not None:
            self.moved(book, last)

    async def _write(self, book: int, submissions: Sequence[Submission]) -> list[Outcome]:
        now, entropy = micros(self._clock()), secrets.token_bytes(32)
        began = time.perf_counter()
        outcomes = await self._engine.carry_out(post(book, submissions, now, entropy))
        self._watch.batch(len(submissions), time.perf_counter() - began)
        for outcome in outcomes:
            self._watch.outcome(outcome.code)
        return outcomes

    async def close(self) -> None:
        """Take nothing new, finish what waits, and stop."""
        self._closing = True
        await asyncio.gather(*self._lanes.values())
