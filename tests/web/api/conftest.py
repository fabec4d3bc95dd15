"""Programs that call the site of `tests/web/conftest.py`."""

from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack

import pytest
from litestar import Litestar

from calling import CallAs, Program, make_token
from dezhi.app import build
from dezhi.core.staff import StaffMember
from dezhi.core.tokens import Scope
from dezhi.host import Directory
from dezhi.service.house import House
from homes import Home
from township import Hands


@pytest.fixture
async def empty(home: Home, hands: Hands, directory: Directory) -> AsyncIterator[tuple[House, Litestar]]:
    """Build a house in which nobody works yet, and its site; programs may call as fast as the tests do."""
    house, app = await build(home.settings(api_rate=0), hands, directory)
    yield house, app
    await house.close()


@pytest.fixture
async def call_as(empty: tuple[House, Litestar]) -> AsyncIterator[CallAs]:
    """Make programs: `call_as(member)`, `call_as(member, [Scope.READ], region=…)`, `call_as()` without a token."""
    async with AsyncExitStack() as stack:

        async def call(
            member: StaffMember | None = None, scopes: Collection[Scope] = (), *, region: int | None = None
        ) -> Program:
            text = await make_token(empty[0], member, scopes, region=region) if member else ""
            return await stack.enter_async_context(Program(empty[1], text))

        yield call
