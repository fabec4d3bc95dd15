"""Deeds in bulk: a thousand a request over HTTP beside pgbench, and a file of them beside COPY of what they become.

`BENCH_IMPORT_LINES` says how many lines the file has; a million takes some minutes.
"""

import http.client
import io
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec
import psycopg

from bench.doors import DATABASE, WORKERS, served
from bench.figures import Figure, figure, middle, ratio
from bench.town import ITEMS, YINGER, Town
from bench.yardsticks import Pgbench
from booking import check_book
from running import SOURCES
from servers import OWNER, PostgresServer, postgres

NAMES = ("bulk-to-tpcb", "bulk-rate", "import-to-copy", "import-rate", "import-memory", "bulk-recount")
LINES: Final = 1_000
SENDERS: Final = int(os.environ.get("BENCH_BULK_SENDERS", "4"))
WARM_SECONDS, SECONDS, TPCB_SECONDS = 3.0, 5.0, 5
ROUNDS: Final = int(os.environ.get("BENCH_ROUNDS", "3"))
IMPORTED: Final = int(os.environ.get("BENCH_IMPORT_LINES", "50000"))
BACK_DAYS: Final = 900
"""Days are drawn from so many, so that no household meets the limit of a month."""
TABLES: Final = ("request", "txn", "posting")

_loads = count(1)


def figures() -> Sequence[Figure]:
    """Run all of it."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pgbench = Pgbench(server)
        chance = random.Random(8)  # noqa: S311 - which household is next is no secret
        with served(server, folder) as (running, town):
            port = urlsplit(running.url).port or 0
            _bulk(town, port, chance, WARM_SECONDS)
            with server.address.open(DATABASE) as db:
                db.execute("ANALYZE")  # as autovacuum does a minute later: plans of empty tables are no plans
            rounds = [
                (_bulk(town, port, chance, SECONDS), pgbench.tps("tpcb-like", TPCB_SECONDS)) for _ in range(ROUNDS)
            ]
        rates, tps = [rate for rate, _ in rounds], [tps for _, tps in rounds]
        took, memory = _import(server, folder, town, chance)
        copied = _copy(server, town)
        wrong = _recount(server, town)
    return [
        figure("bulk-to-tpcb", ratio(rates, tps), f"× TPC-B, {LINES} a request", ">= 3"),
        figure("bulk-rate", middle(rates), f"awards/s over HTTP, {LINES} a request, {WORKERS} workers"),
        figure("import-to-copy", copied / took, f"× COPY of its rows, {IMPORTED:,} deeds", ">= 0.1"),
        figure("import-rate", IMPORTED / took, f"deeds/s from a file of {IMPORTED:,}"),
        figure("import-memory", memory, f"MB at most, {IMPORTED:,} deeds"),
        figure("bulk-recount", wrong, "requests that are not in the book once", "<= 0"),
    ]


def _deed(town: Town, chance: random.Random) -> tuple[int, str, str]:
    """A random household, item and day."""
    on = town.today - timedelta(days=chance.randrange(BACK_DAYS))
    return chance.choice(town.households), f"{YINGER}/{chance.choice(ITEMS)}", on.isoformat()


def _load(town: Town, chance: random.Random) -> bytes:
    return b"\n".join(
        msgspec.json.encode({"household": str(household), "item": item, "on": on})
        for household, item, on in (_deed(town, chance) for _ in range(LINES))
    )


def _bulk(town: Town, port: int, chance: random.Random, seconds: float) -> float:
    """Send loads over `SENDERS` connections until time is up; awards a second. Raises unless all were booked."""
    ready = [_load(town, chance) for _ in range(8)]
    headers = {"Authorization": f"Bearer {town.token}", "Content-Type": "application/x-ndjson"}
    end = time.perf_counter() + seconds

    def send(_: int) -> int:
        booked, line = 0, http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while time.perf_counter() < end:
            number = next(_loads)
            given = {**headers, "Idempotency-Key": f"load-{number}"}
            line.request("POST", "/api/v1/bulk", ready[number % len(ready)], given)
            answer = line.getresponse().read()
            if answer.count(b'"status":201') != LINES:
                raise RuntimeError(answer[:2000])
            booked += LINES
        line.close()
        return booked

    began = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as senders:
        booked = sum(senders.map(send, range(SENDERS)))
    return booked / (time.perf_counter() - began)


def _import(server: PostgresServer, folder: Path, town: Town, chance: random.Random) -> tuple[float, float]:
    """Seconds to import a file, and the most memory it took, in MB."""
    file = folder / "deeds.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write("household,item,day\n")
        for _ in range(IMPORTED):
            out.write(",".join(map(str, _deed(town, chance))) + "\n")
    url = server.address.url(DATABASE)
    environment = {"DEZHI_DATABASE_URL": url, "DEZHI_DATA_DIR": str(folder / "data"), "PYTHONPATH": SOURCES}
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "dezhi", "import", str(file), "--as", "bench"],
        env={**os.environ, **environment},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    took = time.perf_counter() - began
    return took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _copy(server: PostgresServer, town: Town) -> float:
    """Seconds that COPY takes to put what the import wrote into empty tables with the same keys and indexes."""
    with psycopg.connect(server.address.url(DATABASE, OWNER), autocommit=True) as db:
        pieces = {table: list(_rows(db, town, table)) for table in TABLES}
        for table in TABLES:
            db.execute(f"CREATE TABLE copied_{table} (LIKE {table} INCLUDING ALL)")
        began = time.perf_counter()
        for table, rows in pieces.items():
            with db.cursor().copy(f"COPY copied_{table} FROM STDIN (FORMAT binary)") as copy:
                for piece in rows:
                    copy.write(piece)
        return time.perf_counter() - began


def _rows(db: psycopg.Connection, town: Town, table: str) -> Iterator[bytes]:
    """The rows of the import, in pieces: they are the last of their book."""
    key = "key" if table == "request" else "seq"
    where = "length(key) > 32" if table == "request" else f"seq > (SELECT max(seq) FROM txn) - {IMPORTED}"
    sql = (
        f"COPY (SELECT * FROM {table} WHERE book_id = {town.book} AND {where} ORDER BY {key}) TO STDOUT (FORMAT binary)"
    )
    with db.cursor().copy(sql) as copy:
        pieces = io.BytesIO()
        for piece in copy:
            pieces.write(piece)
            if pieces.tell() > 1 << 16:
                yield pieces.getvalue()
                pieces = io.BytesIO()
        yield pieces.getvalue()


def _recount(server: PostgresServer, town: Town) -> int:
    """Recompute the book as an audit would, and say how many requests have not exactly one entry."""
    with server.address.open(DATABASE) as db:
        check_book(db, town.book)
        (row,) = db.execute("SELECT (SELECT count(*) FROM request) - (SELECT count(*) FROM txn) AS n").fetchall()
    return abs(int(row["n"]))
