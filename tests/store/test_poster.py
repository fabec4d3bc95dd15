"""The queue before a book: everybody gets an answer, after the commit, whatever happens on the way."""

import asyncio
import sqlite3
from typing import Any

import asyncpg
import pytest

from booking import CHEN, asking, award, capture, hold
from dezhi.core.errors import Problem
from dezhi.core.events import Outcome
from dezhi.store import poster as module
from dezhi.store.engine import ClosedTransaction
from dezhi.store.ledger import Deed
from dezhi.store.poster import Poster


async def test_what_comes_together_is_booked_together(desk: Any) -> None:
    outcomes = await asyncio.gather(*(desk.post(award(household)) for household in range(1, 41)))
    assert sorted(outcome.seqs[0] for outcome in outcomes) == list(range(1, 41))
    (row,) = await desk.database.rows("SELECT count(DISTINCT posted_at) AS batches FROM txn")
    assert row["batches"] == 1


async def test_many_batches_give_the_head_that_the_bodies_give(desk: Any) -> None:
    for batch in range(5):
        orders = [(f"{batch}-{number}", 1 + number % 7) for number in range(30)]
        await asyncio.gather(
            *(desk.post(award(household), hold(order, 1 + household % 3, household)) for order, household in orders),
            *(desk.post(capture(order)) for order, _ in orders),
        )
    assert await desk.count("txn") > 200  # recomputed by the fixture


async def test_a_fault_in_one_command_costs_nobody_else_an_entry(desk: Any) -> None:
    broken = Deed("", 1, CHEN, None, "i", 1, 20261122, None, None, "", recorded_by=object())  # type: ignore[arg-type]
    requests = [asking(award()), asking(award())._replace(record=broken), asking(award())]
    found = await asyncio.gather(*(desk.poster.post(desk.book, one) for one in requests), return_exceptions=True)
    assert [one.seqs for one in (found[0], found[2])] == [(1,), (2,)]
    assert isinstance(found[1], (sqlite3.Error, asyncpg.DataError))
    assert not isinstance(found[1], Problem), "a fault of ours is not the disk's"


async def test_a_full_queue_and_a_closed_poster_say_so(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUEUE_MAX", 3)
    with pytest.raises(Problem) as busy:
        await desk.poster.post_many(desk.book, [asking(award()) for _ in range(4)])
    assert (busy.value.code, busy.value.status) == ("busy", 429)
    await desk.poster.close()
    with pytest.raises(Problem, match="停下") as stopping:
        await desk.post(award())
    assert (stopping.value.code, stopping.value.status) == ("busy", 503)
    assert await desk.count("request") == 0


async def test_closing_finishes_what_waits(desk: Any) -> None:
    tasks = [asyncio.create_task(desk.post(award())) for _ in range(20)]
    await asyncio.sleep(0)
    await desk.poster.close()
    assert sum([task.result().booked for task in tasks]) == 20


async def test_a_caller_who_goes_away_disturbs_nobody(desk: Any) -> None:
    gone = asyncio.create_task(desk.post(award(), key="gone"))
    stays = asyncio.create_task(desk.post(award()))
    await asyncio.sleep(0)
    gone.cancel()
    assert (await stays).booked
    again = await desk.post(award(), key="gone")
    assert again.replay, "it was booked all the same, and the same key tells"


async def test_a_cancelled_lane_leaves_nobody_waiting(desk: Any) -> None:
    tasks = [asyncio.create_task(desk.post(award())) for _ in range(3)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    for lane in desk.poster._lanes.values():
        lane.cancel()
    found = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 2)
    assert all(isinstance(one, Problem | Outcome) for one in found)
    assert (await desk.post(award())).booked


async def test_posting_inside_a_transaction_is_refused(desk: Any) -> None:
    async with desk.database.engine.transaction():
        with pytest.raises(ClosedTransaction):
            await desk.post(award())
    assert (await desk.post(award())).booked


async def test_a_lane_started_near_a_transaction_does_not_inherit_it(desk: Any) -> None:
    ended = asyncio.Event()

    async def later() -> bool:
        await ended.wait()
        booked: bool = (await desk.post(award())).booked
        return booked

    async with desk.database.engine.transaction():
        task = asyncio.create_task(later())
    ended.set()
    assert await task


@pytest.mark.sqlite
async def test_a_full_disk_is_told_and_nothing_is_half_booked(desk: Any) -> None:
    await desk.post(award(amount=100))

    def limit(db: sqlite3.Connection) -> int:
        pages: int = db.execute("PRAGMA page_count").fetchone()["page_count"]
        db.execute(f"PRAGMA max_page_count = {pages}")
        return pages

    await desk.database.engine.writer.run(limit)
    many = [asking(award(household, reason="长" * 2000), key=f"award-{household}") for household in range(2000, 2100)]
    with pytest.raises(Problem) as full:
        await desk.poster.post_many(desk.book, many)
    assert (full.value.code, full.value.status) == ("storage", 503)
    assert "没有存上" in full.value.say()
    counts = [await desk.count(table) for table in ("txn", "posting", "request", "txn_text")]
    assert counts == [1, 1, 1, 1]
    desk.check()

    await desk.database.engine.writer.run(lambda db: db.execute("PRAGMA max_page_count = 1000000").fetchall())
    outcomes = await desk.poster.post_many(desk.book, many)
    assert [outcome.replay for outcome in outcomes] == [False] * 100
    assert await desk.count("txn") == 101


async def test_two_posters_on_one_book_stay_correct(desk: Any) -> None:
    other = Poster(desk.database.engine, desk.poster._clock)
    both = (desk.poster, other)
    outcomes = await asyncio.gather(*(both[number % 2].post(desk.book, asking(award())) for number in range(40)))
    assert sorted(outcome.seqs[0] for outcome in outcomes) == list(range(1, 41))
