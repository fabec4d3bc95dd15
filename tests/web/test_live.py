"""The stream that tells a wall when its book moved, over a real server where it matters how a stream ends."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from litestar import Litestar

from dezhi.service.house import House
from dezhi.store import cache as module, notices
from dezhi.store.cache import Cache
from dezhi.store.notices import Notices
from dezhi.web import live as live_module
from dezhi.web.live import Live
from servers import SUPERUSER, ValkeyServer, free_port, postgres, valkey
from villages import Village
from visiting import Browser, Visit

STREAM = "/v/620902101201/moved"
SOON = 10
NO_LONGER_THAN = 3


@pytest.fixture(scope="module")
def valkey_server() -> Iterator[ValkeyServer]:
    """Start one Valkey for the tests of this file."""
    with valkey() as running:
        yield running


class Stream:
    """A browser's end of a stream, as bytes."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.got = b""

    async def open(self, path: str = STREAM, method: str = "GET") -> None:
        """Ask for it, as a browser that takes compressed answers."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        head = f"{method} {path} HTTP/1.1\r\nHost: village.test\r\nAccept-Encoding: gzip\r\n\r\n"
        self._writer.write(head.encode())
        await self._writer.drain()

    async def until(self, word: bytes) -> None:
        """Read on until a word has come."""
        async with asyncio.timeout(SOON):
            while word not in self.got:
                chunk = await self._reader.read(4096)
                assert chunk, self.got
                self.got += chunk

    async def end(self) -> None:
        """Read until the server ends it."""
        async with asyncio.timeout(SOON):
            self.got += await self._reader.read()

    def leave(self) -> None:
        """Go away without a word."""
        self._writer.close()


@asynccontextmanager
async def served(app: Litestar) -> AsyncIterator[tuple[Server, int]]:
    """Serve a site on this loop as `dezhi serve` does."""
    port = free_port()
    server = Server(
        app,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.error,
    )
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(SOON):
        while True:
            try:
                (await asyncio.open_connection("127.0.0.1", port))[1].close()
                break
            except OSError:
                await asyncio.sleep(0.02)
    try:
        yield server, port
    finally:
        app.state.live.close()
        server.stop()
        await asyncio.wait_for(serving, SOON)


async def next_seq(village: Village) -> int:
    cursor = await village.house.public.cursor(village.yinger)
    assert cursor is not None
    return cursor[1]


async def test_a_stream_tells_where_the_book_is_and_each_time_it_moves(
    empty: tuple[House, Litestar], village: Village
) -> None:
    async with served(empty[1]) as (_, port):
        stream = Stream(port)
        await stream.open()
        await stream.until(f"data: {await next_seq(village)}\r\n".encode())
        assert b"content-type: text/event-stream" in stream.got.lower()
        assert b"content-encoding" not in stream.got.lower()
        assert b"cache-control: no-store" in stream.got.lower()
        await village.award(village.family, "neighbour-help")
        await stream.until(f"data: {await next_seq(village)}\r\n".encode())
        stream.leave()


async def test_a_server_with_open_streams_stops_at_once(empty: tuple[House, Litestar], village: Village) -> None:
    async with served(empty[1]) as (_, port):
        streams = [Stream(port) for _ in range(5)]
        for stream in streams:
            await stream.open()
            await stream.until(b"event: moved")
        began = time.monotonic()
    assert time.monotonic() - began < NO_LONGER_THAN
    for stream in streams:
        await stream.end()
        stream.leave()


async def test_who_leaves_gives_the_place_back(empty: tuple[House, Litestar], village: Village) -> None:
    live: Live = empty[1].state.live
    async with served(empty[1]) as (_, port):
        stream = Stream(port)
        await stream.open()
        await stream.until(b"event: moved")
        assert len(live._open) == 1
        stream.leave()
        end = time.monotonic() + SOON
        while live._open:
            assert time.monotonic() < end
            await asyncio.sleep(0.05)


async def test_streams_are_bounded_and_the_next_one_is_told_to_stop_asking(
    empty: tuple[House, Litestar], village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "OPEN_MAX", 1)
    async with served(empty[1]) as (_, port):
        first, second = Stream(port), Stream(port)
        await first.open()
        await first.until(b"event: moved")
        await second.open()
        await second.until(b"\r\n\r\n")
        assert second.got.startswith(b"HTTP/1.1 204 ")
        first.leave()
        second.leave()


async def test_a_quiet_stream_gets_a_word_in_between(
    empty: tuple[House, Litestar], village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "BEAT_SECONDS", 0.1)
    async with served(empty[1]) as (_, port):
        stream = Stream(port)
        await stream.open()
        await stream.until(b"\n: \r\n")
        stream.leave()


async def test_where_there_is_no_book_there_is_no_stream(visit: Visit) -> None:
    browser = await visit()
    assert (await browser.get("/moved")).status_code == 204
    assert (await browser.get(STREAM)).status_code == 404


async def test_the_wall_names_its_stream_and_what_it_has_seen(village: Village, visit: Visit) -> None:
    await village.award(village.family, "neighbour-help")
    page = (await (await visit()).get("/v/620902101201/wall")).text
    assert f'data-live="{STREAM}" data-seen="{await next_seq(village)}"' in page


@pytest.mark.parametrize("path", ["/", "/wall", "/staff", "/v/620902101201/rules", "/robots.txt", STREAM, "/round"])
async def test_head_answers_as_get_without_the_body(empty: tuple[House, Litestar], village: Village, path: str) -> None:
    async with Browser(empty[1]) as browser, served(empty[1]) as (_, port):
        asked = await browser.client.head(path)
        assert asked.content == b""
        if path != STREAM:
            got = await browser.get(path)
            assert asked.status_code == got.status_code
            assert asked.headers["content-type"] == got.headers["content-type"]
        stream = Stream(port)
        await stream.open(path, "HEAD")
        await stream.until(b"\r\n\r\n")
        assert stream.got.split()[1] == str(asked.status_code).encode()
        assert stream.got.endswith(b"\r\n\r\n")
        stream.leave()


async def cursors(live: Live, book: int) -> AsyncIterator[int]:
    async for message in live.follow(book, 1):
        if message.data is not None:
            yield int(message.data)


@asynccontextmanager
async def two_processes(server: ValkeyServer) -> AsyncIterator[tuple[Live, Live]]:
    """Open what two processes of one installation would: each its own client."""
    lives = [Live(Cache(server.url(), "one")) for _ in range(2)]
    async with lives[0].plugin, lives[1].plugin:
        yield lives[0], lives[1]


async def hears(sender: Live, stream: AsyncIterator[int], first: int) -> int:
    """Have a book move again and again until the stream tells of it; return what it told."""
    told = asyncio.ensure_future(anext(stream))  # type: ignore[arg-type]
    seq = first
    async with asyncio.timeout(2 * SOON):
        while not told.done():
            sender.moved(7, seq)
            seq += 1
            await asyncio.wait([told], timeout=0.2)
    return await told


async def test_another_process_hears_over_valkey_also_after_it_was_gone(
    valkey_server: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.3)
    async with two_processes(valkey_server) as (here, there):
        stream = cursors(there, 7)
        own = cursors(here, 7)
        assert (await anext(stream), await anext(own)) == (1, 1)
        assert await hears(here, stream, 10) > 10
        valkey_server.kill()
        assert await hears(here, own, 1_000) > 1  # whoever is at this process goes on hearing
        valkey_server.start()
        assert await hears(here, stream, 2_000) > 1


async def test_nonsense_on_the_wire_is_nobody_s_cursor(valkey_server: ValkeyServer) -> None:
    async with two_processes(valkey_server) as (here, there):
        stream = cursors(there, 7)
        await anext(stream)
        cache = Cache(valkey_server.url(), "one")
        for word in (b"", b"book-7", b"book-7 x", b"\xff\xff 9", b"book-7 -1"):
            await cache.send(word)
        await cache.close()
        assert await hears(here, stream, 10) > 10


async def test_a_book_that_moves_all_the_time_is_told_of_now_and_then() -> None:
    live = Live()
    async with live.plugin:
        stream = cursors(live, 7)
        await anext(stream)
        for seq in range(1, 1_000):
            live.moved(7, seq)
        assert await asyncio.wait_for(anext(stream), SOON) == 1_000
        live.close()
        assert [seq async for seq in stream] == []
        assert live.full


async def test_another_process_hears_over_postgresql_where_there_is_no_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "PAUSE", 0.3)
    with postgres() as database:
        url = database.address.url(SUPERUSER)
        here, there = Live(Notices(url)), Live(Notices(url))
        async with here.plugin, there.plugin:
            stream = cursors(there, 7)
            await anext(stream)
            assert await hears(here, stream, 10) > 10
