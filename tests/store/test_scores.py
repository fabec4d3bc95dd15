"""Scores by day: what counts on boards, when, and that every event counts once."""

import asyncio
from typing import Any

import pytest

from booking import CHEN, TODAY, VILLAGE, WANG, award, capture, confirm, hold, reverse
from dezhi.core.events import AssetId, Ceiling, Expire, Holder, HolderId, Lot, Place
from dezhi.store import scores
from dezhi.store.boards import sums, totals

JANUARY = 20260131
ITEM = "dezhi-yinger/neighbour-help"


async def earned(desk: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """Points and entries by household and asset, of the whole year."""
    found = await sums(desk.database, desk.book, 1, VILLAGE, 20260101, 20261231)
    return {(one.household, one.asset): (one.earned, one.entries) for one in found}


async def test_what_is_pending_counts_when_its_notice_is_over(desk: Any) -> None:
    await desk.post(award(CHEN, 7, pending=True))
    await desk.post(award(WANG, 3, pending=True))
    assert await earned(desk) == {}
    await desk.post(confirm(1))
    assert await earned(desk) == {(CHEN, 1): (7, 1)}
    await desk.post(reverse(2))
    assert await earned(desk) == {(CHEN, 1): (7, 1)}
    await desk.post(reverse(1))
    assert await earned(desk) == {(CHEN, 1): (0, 0)}


async def test_only_what_was_earned_counts(desk: Any) -> None:
    lot = Lot(until=20261231, lapses=False)
    await desk.post(award(CHEN, 50, opening=True))
    await desk.post(award(CHEN, 9, lot=lot))
    await desk.post(hold("soap", 20))
    await desk.post(capture("soap"))
    await desk.post(reverse(4))
    account = (await desk.account(CHEN))["account_id"]
    cleared = Expire(account=account, through=20261231, event_day=TODAY, reason="", clearing=True)
    seq = (await desk.post(cleared)).seqs[0]
    await desk.post(reverse(seq))
    assert await earned(desk) == {(CHEN, 1): (59, 2)}
    await desk.post(reverse(1))
    assert await earned(desk) == {(CHEN, 1): (9, 1)}
    assert (await totals(desk.database, desk.book, [VILLAGE], 20260101, 20261231)).moral == 9


async def test_what_was_spent_before_it_was_reversed_counts_no_more(desk: Any) -> None:
    await desk.post(award(CHEN, 8))
    await desk.post(hold("soap", 8), capture("soap"))
    await desk.post(reverse(1))
    assert await earned(desk) == {(CHEN, 1): (0, 0)}


async def test_hours_above_the_ceiling_were_worked_all_the_same(desk: Any) -> None:
    ceiling = Ceiling(asset=AssetId.HOURS, limit=100, pool=VILLAGE)
    place = Place(household=CHEN, village=VILLAGE, person=71)
    given = {"place": place, "holder": Holder(HolderId.PERSON, 71), "lines": ((AssetId.HOURS, 150),)}
    await desk.post(award(CHEN, ceiling=ceiling, **given))
    assert await earned(desk) == {(CHEN, 3): (150, 1)}
    await desk.post(reverse(1))
    assert await earned(desk) == {(CHEN, 3): (0, 0)}


async def test_a_deed_counts_on_its_own_day(desk: Any) -> None:
    await desk.post(award(CHEN, 4, event_day=JANUARY))
    one = await sums(desk.database, desk.book, 1, VILLAGE, 20260101, JANUARY)
    assert [(row.earned, row.reached) for row in one] == [(4, 1)]
    assert await sums(desk.database, desk.book, 1, VILLAGE, JANUARY + 1, 20261231) == []


async def test_in_pieces_and_by_several_it_comes_to_the_same(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scores, "CHUNK", 3)
    for number in range(10):
        await desk.post(award(CHEN if number % 3 else WANG, 1 + number))
        if number % 4 == 3:
            await desk.post(reverse(number))
        if number == 5:
            await asyncio.gather(*[scores.catch_up(desk.database, desk.book) for _ in range(5)])
    await asyncio.gather(*[scores.catch_up(desk.database, desk.book) for _ in range(5)])
    kept = await earned(desk)
    await desk.database.rows("DELETE FROM score_day")
    await desk.database.rows("DELETE FROM projection")
    assert await earned(desk) == kept
    assert sum(points for points, _ in kept.values()) == sum(range(1, 11)) - await _reversed(desk)


async def _reversed(desk: Any) -> int:
    rows = await desk.database.rows("SELECT CAST(sum(amount) AS BIGINT) AS lost FROM posting WHERE kind = 5")
    lost: int = rows[0]["lost"]
    return lost
