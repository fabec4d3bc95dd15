"""Schemathesis against a real server, with a token that may do everything and ids that mean something.

Bounded: each operation gets some valid and some invalid requests, the same ones on every run.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, seed, settings, strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from described import CALLS, SCHEMA
from dezhi.app import build
from furnished import Furnished, furnish_village
from homes import Home, Homes
from running import Running, dezhi
from sending import NDJSON, takes_lines
from villages import build_village

EXAMPLES = {"sqlite": 12, "postgres": 10}
"""Requests of each kind for each operation: some 1,500 in all, and the first of them on the other database too."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    missing_required_header,
    unsupported_method,
    ignored_auth,
]
SUCCESS = 2
"""The first figure of a status."""
KNOWN = {"household", "person", "staff", "token", "village", "entry", "batch", "redemption", "version"}
"""Parameters of which every second request names something that exists."""

LENIENT = [check for check in CHECKS if check is not negative_data_rejection]
"""Where a body is lines (a bad one is answered in its own line) or a parameter is passed over."""


@schemathesis.serializer(NDJSON)
def as_lines(ctx: schemathesis.SerializationContext, value: Any) -> dict[str, Any]:
    """A list as a line for each of it; what is no list as a line."""
    del ctx
    return {
        "data": b"".join(msgspec.json.encode(one) + b"\n" for one in (value if isinstance(value, list) else [value]))
    }


@schemathesis.deserializer(NDJSON)
def from_lines(ctx: object, response: Any) -> Any:
    """The list of an answer's lines."""
    del ctx
    return [msgspec.json.decode(line) for line in response.content.splitlines()]


DESCRIPTION = schemathesis.openapi.from_dict(SCHEMA)


@dataclass(frozen=True)
class Served:
    """A server, and what its village holds."""

    running: Running
    furnished: Furnished
    session: requests.Session
    answers: Counter[tuple[str, int]]


async def prepare(home: Home) -> Furnished:
    """Build and furnish a village, and close it."""
    house, _ = await build(home.settings())
    try:
        return await furnish_village(await build_village(house))
    finally:
        await house.close()


@pytest.fixture(scope="module")
def served(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with ExitStack() as stack:
        home = stack.enter_context(homes.home(tmp_path_factory.mktemp("fuzzed") / "data"))
        furnished = asyncio.run(prepare(home))
        environment = {**home.environment, "DEZHI_API_RATE": "0"}
        running = stack.enter_context(dezhi("serve", home.data_dir, **environment))
        session = stack.enter_context(requests.Session())
        started = Served(running, furnished, session, Counter())
        yield started
    if {name for name, _ in started.answers} == CALLS.keys():
        # No empty run: most operations got through to what they are about.
        assert sum(kind == SUCCESS for _, kind in started.answers) > len(CALLS) / 2


def meant(case: Case, served: Served, real: bool) -> Case:
    """The case, in half of all with ids of things that exist."""
    example: dict[str, Any] = {
        one["name"]: served.furnished.meant(one["example"])
        for one in CALLS[case.operation.definition.raw["operationId"]][2].get("parameters", ())
        if one["in"] == "path"
    }
    # Copies: what a case holds may be the description's own example.
    if real and case.path_parameters:
        case.path_parameters = {**case.path_parameters, **{one: example[one] for one in KNOWN & example.keys()}}
    if real and isinstance(case.body, dict):
        ids = served.furnished.real
        known = {name: case.body[name] for name in KNOWN & case.body.keys() if isinstance(case.body[name], str)}
        case.body = {**case.body, **{name: ids.get(value, value) for name, value in known.items()}}
    return case


@pytest.mark.row("IM-04")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["valid", "invalid"])
@pytest.mark.parametrize("name", sorted(CALLS))
def test_nothing_sent_breaks_the_description(
    served: Served, pytestconfig: pytest.Config, name: str, mode: GenerationMode
) -> None:
    method, path, _ = CALLS[name]
    operation = DESCRIPTION[path][method.upper()]
    declared = {parameter.name for parameter in operation.query}
    cases = operation.as_strategy(generation_mode=mode)
    examples = EXAMPLES[pytestconfig.option.database]

    @seed(20261122)
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=cases, real=st.booleans())
    def sent(case: Case, real: bool) -> None:
        # An undeclared parameter is passed over, and the token is put back: these may be all that was invalid.
        assert case.meta is not None
        broken = {place for place, part in case.meta.components.items() if part.mode.is_negative}
        passed_over = broken <= {"query", "header"} and bool((case.query or {}).keys() - declared)
        # What makes a case invalid may be just the id: it stays then.
        answer = meant(case, served, real and mode is GenerationMode.POSITIVE).call_and_validate(
            base_url=served.running.url,
            session=served.session,
            headers={"Authorization": f"Bearer {served.furnished.token}"},
            checks=LENIENT if passed_over or takes_lines(name) else CHECKS,
        )
        served.answers[name, answer.status_code // 100] += 1

    sent()
