"""Statements and past balances against a naive recount of every posting, over random histories (LE-08)."""

import random
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from booking import asking, award, capture, hold, reverse, void
from dezhi.app import furnish
from dezhi.core.calendar import day, from_micros, micros, to_date
from dezhi.core.errors import Problem
from dezhi.core.events import AssetId, Holder, HolderId, Place
from dezhi.core.people import Household
from dezhi.host import Directory
from dezhi.service.house import House
from homes import Home
from township import Hands
from villages import Village, build_village

EVENTS = 120
ASSETS = (AssetId.MORAL, AssetId.HONOUR, AssetId.SAFE)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def village(home: Home, hands: Hands) -> AsyncIterator[Village]:
    house = await furnish(home.settings(), hands, Directory(["dezhi_yinger"]))
    yield await build_village(house)
    await house.close()


class Life:
    """A random life of two households, booked late, reversed and spent, while the clock goes on."""

    def __init__(self, village: Village, hands: Hands, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - the same history each time
        self.village = village
        self.hands = hands
        self.programme = 0
        self.version = 0
        self.orders: list[str] = []
        self.booked: list[int] = []

    async def live(self) -> None:
        sheet = await self.village.sheet()
        self.programme, self.version = sheet.lineage, sheet.id
        self.hands.now -= timedelta(days=400)
        for number in range(EVENTS):
            self.hands.pass_by(timedelta(hours=self.random.randrange(150)))
            outcome = await self.village.house.poster.post(sheet.book, asking(self.event(number)))
            self.booked += outcome.seqs

    def event(self, number: int) -> Any:
        home = self.random.choice([self.village.family, self.village.neighbours])
        today = self.hands.now.date()
        on = day(today - timedelta(days=self.random.choice([0, 0, 0, 3, 40, 200])))
        known = {"programme": self.programme, "version": self.version, "event_day": on}
        match self.random.randrange(8):
            case 0 if self.booked:
                return reverse(self.random.choice(self.booked), event_day=on)
            case 1 | 2:
                self.orders.append(f"order-{number}")
                return hold(self.orders[-1], self.random.randrange(1, 6), **self.of(home), **known)
            case 3 if self.orders:
                what = self.random.choice([capture, void])(self.random.choice(self.orders))
                return type(what)(order=what.order, event_day=on)
            case 4:
                person = self.random.choice(home.members).person
                place = Place(household=home.id, village=home.village, grid=home.grid, person=person)
                minutes = ((AssetId.HOURS, self.random.randrange(10, 300)),)
                return award(holder=Holder(HolderId.PERSON, person), place=place, lines=minutes, **known)
            case _:
                lines = tuple((asset, self.random.randrange(1, 9)) for asset in self.random.sample(ASSETS, 2))
                return award(lines=lines, **self.of(home), **known)

    @staticmethod
    def of(home: Household) -> dict[str, Any]:
        place = Place(household=home.id, village=home.village, grid=home.grid)
        return {"holder": Holder(HolderId.HOUSEHOLD, home.id), "place": place}


def recount(home: Home, account: int, *, until: int = 99_991_231, since: int = 0, at: int = 2**62) -> int:
    """Every posting of an account, added up one by one."""
    with home.look() as db:
        rows = db.execute("SELECT p.*, t.posted_at FROM posting p JOIN txn t ON t.seq = p.seq").fetchall()
    mine = [row for row in rows if since <= row["event_day"] <= until and row["posted_at"] <= at]
    gained = sum(row["amount"] for row in mine if row["cr_account"] == account)
    return gained - sum(row["amount"] for row in mine if row["dr_account"] == account)


def wallets(home: Home) -> list[Any]:
    with home.look() as db:
        return list(db.execute("SELECT * FROM account WHERE role = 1").fetchall())


async def balance(house: House, account: Any, **asked: Any) -> int:
    holder = Holder(HolderId(account["holder_kind"]), account["holder_id"])
    return await house.statements.balance(
        account["book_id"], account["programme"], holder, AssetId(account["asset"]), **asked
    )


@pytest.mark.row("LE-08")
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_any_past_balance_is_a_recount(village: Village, hands: Hands, home: Home, seed: int) -> None:
    life = Life(village, hands, seed)
    await life.live()
    accounts = wallets(home)
    assert len(accounts) > 6
    for _ in range(60):
        account = life.random.choice(accounts)
        known = hands.now - timedelta(minutes=life.random.randrange(600_000))
        on = (hands.now - timedelta(days=life.random.randrange(420))).date()
        number, at = account["account_id"], micros(known)
        assert await balance(village.house, account, known=known) == recount(home, number, at=at)
        assert await balance(village.house, account, on=on) == recount(home, number, until=day(on))
        both = await balance(village.house, account, on=on, known=known)
        assert both == recount(home, number, until=day(on), at=at)


@pytest.mark.row("LE-08")
@pytest.mark.parametrize("seed", [4, 5])
async def test_any_statement_is_a_recount(village: Village, hands: Hands, home: Home, seed: int) -> None:
    life = Life(village, hands, seed)
    await life.live()
    for _ in range(25):
        days = sorted((hands.now - timedelta(days=life.random.randrange(420))).date() for _ in range(2))
        known = hands.now - timedelta(hours=life.random.choice([0, life.random.randrange(9_000)]))
        told = await village.house.statements.of_household(village.family, days[0], days[1], known=known)
        at = micros(known)
        assert told.parts
        for part in told.parts:
            before = recount(home, part.account, until=day(days[0] - timedelta(days=1)), at=at)
            assert part.opening == before
            assert part.closing == recount(home, part.account, until=day(days[1]), at=at)
            assert part.gained - part.lost == part.closing - part.opening
            running = part.opening
            for line in part.lines:
                running += line.amount
                assert line.after == running
                assert days[0] <= line.on <= days[1]
            with home.look() as db:
                lines = db.execute(f"SELECT * FROM posting WHERE {part.account} IN (cr_account, dr_account)").fetchall()
            expected = sum(day(days[0]) <= row["event_day"] <= day(days[1]) and row["seq"] <= told.seq for row in lines)
            assert len(part.lines) == expected


@pytest.mark.row("LE-08")
async def test_a_deed_recorded_late_stands_on_its_own_day_and_was_not_known_before(
    village: Village, hands: Hands
) -> None:
    house, sheet = village.house, await village.sheet()
    before = hands.now
    hands.pass_by(timedelta(days=1))
    late = award(programme=sheet.lineage, version=sheet.id, event_day=20261103, **Life.of(village.family))
    (seq,) = (await house.poster.post(sheet.book, asking(late))).seqs
    holder = Holder(HolderId.HOUSEHOLD, village.family.id)
    ask = house.statements.balance
    told = [sheet.book, sheet.lineage, holder, AssetId.MORAL]
    assert await ask(*told, on=date(2026, 11, 3)) == 5
    assert await ask(*told, on=date(2026, 11, 2)) == 0
    assert await ask(*told, on=date(2026, 11, 3), known=before) == 0
    hands.pass_by(timedelta(days=1))
    await house.journal.reverse((await house.journal.at(sheet.book, seq)).ref, "记错了", village.actor, "back")
    november = await house.statements.of_household(
        village.family, date(2026, 11, 1), date(2026, 11, 30), known=hands.now
    )
    (part,) = november.parts
    assert [(line.amount, line.undone, line.reversal) for line in part.lines] == [(5, True, False), (-5, False, True)]
    assert (part.opening, part.closing) == (0, 0)
    # As it was known before the reversal, nothing was undone.
    earlier = from_micros(micros(hands.now - timedelta(hours=1)))
    (part,) = (
        await house.statements.of_household(village.family, date(2026, 11, 1), date(2026, 11, 30), known=earlier)
    ).parts
    assert [(line.amount, line.undone) for line in part.lines] == [(5, False)]


async def test_a_span_must_begin_before_it_ends(village: Village) -> None:
    ask = village.house.statements.of_household
    now = datetime.now(tz=village.house.clock().tzinfo)
    with pytest.raises(Problem, match="span"):
        await ask(village.family, to_date(20261102), to_date(20261101), known=now)
    with pytest.raises(Problem, match="span-long"):
        await ask(village.family, to_date(20200101), to_date(20261101), known=now)
