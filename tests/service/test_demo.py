"""The demo: the same for the same seed, brought up to today and no further, true in its books, and never mistaken."""

from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from booking import check_book
from dezhi.app import furnish
from dezhi.core.errors import Problem
from dezhi.core.names import mask as hide
from dezhi.host import Directory
from dezhi.service.demo import mark
from dezhi.service.demo.families import CLERK, DOOR, roster
from dezhi.service.demo.loading import load
from dezhi.service.demo.mark import Mark
from dezhi.service.demo.villages import HOME, VILLAGES
from dezhi.service.house import House
from homes import Home, Homes
from township import Hands
from villages import build_village

SMALL = 0.12
DAYS = 16


@asynccontextmanager
async def opened(
    home: Home,
    clock: Hands,
    *,
    demo: bool = True,
    safe: bool = False,
    plugins: Sequence[str] = ("dezhi_hello", "dezhi_yinger"),
) -> AsyncIterator[House]:
    house = await furnish(home.settings(demo=demo), clock, Directory(plugins, safe=safe))
    try:
        yield house
    finally:
        await house.close()


async def start(home: Home, clock: Hands, **given: Any) -> Mark:
    """Start the demo as `dezhi demo` does, and stop it."""
    async with opened(home, clock) as house:
        return await load(house, **{"scale": SMALL, "days": DAYS} | given)


DEEDS = (
    "SELECT d.event_day, v.code, s.number, d.item, d.minutes, d.points, p.name FROM deed d"
    " JOIN region v ON v.id = d.village LEFT JOIN person p ON p.id = d.person JOIN residence s"
    " ON s.household = d.household AND s.valid_to IS NULL ORDER BY 1, 2, 3, 4, 5, 6, 7"
)


