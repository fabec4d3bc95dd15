"""What the register changes never reaches into the book: accounts and past entries stay where they were."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

import dezhi_hello
from dezhi.app import furnish
from dezhi.core.errors import Problem
from dezhi.core.people import Household, NewMember
from dezhi.core.programmes import Enabled
from dezhi.core.staff import Post, Role
from dezhi.host import Directory
from dezhi.service.actors import Actor
from dezhi.service.deeds import Asked
from dezhi.service.house import House
from homes import Home
from township import Hands

SINCE = date(2025, 1, 1)
BEFORE, CHANGE, AFTER = date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 2)


class Village:
    """A village with the plugin dezhi-hello, a clerk who is somebody else's neighbour, and two households."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.keys = iter(range(1000))
        self.clerk: Actor
        self.home: Household
        self.other: Household

    async def settle(self) -> None:
        house = self.house
        township = await house.places.create_township("620902101000", ("甘肃省", "酒泉市", "肃州区", "上坝镇"), SINCE)
        village = await house.places.create_village(township.id, "620902101201", "营尔村", SINCE)
        hello = {"dezhi-hello": Enabled(version="0.1.0")}
        await house.programmes.adopt(village.id, hello, title="试行", effective_from=SINCE, staff=None)

        async def register(number: str, *members: tuple[str, str]) -> Household:
            people = [NewMember(name=name, relation=relation) for name, relation in members]
            return await house.people.open_household(village.id, None, number, people, on=SINCE)

        self.home = await register("1", ("李小明", "户主"), ("李建国", "子"))
        self.other = await register("2", ("赵国", "户主"))
        clerk = await register("3", ("王军", "户主"))
        made = await house.staff.create(
            "wangjun", "王军", [Post(Role.CLERK, village.id)], person=clerk.members[0].person
        )
        self.clerk = Actor(member=await house.staff.member(made.staff), household=clerk.id)

    async def award(self, household: Household, person: int, on: date) -> None:
        asked = Asked(household=household.id, person=person, item="dezhi-hello/sweep", on=on)
        await self.house.awards.record(asked, self.clerk, f"key-{next(self.keys)}")

    async def balance(self, household: Household) -> int:
        return (await self.house.passbooks.open(household.id)).spendable


@pytest.fixture
async def village(home: Home) -> AsyncIterator[Village]:
    house = await furnish(home.settings(), Hands(), Directory([dezhi_hello]))
    built = Village(house)
    await built.settle()
    yield built
    await house.close()


@pytest.mark.row("HH-03")
async def test_a_change_of_head_keeps_the_account(village: Village) -> None:
    father, son = (member.person for member in village.home.members)
    await village.award(village.home, father, BEFORE)
    await village.house.people.change_head(village.home.id, son, "父亲", CHANGE)
    await village.award(village.home, son, AFTER)
    page = await village.house.passbooks.open(village.home.id)
    assert (page.home.label, page.spendable) == ("李建国家", 10)
    assert [line.after for line in page.lines] == [10, 5]


@pytest.mark.row("HH-04")
async def test_past_awards_stay_with_the_household_of_that_day(village: Village) -> None:
    people, (_, son) = village.house.people, (member.person for member in village.home.members)
    await village.award(village.home, son, BEFORE)
    await people.transfer(son, village.other.id, "女婿", CHANGE)
    assert (await village.balance(village.home), await village.balance(village.other)) == (5, 0)

    await village.award(village.other, son, AFTER)
    assert (await village.balance(village.home), await village.balance(village.other)) == (5, 5)
    # A deed of before, recorded only now, belongs where he lived when he did it.
    await village.award(await people.household(await people.household_of(son, BEFORE), BEFORE), son, BEFORE)
    assert (await village.balance(village.home), await village.balance(village.other)) == (10, 5)
    with pytest.raises(Problem, match="person-elsewhere"):
        await village.award(village.other, son, BEFORE)


@pytest.mark.row("HH-08")
async def test_a_lost_card_takes_nothing_with_it(village: Village) -> None:
    lost = await village.house.cards.issue(village.home.id)
    await village.award(village.home, village.home.members[0].person, BEFORE)
    fresh = await village.house.cards.reissue(village.home.id)
    with pytest.raises(Problem, match="card-dead"):
        await village.house.cards.open(lost.number, lost.pin)
    holder = (await village.house.cards.open(fresh.number, fresh.pin)).holder
    assert (await village.house.passbooks.open(holder)).spendable == 5
