"""The night's audit on the supervisor's page and in the API: when, how much, what differs, what to do next."""

from collections.abc import Awaitable, Callable

import msgspec
import pytest

from dezhi.core.faults import Audited, Fault, Stood
from dezhi.service.audits import JOB
from dezhi.store import nightly
from villages import Village
from visiting import Visit

NIGHT, BEGAN, ENDED = 20261122, 1_795_285_800_000_000, 1_795_285_860_000_000
FAULT = Fault(
    table="account", key={"book_id": 1, "account_id": 7}, what="differs", column="credits", stored=9, derived=8
)
ELSEWHERE = Fault(table="hold", key={"book_id": 2, "order_ref": "rice"}, what="missing")

Night = Callable[..., Awaitable[None]]


@pytest.fixture
def night(village: Village) -> Night:
    """Have the night end with these differences, or not at all."""

    async def end(*faults: Fault, trouble: str = "") -> None:
        book = await village.house.sheets.book(village.yinger.id)
        own = [fault for fault in faults if fault.book == book]
        stood = Stood(book=book, region=1, events=4120, root="ab" * 32, faults=len(own))
        found = Audited(books=(stood,), events=4120, postings=4120, count=len(faults), faults=faults)
        database = village.house.database
        assert await nightly.begin(database, JOB, NIGHT, BEGAN, 0)
        result = "" if trouble else msgspec.json.encode(found).decode()
        await nightly.end(database, JOB, NIGHT, ENDED, trouble, result)

    return end


async def test_the_supervisor_sees_that_all_is_well(night: Night, visit: Visit) -> None:
    browser = await visit("zhao")
    assert "还没有到第一夜" in (await browser.get("/journal")).text
    await night()
    assert "2026-11-22 02:31 把 4,120 笔账从头核对了一遍，每一行都和原文一样" in (await browser.get("/journal")).text


async def test_the_supervisor_sees_what_differs_and_what_to_do(night: Night, visit: Visit) -> None:
    browser = await visit("zhao")
    await night(FAULT, ELSEWHERE)
    page = (await browser.get("/journal")).text
    assert "1 处和原文不一样" in page
    assert "账户（account book_id=1, account_id=7）的 credits 是 9，按原文应当是 8" in page
    assert "先做一份备份" in page
    assert "rice" not in page, "another township's"
    english = (await browser.get("/journal", headers={"Accept-Language": "en"})).text
    assert "Account (account book_id=1, account_id=7): credits is 9 and should be 8" in english


async def test_a_night_that_failed_is_told(night: Night, visit: Visit) -> None:
    await night(trouble="audit-failed")
    page = (await (await visit("zhao")).get("/journal")).text
    assert "2026-11-22 02:31 的账没有核对成" in page
    assert "dezhi audit" in page


async def test_many_differences_are_cut_short(night: Night, visit: Visit) -> None:
    await night(*[msgspec.structs.replace(FAULT, key={"book_id": 1, "account_id": 100 + one}) for one in range(14)])
    page = (await (await visit("zhao")).get("/journal")).text
    assert page.count("account book_id=1") == 10
    assert "还有 4 处" in page
