"""Filling an empty place with the rows of a backup: all of them are there in the end, or nothing is.

A SQLite file is built aside and then named; a PostgreSQL is filled in one transaction. The tables are made by the very
migrations that had made them where the backup was taken; then those that came since run over the rows.
"""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Final, Protocol

import asyncpg

from dezhi.core.backups import Table
from dezhi.core.errors import Problem
from dezhi.core.faults import Audited
from dezhi.core.text import N_, Text, phrase
from dezhi.store import archive, aside, audit, conf, grants, migrations, snapshots
from dezhi.store.archive import Row
from dezhi.store.database import FILE, bind
from dezhi.store.engine import KeptEngine
from dezhi.store.lock import DataLock
from dezhi.store.postgres import PooledEngine, PooledTransaction

ASIDE: Final = f"{FILE}.restoring"


class Refill(Protocol):
    """An empty place on its way to be a database."""

    async def migrate(self, only: Collection[str] | None = None) -> None:
        """Run the migrations of these ids; without ids, all that have not run."""

    async def tables(self) -> Sequence[Table]:
        """The tables as they are now, in an order in which they can be filled."""

    async def load(self, table: Table, rows: Iterable[list[Row]]) -> None:
        """Put rows into an empty table."""

    async def flaws(self) -> Sequence[str]:
        """Tables with a row that names a row which is not there."""

    async def audit(self, progress: audit.Progress) -> Audited:
        """Derive the books that are there now from their events; leave the planner with figures of what is there."""


class FileRefill:
    """A SQLite file that nobody else knows of yet."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def migrate(self, only: Collection[str] | None = None) -> None:
        engine = KeptEngine(str(self._path))
        bind(engine)
        try:
            await migrations.migrate(engine, only)
        finally:
            await engine.close()
            conf.DB = None

    async def tables(self) -> Sequence[Table]:
        async with snapshots.of_file(self._path) as snapshot:
            return await snapshot.tables()

    async def load(self, table: Table, rows: Iterable[list[Row]]) -> None:
        await asyncio.to_thread(self._load, table, rows)

    def _load(self, table: Table, rows: Iterable[list[Row]]) -> None:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        marks = ", ".join("?" * len(table.columns))
        with closing(sqlite3.connect(self._path, isolation_level=None)) as db:
            # Safe here alone: until the file has its name, losing it loses nothing. What is named is synced before.
            db.execute("PRAGMA synchronous = OFF")
            db.execute("BEGIN")
            try:
                for some in rows:
                    db.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', some)
            except sqlite3.IntegrityError as broken:
                raise archive.damaged(table.name) from broken
            db.execute("COMMIT")

    async def flaws(self) -> Sequence[str]:
        with closing(sqlite3.connect(self._path)) as db:
            return sorted({row[0] for row in db.execute("PRAGMA foreign_key_check")})

    async def audit(self, progress: audit.Progress) -> Audited:
        async with snapshots.of_file(self._path) as snapshot:
            with aside.nowhere() as kept:
                return await audit.of_snapshot(snapshot, kept, progress)


@asynccontextmanager
async def new_file(data_dir: Path) -> AsyncIterator[Refill]:
    """Fill a data directory without a database within the block.

    Raises `Problem` (`in_use` while a server runs there, `restore-not-empty`), `OSError` when it cannot be written.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = DataLock(data_dir)
    path = data_dir / ASIDE
    try:
        if (data_dir / FILE).exists():
            raise not_empty(str(data_dir))
        _clear(path)
        with snapshots.said(sqlite3.Error):
            yield FileRefill(path)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        archive.put_in_place(path, data_dir / FILE)
    finally:
        _clear(path)
        lock.release()


def _clear(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + end).unlink(missing_ok=True)


class ServerRefill:
    """A PostgreSQL inside one transaction of the tables' owner."""

    def __init__(self, engine: PooledEngine, transaction: PooledTransaction) -> None:
        self._engine = engine
        self._transaction = transaction

    async def migrate(self, only: Collection[str] | None = None) -> None:
        await migrations.migrate(self._engine, only)

    async def tables(self) -> Sequence[Table]:
        found = {table.name: table for table in await snapshots.PostgresSnapshot(self._transaction.raw).tables()}
        return [found[name] for name in _referred_first(await self._references(), list(found))]

    async def _references(self) -> Sequence[tuple[str, str]]:
        rows = await self._engine.run_ddl(
            "SELECT c.relname AS name, r.relname AS needs FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
            " JOIN pg_class r ON r.oid = k.confrelid WHERE k.contype = 'f' AND c.oid <> r.oid"
            " AND k.connamespace = current_schema()::regnamespace"
        )
        return [(row["name"], row["needs"]) for row in rows]

    async def load(self, table: Table, rows: Iterable[list[Row]]) -> None:
        names = [column.name for column in table.columns]
        # One COPY for the whole table: a row may point to a later one of the same table.
        with snapshots.said(asyncpg.PostgresError, asyncpg.InterfaceError):
            try:
                await self._transaction.raw.copy_records_to_table(
                    table.name, columns=names, records=(row for some in rows for row in some)
                )
            except (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError) as broken:
                raise archive.damaged(table.name) from broken

    async def flaws(self) -> Sequence[str]:
        return []  # the server checks every reference itself

    async def audit(self, progress: audit.Progress) -> Audited:
        # Without statistics a balance is read four times as slowly, until the server has some by itself.
        await self._engine.run_ddl("ANALYZE")
        with aside.nowhere() as kept:
            return await audit.of_snapshot(snapshots.PostgresSnapshot(self._transaction.raw), kept, progress)


def _referred_first(references: Sequence[tuple[str, str]], names: Sequence[str]) -> list[str]:
    """The tables, each after those it points to."""
    done: list[str] = []
    while left := [name for name in names if name not in done]:
        ready = [name for name in left if all(needs in done for one, needs in references if one == name)]
        if not ready:
            raise ValueError(f"tables that point to each other: {left}")
        done += ready
    return done


@asynccontextmanager
async def empty_server(migrate_url: str, database_url: str, wanted: Collection[str]) -> AsyncIterator[Refill]:
    """Fill a PostgreSQL that has none of the `wanted` tables, as the role of `migrate_url`, within the block.

    In the end the user of `database_url` may work on them. Raises `Problem` (`storage`, `restore-not-empty`).
    """
    engine = PooledEngine(migrate_url, patient=True)
    bind(engine)
    try:
        await engine.open()
        async with engine.transaction() as transaction:
            snapshot = snapshots.PostgresSnapshot(transaction.raw)
            if await snapshot.migrations() or {table.name for table in await snapshot.tables()} & set(wanted):
                raise not_empty(phrase(N_("数据库")))
            yield ServerRefill(engine, transaction)
            await grants.give(engine, database_url)
    finally:
        await engine.close()
        conf.DB = None


def not_empty(place: Text) -> Problem:
    """What to raise where a restore would mix with data that is already there."""
    return Problem(
        "restore-not-empty",
        N_("%(place)s 里已经有德治的数据，没有恢复，什么都没有动。请换一个空的数据目录或空的数据库。"),
        status=409,
        place=place,
    )
