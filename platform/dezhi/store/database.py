"""The database of one installation: opened, bound to Piccolo's tables, migrated and closed here."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from piccolo.apps.migrations.tables import Migration
from piccolo.querystring import QueryString
from piccolo.table import Table

from dezhi.core.watch import UNWATCHED, Watch
from dezhi.store import conf, migrations
from dezhi.store.engine import KeptEngine
from dezhi.store.lock import DataLock
from dezhi.store.tables import TABLES

FILE = "dezhi.sqlite"
KEY_BYTES = 32


class Database:
    """An open database. One per process (`dezhi.store.conf.DB` is what Piccolo's tables look up)."""

    def __init__(self, engine: KeptEngine, data_dir: Path, lock: DataLock) -> None:
        self.engine = engine
        self.data_dir = data_dir
        self._lock = lock

    async def rows(self, sql: str, *args: Any) -> list[dict[str, Any]]:
        """Run one statement with `{}` for each argument, in the open transaction if there is one; return its rows."""
        return await self.engine.run_querystring(QueryString(sql, *args))

    async def row(self, sql: str, *args: Any) -> dict[str, Any] | None:
        """The first row of one statement, if it has any; else as `rows`."""
        found = await self.rows(sql, *args)
        return found[0] if found else None

    def key(self, name: str) -> bytes:
        """A secret of this installation, made on first use, kept beside the database and never in it.

        Returns 32 random bytes. Raises `OSError` when the data directory cannot be written, `ValueError` when the file
        is not a key any more: going on with another one would make what it protects unreadable.
        """
        folder = self.data_dir / "keys"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / name
        if not path.exists():
            # Written aside and then linked: a full disk leaves no half key, and of two makers one wins.
            with tempfile.NamedTemporaryFile(dir=folder) as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
                with contextlib.suppress(FileExistsError):
                    os.link(file.name, path)
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise ValueError(f"{path} is not a key of {KEY_BYTES} bytes: restore it from a backup")
        return key

    @property
    def connections(self) -> tuple[int, int]:
        """How many connections are at work, and how many there are."""
        return self.engine.connections

    async def pending(self) -> Sequence[str]:
        """The ids of migrations that have not run here, oldest first."""
        return await migrations.pending()

    async def migrate(self) -> Sequence[str]:
        """Run what is pending and return its ids."""
        return await migrations.migrate(self.engine)

    def close(self) -> None:
        """Close every connection and let another process in. A second call does nothing."""
        self.engine.close()
        conf.DB = None
        self._lock.release()


def _take(data_dir: Path) -> DataLock:
    data_dir.mkdir(parents=True, exist_ok=True)
    return DataLock(data_dir)


async def connect(data_dir: Path, *, watch: Watch = UNWATCHED) -> Database:
    """Open the SQLite database of `data_dir`, creating and migrating it where needed.

    Raises `OSError` when the directory cannot be made or written, `Problem` (`in_use`) when another process has it
    open. Run one event loop for the whole life of a database.
    """
    lock = _take(data_dir)
    engine = KeptEngine(str(data_dir / FILE), watch)
    database = Database(engine, data_dir, lock)
    conf.DB = engine
    tables: tuple[type[Table], ...] = (*TABLES, Migration)
    for table in tables:
        table._meta.db = engine
    try:
        await database.migrate()
    except BaseException:
        database.close()
        raise
    return database
