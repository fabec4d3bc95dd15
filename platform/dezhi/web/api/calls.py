"""How a call is declared: its scope, its name in the description, and every way in which it can be refused."""

from typing import Any

from litestar import get, post
from litestar.openapi import ResponseSpec

from dezhi.core.tokens import Scope
from dezhi.web.api.auth import SCOPE
from dezhi.web.problems import MEDIA_TYPE, ProblemBody

_REFUSALS = {
    400: "The request cannot be read, or lacks its `Idempotency-Key`.",
    401: "No token, or one that is unknown, expired, revoked, or whose owner is out.",
    403: "The token lacks the scope, or its owner the role.",
    404: "There is no such thing, or it is not the caller's.",
    408: "The body took too long to arrive.",
    409: "It contradicts what is there: a limit reached, the key used for something else, done already.",
    410: "It was there and is gone: a dead card, a preview that was confirmed.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "Understood and refused: a value out of bounds, a rule.",
    429: "Too many tries; wait.",
    500: "A fault of ours, logged under `id`. Nothing was booked.",
    503: "Busy, or the database is away. Nothing was booked: send the same key again.",
}
_RESPONSES = {
    status: ResponseSpec(ProblemBody, generate_examples=False, description=what, media_type=MEDIA_TYPE)
    for status, what in _REFUSALS.items()
}


def _declared(scope: Scope, name: str, summary: str, more: dict[str, Any]) -> dict[str, Any]:
    return {
        "operation_id": name,
        "summary": summary,
        "opt": {SCOPE: scope},
        "security": [{"token": [scope.value]}],
        "response_description": "Done.",
        **more,
        "responses": _RESPONSES | more.get("responses", {}),
    }


def read(path: str, scope: Scope, name: str, summary: str, **more: Any) -> get:
    """A call that changes nothing."""
    return get(path, **_declared(scope, name, summary, more))


def ask(path: str, scope: Scope, name: str, summary: str, **more: Any) -> post:
    """A call that changes nothing and has a body: what is asked for is too much, or too private, for an address."""
    return post(path, **_declared(scope, name, summary, {"status_code": 200, **more}))


def write(path: str, scope: Scope, name: str, summary: str, **more: Any) -> post:
    """A call that changes something, once for each `Idempotency-Key`."""
    return post(path, **_declared(scope, name, summary, more))
