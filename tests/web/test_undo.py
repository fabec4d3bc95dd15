"""Undo in one tap, for ten minutes (AW-16): linked entries and whole batches, by who recorded them."""

import re
from datetime import timedelta

import pytest
from litestar import Litestar

from calling import Program, make_token
from dezhi.core.events import Kind
from dezhi.core.staff import Post, Role
from dezhi.service.house import House
from dezhi.service.passbooks import Balances
from links import text
from township import Hands
from villages import PASSWORD, YINGER, Village
from visiting import Browser, Visit


async def record(clerk: Browser, village: Village, item: str) -> str:
    """Record one award as the page does, and return what its undo button sends."""
    form = {"household": str(village.family.id), "item": f"{YINGER}/{item}", "key": "0b9c1f0e6f0c4f6e"}
    (action,) = re.findall(r'action="(/round/undo/[^"]+)"', (await clerk.post("/round/award", form)).text)
    return action


async def figures(village: Village) -> Balances:
    """What the family has."""
    return await village.house.passbooks.balances(await village.house.people.household(village.family.id))


async def spendable(village: Village, household: int) -> int:
    """What a household can spend."""
    return (await village.house.passbooks.open(household)).spendable


@pytest.mark.row("AW-16")
@pytest.mark.row("AW-12")
async def test_one_tap_takes_back_all_that_one_tap_booked(village: Village, visit: Visit, hands: Hands) -> None:
    clerk, house = await visit("wang"), village.house
    before = await figures(village)
    action = await record(clerk, village, "hard-times-help")  # moral and honour points
    assert await figures(village) != before
    hands.pass_by(timedelta(minutes=9))
    answer = await clerk.post(action)
    assert (answer.status_code, answer.headers["location"]) == (303, "/round")
    assert await figures(village) == before, "totals are as before"
    page = text((await clerk.get("/round")).text)
    assert "撤回了" in page
    assert "已冲正" in page
    book = await house.sheets.book(village.yinger.id)
    told = await house.journal.entries(book, [village.yinger.id])
    awards = [one for one in told if one.kind is Kind.AWARD]
    reversals = [one for one in told if one.kind is Kind.REVERSAL]
    assert awards
    assert {one.entry.reversed_by for one in awards} == {one.entry.seq for one in reversals}
    assert {one.entry.text for one in reversals} == {"刚刚记错，当场撤回"}
    # A second tap of an impatient thumb does nothing more.
    assert (await clerk.post(action)).headers["location"] == "/round"
    assert len(await house.journal.entries(book, [village.yinger.id])) == len(told)


@pytest.mark.row("AW-16")
async def test_after_ten_minutes_it_is_a_reversal_with_a_reason(village: Village, visit: Visit, hands: Hands) -> None:
    clerk = await visit("wang")
    action = await record(clerk, village, "neighbour-help")
    assert action in (await clerk.get("/round")).text
    hands.pass_by(timedelta(minutes=10, seconds=1))
    assert action not in (await clerk.get("/round")).text
    answer = await clerk.post(action)
    assert answer.headers["location"] == action.replace("undo", "reverse")
    assert "已经过了10分钟" in text((await clerk.get(answer.headers["location"])).text)
    assert (await figures(village)).spendable == 10


@pytest.mark.row("AW-16")
async def test_a_colleague_s_entry_is_not_one_s_own_to_undo(village: Village, visit: Visit) -> None:
    action = await record(await visit("wang"), village, "neighbour-help")
    await village.house.staff.create_with("sun", "孙伟", [Post(Role.CLERK, village.yinger.id)], PASSWORD)
    colleague = await visit("sun")
    assert action not in (await colleague.get("/round")).text
    assert "/round/reverse/" in (await colleague.post(action)).headers["location"]
    assert (await figures(village)).spendable == 10


@pytest.mark.row("AW-16")
async def test_a_batch_is_undone_whole_and_a_program_can_too(
    village: Village, empty: tuple[House, Litestar], hands: Hands
) -> None:
    homes = [village.family, *[await village.open_family(f"{number:03}") for number in range(101, 104)]]
    async with Program(empty[1], await make_token(empty[0], village.clerk)) as program:
        body = {"item": f"{YINGER}/neighbour-help", "on": str(village.today), "households": [str(h.id) for h in homes]}
        batch = (await program.post(f"/villages/{village.yinger.code}/batches", body)).json()["id"]
        done = await program.post(f"/batches/{batch}/undo", key="tap")
        assert (done.json()["entries"], done.json()["undone"]) == (4, 4)
        assert {await spendable(village, home.id) for home in homes} == {0}
        again = await program.post(f"/batches/{batch}/undo", key="tap")
        assert (again.headers["idempotent-replayed"], again.json()) == ("true", done.json())
        award = {"household": str(homes[0].id), "item": f"{YINGER}/neighbour-help", "on": str(village.today)}
        one = await program.post("/awards", award)
        entry = one.json()["entries"][0]["id"]
        first = await program.post(f"/entries/{entry}/undo", key="tip")
        hands.pass_by(timedelta(hours=1))
        assert (await program.post(f"/entries/{entry}/undo", key="tip")).json() == first.json()
        late = await program.post(f"/entries/{entry}/undo", key="top")
        assert (late.status_code, late.json()["code"]) == (409, "undo-late")
