"""Founds the demo township: regions, register, moves, staff, programmes, cards and choices."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final

from dezhi.core.calendar import ZONE
from dezhi.core.keeping import Keeping
from dezhi.core.people import Household
from dezhi.core.programmes import Enabled, Resolution
from dezhi.core.regions import Region
from dezhi.core.staff import Post, Role
from dezhi.service.cards import Cards, IssuedCard
from dezhi.service.demo import mark, seasons
from dezhi.service.demo.families import CLERK, DOOR, roster
from dezhi.service.demo.mark import Mark
from dezhi.service.demo.villages import (
    GRID_SIZE,
    HOME,
    PLUGIN_VERSION,
    TOWNSHIP,
    TOWNSHIP_NAMES,
    VILLAGES,
    VillagePlan,
)
from dezhi.service.house import House
from dezhi.service.people import People

FEN: Final = 30
"""What a point counts for in reports: a bar of soap of three yuan is had for ten."""

PASSWORD: Final = "only-for-the-demo"  # noqa: S105 - printed for everybody, and refused outside the demo
LEAST: Final = 30
"""Households of the smallest village of the smallest demo: the door's and the clerk's are among them."""

_NOTICE: Final = "本村记下每户的好事、志愿时和兑换，只用于积分；名字在公开页上遮住中间的字；不想上榜随时可以退出。"


class Founding:
    """One founding. All of it is one transaction."""

    def __init__(self, house: House, seed: int, scale: float, begins: date) -> None:
        self._house = house
        self._seed = seed
        self._scale = scale
        self._begins = begins
        self._since = begins - timedelta(days=90)
        # The hand that writes the register wrote it before the year began.
        self._at = datetime.combine(self._since, time(9), ZONE).astimezone(UTC)
        self._people = People(house.database, lambda: self._at)
        self._cards = Cards(house.database, lambda: self._at, house.secrets, house.people)

    async def found(self) -> Mark:
        """Found everything and return the note that tells how to get in."""
        house = self._house
        async with house.database.engine.transaction():
            township = await house.places.create_township(TOWNSHIP, TOWNSHIP_NAMES, self._since)
            staff = {
                "township": await self._employ("township", "孙海燕", Role.TOWNSHIP, township.id),
                "supervisor": await self._employ("supervisor", "周建平", Role.SUPERVISOR, township.id),
            }
            villages = []
            for whole in VILLAGES:
                # dezhi-hello is installed beside a checkout; beside a wheel only by whoever wants it.
                plan = whole.among(house.directory.plugins)
                village = await house.places.create_village(township.id, plan.code, plan.name, self._since)
                villages.append((plan, village))
                homes = await self._settle(plan, village)
                clerk = next(home for home in homes if home.number == CLERK)
                person = clerk.head.person if clerk.head else None
                staff[plan.clerk] = await self._employ(plan.clerk, plan.clerk_name, Role.CLERK, village.id, person)
                if plan.plugins:
                    await self._adopt(plan, village, staff["township"])
            await self._move(villages)
            door = await self._hand_out_cards(villages)
            note = Mark(
                seed=self._seed,
                scale=self._scale,
                begins=self._begins,
                home=door.holder,
                card=door.printed_number,
                pin=door.pin,
                staff=staff,
            )
            # Last of all: a note without the rest would be worse than none, and the rest without it is no demo.
            mark.keep(house.database.data_dir, note)
        return note

    async def _settle(self, plan: VillagePlan, village: Region) -> Sequence[Household]:
        """Enter a village's roster, and what each household said about the boards."""
        house = self._house
        many = max(LEAST, round(plan.households * self._scale))
        await house.rosters.commit(village.id, roster(self._seed, plan, many, house.people.today()), self._since)
        homes = await house.people.list_below(village.id)
        rng = Random(f"{self._seed}:{plan.code}:boards")
        for home in homes:
            eager = seasons.zeal(self._seed, plan, home) >= seasons.EAGER
            opted_in = rng.random() < (0.85 if eager else 0.59) or home.number == DOOR
            if opted_in or rng.random() < 0.2:
                await self._people.choose_board(home.id, "roster", opted_in=opted_in)
        return homes

    async def _employ(self, login: str, name: str, role: Role, region: int, person: int | None = None) -> int:
        member = await self._house.staff.create_with(login, name, [Post(role, region)], PASSWORD, person=person)
        return member.id

    async def _adopt(self, plan: VillagePlan, village: Region, staff: int) -> None:
        decided = self._begins - timedelta(days=20)
        await self._house.programmes.adopt(
            village.id,
            {name: Enabled(version=PLUGIN_VERSION, settings=dict(chosen)) for name, chosen in plan.plugins.items()},
            title=plan.programme,
            effective_from=self._begins - timedelta(days=1),
            staff=staff,
            privacy_notice=_NOTICE,
            keeping=Keeping(fen=FEN),
            resolution=Resolution(
                number=f"{plan.name[:-1]}村决〔{decided.year}〕4号",
                decided_on=decided,
                body="村民代表会议表决通过，张贴七日无异议。（演示数据）",
            ),
        )

    async def _move(self, villages: Sequence[tuple[VillagePlan, Region]]) -> None:
        """Let some households move within the year: between grids, and from one village to another."""
        today = self._house.people.today()
        span = (today - self._begins).days
        homes = {plan.code: list(await self._house.people.list_below(village.id)) for plan, village in villages}
        regions = {plan.code: village.id for plan, village in villages}
        own = homes[HOME]
        grids = await self._house.places.grids(regions[HOME])
        for part, place in ((0.25, 16), (0.5, 23), (0.8, 28)):
            grid = grids[(place // GRID_SIZE + 1) % len(grids)].id
            on = today - timedelta(days=int(span * part))
            await self._house.people.move(own[place].id, regions[HOME], grid, on=on)
        for part, source, number in ((0.35, "620902108203", "M-01"), (0.65, "620902108205", "M-02")):
            moving = homes[source][20]
            on = today - timedelta(days=int(span * part))
            await self._house.people.move(
                moving.id, regions[HOME], grids[-1].id, number=number, address="营尔村新居民点", on=on
            )

    async def _hand_out_cards(self, villages: Sequence[tuple[VillagePlan, Region]]) -> IssuedCard:
        """Issue cards: to all of 营尔村, elsewhere to the first grid so far. Some were lost since.

        Each is a real one, with a PIN that takes 8 ms to hash; that is why not everybody has one yet.
        """
        door: IssuedCard | None = None
        issued_at = self._at
        for plan, village in villages:
            if not plan.plugins:
                continue
            grids = await self._house.places.grids(village.id)
            lines = await self._cards.issue_sheet(village.id if plan.code == HOME else grids[0].id)
            for line in lines:
                if plan.code == HOME and line.household.number == DOOR:
                    door = line.issued
            self._at = issued_at + timedelta(days=120)
            for line in lines[14:18]:
                await self._cards.reissue(line.issued.holder)
            await self._cards.revoke(lines[21].issued.holder, "挂失，还没有补办")
            self._at = issued_at
        assert door is not None  # noqa: S101 - 营尔村 is among the villages and has the household
        return door
