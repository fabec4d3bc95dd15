"""Values at the ends of what the description allows: numbers too large for any database, days before all calendars."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from litestar import Litestar

from calling import Program
from described import CALLS, SCHEMA
from dezhi.plugin import Role
from dezhi.service.house import House
from dezhi.web.api.awards import NamedIn, NewAward
from dezhi.web.api.paging import cursor_of
from furnished import furnish_village
from sending import NDJSON, addressed, answered, takes_lines
from villages import Village

HUGE = "9999999999999999999"
"""The largest number of nineteen digits, which an id may have; 63 bits hold less."""
BEFORE = "0001-01-01T00:00:00+23:59"
AFTER = "9999-12-31T23:59:59.999999-23:59"
TEXTS = [HUGE, "1\n", "0-0", "9" * 15 + "-" + "9" * 15, "9" * 15 + "-b" + "0" * 20, BEFORE, AFTER]
CURSORS = [cursor_of(of, *[2**63 - 1] * ints) for of, ints in [("entries", 1), ("acts", 2), ("passbook", 2)]]
VALUES = [*TEXTS, "0001-01-01", "9999-12-31", "\ud800", 2**63, 10**300, -1, None, {}]

Sent = tuple[str, dict[str, str], Any]
"""An address, what stands behind its question mark, and a body."""


def spoiled(value: Any) -> Iterator[Any]:
    """Copies of a body, each with one of the values at one place."""
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        bad = [*VALUES, *(spoiled(inner) if isinstance(inner, dict | list) else ())]
        for one in bad:
            copy = value.copy()
            copy[name] = one
            yield copy


def requests(name: str, where: str, body: Any) -> Iterator[Sent]:
    """What to send to an operation: each of its values spoiled, one at a time."""
    path, operation = CALLS[name][1].removeprefix("/api/v1"), CALLS[name][2]
    parts = dict(zip(path.split("/"), where.split("/"), strict=True))
    for one in operation.get("parameters", ()):
        if one["in"] == "query":
            yield from ((where, {one["name"]: text}, body) for text in [*TEXTS, *CURSORS])
        elif one["in"] == "path":
            asked = f"{{{one['name']}}}"
            for text in TEXTS:
                yield "/".join((parts | {asked: quote(text, safe="")}).values()), {}, body
    if body is not None:
        [content] = operation["requestBody"]["content"].values()
        schema = content["schema"].get("items", content["schema"])["$ref"].rpartition("/")[2]
        whole = dict.fromkeys(SCHEMA["components"]["schemas"][schema]["properties"])
        if takes_lines(name):
            yield where, {}, [*spoiled(whole | body[0])]
        else:
            yield from ((where, {}, one) for one in spoiled(whole | body))


def written(name: str, body: Any) -> str | None:
    """A body as it is sent, with what is no JSON by the book."""
    if body is None:
        return None
    return "\n".join(map(json.dumps, body)) if takes_lines(name) else json.dumps(body)


@pytest.mark.row("IM-04")
async def test_nothing_breaks_at_the_ends_of_what_is_allowed(empty: tuple[House, Litestar], village: Village) -> None:
    furnished = await furnish_village(village)
    broken, sent = set(), 0
    async with Program(empty[1], furnished.token) as program:
        for name, (method, _, _) in CALLS.items():
            for where, query, body in requests(name, *addressed(furnished, name)):
                sent += 1
                answer = await program.client.request(
                    method,
                    where,
                    params=query,
                    content=written(name, body),
                    headers={
                        "Content-Type": NDJSON if takes_lines(name) else "application/json",
                        "Idempotency-Key": f"worst-{sent}",
                    },
                )
                worst = [one["status"] for one in answered(answer)] if takes_lines(name) and answer.is_success else []
                if max(answer.status_code, *worst, 0) >= 500:
                    broken.add((name, answer.status_code, repr((where, query, body))[-200:]))
    assert not broken
    assert sent > 10 * len(CALLS)


async def test_a_member_of_staff_who_cannot_be_booked_nothing(empty: tuple[House, Litestar], village: Village) -> None:
    """What households did for themselves is nobody's, but not his."""
    furnished = await furnish_village(village)
    async with Program(empty[1], furnished.token) as program:
        found = await program.get(f"/villages/{village.yinger.code}/entries", params={"by": HUGE})
    assert found.json()["items"] == []


@pytest.mark.sqlite
def test_ids_that_fit_no_column_are_nobodys() -> None:
    """Where an item asks for people, theirs went to the database as they were sent."""
    named = NamedIn(role=Role.HELPED, household=HUGE, person=HUGE, grid=HUGE).named()
    assert {named.household, named.person, named.grid} == {2**63 - 1}
    asked = NewAward(household=HUGE, person=HUGE, item="a/b", on=date(2026, 11, 22)).asked()
    assert {asked.household, asked.person} == {2**63 - 1}
