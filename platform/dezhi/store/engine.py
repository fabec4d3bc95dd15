"""A SQLite engine for Piccolo that keeps its connections open and writes through one.

Piccolo's own engine opens a connection (and a thread) for every query, which costs about a millisecond each.
This one holds one writer and a few readers for the life of the process. Each connection lives on a thread of its own,
so a slow disk never blocks the event loop. See docs/adr/0005-sqlite-engine.md.
"""

import asyncio
import contextvars
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Literal, Self, TypeVar, cast

from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType, dict_factory
from piccolo.query.base import DDL
from piccolo.querystring import QueryString

from dezhi.core.watch import UNWATCHED, Watch
from dezhi.store.slow import SlowLog, timed_connection
from dezhi.store.steps import Steps, on_sqlite
from dezhi.store.trouble import explained
from dezhi.store.waiting import to_the_end

T = TypeVar("T")

READERS = 2
"""Open read connections. More were not faster on two cores; each costs about 2 MB."""

BUSY_MS = 5_000
"""How long SQLite waits for a lock held by another process (a backup, a shell) before it reports the database busy."""


class ClosedTransaction(RuntimeError):
    """A statement came for a transaction that has ended; or one was posted inside a transaction it would wait for."""


class Lane:
    """One SQLite connection on one thread of its own. Calls run one after another, in order of arrival."""

    def __init__(self, path: str, *, read_only: bool, slow: SlowLog) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="dezhi-read" if read_only else "dezhi-write")
        self._path = path
        self._read_only = read_only
        self._factory = timed_connection(slow)
        self._db: sqlite3.Connection | None = None
        self._closed = False
        self.waiting = 0

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            self._path,
            isolation_level=None,
            detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES,
            check_same_thread=False,
            timeout=BUSY_MS / 1000,
            factory=self._factory,
        )
        try:
            db.row_factory = dict_factory
            db.execute("PRAGMA foreign_keys = 1")
            if self._read_only:
                db.execute("PRAGMA query_only = 1")
            else:
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error:
            db.close()
            raise
        return db

    def _call(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._db is None:
            self._db = self._open()
        return work(self._db)

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` with this lane's connection on this lane's thread and return its answer.

        If the caller is cancelled, work that has not begun is dropped; what has begun runs on to its end.
        """
        self.waiting += 1
        try:
            # With the caller's context, so that a slow statement is logged under its request's id.
            run = contextvars.copy_context().run
            return await asyncio.get_running_loop().run_in_executor(self._pool, run, self._call, work)
        finally:
            self.waiting -= 1

    async def finish(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` to its end even if the caller is cancelled; the cancellation is raised afterwards.

        For what opens and ends a transaction: dropped half-way it would leave the writer inside one for ever.
        """
        return await to_the_end(asyncio.wrap_future(self._pool.submit(self._call, work)))

    async def fetch(self, sql: str, args: Sequence[Any] | None = None) -> list[dict[str, Any]]:
        """Run one statement and return its rows."""
        rows: list[dict[str, Any]] = await self.run(lambda db: db.execute(sql, args or []).fetchall())
        return rows

    def commit(self, db: sqlite3.Connection) -> None:
        """Commit, on this lane's thread. If that fails (a full disk), nothing of the transaction is kept."""
        try:
            db.execute("COMMIT")
        except sqlite3.Error:
            self.roll_back(db)
            raise

    def roll_back(self, db: sqlite3.Connection) -> None:
        """Drop what is open, on this lane's thread. After a grave error SQLite may already have done so."""
        try:
            if db.in_transaction:
                db.execute("ROLLBACK")
        except sqlite3.Error:
            # Closing drops it too, and the next call opens a sound connection.
            db.close()
            self._db = None

    def close(self) -> None:
        """Wait for what is queued, then close the connection."""

        def shut() -> None:
            if self._db is not None:
                self._db.close()
                self._db = None

        if not self._closed:
            self._closed = True
            self._pool.submit(shut).result()
            self._pool.shutdown()


class TransactionConnection:
    """What a transaction hands out: the writer's connection, until the transaction ends."""

    def __init__(self, lane: Lane) -> None:
        self._lane: Lane | None = lane

    @property
    def ended(self) -> bool:
        """Whether the transaction is over, so that nothing can be written through it."""
        return self._lane is None

    async def execute(self, sql: str, args: Sequence[Any] | None = None) -> list[dict[str, Any]]:
        """Run one statement and return its rows.

        Raises `ClosedTransaction` once the transaction has ended: a task spawned inside it inherits it, and would
        otherwise write into whatever transaction comes next.
        """

        def inside(db: sqlite3.Connection) -> list[dict[str, Any]]:
            if not db.in_transaction:
                # Committed by hand, or rolled back by SQLite itself after a grave error.
                raise ClosedTransaction(
                    "this transaction has ended before its block; nothing more can be written in it"
                )
            rows: list[dict[str, Any]] = db.execute(sql, args or []).fetchall()
            return rows

        if self._lane is None:
            raise ClosedTransaction("this transaction has ended; start another one")
        with explained():
            return await self._lane.run(inside)

    def end(self) -> None:
        """From now on refuse everything."""
        self._lane = None


class WriterTransaction(SQLiteTransaction):
    """A Piccolo transaction on the one writer. Others wait for it, so keep it short and await nothing else inside."""

    connection: TransactionConnection

    def __init__(self, engine: "KeptEngine", *, allow_nested: bool) -> None:
        super().__init__(engine=engine, transaction_type=TransactionType.immediate, allow_nested=allow_nested)
        self._kept = engine

    async def __aenter__(self) -> Self:
        if self._parent is not None:
            return cast("Self", self._parent)  # Piccolo nests by handing out the outer one
        await self._kept.writing.acquire()
        try:
            with explained():
                await self._kept.writer.finish(lambda db: db.execute("BEGIN IMMEDIATE"))
        except BaseException:
            # Cancelled, it may have begun all the same.
            try:
                await self._kept.writer.finish(self._kept.writer.roll_back)
            finally:
                self._kept.writing.release()
            raise
        self.connection = TransactionConnection(self._kept.writer)
        self.context = self._kept.current_transaction.set(self)
        return self

    async def commit(self) -> None:
        """Keep everything. If it cannot be kept, it is rolled back and the error raised."""
        self._rolled_back = True
        with explained():
            await self._kept.writer.finish(self._kept.writer.commit)
        self._committed, self._rolled_back = True, False

    async def rollback(self) -> None:
        """Drop everything."""
        self._rolled_back = True
        await self._kept.writer.finish(self._kept.writer.roll_back)

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> Literal[False]:
        if self._parent is not None:
            return False
        try:
            if not self._committed and not self._rolled_back:
                await (self.commit() if exception is None else self.rollback())
        finally:
            self.connection.end()
            self._kept.writing.release()
            self._kept.current_transaction.reset(self.context)
        return False


class KeptEngine(SQLiteEngine):
    """Piccolo's SQLite engine over kept-open connections: reads spread over `READERS`, writes go through one."""

    __slots__ = ("_readers", "writer", "writing")

    def __init__(self, path: str, watch: Watch = UNWATCHED, *, read_only: bool = False) -> None:
        """Take a path; nothing is opened yet. With `read_only` SQLite refuses every write."""
        super().__init__(path=path)
        slow = SlowLog(watch)
        self.writer = Lane(path, read_only=read_only, slow=slow)
        self.writing = asyncio.Lock()
        self._readers = [Lane(path, read_only=True, slow=slow) for _ in range(READERS)]

    def _transaction_here(self) -> WriterTransaction | None:
        """The open or ended transaction that this task is in, or was when it was spawned."""
        return cast("WriterTransaction | None", self.current_transaction.get())

    def transaction(
        self,
        transaction_type: TransactionType = TransactionType.immediate,
        allow_nested: bool = True,  # noqa: FBT001, FBT002 - Piccolo's signature
    ) -> WriterTransaction:
        """Start a transaction on the writer. `BEGIN IMMEDIATE`: it never fails half-way for a lock."""
        del transaction_type  # a deferred transaction would have to upgrade its lock and could then be refused
        outer = self._transaction_here()
        if outer is not None and outer.connection.ended:
            self.current_transaction.set(None)  # inherited by a task that outlived it
        return WriterTransaction(self, allow_nested=allow_nested)

    @property
    def in_transaction(self) -> bool:
        """Whether this task is in a transaction, or was when it was spawned."""
        return self._transaction_here() is not None

    def refuse_inside_transaction(self) -> None:
        """Raise `ClosedTransaction` inside an open transaction, where waiting for the writer would never end."""
        outer = self._transaction_here()
        if outer is not None and not outer.connection.ended:
            raise ClosedTransaction("this waits for the writer, which the open transaction holds: do it afterwards")

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in one transaction and one thread hop on the writer: all of it is kept, or nothing.

        Raises what `work` raises, `Problem` (`storage`) when it could not be kept, and `ClosedTransaction` when called
        inside an open transaction.
        """

        def whole(db: sqlite3.Connection) -> T:
            db.execute("BEGIN IMMEDIATE")
            try:
                answer = work(db)
            except BaseException:
                self.writer.roll_back(db)
                raise
            self.writer.commit(db)
            return answer

        self.refuse_inside_transaction()
        async with self.writing:
            with explained(only_storage=True):
                return await self.writer.run(whole)

    async def carry_out(self, steps: Steps[T]) -> T:
        """Run the steps in one transaction; raises as `write` does."""
        return await self.write(lambda db: on_sqlite(db, steps))

    async def run(self, sql: str, args: Sequence[Any] | None) -> list[dict[str, Any]]:
        """Run one statement with `?` in the open transaction, else a SELECT on a reader and all else on the writer."""
        transaction = self._transaction_here()
        if transaction is not None:
            return await transaction.connection.execute(sql, args)
        with explained():
            if sql.lstrip()[:6].upper() == "SELECT":
                return await min(self._readers, key=lambda lane: lane.waiting).fetch(sql, args)
            async with self.writing:
                return await self.writer.fetch(sql, args)

    async def run_querystring(
        self,
        querystring: QueryString,
        in_pool: bool = False,  # noqa: ARG002, FBT001, FBT002 - Piccolo's signature
    ) -> list[dict[str, Any]]:
        """Run a query of Piccolo's, as `run` does."""
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self.run(sql, args)

    async def run_ddl(
        self,
        ddl: str | DDL,
        in_pool: bool = False,  # noqa: ARG002, FBT001, FBT002 - Piccolo's signature
    ) -> list[dict[str, Any]]:
        """Run a statement as it is."""
        return await self.run(str(ddl), None)

    @property
    def connections(self) -> tuple[int, int]:
        """How many connections are at work, and how many there are."""
        lanes = [*self._readers, self.writer]
        return sum(lane.waiting > 0 for lane in lanes), len(lanes)

    async def close(self) -> None:
        """Close every connection. The writer goes last, so that it folds the write-ahead log into the file."""
        for lane in [*self._readers, self.writer]:
            lane.close()
