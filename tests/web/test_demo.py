"""One tap enters the demo as each, and nowhere else does such a door exist."""

import pytest

from dezhi.app import build
from dezhi.host import Directory
from dezhi.service.demo.loading import load
from homes import Home
from township import Hands
from visiting import Browser, Visit

STARTS = {"resident": "/me", "clerk": "/round", "supervisor": "/journal", "township": "/township"}


async def test_one_tap_enters_as_each(home: Home) -> None:
    directory = Directory(["dezhi_hello", "dezhi_yinger"])
    house, app = await build(home.settings(demo=True), Hands(), directory)
    try:
        await load(house, scale=0.1, days=1)
        for who, start in STARTS.items():
            async with Browser(app) as browser:
                entered = await browser.post(f"/demo/enter/{who}")
                assert (entered.status_code, entered.headers["location"]) == (303, start)
                page = await browser.get(start)
                assert page.status_code == 200, who
                assert "演示数据" in page.text
        async with Browser(app) as browser:
            assert (await browser.post("/demo/enter/somebody")).status_code == 404
            assert (await browser.client.post("/demo/enter/clerk")).status_code == 403
            assert (await browser.get("/demo/enter/clerk")).status_code in (404, 405)
    finally:
        await house.close()


@pytest.mark.parametrize("who", STARTS)
async def test_without_the_demo_there_is_no_such_door(visit: Visit, who: str) -> None:
    browser = await visit()
    answer = await browser.post(f"/demo/enter/{who}")
    assert answer.status_code == 404
    assert (await browser.get("/staff/home")).headers["location"] == "/"
    assert "/demo/enter" not in (await browser.get("/")).text
