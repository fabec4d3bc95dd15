"""Word between processes over a real PostgreSQL, also one that is killed and comes back."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from dezhi.store import notices as module
from dezhi.store.notices import Notices
from servers import SUPERUSER, PostgresServer, postgres

LONG = 60


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """Start one PostgreSQL for the tests of this file."""
    with postgres() as running:
        yield running


@pytest.fixture
async def two(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Notices, Notices]]:
    """Open what two processes would, each with connections of its own."""
    monkeypatch.setattr(module, "PAUSE", 0.3)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.3)
    wires = Notices(server.address.url(SUPERUSER)), Notices(server.address.url(SUPERUSER))
    yield wires
    for wire in wires:
        await wire.close()


async def hears(teller: Notices, listening: AsyncIterator[bytes], word: bytes) -> bytes:
    """Say a word until somebody hears one, and return that."""
    heard = asyncio.ensure_future(anext(listening))  # type: ignore[arg-type]
    async with asyncio.timeout(LONG):
        while not heard.done():
            await teller.send(word)
            await asyncio.wait([heard], timeout=0.2)
    return await heard


async def test_one_process_hears_the_other_and_itself(two: tuple[Notices, Notices]) -> None:
    here, there = two
    listening = there.listen()
    assert await hears(here, listening, b"book-1 7") == b"book-1 7"
    assert (await hears(there, listening, b"book-1 8")).startswith(b"book-1 ")
    await listening.aclose()


async def test_a_quiet_wire_is_looked_after(two: tuple[Notices, Notices]) -> None:
    here, there = two
    listening = there.listen()
    assert await hears(here, listening, b"a 1") == b"a 1"
    await asyncio.sleep(1)
    assert await hears(here, listening, b"a 2") in {b"a 1", b"a 2"}
    await listening.aclose()


@pytest.mark.parametrize("how", ["kill", "pause"])
async def test_a_wire_comes_back_with_its_database(
    two: tuple[Notices, Notices], server: PostgresServer, how: str
) -> None:
    here, there = two
    listening = there.listen()
    assert await hears(here, listening, b"a 1") == b"a 1"
    getattr(server, how)()
    began = time.monotonic()
    for _ in range(100):
        await here.send(b"lost")
    assert time.monotonic() - began < 2 * module.SECONDS + 1
    if how == "kill":
        server.start()
    else:
        server.resume()
    word = b""
    async with asyncio.timeout(LONG):
        while word != b"a 2":
            word = await hears(here, listening, b"a 2")
    await listening.aclose()


async def test_a_database_that_is_not_there_is_no_matter() -> None:
    wire = Notices("postgresql://nobody@127.0.0.1:1/none")
    await wire.send(b"a 1")
    listening = asyncio.ensure_future(anext(wire.listen()))  # type: ignore[arg-type]
    assert not (await asyncio.wait([listening], timeout=0.3))[0]
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await wire.close()
