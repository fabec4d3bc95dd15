"""Several processes and one book, at the same moment: the same key, the last points, one entry, one order."""

import zlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from functools import partial

import pytest

from booking import NOW, asking, award, check_book, hold
from dezhi.core.calendar import micros
from dezhi.core.events import Kind
from dezhi.store.books import open_book
from dezhi.store.database import Database
from dezhi.store.poster import Poster
from homes import Home, Homes
from racing import PRICE, Racers, expires_at, household, racers

pytestmark = pytest.mark.postgres

PROCESSES = 4
ROUNDS = 5


class Course:
    """A book of its own for each test, with racers before it and a poster of the test's."""

    def __init__(self, database: Database, book: int, running: Racers) -> None:
        self.database = database
        self.book = book
        self.race = partial(running.race, book)
        self.poster = Poster(database.engine, lambda: NOW)

    async def earn(self, number: int, amount: int) -> int:
        """Give the household of a race some points; returns the entry's number."""
        return (await self.poster.post(self.book, asking(award(household(number), amount)))).seqs[0]


@pytest.fixture(scope="module")
def stadium(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Racers]]:
    """Start the racers once: they take longer than their races."""
    with homes.home(tmp_path_factory.mktemp("races")) as home, racers(home, PROCESSES) as running:
        yield home, running


@pytest.fixture
async def course(stadium: tuple[Home, Racers], request: pytest.FixtureRequest) -> AsyncIterator[Course]:
    home, running = stadium
    database = await home.connect()
    book = await open_book(database, region=zlib.crc32(request.node.name.encode()))
    made = Course(database, book, running)
    yield made
    await made.poster.close()
    await database.close()
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
            "SELECT credits - debits - held AS free FROM account WHERE book_id = {} AND holder_id = {} AND role = 1",
            course.book,
            household(number),
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


async def test_an_order_is_handed_over_in_time_or_its_time_is_over(course: Course) -> None:
    for number in range(1, ROUNDS + 1):
        await course.earn(number, 5)
        over = micros(expires_at(number))
        held = hold(f"expiring-{number}", 5, household(number), expires_at=over)
        assert (await course.poster.post(course.book, asking(held))).booked
        told = course.race("expire", number, 3)
        assert Counter(one.code for one in told) == {"": 1, "resolved": 3 * PROCESSES - 1}
        (seq,) = next(one.seqs for one in told if not one.code)
        txn = await course.database.row("SELECT * FROM txn WHERE book_id = {} AND seq = {}", course.book, seq)
        assert txn is not None
        assert txn["kind"] == (Kind.CAPTURE if txn["posted_at"] < over else Kind.LAPSE)
