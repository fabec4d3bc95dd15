"""The API's own application: tokens and JSON, and nothing that only pages need.

A call passes three things before its handler: the door (an open line, the language), the limit, the token.
"""

from collections.abc import Callable

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import Provide
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.stores.base import Store
from litestar.stores.registry import StoreRegistry
from litestar.types import ASGIApp, Receive, Scope, Send

from dezhi.service.house import House
from dezhi.settings import Settings
from dezhi.web.api.description import description
from dezhi.web.api.routes import api_router
from dezhi.web.arrival import Application, keep_token
from dezhi.web.languages import follow
from dezhi.web.respond import BODY_MAX, COMPRESSED_MIN, ON_TROUBLE


class Door(ASGIMiddleware):
    """Takes no token over a line that others can read, and answers in the caller's language."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Raise `Problem` (`plain-http`, 403)."""
        keep_token(scope)
        follow(ASGIConnection(scope))
        await next_app(scope, receive, send)


def api_application(house: House, settings: Settings, state: State, new_store: Callable[[str], Store]) -> Litestar:
    """The application below `dezhi.web.arrival.API`. `new_store` makes the store of the limit of calls."""
    return Application(
        route_handlers=[api_router(settings.api_rate)],
        dependencies={"house": Provide(lambda: house, sync_to_thread=False)},
        middleware=[Door()],
        state=state,
        stores=StoreRegistry(default_factory=new_store),
        compression_config=CompressionConfig(backend="gzip", minimum_size=COMPRESSED_MIN),
        exception_handlers=ON_TROUBLE,
        request_max_body_size=BODY_MAX,
        openapi_config=description(),
        include_in_schema=False,
        logging_config=None,  # ours is `dezhi.web.logs`
        debug=False,
    )
