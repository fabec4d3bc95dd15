"""The API's own application: tokens and JSON, and nothing that only pages need.

A call passes three things before its handler: the limit, the door (an open line, the language), the token.
"""

from collections.abc import Callable
from typing import Final

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.middleware.compression import CompressionMiddleware
from litestar.stores.base import Store
from litestar.stores.registry import StoreRegistry

from dezhi.service.house import House
from dezhi.settings import Settings
from dezhi.web.api.auth import open_door
from dezhi.web.api.description import description
from dezhi.web.api.routes import api_router
from dezhi.web.arrival import Application
from dezhi.web.respond import BODY_MAX, COMPRESSED_MIN, ON_TROUBLE

_COMPRESSION: Final = CompressionConfig(backend="gzip", minimum_size=COMPRESSED_MIN)


def api_application(house: House, settings: Settings, state: State, new_store: Callable[[str], Store]) -> Litestar:
    """The application below `dezhi.web.arrival.API`. `new_store` makes the store of the limit of calls.

    There is no middleware but the limit's, and compression stands around the whole: Litestar lays another layer that
    catches exceptions around handlers with middleware, and copies a handler for each of its guards, at every call.
    """
    made = Application(
        route_handlers=[api_router(settings.api_rate)],
        dependencies={"house": Provide(lambda: house, sync_to_thread=False)},
        before_request=open_door,
        state=state,
        stores=StoreRegistry(default_factory=new_store),
        exception_handlers=ON_TROUBLE,
        request_max_body_size=BODY_MAX,
        openapi_config=description(),
        include_in_schema=False,
        logging_config=None,  # ours is `dezhi.web.logs`
        debug=False,
    )
    made.asgi_handler = CompressionMiddleware(made.asgi_handler, _COMPRESSION)
    return made
