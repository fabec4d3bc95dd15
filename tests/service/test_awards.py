"""From a deed to a booked award, and from points to a reward, through real plugins on a real database."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from dezhi.app import furnish
from dezhi.core.errors import Problem
from dezhi.core.events import AssetId, HoldState
from dezhi.core.programmes import Enabled
from dezhi.host import Directory
from dezhi.service.deeds import Asked
from homes import Home
from township import Hands
from villages import SINCE, YINGER, Village, build_village


@pytest.fixture
async def village(home: Home) -> AsyncIterator[Village]:
    """Set 营尔村 up with its programme."""
    house = await furnish(home.settings(), Hands(), Directory(["dezhi_yinger"]))
    yield await build_village(house)
    await house.close()


async def test_a_deed_earns_and_the_passbook_says_why(village: Village) -> None:
    home = await village.open_family("002")
    done = await village.award(home, "neighbour-help")
    book = await village.house.passbooks.open(home.id)
    assert book.spendable == 10
    line = book.lines[0]
    assert (line.asset, line.amount, line.after, line.text) == (AssetId.MORAL, 10, 10, "邻里帮扶")
    assert line.on_trial
    told = await village.house.journal.entry(line.ref)
    assert told.entry.text
    assert told.entry.actor == village.actor.staff
    assert told.entry.seq in done.seqs


async def test_the_same_key_books_once(village: Village) -> None:
    home = await village.open_family("002")
    first = await village.award(home, "neighbour-help", "k1")
    again = await village.award(home, "neighbour-help", "k1")
    assert again.replay
    assert again.seqs == first.seqs
    with pytest.raises(Problem, match="conflict"):
        await village.award(home, "street-cleaning", "k1")


async def test_a_resend_is_answered_as_booked_even_when_nothing_more_could_be_awarded(village: Village) -> None:
    home = await village.open_family("002")
    first = await village.award(home, "tidy-yard", "k1")  # once a month
    again = await village.award(home, "tidy-yard", "k1")
    assert (again.replay, again.seqs) == (True, first.seqs)
    with pytest.raises(Problem, match="cap"):
        await village.award(home, "tidy-yard", "k2")


async def test_the_same_order_sent_again_is_the_same_order(village: Village) -> None:
    home = await village.open_family("002")
    await village.award(home, "neighbour-help")
    sheet = await village.sheet()
    (code, _), (other, _) = sheet.spendable()[:2]
    first = await village.house.redemptions.place(home.id, code, source="card:1", key="o")
    assert await village.house.redemptions.place(home.id, code, source="card:1", key="o") == first
    with pytest.raises(Problem, match="conflict"):
        await village.house.redemptions.place(home.id, other, source="card:1", key="o")


async def test_nobody_awards_their_own_household(village: Village) -> None:
    own = await village.house.people.household(village.actor.household or 0)
    with pytest.raises(Problem, match="self_award"):
        await village.award(own, "neighbour-help")


async def test_fifty_at_once_spend_what_is_there(village: Village) -> None:
    home = await village.open_family("002")
    for _ in range(5):
        await village.award(home, "neighbour-help")
    sheet = await village.sheet()
    code, reward = sheet.spendable()[0]
    had = (await village.house.passbooks.open(home.id)).spendable
    tries = await asyncio.gather(
        *(village.house.redemptions.place(home.id, code, source="card:1", key=str(n)) for n in range(50)),
        return_exceptions=True,
    )
    placed = [one for one in tries if not isinstance(one, BaseException)]
    assert len(placed) == min(had // reward.price, 10)
    assert (await village.house.passbooks.open(home.id)).spendable == had - len(placed) * reward.price


async def test_an_order_is_handed_over_once(village: Village) -> None:
    home = await village.open_family("002")
    for _ in range(3):
        await village.award(home, "neighbour-help")
    sheet = await village.sheet()
    code, reward = sheet.spendable()[0]
    order = await village.house.redemptions.place(home.id, code, source="card:1", key="o")
    found = await village.house.redemptions.find(sheet.book, order.code, [village.yinger.id])
    assert [one.order for one in found] == [order.order]
    handed = await village.house.redemptions.hand_over(sheet.book, order.order, village.actor, "h1")
    assert handed.state is HoldState.CAPTURED
    with pytest.raises(Problem, match="resolved"):
        await village.house.redemptions.hand_over(sheet.book, order.order, village.actor, "h2")
    book = await village.house.passbooks.open(home.id)
    assert (book.spendable, book.held) == (30 - reward.price, 0)


async def test_a_reversal_takes_back_all_that_was_booked_together(village: Village) -> None:
    home = await village.open_family("002")
    done = await village.award(home, "neighbour-help")
    ref = (await village.house.passbooks.open(home.id)).lines[0].ref
    back = await village.house.journal.reverse(ref, "记错户了", village.actor, "r1")
    assert len(back) == len(done.seqs)
    book = await village.house.passbooks.open(home.id)
    assert book.spendable == 0
    assert book.honour == 0
    assert book.lines[0].reversal
    with pytest.raises(Problem, match="reversed"):
        await village.house.journal.reverse(ref, "再来", village.actor, "r2")


async def test_many_households_are_reversed_in_one_action(village: Village) -> None:
    homes = [await village.open_family(f"{number:04}") for number in range(2, 32)]
    asked = [Asked(household=home.id, item=f"{YINGER}/neighbour-help", on=village.today) for home in homes]
    keys = [f"many:{home.id}" for home in homes]
    done = await village.house.awards.record_many(asked, village.actor, keys, batch="b1")
    assert all(one.problem is None for one in done)
    totals = await village.house.boards.totals(
        await village.house.sheets.book(village.yinger.id), [village.yinger.id], village.today
    )
    assert totals.deeds == len(homes)
    book = await village.house.sheets.book(village.yinger.id)
    taken = await village.house.journal.reverse_batch(book, "b1", "发错了", village.actor, "rb")
    assert taken >= len(homes)
    assert await village.house.journal.reverse_batch(book, "b1", "发错了", village.actor, "rb") == 0


async def test_a_household_that_moves_keeps_its_points_in_sight(village: Village) -> None:
    home = await village.open_family("002")
    await village.award(home, "neighbour-help")
    enabled = {YINGER: Enabled(version="0.1.0")}
    await village.house.programmes.adopt(village.xiaba.id, enabled, title="试", effective_from=SINCE, staff=None)
    await village.house.people.move(home.id, village.xiaba.id, None)
    book = await village.house.passbooks.open(home.id)
    assert book.spendable == 0
    assert [(one.village, one.points) for one in book.left_behind] == [("营尔村", 10)]
    assert book.lines[0].amount == 10
