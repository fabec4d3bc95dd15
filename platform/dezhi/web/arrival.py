"""How a request arrived: who is at the other end, whether others can listen, and how long its body may take.

Everything here happens before routing, so that every part of the site sees one truth. Only a proxy named in
DEZHI_TRUSTED_PROXIES is believed about whom it speaks for; anybody can write a header.
"""

import asyncio
import ipaddress
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, cast

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import ClientException
from litestar.handlers import BaseRouteHandler
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from litestar.types import HTTPReceiveMessage, HTTPScope, LifeSpanReceive, LifeSpanScope, LifeSpanSend
from litestar.types.asgi_types import ASGIApp, Receive, Scope, Send

from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.web.heads import as_get

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PIECE_SECONDS = 15.0
"""The longest pause within a body. A phone on a 2G link pauses for seconds, not for a quarter of a minute."""
BODY_SECONDS = 300.0
"""The longest time for a whole body: a roster of 5 MB over 20 KB/s."""
REQUEST_TIMEOUT = 408

API = "/api/v1"
"""Where programs knock: an application of its own, without cookies, sessions and all that pages need."""
_BELOW = f"{API}/"

_PRIVATE = "dezhi_private"
_BY_PROXY = "dezhi_by_proxy"
_FORWARDED = (b"x-forwarded-for", b"x-forwarded-proto", b"x-real-ip", b"forwarded", b"via")
"""Headers that proxies add. One that comes from this machine with such a header speaks for somebody else."""


class Application(Litestar):
    """Litestar with what is needed here."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        """Leave out what Litestar adds for pydantic and attrs: a quarter of a start, and none of it is ours.

        Litestar has no setting for it. Were this name to change, starts would be slower and a test would say so.
        """
        return [*plugins, MsgspecDIPlugin()]


class Site(Application):
    """The pages' application, which knows how each request arrived and hands the API's on to theirs."""

    trusted: tuple[Network, ...] = ()
    """Whose forwarded headers are believed."""
    api: Callable[[], ASGIApp]
    """Gives what answers whatever is below `API`: made when the site is opened, or when it is first asked."""

    async def __call__(
        self, scope: Scope | LifeSpanScope, receive: Receive | LifeSpanReceive, send: Send | LifeSpanSend
    ) -> None:
        """Note how the request arrived, then let the pages or the API answer it."""
        if scope["type"] == ScopeType.HTTP:
            arrive(cast("HTTPScope", scope), self.trusted)
            receive = in_time(cast("Receive", receive))
            scope, send = as_get(cast("HTTPScope", scope), cast("Send", send))
            if scope["path"].startswith(_BELOW) or scope["path"] == API:
                await self.api()(scope, receive, send)
                return
        await super().__call__(scope, receive, send)


def networks(names: Sequence[str]) -> tuple[Network, ...]:
    """The networks of addresses or networks as settings name them. Raises ValueError for anything else."""
    return tuple(ipaddress.ip_network(name, strict=False) for name in names)


def arrive(scope: HTTPScope, trusted: Sequence[Network]) -> None:
    """Put the real client and scheme into `scope`, and whether what is typed there can be read on the way."""
    peer = _ip(scope["client"][0]) if scope["client"] else None
    client = peer
    state = scope.setdefault("state", {})
    state[_BY_PROXY] = peer is not None and _within(peer, trusted)
    if state[_BY_PROXY]:
        client = _forwarded_client(scope, trusted)
        scheme = _values(scope, b"x-forwarded-proto")[-1:]
        scope["scheme"] = "https" if [value.lower() for value in scheme] == ["https"] else "http"
        if client is not None:
            scope["client"] = (str(client), 0)
    elif any(name in _FORWARDED for name, _ in scope["headers"]):
        # A proxy that nobody named: it may sit on this very machine and speak for the whole county.
        client = None
    here = client is not None and client.is_loopback
    state[_PRIVATE] = scope["scheme"] == "https" or here


def _forwarded_client(scope: HTTPScope, trusted: Sequence[Network]) -> IpAddress | None:
    """The last address that no trusted proxy has: each proxy appends, so what stands left of it anybody can invent."""
    for text in reversed(_values(scope, b"x-forwarded-for")):
        one = _ip(text)
        if one is None or not _within(one, trusted):
            return one
    return None


def _values(scope: HTTPScope, name: bytes) -> list[str]:
    found = b",".join(value for each, value in scope["headers"] if each == name).decode("latin-1")
    return [part.strip() for part in found.split(",") if part.strip()]


@lru_cache  # of whoever calls often: a program, a proxy
def _ip(text: str) -> IpAddress | None:
    try:
        one = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = one.ipv4_mapped if isinstance(one, ipaddress.IPv6Address) else None
    return mapped or one


def _within(one: IpAddress, some: Sequence[Network]) -> bool:
    return any(one in network for network in some)


def in_time(receive: Receive) -> Receive:
    """`receive` with an end to waiting: `ClientException` 408 for a body that pauses or takes too long.

    A client that sends one letter a second would otherwise hold a connection, and what waits behind it, for days.
    """
    end = 0.0
    more = True

    async def receive_in_time() -> Any:
        nonlocal end, more
        if not more:
            return await receive()  # waits for the client to leave, as long as the answer takes
        now = asyncio.get_running_loop().time()
        end = end or now + BODY_SECONDS  # from when the body is first asked for
        try:
            async with asyncio.timeout_at(min(now + PIECE_SECONDS, end)):
                message: HTTPReceiveMessage = await receive()  # type: ignore[assignment]  # an HTTP scope's message
        except TimeoutError:
            raise ClientException(status_code=REQUEST_TIMEOUT) from None
        more = bool(message.get("more_body"))
        return message

    return receive_in_time


def is_private(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether nobody on the way can read what is typed: HTTPS, or a browser on this machine."""
    return bool(connection.scope["state"].get(_PRIVATE))


def is_by_proxy(scope: HTTPScope) -> bool:
    """Whether a trusted proxy sent the request, so that what its headers say is true."""
    return bool(scope["state"].get(_BY_PROXY))


async def refuse_in_the_open(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard of all pages: no secret over a line that others can read.

    Applies to handlers with `secret=True` and to whatever carries an Authorization header. A village's wireless network
    is no secret keeper, so a card's PIN counts as much as a password; the demo's secrets are public. Raises `Problem`
    (`plain-http`, 403).
    """
    if handler.opt.get("secret"):
        _refuse_in_the_open(connection.scope)
    else:
        keep_token(connection.scope)


def keep_token(scope: Scope) -> None:
    """Raise `Problem` (`plain-http`, 403) for an Authorization header on a line that others can read."""
    if any(name == b"authorization" for name, _ in scope["headers"]):
        _refuse_in_the_open(scope)


def _refuse_in_the_open(scope: Scope) -> None:
    if scope["state"].get(_PRIVATE) or scope["litestar_app"].state.house.demo:
        return
    raise Problem(
        "plain-http",
        N_(
            "这个地址没有加密（http），同一个网络里的人能看到密码，所以不能在这里登录，公开页照常可以看。"
            "请用 https 开头的地址打开；还没有这样的地址，请管理员按安装说明设置证书或代理"
            "（DEZHI_TLS_CERT，或 DEZHI_PUBLIC_URL 和 DEZHI_TRUSTED_PROXIES）。"
        ),
        status=403,
    )
