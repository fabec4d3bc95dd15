"""Single questions asked together: while statements of a kind run, the next callers collect and go as one.

The reads before an award are many small ones of few kinds. A statement costs the same for one key as for fifty, so
under load this makes fifty round trips one, and idle it costs nothing. See docs/adr/0062-reads-together.md.
"""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

ASKED_MAX: Final = 256
"""Keys in one statement."""

RUNNING_MAX: Final = 2
"""Statements of one kind that run at once. One made larger batches and idle processors: half as many answers when each
round trip waits for a busy machine."""


class Together(Generic[K, V]):
    """One kind of question. Nothing is kept: a question is never answered by a statement that began before it came."""

    def __init__(self, ask: Callable[[Collection[K]], Awaitable[Mapping[K, V]]]) -> None:
        """`ask` answers for several different keys in one statement; what it leaves out is None."""
        self._ask = ask
        self._waiting: dict[K, list[asyncio.Future[V | None]]] = {}
        self._running = 0
        self._tasks: set[asyncio.Task[None]] = set()  # the loop itself keeps them only weakly

    async def get(self, key: K) -> V | None:
        """The answer for one key. Raises what `ask` raises, to everybody whose key was asked with this one."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[V | None] = loop.create_future()
        self._waiting.setdefault(key, []).append(answer)
        if self._running < RUNNING_MAX:
            self._running += 1
            # A context of its own: it asks for others too, and outlives whoever came first.
            task = loop.create_task(self._empty(), context=contextvars.Context())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await answer

    async def _empty(self) -> None:
        asked: dict[K, list[asyncio.Future[V | None]]] = {}
        try:
            while self._waiting:
                asked = {key: self._waiting.pop(key) for key in [*self._waiting][:ASKED_MAX]}
                await self._answer(asked)
        finally:
            # In the same step as the last look at who waits: whoever comes from now on starts another.
            self._running -= 1
            # Everybody has an answer, unless this task was cancelled; nobody may be left waiting then either.
            for waiting in (*asked.values(), *self._waiting.values()):
                for answer in waiting:
                    answer.cancel()
            self._waiting.clear()

    async def _answer(self, asked: Mapping[K, Collection[asyncio.Future[V | None]]]) -> None:
        try:
            found = await self._ask(asked.keys())
        except Exception as failure:  # noqa: BLE001 - each of them is told
            for waiting in asked.values():
                for answer in waiting:
                    if not answer.done():
                        answer.set_exception(failure)
            return
        for key, waiting in asked.items():
            value = found.get(key)
            for answer in waiting:
                if not answer.done():
                    answer.set_result(value)
