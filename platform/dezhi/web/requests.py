"""Around every request: its id, its line in the log, its place in the metrics, the headers of its answer.

It stands outside Litestar's router, so that addresses which are no page are seen too; Litestar's own logging and
Prometheus middleware stand inside (docs/adr/0061-observing.md).
"""

import random
import re
import time
from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

from dezhi.core.watch import Watch
from dezhi.web import logs
from dezhi.web.arrival import is_by_proxy
from dezhi.web.shields import shielded

HEADER: Final = b"x-request-id"
NO_ROUTE: Final = "-"
"""Stands for every address that is no page, whatever was typed."""

UNANSWERED: Final = 499
"""Logged where the client left before there was an answer."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SILENT: Final = ("/static/", "/health/", "/metrics")
"""Routes whose good answers get no line: there is nothing to learn from them."""

_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_ID_BITS: Final = 48  # twelve letters: short enough to read out over the telephone


class Requests:
    """An ASGI application around the pages' own, and around the API's."""

    def __init__(self, app: ASGIApp, watch: Watch) -> None:
        self._app = app
        self._watch = watch
        self._log = logs.request_logger()
        # A name has to be another each time, and hides nothing: the kernel need not be asked for each.
        self._chance = random.Random()  # noqa: S311

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; whatever happens, it is counted."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        name = self._name(scope)
        scope["state"]["request_id"] = name
        status = UNANSWERED

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = shielded((*message.get("headers", ()), (HEADER, name.encode())), scope["scheme"])
            await send(message)

        bound = bind_contextvars(request_id=name)
        began = time.perf_counter()
        try:
            await self._app(scope, receive, answer)
        finally:
            self._told(scope, status, time.perf_counter() - began)
            reset_contextvars(**bound)

    def _name(self, scope: HTTPScope) -> str:
        """The id a trusted proxy gave, else a new one."""
        if is_by_proxy(scope):
            given = next((value for header, value in scope["headers"] if header == HEADER), b"")
            if _ID.fullmatch(given):
                return given.decode()
        return f"{self._chance.getrandbits(_ID_BITS):0{_ID_BITS // 4}x}"

    def _told(self, scope: HTTPScope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        # The template, because an address can hold a token, a name's search or a household.
        route = scope.get("path_template") or NO_ROUTE
        self._watch.request(method, route, status, seconds)
        if self._log is None or (status < 400 and route.startswith(SILENT)):  # noqa: PLR2004 - good answers
            return
        level = "error" if status >= 500 else "info"  # noqa: PLR2004 - our own trouble
        self._log(
            logs.RequestLine(
                request_id=request_id(scope),
                method=method,
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
                level=level,
            )
        )


def request_id(scope: Scope) -> str:
    """The id of the request this scope is of."""
    name: str = scope["state"]["request_id"]
    return name
