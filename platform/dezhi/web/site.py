"""The web site of one house: routes, sessions, security headers, and what is said when something goes wrong."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from jinja2 import Environment
from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.middleware.session.server_side import ServerSideSessionConfig
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.stores.base import Store
from litestar.stores.registry import StoreRegistry
from litestar.template import TemplateConfig
from litestar.types import ControllerRouterHandler, Message, Scope

from dezhi.core.errors import Problem
from dezhi.service.house import House
from dezhi.settings import Settings
from dezhi.web import rendering
from dezhi.web.api.description import description
from dezhi.web.api.routes import api_router
from dezhi.web.arrival import Site, networks, refuse_in_the_open
from dezhi.web.backend import SessionBackend
from dezhi.web.languages import Languages, PluginTexts
from dezhi.web.live import Live
from dezhi.web.requests import Requests
from dezhi.web.respond import on_fault, on_http_error, on_log_in_first, on_no_file, on_no_text, on_problem
from dezhi.web.routes import handlers
from dezhi.web.sessions import DatabaseStore
from dezhi.web.visitors import STAFF_TIME, LogInFirst, provide_visitor

BODY_MAX = 5 * 1024 * 1024 + 64 * 1024
"""Bytes of one request: a roster of 5 MB and the form around it."""

NO_COOKIES = ["^/api/"]
"""Where no session is looked for and none is made: a token must be in the request itself, so nobody can ride on one."""

YEAR = 365 * 24 * 3600

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        " font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex",
}


_HEADERS = [
    *((name.lower().encode(), value.encode()) for name, value in HEADERS.items()),
    # What a page shows is somebody's: a shared computer must not keep it. Built files have a header of their own.
    (b"cache-control", b"no-store"),
]
_STRICT = (b"strict-transport-security", f"max-age={YEAR}".encode())


class _Sessions(ServerSideSessionConfig):
    _backend_class = SessionBackend


async def _secure(message: Message, scope: Scope) -> None:
    """Give every answer its headers, also those that no handler made."""
    if message["type"] != "http.response.start":
        return
    # Every answer passes here: one look at what it has, and ready bytes for what it lacks.
    headers = list(message["headers"])
    has = {name.lower() for name, _ in headers}
    headers += [each for each in _HEADERS if each[0] not in has]
    if scope["scheme"] == "https" and _STRICT[0] not in has:
        headers.append(_STRICT)
    message["headers"] = headers


def _engine() -> Environment:
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
    """The application, with `more` pages than every installation has.

    `new_store` makes the stores of Litestar's own parts, by name; sessions are not among them.

    Raises FileNotFoundError when scripts and styles were not built (`make assets`).
    """
    sessions = _Sessions(
        key="dezhi",
        max_age=int(STAFF_TIME.total_seconds()),
        samesite="lax",
        secure=settings.https,
        store="sessions",
        exclude=NO_COOKIES,
    )
    made = Site(
        route_handlers=[
            *handlers(demo=house.demo, page_rate=settings.page_rate),
            api_router(settings.api_rate),
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
        state=State(
            {"house": house, "plugin_texts": PluginTexts.of(house.directory), "settings": settings, "live": live}
        ),
        stores=StoreRegistry({"sessions": DatabaseStore(house.sessions)}, default_factory=new_store),
        plugins=[live.plugin],
        middleware=[Languages(), sessions.middleware],
        csrf_config=CSRFConfig(
            secret=house.database.key("csrf").hex(),
            cookie_name="dezhi-csrf",
            cookie_httponly=True,
            cookie_secure=settings.https,
            exclude=NO_COOKIES,
        ),
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(_engine())),
        compression_config=CompressionConfig(backend="gzip", minimum_size=500, exclude_opt_key="stream"),
        exception_handlers={
            Problem: on_problem,
            LogInFirst: on_log_in_first,
            HTTPException: on_http_error,
            UnicodeDecodeError: on_no_text,
            LookupError: on_no_text,
            Exception: on_fault,
        },
        before_send=[_secure],
        request_max_body_size=BODY_MAX,
        openapi_config=description(),
        include_in_schema=False,
        # Ours is `dezhi.web.logs`; Litestar's would take the root logger over.
        logging_config=None,
        lifespan=list(lifespan),
        debug=False,
    )
    made.trusted = networks(settings.trusted_proxies)
    made.asgi_handler = Requests(made.asgi_handler, house.watch)
    return made
