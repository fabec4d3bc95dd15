"""A real browser. Tests here are plain functions: Playwright's synchronous interface and asyncio share no thread."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browsing import MISSING, chromium, find_chromium
from running import Running, dezhi

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


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Serve the demo township with its whole year, as `make run` does; the year is made once for all workers."""
    own = tmp_path_factory.getbasetemp()
    made = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demo-year"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            with dezhi("demo", own / "demo" / "data"):
                pass
            (own / "demo" / "data").rename(made)
    data = tmp_path_factory.mktemp("demo") / "data"
    shutil.copytree(made, data)
    with dezhi("demo", data) as served:
        yield served


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
