"""A steward of one grid works in that grid and nowhere else (HH-02: three levels, a steward for each grid)."""

import pytest

from dezhi.core.people import Household, NewMember
from dezhi.core.staff import Post, Role
from villages import PASSWORD, SINCE, Village
from visiting import Browser, Visit

HELP = "dezhi-yinger/neighbour-help"


async def other_grid(village: Village) -> Household:
    """Settle 陈芳家 in 第二网格, whose steward she is: log-in `chen`."""
    house = village.house
    grid = await house.places.create_grid(village.yinger.id, "02", "第二网格", SINCE)
    head = NewMember(name="陈芳", relation="户主", birth_date=None)
    home = await house.people.open_household(village.yinger.id, grid.id, "021", [head], on=SINCE)
    post = Post(Role.CLERK, grid.id)
    await house.staff.create_with("chen", "陈芳", [post], PASSWORD, person=home.members[0].person)
    neighbour = NewMember(name="马兰", relation="户主", birth_date=None)
    return await house.people.open_household(village.yinger.id, grid.id, "022", [neighbour], on=SINCE)


async def award(browser: Browser, household: Household, key: str) -> int:
    """Try to award a household; return what the site answers with."""
    form = {"household": str(household.id), "key": key, "item": HELP}
    return (await browser.post("/round/award", form)).status_code


@pytest.mark.row("HH-02")
async def test_a_steward_awards_in_the_own_grid_only(village: Village, visit: Visit) -> None:
    neighbour = await other_grid(village)
    steward = await visit("chen")
    assert await award(steward, neighbour, "own-grid-0001") == 200
    assert await award(steward, village.family, "other-grid-0001") == 404
    assert (await village.house.passbooks.open(neighbour.id)).spendable == 10
    assert (await village.house.passbooks.open(village.family.id)).spendable == 0


@pytest.mark.row("HH-02")
async def test_a_steward_sees_the_own_grid_only(village: Village, visit: Visit) -> None:
    await other_grid(village)
    steward = await visit("chen")
    for typed, there in (("马兰", True), ("李小明", False), (village.card.number, False)):
        page = (await steward.post("/round/find", {"q": typed})).text
        assert (f"{typed}家" in page) is there
    assert (await steward.get(f"/desk/{village.family.id}")).status_code == 404
    ticked = (await steward.get(f"/round/many/{village.yinger.code}")).text
    assert "马兰家" in ticked
    assert "李小明家" not in ticked


@pytest.mark.row("HH-02")
async def test_the_villages_clerk_reaches_every_grid(village: Village, visit: Visit) -> None:
    neighbour = await other_grid(village)
    clerk = await visit("wang")
    assert await award(clerk, neighbour, "any-grid-0001") == 200
    assert await award(clerk, village.family, "any-grid-0002") == 200
