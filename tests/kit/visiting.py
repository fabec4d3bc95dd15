"""A browser without a window: it keeps cookies, sends the CSRF token back, and does not follow redirects unasked."""

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

import httpx
from litestar import Litestar

CSRF = "dezhi-csrf"


class Browser:
    """One visitor of a site, as an async context manager."""

    def __init__(self, app: Litestar, peer: str = "127.0.0.1") -> None:
        """`peer` is the address the site sees it come from."""
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=(peer, 4711))  # type: ignore[arg-type] # scope's types
        self.client = httpx.AsyncClient(transport=transport, base_url="http://village.test")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.client.aclose()

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """Open a page."""
        return await self.client.get(path, **options)

    async def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """Send a form as its page would, with the CSRF token."""
        if CSRF not in self.client.cookies:
            await self.client.get("/staff")
        fields = {"_csrf_token": self.client.cookies[CSRF], **(data or {})}
        return await self.client.post(path, data=fields, **options)

    async def log_in(self, login: str, password: str) -> None:
        """Enter as staff."""
        answer = await self.post("/staff", {"login": login, "password": password})
        assert answer.status_code == 303, answer.text

    async def show_card(self, card: str, pin: str) -> None:
        """Enter as a resident."""
        answer = await self.post("/card", {"card": card, "pin": pin})
        assert answer.status_code == 303, answer.text


Visit = Callable[..., Awaitable[Browser]]
"""`visit("wang")` opens a browser in which 王军 is logged in, `visit()` a stranger's."""
