"""The wall in a real browser: it shows a new entry by itself, and a server with walls open still stops at once."""

import asyncio
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from dezhi.app import build
from dezhi.settings import Settings
from running import Running, dezhi
from villages import PASSWORD, build_village

WALL = "/v/620902101201/wall"
SOON_MS = 15_000
"""Long before the wall would ask by itself."""
STOPS_WITHIN = 4


async def _settle(data_dir: Path) -> int:
    """Build a village in `data_dir`; return the household that is to get points."""
    house, _ = await build(Settings(data_dir=data_dir))
    village = await build_village(house)
    await house.people.choose_board(village.family.id, "test", opted_in=True)
    await house.close()
    return village.family.id


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Running, int]]:
    """Serve a village with a process of its own."""
    with ThreadPoolExecutor(1) as aside:  # Playwright and asyncio share no thread
        family = aside.submit(asyncio.run, _settle(tmp_path / "data")).result()
    with dezhi("serve", tmp_path / "data") as running:
        yield running, family


def award(url: str, family: int, item: str) -> None:
    """Record a deed as the clerk does."""
    with httpx.Client(base_url=url) as clerk:
        clerk.get("/staff")
        token = {"_csrf_token": clerk.cookies["dezhi-csrf"]}
        assert clerk.post("/staff", data={**token, "login": "wang", "password": PASSWORD}).status_code == 303
        page = clerk.get("/round/award", params={"household": str(family)}).text
        key = re.search(r'name="key" value="([^"]+)"', page)
        assert key
        form = {**token, "household": str(family), "key": key[1], "item": f"dezhi-yinger/{item}"}
        assert clerk.post("/round/award", data=form, follow_redirects=True).status_code == 200


def test_a_wall_shows_a_new_entry_by_itself(served: tuple[Running, int], desk: Page) -> None:
    running, family = served
    faults: list[str] = []
    desk.on("pageerror", lambda error: faults.append(str(error)))
    desk.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    with desk.expect_response(lambda answer: answer.url.endswith("/moved")) as stream:
        desk.goto(running.url + WALL)
    assert stream.value.status == 200
    expect(desk.locator("[data-wall]")).to_contain_text("还没有记录")
    for item, title in (("neighbour-help", "邻里帮扶"), ("street-cleaning", "参加环境清扫")):
        award(running.url, family, item)
        expect(desk.locator("[data-panel] .news").first).to_contain_text(title, timeout=SOON_MS)
    assert faults == []


def test_a_wall_without_a_stream_still_shows_what_it_has(served: tuple[Running, int], desk: Page) -> None:
    running, _ = served
    desk.route("**/moved", lambda route: route.abort())
    desk.goto(running.url + WALL)
    expect(desk.locator(".panel").first).to_be_visible()


def test_walls_left_open_do_not_keep_a_server_from_stopping(served: tuple[Running, int], desk: Page) -> None:
    running, _ = served
    with desk.expect_response(lambda answer: answer.url.endswith("/moved")):
        desk.goto(running.url + WALL)
    began = time.monotonic()
    running.process.terminate()
    assert running.process.wait(15) == 0
    assert time.monotonic() - began < STOPS_WITHIN
