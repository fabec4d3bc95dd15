"""A whole house with two villages, built as app.py builds it, for tests of use cases and pages."""

import secrets as random
from datetime import date
from pathlib import Path

from dezhi.app import furnish
from dezhi.core.people import Household, NewMember
from dezhi.core.programmes import Enabled
from dezhi.core.regions import Region
from dezhi.core.staff import Post, Role
from dezhi.host import Directory
from dezhi.service.actors import Actor
from dezhi.service.awards import Asked, Recorded
from dezhi.service.house import House
from dezhi.service.sheets import Sheet
from dezhi.settings import Settings
from township import Hands

SINCE = date(2024, 1, 1)
PASSWORD = "a long enough one 9"
YINGER = "dezhi-yinger"


class Housing:
    """营尔村 runs dezhi-yinger, 下坝村 has no programme; a clerk, a supervisor and a township administrator."""

    house: House
    clock: Hands
    township: Region
    yinger: Region
    xiaba: Region
    grid: Region
    clerk: Actor

    async def settle(self, data_dir: Path, directory: Directory | None = None, *, demo: bool = False) -> "Housing":
        self.clock = Hands()
        settings = Settings(data_dir=data_dir, demo=demo)
        house = self.house = await furnish(settings, self.clock, directory)
        names = ("甘肃省", "酒泉市", "肃州区", "上坝镇")
        self.township = await house.places.create_township("620902101000", names, SINCE)
        self.yinger = await house.places.create_village(self.township.id, "620902101201", "营尔村", SINCE)
        self.xiaba = await house.places.create_village(self.township.id, "620902101202", "下坝村", SINCE)
        self.grid = await house.places.create_grid(self.yinger.id, "01", "第一网格", SINCE)
        home = await self.family("001", "王建国")
        self.clerk = await self.employ("clerk", "王建国", Role.CLERK, self.yinger, home)
        await self.employ("supervisor", "赵明", Role.SUPERVISOR, self.township)
        await self.employ("township", "孙丽", Role.TOWNSHIP, self.township)
        return self

    async def family(self, number: str, head: str = "李小明", village: Region | None = None) -> Household:
        """Register a household of two."""
        members = [
            NewMember(name=head, relation="户主", birth_date=date(1956, 3, 2)),
            NewMember(name="王秀兰", relation="妻", birth_date=date(1958, 7, 9)),
        ]
        where = village or self.yinger
        grid = self.grid.id if where.id == self.yinger.id else None
        return await self.house.people.open_household(where.id, grid, number, members, on=SINCE)

    async def employ(self, login: str, name: str, role: Role, where: Region, home: Household | None = None) -> Actor:
        """Let somebody work; `home` makes its head the one who works."""
        person = home.head.person if home and home.head else None
        post = Post(role, where.id)
        member = await self.house.staff.create_with(login, name, [post], PASSWORD, person=person)
        return Actor(member=member, household=home.id if home else None)

    async def adopt(self, village: Region | None = None, **settings: object) -> Sheet:
        """Switch dezhi-yinger on."""
        where = village or self.yinger
        enabled = {YINGER: Enabled(version="0.1.0", settings=settings)}
        await self.house.programmes.adopt(where.id, enabled, title="道德储蓄银行", effective_from=SINCE, staff=None)
        return await self.house.sheets.in_force(where.id, self.today)

    @property
    def today(self) -> date:
        return self.house.people.today()

    async def award(self, home: Household, item: str, key: str = "", **asked: object) -> Recorded:
        """Record a deed as the clerk."""
        request = Asked(household=home.id, item=f"{YINGER}/{item}", on=self.today, **asked)  # type: ignore[arg-type]
        return await self.house.awards.record(request, self.clerk, key or random.token_hex(8))
