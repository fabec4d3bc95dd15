"""A real browser. Tests here are plain functions: Playwright's synchronous interface and asyncio share no thread."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browsing import MISSING, chromium, find_chromium

ARTEFACTS = Path(__file__).resolve().parents[1] / "artefacts"
# Two phones' widths and a desk's: every page is looked at in both.
PHONE = {"width": 360, "height": 800}
DESK = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one file of tests: kept for longer, its event loop would bar the worker's asynchronous tests."""
    executable = find_chromium()
    if executable is None:
        # On CI a browser test that does not run is a failure, not a remark.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    with chromium(executable) as started:
        yield started


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """An empty page of a phone, with cookies of its own, in Chinese and in the village's time."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    """An empty page of a computer, with cookies of its own, in Chinese and in the village's time."""
    context = browser.new_context(viewport=DESK, locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()


@pytest.fixture
def keep(request: pytest.FixtureRequest) -> Callable[[Page, str], Path]:
    """Keep a screenshot of the whole page as tests/artefacts/TEST-NAME-WIDTH.png (not committed)."""

    def shoot(page: Page, name: str) -> Path:
        ARTEFACTS.mkdir(exist_ok=True)
        width = (page.viewport_size or DESK)["width"]
        path = ARTEFACTS / f"{request.node.name}-{name}-{width}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return shoot
