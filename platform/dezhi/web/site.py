"""The web site of one house: the pages with their sessions, and the API beside them."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from functools import cache

from jinja2 import Environment
from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.middleware.session.server_side import ServerSideSessionConfig
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.stores.base import Store
from litestar.stores.registry import StoreRegistry
from litestar.template import TemplateConfig
from litestar.types import ControllerRouterHandler

from dezhi.service.house import House
from dezhi.settings import Settings
from dezhi.web import rendering
from dezhi.web.api.application import api_application
from dezhi.web.arrival import Site, networks, refuse_in_the_open
from dezhi.web.backend import SessionBackend
from dezhi.web.languages import Languages, Spoken
from dezhi.web.live import Live
from dezhi.web.requests import Requests
from dezhi.web.respond import BODY_MAX, COMPRESSED_MIN, ON_TROUBLE, on_no_file
from dezhi.web.routes import handlers
from dezhi.web.sessions import DatabaseStore
from dezhi.web.shields import YEAR
from dezhi.web.visitors import STAFF_TIME, provide_visitor


class _Sessions(ServerSideSessionConfig):
    _backend_class = SessionBackend


@cache
def _engine() -> Environment:
    """Templates know no house: one engine, with what it compiled, serves every site of a process."""
    return rendering.environment(rendering.built_asset_url())


def site(
    house: House,
    settings: Settings,
    live: Live,
    new_store: Callable[[str], Store],
    *,
    more: Sequence[ControllerRouterHandler] = (),
    lifespan: Sequence[Callable[[Litestar], AbstractAsyncContextManager[None]]] = (),
) -> Site:
    """The application of the pages, with `more` of them than every installation has, and that of the API.

    `new_store` makes the stores of Litestar's own parts, by name; sessions are not among them.

    Raises FileNotFoundError when scripts and styles were not built (`make assets`).
    """
    sessions = _Sessions(
        key="dezhi",
        max_age=int(STAFF_TIME.total_seconds()),
        samesite="lax",
        secure=settings.https,
        store="sessions",
    )
    state = {"house": house, "plugin_texts": Spoken(house.directory), "settings": settings}

    @cache
    def api() -> Litestar:
        # It takes half of a start, and is not needed before a program calls.
        application = api_application(house, settings, State(state), new_store)
        application.asgi_handler = Requests(application.asgi_handler, house.watch)
        return application

    made = Site(
        route_handlers=[
            *handlers(demo=house.demo, page_rate=settings.page_rate),
            *more,
            create_static_files_router(
                path="/static/built",
                directories=[rendering.BUILT],
                cache_control=CacheControlHeader(max_age=YEAR, public=True, immutable=True),
                # A name with a NUL, which no file system has.
                exception_handlers={ValueError: on_no_file},
            ),
        ],
        dependencies={
            "house": Provide(lambda: house, sync_to_thread=False),
            "visitor": Provide(provide_visitor),
            "live": Provide(lambda: live, sync_to_thread=False),
        },
        guards=[refuse_in_the_open],
        state=State(state | {"live": live}),
        stores=StoreRegistry({"sessions": DatabaseStore(house.sessions)}, default_factory=new_store),
        plugins=[live.plugin],
        middleware=[Languages(), sessions.middleware],
        csrf_config=CSRFConfig(
            secret=house.database.key("csrf").hex(),
            cookie_name="dezhi-csrf",
            cookie_httponly=True,
            cookie_secure=settings.https,
        ),
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(_engine())),
        compression_config=CompressionConfig(backend="gzip", minimum_size=COMPRESSED_MIN, exclude_opt_key="stream"),
        exception_handlers=ON_TROUBLE,
        request_max_body_size=BODY_MAX,
        openapi_config=None,
        # Ours is `dezhi.web.logs`; Litestar's would take the root logger over.
        logging_config=None,
        lifespan=[*lifespan, lambda _: api().lifespan(), lambda _: house.nightly.watching()],
        debug=False,
    )
    made.trusted = networks(settings.trusted_proxies)
    made.api = api
    made.asgi_handler = Requests(made.asgi_handler, house.watch)
    return made
