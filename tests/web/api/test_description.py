"""The description: valid, complete, and every example of it does what it says."""

import re
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from litestar import Litestar

from calling import CallAs, Program
from described import CALLS, SCHEMA
from dezhi.service.house import House
from dezhi.web.api.description import operations
from furnished import Furnished, furnish_village
from sending import keeps_the_promise, send
from villages import Village

METHODS = {"get", "post"}
REFUSALS = {"400", "401", "403", "404", "408", "409", "410", "413", "415", "422", "429", "500", "503"}


@pytest.fixture
async def furnished(village: Village) -> Furnished:
    return await furnish_village(village)


READS = sorted(name for name, (_, _, one) in CALLS.items() if "201" not in one["responses"])


async def test_every_example_of_a_read_does_what_it_says(empty: tuple[House, Litestar], furnished: Furnished) -> None:
    """Those of writes: tests/web/api/test_replay.py."""
    async with Program(empty[1], furnished.token) as program:
        for name in READS:
            keeps_the_promise(name, await send(program, furnished, name))


async def test_it_is_served_to_anybody(village: Village, call_as: CallAs) -> None:
    answer = await (await call_as()).get("/openapi.json")
    assert answer.status_code == 200
    served = msgspec.json.decode(answer.content)
    assert served["paths"].keys() == SCHEMA["paths"].keys()
    assert "set-cookie" not in answer.headers


def test_it_is_valid_against_the_standard() -> None:
    jsonschema_rs.meta.validate(SCHEMA["components"]["schemas"])
    assert SCHEMA["openapi"].startswith("3.1")
    for schema in SCHEMA["components"]["schemas"].values():
        assert jsonschema_rs.meta.is_valid(schema)
    pointers = set(re.findall(r'"#/components/schemas/([^"]+)"', msgspec.json.encode(SCHEMA).decode()))
    assert pointers <= SCHEMA["components"]["schemas"].keys()


def test_every_operation_is_named_summed_up_and_guarded() -> None:
    names = [operation["operationId"] for operation in operations(SCHEMA)]
    assert len(names) == len(set(names))
    tags = {tag["name"] for tag in SCHEMA["tags"]}
    for operation in operations(SCHEMA):
        assert operation["summary"]
        assert set(operation["tags"]) <= tags
        assert len(operation["security"][0]["token"]) == 1
        assert operation["responses"].keys() >= REFUSALS


def test_every_write_wants_a_key_and_nothing_else_does() -> None:
    odd = []
    for name, (method, _, operation) in CALLS.items():
        wants = any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", ()))
        is_write = method == "post" and "201" in operation["responses"]
        if wants != is_write:
            odd.append(name)
    assert odd == []


def is_bounded(schema: dict[str, Any]) -> bool:
    """Whether a value of this schema cannot grow without end."""
    bounds = {"maxLength", "pattern", "maximum", "maxItems", "maxProperties", "format", "enum", "$ref", "allOf"}
    return schema.get("type") in {"boolean", "null"} or bool(schema.keys() & bounds)


def test_bodies_have_bounds_and_forbid_what_they_do_not_know() -> None:
    unbounded = []
    for name, (_, _, operation) in CALLS.items():
        body = operation.get("requestBody")
        if body is None:
            continue
        [content] = body["content"].values()
        pointer = content["schema"].get("items", content["schema"])["$ref"]
        schema = SCHEMA["components"]["schemas"][pointer.rpartition("/")[2]]
        assert schema["additionalProperties"] is False, name
        for field, value in schema.get("properties", {}).items():
            unbounded += [(name, field) for one in value.get("anyOf", [value]) if not is_bounded(one)]
    assert unbounded == []


def test_nothing_personal_is_in_an_address() -> None:
    """Ids, codes, numbers and figures only: addresses end up in logs."""
    allowed = {
        "household", "person", "staff", "token", "village", "entry", "batch", "redemption", "version", "clearing",
        "draft", "backtest", "limit", "cursor", "kind", "by", "since", "until", "on", "known_at", "atomic", "seal",
        "book", "to", "plugin", "path", "year", "grid", "coming",
    }  # fmt: skip
    found = {
        one["name"]
        for operation in operations(SCHEMA)
        for one in operation.get("parameters", ())
        if one["in"] in {"path", "query"}
    }
    assert found <= allowed
