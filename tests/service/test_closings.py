"""Closed days take nothing more, and nobody owes unless a programme and a township let them."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from booking import asking, hold
from dezhi.app import furnish
from dezhi.core.errors import Problem
from dezhi.core.events import Holder, HolderId, Place
from dezhi.core.keeping import Keeping
from dezhi.host import Directory
from dezhi.service.actors import Actor
from dezhi.service.deeds import Asked
from homes import Home
from township import Hands
from villages import YINGER, Village, build_village


@pytest.fixture
async def village(home: Home) -> AsyncIterator[Village]:
    house = await furnish(home.settings(), Hands(), Directory(["dezhi_yinger"]))
    yield await build_village(house)
    await house.close()


def admin(village: Village) -> Actor:
    return Actor(member=village.admin, household=None)


async def test_a_closed_day_takes_no_deed_and_its_entries_are_still_corrected(village: Village) -> None:
    house = village.house
    yesterday = village.today - timedelta(days=1)
    late = Asked(household=village.family.id, item=f"{YINGER}/neighbour-help", on=yesterday)
    done = await house.awards.record(late, village.actor, "before")
    with pytest.raises(Problem, match="close-day"):
        await house.closings.close(village.yinger.id, village.today, admin(village), "today")
    await house.closings.close(village.yinger.id, yesterday, admin(village), "close")
    assert await house.closings.closed_through(village.yinger.id) == yesterday
    with pytest.raises(Problem, match="closed: 没有记上：这一天的账已经结了"):
        await house.awards.record(late, village.actor, "after")
    with pytest.raises(Problem, match="close-day"):
        await house.closings.close(village.yinger.id, yesterday - timedelta(days=3), admin(village), "again")
    book = await house.sheets.book(village.yinger.id)
    ref = (await house.journal.at(book, done.seqs[0])).ref
    (opposite,) = await house.journal.reverse(ref, "记错了", village.actor, "reverse")
    told = await house.journal.entry(opposite)
    assert told.entry.event_day > int(yesterday.strftime("%Y%m%d")), "corrected on an open day"
    assert told.entry.reverses == ref.seq


@pytest.mark.row("LE-10")
@pytest.mark.row("RU-01")
async def test_nobody_owes_unless_let_and_no_further_than_let(village: Village) -> None:
    house, family = village.house, village.family
    sheet = await village.sheet()

    async def spend(points: int, order: str) -> str:
        event = hold(
            order,
            points,
            programme=sheet.lineage,
            version=sheet.id,
            holder=Holder(HolderId.HOUSEHOLD, family.id),
            place=Place(household=family.id, village=village.yinger.id, grid=village.grid.id),
        )
        return (await house.poster.post(sheet.book, asking(event))).code

    assert await spend(1, "default") == "short", "the default limit is 0"
    with pytest.raises(Problem, match="overdraft"):
        await house.closings.let_owe(family, 20, "看病急用", admin(village), "not-by-the-programme")
    await house.programmes.adopt(
        village.yinger.id,
        sheet.programme.document.plugins,
        title="道德储蓄银行",
        effective_from=village.today,
        staff=village.admin.id,
        keeping=Keeping(overdraft=20),
    )
    assert await spend(1, "not-let") == "short", "a programme alone lets nobody owe"
    await house.closings.let_owe(family, 20, "看病急用", admin(village), "let")
    assert await spend(21, "to-minus-21") == "short"
    assert await spend(20, "to-minus-20") == ""
    with pytest.raises(Problem, match="overdraft"):
        await house.closings.let_owe(family, 21, "看病急用", admin(village), "too-much")
    await house.closings.let_owe(family, 0, "不用了", admin(village), "back")
    assert await spend(1, "taken-back") == "short"


@pytest.mark.row("LE-10")
async def test_nobody_lets_their_own_house_owe(village: Village) -> None:
    neighbour = Actor(member=village.admin, household=village.family.id)
    with pytest.raises(Problem, match="self_overdraft"):
        await village.house.closings.let_owe(village.family, 0, "看病急用", neighbour, "own")
