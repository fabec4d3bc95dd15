"""Volunteer hours: passed on only where the programme allows it, and kept only up to its limit."""

import re

import pytest

from booking import asking, award
from dezhi.core.errors import Problem
from dezhi.core.events import AssetId, Holder, HolderId, Place
from dezhi.core.keeping import Keeping
from dezhi.service.statements import Part
from links import text
from villages import Village
from visiting import Visit


async def keep(village: Village, keeping: Keeping) -> None:
    await village.house.programmes.adopt(
        village.yinger.id,
        (await village.sheet()).programme.document.plugins,
        title="道德储蓄银行",
        effective_from=village.today,
        staff=village.admin.id,
        keeping=keeping,
    )


async def hours(village: Village) -> dict[int, Part]:
    """The parts of today's statement that are hours, by person."""
    told = await village.house.statements.of_household(village.family, village.today, village.today)
    return {part.owner: part for part in told.parts if part.asset is AssetId.HOURS}


@pytest.mark.row("LE-11")
async def test_only_what_the_programme_allows_and_both_sides_read_it(village: Village, visit: Visit) -> None:
    house, family = village.house, village.family
    giver, taker = family.members[1].person, family.members[0].person  # 李小明 is 70
    await village.award(family, "clinic-company", person=giver, minutes=90)
    with pytest.raises(Problem, match="transfer-kin"):
        await house.transfers.give(family, giver, taker, 30, village.actor, "off-1")
    with pytest.raises(Problem, match="transfer-pool"):
        await house.transfers.give(family, giver, None, 30, village.actor, "off-2")
    clerk = await visit("wang")
    page = f"/desk/{family.id}/hours"
    assert "现在不能转志愿时" in text((await clerk.get(page)).text)

    await keep(village, Keeping(to_kin=True, to_pool=True))
    stranger = village.neighbours.members[0].person
    for wrong, why in ((stranger, "transfer-kin"), (giver, "transfer-self")):
        with pytest.raises(Problem, match=why):
            await house.transfers.give(family, giver, wrong, 30, village.actor, f"wrong-{wrong}")
    with pytest.raises(Problem, match="short"):
        await house.transfers.give(family, giver, taker, 91, village.actor, "too-much")
    (key,) = re.findall(r'name="key" value="(\w+)"', (await clerk.get(page)).text)
    form = {"key": key, "giver": str(giver), "taker": str(taker), "minutes": "30"}
    for _ in range(2):  # a second tap passes nothing on
        assert (await clerk.post(page, form)).status_code == 303
    await house.transfers.give(family, giver, None, 20, village.actor, "pool")
    parts = await hours(village)
    assert [line.amount for line in parts[giver].lines] == [90, -30, -20]
    assert [line.amount for line in parts[taker].lines] == [30]
    assert (parts[giver].closing, parts[taker].closing) == (40, 30)
    assert await house.transfers.pool(village.yinger.id) == 20
    statement = text((await clerk.get(f"/desk/{family.id}/statement")).text)
    assert statement.count("志愿时转给家人") == 2
    assert "志愿时捐给村里" in statement


@pytest.mark.row("LE-11")
async def test_family_under_sixty_is_no_taker(village: Village) -> None:
    await keep(village, Keeping(to_kin=True))
    kin, pool = await village.house.transfers.takers(village.neighbours)
    assert (list(kin), pool) == ([], False)


@pytest.mark.row("LE-12")
async def test_minute_90_001_goes_to_the_pool_and_the_statement_says_so(village: Village, visit: Visit) -> None:
    await keep(village, Keeping(hours_limit=90_000))
    person = village.family.members[1].person
    sheet = await village.sheet()
    place = Place(household=village.family.id, village=village.yinger.id, grid=village.grid.id, person=person)
    before = award(
        programme=sheet.lineage,
        version=sheet.id,
        holder=Holder(HolderId.PERSON, person),
        place=place,
        lines=((AssetId.HOURS, 90_000 - 59),),
    )
    assert (await village.house.poster.post(sheet.book, asking(before))).booked
    await village.award(village.family, "clinic-company", person=person, minutes=60)
    part = (await hours(village))[person]
    assert part.closing == 90_000
    assert [line.amount for line in part.pooled] == [1]
    assert await village.house.transfers.pool(village.yinger.id) == 1
    await village.award(village.family, "clinic-company", person=person, minutes=30)
    assert (await hours(village))[person].closing == 90_000
    assert await village.house.transfers.pool(village.yinger.id) == 31
    clerk = await visit("wang")
    statement = text((await clerk.get(f"/desk/{village.family.id}/statement")).text)
    assert "超出上限的 1 分钟进了村里的志愿时池" in statement
    assert "超出上限的 30 分钟进了村里的志愿时池" in statement
