"""Changing a ledger behind everybody's back, and what the audit then says of it. Nothing is kept of a change."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from typing import Any

import asyncpg

from dezhi.core.comparing import COLUMNS, KEYS
from dezhi.core.faults import Audited, Fault
from dezhi.store import aside, audit
from dezhi.store.database import FILE
from dezhi.store.snapshots import PostgresSnapshot, Snapshot, SqliteSnapshot
from homes import Home

Run = Callable[..., Any]


def quiet(done: int, total: int) -> None:
    """Show no progress, but see that it makes sense."""
    if not 0 <= done <= total:
        raise AssertionError(f"{done} of {total}")


class Vandal:
    """Somebody with the owner's rights on the database, in a transaction without guards or checks."""

    def __init__(self, snapshot: Snapshot, run: Callable[..., Any]) -> None:
        self.snapshot = snapshot
        self._run = run

    async def run(self, sql: str, *values: Any) -> Sequence[Sequence[Any]]:
        """Run a statement, with `?` for each value; return its rows."""
        found: Sequence[Sequence[Any]] = await self._run(sql, values)
        return found

    async def rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of an audited table, in the order of its key."""
        columns, key = COLUMNS[table], ", ".join(KEYS[table])
        found = await self.run(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {key}")
        return [dict(zip(columns, row, strict=True)) for row in found]

    async def set(self, table: str, row: dict[str, Any], **values: Any) -> None:
        """Change columns of one row."""
        key = KEYS[table]
        sets, where = ", ".join(f"{name} = ?" for name in values), " AND ".join(f"{name} = ?" for name in key)
        await self.run(f"UPDATE {table} SET {sets} WHERE {where}", *values.values(), *[row[name] for name in key])

    async def delete(self, table: str, row: dict[str, Any]) -> None:
        """Take one row away."""
        where = " AND ".join(f"{name} = ?" for name in KEYS[table])
        await self.run(f"DELETE FROM {table} WHERE {where}", *[row[name] for name in KEYS[table]])

    async def insert(self, table: str, row: dict[str, Any]) -> None:
        """Add a row."""
        marks = ", ".join("?" * len(row))
        await self.run(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", *row.values())

    async def audit(self) -> Audited:
        """What the audit says of it as it is now."""
        with aside.nowhere() as kept:
            return await audit.of_snapshot(self.snapshot, kept, quiet)


@asynccontextmanager
async def vandal(home: Home) -> AsyncIterator[Vandal]:
    """Be in a home's database within the block; in the end everything is as before."""
    if home.database_url:
        db = await asyncpg.connect(home.migrate_url)
        deed = db.transaction()
        await deed.start()
        try:
            yield await _on_postgres(db)
        finally:
            await deed.rollback()
            await db.close()
        return
    with closing(sqlite3.connect(home.data_dir / FILE, isolation_level=None, check_same_thread=False)) as file:
        file.execute("PRAGMA ignore_check_constraints = ON")
        file.execute("BEGIN")
        for (name,) in file.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            file.execute(f"DROP TRIGGER {name}")

        async def run(sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
            return file.execute(sql, values).fetchall()

        yield Vandal(SqliteSnapshot(file), run)
        file.execute("ROLLBACK")


async def _on_postgres(db: asyncpg.Connection) -> Vandal:
    for table in COLUMNS:
        await db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        checks = await db.fetch(
            "SELECT conname FROM pg_constraint WHERE conrelid = to_regclass($1) AND contype = 'c'", table
        )
        for check in checks:
            await db.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{check["conname"]}"')

    async def run(sql: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        text = sql.replace("?", "${}").format(*range(1, len(values) + 1))
        return [tuple(row) for row in await db.fetch(text, *values)]

    return Vandal(PostgresSnapshot(db), run)


def other(value: Any) -> Any:
    """A value that differs in one byte, in one character, or by a number no test uses."""
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:] if value else b"\x00"
    return f"{value}x" if isinstance(value, str) else (value or 0) + 1_000


def names(fault: Fault, table: str, *rows: dict[str, Any]) -> bool:
    """Whether a fault is about one of these rows of a table."""
    return fault.table == table and any(
        all(row.get(name) == value for name, value in fault.key.items()) for row in rows
    )
