"""The page of the API's description in a real browser: it reads, it tries, and it asks nobody else."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from calling import make_token
from described import CALLS
from dezhi.app import build
from dezhi.settings import Settings
from running import dezhi
from villages import build_village


async def prepare(data_dir: Path) -> str:
    """Build a village in a data directory, and return a token of its clerk."""
    house, _ = await build(Settings(data_dir=data_dir))
    try:
        village = await build_village(house)
        return await make_token(house, village.clerk)
    finally:
        await house.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    data_dir = tmp_path_factory.mktemp("api-page") / "data"
    token = asyncio.run(prepare(data_dir))
    with dezhi("serve", data_dir) as running:
        yield running.url, token


@pytest.mark.row("IM-04")
def test_the_page_reads_and_tries_and_asks_nobody_else(served: tuple[str, str], desk: Page) -> None:
    url, token = served
    asked: list[str] = []
    complaints: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    desk.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    desk.on("pageerror", lambda error: complaints.append(str(error)))
    desk.goto(f"{url}/api/v1")
    expect(desk.get_by_role("heading", name=re.compile("^Dezhi"))).to_be_visible()
    expect(desk.locator(".opblock")).to_have_count(len(CALLS))
    desk.get_by_role("button", name="Authorize").first.click()
    desk.locator(".auth-container input").fill(token)
    desk.locator(".auth-btn-wrapper .authorize").click()
    desk.locator(".auth-btn-wrapper .btn-done").click()
    call = desk.locator("#operations-Villages-list_villages")
    call.locator(".opblock-summary-control").click()
    call.get_by_role("button", name="Try it out").click()
    call.get_by_role("button", name="Execute").click()
    expect(call.locator(".live-responses-table tbody .response-col_status")).to_contain_text("200")
    expect(call.locator(".live-responses-table")).to_contain_text("营尔村")
    assert [address for address in asked if not address.startswith((url, "data:", "blob:"))] == []
    assert complaints == []
