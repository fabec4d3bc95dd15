"""The database of one installation: opened, bound to Piccolo's tables, migrated and closed here."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

from piccolo.apps.migrations.tables import Migration
from piccolo.table import Table

from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.core.watch import UNWATCHED, Watch
from dezhi.store import conf, grants, migrations
from dezhi.store.engine import KeptEngine
from dezhi.store.lock import DataLock
from dezhi.store.postgres import Engine, PooledEngine
from dezhi.store.tables import TABLES
from dezhi.store.together import Together

FILE = "dezhi.sqlite"
KEY_BYTES = 32
LASTING_MAX = 20_000
"""A county has some ten thousand regions."""

GROWN_MIN = 500
"""From how many new rows on a database is counted anew."""

TEXTS_MAX = 1_024
"""Statements whose text is kept with its database's places for arguments."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Ask = Callable[["Database", Collection[K]], Awaitable[Mapping[K, V]]]
"""A question that can be asked for many keys in one statement."""


class Database:
    """An open database. One per process (`dezhi.store.conf.DB` is what Piccolo's tables look up)."""

    def __init__(self, engine: Engine, data_dir: Path, lock: DataLock | None = None) -> None:
        self.engine = engine
        self.data_dir = data_dir
        self._lock = lock
        self._together: dict[object, Together[Any, Any]] = {}
        self._lasting: dict[tuple[object, object], Any] = {}

    async def rows(self, sql: str, *args: Any) -> list[dict[str, Any]]:
        """Run one statement with `{}` for each argument, in the open transaction if there is one; return its rows."""
        return await self.engine.run(_placed(sql, self.engine.engine_type), args)

    async def row(self, sql: str, *args: Any) -> dict[str, Any] | None:
        """The first row of one statement, if it has any; else as `rows`."""
        found = await self.rows(sql, *args)
        return found[0] if found else None

    async def one(self, ask: Ask[K, V], key: K) -> V | None:
        """What `ask` answers for one key, asked together with what others ask meanwhile; None where it has nothing.

        `ask` is a function of a module, which stands for its kind of question. In a transaction it is asked by itself,
        so that it sees what the transaction wrote.
        """
        if self.engine.in_transaction:
            return (await ask(self, [key])).get(key)
        together = self._together.get(ask)
        if together is None:
            together = self._together[ask] = Together(partial(ask, self))
        found: V | None = await together.get(key)
        return found

    async def lasting(self, ask: Ask[K, V], key: K) -> V | None:
        """As `one`, for answers that can never change: what was found is kept, in `LASTING_MAX` places."""
        kept: V | None = self._lasting.get((ask, key))
        if kept is not None:
            return kept
        found = await self.one(ask, key)
        # What a transaction sees may never have been.
        if found is not None and not self.engine.in_transaction:
            if len(self._lasting) >= LASTING_MAX:
                self._lasting.clear()
            self._lasting[ask, key] = found
        return found

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

    async def grown(self, rows: int) -> None:
        """Have PostgreSQL count its tables anew after many `rows` came at once: until then a balance costs fourfold.

        It counts by itself within a minute or so; so a server before 17, where this cannot be granted to who does not
        own the tables, or a count that takes too long, is passed over. SQLite's figures are given by a migration.
        """
        if rows >= GROWN_MIN and self.engine.engine_type == "postgres":
            with contextlib.suppress(Problem):
                await self.engine.run_ddl("ANALYZE")

    async def pending(self) -> Sequence[str]:
        """The ids of migrations that have not run here, oldest first. Raises `Problem` (`database_newer`)."""
        return await migrations.pending()

    async def close(self) -> None:
        """Close every connection and let another process in. A second call does nothing."""
        await self.engine.close()
        conf.DB = None
        if self._lock is not None:
            self._lock.release()


@lru_cache(maxsize=TEXTS_MAX)
def _placed(sql: str, engine_type: str) -> str:
    """A statement with its database's own places for arguments."""
    count = sql.count("{}")
    places = ["?"] * count if engine_type == "sqlite" else [f"${number}" for number in range(1, count + 1)]
    return sql.format(*places)


