"""Word between processes over PostgreSQL's LISTEN and NOTIFY, where there is no Redis. ADR 0054."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator

import asyncpg

log = logging.getLogger("dezhi.notices")

CHANNEL = "dezhi_wire"
SECONDS = 2.0
"""The longest that one message, or a new connection, may take. Nobody but the teller waits for it."""
PAUSE = 3.0
"""Seconds before a connection that failed is tried again."""
LOOK_SECONDS = 15.0
"""How often a listener asks whether its connection still stands: one that was cut off hears nothing, also no end."""

_TROUBLE = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


class Notices:
    """A wire over one database, for one process: two connections of its own, since a pooled one cannot listen."""

    def __init__(self, url: str) -> None:
        """Opens nothing yet."""
        self._url = url
        self._sender: asyncpg.Connection | None = None
        self._not_before = 0.0

    async def send(self, message: bytes) -> None:
        """Tell every process that listens; drops the message while the database cannot be reached."""
        if time.monotonic() < self._not_before:
            return
        try:
            async with asyncio.timeout(SECONDS):
                if self._sender is None or self._sender.is_closed():
                    self._sender = await self._connect()
                await self._sender.execute("SELECT pg_notify($1, $2)", CHANNEL, message.decode())
        except _TROUBLE as error:
            log.debug("a notice was dropped: %s", type(error).__name__)
            self._not_before = time.monotonic() + PAUSE
            await self.close()

    async def listen(self) -> AsyncGenerator[bytes, None]:
        """What is sent from now on, by any process. It goes on after an outage; what was sent then is lost."""
        while True:
            line: asyncpg.Connection | None = None
            try:
                async with asyncio.timeout(SECONDS):
                    line = await self._connect()
                    heard = await _listen(line)
                while True:
                    try:
                        async with asyncio.timeout(LOOK_SECONDS):
                            message = await heard.get()
                    except TimeoutError:
                        async with asyncio.timeout(SECONDS):
                            await line.execute("SELECT 1")
                        continue
                    if message is None:
                        break
                    yield message
            except _TROUBLE as error:
                log.debug("the wire is down: %s", type(error).__name__)
            finally:
                if line is not None:
                    line.terminate()
            await asyncio.sleep(PAUSE)

    async def close(self) -> None:
        """Let go of what `send` holds."""
        sender, self._sender = self._sender, None
        if sender is not None:
            with contextlib.suppress(*_TROUBLE):
                await sender.close(timeout=SECONDS)

    async def _connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(self._url, timeout=SECONDS, server_settings={"application_name": "dezhi wire"})


async def _listen(line: asyncpg.Connection) -> asyncio.Queue[bytes | None]:
    """What `line` hears; None when it is cut."""
    heard: asyncio.Queue[bytes | None] = asyncio.Queue()

    def hear(_line: object, _sender: int, _channel: str, payload: object) -> None:
        heard.put_nowait(str(payload).encode())

    line.add_termination_listener(lambda _line: heard.put_nowait(None))
    await line.add_listener(CHANNEL, hear)
    return heard
