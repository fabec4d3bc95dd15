"""HEAD, for link checkers and monitors: any page answers as to GET, without its body."""

from litestar.types import HTTPScope, Message, Send

BODILESS = "dezhi_bodiless"
"""Set in the state of such a request, for what would never end."""


def as_get(scope: HTTPScope, send: Send) -> tuple[HTTPScope, Send]:
    """A request for Litestar, which routes by method before any middleware runs. Only HEAD is changed."""
    if scope["method"] != "HEAD":
        return scope, send
    scope["method"] = "GET"
    scope.setdefault("state", {})[BODILESS] = True

    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message["body"] = b""
        await send(message)

    return scope, send_head
