"""How often one may ask: in this process's memory and on a real Valkey, also one that dies in between."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from litestar import Litestar

from dezhi.app import build
from dezhi.host import Directory
from dezhi.service.house import House
from dezhi.settings import BadSetting, Settings, read
from dezhi.store import cache as module
from dezhi.store.cache import Cache
from dezhi.web import limits
from dezhi.web.memory import TIDY_EVERY, ProcessStore
from dezhi.web.stores import SharedStore
from servers import ValkeyServer, valkey
from township import Hands
from visiting import Browser

PAGE = "/robots.txt"
NOBODY_WAITS = 0.5


@pytest.fixture(scope="module")
def server() -> Iterator[ValkeyServer]:
    """Start one Valkey for the tests of this file."""
    with valkey() as running:
        yield running


@pytest.fixture(params=["memory", "valkey"])
async def limited(
    request: pytest.FixtureRequest, tmp_path: Path, hands: Hands, directory: Directory
) -> AsyncIterator[tuple[House, Litestar]]:
    """Build a site on which an address may ask for five public pages a second."""
    url = request.getfixturevalue("server").url() if request.param == "valkey" else ""
    settings = Settings(data_dir=tmp_path / "data", page_rate=5, redis_url=url)
    house, app = await build(settings, hands, directory)
    yield house, app
    await house.close()


async def statuses(browser: Browser, count: int, path: str = PAGE) -> list[int]:
    return [(await browser.get(path)).status_code for _ in range(count)]


async def test_who_asks_too_fast_is_told_in_words_when_to_come_again(limited: tuple[House, Litestar]) -> None:
    async with Browser(limited[1]) as browser:
        found = [await browser.get(PAGE) for _ in range(12)]
    refused = [page for page in found if page.status_code == 429]
    assert {page.status_code for page in found} == {200, 429}
    assert "试得太快了" in refused[0].text
    assert 0 <= int(refused[0].headers["retry-after"]) <= 1


async def test_the_limit_ends_by_itself(limited: tuple[House, Litestar]) -> None:
    async with Browser(limited[1]) as browser:
        assert 429 in await statuses(browser, 12)
        await asyncio.sleep(2.1)
        assert await statuses(browser, 1) == [200]


async def test_a_program_is_told_as_well(limited: tuple[House, Litestar]) -> None:
    async with Browser(limited[1]) as browser:
        await statuses(browser, 12)
        answer = await browser.get(PAGE, headers={"accept": "application/json"})
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert "retry-after" in answer.headers


async def test_the_doors_have_a_limit_of_their_own(limited: tuple[House, Litestar]) -> None:
    async with Browser(limited[1]) as browser:
        assert 429 in await statuses(browser, 12)
        assert await statuses(browser, limits.DOORS_A_MINUTE, "/staff") == [200] * limits.DOORS_A_MINUTE
        assert (await browser.get("/staff")).status_code == 429
        assert (await browser.post("/size", {"size": "large"})).status_code == 303


async def test_no_limit_where_none_is_wished(tmp_path: Path, hands: Hands, directory: Directory) -> None:
    house, app = await build(Settings(data_dir=tmp_path / "data", page_rate=0), hands, directory)
    async with Browser(app) as browser:
        assert await statuses(browser, 100) == [200] * 100
    await house.close()


@pytest.mark.parametrize("how", ["kill", "pause"])
async def test_a_cache_that_dies_in_between_costs_nobody_a_page(
    tmp_path: Path, hands: Hands, directory: Directory, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.3)
    with valkey() as mortal:
        settings = Settings(data_dir=tmp_path / "data", page_rate=1_000, redis_url=mortal.url())
        house, app = await build(settings, hands, directory)
        async with Browser(app) as browser:

            async def timed(path: str) -> tuple[int, float]:
                began = time.monotonic()
                return (await browser.get(path)).status_code, time.monotonic() - began

            await browser.get("/staff")  # compiles the templates, once in a process's life
            asked = [asyncio.create_task(timed(path)) for path in (PAGE, "/staff", "/") * 10]
            await asyncio.sleep(0.01)
            getattr(mortal, how)()
            asked += [asyncio.create_task(timed(path)) for path in (PAGE, "/staff", "/") * 3]
            found = await asyncio.gather(*asked)
            found += [await timed(path) for path in (PAGE, "/staff", "/") * 3]
            assert {status for status, _ in found} == {200}
            # Those that came at once also waited for each other; nobody waited for the dead more than once.
            assert max(seconds for _, seconds in found[-9:]) < NOBODY_WAITS
            if how == "kill":
                mortal.start()
            else:
                mortal.resume()
            end = time.monotonic() + 20
            while house.shared is not None and await house.shared.trouble():
                assert time.monotonic() < end
                await asyncio.sleep(0.1)
            assert await statuses(browser, 3) == [200] * 3
        await house.close()


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1", "redis://no-such-host.invalid"])
async def test_a_cache_that_never_was_there_hinders_nothing(
    tmp_path: Path, hands: Hands, directory: Directory, url: str
) -> None:
    house, app = await build(Settings(data_dir=tmp_path / "data", page_rate=5, redis_url=url), hands, directory)
    async with Browser(app) as browser:
        assert set(await statuses(browser, 12)) == {200, 429}
    await house.close()


async def test_a_store_renews_by_whole_days(server: ValkeyServer) -> None:
    cache = Cache(server.url(), "days")
    store = SharedStore(cache, "some")
    await store.set("a", b"1", timedelta(minutes=1))
    assert await store.get("a", renew_for=timedelta(days=14)) == b"1"
    assert await store.expires_in("a") == 14 * 86_400
    assert await store.exists("a")
    await store.delete("a")
    assert not await store.exists("a")
    await store.set("b", "text")
    await store.delete_all()
    assert await store.get("b") is None
    await cache.close()


async def test_stores_of_different_names_do_not_meet(server: ValkeyServer) -> None:
    cache = Cache(server.url(), "names")
    await SharedStore(cache, "one").set("a", b"1")
    assert await SharedStore(cache, "two").get("a") is None
    await cache.close()


async def test_a_process_forgets_what_has_expired() -> None:
    store = ProcessStore()
    await store.set("old", b"1", timedelta(microseconds=1))
    for number in range(TIDY_EVERY):
        await store.set("new", str(number), 60)
    assert list(store._store) == ["new"]


@pytest.mark.parametrize("url", ["http://:secret@cache", "redis://:secret@cache:70000", "secret"])
def test_an_address_of_a_cache_that_is_none_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(BadSetting, match="DEZHI_REDIS_URL must be an address") as refused:
        read({"DEZHI_REDIS_URL": url})
    assert "secret" not in str(refused.value)


def test_limits_can_be_set_and_lifted() -> None:
    assert read({"DEZHI_PAGE_RATE": "0"}).page_rate == 0
