"""The engine that keeps its connections: one writer, readers beside it, and transactions that end with their block."""

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from dezhi.core.errors import Problem
from dezhi.store.engine import ClosedTransaction, KeptEngine


class Notes:
    """An engine over a table of one column."""

    def __init__(self, engine: KeptEngine) -> None:
        self.engine = engine

    async def add(self, text: str) -> None:
        await self.engine.run_ddl(f"INSERT INTO note VALUES ('{text}')")

    async def all(self) -> list[str]:
        return [row["text"] for row in await self.engine.run_ddl("SELECT text FROM note ORDER BY text")]


@pytest.fixture
async def notes(tmp_path: Path) -> AsyncIterator[Notes]:
    engine = KeptEngine(str(tmp_path / "notes.sqlite"))
    await engine.run_ddl("CREATE TABLE note (text TEXT UNIQUE)")
    yield Notes(engine)
    await engine.close()
    assert not engine.writing.locked()


async def test_others_read_the_state_before_while_a_write_is_open(notes: Notes) -> None:
    outside = asyncio.Event()
    answers: asyncio.Queue[list[str]] = asyncio.Queue()

    async def reader() -> None:
        await outside.wait()
        await answers.put(await notes.all())

    task = asyncio.create_task(reader())
    async with notes.engine.transaction():
        await notes.add("a")
        assert await notes.all() == ["a"]
        outside.set()
        assert await asyncio.wait_for(answers.get(), 2) == []
    await task
    assert await notes.all() == ["a"]


