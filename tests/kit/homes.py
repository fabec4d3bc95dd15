"""Where a test's Dezhi keeps its data: in a SQLite file or on the run's PostgreSQL, as `--database` says."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any, Protocol

import psycopg
from psycopg.rows import dict_row

from dezhi.settings import Settings
from dezhi.store.database import FILE, Database, connect
from servers import OWNER, Postgres

TEMPLATE = "dezhi_template"
"""The migrated database on PostgreSQL which every home is a copy of."""


class Raw(Protocol):
    """A connection past Dezhi, of either driver: each statement is on its own, rows are read by name."""

    def execute(self, sql: Any, args: Any = (), /) -> Any:
        """Run a statement; returns a cursor."""


@dataclass(frozen=True)
class Home:
    """One installation; its database is its own. The tables are made, on PostgreSQL by the role that owns them."""

    data_dir: Path
    database_url: str = ""
    migrate_url: str = ""

    def settings(self, **changes: Any) -> Settings:
        """What `build` and `furnish` take; `changes` are other fields."""
        return Settings(data_dir=self.data_dir, database_url=self.database_url, **changes)

    @property
    def environment(self) -> Mapping[str, str]:
        """What a `dezhi` process takes. As in service, it has no right to change the schema."""
        given = {"DEZHI_DATA_DIR": str(self.data_dir)}
        return given | {"DEZHI_DATABASE_URL": self.database_url} if self.database_url else given

    async def connect(self) -> Database:
        """Open it as Dezhi does."""
        return await connect(self.data_dir, self.database_url)

    @contextmanager
    def look(self, *, owner: bool = False) -> Iterator[Raw]:
        """Open it past Dezhi; on PostgreSQL as the role that serves, or the `owner` of the tables."""
        if self.database_url:
            url = self.migrate_url if owner else self.database_url
            with psycopg.connect(url, autocommit=True, row_factory=dict_row) as db:
                yield db
        else:
            with closing(sqlite3.connect(self.data_dir / FILE, isolation_level=None)) as file:
                file.row_factory = _named
                yield file

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What one statement finds, past Dezhi; its columns have names of their own."""
        with self.look() as db:
            return [tuple(row.values()) for row in db.execute(sql).fetchall()]

    def tables(self) -> list[str]:
        """The names of all tables, in their order."""
        if self.database_url:
            sql = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        else:
            sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1"
        return [name for (name,) in self.rows(sql)]


def _named(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}


class Homes:
    """Makes homes: on `postgres`, else on copies of the SQLite file in `template`."""

    def __init__(self, postgres: Postgres | None, template: Path | None) -> None:
        self.postgres = postgres
        self.template = template

    @contextmanager
    def home(self, data_dir: Path) -> Iterator[Home]:
        """Make one, with its keys and perhaps its database in `data_dir`; a database on the server ends with it."""
        if self.postgres is None:
            if self.template:
                data_dir.mkdir(exist_ok=True)
                shutil.copy(self.template / FILE, data_dir)
            yield Home(data_dir)
            return
        name = f"dezhi_{token_hex(8)}"
        self.postgres.create(name, TEMPLATE)
        try:
            yield Home(data_dir, self.postgres.url(name), self.postgres.url(name, OWNER))
        finally:
            self.postgres.drop(name)
