"""A Redis or Valkey beside the database: never needed, never a source, never waited for. ADR 0054.

Imported only where an address is set: the client takes 0.3 s and 23 MB.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TypeVar

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

T = TypeVar("T")

log = logging.getLogger("dezhi.cache")

SECONDS = 0.2
"""The longest that anybody waits for one answer: connecting, logging in and the answer together."""
PAUSE = 3.0
"""Seconds for which nobody asks a server that failed. Then one caller tries; the others go on without it meanwhile."""
ASKED_AT_ONCE = 8
LISTEN_SECONDS = 5.0
"""How long one read of a subscription waits before it looks whether the connection still stands."""

_TROUBLE = (RedisError, OSError, TimeoutError)


class CacheDown(Exception):
    """The server cannot be asked now; the message says why. Whoever asked goes on without it."""


class Cache:
    """A client of one server, for one process. Nothing is opened before it is first asked."""

    def __init__(self, url: str, prefix: str = "dezhi") -> None:
        """`prefix` keeps installations that share a server apart. Raises `ValueError` for an address that is none."""
        pool = ConnectionPool.from_url(
            url,
            # Subscriptions hold one each; who asks waits for a slot below, in the order of coming.
            max_connections=2 * ASKED_AT_ONCE,
            socket_timeout=SECONDS,
            socket_connect_timeout=SECONDS,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
        )
        self.client = Redis.from_pool(pool)
        self.prefix = prefix
        self._slots = asyncio.Semaphore(ASKED_AT_ONCE)
        self._not_before = 0.0
        self._trouble = ""

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """The answer to what `question` asks of `client`.

        Raises `CacheDown` after `SECONDS` at the latest, and at once while a failure is younger than `PAUSE`.
        """
        if time.monotonic() < self._not_before:
            raise CacheDown(self._trouble)
        if self._trouble:
            self._not_before = time.monotonic() + PAUSE
        try:
            async with asyncio.timeout(SECONDS), self._slots:
                answer = await question()
        except _TROUBLE as error:
            raise self._fail(error) from error
        self._recover()
        return answer

    async def get(self, key: str) -> bytes | None:
        """What is kept under a key; None if nothing is, or nobody knows."""
        with contextlib.suppress(CacheDown):
            found = await self.ask(lambda: self.client.get(self._key(key)))
            return found if isinstance(found, bytes) else None
        return None

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep a value for some seconds, if the server can be asked."""
        with contextlib.suppress(CacheDown):
            await self.ask(lambda: self.client.set(self._key(key), value, ex=seconds))

    async def send(self, message: bytes) -> None:
        """Tell every process that listens, if the server can be asked."""
        with contextlib.suppress(CacheDown):
            await self.ask(lambda: self.client.publish(self._key("wire"), message))

    async def listen(self) -> AsyncGenerator[bytes, None]:
        """What is sent from now on, by any process. It goes on after an outage; what was sent then is lost."""
        while True:
            line = self.client.pubsub(ignore_subscribe_messages=True)
            try:
                async with asyncio.timeout(SECONDS):
                    await line.subscribe(self._key("wire"))
                while True:
                    message = await line.get_message(timeout=LISTEN_SECONDS)
                    if message is not None:
                        yield message["data"]
            except _TROUBLE as error:
                log.debug("the cache's wire is down: %s", _say(error))
            finally:
                with contextlib.suppress(*_TROUBLE):
                    await line.aclose()  # type: ignore[no-untyped-call]
            await asyncio.sleep(PAUSE)

    async def trouble(self) -> str:
        """Why the server cannot be asked now, in its own words; empty if it answers."""
        try:
            await self.ask(self.client.ping)
        except CacheDown as down:
            return str(down)
        return ""

    async def close(self) -> None:
        """Close every connection."""
        with contextlib.suppress(*_TROUBLE):
            await self.client.aclose(close_connection_pool=True)

    def _key(self, name: str) -> str:
        return f"{self.prefix}:{name}"

    def _fail(self, error: BaseException) -> CacheDown:
        if not self._trouble:
            log.warning("going on without the cache: %s", _say(error))
        self._trouble = _say(error)
        self._not_before = time.monotonic() + PAUSE
        return CacheDown(self._trouble)

    def _recover(self) -> None:
        if self._trouble:
            log.warning("the cache answers again")
        self._trouble = ""
        self._not_before = 0.0


def _say(error: BaseException) -> str:
    return str(error) or f"no answer within {SECONDS} s"
