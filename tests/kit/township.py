"""A township, 上坝镇, with two villages and their services, on a real SQLite file."""

from datetime import UTC, date, datetime, timedelta

from dezhi.core.people import Household, NewMember
from dezhi.core.regions import Region
from dezhi.service.cards import Cards
from dezhi.service.people import People
from dezhi.service.places import Places
from dezhi.service.secrets import Secrets
from dezhi.service.sessions import Sessions
from dezhi.service.setup import Setup
from dezhi.service.staff import StaffDesk
from dezhi.store.database import Database

START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # nine in the morning in the village


class Hands:
    """A clock whose hands the test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time: timedelta) -> None:
        """Let time pass."""
        self.now += time


class Township:
    """Everything a test of this floor asks for, built as app.py builds it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = Hands()
        self.secrets = Secrets(database, self.clock, database.key("pins"))
        self.places = Places(database, self.clock)
        self.people = People(database, self.clock)
        self.cards = Cards(database, self.clock, self.secrets, self.people)
        self.staff = StaffDesk(database, self.clock, self.secrets)
        self.sessions = Sessions(database, self.clock)
        self.setup = Setup(database, self.clock, self.places, self.staff)
        self.township: Region
        self.yinger: Region
        self.xiaba: Region
        self.grid: Region

    async def settle(self) -> None:
        """Set the township up as of 2020."""
        since = date(2020, 1, 1)
        names = ("甘肃省", "酒泉市", "肃州区", "上坝镇")
        self.township = await self.places.create_township("620902101000", names, since)
        self.yinger = await self.places.create_village(self.township.id, "620902101201", "营尔村", since)
        self.xiaba = await self.places.create_village(self.township.id, "620902101202", "下坝村", since)
        self.grid = await self.places.create_grid(self.yinger.id, "01", "第一网格", since)

    async def family(self, number: str = "012") -> Household:
        """Register 李小明, his wife and his son, who live in 营尔村 since 2024."""
        members = [
            NewMember(name="李小明", relation="户主", birth_date=date(1956, 3, 2)),
            NewMember(name="王秀兰", relation="妻", birth_date=date(1958, 7, 9)),
            NewMember(name="李建国", relation="长子", birth_date=date(1982, 1, 15)),
        ]
        since = date(2024, 1, 1)
        return await self.people.open_household(self.yinger.id, self.grid.id, number, members, on=since)
