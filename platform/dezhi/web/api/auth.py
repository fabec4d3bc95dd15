"""Who calls the API, and whether their token is for this: no cookie and no session ever counts here."""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers.base import BaseRouteHandler
from litestar.middleware.authentication import AbstractAuthenticationMiddleware, AuthenticationResult

from dezhi.core.errors import Problem
from dezhi.core.staff import StaffMember
from dezhi.core.text import N_
from dezhi.service.house import House
from dezhi.service.tokens import Bearer
from dezhi.web.given import TheHouse
from dezhi.web.visitors import Visitor

SCOPE = "scope"
"""Under which a handler's `opt` names the scope it needs."""

Call = Request[StaffMember, Bearer, State]


class TokenAuthentication(AbstractAuthenticationMiddleware):
    """Finds the token of `Authorization: Bearer dz_…` and whom it acts for."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        """Raise `Problem` 401 unless the token lives, 403 unless it is for this call."""
        sent = next((value for name, value in connection.scope["headers"] if name == b"authorization"), b"")
        kind, _, text = sent.decode("latin-1").partition(" ")
        if kind.lower() != "bearer" or not text:
            raise Problem("log-in", N_("请在请求头 Authorization 里带上令牌：Bearer dz_…。"), status=401)
        house: House = connection.app.state.house
        bearer = await house.tokens.check(text.strip())
        _check_scope(bearer, connection.route_handler)
        return AuthenticationResult(user=bearer.actor.member, auth=bearer)


def _check_scope(bearer: Bearer, handler: BaseRouteHandler) -> None:
    """Raise `Problem` 403 for a token that is not for this. A handler that names no scope opens to none."""
    scope = handler.opt.get(SCOPE)
    if scope is None or scope not in bearer.token.scopes:
        raise Problem(
            "scope", N_("这个令牌不能做这件事，要有“%(scope)s”这一样。没有改动。"), status=403, scope=scope or "-"
        )


def provide_caller(request: Request[Any, Bearer, Any], house: TheHouse) -> Visitor:
    """The caller as the rules of reach know visitors: the token's owner, as far as the token goes."""
    # Not needed; but Litestar resolves what is independent side by side, with a group of tasks for every request.
    del house
    return Visitor(actor=request.auth.actor)