async def test_an_error_rolls_back(notes: Notes) -> None:
    async def fail() -> None:
        async with notes.engine.transaction():
            await notes.add("a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await notes.all() == []
    await notes.add("b")
    assert await notes.all() == ["b"]


async def test_a_nested_transaction_is_the_outer_one(notes: Notes) -> None:
    async def fail() -> None:
        async with notes.engine.transaction():
            async with notes.engine.transaction():
                await notes.add("a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await notes.all() == []


async def test_transactions_wait_for_each_other(notes: Notes) -> None:
    async def one(name: str) -> None:
        async with notes.engine.transaction():
            seen = await notes.all()
            await asyncio.sleep(0)
            await notes.add(f"{len(seen)} {name}")

    await asyncio.gather(*(one(name) for name in "abcde"))
    assert [text[0] for text in await notes.all()] == list("01234")


async def test_a_task_that_outlives_its_transaction_writes_nothing(notes: Notes) -> None:
    ended = asyncio.Event()

    async def late() -> None:
        await ended.wait()
        await notes.add("late")

    async def late_in_its_own() -> None:
        await ended.wait()
        async with notes.engine.transaction():
            await notes.add("own")

    async with notes.engine.transaction():
        await notes.add("a")
        tasks = [asyncio.create_task(late()), asyncio.create_task(late_in_its_own())]
    ended.set()
    with pytest.raises(ClosedTransaction):
        await tasks[0]
    await tasks[1]
    assert await notes.all() == ["a", "own"]


async def test_after_a_commit_by_hand_the_block_writes_nothing(notes: Notes) -> None:
    async with notes.engine.transaction() as transaction:
        await notes.add("a")
        await transaction.commit()
        with pytest.raises(ClosedTransaction):
            await notes.add("b")
    async with notes.engine.transaction() as transaction:
        await notes.add("c")
        await transaction.rollback()
    assert await notes.all() == ["a"]


async def test_waiting_for_the_writer_inside_a_transaction_is_refused(notes: Notes) -> None:
    async with notes.engine.transaction():
        with pytest.raises(ClosedTransaction):
            await notes.engine.write(lambda db: db.execute("INSERT INTO note VALUES ('a')"))


@contextlib.asynccontextmanager
async def slow_disk(engine: KeptEngine) -> AsyncIterator[None]:
    """The writer's thread is busy as long as the block lasts: what is asked of it waits in its queue."""
    free = threading.Event()
    busy = asyncio.create_task(engine.writer.run(lambda _: free.wait(10)))
    await asyncio.sleep(0)
    try:
        yield
    finally:
        free.set()
        assert await busy


async def let_others_run() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_cancelled_while_it_begins(notes: Notes) -> None:
    async def begin() -> None:
        async with notes.engine.transaction():
            await notes.add("never")

    async with slow_disk(notes.engine):
        task = asyncio.create_task(begin())
        await let_others_run()
        task.cancel()
        await let_others_run()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with notes.engine.transaction():
        await notes.add("after")
    assert await notes.all() == ["after"]


@pytest.mark.parametrize(("ending", "kept"), [("commit", ["after", "x"]), ("rollback", ["after"])])
async def test_cancelled_while_it_ends(notes: Notes, ending: str, kept: list[str]) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def whole() -> None:
        async with notes.engine.transaction():
            await notes.add("x")
            inside.set()
            await go_on.wait()

    task = asyncio.create_task(whole())
    await inside.wait()
    async with slow_disk(notes.engine):
        if ending == "commit":
            go_on.set()
        else:
            task.cancel()
        await let_others_run()
        task.cancel()
        await let_others_run()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with notes.engine.transaction():
        await notes.add("after")
    assert await notes.all() == kept


async def test_a_write_that_fails_leaves_nothing(notes: Notes) -> None:
    def fail(db: sqlite3.Connection) -> Any:
        db.execute("INSERT INTO note VALUES ('a')")
        db.execute("INSERT INTO note VALUES ('a')")

    with pytest.raises(sqlite3.IntegrityError):
        await notes.engine.write(fail)
    assert await notes.all() == []


async def test_a_commit_that_fails_leaves_nothing_and_frees_the_writer(notes: Notes) -> None:
    """As on a full disk: everything went well until COMMIT, which here finds a promised row missing."""
    await notes.engine.run_ddl("CREATE TABLE child (text TEXT REFERENCES note (text) DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(sqlite3.IntegrityError):
        await notes.engine.write(lambda db: db.execute("INSERT INTO child VALUES ('nobody')"))
    with pytest.raises(sqlite3.IntegrityError):
        async with notes.engine.transaction():
            await notes.engine.run_ddl("INSERT INTO child VALUES ('nobody')")
    assert await notes.engine.run_ddl("SELECT * FROM child") == []
    await notes.add("after")
    assert await notes.all() == ["after"]


async def test_what_sqlite_rolls_back_itself_does_not_go_on_outside(notes: Notes) -> None:
    """After some errors (a full disk) SQLite ends the transaction; the next statement must not be kept alone."""

    async def go_on() -> None:
        async with notes.engine.transaction():
            await notes.add("a")
            with pytest.raises(Problem, match="taken"):
                await notes.engine.run_ddl("INSERT OR ROLLBACK INTO note VALUES ('a')")
            await notes.add("b")

    with pytest.raises(ClosedTransaction):
        await go_on()
    assert await notes.all() == []


async def test_a_reader_cannot_write(notes: Notes) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await notes.engine._readers[0].fetch("INSERT INTO note VALUES ('a')")


async def test_the_log_is_flushed_at_every_commit(notes: Notes) -> None:
    found = await notes.engine.write(
        lambda db: [db.execute(f"PRAGMA {name}").fetchone()[name] for name in ("journal_mode", "synchronous")]
    )
    assert found == ["wal", 2]


async def test_closing_waits_for_what_is_queued_and_may_be_repeated(tmp_path: Path) -> None:
    engine = KeptEngine(str(tmp_path / "notes.sqlite"))
    await engine.run_ddl("CREATE TABLE note (text TEXT)")
    task = asyncio.create_task(engine.write(lambda db: db.execute("INSERT INTO note VALUES ('a')").rowcount))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await engine.close()
    await engine.close()
    assert await task == 1
    assert not (tmp_path / "notes.sqlite-wal").exists()
