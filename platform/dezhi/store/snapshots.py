"""Reading a whole database as it was at one moment, beside whoever uses it, without holding anybody up.

On SQLite a connection of its own, which needs no lock of the data directory; on PostgreSQL a read-only transaction that
sees one moment. Tables are found by asking the database, so that none is forgotten.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from dezhi.core.backups import Column, Kind, Table
from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.store.archive import Row
from dezhi.store.postgres import CONNECT_SECONDS, check_address
from dezhi.store.trouble import explained, problem_of

CHUNK: Final = 2_000
"""Rows read at a time."""

MIGRATIONS: Final = "migration"
"""Piccolo's own table. A restored database gets its rows by running the migrations."""

_KINDS: Final = {
    "INTEGER": Kind.INT,
    "BIGINT": Kind.INT,
    "SMALLINT": Kind.INT,
    "TEXT": Kind.TEXT,
    "VARCHAR": Kind.TEXT,
    "CHARACTER VARYING": Kind.TEXT,
    "BLOB": Kind.BYTES,
    "BYTEA": Kind.BYTES,
    "BOOLEAN": Kind.BOOL,
    "DATE": Kind.DATE,
    "TIMESTAMPTZ": Kind.MOMENT,
    "TIMESTAMP WITH TIME ZONE": Kind.MOMENT,
    "JSON": Kind.JSON,
    "JSONB": Kind.JSON,
}


@contextmanager
def said(*errors: type[Exception]) -> Iterator[None]:
    """Tell these errors of a driver in words, and no others: the disk a backup is written to is not the database's."""
    try:
        yield
    except errors as failure:
        problem = problem_of(failure, undone=True)
        if problem is None:
            raise
        raise problem from failure


class Snapshot(Protocol):
    """A database at one moment."""

    kind: str
    """`sqlite` or `postgresql`."""

    async def migrations(self) -> Sequence[str]:
        """The ids of the migrations that have run, in their order; empty for a database that is none of Dezhi's."""

    async def tables(self) -> Sequence[Table]:
        """Every table but Piccolo's own, by name."""

    async def count(self, table: str) -> int:
        """How many rows a table has."""

    async def ask(self, sql: str) -> Sequence[Mapping[str, Any]]:
        """The rows of any one question."""

    def rows(self, table: Table, where: str = "") -> AsyncGenerator[list[Row], None]:
        """A table's rows in the order of its key, some at a time; only those `where`, in SQL without arguments."""


def kind_of(table: str, column: str, declared: str) -> Kind:
    """What a column holds, by the name its database has for it. Raises `LookupError` for a type backups do not know."""
    found = _KINDS.get(declared.partition("(")[0].strip().upper())
    if found is None:
        raise LookupError(f"column {column} of {table} is a {declared}, which a backup cannot hold yet")
    return found


class SqliteSnapshot:
    """A read transaction on the file. Each call runs on a thread, so that a slow disk does not stop the event loop."""

    kind = "sqlite"

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    async def _all(self, sql: str, *args: object) -> list[Any]:
        return await asyncio.to_thread(lambda: self._db.execute(sql, args).fetchall())

    async def migrations(self) -> Sequence[str]:
        if not await self._all("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", MIGRATIONS):
            return []
        rows = await self._all(f"SELECT name FROM {MIGRATIONS} WHERE app_name = 'dezhi' ORDER BY name")
        return [name for (name,) in rows]

    async def tables(self) -> Sequence[Table]:
        names = await self._all(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name"
        )
        return [await self._table(name) for (name,) in names if name != MIGRATIONS]

    async def _table(self, name: str) -> Table:
        found = await self._all("SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid", name)
        key = sorted((place, column) for column, _, place in found if place)
        return Table(
            name=name,
            columns=tuple(Column(column, kind_of(name, column, declared)) for column, declared, _ in found),
            key=tuple(column for _, column in key),
        )

    async def count(self, table: str) -> int:
        ((number,),) = await self._all(f'SELECT count(*) FROM "{table}"')
        return int(number)

    async def ask(self, sql: str) -> Sequence[Mapping[str, Any]]:
        def look() -> Sequence[Mapping[str, Any]]:
            cursor = self._db.execute(sql)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

        return await asyncio.to_thread(look)

    async def rows(self, table: Table, where: str = "") -> AsyncGenerator[list[Row], None]:
        cursor = await asyncio.to_thread(self._db.execute, _select(table, where))
        convert = [
            (at, _FROM_SQLITE[column.kind]) for at, column in enumerate(table.columns) if column.kind in _FROM_SQLITE
        ]
        while rows := await asyncio.to_thread(cursor.fetchmany, CHUNK):
            yield [_converted(row, convert) for row in rows] if convert else rows


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


