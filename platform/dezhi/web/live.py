"""Tells open pages that a book moved, so that they fetch what they show. Only a cursor travels. ADR 0054."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from litestar.channels import ChannelsPlugin, Subscriber
from litestar.channels.backends.memory import MemoryChannelsBackend
from litestar.response.sse import ServerSentEventMessage

from dezhi.service.shared import Wire

OPEN_MAX = 200
"""Open streams in one process: walls, not phones. Whoever comes later asks each minute, as without scripts of ours."""
GATHER_SECONDS = 0.3
"""A book that moves a hundred times a second is told of three times."""
BEAT, BEAT_SECONDS = b"", 20.0
"""A word in between, so that no proxy takes a quiet stream for a dead one."""
AGAIN_MS = 5_000
"""After how long a browser asks again for a stream that broke."""


class WireBackend(MemoryChannelsBackend):
    """Channels in this process's memory, and those of the other processes over a wire.

    Litestar's own Redis and PostgreSQL backends end with the first connection that is lost; a wire comes back, and
    while it is gone this process goes on telling its own.
    """

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire
        self._listening: asyncio.Task[None] | None = None

    async def on_startup(self) -> None:
        """Begin to listen; waits for nobody."""
        await super().on_startup()
        self._listening = asyncio.create_task(self._listen())

    async def on_shutdown(self) -> None:
        """Listen no more, and let go of the wire."""
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        await self._wire.close()
        await super().on_shutdown()

    async def publish(self, data: bytes, channels: object) -> None:
        """Tell this process at once and the others over the wire."""
        names = [str(name) for name in channels]  # type: ignore[attr-defined]
        await super().publish(data, names)
        for name in names:
            await self._wire.send(name.encode() + b" " + data)

    async def _listen(self) -> None:
        async with contextlib.aclosing(self._wire.listen()) as messages:
            async for message in messages:
                name, _, cursor = message.partition(b" ")
                # Our own come back as well; a stream passes each cursor on once.
                if cursor.isdigit():
                    await super().publish(cursor, [name.decode(errors="replace")])


class Live:
    """The streams of one process. `moved` is the poster's hook after a commit."""

    def __init__(self, wire: Wire | None = None) -> None:
        """Without a wire only this process's own postings are told of."""
        self.plugin = ChannelsPlugin(
            backend=MemoryChannelsBackend() if wire is None else WireBackend(wire),
            arbitrary_channels_allowed=True,
            # Only the newest cursor matters: a slow reader misses those before it.
            subscriber_max_backlog=1,
            subscriber_backlog_strategy="dropleft",
        )
        self._open: set[Subscriber] = set()
        self._waiting: dict[int, int] = {}
        self._closed = False

    @property
    def full(self) -> bool:
        """Whether another stream would be one too many, or the process is stopping."""
        return self._closed or len(self._open) >= OPEN_MAX

    def moved(self, book: int, last_seq: int) -> None:
        """Tell whoever looks at a book, a moment later and at most three times a second."""
        if not self._waiting:
            asyncio.get_running_loop().call_later(GATHER_SECONDS, self._tell)
        self._waiting[book] = last_seq + 1

    def _tell(self) -> None:
        waiting, self._waiting = self._waiting, {}
        # Litestar's word for a plugin that is not (or no longer) started: nobody is looking.
        with contextlib.suppress(RuntimeError):
            for book, next_seq in waiting.items():
                self.plugin.publish(str(next_seq), f"book-{book}")

    async def follow(self, book: int, next_seq: int) -> AsyncGenerator[ServerSentEventMessage, None]:
        """The cursor of a book: as it is now, `next_seq`, and whenever it moved, until the reader goes or `close`."""
        told = next_seq
        async with self.plugin.start_subscription(f"book-{book}") as subscriber:
            self._open.add(subscriber)
            beat = asyncio.create_task(self._beat(subscriber))
            try:
                yield ServerSentEventMessage(event="moved", data=told, retry=AGAIN_MS)
                if self._closed:
                    return
                async for word in subscriber.iter_events():
                    if word == BEAT:
                        yield ServerSentEventMessage(data=None, comment="")
                    elif int(word) > told:
                        told = int(word)
                        yield ServerSentEventMessage(event="moved", data=told)
            finally:
                beat.cancel()
                self._open.discard(subscriber)

    async def _beat(self, subscriber: Subscriber) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            # Never in the place of a cursor that waits.
            if not subscriber.qsize:
                subscriber.put_nowait(BEAT)

    def close(self) -> None:
        """End every stream and open none: a server that stops waits for its last answer."""
        self._closed = True
        for subscriber in self._open:
            subscriber.put_nowait(None)
