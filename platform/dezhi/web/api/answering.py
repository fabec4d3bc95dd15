"""Answers of the API: JSON, and the few headers that it needs.

Litestar's own answer serves pages, files and cookies as well, and takes three times as long over a small one.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

import msgspec
from litestar import Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

T = TypeVar("T")

_JSON: Final = (b"content-type", b"application/json")
_encoder: Final = msgspec.json.Encoder()


class _Ready(ASGIResponse):
    """Two messages, ready to be sent."""

    __slots__ = ("_start",)

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        # Not Litestar's own, which is what this saves: nothing of it is read by anybody else.
        self._start = (status, headers)
        self.body = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them."""
        del scope, receive  # part of the protocol
        status, headers = self._start
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


class Json(Response[T]):
    """What a handler returns, as JSON. Bytes are JSON already. The API has no cookies and no other content."""

    def __init__(
        self, content: T, *, status_code: int | None = None, headers: Mapping[str, str] | None = None, **_more: Any
    ) -> None:
        # Not Litestar's own, as above; `_more` is what it would take.
        self.content = content
        self.status_code = status_code
        self.headers = dict(headers) if headers else {}

    def to_asgi_response(self, *_: Any, status_code: int | None = None, **_more: Any) -> ASGIResponse:
        """The answer; `status_code` is the handler's."""
        body = self.content if isinstance(self.content, bytes) else _encoder.encode(self.content)
        headers = [_JSON, (b"content-length", b"%d" % len(body))]
        if self.headers:
            headers += [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]
        return _Ready(self.status_code or status_code or 200, headers, body)
