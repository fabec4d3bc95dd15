"""Two workers on one PostgreSQL: each tells its walls of what the other booked, by NOTIFY or by a Valkey that dies."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from dezhi.app import build
from dezhi.settings import Settings
from dezhi.store.database import upgrade
from running import Running, dezhi
from servers import OWNER, ValkeyServer, postgres, valkey
from villages import PASSWORD, build_village

STREAMS = 8
"""Enough that both workers have some."""
SOON = 20
STOPS_WITHIN = 5
NOBODY_WAITS = 0.5


async def _settle(data_dir: Path, database_url: str) -> int:
    house, _ = await build(Settings(data_dir=data_dir, database_url=database_url))
    village = await build_village(house)
    await house.close()
    return village.family.id


class Wall:
    """A wall's stream, read by a thread."""

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("http://").partition(":")
        self.got = b""
        self.ended = threading.Event()
        self._line = socket.create_connection((host, int(port)))
        self._line.sendall(b"GET /v/620902101201/moved HTTP/1.1\r\nHost: village.test\r\n\r\n")
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while chunk := self._line.recv(4096):
            self.got += chunk
        self._line.close()
        self.ended.set()

    def until(self, next_seq: int) -> None:
        """Wait until the stream has told of this cursor."""
        end = time.monotonic() + SOON
        while f"data: {next_seq}\r\n".encode() not in self.got:
            assert time.monotonic() < end, self.got
            time.sleep(0.02)


@pytest.fixture(params=["notify", "valkey"])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Running, int, ValkeyServer | None]]:
    """Serve a village with two workers."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        cache = stack.enter_context(valkey()) if request.param == "valkey" else None
        server.address.create("village")
        runtime = server.address.url("village")
        asyncio.run(upgrade(server.address.url("village", OWNER), runtime))
        family = asyncio.run(_settle(tmp_path / "data", runtime))
        environment = {"DEZHI_DATABASE_URL": runtime, "DEZHI_WORKERS": "2"}
        if cache is not None:
            environment["DEZHI_REDIS_URL"] = cache.url()
        yield stack.enter_context(dezhi("serve", tmp_path / "data", **environment)), family, cache


def award(clerk: httpx.Client, family: int, item: str) -> None:
    """Record a deed as the clerk does."""
    page = clerk.get("/round/award", params={"household": str(family)}).text
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    form = {
        "_csrf_token": clerk.cookies["dezhi-csrf"],
        "household": str(family),
        "key": key[1],
        "item": f"dezhi-yinger/{item}",
    }
    assert clerk.post("/round/award", data=form, follow_redirects=True).status_code == 200


def test_walls_at_both_workers_hear_and_let_them_stop(
    served: tuple[Running, int, ValkeyServer | None],
) -> None:
    running, family, cache = served
    walls = [Wall(running.url) for _ in range(STREAMS)]
    with httpx.Client(base_url=running.url, timeout=SOON) as clerk:
        clerk.get("/staff")
        login = {"_csrf_token": clerk.cookies["dezhi-csrf"], "login": "wang", "password": PASSWORD}
        assert clerk.post("/staff", data=login).status_code == 303
        for wall in walls:
            wall.until(1)
        award(clerk, family, "neighbour-help")
        for wall in walls:
            wall.until(2)
        if cache is not None:
            cache.kill()
            waits = []
            for _ in range(20):
                began = time.monotonic()
                assert clerk.get("/robots.txt").status_code == 200
                waits.append(time.monotonic() - began)
            assert max(waits) < NOBODY_WAITS
            award(clerk, family, "street-cleaning")
            cache.start()
    began = time.monotonic()
    running.process.terminate()
    assert running.process.wait(15) == 0
    assert time.monotonic() - began < STOPS_WITHIN
    assert all(wall.ended.wait(5) for wall in walls)