@pytest.mark.sqlite  # what is drawn knows no database
async def test_one_seed_makes_one_demo_and_another_seed_another(homes: Homes, tmp_path: Path) -> None:
    with ExitStack() as stack:
        made = [stack.enter_context(homes.home(tmp_path / name)) for name in ("a", "b", "c")]
        for one, seed in zip(made, (1, 1, 2), strict=True):
            await start(one, Hands(), seed=seed)
        for sql in (
            DEEDS,
            "SELECT name, birth_date FROM person ORDER BY 1, 2",
            "SELECT title, price, at_desk, count(*) FROM redemption GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        ):
            a, b, c = (one.rows(sql) for one in made)
            assert a == b
            assert a != c


async def test_each_start_adds_the_missing_days_and_no_others(home: Home) -> None:
    clock = Hands()
    first = await start(home, clock)
    assert (first.begins, first.through) == (date(2026, 11, 7), date(2026, 11, 22))
    before = home.rows("SELECT * FROM txn ORDER BY seq")
    assert {day for (day,) in home.rows("SELECT DISTINCT event_day FROM deed")} == set(range(20261107, 20261123))

    await start(home, clock)
    assert home.rows("SELECT * FROM txn ORDER BY seq") == before

    clock.pass_by(timedelta(days=3))
    assert (await start(home, clock)).through == date(2026, 11, 25)
    after = home.rows("SELECT * FROM txn ORDER BY seq")
    assert after[: len(before)] == before
    assert len(after) > len(before)
    assert {day for (day,) in home.rows("SELECT DISTINCT event_day FROM deed")} == set(range(20261107, 20261126))


async def test_a_day_cut_short_is_finished_and_books_nothing_twice(home: Home) -> None:
    clock = Hands()
    note = await start(home, clock)
    before = home.rows("SELECT * FROM txn ORDER BY seq")
    # As if the power had gone before the last two days were noted as whole.
    mark.keep(home.data_dir, msgspec.structs.replace(note, through=date(2026, 11, 20)))
    await start(home, clock)
    assert home.rows("SELECT * FROM txn ORDER BY seq") == before


async def test_its_books_are_true_and_its_times_only_go_forward(home: Home) -> None:
    await start(home, Hands())
    with home.look() as db:
        check_book(db, 1)
    times = [at for (at,) in home.rows("SELECT posted_at FROM txn ORDER BY seq")]
    assert times == sorted(times)
    now = Hands()().timestamp() * 1_000_000
    assert times[0] < (Hands()() - timedelta(days=DAYS - 2)).timestamp() * 1_000_000
    assert times[-1] <= now
    assert all(balance >= 0 for (balance,) in home.rows("SELECT credits - debits - held FROM account WHERE role = 1"))


@pytest.mark.parametrize("at", [datetime(2026, 11, 30, 16, 5, tzinfo=UTC), datetime(2026, 12, 1, 9, 0, tzinfo=UTC)])
async def test_no_month_is_empty_on_its_first_day(home: Home, at: datetime) -> None:
    """Five past midnight among them: then the day is five minutes old."""
    clock = Hands()
    clock.now = at
    async with opened(home, clock) as house:
        await load(house, scale=SMALL, days=DAYS)
        today = house.people.today()
        assert today.day == 1
        for plan in VILLAGES:
            village = await house.places.by_code(plan.code)
            assert village is not None
            sheet = await house.sheets.find(village.id, today)
            assert (sheet is not None) is bool(plan.plugins)
            totals = await house.boards.totals(await house.sheets.book(village.id), [village.id], today)
            assert bool(totals.deeds) is bool(plan.plugins)
            if plan.saves:
                assert all((totals.minutes, totals.safe, totals.moral, totals.handed_over)), plan.name


async def test_the_doors_open_what_is_printed(home: Home) -> None:
    async with opened(home, Hands()) as house:
        note = await load(house, scale=SMALL, days=DAYS)
        card = await house.cards.open(note.card, note.pin)
        book = await house.passbooks.open(card.holder)
        assert (book.home.label, book.home.village_name) == ("陈桂芳家", "营尔村")
        assert len(book.lines) > 5
        clerk = await house.staff.log_in("clerk", "only-for-the-demo")
        assert clerk.person is not None
        assert note.staff["clerk"] == clerk.id


async def test_what_visitors_did_to_the_printed_card_is_made_good_at_the_next_start(home: Home) -> None:
    async with opened(home, Hands()) as house:
        note = await load(house, scale=SMALL, days=2)
        assert await load(house) == note
        await house.cards.revoke(note.home, "挂失")
        again = await load(house)
        await house.cards.reset_pin((await house.cards.open(again.card, again.pin)).id)
        last = await load(house)
        assert (await house.cards.open(last.card, last.pin)).holder == note.home
    assert len({note.card, again.card, last.card}) == 3


async def test_the_demo_refuses_real_data(home: Home) -> None:
    house = await furnish(home.settings(), Hands())
    await build_village(house)
    await house.close()
    before = home.rows("SELECT count(*) FROM person")
    with pytest.raises(Problem, match="demo-refused"):
        await start(home, Hands())
    assert home.rows("SELECT count(*) FROM person") == before
    assert mark.read(home.data_dir) is None


async def test_a_demo_is_not_served_as_real(home: Home) -> None:
    await start(home, Hands(), days=1)
    with pytest.raises(Problem, match="demo-data"):
        async with opened(home, Hands(), demo=False):
            pass


async def test_the_register_holds_what_villages_hold(home: Home) -> None:
    """Old people, kin, moves, lost cards, empty balances, and about six of ten on the boards."""
    await start(home, Hands(), scale=0.4)
    assert home.rows("SELECT count(*) FROM residence WHERE valid_to IS NOT NULL")[0][0] == 5
    assert home.rows("SELECT count(*) FROM card WHERE state = 'revoked'")[0][0] == 4 * 5
    homes = home.rows("SELECT count(*) FROM household")[0][0]
    joined = home.rows("SELECT count(*) FROM board_choice WHERE opted_in")[0][0]
    assert 0.5 < joined / homes < 0.7
    holders = home.rows("SELECT count(DISTINCT holder_id) FROM account WHERE holder_kind = 1")[0][0]
    assert holders < homes * 0.9


def test_households_are_as_large_and_as_old_as_in_villages() -> None:
    plan = VILLAGES[0]
    lines = roster(7, plan, plan.households, date(2026, 11, 22)).lines
    sizes = [sum(1 for line in lines if line.number == number) for number in {line.number for line in lines}]
    assert 2.6 < sum(sizes) / len(sizes) < 3.4
    assert {1, 2, 3, 4, 5, 6} <= set(sizes)
    assert len({line.grid for line in lines}) == 7
    assert all(
        sum(line.is_head for line in lines if line.number == number) == 1 for number in {x.number for x in lines}
    )
    old = sum(1 for line in lines if line.birth_date and line.birth_date.year < 1967)
    assert old / len(lines) > 0.3
    names = [line.name for line in lines]
    assert {2, 3, 4} <= {len(name) for name in names}
    assert max(len(hide(name)) for name in names) > 8
    surnames = [line.name[0] for line in lines if line.is_head]
    assert max(surnames.count(one) for one in set(surnames)) > len(surnames) / 20
    assert {CLERK, DOOR} <= {line.number for line in lines}
    assert plan.code == HOME


async def test_the_demo_does_with_the_plugins_that_are_there(home: Home) -> None:
    clock = Hands()
    async with opened(home, clock, plugins=["dezhi_yinger"]) as house:
        await load(house, scale=SMALL, days=3)
    clock.pass_by(timedelta(days=2))
    # Installed later it is not on anywhere yet, and the days that are missing are booked without it.
    async with opened(home, clock) as house:
        await load(house, scale=SMALL, days=3)
    items = {item for (item,) in home.rows("SELECT DISTINCT item FROM deed")}
    assert items
    assert [item for item in items if not item.startswith("dezhi-yinger/")] == []


@pytest.mark.row("PL-06")
async def test_safe_mode_opens_the_demo_as_it_stands(home: Home) -> None:
    clock = Hands()
    made = await start(home, clock)
    clock.pass_by(timedelta(days=3))
    async with opened(home, clock, safe=True) as house:
        assert await load(house) == made


async def test_the_demo_names_the_plugin_it_needs(home: Home) -> None:
    async with opened(home, Hands(), plugins=["dezhi_hello"]) as house:
        with pytest.raises(Problem, match="demo-plugin") as refused:
            await load(house)
    assert "pip install dezhi-yinger" in refused.value.say()
