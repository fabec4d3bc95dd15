"""The ledger alone on PostgreSQL, without HTTP, beside what PostgreSQL does without us; and the same on a grown ledger.

Everything stands at once and is measured in turn. Ratios are medians of the rounds' own ratios.
"""

import asyncio
import os
import resource
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import msgspec

from bench.awarding import CALLERS, Town, Turn, call, give
from bench.figures import Figure, figure, middle, ratio
from bench.growing import grow
from bench.shapes import Shape
from bench.yardsticks import Pgbench
from dezhi.app import utc_now
from dezhi.cli.collector import keep_what_stands
from dezhi.core.calendar import day, micros
from dezhi.store import accounts, statements as store
from dezhi.store.books import open_book
from dezhi.store.database import Database, connect, upgrade
from dezhi.store.poster import Poster
from servers import OWNER, PostgresServer, postgres

NAMES = (
    "poster-to-tpcb",
    "poster-p99",
    "poster-rate",
    "poster-processor",
    "poster-tpcb",
    "poster-simple-update",
    "pgledger-shape",
    "pgledger-shape-issued",
    "award-cost-grown",
    "statement-p95",
    "passbook-p95",
)
POSTINGS = int(os.environ.get("BENCH_POSTINGS", "500000"))
"""How many postings the grown ledger has. 10,000,000 take some fifteen minutes and 20 GB."""
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
POSTER_SECONDS, GROWN_SECONDS, WARM_SECONDS = 4.0, 3.0, 2.0
TPCB_SECONDS, UPDATE_SECONDS, SHAPE_SECONDS = 4, 3, 3
READS = 300
_FIRST, _SMALL, _GROWN = "ledger_first", "ledger_small", "ledger_grown"
_TICKS = os.sysconf("SC_CLK_TCK")


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """What one turn measured; `processor` is microseconds of it for one award, ours and the server's."""

    tpcb: float
    posted: Turn
    processor: float
    update: float
    spread: float
    issued: float
    small: Turn
    grown: Turn


class Bench(msgspec.Struct, frozen=True):
    """A ledger with its town's first ten thousand awards, or many times as many."""

    database: Database
    poster: Poster
    town: Town
    book: int

    async def turn(self, seconds: float) -> Turn:
        """Some seconds of callers."""
        return await call(self.poster, self.book, self.town, seconds)


def figures() -> Sequence[Figure]:
    """Run all of it."""
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        pgbench = Pgbench(server)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shape = Shape(server, pgbench, folder)
        postings = _prepare(server, folder)
        return asyncio.run(_measure(server, pgbench, shape, folder, postings))


def _prepare(server: PostgresServer, folder: Path) -> int:
    """A ledger to go on with, one of ten thousand postings and one grown from it; how many that one has."""
    server.address.create(_FIRST)
    asyncio.run(_begin(server, folder))
    for name in (_SMALL, _GROWN):
        server.address.create(name, template=_FIRST)
    with server.address.open(_GROWN) as db:
        return grow(db, POSTINGS)


async def _begin(server: PostgresServer, folder: Path) -> None:
    await upgrade(server.address.url(_FIRST, OWNER), server.address.url(_FIRST))
    async with _opened(server, _FIRST, folder) as bench:
        await give(bench.poster, bench.book, bench.town.everybody())
    with server.address.open(_FIRST) as db:
        db.execute("VACUUM ANALYZE")


@asynccontextmanager
async def _opened(server: PostgresServer, name: str, folder: Path) -> AsyncIterator[Bench]:
    database = await connect(folder / name, server.address.url(name))
    poster = Poster(database.engine, utc_now)
    try:
        yield Bench(database, poster, Town(), await open_book(database, region=620))
    finally:
        await poster.close()
        await database.close()


