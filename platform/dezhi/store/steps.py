"""Statements told apart from running them: the ledger says what it reads and writes, once for both databases.

A generator yields steps and is sent the rows of each. `on_sqlite` runs it on a connection in one thread hop,
`on_postgres` on a connection of the event loop. Both dialects end here.
"""

import re
import sqlite3
from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from asyncpg.pool import PoolConnectionProxy

T = TypeVar("T")

CHUNK = 500
"""Values in one `IN (…)` on SQLite, which allows 32,766 parameters."""

_ARRAYS = {"i": "bigint[]", "t": "text[]", "b": "bytea[]"}
"""The kinds of a ledger's columns: whole numbers, text, bytes."""


class Fetch(NamedTuple):
    """One statement with `?` for each argument. `locking` keeps the rows read until the transaction ends."""

    sql: str
    args: Sequence[Any]
    locking: bool = False


class Pick(NamedTuple):
    """Rows of a book in which `column` is one of `values`. `{among}` in `sql` says where.

    `kind` is the column's letter. The first `?` is the book.
    """

    sql: str
    book: int
    column: str
    kind: str
    values: Sequence[Sequence[Any]]


class Rows(NamedTuple):
    """Whole rows of a table, of a book, in which `columns` are one of `values`; `kinds` has a letter for each."""

    table: str
    columns: str
    kinds: str
    values: Sequence[Sequence[Any]]


class Gather(NamedTuple):
    """Rows of several tables: one statement on PostgreSQL. The answer is one row, with a list for each table's name."""

    book: int
    tables: Sequence[Rows]


class Add(NamedTuple):
    """Rows for a table, all columns in their order; `kinds` has a letter for each."""

    table: str
    kinds: str
    rows: Sequence[Sequence[Any]]
    conflict: str = ""


class Save(NamedTuple):
    """Rows for several tables, and a last statement whose rows are the answer: one statement on PostgreSQL.

    No row may depend on another of them being there already.
    """

    rows: Sequence[Add]
    last: Fetch


Step = Fetch | Pick | Gather | Save
Row = Mapping[str, Any]
Steps = Generator[Step, Sequence[Row], T]


def on_sqlite(db: sqlite3.Connection, steps: Steps[T]) -> T:
    """Run the steps on a connection whose rows are read by name, inside the caller's transaction."""
    try:
        step = next(steps)
        while True:
            step = steps.send(_sqlite(db, step))
    except StopIteration as done:
        answer: T = done.value
        return answer


def _sqlite(db: sqlite3.Connection, step: Step) -> Sequence[Row]:
    match step:
        case Fetch(sql, args):
            return db.execute(sql, args).fetchall()
        case Pick(sql, book, column, _, values):
            return list(_picked(db, sql, book, column, values))
        case Gather(book, wanted):
            sql = "SELECT * FROM {} WHERE book_id = ? AND {{among}}"
            return [
                {
                    table: list(_picked(db, sql.format(table), book, columns, values))
                    for table, columns, _, values in wanted
                }
            ]
        case Save(adds, last):
            for table, kinds, rows, conflict in adds:
                if rows:
                    db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(kinds))}) {conflict}", rows)
            return db.execute(last.sql, last.args).fetchall()


def _picked(
    db: sqlite3.Connection, sql: str, book: int, columns: str, values: Sequence[Sequence[Any]]
) -> Iterator[Row]:
    names = columns.split(", ")
    if len(names) > 1:
        # `(a, b) IN (VALUES …)` makes SQLite read the whole book; a look-up by key each takes three microseconds.
        one = sql.format(among=" AND ".join(f"{name} = ?" for name in names))
        for value in values:
            yield from db.execute(one, [book, *value])
        return
    for at in range(0, len(values), CHUNK):
        some = [value for (value,) in values[at : at + CHUNK]]
        yield from db.execute(sql.format(among=f"{columns} IN ({', '.join('?' * len(some))})"), [book, *some])


async def on_postgres(db: PoolConnectionProxy, steps: Steps[T]) -> T:
    """Run the steps on a connection, inside the caller's transaction. Each is one statement, however many rows."""
    try:
        step = next(steps)
        while True:
            step = steps.send(await _postgres(db, step))
    except StopIteration as done:
        answer: T = done.value
        return answer


async def _postgres(db: PoolConnectionProxy, step: Step) -> Sequence[Row]:
    found: Sequence[Row]
    match step:
        case Fetch(sql, args, locking):
            found = await db.fetch(_numbered(sql) + (" FOR UPDATE" if locking else ""), *args)
        case Pick(sql, book, column, kind, values):
            if not values:
                return ()
            found = await db.fetch(_picking(sql, column, kind), book, *zip(*values, strict=True))
        case Gather(book, wanted):
            asked = [one for one in wanted if one.values]
            if not asked:
                return [dict.fromkeys((one.table for one in wanted), ())]
            named = tuple((one.table, one.columns, one.kinds) for one in asked)
            values_of = [column for one in asked for column in zip(*one.values, strict=True)]
            found = await db.fetch(_gathering(named), book, *values_of)
            return [{**{one.table: () for one in wanted}, **found[0]}]
        case Save(adds, last):
            filled = [add for add in adds if add.rows]
            tables = tuple((add.table, add.conflict) for add in filled)
            found = await db.fetch(_saving(tables, last.sql), *(add.rows for add in filled), *last.args)
    return found


@lru_cache
def _numbered(sql: str, first: int = 1) -> str:
    """`$1`, `$2`, … in place of `?`."""
    count = iter(range(first, first + sql.count("?")))
    return re.sub(r"\?", lambda _: f"${next(count)}", sql)


def _arrays(kinds: str, first: int) -> str:
    return ", ".join(f"${first + at}::{_ARRAYS[kind]}" for at, kind in enumerate(kinds))


@lru_cache
def _picking(sql: str, column: str, kind: str) -> str:
    return _numbered(sql.format(among=f"{column} = ANY({_arrays(kind, 2)})"))


@lru_cache
def _gathering(tables: Sequence[tuple[str, str, str]]) -> str:
    """One row with all rows of each table as an array of the table's own row type.

    Each key is looked up for itself, which `OFFSET 0` keeps so: while a table's size is not known to it, PostgreSQL
    would read all of a book and compare each row with the keys.
    """
    lists, first = [], 2
    for table, columns, kinds in tables:
        names = columns.split(", ")
        same = " AND ".join(f"t.{name} = k.{name}" for name in names)
        keys = f"unnest({_arrays(kinds, first)}) AS k ({columns})"
        found = f"(SELECT t FROM {table} AS t WHERE t.book_id = $1 AND {same} OFFSET 0) AS found (row)"
        lists.append(f"ARRAY(SELECT found.row FROM {keys} CROSS JOIN LATERAL {found}) AS {table}")
        first += len(kinds)
    return f"SELECT {', '.join(lists)}"


@lru_cache
def _saving(tables: Sequence[tuple[str, str]], last: str) -> str:
    """One statement for rows of several tables, each with what to do on a conflict.

    Each table's rows are one array of its own row type: half the work, on either side, of an array for each column.
    """
    parts = [
        f"w_{table} AS (INSERT INTO {table} SELECT * FROM unnest(${number}::{table}[]) {conflict})"
        for number, (table, conflict) in enumerate(tables, 1)
    ]
    return f"WITH {', '.join(parts)} {_numbered(last, len(parts) + 1)}"
