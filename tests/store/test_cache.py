"""The client of a Redis or Valkey, on a real Valkey that is killed, stalled and started again."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from dezhi.store import cache as module
from dezhi.store.cache import Cache, CacheDown
from servers import ValkeyServer, valkey

NOBODY_WAITS = 0.5


@pytest.fixture(scope="module")
def running() -> Iterator[ValkeyServer]:
    """Start one Valkey for the tests of this file."""
    with valkey() as server:
        yield server


@pytest.fixture
def server(running: ValkeyServer) -> Iterator[ValkeyServer]:
    """Hand it out running, whatever the test before did to it."""
    yield running
    if not running.answers():
        running.start()


@pytest.fixture
async def cache(server: ValkeyServer, request: pytest.FixtureRequest) -> AsyncIterator[Cache]:
    """Connect under a prefix of the test's own."""
    opened = Cache(server.url(), request.node.name)
    yield opened
    await opened.close()


@pytest.fixture
def short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try a server that failed again after a moment."""
    monkeypatch.setattr(module, "PAUSE", 0.3)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait until a question is answered with yes."""
    end = time.monotonic() + 20
    while not await true():
        assert time.monotonic() < end
        await asyncio.sleep(0.05)


async def test_what_is_put_is_found_until_it_expires(cache: Cache) -> None:
    assert await cache.get("a") is None
    await cache.put("a", b"\x00\xff", 1)
    assert await cache.get("a") == b"\x00\xff"
    await until(lambda: _gone(cache, "a"))


async def _gone(cache: Cache, key: str) -> bool:
    return await cache.get(key) is None


async def test_installations_on_one_server_do_not_meet(cache: Cache, server: ValkeyServer) -> None:
    other = Cache(server.url(), "another")
    await cache.put("a", b"1", 60)
    assert await other.get("a") is None
    await other.close()


async def test_a_hundred_at_once_all_get_an_answer(cache: Cache) -> None:
    await cache.put("a", b"1", 60)
    assert await asyncio.gather(*(cache.get("a") for _ in range(100))) == [b"1"] * 100
    assert await cache.trouble() == ""


async def test_a_killed_server_costs_nobody_anything_and_is_found_again(
    cache: Cache, server: ValkeyServer, short_pause: None
) -> None:
    await cache.put("a", b"1", 60)
    server.kill()
    began = time.monotonic()
    assert await cache.get("a") is None
    await cache.put("a", b"2", 60)
    assert await cache.trouble()
    assert time.monotonic() - began < NOBODY_WAITS
    server.start()
    await until(lambda: _answers(cache))
    await cache.put("a", b"3", 60)
    assert await cache.get("a") == b"3"


async def _answers(cache: Cache) -> bool:
    return not await cache.trouble()


async def test_a_server_that_answers_nothing_is_waited_for_once(cache: Cache, server: ValkeyServer) -> None:
    await cache.put("a", b"1", 60)
    server.pause()
    try:
        began = time.monotonic()
        assert await asyncio.gather(*(cache.get("a") for _ in range(50))) == [None] * 50
        first = time.monotonic() - began
        began = time.monotonic()
        for _ in range(1_000):
            assert await cache.get("a") is None
        rest = time.monotonic() - began
    finally:
        server.resume()
    assert first < NOBODY_WAITS
    assert rest < NOBODY_WAITS


async def test_after_a_pause_one_tries_and_the_others_go_on(
    cache: Cache, server: ValkeyServer, short_pause: None
) -> None:
    server.pause()
    try:
        assert await cache.get("a") is None
        await asyncio.sleep(module.PAUSE)
        probe = asyncio.create_task(cache.get("a"))
        await asyncio.sleep(0)
        began = time.monotonic()
        assert await cache.get("a") is None
        assert time.monotonic() - began < module.SECONDS / 2
        assert await probe is None
    finally:
        server.resume()
    await until(lambda: _answers(cache))


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("redis://no-such-host.invalid:6379/0", "no-such-host.invalid"),
        ("redis://127.0.0.1:1/0", "127.0.0.1"),
    ],
)
async def test_a_server_that_is_not_there_is_told_in_words(url: str, word: str) -> None:
    cache = Cache(url)
    began = time.monotonic()
    trouble = await cache.trouble()
    assert time.monotonic() - began < NOBODY_WAITS
    # A name server may take longer to say no than we ask.
    assert word in trouble or "0.2 s" in trouble
    with pytest.raises(CacheDown):
        await cache.ask(cache.client.ping)
    await cache.close()


async def test_a_wrong_password_is_trouble_as_any_other(caplog: pytest.LogCaptureFixture) -> None:
    with valkey() as guarded:
        operator = Cache(guarded.url())
        await operator.ask(lambda: operator.client.config_set("requirepass", "the right one"))
        await operator.close()
        cache = Cache(f"redis://:guessed@127.0.0.1:{guarded.port}/0")
        assert "WRONGPASS" in await cache.trouble() or "invalid" in await cache.trouble()
        assert await cache.get("a") is None
        await cache.close()
    assert "guessed" not in caplog.text


async def test_a_full_server_is_trouble_as_any_other() -> None:
    with valkey("--maxmemory", "1mb", "--maxmemory-policy", "noeviction") as small:
        cache = Cache(small.url())
        for number in range(40):
            await cache.put(str(number), b"x" * 100_000, 60)
        assert await cache.get("39") is None
        await cache.close()


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="scheme"):
        Cache("http://localhost")


async def test_a_listener_hears_again_after_the_server_was_gone(
    cache: Cache, server: ValkeyServer, short_pause: None
) -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def listen() -> None:
        async for message in cache.listen():
            heard.put_nowait(message)

    async def says(word: bytes) -> bool:
        await cache.send(word)
        await asyncio.sleep(0.05)
        return not heard.empty()

    listener = asyncio.create_task(listen())
    try:
        await until(lambda: says(b"before"))
        assert await heard.get() == b"before"
        server.kill()
        await cache.send(b"lost")
        server.start()
        while not heard.empty():
            heard.get_nowait()
        await until(lambda: says(b"after"))
        assert await heard.get() == b"after"
    finally:
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)
