"""A SQLite engine for Piccolo that keeps its connections open and writes through one.

Piccolo's own engine opens a connection (and a thread) for every query, which costs about a millisecond each.
This one holds one writer and a few readers for the life of the process. Each connection lives on a thread of its own,
so a slow disk never blocks the event loop. See docs/adr/0005-sqlite-engine.md.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType, dict_factory
from piccolo.query.base import DDL
from piccolo.querystring import QueryString

READERS = 2
"""Open read connections. More were not faster on two cores; each costs about 2 MB."""

BUSY_MS = 5_000
"""How long SQLite waits for a lock held by another process (a backup, a shell) before it reports the database busy."""


class ClosedTransaction(RuntimeError):
    """A task that was started inside a transaction used its connection after the transaction had ended."""


class Lane:
    """One SQLite connection on one thread of its own. Calls run one after another, in order of arrival."""

    def __init__(self, path: str, *, read_only: bool) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="dezhi-read" if read_only else "dezhi-write")
        self._path = path
        self._read_only = read_only
        self._db: sqlite3.Connection | None = None
        self.waiting = 0

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            self._path,
            isolation_level=None,
            detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES,
            check_same_thread=False,
            timeout=BUSY_MS / 1000,
        )
        db.row_factory = dict_factory
        db.execute("PRAGMA foreign_keys = 1")
        if self._read_only:
            db.execute("PRAGMA query_only = 1")
        else:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
        return db

    def _call(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        if self._db is None:
            self._db = self._open()
        return work(self._db)

    async def run(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        """Run `work` with this lane's connection on this lane's thread and return its answer."""
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._call, work)
        finally:
            self.waiting -= 1

    async def fetch(self, sql: str, args: list[Any] | None = None) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = await self.run(lambda db: db.execute(sql, args or []).fetchall())
        return rows

    def close(self) -> None:
        def shut() -> None:
            if self._db is not None:
                self._db.close()
                self._db = None

        self._pool.submit(shut).result()
        self._pool.shutdown()


class TransactionConnection:
    """What a transaction hands out: the writer's connection, until the transaction ends."""

    def __init__(self, lane: Lane) -> None:
        self._lane: Lane | None = lane

    async def execute(self, sql: str, args: list[Any] | None = None) -> list[dict[str, Any]]:
        """Run one statement and return its rows.

        Raises `ClosedTransaction` once the transaction has ended: a task spawned inside it inherits it, and would
        otherwise write into whatever transaction comes next.
        """
        if self._lane is None:
            raise ClosedTransaction("this transaction has ended; start another one")
        return await self._lane.fetch(sql, args)

    def end(self) -> None:
        self._lane = None


class WriterTransaction(SQLiteTransaction):
    """A Piccolo transaction on the one writer. Others wait for it, so keep it short and await nothing else inside."""

    async def __aenter__(self) -> Self:
        if self._parent is not None:
            return self._parent  # type: ignore[return-value]  # Piccolo nests by handing out the outer one
        engine: KeptEngine = self.engine  # type: ignore[assignment]
        await engine.writing.acquire()
        self.connection = TransactionConnection(engine.writer)  # type: ignore[assignment]
        try:
            await self.begin()
        except BaseException:
            self._leave()
            raise
        self.context = engine.current_transaction.set(self)
        return self

    def _leave(self) -> None:
        self.connection.end()  # type: ignore[attr-defined]
        self.engine.writing.release()  # type: ignore[attr-defined]

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if self._parent is not None:
            return exception is None
        try:
            if exception is None and not self._committed and not self._rolled_back:
                try:
                    await self.commit()
                except BaseException:
                    await self.rollback()
                    raise
            elif exception is not None and not self._rolled_back:
                await self.rollback()
        finally:
            self._leave()
            self.engine.current_transaction.reset(self.context)
        return exception is None


class KeptEngine(SQLiteEngine):
    """Piccolo's SQLite engine over kept-open connections: reads spread over `READERS`, writes go through one."""

    __slots__ = ("_readers", "writer", "writing")

    def __init__(self, path: str) -> None:
        super().__init__(path=path)
        self.writer = Lane(path, read_only=False)
        self.writing = asyncio.Lock()
        self._readers = [Lane(path, read_only=True) for _ in range(READERS)]

    def transaction(
        self, transaction_type: TransactionType = TransactionType.immediate, allow_nested: bool = True
    ) -> WriterTransaction:
        """Start a transaction on the writer. `BEGIN IMMEDIATE`: it never fails half-way for a lock."""
        del transaction_type  # a deferred transaction would have to upgrade its lock and could then be refused
        return WriterTransaction(engine=self, transaction_type=TransactionType.immediate, allow_nested=allow_nested)

    async def write(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        """Run `work` in one transaction and one thread hop on the writer: all of it is kept, or nothing."""

        def whole(db: sqlite3.Connection) -> Any:
            db.execute("BEGIN IMMEDIATE")
            try:
                answer = work(db)
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
            return answer

        async with self.writing:
            return await self.writer.run(whole)

    async def _run(self, sql: str, args: list[Any] | None) -> list[dict[str, Any]]:
        transaction = self.current_transaction.get()
        if transaction is not None:
            rows: list[dict[str, Any]] = await transaction.connection.execute(sql, args)
            return rows
        if sql.lstrip()[:6].upper() == "SELECT":
            return await min(self._readers, key=lambda lane: lane.waiting).fetch(sql, args)
        async with self.writing:
            return await self.writer.fetch(sql, args)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> list[dict[str, Any]]:
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self._run(sql, args)

    async def run_ddl(self, ddl: str | DDL, in_pool: bool = False) -> list[dict[str, Any]]:
        return await self._run(str(ddl), None)

    def close(self) -> None:
        """Close every connection. The writer goes last, so that it folds the write-ahead log into the file."""
        for lane in [*self._readers, self.writer]:
            lane.close()