async def _measure(
    server: PostgresServer, pgbench: Pgbench, shape: Shape, folder: Path, postings: int
) -> Sequence[Figure]:
    async with AsyncExitStack() as stack:
        first, small, grown = [
            await stack.enter_async_context(_opened(server, name, folder)) for name in (_FIRST, _SMALL, _GROWN)
        ]
        for bench in (first, small, grown):
            await bench.turn(WARM_SECONDS)
        keep_what_stands()  # as a worker does
        rounds = [await _round(server, pgbench, shape, first, small, grown) for _ in range(ROUNDS)]
        statements, pages = await _reads(grown)
    posted, tpcb = [one.posted.rate for one in rounds], [one.tpcb for one in rounds]
    held = f"{postings / 1e6:g} M postings made for it"
    return [
        figure("poster-to-tpcb", ratio(posted, tpcb), "× TPC-B, no HTTP, one book", ">= 2.5"),
        figure("poster-p99", middle([one.posted.p99_ms for one in rounds]), "ms, 99 of 100 awards", "<= 20"),
        figure("poster-rate", middle(posted), f"awards/s, {CALLERS} callers, PostgreSQL"),
        figure("poster-processor", middle([one.processor for one in rounds]), "µs of processor an award, all"),
        figure("poster-tpcb", middle(tpcb), "transactions/s, pgbench TPC-B"),
        figure("poster-simple-update", middle([one.update for one in rounds]), "transactions/s, pgbench simple-update"),
        figure("pgledger-shape", middle([one.spread for one in rounds]), "transfers/s between random accounts"),
        figure("pgledger-shape-issued", middle([one.issued for one in rounds]), "transfers/s from one account"),
        figure(
            "award-cost-grown",
            ratio([one.small.rate for one in rounds], [one.grown.rate for one in rounds]),
            f"× at 0.01 M, {held}",
            "<= 1.15",
        ),
        figure("statement-p95", _most(statements), f"ms, a household's month, {held}", "<= 100"),
        figure("passbook-p95", _most(pages), f"ms, a passbook's page, {held}", "<= 100"),
    ]


async def _round(
    server: PostgresServer, pgbench: Pgbench, shape: Shape, first: Bench, small: Bench, grown: Bench
) -> Round:
    async def aside(measure: Callable[..., float], *arguments: object) -> float:
        return await asyncio.to_thread(measure, *arguments)

    tpcb = await aside(pgbench.tps, "tpcb-like", TPCB_SECONDS)
    spent = _processor(server)
    posted = await first.turn(POSTER_SECONDS)
    processor = (_processor(server) - spent) / posted.done * 1e6
    return Round(
        tpcb=tpcb,
        posted=posted,
        processor=processor,
        small=await small.turn(GROWN_SECONDS),
        grown=await grown.turn(GROWN_SECONDS),
        update=await aside(pgbench.tps, "simple-update", UPDATE_SECONDS),
        spread=await aside(shape.spread, SHAPE_SECONDS),
        issued=await aside(shape.issued, SHAPE_SECONDS),
    )


async def _reads(bench: Bench) -> tuple[list[float], list[float]]:
    """How many milliseconds each of some households' statements and pages took, one after the other."""
    statements, pages = [], []
    for household in bench.town.households[:READS]:
        began = time.perf_counter()
        await _statement(bench, household)
        between = time.perf_counter()
        lines = await accounts.passbook(bench.database, bench.book, household)
        pages.append((time.perf_counter() - between) * 1_000)
        statements.append((between - began) * 1_000)
        if not lines:
            raise RuntimeError("a household without a line")
    return statements, pages


async def _statement(bench: Bench, household: int) -> None:
    """Ask what the service asks for the statement of a household's last thirty days."""
    database, book = bench.database, bench.book
    until = utc_now().date()
    since = until - timedelta(days=29)
    seq = await store.last_known(database, book, micros(utc_now()))
    held = [one.account for one in await store.accounts_of(database, book, [household])]
    before = await store.balances_on(database, book, held, day(since - timedelta(days=1)), seq)
    after = await store.balances_on(database, book, held, day(until), seq)
    moved = await store.moves(database, book, held, day(since), day(until), seq)
    if sum(after.values()) - sum(before.values()) != sum(move.amount for move in moved):
        raise RuntimeError("a statement that does not add up")


def _most(values: Sequence[float]) -> float:
    """What 95 of 100 are below."""
    return sorted(values)[len(values) * 95 // 100]


def _processor(server: PostgresServer) -> float:
    """Seconds of the processor spent by this process and by the server, its former children included."""
    ours = resource.getrusage(resource.RUSAGE_SELF)
    ticks = sum(_ticks(server.pid, 11, 15))
    for child in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text(encoding="ascii").split():
        ticks += sum(_ticks(int(child), 11, 13))
    return ours.ru_utime + ours.ru_stime + ticks / _TICKS


def _ticks(pid: int, first: int, end: int) -> list[int]:
    """Some of a process's times (proc(5), counted after its name); nothing of one that is gone."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return []
    return [int(value) for value in told.rsplit(")", 1)[1].split()[first:end]]
