"""One request sent again and again: one entry, one answer byte for byte, marked as a replay; a no stays a no."""

import asyncio

import pytest

from calling import CallAs
from dezhi.store import poster
from villages import Village
from visiting import Visit

AWARD = {"item": "dezhi-yinger/neighbour-help", "on": "2026-11-22"}
LIMIT = 10
MARK = "idempotent-replayed"


@pytest.mark.row("AW-11")
async def test_a_hundred_times_is_one_entry_and_one_answer(village: Village, call_as: CallAs) -> None:
    program = await call_as(village.clerk)
    body = {"household": str(village.family.id), **AWARD}
    answers = await asyncio.gather(*(program.post("/awards", body, "one-key") for _ in range(30)))
    answers += [await program.post("/awards", body, "one-key") for _ in range(70)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1, "byte for byte"
    assert sum(MARK not in answer.headers for answer in answers) == 1, "all but the first are marked"
    assert {answer.headers[MARK] for answer in answers if MARK in answer.headers} == {"true"}
    (row,) = await village.house.database.rows("SELECT count(*) AS entries FROM txn")
    assert row["entries"] == 1


@pytest.mark.row("AW-11")
async def test_a_refusal_is_remembered_although_it_would_be_booked_now(village: Village, call_as: CallAs) -> None:
    program = await call_as(village.clerk)
    body = {"household": str(village.family.id), **AWARD}
    booked = [await program.post("/awards", body, f"key-{number}") for number in range(LIMIT)]
    assert {answer.status_code for answer in booked} == {201}
    refused = [await program.post("/awards", body, "one-key") for _ in range(5)]
    entry = booked[0].json()["entries"][0]["id"]
    taken_back = await program.post(f"/entries/{entry}/reverse", {"reason": "记串了户"})
    assert taken_back.status_code == 201, taken_back.text
    refused += [await program.post("/awards", body, "one-key") for _ in range(5)]
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(409, "cap-reached")}
    assert len({answer.content for answer in refused}) == 1, "byte for byte"
    assert [MARK in answer.headers for answer in refused] == [False] + [True] * 9
    assert (await program.post("/awards", body, "another-key")).status_code == 201


@pytest.mark.row("AW-11")
async def test_an_order_without_the_points_stays_refused(village: Village, call_as: CallAs) -> None:
    program = await call_as(village.clerk)
    order = {"household": str(village.family.id), "reward": "dezhi-yinger/oil"}
    refused = [await program.post("/redemptions", order, "one-key") for _ in range(2)]
    for number in range(LIMIT):
        await village.award(village.family, "neighbour-help", f"earned-{number}")
    refused.append(await program.post("/redemptions", order, "one-key"))
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(409, "short")}
    assert len({answer.content for answer in refused}) == 1
    assert [MARK in answer.headers for answer in refused] == [False, True, True]
    assert (await program.post("/redemptions", order, "another-key")).status_code == 201


async def test_a_full_queue_is_told_with_when_to_come_again(
    village: Village, call_as: CallAs, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, clerk = await call_as(village.clerk), await visit("wang")
    body = {"household": str(village.family.id), **AWARD}
    form = {"household": str(village.family.id), "item": AWARD["item"], "key": "tap-key-0001"}
    with monkeypatch.context() as full:
        full.setattr(poster, "QUEUE_MAX", 0)
        for answer in (await program.post("/awards", body, "one-key"), await clerk.post("/round/award", form)):
            assert answer.status_code == 429
            assert int(answer.headers["retry-after"]) > 0
            assert "人太多" in answer.text
    assert (await program.post("/awards", body, "one-key")).status_code == 201
    assert (await clerk.post("/round/award", form)).status_code == 200
