"""The one way into the ledger: a bounded queue for each book, emptied in batches.

While one batch commits, the next collects; there is no timer. An answer is given only after the commit, so what was
acknowledged is on disk.
"""

import asyncio
import secrets
import sqlite3
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from dezhi.core.calendar import micros
from dezhi.core.errors import Problem
from dezhi.core.events import Outcome
from dezhi.core.text import N_
from dezhi.store.engine import KeptEngine
from dezhi.store.ledger import Submission, post

BATCH_MAX = 512
QUEUE_MAX = 4_096
"""Submissions waiting for one book. At 5,000 a second that is under a second of waiting."""


class _Waiting(NamedTuple):
    submission: Submission
    answer: asyncio.Future[Outcome]


class Poster:
    """Posts commands to books. One per process; every book has one writer at a time."""

    def __init__(self, engine: KeptEngine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._queues: dict[int, deque[_Waiting]] = defaultdict(deque)
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._closing = False

    async def post(self, book: int, submission: Submission) -> Outcome:
        """Post one command and wait until it is on disk or refused.

        Raises `Problem` (`busy`, 503) when the queue is full or the process is stopping, `Problem` (`storage`, 503)
        when the database could not write (a full disk); in both cases nothing was booked and the same key may be sent
        again.
        """
        return (await self.post_many(book, [submission]))[0]

    async def post_many(self, book: int, submissions: Sequence[Submission]) -> list[Outcome]:
        """Post several commands, each for itself, in their order. Raises as `post` does."""
        queue = self._queues[book]
        if self._closing or len(queue) + len(submissions) > QUEUE_MAX:
            raise Problem("busy", N_("现在记的人太多,没有记上。请等几秒再按一次保存,不会记两遍。"), status=503)
        loop = asyncio.get_running_loop()
        waiting = [_Waiting(submission, loop.create_future()) for submission in submissions]
        queue.extend(waiting)
        lane = self._lanes.get(book)
        if lane is None or lane.done():
            self._lanes[book] = loop.create_task(self._empty(book, queue))
        # Waiting for all, so that no future's exception is left unread when the first one fails.
        found = await asyncio.gather(*(one.answer for one in waiting), return_exceptions=True)
        outcomes: list[Outcome] = []
        for one in found:
            if isinstance(one, BaseException):
                raise one
            outcomes.append(one)
        return outcomes

    async def _empty(self, book: int, queue: deque[_Waiting]) -> None:
        while queue:
            await self._settle(book, [queue.popleft() for _ in range(min(BATCH_MAX, len(queue)))])

    async def _settle(self, book: int, batch: Sequence[_Waiting]) -> None:
        """Write a batch and answer everybody in it, whatever happens."""
        try:
            outcomes = await self._write(book, [one.submission for one in batch])
        except Exception as failure:  # noqa: BLE001 - nobody may be left waiting
            if len(batch) > 1 and not _is_storage(failure):
                # A fault of ours in one command must not cost the others their entry: post singly to find it.
                for one in batch:
                    await self._settle(book, [one])
                return
            for one in batch:
                if not one.answer.done():
                    one.answer.set_exception(_explain(failure))
            return
        for one, outcome in zip(batch, outcomes, strict=True):
            if not one.answer.done():
                one.answer.set_result(outcome)

    async def _write(self, book: int, submissions: Sequence[Submission]) -> list[Outcome]:
        now, entropy = micros(self._clock()), secrets.token_bytes(32)
        outcomes: list[Outcome] = await self._engine.write(lambda db: post(db, book, submissions, now, entropy))
        return outcomes

    async def close(self) -> None:
        """Take nothing new, finish what waits, and stop."""
        self._closing = True
        await asyncio.gather(*self._lanes.values())


def _is_storage(failure: Exception) -> bool:
    """Whether the file itself is in trouble (full, gone, locked), which is the user's business to know."""
    return isinstance(failure, (OSError, sqlite3.OperationalError))


def _explain(failure: Exception) -> Exception:
    if not _is_storage(failure):
        return failure
    problem = Problem(
        "storage", N_("没有存上:电脑的硬盘写不进去(可能满了)。账没有动,请告诉管理员后再按一次保存。"), status=503
    )
    problem.__cause__ = failure
    return problem
