"""PostgreSQL dies, comes back, turns read-only: everybody gets an answer, and what was booked is booked once."""

import asyncio
import itertools
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditing import audited
from booking import NOW, asking, award, check_book
from dezhi.core.errors import Problem
from dezhi.core.events import Outcome
from dezhi.store.books import open_book
from dezhi.store.database import connect, upgrade
from dezhi.store.poster import Poster
from servers import OWNER, PostgresServer, postgres

pytestmark = pytest.mark.postgres

CALLERS = 24
KILLS = 20

# Books its share on a book of another process, and writes down what was acknowledged.
BOOKER = """
import asyncio, pathlib, sys
from booking import NOW, asking, award
from dezhi.store.database import connect
from dezhi.store.poster import Poster

async def main(folder, url, book, name):
    database = await connect(pathlib.Path(folder), url)
    poster = Poster(database.engine, lambda: NOW)
    async def caller(number):
        for turn in range(40):
            asked = asking(award(number + 1), key=f"{number}-{turn}", source=name)
            print((await poster.post(int(book), asked)).seqs[0])
    await asyncio.gather(*(caller(number) for number in range(16)))
    await poster.close()
    await database.close()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server of this test's own, careful with its data: it will be killed."""
    with postgres() as started:
        started.address.create("dezhi")
        yield started


async def founded(server: PostgresServer, folder: Path) -> tuple[str, int]:
    """A migrated database with a book: its address, and the book's number."""
    url = server.address.url("dezhi")
    await upgrade(server.address.url("dezhi", OWNER), url)
    database = await connect(folder, url)
    book = await open_book(database, 520)
    await database.close()
    return url, book


async def until_booked(poster: Poster, book: int, household: int, key: str, said: list[str]) -> Outcome:
    """Send one request again and again, as a phone would, until it is answered."""
    while True:
        try:
            return await poster.post(book, asking(award(household), key=key))
        except Problem as problem:
            if problem.code != "storage":
                raise
            said.append(problem.text)
            await asyncio.sleep(0.1)


@pytest.mark.row("AW-11")
async def test_a_server_that_dies_under_load_costs_nobody_an_entry(server: PostgresServer, tmp_path: Path) -> None:
    url, book = await founded(server, tmp_path)
    database = await connect(tmp_path, url)
    poster = Poster(database.engine, lambda: NOW)
    said: list[str] = []
    booked: dict[str, int] = {}
    over = asyncio.Event()

    async def caller(number: int) -> None:
        for turn in itertools.count():
            if over.is_set():
                break
            key = f"{number}-{turn}"
            (booked[key],) = (await until_booked(poster, book, number + 1, key, said)).seqs
            await asyncio.sleep(0.01)

    callers = [asyncio.create_task(caller(number)) for number in range(CALLERS)]
    chance = random.Random(KILLS)  # noqa: S311 - moments to kill at
    for _ in range(KILLS):
        before = dict(booked)
        await asyncio.sleep(chance.uniform(0.05, 0.3))
        await asyncio.to_thread(server.kill)
        before |= booked
        await asyncio.to_thread(server.start)
        with server.address.open("dezhi") as db:
            rows = db.execute("SELECT key, seq FROM txn").fetchall()
        stored = {row["key"]: row["seq"] for row in rows}
        assert len(stored) == len(rows), "every request once"
        assert before.items() <= stored.items(), "what was acknowledged outlives the server"

    await asyncio.to_thread(server.stop)
    with pytest.raises(Problem, match="storage"):
        await database.row("SELECT 1 AS one")
    told = len(said)
    # The poster tries some seconds by itself, the longest where it does not know what became of a commit.
    async with asyncio.timeout(30):
        while len(said) == told:  # noqa: ASYNC110 - the callers are plain and know of no event
            await asyncio.sleep(0.1)
    await asyncio.to_thread(server.start)
    over.set()
    await asyncio.gather(*callers)
    assert sorted(booked.values()) == list(range(1, len(booked) + 1)), "each request once, and nothing else"
    with server.address.open("dezhi") as db:
        check_book(db, book)
    await poster.close()
    await database.close()
    assert (await audited(tmp_path, url)).events == len(booked)


async def test_a_server_that_only_reads_is_told_and_forgotten(server: PostgresServer, tmp_path: Path) -> None:
    url, book = await founded(server, tmp_path)
    with server.address.open() as db:
        db.execute("ALTER ROLE dezhi SET default_transaction_read_only = on")
    database = await connect(tmp_path, url)
    poster = Poster(database.engine, lambda: NOW)
    with pytest.raises(Problem, match="只能看不能存") as refused:
        await poster.post(book, asking(award(), key="a"))
    assert refused.value.code == "storage"
    with server.address.open() as db:
        db.execute("ALTER ROLE dezhi RESET default_transaction_read_only")
        db.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'dezhi'")
    assert (await until_booked(poster, book, 1, "a", [])).seqs == (1,)
    await poster.close()
    await database.close()


def test_two_processes_book_on_one_book(server: PostgresServer, tmp_path: Path) -> None:
    url, book = asyncio.run(founded(server, tmp_path))
    both = [
        subprocess.Popen(
            [sys.executable, "-c", BOOKER, str(tmp_path), url, str(book), name],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for name in ("here", "there")
    ]
    told = [process.communicate(timeout=240)[0].split() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(int(seq) for some in told for seq in some) == list(range(1, 2 * 16 * 40 + 1))
    with server.address.open("dezhi") as db:
        check_book(db, book)
        (found,) = db.execute("SELECT count(*) AS postings FROM posting").fetchall()
    assert found["postings"] == 2 * 16 * 40
