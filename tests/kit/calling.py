"""A program that calls the API: its token, a key of its own for each write, nothing else."""

import secrets
from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

import httpx
from litestar import Litestar

from dezhi.core.staff import StaffMember
from dezhi.core.tokens import SCOPE_ROLES, Scope
from dezhi.service.actors import Actor
from dezhi.service.house import House

ALL = tuple(Scope)


class Program:
    """A caller, as an async context manager. Without a token it is a stranger."""

    def __init__(self, app: Litestar, token: str = "") -> None:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type] # scope's types
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.client = httpx.AsyncClient(transport=transport, base_url="http://village.test/api/v1", headers=headers)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.client.aclose()

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Read."""
        return await self.client.get(path, **options)

    async def post(self, path: str, body: Any = None, key: str = "", **options: Any) -> httpx.Response:
        """Write under a key, a new one where none is given; `key=None` would be none, which is `client.post`."""
        headers = {"Idempotency-Key": key or secrets.token_hex(8), **options.pop("headers", {})}
        if body is not None:
            options["json"] = body
        return await self.client.post(path, headers=headers, **options)


CallAs = Callable[..., Awaitable[Program]]
"""`call_as(member)` calls with a token of all scopes the member's roles allow; see the fixture."""


async def make_token(
    house: House, member: StaffMember, scopes: Collection[Scope] = (), *, days: int = 30, region: int | None = None
) -> str:
    """A token's text; without scopes with all that are of use to its owner."""
    roles = {post.role for post in member.posts}
    fitting = [one for one in scopes or ALL if scopes or not SCOPE_ROLES[one].isdisjoint(roles)]
    expires_on = house.people.today() + timedelta(days=days)
    actor = Actor(member=member, household=None)
    return (await house.tokens.make(actor, "镇政务平台", fitting, expires_on, region)).text
