"""Many deeds in one request: each line for itself, or all of them or none; sent again, nothing is done twice."""

from collections.abc import Sequence
from typing import Any

import httpx
import msgspec
import pytest

from calling import CallAs, Program
from dezhi.core.errors import Problem
from dezhi.core.tokens import Scope
from dezhi.service.bulk import Bulk
from homes import Home
from sending import NDJSON, answered
from villages import YINGER, Village

HELP = f"{YINGER}/neighbour-help"


def deed(village: Village, household: int | None = None, **more: Any) -> dict[str, Any]:
    """A line for the family, or for another household."""
    return {"household": str(household or village.family.id), "item": HELP, "on": village.today.isoformat(), **more}


async def post(
    program: Program, lines: Sequence[object], key: str = "", *, atomic: bool = False, kind: str = NDJSON
) -> httpx.Response:
    """Send lines; bytes as they are."""
    body = b"".join((one if isinstance(one, bytes) else msgspec.json.encode(one)) + b"\n" for one in lines)
    where = "/bulk?atomic=true" if atomic else "/bulk"
    return await program.post(where, key=key, content=body, headers={"Content-Type": kind})


def booked(home: Home) -> int:
    """How many awards there are."""
    return int(home.rows("SELECT count(*) FROM txn")[0][0])


@pytest.mark.row("AW-11")
async def test_each_line_is_answered_in_its_place(home: Home, village: Village, call_as: CallAs) -> None:
    program = await call_as(village.clerk)
    lines = [
        deed(village, key="one"),
        b'{"household": ',
        deed(village, item="dezhi-yinger/nothing"),
        deed(village, minutes="5"),
        b"",
        deed(village, village.neighbours.id),
        deed(village, 5),
        deed(village, key="one", note="again"),
        deed(village, key="one"),
        b'"' + b"x" * 20_000 + b'"',
        deed(village, on="2099-01-01"),
    ]
    answer = await post(program, lines)
    assert (answer.status_code, answer.headers["content-type"]) == (201, NDJSON)
    told = answered(answer)
    assert [one["line"] for one in told] == [1, 2, 3, 4, 6, 7, 8, 9, 10, 11]
    codes = [one["problem"]["code"] if one["problem"] else "" for one in told]
    assert codes[:6] == ["", "malformed", "item-unknown", "invalid", "self_award", "household-unknown"]
    assert codes[6:] == ["conflict", "", "line-max", "future"]
    assert [one["status"] for one in told] == [201, 400, 422, 422, 422, 404, 409, 201, 413, 422]
    assert told[0]["entries"] == told[7]["entries"] != []
    assert (told[3]["problem"]["field"], told[3]["problem"]["row"]) == ("minutes", 4)
    assert told[2]["problem"]["texts"].keys() == {"zh-Hans", "en"}
    assert booked(home) == 1


@pytest.mark.row("AW-11")
async def test_sent_again_whole_or_in_part_nothing_is_booked_twice(
    home: Home, village: Village, call_as: CallAs
) -> None:
    program = await call_as(village.clerk)
    lines = [deed(village, key="a"), deed(village), deed(village, village.neighbours.id)]
    first = await post(program, lines, "load-1")
    again = await post(program, lines, "load-1")
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert booked(home) == 2
    # A line by itself, elsewhere, under its own key; and another load under the first one's key.
    alone = await program.post("/awards", deed(village), "a")
    assert [one["id"] for one in alone.json()["entries"]] == answered(first)[0]["entries"]
    part = await post(program, [deed(village, key="a"), deed(village, key="b")], "load-2")
    assert answered(part)[0]["entries"] == answered(first)[0]["entries"]
    assert booked(home) == 3
    other = await post(program, lines[:1], "load-1")
    assert (other.status_code, other.json()["code"]) == (409, "conflict")


@pytest.mark.row("AW-11")
async def test_all_or_none(home: Home, village: Village, call_as: CallAs) -> None:
    program = await call_as(village.clerk)
    good = [deed(village, key=f"k{number}") for number in range(3)]
    for bad, code in (
        (deed(village, village.neighbours.id), "self_award"),
        (deed(village, 5), "household-unknown"),
        (b"{", "malformed"),
        (deed(village, key="k1", note="another"), "conflict"),
    ):
        answer = await post(program, [*good[:2], bad, good[2]], "whole", atomic=True)
        assert (answer.json()["code"], answer.json()["row"]) == (code, 3)
        assert booked(home) == 0
    answer = await post(program, good, "whole", atomic=True)
    assert [one["status"] for one in answered(answer)] == [201] * 3
    assert booked(home) == 3
    again = await post(program, good, "whole", atomic=True)
    assert (again.content, again.headers["idempotent-replayed"]) == (answer.content, "true")
    # The limit of the month is ten: the ledger's own no, which it finds under its lock, undoes the others too.
    many = [deed(village, key=f"more{number}") for number in range(8)]
    answer = await post(program, many, "more", atomic=True)
    assert (answer.status_code, answer.json()["code"], answer.json()["row"]) == (409, "cap-reached", 8)
    assert booked(home) == 3
    assert [one["status"] for one in answered(await post(program, many, "more-2"))] == [201] * 7 + [409]


async def test_what_is_no_load_at_all_is_refused_whole(home: Home, village: Village, call_as: CallAs) -> None:
    program = await call_as(village.clerk)
    for lines, kind, status, code in (
        ([deed(village)], "application/json", 415, "media-type"),
        ([], NDJSON, 400, "malformed"),
        ([b"", b"  "], NDJSON, 400, "malformed"),
        ([b"{}"] * 10_001, NDJSON, 413, "lines-max"),
    ):
        answer = await post(program, lines, kind=kind)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["row"] == 10_001
    whole = await post(program, [deed(village, key=f"n{number}") for number in range(2_001)], atomic=True)
    assert (whole.status_code, whole.json()["code"]) == (413, "whole-max")
    reader = await call_as(village.clerk, [Scope.READ])
    assert (await post(reader, [deed(village)])).json()["code"] == "scope"
    assert booked(home) == 0


async def test_a_household_out_of_reach_is_its_line_s_problem(village: Village, call_as: CallAs) -> None:
    other = await village.house.places.create_grid(village.yinger.id, "02", "第二网格")
    program = await call_as(village.clerk, region=other.id)
    [told] = answered(await post(program, [deed(village)]))
    assert (told["status"], told["problem"]["code"]) == (404, "household-unknown")


async def test_what_stops_half_way_is_told_of_the_lines_it_stopped(
    home: Home, village: Village, call_as: CallAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = await call_as(village.clerk)
    record = Bulk.record_each
    monkeypatch.setattr("dezhi.web.api.bulk.SLICE", 2)

    async def busy_once(self: Bulk, *given: Any) -> Any:
        monkeypatch.setattr(Bulk, "record_each", record if calls else busy_once)
        calls.append(1)
        if len(calls) == 2:
            raise Problem("busy", "现在记的人太多，没有记上。请等几秒再按一次保存，不会记两遍。", status=503)
        return await record(self, *given)

    calls: list[int] = []
    monkeypatch.setattr(Bulk, "record_each", busy_once)
    lines = [deed(village, key=f"s{number}") for number in range(5)]
    assert [one["status"] for one in answered(await post(program, lines, "load"))] == [201, 201, 503, 503, 201]
    assert [one["status"] for one in answered(await post(program, lines, "load"))] == [201] * 5
    assert booked(home) == 5
