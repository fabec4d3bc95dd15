"""The description of the API (OpenAPI), made from the handlers and their Structs, with an example for everything."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import Request, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme, Tag

from dezhi import __version__
from dezhi.web.api import kinds
from dezhi.web.arrival import API
from dezhi.web.problems import ProblemBody
from dezhi.web.rendering import built_asset_url

ABOUT = """\
Every action of a page is a call here, with the same rules and the same reach as the page.

**Tokens.** `Authorization: Bearer dz_…`. A token acts as its owner, limited to its scopes, its region and its last day.
What is not the caller's is answered as if it did not exist.

**Keys.** Each write needs an `Idempotency-Key`. Send it again when no answer came: nothing is done twice. Entries of
the ledger remember their keys for ever, other writes for 90 days.

**Many deeds** go to `/bulk` a line each (NDJSON), and are answered a line each, in the same order.

**Problems** are `application/problem+json` (RFC 9457) with a stable `code`; `detail` is in the language of
`Accept-Language`, `texts` in both.

**Lists** come in pages: `{"items": […], "next": …}`; send `next` as `cursor` until it is null.

Dates are the village's (Asia/Shanghai), amounts whole numbers, volunteer time whole minutes.
"""

TAGS = {
    "Awards": "Deeds and what they earn.",
    "Households": "The register, and what households have.",
    "Cards": "Passbook cards and their PINs.",
    "Redemptions": "What points are spent on.",
    "Entries": "The ledger's entries, their reversals, and the trail of what staff did.",
    "Seals": "What the books were sealed as, receipts, and proofs that nothing was altered.",
    "Villages": "Villages, their rules, and what everybody may see.",
    "Rosters": "A village's register from a list.",
    "Programmes": "Versions of what a village adopted.",
    "Clearings": "The end of a year's points: announced, made as previewed, undone as a whole.",
    "Staff": "Accounts and posts.",
    "Tokens": "Tokens of programs.",
}

_EXAMPLES = {
    "household": kinds.HOUSEHOLD,
    "person": kinds.PERSON,
    "staff": kinds.STAFF,
    "token": kinds.TOKEN,
    "village": kinds.VILLAGE,
    "plugin": kinds.PLUGIN,
    "path": "giving-back",
    "year": 2026,
    "grid": "01",
    "entry": kinds.ENTRY,
    "batch": kinds.BATCH,
    "redemption": kinds.REDEMPTION,
    "seal": "1",
    "book": "1",
    "clearing": kinds.CLEARING,
    "draft": kinds.DRAFT,
    "backtest": kinds.BACKTEST,
    "Idempotency-Key": kinds.KEY,
    "version": 1,
    "coming": 3,
    "limit": 50,
}
"""The examples of parameters, by their names."""


_LINES = {
    "required": True,
    "description": "One deed a line; the schema is of all lines together.",
    "content": {
        "application/x-ndjson": {
            "schema": {"type": "array", "items": {"$ref": "#/components/schemas/BulkLine"}, "minItems": 1}
        }
    },
}
"""The body of `bulk`, which Litestar does not read and so does not know."""

_PAGE = re.compile(r"Page_dezhi\.web\.api\.\w+\.(\w+)_")
"""How Litestar calls a page of something."""


class DescriptionPlugin(JsonRenderPlugin):
    """Serves the description, completed with what Litestar does not draw from Structs."""

    def __init__(self) -> None:
        super().__init__(path="/openapi.json")
        self._completed: dict[str, Any] | None = None

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The description as JSON; made once."""
        if self._completed is None:
            self._completed = completed(openapi_schema)
        return self.render_json(request, self._completed)

    def receive_router(self, router: Router) -> None:
        """Take Litestar's own page for unknown addresses away: here they get a problem, as everywhere below /api."""
        router.routes[:] = [route for route in router.routes if "{" not in route.path]


class ReadingPlugin(OpenAPIRenderPlugin):
    """The page on which people read the description and try it: npm's swagger-ui-dist, built into our own files.

    Litestar's pages fetch their scripts and a favicon from elsewhere; here no request leaves the installation, and the
    site's strict policy stands.
    """

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The page; its script asks for the description itself."""
        del request, openapi_schema  # part of the hook
        built = built_asset_url()
        return _READING.format(style=built("api.entry.css"), script=built("api.entry.js")).encode()


_READING = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Dezhi API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{style}">
<script type="module" src="{script}"></script>
</head>
<body>
<main id="api"></main>
<noscript><p><a href="/api/v1/openapi.json">openapi.json</a></p></noscript>
</body>
</html>
"""


def description() -> OpenAPIConfig:
    """What is said of the API as a whole."""
    return OpenAPIConfig(
        title="Dezhi",
        version=__version__,
        summary="The points passbook of villages, for programs",
        description=ABOUT,
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        path=API,
        render_plugins=[DescriptionPlugin(), ReadingPlugin()],
        tags=[Tag(name=name, description=text) for name, text in TAGS.items()],
        components=Components(
            security_schemes={
                "token": SecurityScheme(
                    type="http",
                    scheme="bearer",
                    bearer_format="dz_<id>_<secret>",
                    description="A token of a member of staff, made on the page `/staff/tokens`.",
                )
            }
        ),
        use_handler_docstrings=True,
    )


def completed(schema: dict[str, Any]) -> dict[str, Any]:
    """The description with what Structs forbid and say of themselves, and with examples."""
    found: dict[str, Any] = msgspec.json.decode(_PAGE.sub(r"\1Page", msgspec.json.encode(schema).decode()))
    schemas = found["components"]["schemas"]
    answers: list[type[msgspec.Struct]] = [*_below(kinds.Answer), ProblemBody]
    for struct in answers:
        if struct.__name__ in schemas:
            schemas[struct.__name__]["description"] = inspect.getdoc(struct)
    # Of bodies every bound counts, and msgspec, which checks them, knows them best.
    _, bodies = msgspec.json.schema_components(_below(kinds.Body), ref_template="#/components/schemas/{name}")
    schemas |= bodies
    found["paths"][f"{API}/bulk"]["post"]["requestBody"] = _LINES
    for operation in operations(found):
        for parameter in operation.get("parameters", ()):
            if parameter["name"] in _EXAMPLES:
                parameter["example"] = _EXAMPLES[parameter["name"]]
        body = [operation["requestBody"]] if "requestBody" in operation else []
        for part in (*body, *operation["responses"].values()):
            for content in part.get("content", {}).values():
                content["example"] = example_of(content["schema"], schemas)
    return found


def operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation of a description."""
    for path in schema["paths"].values():
        yield from path.values()


def example_of(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """An example put together from those of the parts; of fields that may be left out only those that have one."""
    if schema.get("examples"):
        return schema["examples"][0]
    inner = next((schema[word][0] for word in ("oneOf", "anyOf", "allOf") if word in schema), None)
    if "$ref" in schema:
        inner = schemas[schema["$ref"].rpartition("/")[2]]
    if inner is not None:
        return example_of(inner, schemas)
    if schema.get("type") == "object":
        fields, wanted = schema.get("properties", {}), schema.get("required", ())
        return {name: example_of(fields[name], schemas) for name in fields if name in wanted}
    if schema.get("type") == "array":
        return [example_of(schema["items"], schemas)]
    return True if schema.get("type") == "boolean" else next(iter(schema.get("enum", ())), None)


def _below(struct: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for one in struct.__subclasses__():
        yield one
        yield from _below(one)
