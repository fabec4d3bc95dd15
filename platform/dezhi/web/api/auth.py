"""Who calls the API, and whether their token is for this: no cookie and no session ever counts here."""

from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler

from dezhi.core.errors import Problem
from dezhi.core.staff import StaffMember
from dezhi.core.text import N_
from dezhi.service.house import House
from dezhi.service.tokens import Bearer
from dezhi.web.api.bodies import check_body
from dezhi.web.arrival import keep_token
from dezhi.web.given import TheHouse
from dezhi.web.languages import follow
from dezhi.web.visitors import Visitor

SCOPE = "scope"
"""Under which a handler's `opt` names the scope it needs."""


class Call(Request[StaffMember, Bearer, State]):
    """A request of a program. What most calls need of it is at hand here as well as by injection, which costs more."""

    __slots__ = ()

    @property
    def house(self) -> House:
        """The house that serves it."""
        house: House = self.scope["litestar_app"].state.house
        return house

    @property
    def visitor(self) -> Visitor:
        """The caller as the rules of reach know visitors: the token's owner, as far as the token goes."""
        return Visitor(actor=self.scope["auth"].actor)


async def open_door(request: Request[Any, Any, Any]) -> None:
    """Take no token over a line that others can read, and answer in the caller's language.

    Raises `Problem` (`plain-http`, 403).
    """
    keep_token(request.scope)
    follow(request)


async def admit(request: Request[Any, Any, Any]) -> None:
    """Let a call in through the door: find the token of `Authorization: Bearer dz_…` and whom it acts for.

    Raises `Problem` 401 unless the token lives, 403 unless it is for this call; and as `check_body` does.
    """
    await open_door(request)
    scope = request.scope
    sent = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    kind, _, text = sent.decode("latin-1").partition(" ")
    if kind.lower() != "bearer" or not text:
        raise Problem("log-in", N_("请在请求头 Authorization 里带上令牌：Bearer dz_…。"), status=401)
    house: House = scope["litestar_app"].state.house
    bearer = await house.tokens.check(text.strip())
    _check_scope(bearer, scope["route_handler"])
    scope["user"], scope["auth"] = bearer.actor.member, bearer
    await check_body(request)


def _check_scope(bearer: Bearer, handler: BaseRouteHandler) -> None:
    """Raise `Problem` 403 for a token that is not for this. A handler that names no scope opens to none."""
    scope = handler.opt.get(SCOPE)
    if scope is None or scope not in bearer.token.scopes:
        raise Problem(
            "scope", N_("这个令牌不能做这件事，要有“%(scope)s”这一样。没有改动。"), status=403, scope=scope or "-"
        )


def provide_caller(request: Call, house: TheHouse) -> Visitor:
    """The caller, injected."""
    # Not needed; but Litestar resolves what is independent side by side, with a group of tasks for every request.
    del house
    return request.visitor
