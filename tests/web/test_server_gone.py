"""PostgreSQL goes away while people are at work: every door says so in words, and nobody has to log in again."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from litestar import Litestar

from dezhi.app import build
from dezhi.host import Directory
from dezhi.service.house import House
from dezhi.settings import Settings
from dezhi.store.database import upgrade
from servers import OWNER, PostgresServer, postgres
from township import Hands
from villages import PASSWORD, build_village
from visiting import Browser

pytestmark = pytest.mark.postgres

Served = tuple[PostgresServer, House, Litestar]
HELP = "dezhi-yinger/neighbour-help"


@pytest.fixture
async def served(
    tmp_path: Path, hands: Hands, directory: Directory
) -> AsyncIterator[tuple[PostgresServer, House, Litestar]]:
    """A site on a server of its own."""
    with postgres() as server:
        server.address.create("dezhi")
        url = server.address.url("dezhi")
        await upgrade(server.address.url("dezhi", OWNER), url)
        house, app = await build(Settings(data_dir=tmp_path, database_url=url), hands, directory)
        yield server, house, app
        await house.close()


async def test_every_door_says_that_the_database_is_gone(served: Served) -> None:
    server, house, app = served
    village = await build_village(house)
    form = {"household": str(village.family.id), "item": HELP, "key": "tap-key-0001"}
    async with Browser(app) as clerk, Browser(app) as stranger:
        await clerk.log_in("wang", PASSWORD)
        await stranger.get("/staff")
        await asyncio.to_thread(server.kill)
        answers = [
            await stranger.get("/"),
            await stranger.post("/staff", {"login": "wang", "password": PASSWORD}),
            await clerk.get("/round"),
            await clerk.post("/round/award", form),
            await stranger.get("/api/v1/households/1/balances", headers={"Authorization": f"Bearer dz_1_{'a' * 43}"}),
        ]
        assert [answer.status_code for answer in answers] == [503] * len(answers), [a.text[:200] for a in answers]
        for answer in answers:
            assert "数据库" in answer.text
            assert "dezhi@" not in answer.text
        await asyncio.to_thread(server.start)
        again = await clerk.post("/round/award", form)
        assert again.status_code == 200, again.text
        assert (await stranger.get("/")).status_code == 200
    assert (await house.passbooks.open(village.family.id)).spendable == 10
