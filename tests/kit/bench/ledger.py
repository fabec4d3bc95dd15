"""The ledger alone on SQLite, as information: no HTTP, no plugins, every commit on the disk."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Figure, figure, middle
from booking import asking, award
from dezhi.app import utc_now
from dezhi.store.books import open_book
from dezhi.store.database import connect
from dezhi.store.poster import Poster

NAMES = ("ledger-sqlite-128", "ledger-sqlite-bulk")
CALLERS, HOLDERS, BULK = 128, 5_000, 2_000
SECONDS, ROUNDS = 2.0, 3


def figures() -> Sequence[Figure]:
    """Awards a second from 128 callers who each wait for the commit, and from one who sends 2,000 at a time."""
    with tempfile.TemporaryDirectory() as folder:
        one, bulk = asyncio.run(_measure(Path(folder)))
    return [
        figure("ledger-sqlite-128", middle(one), "awards/s, 128 callers, synchronous=FULL", ">= 5000"),
        figure("ledger-sqlite-bulk", middle(bulk), f"awards/s, {BULK} at a time"),
    ]


async def _measure(folder: Path) -> tuple[list[float], list[float]]:
    database = await connect(folder)
    poster = Poster(database.engine, utc_now)
    try:
        book = await open_book(database, region=520)
        one, bulk = [], []
        for _ in range(ROUNDS):
            one.append(await _singly(poster, book))
            bulk.append(await _in_bulk(poster, book))
        return one, bulk
    finally:
        await poster.close()
        await database.close()


async def _singly(poster: Poster, book: int) -> float:
    done = 0
    end = time.perf_counter() + SECONDS

    async def call(number: int) -> None:
        nonlocal done
        while time.perf_counter() < end:
            outcome = await poster.post(book, asking(award(number + done % HOLDERS)))
            if not outcome.booked:
                raise RuntimeError(outcome.code)
            done += 1

    began = time.perf_counter()
    await asyncio.gather(*map(call, range(1, CALLERS + 1)))
    return done / (time.perf_counter() - began)


async def _in_bulk(poster: Poster, book: int) -> float:
    done = 0
    began = time.perf_counter()
    while time.perf_counter() < began + SECONDS:
        outcomes = await poster.post_many(book, [asking(award(number % HOLDERS + 1)) for number in range(BULK)])
        if not all(outcome.booked for outcome in outcomes):
            raise RuntimeError("an award of the bench was refused")
        done += BULK
    return done / (time.perf_counter() - began)
