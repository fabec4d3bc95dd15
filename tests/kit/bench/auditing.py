"""How long the audit takes: a process of its own beside PostgreSQL, as at night, over awards the poster booked."""

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from bench.awarding import HOUSEHOLDS, Town, give
from bench.figures import Figure, figure, middle
from dezhi.app import utc_now
from dezhi.core.faults import Audited
from dezhi.store.books import open_book
from dezhi.store.database import connect, upgrade
from dezhi.store.poster import Poster
from servers import OWNER, PostgresServer, postgres

NAMES = ("audit", "audit-processor")

POSTINGS = int(os.environ.get("BENCH_AUDIT", "100000"))
"""How many postings are audited. 2,000,000 of them take some ten minutes to be booked first."""

GOAL: Final = 2_000_000
ROUNDS: Final = 3
_NAME: Final = "ledger_audited"


def figures() -> Sequence[Figure]:
    """Audit an empty book, which tells what starting takes; book, then audit some times over."""
    with postgres() as server, tempfile.TemporaryDirectory() as folder:
        server.address.create(_NAME)
        asyncio.run(_book(server, Path(folder), 0))
        start = [_audit(server, Path(folder), 0) for _ in range(ROUNDS)]
        asyncio.run(_book(server, Path(folder), POSTINGS))
        with server.address.open(_NAME) as db:
            db.execute("VACUUM ANALYZE")
        turns = [_audit(server, Path(folder), POSTINGS) for _ in range(ROUNDS)]
    seconds, used = (middle([one[at] for one in turns]) - middle([one[at] for one in start]) for at in (0, 1))
    times = GOAL / POSTINGS
    how = "s for 2 M postings" if times == 1 else f"s for 2 M postings, reckoned from {POSTINGS:,}"
    return [
        figure("audit", middle([one[0] for one in start]) + seconds * times, how, "<= 120"),
        figure("audit-processor", used / POSTINGS * 1e6, "us of ours a posting"),
    ]


async def _book(server: PostgresServer, folder: Path, postings: int) -> None:
    await upgrade(server.address.url(_NAME, OWNER), server.address.url(_NAME))
    database = await connect(folder, server.address.url(_NAME))
    poster = Poster(database.engine, utc_now)
    town = Town()
    try:
        book = await open_book(database, region=620)
        for first in range(0, postings, HOUSEHOLDS):
            await give(poster, book, town.everybody()[: postings - first])
    finally:
        await poster.close()
        await database.close()


def _audit(server: PostgresServer, folder: Path, postings: int) -> tuple[float, float]:
    """Seconds it took, and seconds of the processor that our side of it used."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "dezhi", "audit", "--json", "--data-dir", str(folder)],
        env={**os.environ, "DEZHI_DATABASE_URL": server.address.url(_NAME)},
        capture_output=True,
        check=True,
    )
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    found = msgspec.json.decode(done.stdout, type=Audited)
    if found.postings != postings:
        raise RuntimeError(f"{found.postings} postings were audited")
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
