"""Two villages of 上坝镇 with people at work, built with the services of a furnished house."""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from dezhi.core.people import Household, NewMember
from dezhi.core.programmes import Enabled
from dezhi.core.regions import Region
from dezhi.core.staff import Post, Role, StaffMember
from dezhi.service.actors import Actor
from dezhi.service.cards import IssuedCard
from dezhi.service.deeds import Asked, Recorded
from dezhi.service.house import House
from dezhi.service.sheets import Sheet

PASSWORD = "油菜花开满山坡上2026"
SINCE = date(2024, 1, 1)
YINGER = "dezhi-yinger"


@dataclass(frozen=True, kw_only=True)
class Village:
    """营尔村 (`yinger`, dezhi-yinger on since 2024) and 下坝村 (`xiaba`, nothing on yet).

    `family` is 李小明家, household number 012.
    """

    house: House
    township: Region
    yinger: Region
    xiaba: Region
    grid: Region
    family: Household
    neighbours: Household
    card: IssuedCard
    admin: StaffMember  # log-in `liu`, of the township
    clerk: StaffMember  # log-in `wang`, of 营尔村, lives in `neighbours`
    supervisor: StaffMember  # log-in `zhao`, of the township

    @property
    def actor(self) -> Actor:
        """The clerk at work."""
        return Actor(member=self.clerk, household=self.neighbours.id)

    @property
    def today(self) -> date:
        """The village's date."""
        return self.house.people.today()

    async def sheet(self) -> Sheet:
        """The version in force in 营尔村."""
        return await self.house.sheets.in_force(self.yinger.id, self.today)

    async def open_family(self, number: str, head: str = "马大山") -> Household:
        """Register another household of one in 营尔村."""
        member = NewMember(name=head, relation="户主", birth_date=date(1960, 1, 1))
        return await self.house.people.open_household(self.yinger.id, self.grid.id, number, [member], on=SINCE)

    async def award(self, home: Household, item: str, key: str = "", **asked: Any) -> Recorded:
        """Record a deed of today under one of dezhi-yinger's items, as the clerk; a new request without a key."""
        request = Asked(household=home.id, item=f"{YINGER}/{item}", on=self.today, **asked)
        return await self.house.awards.record(request, self.actor, key or secrets.token_hex(8))


async def build_village(house: House) -> Village:
    """Build it. Everybody's password is `PASSWORD`."""
    places, people = house.places, house.people
    township = await places.create_township("620902101000", ("甘肃省", "酒泉市", "肃州区", "上坝镇"), SINCE)
    yinger = await places.create_village(township.id, "620902101201", "营尔村", SINCE)
    xiaba = await places.create_village(township.id, "620902101202", "下坝村", SINCE)
    grid = await places.create_grid(yinger.id, "01", "第一网格", SINCE)
    family = await people.open_household(
        yinger.id,
        grid.id,
        "012",
        [
            NewMember(name="李小明", relation="户主", birth_date=date(1956, 3, 2)),
            NewMember(name="王秀兰", relation="妻", birth_date=date(1958, 7, 9)),
        ],
        on=SINCE,
    )
    neighbours = await people.open_household(
        yinger.id, grid.id, "013", [NewMember(name="王军", relation="户主", birth_date=date(1980, 5, 1))], on=SINCE
    )
    staff = house.staff.create_with
    admin = await staff("liu", "刘芳", [Post(Role.TOWNSHIP, township.id)], PASSWORD)
    person = neighbours.members[0].person
    clerk = await staff("wang", "王军", [Post(Role.CLERK, yinger.id)], PASSWORD, person=person)
    supervisor = await staff("zhao", "赵敏", [Post(Role.SUPERVISOR, township.id)], PASSWORD)
    await house.programmes.adopt(
        yinger.id,
        {YINGER: Enabled(version="0.1.0")},
        title="道德储蓄银行",
        effective_from=SINCE,
        staff=admin.id,
    )
    return Village(
        house=house,
        township=township,
        yinger=yinger,
        xiaba=xiaba,
        grid=grid,
        family=family,
        neighbours=neighbours,
        card=await house.cards.issue(family.id),
        admin=admin,
        clerk=clerk,
        supervisor=supervisor,
    )
