"""The PostgreSQL engine: transactions one at a time, trouble in words, and a file's order on a server."""

import asyncio
import contextvars
from typing import Any

import asyncpg
import pytest
from piccolo.querystring import QueryString

from booking import NOW, asking, award
from dezhi.core.errors import Problem
from dezhi.store import postgres
from dezhi.store.books import open_book
from dezhi.store.database import Database, connect
from dezhi.store.engine import ClosedTransaction
from dezhi.store.poster import Poster
from dezhi.store.postgres import PooledEngine
from dezhi.store.staff import count_try, keep_setup_token
from dezhi.store.trouble import problem_of
from homes import Home

pytestmark = pytest.mark.postgres

SECRET = "top#secret"


async def tokens(engine: Any) -> list[str]:
    return [row["digest"] for row in await engine.run_ddl("SELECT digest FROM setup_token ORDER BY digest")]


def insert(digest: str) -> QueryString:
    return QueryString("INSERT INTO setup_token (digest, created_at) VALUES ({}, {})", digest, NOW)


async def test_a_transaction_is_kept_or_dropped_whole(database: Database) -> None:
    engine = database.engine
    async with engine.transaction():
        await engine.run_querystring(insert("a"))
        async with engine.transaction():
            await engine.run_querystring(insert("b"))
    assert await tokens(engine) == ["a", "b"]

    async def fail() -> None:
        async with engine.transaction():
            await engine.run_querystring(insert("c"))
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert await tokens(engine) == ["a", "b"]


async def test_a_task_that_outlives_its_transaction_writes_into_no_other(database: Database) -> None:
    engine, ended = database.engine, asyncio.Event()

    async def late() -> None:
        await ended.wait()
        await engine.run_querystring(insert("late"))

    async with engine.transaction():
        task = asyncio.create_task(late())
    ended.set()
    with pytest.raises(ClosedTransaction):
        await task
    async with engine.transaction():
        pass
    assert await tokens(engine) == []


async def test_tasks_inside_a_transaction_take_turns(database: Database) -> None:
    engine = database.engine
    async with engine.transaction():
        await asyncio.gather(*(engine.run_querystring(insert(f"{number:02}")) for number in range(20)))
    assert len(await tokens(engine)) == 20


async def test_who_reads_and_then_writes_finds_nobody_else_doing_so(home: Home, database: Database) -> None:
    """Two processes count tries at once: without one lock for both they would read the same count."""
    other = PooledEngine(home.database_url)
    await other.open()
    elsewhere = Database(other, home.data_dir)
    for one in (database, elsewhere):
        await keep_setup_token(one, f"{id(one):x}", NOW)
    await asyncio.gather(*(count_try((database, elsewhere)[turn % 2], "staff:wang", NOW) for turn in range(4)))
    assert await database.row("SELECT failures FROM login_guard") == {"failures": 4}
    await other.close()


async def test_a_cancelled_transaction_leaves_nothing_and_holds_nobody_up(database: Database) -> None:
    engine, inside = database.engine, asyncio.Event()

    async def slow() -> None:
        async with engine.transaction():
            await engine.run_querystring(insert("a"))
            inside.set()
            await engine.run_ddl("SELECT pg_sleep(60)")

    task = asyncio.create_task(slow())
    await inside.wait()
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with engine.transaction():
        assert await tokens(engine) == []
        await engine.run_querystring(insert("b"))
    assert await tokens(engine) == ["b"]


async def test_waiting_too_long_for_the_register_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "LOCK_MS", 200)
    first, second = await connect(home.data_dir, home.database_url), PooledEngine(home.database_url)
    await second.open()
    async with first.engine.transaction():
        with pytest.raises(Problem, match="太忙") as busy:
            await keep_setup_token(Database(second, home.data_dir), "x", NOW)
    assert (busy.value.code, busy.value.status) == ("storage", 503)
    await keep_setup_token(Database(second, home.data_dir), "x", NOW)
    await second.close()
    await first.close()


async def test_nobody_waits_longer_behind_others_of_the_same_process(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "LOCK_MS", 300)
    database = await home.connect()

    async def write(digest: str) -> None:
        await keep_setup_token(database, digest, NOW)

    async with database.engine.transaction():
        # Tasks with a context of their own: they are other requests.
        others = [asyncio.create_task(write(f"{n}"), context=contextvars.Context()) for n in range(5)]
        found = await asyncio.wait_for(asyncio.gather(*others, return_exceptions=True), 5)
    assert [getattr(one, "code", one) for one in found] == ["storage"] * 5
    await write("x")
    await database.close()


