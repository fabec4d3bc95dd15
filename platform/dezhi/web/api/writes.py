"""Writes of programs: done once for each `Idempotency-Key`, and answered alike however often they are sent."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from litestar import Request, Response

from dezhi.service.answers import Call as Written
from dezhi.service.house import House
from dezhi.web.api.answering import Json
from dezhi.web.api.auth import Call
from dezhi.web.problems import REPLAYED

A = TypeVar("A", bound=msgspec.Struct)

CREATED = 201


def call_of(request: Call, key: str, data: msgspec.Struct | None = None) -> Written:
    """The write as its key stands for it: where it was sent, and its body's meaning."""
    body = b"" if data is None else msgspec.json.encode(data)
    return Written(request.auth.token.id, key, f"{request.method} {request.url.path}\n".encode() + body)


def _whole(answer: A) -> A:
    return answer


async def once(
    request: Call,
    house: House,
    key: str,
    data: msgspec.Struct | None,
    write: Callable[[], Awaitable[A]],
    *,
    keep: Callable[[A], A] = _whole,
) -> Response[A]:
    """Write and answer; the answer is kept as `keep` leaves it, for when the same call comes again."""
    done = await house.answers.once(call_of(request, key, data), write, keep)
    return _json(request, done.body, again=done.again)


async def entered(
    request: Call, house: House, key: str, data: msgspec.Struct | None, write: Callable[[], Awaitable[A]]
) -> Response[A]:
    """As `once`, for what books entries: they are kept by the ledger, and `write` bears being begun again."""
    done = await house.answers.gone_on_with(call_of(request, key, data), write)
    return _json(request, done.body, again=done.again)


async def known(request: Call, house: House, key: str, data: msgspec.Struct | None) -> bool:
    """Whether the call was made before, so that what it needs need not be prepared. Raises `Problem` `conflict`."""
    return await house.answers.before(call_of(request, key, data)) is not None


def booked(request: Call, answer: A, *, again: bool) -> Response[A]:
    """Answer a write that the ledger itself remembers."""
    return _json(request, msgspec.json.encode(answer), again=again)


def _json(request: Request, body: bytes, *, again: bool) -> Response[A]:  # type: ignore[type-arg]
    status = request.route_handler.status_code
    return Json(body, status_code=status, headers=REPLAYED if again else None)  # type: ignore[arg-type] # JSON already