_FROM_SQLITE: Final[dict[Kind, Any]] = {Kind.BOOL: bool, Kind.MOMENT: _moment}
"""What SQLite keeps as something else than what it is; a date's text is already its form in a backup."""


def _converted(row: Row, convert: Sequence[tuple[int, Any]]) -> Row:
    values = list(row)
    for at, make in convert:
        if values[at] is not None:
            values[at] = make(values[at])
    return values


def _select(table: Table, where: str, collation: str = "") -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    texts = {column.name for column in table.columns if column.kind is Kind.TEXT}
    order = ", ".join(f'"{name}"' + (collation if name in texts else "") for name in table.key)
    return f'SELECT {columns} FROM "{table.name}" {where and "WHERE"} {where} ORDER BY {order}'


@asynccontextmanager
async def of_file(path: Path) -> AsyncIterator[Snapshot]:
    """The SQLite file as it is now. Raises `Problem` (`backup-nothing`) where there is none."""
    if not path.is_file():
        raise Problem("backup-nothing", N_("%(place)s 里没有德治的数据。"), status=404, place=str(path.parent))
    # Not read-only: closing as the last one, SQLite then tidies up after itself.
    with (
        said(sqlite3.Error),
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, check_same_thread=False)) as db,
    ):
        db.execute("PRAGMA query_only = 1")
        db.execute("BEGIN")
        # The moment is that of the first look.
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield SqliteSnapshot(db)


class PostgresSnapshot:
    """A repeatable-read transaction on one connection."""

    kind = "postgresql"

    def __init__(self, db: asyncpg.Connection | PoolConnectionProxy) -> None:
        self._db = db

    async def migrations(self) -> Sequence[str]:
        if await self._db.fetchval("SELECT to_regclass($1)", MIGRATIONS) is None:
            return []
        rows = await self._db.fetch(f"SELECT name FROM {MIGRATIONS} WHERE app_name = 'dezhi' ORDER BY name")
        return [row["name"] for row in rows]

    async def tables(self) -> Sequence[Table]:
        names = await self._db.fetch(
            "SELECT c.relname AS name FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition"
            ' AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname COLLATE "C"'
        )
        return [await self._table(row["name"]) for row in names if row["name"] != MIGRATIONS]

    async def _table(self, name: str) -> Table:
        columns = await self._db.fetch(
            "SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute"
            " WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            name,
        )
        key = await self._db.fetch(
            "SELECT a.attname AS name FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (number, place),"
            " pg_attribute a WHERE i.indrelid = to_regclass($1) AND i.indisprimary AND a.attrelid = i.indrelid"
            " AND a.attnum = k.number ORDER BY k.place",
            name,
        )
        return Table(
            name=name,
            columns=tuple(Column(one["name"], kind_of(name, one["name"], one["type"])) for one in columns),
            key=tuple(one["name"] for one in key),
        )

    async def count(self, table: str) -> int:
        return int(await self._db.fetchval(f'SELECT count(*) FROM "{table}"'))

    async def ask(self, sql: str) -> Sequence[Mapping[str, Any]]:
        rows: Sequence[Mapping[str, Any]] = await self._db.fetch(sql)
        return rows

    async def rows(self, table: Table, where: str = "") -> AsyncGenerator[list[Row], None]:
        cursor = await self._db.cursor(_collated(table, where))
        while rows := await cursor.fetch(CHUNK):
            yield [tuple(row) for row in rows]


def _collated(table: Table, where: str) -> str:
    """The same order as on SQLite, which compares texts by their bytes."""
    return _select(table, where, ' COLLATE "C"')


@asynccontextmanager
async def of_server(url: str) -> AsyncIterator[Snapshot]:
    """The PostgreSQL of an address as it is now, for any role that may read it. Raises `Problem` (`storage`)."""
    check_address(url)
    with explained(undone=True):
        db = await asyncpg.connect(url, timeout=CONNECT_SECONDS, server_settings={"application_name": "dezhi backup"})
    try:
        with said(asyncpg.PostgresError, asyncpg.InterfaceError):
            async with db.transaction(isolation="repeatable_read", readonly=True):
                yield PostgresSnapshot(db)
    finally:
        await db.close()
