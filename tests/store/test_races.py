"""Several processes and one book, at the same moment: the same key, the last points, one entry, one order."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from booking import NOW, asking, award, check_book, hold
from dezhi.store.books import open_book
from dezhi.store.database import Database
from dezhi.store.poster import Poster
from homes import Home
from racing import PRICE, Racers, household, racers

pytestmark = pytest.mark.postgres

PROCESSES = 4
ROUNDS = 5


class Course:
    """A book with racers before it, and a poster of the test's own."""

    def __init__(self, home: Home, database: Database, book: int, running: Racers) -> None:
        self.home = home
        self.database = database
        self.book = book
        self.race = running.race
        self.poster = Poster(database.engine, lambda: NOW)

    async def earn(self, number: int, amount: int) -> int:
        """Give the household of a race some points; returns the entry's number."""
        return (await self.poster.post(self.book, asking(award(household(number), amount)))).seqs[0]


@pytest.fixture
async def course(home: Home, database: Database) -> AsyncIterator[Course]:
    book = await open_book(database, 520)
    with racers(home, book, PROCESSES) as running:
        made = Course(home, database, book, running)
        yield made
        await made.poster.close()
    with home.look() as db:
        check_book(db, book)


@pytest.mark.row("AW-11")
async def test_the_same_key_from_many_processes_is_one_entry(course: Course) -> None:
    for number in range(ROUNDS):
        told = course.race("same", number, 25)
        assert len(told) == 100
        assert {(one.code, one.seqs) for one in told} == {("", (number + 1,))}
        assert sum(not one.replay for one in told) == 1


@pytest.mark.row("LE-07")
async def test_fifty_spends_of_one_balance_never_go_below_zero(course: Course) -> None:
    for number in range(ROUNDS):
        can_be_had = 3 * number + 2
        await course.earn(number, PRICE * can_be_had + 1)
        told = course.race("spend", number, 13)
        assert len(told) == 52
        assert Counter(one.code for one in told) == {"": can_be_had, "short": 52 - can_be_had}
        account = await course.database.row(
            "SELECT credits - debits - held AS free FROM account WHERE holder_id = {} AND role = 1", household(number)
        )
        assert account == {"free": 1}


async def test_an_entry_is_reversed_once_whoever_comes_first(course: Course) -> None:
    for number in range(ROUNDS):
        seq = await course.earn(number, 5)
        told = course.race("reverse", seq, 3)
        assert Counter(one.code for one in told) == {"": 1, "reversed": 3 * PROCESSES - 1}


async def test_an_order_is_handed_over_or_given_back_and_never_both(course: Course) -> None:
    for number in range(ROUNDS):
        await course.earn(number, 5)
        await course.poster.post(course.book, asking(hold(f"settled-{number}", 5, household(number))))
        told = course.race("settle", number, 3)
        assert Counter(one.code for one in told) == {"": 1, "resolved": 3 * PROCESSES - 1}
