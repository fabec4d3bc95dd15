"""What the calendar makes due is booked by itself, once, also after days on which nothing ran (RU-08)."""

import sys
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dezhi.app import furnish
from dezhi.core.calendar import ZONE
from dezhi.core.people import NewMember
from dezhi.core.programmes import Enabled
from dezhi.core.staff import Post, Role
from dezhi.host import Directory
from homes import Home
from township import Hands
from villages import PASSWORD, SINCE, Village, build_village
from workshop import Workshop

SAFE = "dezhi-safe-family"
BASE = f"{SAFE}/family-base"
NEW_YEAR = date(2027, 1, 1)

FLAKY = """
from dezhi.plugin import Asset, Category, Declaration, Due, Item, Line, awards_as_declared, hook

PLUGIN = Declaration(categories=(Category(code="some", title="试"),))
LINES = (Line(asset=Asset.COUNT, amount_min=1, amount_max=1),)
ITEM = Item(code="monthly", title="每月一记", category="some", asset=Asset.COUNT, lines=LINES, how="每月一日。")
BROKEN = True

@hook
def items():
    return [ITEM]

@hook
def score(deed):
    return awards_as_declared(ITEM, deed)

@hook
def schedule(day):
    if day.day != 1:
        return []
    if BROKEN:
        raise ValueError("no calendar")
    return [Due(item="monthly"), Due(item="no-such-item")]
"""


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    folder = tmp_path / "workshop"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    made = Workshop(folder)
    yield made
    made.forget()


@pytest.fixture
async def village(home: Home, hands: Hands, workshop: Workshop) -> AsyncIterator[Village]:
    package = workshop.write("a_flaky", FLAKY, permissions='["award", "schedule"]')
    house = await furnish(home.settings(), hands, Directory(["dezhi_yinger", "dezhi_safe_family", package]))
    yield await build_village(house)
    await house.close()


async def adopt(village: Village, name: str, staff: int | None = None, **settings: Any) -> None:
    await village.house.programmes.adopt(
        village.yinger.id,
        {name: Enabled(version="0.1.0" if name == SAFE else "1.0.0", settings=settings)},
        title="平安家庭",
        effective_from=village.today,
        staff=staff or village.admin.id,
    )


async def safe_of(village: Village) -> list[int]:
    homes = (village.family, village.neighbours)
    return [(await village.house.passbooks.open(home.id)).safe for home in homes]


def at(hands: Hands, day: date) -> None:
    hands.now = datetime(day.year, day.month, day.day, 3, tzinfo=ZONE)


@pytest.mark.row("RU-08")
async def test_schedule_is_caught_up_with_after_an_outage_and_books_once(village: Village, hands: Hands) -> None:
    schedules = village.house.schedules
    await adopt(village, SAFE, base_points=20)
    assert (await schedules.run()).booked == 0
    # Nothing ran for a month and a half, over New Year's Day.
    at(hands, NEW_YEAR + timedelta(days=9))
    ran = await schedules.run()
    assert (ran.days, ran.booked, ran.left, ran.troubles) == (41, 2, 0, 0)
    assert await safe_of(village) == [20, 20]
    assert (await schedules.run()).days == 0
    # A night that was cut short is begun anew: the same keys book nothing twice.
    await village.house.database.rows("DELETE FROM schedule_day")
    assert (await schedules.run()).booked == 2
    assert await safe_of(village) == [20, 20]
    [day] = await village.house.reports.days(village.yinger)
    assert (day.day, day.told.due[0].item, day.told.due[0].booked) == (NEW_YEAR, BASE, 2)
    book = await village.house.sheets.book(village.yinger.id)
    told = (await village.house.journal.entries(book, [village.yinger.id]))[0]
    assert (told.entry.event_day, told.entry.actor, told.title) == (20270101, village.admin.id, "平安基础分")


@pytest.mark.sqlite
@pytest.mark.row("RU-08")
async def test_schedule_goes_no_further_back_than_forty_days(village: Village, hands: Hands) -> None:
    await adopt(village, SAFE, base_points=20)
    at(hands, NEW_YEAR + timedelta(days=41))
    assert (await village.house.schedules.run()).booked == 0
    at(hands, NEW_YEAR + timedelta(days=40))
    assert (await village.house.schedules.run()).booked == 2


@pytest.mark.sqlite
@pytest.mark.row("RU-08")
async def test_what_was_not_adopted_yet_was_not_due(village: Village, hands: Hands) -> None:
    house, xiaba = village.house, village.xiaba.id
    await house.people.open_household(xiaba, None, "001", [NewMember(name="何平", relation="户主")], on=SINCE)
    at(hands, NEW_YEAR + timedelta(days=1))
    # Only a village's first version may rule days before it was adopted, for what is still on paper.
    settings = {SAFE: Enabled(version="0.1.0", settings={"base_points": 20})}
    await house.programmes.adopt(xiaba, settings, title="平安", effective_from=NEW_YEAR, staff=village.admin.id)
    assert (await house.schedules.run()).booked == 0


@pytest.mark.sqlite
@pytest.mark.row("RU-08")
async def test_a_version_adopted_during_the_day_is_asked_the_next_night(village: Village, hands: Hands) -> None:
    at(hands, NEW_YEAR)
    await village.house.schedules.run()
    await adopt(village, SAFE, base_points=20)
    at(hands, NEW_YEAR + timedelta(days=1))
    assert (await village.house.schedules.run()).booked == 2
    assert await safe_of(village) == [20, 20]


@pytest.mark.sqlite
@pytest.mark.row("RU-08")
async def test_the_household_of_whoever_adopted_it_is_left_to_somebody_else(village: Village, hands: Hands) -> None:
    person = village.neighbours.members[0].person
    head = await village.house.staff.create_with(
        "ma", "马强", [Post(Role.TOWNSHIP, village.township.id)], PASSWORD, person=person
    )
    await adopt(village, SAFE, staff=head.id, base_points=20)
    at(hands, NEW_YEAR)
    assert (await village.house.schedules.run()).left == 1
    assert await safe_of(village) == [20, 0]
    [day] = await village.house.reports.days(village.yinger)
    [left] = day.told.due[0].left
    assert left.household == village.neighbours.id
    assert "不能给自己家加分" in left.why


@pytest.mark.sqlite
@pytest.mark.row("RU-08")
async def test_a_plugin_that_cannot_say_is_asked_again_the_next_night(village: Village, hands: Hands) -> None:
    await adopt(village, "a-flaky")
    at(hands, date(2026, 12, 1))
    ran = await village.house.schedules.run()
    assert (ran.booked, ran.troubles) == (0, 1)
    sys.modules["a_flaky"].BROKEN = False  # type: ignore[attr-defined]
    at(hands, date(2026, 12, 2))
    ran = await village.house.schedules.run()
    assert (ran.days, ran.booked, ran.troubles) == (2, 2, 1)
    [day] = await village.house.reports.days(village.yinger)
    assert "no-such-item" in day.told.troubles[0]
