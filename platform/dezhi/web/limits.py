"""How often one address, or one token, may ask: Litestar counts, in its stores. Lock-outs are the database's. ADR 0054.

A limit is no lock: when the shared store is gone each process counts for itself, and two processes that count at once
may let one more pass.
"""

import hashlib

from litestar.datastructures import Headers
from litestar.middleware import DefineMiddleware
from litestar.middleware.rate_limit import RateLimitConfig, get_remote_address

from dezhi.web.visitors import AnyRequest

DOORS_A_MINUTE = 120
"""Requests to the doors from one address. A township's office shares one; guessing is stopped by the lock-outs."""
FREE = ["^/logout$", "^/size$", "^/lang$"]
"""Nothing is guessed there, and whoever shares an address with a guesser must still get out."""

DOORS = RateLimitConfig(rate_limit=("minute", DOORS_A_MINUTE), exclude=FREE, store="doors").middleware


def pages(a_second: int) -> list[DefineMiddleware]:
    """The limit of public pages, for one address: a whole county's phones may come out of one. 0: none.

    By the second, so that what is kept for an address stays short.
    """
    return [RateLimitConfig(rate_limit=("second", a_second), store="pages").middleware] if a_second else []


def calls(a_second: int) -> list[DefineMiddleware]:
    """The limit of the API, for one token. 0: none."""
    if not a_second:
        return []
    limit = RateLimitConfig(rate_limit=("second", a_second), identifier_for_request=token_or_address, store="calls")
    return [limit.middleware]


def token_or_address(request: AnyRequest) -> str:
    """Whose calls are counted together; the token itself is kept nowhere."""
    sent = Headers.from_scope(request.scope).get("authorization")
    return hashlib.sha256(sent.encode()).hexdigest() if sent else get_remote_address(request)
