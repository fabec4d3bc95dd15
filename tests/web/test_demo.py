"""One tap enters the demo as each, and nowhere else does such a door exist."""

from pathlib import Path

import pytest

from dezhi.app import build
from dezhi.host import Directory
from dezhi.service.demo.loading import load
from dezhi.settings import Settings
from township import Hands
from visiting import Browser, Visit

HOMES = {"resident": "/me", "clerk": "/round", "supervisor": "/journal", "township": "/township"}


async def test_one_tap_enters_as_each(tmp_path: Path) -> None:
    directory = Directory(["dezhi_hello", "dezhi_yinger"])
    house, app = await build(Settings(data_dir=tmp_path, demo=True), Hands(), directory)
    try:
        await load(house, scale=0.1, days=1)
        for who, home in HOMES.items():
            async with Browser(app) as browser:
                entered = await browser.post(f"/demo/enter/{who}")
                assert (entered.status_code, entered.headers["location"]) == (303, home)
                page = await browser.get(home)
                assert page.status_code == 200, who
                assert "演示数据" in page.text
        async with Browser(app) as browser:
            assert (await browser.post("/demo/enter/somebody")).status_code == 404
            assert (await browser.client.post("/demo/enter/clerk")).status_code == 403
            assert (await browser.get("/demo/enter/clerk")).status_code in (404, 405)
    finally:
        await house.close()


@pytest.mark.parametrize("who", HOMES)
async def test_without_the_demo_there_is_no_such_door(visit: Visit, who: str) -> None:
    browser = await visit()
    answer = await browser.post(f"/demo/enter/{who}")
    assert answer.status_code == 404
    assert (await browser.get("/staff/home")).headers["location"] == "/"
    assert "/demo/enter" not in (await browser.get("/")).text
