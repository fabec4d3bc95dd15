"""A site as `dezhi serve` builds it, on a database of its own, and browsers that visit it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from litestar import Litestar

from dezhi.app import build
from dezhi.host import Directory
from dezhi.service.house import House
from homes import Home
from signatures import remember_signatures
from township import Hands
from villages import PASSWORD, Village, build_village
from visiting import Browser, Visit


@pytest.fixture(scope="session", autouse=True)
def signatures() -> None:
    """Have Litestar read the signatures of our handlers once for all sites of a run."""
    remember_signatures()


@pytest.fixture
def hands() -> Hands:
    """Start at nine in the morning of 22 November 2026."""
    return Hands()


@pytest.fixture
def directory() -> Directory:
    """Find the installed plugins; a test with plugins of its own overrides this."""
    return Directory(["dezhi_hello", "dezhi_yinger"])


@pytest.fixture
async def empty(home: Home, hands: Hands, directory: Directory) -> AsyncIterator[tuple[House, Litestar]]:
    """Build a house in which nobody works yet, and its site."""
    house, app = await build(home.settings(), hands, directory)
    yield house, app
    await house.close()


@pytest.fixture
async def village(empty: tuple[House, Litestar]) -> Village:
    """Set 营尔村 and 下坝村 of 上坝镇 up, with staff, a family and its card; the first has dezhi-yinger on."""
    return await build_village(empty[0])


@pytest.fixture
async def visit(empty: tuple[House, Litestar]) -> AsyncIterator[Visit]:
    """Open browsers, each with its own cookies; `visit("wang")` is logged in as 王军, `visit()` is a stranger."""
    async with AsyncExitStack() as stack:

        async def open_browser(login: str = "", password: str = PASSWORD) -> Browser:
            browser = await stack.enter_async_context(Browser(empty[1]))
            if login:
                await browser.log_in(login, password)
            return browser

        yield open_browser
