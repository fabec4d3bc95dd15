"""The process is killed under load: what was acknowledged is on disk, once, and the book is whole."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from auditing import audited
from booking import NOW, asking, award, capture, check_book, hold
from dezhi.store.poster import Poster
from homes import Home

ROUNDS = 20
ACKNOWLEDGED_BEFORE_KILL = 90
"""At most; how many, and the moment after the last of them, are drawn for each round."""

# Books without end, from many callers, and writes down each key only after its answer. The keys go on where the
# round before was killed: half of them are sent again.
WRITER = """
import asyncio, pathlib, sys
from booking import NOW, asking, award, capture, hold
from dezhi.store.books import open_book
from dezhi.store.database import connect
from dezhi.store.poster import Poster

async def caller(poster, book, number, start):
    for turn in range(start, 10_000):
        key = f"{number}-{turn}"
        events = (award(number + 1), hold(key, 2, number + 1), capture(key))
        outcome = await poster.post(book, asking(*events, key=key))
        sys.stdout.write(f"{key} {outcome.seqs[0]}\\n")
        sys.stdout.flush()

async def main():
    database = await connect(pathlib.Path(sys.argv[1]), sys.argv[3])
    book = await open_book(database, 520)
    poster = Poster(database.engine, lambda: NOW)
    await asyncio.gather(*(caller(poster, book, number, int(sys.argv[2])) for number in range(16)))

asyncio.run(main())
"""


def run_and_kill(home: Home, start: int, chance: random.Random) -> dict[str, int]:
    """Run the writer until it has acknowledged enough, kill it, and return what it acknowledged."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(home.data_dir), str(start), home.database_url],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert writer.stdout is not None
    with writer.stdout as output:
        try:
            lines = [output.readline() for _ in range(chance.randint(1, ACKNOWLEDGED_BEFORE_KILL))]
            time.sleep(chance.uniform(0, 0.02))
        finally:
            writer.send_signal(signal.SIGKILL)
            writer.wait()
        lines += output.readlines()
    # The kill may cut the last line short.
    return {key: int(seq) for key, seq in (line.split() for line in lines if line.endswith("\n"))}


def stored(home: Home) -> dict[str, int]:
    """The keys that are stored with their first number, after recomputing the book."""
    with home.look() as db:
        if not home.database_url:
            assert home.rows("PRAGMA integrity_check") == [("ok",)]
        check_book(db, 1)
    found = home.rows("SELECT key, seq FROM txn WHERE kind = 1")
    assert len(dict(found)) == len(found), "every request once"
    return dict(found)


@pytest.mark.row("AW-11")
@pytest.mark.row("LE-01")
async def test_what_was_acknowledged_is_stored_once(home: Home) -> None:
    acknowledged: dict[str, int] = {}
    chance = random.Random(ROUNDS)  # noqa: S311 - moments to kill at
    for round_ in range(ROUNDS):
        answers = run_and_kill(home, round_ * 2, chance)
        assert acknowledged.items() & answers.items() == {
            (key, seq) for key, seq in acknowledged.items() if key in answers
        }, "the same key has the same answer as before the crash"
        acknowledged |= answers
        on_disk = stored(home)
        assert acknowledged.items() <= on_disk.items()

    # A caller who never got his answer sends the same again.
    database = await home.connect()
    poster = Poster(database.engine, lambda: NOW)
    key = max(on_disk, key=lambda one: on_disk[one])
    number = int(key.split("-")[0])
    again = await poster.post(1, asking(award(number + 1), hold(key, 2, number + 1), capture(key), key=key))
    await database.close()
    assert (again.replay, again.seqs[0]) == (True, on_disk[key])
    assert stored(home) == on_disk
    assert (await audited(home.data_dir, home.database_url)).events > 0
