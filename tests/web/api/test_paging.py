"""Lists in pages: nothing doubled, nothing lost while others write, and a forged cursor opens nothing."""

import base64
import secrets
from typing import Any

import msgspec
import pytest

from calling import CallAs, Program
from dezhi.core.people import NewMember
from dezhi.web.api.paging import cursor_of
from villages import Village


async def read_through(program: Program, where: str, between: Any, limit: int = 2) -> list[dict[str, Any]]:
    """All items of a list, page by page, with something written between the pages."""
    found: list[dict[str, Any]] = []
    cursor, pages = None, 0
    while True:
        page = (await program.get(where, params={"limit": limit, **({"cursor": cursor} if cursor else {})})).json()
        assert len(page["items"]) <= limit
        found += page["items"]
        pages += 1
        cursor = page["next"]
        if cursor is None:
            assert pages >= 3
            return found
        await between(pages)


@pytest.mark.row("IM-04")
async def test_a_passbook_and_the_entries_are_read_without_doubles_while_others_write(
    village: Village, call_as: CallAs
) -> None:
    clerk, supervisor = await call_as(village.clerk), await call_as(village.supervisor)
    home = village.family
    for number in range(6):
        await village.award(home, "neighbour-help", f"before-{number}")

    async def between(page: int) -> None:
        await village.award(home, "street-cleaning", f"between-{page}-{secrets.token_hex(4)}")

    lines = await read_through(clerk, f"/households/{home.id}/passbook", between)
    assert [line["entry"] for line in lines if line["text"] == "邻里帮扶"] == [f"1-{seq}" for seq in range(6, 0, -1)]
    assert len({(line["entry"], line["moved"]["asset"]) for line in lines}) == len(lines)
    entries = await read_through(supervisor, f"/villages/{village.yinger.code}/entries", between)
    assert len({entry["id"] for entry in entries}) == len(entries)
    assert {f"1-{seq}" for seq in range(1, 7)} <= {entry["id"] for entry in entries}


async def test_households_are_read_without_doubles_while_others_are_registered(
    village: Village, call_as: CallAs
) -> None:
    program = await call_as(village.clerk)
    for number in range(20, 24):
        await village.open_family(f"{number:03}")

    async def between(page: int) -> None:
        await village.open_family(f"00{page}", "新来")

    found = await read_through(program, f"/villages/{village.yinger.code}/households", between)
    numbers = [one["number"] for one in found]
    assert numbers == sorted(numbers)
    assert {"012", "013", "020", "021", "022", "023"} <= set(numbers)
    assert len(set(numbers)) == len(numbers)


async def test_acts_of_the_same_moment_are_each_told_once(village: Village, call_as: CallAs) -> None:
    """The clock of this house stands still: only the ids tell these apart."""
    clerk, supervisor = await call_as(village.clerk), await call_as(village.supervisor)

    async def another(_: int) -> None:
        await clerk.post(f"/households/{village.family.id}/card/pin")

    for number in range(5):
        await another(number)

    async def nothing(_: int) -> None:
        """Leave things as they are."""

    found = await read_through(supervisor, f"/villages/{village.yinger.code}/acts", nothing)
    assert sum(one["kind"] == "pin-reset" for one in found) == 5
    assert len({one["id"] for one in found}) == len(found)


async def test_a_member_who_joins_between_pages_costs_no_page(village: Village, call_as: CallAs) -> None:
    program = await call_as(village.clerk)
    for number in range(20, 24):
        await village.open_family(f"{number:03}")

    async def between(_: int) -> None:
        await village.house.people.add_member(village.family.id, NewMember(name="李小宝", relation="孙子"))

    found = await read_through(program, f"/villages/{village.yinger.code}/households", between)
    assert len({one["id"] for one in found}) == len(found) == 6


def packed(of: str, after: list[Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.msgpack.encode((of, after))).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "%00",
        "ä",
        "A" * 200,
        packed("entries", [1, 2]),
        packed("passbook", ["1", 2]),
        packed("passbook", [1]),
        packed("passbook", [-1, 2]),
        packed("passbook", [2**63, 2]),
        packed("passbook", [1, 2, 3]),
        cursor_of("households", "03012"),
    ],
)
async def test_a_cursor_of_something_else_is_refused(village: Village, call_as: CallAs, cursor: str) -> None:
    program = await call_as(village.clerk)
    answer = await program.get(f"/households/{village.family.id}/passbook", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["field"]) == (422, "cursor")


async def test_a_well_forged_cursor_shows_only_what_the_caller_may_read(village: Village, call_as: CallAs) -> None:
    await village.award(village.family, "neighbour-help")
    other = await village.open_family("099")
    program = await call_as(village.clerk)
    cursor = packed("passbook", [2**62, 0])
    answer = await program.get(f"/households/{other.id}/passbook", params={"cursor": cursor})
    assert answer.json() == {"items": [], "next": None}


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many", "1.5"])
async def test_a_limit_out_of_bounds_is_refused(village: Village, call_as: CallAs, limit: str) -> None:
    program = await call_as(village.clerk)
    answer = await program.get("/villages", params={"limit": limit})
    assert (answer.status_code, answer.json()["field"]) == (422, "limit")
