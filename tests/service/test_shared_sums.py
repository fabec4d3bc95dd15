"""Sums of boards that processes share over a real Valkey: never stale, and nobody's loss when it is gone."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from dezhi.app import furnish
from dezhi.host import Directory
from dezhi.service.boards import Boards
from dezhi.service.house import House
from dezhi.settings import Settings
from dezhi.store.boards import Sum
from dezhi.store.cache import Cache
from servers import ValkeyServer, valkey
from township import Hands
from villages import Village, build_village


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncIterator[tuple[Village, Cache, ValkeyServer]]:
    """Build a village whose house has a Valkey of its own."""
    with valkey() as server:
        settings = Settings(data_dir=tmp_path / "data", redis_url=server.url())
        house = await furnish(settings, Hands(), Directory(["dezhi_hello", "dezhi_yinger"]))
        assert isinstance(house.shared, Cache)
        village = await build_village(house)
        await house.people.choose_board(village.family.id, "test", opted_in=True)
        await village.award(village.family, "neighbour-help")
        yield village, house.shared, server
        await house.close()


def boards_of_another_process(house: House) -> Boards:
    return Boards(house.database, house.sheets, house.people, house.clock, house.shared)


async def scores(village: Village, boards: Boards) -> list[int]:
    """Return what the first board shows."""
    honour = (await boards.honours(await village.sheet()))[0]
    return [place.score for place in honour.places]


async def test_another_process_takes_over_the_sums_until_the_book_moves(
    shared: tuple[Village, Cache, ValkeyServer],
) -> None:
    village, cache, _ = shared
    true = await scores(village, village.house.boards)
    assert true
    # Something that the entries do not say tells whose sums are shown.
    for key in await cache.client.keys(f"{cache.prefix}:sums:*"):
        kept = msgspec.msgpack.decode(await cache.client.get(key), type=list[Sum])
        marked = [one._replace(earned=one.earned + 1_000) for one in kept]
        await cache.client.set(key, msgspec.msgpack.encode(marked))
    assert await scores(village, boards_of_another_process(village.house)) == [true[0] + 1_000]
    await village.award(village.family, "street-cleaning")
    moved = await scores(village, boards_of_another_process(village.house))
    assert true[0] < moved[0] < 1_000


@pytest.mark.parametrize("trouble", ["gone", "nonsense"])
async def test_without_the_cache_the_sums_are_counted(
    shared: tuple[Village, Cache, ValkeyServer], trouble: str
) -> None:
    village, cache, server = shared
    true = await scores(village, village.house.boards)
    if trouble == "gone":
        server.kill()
    else:
        for key in await cache.client.keys(f"{cache.prefix}:sums:*"):
            await cache.client.set(key, b"\xc1 nonsense")
    assert await scores(village, boards_of_another_process(village.house)) == true


async def test_readiness_tells_of_the_cache_and_does_not_hang_on_it(
    shared: tuple[Village, Cache, ValkeyServer],
) -> None:
    village, _, server = shared
    report = await village.house.health.report()
    assert (report.ready, report.checks["cache"]) == (True, "ok")
    server.kill()
    report = await village.house.health.report()
    assert (report.ready, report.checks["cache"]) == (True, "failed")
    assert "DEZHI_REDIS_URL" in report.detail
