"""Racers: processes that all do the same to one book at the same moment, when they are told to.

`racing.py DATA_DIR DATABASE_URL ME` reads lines like `1 spend 3 13` (the book, the race, its number, how many requests)
from standard input, races, and answers with a line of JSON: the code of each request, its numbers, whether it is a
replay.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from booking import NOW, TODAY, asking, award, capture, hold, reverse, void
from dezhi.core.events import Lapse
from dezhi.store.database import connect
from dezhi.store.ledger import Submission
from dezhi.store.poster import Poster
from homes import Home

PRICE: Final = 3
"""What each order of a race to spend costs."""


class Told(NamedTuple):
    """One answer, as a racer tells it."""

    code: str
    seqs: tuple[int, ...]
    replay: bool


def household(number: int) -> int:
    """Whose race it is: each has one of its own."""
    return 1_000 + number


def _same(number: int, me: int, many: int) -> Sequence[Submission]:
    """The same request from everybody."""
    del me
    return [asking(award(household(number)), key=f"same-{number}")] * many


def _spend(number: int, me: int, many: int) -> Sequence[Submission]:
    """Orders of one household, each for itself."""
    orders = [f"order-{number}-{me}-{at}" for at in range(many)]
    return [asking(hold(order, PRICE, household(number)), key=order) for order in orders]


def _reverse(number: int, me: int, many: int) -> Sequence[Submission]:
    """Corrections of one entry, whose number is the race's."""
    return [asking(reverse(number), key=f"reverse-{number}-{me}-{at}") for at in range(many)]


def _settle(number: int, me: int, many: int) -> Sequence[Submission]:
    """Some hand an order over while others give it back."""
    event = (capture if me % 2 else void)(f"settled-{number}")
    return [asking(event, key=f"settle-{number}-{me}-{at}") for at in range(many)]


def _expire(number: int, me: int, many: int) -> Sequence[Submission]:
    """Some, by whose clock it is in time, hand an order over; to the others its time is past."""
    order = f"expiring-{number}"
    event = capture(order) if me % 2 else Lapse(order=order, event_day=TODAY)
    return [asking(event, key=f"expire-{number}-{me}-{at}") for at in range(many)]


def expires_at(number: int) -> datetime:
    """When the order of a race to expire is over: the clocks of half of the racers are before, of the others after."""
    return NOW + number * timedelta(minutes=10)


RACES: Final[dict[str, Callable[[int, int, int], Sequence[Submission]]]] = {
    "same": _same,
    "spend": _spend,
    "reverse": _reverse,
    "settle": _settle,
    "expire": _expire,
}


async def _race(folder: str, url: str, me: int) -> None:
    database = await connect(Path(folder), url)
    now = NOW
    poster = Poster(database.engine, lambda: now)
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        book, name, number, many = line.split()
        submissions = RACES[name](int(number), me, int(many))
        if name == "expire":
            now = expires_at(int(number)) + timedelta(minutes=-1 if me % 2 else 1)
        outcomes = await asyncio.gather(*(poster.post(int(book), one) for one in submissions))
        told = [Told(one.code, one.seqs, one.replay) for one in outcomes]
        print(msgspec.json.encode(told).decode(), flush=True)
    await poster.close()
    await database.close()


class Racers:
    """The processes, waiting for a signal."""

    def __init__(self, processes: Sequence[subprocess.Popen[str]]) -> None:
        self._processes = processes

    def race(self, book: int, name: str, number: int, many: int) -> list[Told]:
        """Have each send `many` requests of a race at once; all answers."""
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write(f"{book} {name} {number} {many}\n")
            process.stdin.flush()
        answers = [process.stdout.readline() for process in self._processes if process.stdout is not None]
        return [one for line in answers for one in msgspec.json.decode(line, type=list[Told])]


@contextmanager
def racers(home: Home, many: int) -> Iterator[Racers]:
    """So many processes on the database of a PostgreSQL home."""
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, __file__, str(home.data_dir), home.database_url, str(me)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                )
            )
            for me in range(many)
        ]
        for process in processes:
            stack.callback(process.kill)
            assert process.stdout is not None
            if process.stdout.readline() != "ready\n":
                raise RuntimeError("a racer did not start")
        yield Racers(processes)
        for process in processes:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(30)


if __name__ == "__main__":
    asyncio.run(_race(sys.argv[1], sys.argv[2], int(sys.argv[3])))
