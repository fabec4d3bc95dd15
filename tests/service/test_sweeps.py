"""What ends by itself each night: lots past their day, and orders nobody fetched (LE-05, LE-06)."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from dezhi.app import furnish
from dezhi.core.calendar import ZONE
from dezhi.core.errors import Problem
from dezhi.core.events import HoldState, Kind
from dezhi.core.keeping import Keeping, Lapse
from dezhi.host import Directory
from homes import Home
from township import Hands
from villages import YINGER, Village, build_village


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def village(home: Home, hands: Hands) -> AsyncIterator[Village]:
    house = await furnish(home.settings(), hands, Directory(["dezhi_yinger"]))
    built = await build_village(house)
    await house.programmes.adopt(
        built.yinger.id,
        (await built.sheet()).programme.document.plugins,
        title="道德储蓄银行",
        effective_from=built.today,
        staff=built.admin.id,
        keeping=Keeping(lapse=Lapse.MONTHS, lapse_months=1, pick_up_days=3),
    )
    yield built
    await house.close()


async def spendable(village: Village) -> int:
    return (await village.house.passbooks.open(village.family.id)).spendable


async def test_points_past_their_day_are_gone_before_the_night_and_booked_by_it(village: Village, hands: Hands) -> None:
    house = village.house
    await village.award(village.family, "neighbour-help")
    hands.now = datetime(2026, 12, 31, 23, 59, tzinfo=ZONE)
    assert await spendable(village) == 10
    await village.award(village.family, "neighbour-help")  # until the end of January
    hands.now = datetime(2027, 1, 1, 0, 1, tzinfo=ZONE)
    assert await spendable(village) == 10
    assert await house.passbooks.spendable(await village.sheet(), village.family.id) == 10
    assert (await house.sweeps.run()).wallets == 1
    assert (await house.sweeps.run()).wallets == 0
    assert await spendable(village) == 10
    book = await house.sheets.book(village.yinger.id)
    (told,) = await house.journal.entries(book, [village.yinger.id], kind=Kind.EXPIRY)
    assert (told.entry.household, told.entry.text, told.title) == (village.family.id, "到期没有用掉", "清零")
    statement = await house.statements.of_household(village.family, village.today, village.today, known=house.clock())
    assert [line.amount for part in statement.parts for line in part.lines] == [-10]


async def test_an_order_nobody_fetched_gives_its_points_back(village: Village, hands: Hands) -> None:
    house = village.house
    await village.award(village.family, "neighbour-help")
    order = await house.redemptions.place(village.family.id, f"{YINGER}/soap", source="card:1", key="soap")
    assert order.until == village.today + timedelta(days=3)
    assert await spendable(village) == 0
    hands.now = datetime(2026, 11, 25, 23, 59, tzinfo=ZONE)
    assert (await house.sweeps.run()).orders == 0
    hands.now = datetime(2026, 11, 26, 0, 1, tzinfo=ZONE)
    book = await house.sheets.book(village.yinger.id)
    with pytest.raises(Problem, match="lapsed"):
        await house.redemptions.hand_over(book, order.order, village.actor, "too-late")
    assert (await house.sweeps.run()).orders == 1
    assert await spendable(village) == 10
    assert (await house.redemptions.order(book, order.order)).state is HoldState.LAPSED
