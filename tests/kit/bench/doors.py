"""Awards and balances over HTTP, beside pgbench on the same PostgreSQL and an empty handler on the same granian.

Everything stands at once and is measured in turn: A B A B. A figure is the median of the rounds' ratios.
"""

import asyncio
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from bench.driving import Load, drive, request
from bench.figures import Figure, figure, middle, ratio
from bench.town import ITEMS, YINGER, Town, settle
from bench.yardsticks import Pgbench, empty_handler
from booking import check_book
from dezhi.settings import Settings
from running import SOURCES, Running, dezhi
from servers import OWNER, PostgresServer, postgres

NAMES = (
    "awards-to-tpcb",
    "awards-recount",
    "balances-to-empty",
    "awards-rate",
    "awards-p99",
    "balances-rate",
    "tpcb",
    "simple-update",
    "empty-handler",
    "bare-granian",
    "sender-ceiling",
)
WORKERS = int(os.environ.get("BENCH_WORKERS", "2"))
DATABASE = "bench"
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
WARM_SECONDS = 3.0
TPCB_SECONDS, AWARD_SECONDS, UPDATE_SECONDS, EMPTY_SECONDS, READ_SECONDS = 5, 6.0, 3, 2.0, 3.0
AWARDS_A_SECOND = 8_000
"""More than will be answered: so many requests are prepared for each second."""

_rounds = count(1)


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """What one turn measured."""

    tpcb: float
    awards: Load
    update: float
    empty: Load
    bare: Load
    balances: Load


def figures() -> Sequence[Figure]:
    """Run all of it."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        pgbench = Pgbench(server)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        running, town = stack.enter_context(served(server, folder))
        empty = stack.enter_context(empty_handler(WORKERS, "litestar"))
        bare = stack.enter_context(empty_handler(WORKERS, "bare"))
        port = urlsplit(running.url).port or 0
        chance = random.Random(8)  # noqa: S311 - which household is next is no secret
        reads = _reads(town, chance)
        booked = _awards(town, port, chance, WARM_SECONDS).good
        drive(port, reads, WARM_SECONDS)
        rounds = []
        for _ in range(ROUNDS):
            rounds.append(
                Round(
                    tpcb=pgbench.tps("tpcb-like", TPCB_SECONDS),
                    awards=_awards(town, port, chance, AWARD_SECONDS),
                    update=pgbench.tps("simple-update", UPDATE_SECONDS),
                    empty=drive(empty, [request("GET", "/")], EMPTY_SECONDS),
                    balances=_all_good(drive(port, reads, READ_SECONDS)),
                    bare=drive(bare, [request("GET", "/")], EMPTY_SECONDS),
                )
            )
            booked += rounds[-1].awards.good
        wrong = _recount(server, town, booked)
    return _told(rounds, wrong)


def _told(rounds: Sequence[Round], wrong: int) -> Sequence[Figure]:
    awards, tpcb = [one.awards.rate for one in rounds], [one.tpcb for one in rounds]
    reads, empty = [one.balances.rate for one in rounds], [one.empty.rate for one in rounds]
    return [
        figure("awards-to-tpcb", ratio(awards, tpcb), "× TPC-B", ">= 0.7"),
        figure("awards-recount", wrong, "entries off after the run", "<= 0"),
        figure("balances-to-empty", ratio(reads, empty), "× empty handler", ">= 0.3"),
        figure("awards-rate", middle(awards), f"awards/s over HTTP, one a request, {WORKERS} workers"),
        figure("awards-p99", middle([one.awards.p99_ms for one in rounds]), "ms, 99 of 100 awards"),
        figure("balances-rate", middle(reads), "balance reads/s over HTTP"),
        figure("tpcb", middle(tpcb), "transactions/s, pgbench TPC-B"),
        figure("simple-update", middle([one.update for one in rounds]), "transactions/s, pgbench simple-update"),
        figure("empty-handler", middle(empty), "requests/s, empty Litestar handler"),
        figure("bare-granian", middle([one.bare.rate for one in rounds]), "requests/s, no framework"),
        figure("sender-ceiling", middle([one.empty.ceiling for one in rounds]), "requests/s the sender could send"),
    ]


@contextmanager
def served(server: PostgresServer, folder: Path) -> Iterator[tuple[Running, Town]]:
    """Dezhi on the same PostgreSQL, with a town in it."""
    server.address.create(DATABASE)
    url, owner = server.address.url(DATABASE), server.address.url(DATABASE, OWNER)
    # One token sends all of it, which its limit is there to stop.
    environment = {"DEZHI_DATABASE_URL": url, "DEZHI_DATA_DIR": str(folder / "data"), "DEZHI_API_RATE": "0"}
    (folder / "data").mkdir()
    subprocess.run(
        [sys.executable, "-m", "dezhi", "migrate"],
        env={**os.environ, **environment, "PYTHONPATH": SOURCES, "DEZHI_MIGRATE_URL": owner},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    town = asyncio.run(settle(Settings(data_dir=folder / "data", database_url=url)))
    with server.address.open(DATABASE) as db:
        db.execute("VACUUM ANALYZE")  # as pgbench does with its own tables; autovacuum comes a minute later
    with dezhi("serve", folder / "data", **environment, DEZHI_WORKERS=str(WORKERS)) as running:
        yield running, town


def _awards(town: Town, port: int, chance: random.Random, seconds: float) -> Load:
    """Award to random households, each request under a key of its own."""
    this = next(_rounds)
    requests = []
    for number in range(int(seconds * AWARDS_A_SECOND)):
        asked = {
            "household": str(chance.choice(town.households)),
            "item": f"{YINGER}/{chance.choice(ITEMS)}",
            "on": town.today.isoformat(),
        }
        given = {"Authorization": f"Bearer {town.token}", "Idempotency-Key": f"bench-{this}-{number}"}
        requests.append(request("POST", "/api/v1/awards", msgspec.json.encode(asked), given))
    return _all_good(drive(port, requests, seconds, once=True))


def _reads(town: Town, chance: random.Random) -> list[bytes]:
    """Ask for random households' balances."""
    token = {"Authorization": f"Bearer {town.token}"}
    chosen = chance.sample(list(town.households), 5_000)
    return [request("GET", f"/api/v1/households/{one}/balances", headers=token) for one in chosen]


def _all_good(load: Load) -> Load:
    if load.good != load.answers:
        raise RuntimeError(f"not every answer was good: {load.statuses}\n{load.strange}")
    return load


def _recount(server: PostgresServer, town: Town, booked: int) -> int:
    """Recompute the book as an audit would, and say by how many its entries differ from the good answers.

    Raises AssertionError where what is stored contradicts itself.
    """
    with server.address.open(DATABASE) as db:
        check_book(db, town.book)
        (row,) = db.execute("SELECT count(*) AS number FROM txn WHERE book_id = %s", [town.book]).fetchall()
    return abs(int(row["number"]) - booked)