async def test_a_statement_that_never_ends_is_ended(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "STATEMENT_MS", 200)
    database = await home.connect()
    with pytest.raises(Problem, match="太忙"):
        await database.rows("SELECT pg_sleep(60)")
    assert await database.row("SELECT 1 AS one") == {"one": 1}
    await database.close()


async def test_when_all_connections_are_taken_the_next_one_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "CONNECT_SECONDS", 0.3)
    slow = [asyncio.create_task(database.rows("SELECT pg_sleep(2)")) for _ in range(postgres.CONNECTIONS)]
    await asyncio.sleep(0.1)
    with pytest.raises(Problem, match="太忙"):
        await database.row("SELECT 1 AS one")
    assert database.connections[0] == postgres.CONNECTIONS
    await asyncio.gather(*slow)
    assert await database.row("SELECT 1 AS one") == {"one": 1}


async def test_slow_pages_do_not_hold_up_a_booking(database: Database) -> None:
    book = await open_book(database, 520)
    poster = Poster(database.engine, lambda: NOW)
    slow = [asyncio.create_task(database.rows("SELECT pg_sleep(30)")) for _ in range(postgres.CONNECTIONS)]
    await asyncio.sleep(0.1)
    assert (await asyncio.wait_for(poster.post(book, asking(award())), 20)).booked
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    await poster.close()


async def test_a_key_that_is_taken_is_no_fault_of_the_program(database: Database) -> None:
    await keep_setup_token(database, "x", NOW)
    with pytest.raises(Problem) as taken:
        await database.engine.run_querystring(insert("x"))
    assert (taken.value.code, taken.value.status) == ("taken", 409)


async def test_a_fault_of_the_program_stays_one(database: Database) -> None:
    with pytest.raises(asyncpg.UndefinedColumnError):
        await database.rows("SELECT nothing FROM staff")


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (asyncpg.DiskFullError("could not extend file"), "写不进去"),
        (asyncpg.TooManyConnectionsError("sorry"), "太忙"),
        (asyncpg.DeadlockDetectedError("deadlock"), "太忙"),
        (asyncpg.SerializationError("serialize"), "太忙"),
        (asyncpg.CannotConnectNowError("starting up"), "连不上"),
        (asyncpg.ConnectionDoesNotExistError("closed"), "不知道"),
        (TimeoutError(), "不知道"),
        (asyncpg.CheckViolationError("account_check"), None),
        (ValueError("ours"), None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_each_trouble_has_its_words(failure: Exception, words: str | None) -> None:
    problem = problem_of(failure)
    assert (problem is None) == (words is None)
    assert problem is None or (words in problem.say() and problem.status == 503)  # type: ignore[operator]


def test_what_is_known_to_be_undone_is_said_to_be() -> None:
    problem = problem_of(asyncpg.ConnectionDoesNotExistError("closed"), undone=True)
    assert problem is not None
    assert "没有做" in problem.say()


@pytest.mark.parametrize(
    "url", [f"mysql://dezhi:{SECRET}@h/d", f"postgresql://dezhi:{SECRET}@h:port/d", f"dezhi:{SECRET}"]
)
async def test_an_address_that_is_none_is_refused_without_its_password(home: Home, url: str) -> None:
    with pytest.raises(Problem) as refused:
        await connect(home.data_dir, url)
    assert refused.value.code == "bad_database_url"
    assert SECRET not in str(refused.value)


async def test_text_sorts_by_its_code_points_whatever_the_database_says(database: Database) -> None:
    found = await database.rows(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C'"
        " AND table_name <> 'migration'"
    )
    assert found == []


async def test_no_sum_comes_back_as_a_decimal(database: Database) -> None:
    """One number column that is not whole would make its readers' figures Decimals."""
    found = await database.rows(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type IN ('numeric', 'real', 'double precision')"
    )
    assert found == []


async def test_a_database_that_grew_is_counted_by_the_role_that_serves(database: Database) -> None:
    for number in range(600):
        await database.rows("INSERT INTO setup_token (digest, created_at) VALUES ({}, {})", f"t{number}", NOW)
    counted = "SELECT reltuples FROM pg_class WHERE relname = 'setup_token'"
    await database.grown(499)
    assert (await database.rows(counted))[0]["reltuples"] < 600
    await database.grown(600)
    assert (await database.rows(counted))[0]["reltuples"] == 600
