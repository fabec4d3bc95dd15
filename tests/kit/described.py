"""The API's description, without a house: enough to name every operation when tests are collected."""

from typing import Any

from litestar import Litestar
from litestar.di import Provide

from dezhi.web.api.description import completed, description
from dezhi.web.api.routes import api_router


def _described() -> dict[str, Any]:
    nobody = Provide(lambda: None, sync_to_thread=False)
    app = Litestar(
        [api_router(rate=0)], openapi_config=description(), include_in_schema=False, dependencies={"house": nobody}
    )
    return completed(app.openapi_schema.to_schema())


SCHEMA = _described()

CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    operation["operationId"]: (method, path, operation)
    for path, item in SCHEMA["paths"].items()
    for method, operation in item.items()
}
"""Every operation by its id: method, address, description."""