def bind(engine: Engine) -> None:
    """Have Piccolo's tables and migrations use this engine: the one global, for whoever opens a database."""
    conf.DB = engine
    tables: tuple[type[Table], ...] = (*TABLES, Migration)
    for table in tables:
        table._meta.db = engine


async def connect(
    data_dir: Path, database_url: str = "", *, watch: Watch = UNWATCHED, read_only: bool = False
) -> Database:
    """Open the database of an installation: the PostgreSQL of `database_url`, else the SQLite file of `data_dir`.

    The file is created and migrated where needed; a server's tables must have been made by `upgrade`. Raises `OSError`
    when the directory cannot be made or written, `Problem` when another process has the file open (`in_use`), when
    the server cannot be used (`storage`, `bad_database_url`), its tables are older (`not_migrated`) or newer
    (`database_newer`) than this program. Run one event loop for the whole life of a database. With `read_only` the
    server refuses every write; a file knows no such thing here, for it may have to be migrated.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    if not database_url:
        database, _ = await _open_file(data_dir, watch)
        return database
    engine = PooledEngine(database_url, watch, read_only=read_only)
    database = Database(engine, data_dir)
    bind(engine)
    try:
        await engine.open()
        await _refuse_unmigrated()
    except BaseException:
        await database.close()
        raise
    return database


async def connect_beside(data_dir: Path, database_url: str = "", *, read_only: bool = False) -> Database:
    """Open an installation's database beside the process that serves it, or while nobody does; it migrates nothing.

    Only for what books nothing: the book's one writer knows of no other. Raises `Problem` as `connect` does, and
    (`nothing-here`) where there is no database yet. `read_only` has the database itself refuse every write.
    """
    if database_url:
        return await connect(data_dir, database_url, read_only=read_only)
    if not (data_dir / FILE).is_file():
        raise Problem("nothing-here", N_("%(place)s 里没有德治的数据。"), status=404, place=str(data_dir))
    database = Database(KeptEngine(str(data_dir / FILE), read_only=read_only), data_dir)
    bind(database.engine)
    try:
        await _refuse_unmigrated()
    except BaseException:
        await database.close()
        raise
    return database


async def _refuse_unmigrated() -> None:
    if pending := await migrations.pending():
        raise Problem(
            "not_migrated",
            N_("数据库的表还不是这个版本的（还差 %(count)s 步），没有启动，什么都没有改。请先运行 dezhi migrate。"),
            status=503,
            count=len(pending),
        )


async def _open_file(data_dir: Path, watch: Watch) -> tuple[Database, Sequence[str]]:
    """A file's database, migrated, and the ids of the migrations that ran now."""
    lock = DataLock(data_dir)
    engine = KeptEngine(str(data_dir / FILE), watch)
    database = Database(engine, data_dir, lock)
    bind(engine)
    try:
        return database, await migrations.migrate(engine)
    except BaseException:
        await database.close()
        raise


async def upgrade_file(data_dir: Path) -> Sequence[str]:
    """Make or change the tables of a data directory's file as `connect` does; return what ran, raise as it does."""
    data_dir.mkdir(parents=True, exist_ok=True)
    database, done = await _open_file(data_dir, UNWATCHED)
    await database.close()
    return done


async def upgrade(migrate_url: str, database_url: str) -> Sequence[str]:
    """Make or change the tables of a PostgreSQL as their owner, and let the user of `database_url` work on them.

    Returns the ids of the migrations that ran now. A second upgrade at the same time waits for the first one.
    Raises `Problem` as `connect` does.
    """
    engine = PooledEngine(migrate_url, patient=True)
    bind(engine)
    try:
        await engine.open()
        done = await migrations.migrate(engine)
        await grants.give(engine, database_url)
    finally:
        await engine.close()
        conf.DB = None
    return done
