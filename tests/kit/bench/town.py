"""A township of twenty villages and ten thousand households for the bench, and a token that awards to all of them."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from dezhi.app import furnish
from dezhi.core.programmes import Enabled
from dezhi.core.staff import Post, Role
from dezhi.core.tokens import Scope
from dezhi.service.actors import Actor
from dezhi.service.house import House
from dezhi.settings import Settings
from dezhi.store import people
from dezhi.store.ids import new_id

VILLAGES, HOUSEHOLDS = 20, 500
SINCE = date(2024, 1, 1)
YINGER = "dezhi-yinger"
ITEMS = (
    "neighbour-help",
    "hard-times-help",
    "make-peace",
    "street-cleaning",
    "voluntary-labour",
    "elder-care",
    "respect",
    "lost-property",
)
"""Items of dezhi-yinger which credit a household, up to ten times a month each: chance alone meets no limit."""


class Town(msgspec.Struct, frozen=True, kw_only=True):
    """What the requests are made of."""

    token: str
    book: int
    today: date
    households: Sequence[int]


async def settle(settings: Settings) -> Town:
    """Set it up in an empty, migrated database."""
    house = await furnish(settings)
    try:
        names = ("甘肃省", "酒泉市", "肃州区", "上坝镇")
        township = await house.places.create_township("620902101000", names, SINCE)
        households: list[int] = []
        for number in range(VILLAGES):
            code = f"6209021012{number:02}"
            village = await house.places.create_village(township.id, code, f"第{number}村", SINCE)
            grids = [
                (await house.places.create_grid(village.id, f"{grid:02}", f"第{grid}网格", SINCE)).id
                for grid in range(1, 11)
            ]
            households += await _move_in(house, village.id, grids)
            enabled = {YINGER: Enabled(version="0.1.0")}
            await house.programmes.adopt(village.id, enabled, title="积分", effective_from=SINCE, staff=None)
        clerk = await _clerk(house, township.id, households.pop())
        made = await house.tokens.make(
            clerk, "bench", [Scope.AWARD, Scope.READ], house.places.today() + timedelta(days=30)
        )
        book = await house.sheets.book(village.id)
        return Town(token=made.text, book=book, today=house.places.today(), households=households)
    finally:
        await house.close()


async def _move_in(house: House, village: int, grids: Sequence[int]) -> list[int]:
    """Two people in each household, fifty households in each grid."""
    homes = [
        people.NewHousehold(new_id(), village, grids[number % len(grids)], f"{number:03}", "")
        for number in range(HOUSEHOLDS)
    ]
    persons = [
        people.NewPerson(new_id(), f"张{who}", "zhang", "z", date(1960, 1, 1), home.id, relation, relation == "户主")
        for home in homes
        for who, relation in (("山", "户主"), ("花", "妻"))
    ]
    await people.add(house.database, homes, persons, SINCE)
    return [home.id for home in homes]


async def _clerk(house: House, township: int, household: int) -> Actor:
    """A clerk of the whole township, who lives in a household that no award goes to."""
    home = await house.people.household(household)
    posts = [Post(Role.CLERK, township)]
    member = await house.staff.create_with(
        "bench", "马平", posts, "没有人会用的密码2026", person=home.members[0].person
    )
    return Actor(member=member, household=household)
