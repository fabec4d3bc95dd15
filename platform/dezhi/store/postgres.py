"""A PostgreSQL engine for Piccolo over a bounded pool: any number of processes against one database.

It offers what the SQLite engine does. A transaction takes one lock of the database first, so that whoever reads
and then writes the register finds nobody else doing so, in this process or another. The ledger does not use it: its
poster locks the row of its book. See docs/adr/0050-postgresql-engine.md.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext, suppress
from types import TracebackType
from typing import Any, Literal, Self, TypeVar, cast
from urllib.parse import urlsplit

import asyncpg
from asyncpg.connection import LoggedQuery
from asyncpg.pool import PoolConnectionProxy
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.query.base import DDL
from piccolo.querystring import QueryString

from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.core.watch import UNWATCHED, Watch
from dezhi.store.engine import ClosedTransaction, KeptEngine
from dezhi.store.slow import SlowLog
from dezhi.store.steps import Steps, on_postgres
from dezhi.store.trouble import DRIVER_ERRORS, explained, told_busy
from dezhi.store.waiting import to_the_end

T = TypeVar("T")

CONNECTIONS = 8
"""Open connections of one process for pages and the register. A query holds one for about a millisecond."""

POSTING_CONNECTIONS = 4
"""Connections on which books are written, apart: slow pages never hold up a booking. Each book uses one at a time."""

CONNECT_SECONDS = 5
"""How long a new connection, or a free one, may take before the person is told that the database is not there."""

STATEMENT_MS = 30_000
LOCK_MS = 10_000
IDLE_MS = 60_000
"""Server-side limits of a statement, of waiting for a lock, and of a transaction which does nothing."""

POSTING_LOCK_MS = 2_000
POSTING_IDLE_MS = 5_000
"""The same for a book: its writers hold it for milliseconds, and whoever stalls with it in his hand loses it."""

COMMAND_SECONDS = 40
"""The client's own limit, above the server's: it ends the wait for a server that does not even answer."""

CLOSE_SECONDS = 10
"""How long a closing process waits for statements that still run."""

REGISTER_LOCK = (0x6465_7A68, 1)
"""The advisory lock of every transaction (the first number is "dezh")."""

_SERVER = {
    "application_name": "dezhi",
    "default_transaction_isolation": "read committed",
    "jit": "off",
    "idle_in_transaction_session_timeout": str(IDLE_MS),
}

_BY_KEY = {
    "plan_cache_mode": "force_custom_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
"""How books are read and written: each row by its key.

Left to itself PostgreSQL reads a whole table where a batch asks for hundreds of rows, which costs the more the larger
the ledger grows. A plan kept from when a new installation's tables were empty reads all of a book, by whichever index.
"""


async def _as_it_is(_: PoolConnectionProxy) -> None:
    """In place of asyncpg's reset, a round trip for each statement: we leave nothing behind in a session."""


class _Held:
    """What a transaction hands out: its connection, one statement at a time, until the transaction ends."""

    def __init__(self, connection: PoolConnectionProxy) -> None:
        self._connection: PoolConnectionProxy | None = connection
        self._turn = asyncio.Lock()

    @property
    def ended(self) -> bool:
        """Whether the transaction is over, so that nothing can be written through it."""
        return self._connection is None

    async def fetch(self, sql: str, *args: Any) -> list[Any]:
        """Run one statement and return its rows.

        Raises `ClosedTransaction` once the transaction has ended: a task spawned inside it inherits it, and would
        otherwise write into whatever transaction comes next.
        """
        async with self._turn:
            if self._connection is None:
                raise ClosedTransaction("this transaction has ended; start another one")
            if not self._connection.is_in_transaction():
                raise ClosedTransaction(
                    "this transaction has ended before its block; nothing more can be written in it"
                )
            with explained():
                rows: list[Any] = await self._connection.fetch(sql, *args)
                return rows

    async def execute(self, sql: str, *args: Any) -> None:
        """As `fetch`, for what Piccolo runs without rows."""
        await self.fetch(sql, *args)

    def end(self) -> None:
        """From now on refuse everything."""
        self._connection = None


class PooledTransaction(PostgresTransaction):
    """A Piccolo transaction that holds the register's lock. Others wait for it: keep it short."""

    connection: _Held

    def __init__(self, engine: "PooledEngine", *, allow_nested: bool) -> None:
        super().__init__(engine=engine, allow_nested=allow_nested)
        self._pooled = engine

    async def __aenter__(self) -> Self:
        if self._parent is not None:
            return cast("Self", self._parent)  # Piccolo nests by handing out the outer one
        # One of this process waits for the database's lock at a time: waiting must not use up the pool.
        async with AsyncExitStack() as opening:
            with told_busy():
                async with asyncio.timeout(self._pooled.lock_seconds):
                    await opening.enter_async_context(self._pooled.writing)
            self._own = await opening.enter_async_context(self._pooled.lent())
            with explained(undone=True):
                await self._own.execute(f"BEGIN; SELECT pg_advisory_xact_lock{REGISTER_LOCK}")
            # From here on it is for the end of the block to give the connection and the turn back.
            self._held = opening.pop_all()
        self.connection = _Held(self._own)
        self.context = self._pooled.current_transaction.set(self)
        return self

    @property
    def raw(self) -> PoolConnectionProxy:
        """The connection itself, for what Piccolo has no word for (COPY, a cursor); only inside the block."""
        return self._own

    async def commit(self) -> None:
        """Keep everything. Raises `Problem` (`storage`) when it cannot be kept, or nobody knows whether it was."""
        self._rolled_back = True
        await commit(self._own)
        self._committed, self._rolled_back = True, False

    async def rollback(self) -> None:
        """Drop everything."""
        self._rolled_back = True
        await roll_back(self._own)

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
            self._pooled.current_transaction.reset(self.context)
            await self._held.aclose()
        return False


async def commit(connection: PoolConnectionProxy) -> None:
    """Commit to the end. Raises `Problem` (`storage`); after a lost connection nobody knows what became of it."""
    with explained():
        await to_the_end(asyncio.ensure_future(connection.execute("COMMIT")))


async def roll_back(connection: PoolConnectionProxy) -> None:
    """Drop what is open. A connection that was lost, or is lost now, has dropped it already."""
    with suppress(*DRIVER_ERRORS):
        if connection.is_in_transaction():
            await to_the_end(asyncio.ensure_future(connection.execute("ROLLBACK")))


class PooledEngine(PostgresEngine):
    """Piccolo's PostgreSQL engine over two pools: one for pages and the register, one for the books."""

    __slots__ = ("_pages", "_posting", "lock_seconds", "writing")

    def __init__(self, url: str, watch: Watch = UNWATCHED, *, patient: bool = False, read_only: bool = False) -> None:
        """Take an address; nothing is connected yet. `patient` lifts the limits of time, for a migration.

        With `read_only` the server refuses every write.

        Raises `Problem` (`bad_database_url`) for an address that is none.
        """
        check_address(url)
        super().__init__(config={"dsn": url})
        limits = {} if patient else {"statement_timeout": str(STATEMENT_MS), "lock_timeout": str(LOCK_MS)}
        ours = {**_SERVER, **limits, **({"default_transaction_read_only": "on"} if read_only else {})}
        wait = None if patient else COMMAND_SECONDS
        slow = SlowLog(watch)
        self._pages = _pool(url, CONNECTIONS, wait, slow, ours)
        books = {
            **ours,
            **_BY_KEY,
            "lock_timeout": str(POSTING_LOCK_MS),
            "idle_in_transaction_session_timeout": str(POSTING_IDLE_MS),
        }
        self._posting = _pool(url, POSTING_CONNECTIONS, wait, slow, books)
        self.writing = asyncio.Lock()
        self.lock_seconds = None if patient else LOCK_MS / 1000

    async def check_version(self) -> None:
        """Piccolo would connect here, with a warning in place of an error."""

    async def open(self) -> None:
        """Get ready; a connection is made when first needed. Raises `Problem` (`storage`) when there is no server."""
        for pool in (self._pages, self._posting):
            await pool
        await self.run("SELECT 1", ())

    @asynccontextmanager
    async def lent(self, *, posting: bool = False) -> AsyncIterator[PoolConnectionProxy]:
        """A connection, given back at the end. Raises `Problem` (`storage`) when there is none in time."""
        pool = self._posting if posting else self._pages
        full = pool.get_size() == pool.get_max_size() and not pool.get_idle_size()
        with explained(undone=True), told_busy() if full else nullcontext():
            connection = await pool.acquire(timeout=CONNECT_SECONDS)
        try:
            yield connection
        finally:
            await roll_back(connection)
            with suppress(*DRIVER_ERRORS):  # a connection that is lost meanwhile is nobody's any more
                await pool.release(connection)  # shielded: done to its end even if the caller is cancelled here

    def _transaction_here(self) -> PooledTransaction | None:
        """The open or ended transaction that this task is in, or was when it was spawned."""
        return cast("PooledTransaction | None", self.current_transaction.get())

    @property
    def in_transaction(self) -> bool:
        """Whether this task is in a transaction, or was when it was spawned."""
        return self._transaction_here() is not None

    def transaction(self, allow_nested: bool = True) -> PooledTransaction:  # noqa: FBT001, FBT002 - Piccolo's signature
        """Start a transaction that holds the register's lock."""
        outer = self._transaction_here()
        if outer is not None and outer.connection.ended:
            self.current_transaction.set(None)  # inherited by a task that outlived it
        return PooledTransaction(self, allow_nested=allow_nested)

    def refuse_inside_transaction(self) -> None:
        """Raise `ClosedTransaction` inside an open transaction, as the SQLite engine must: one habit for both."""
        outer = self._transaction_here()
        if outer is not None and not outer.connection.ended:
            raise ClosedTransaction("a book is not written inside a transaction of the register: do it afterwards")

    async def carry_out(self, steps: Steps[T]) -> T:
        """Run the steps in one transaction: all of it is kept, or nothing.

        Raises what the steps raise, `Problem` (`storage`) for trouble of the database, whose words say whether nothing
        was kept or nobody knows, and `ClosedTransaction` when called inside an open transaction.
        """
        self.refuse_inside_transaction()
        async with self.lent(posting=True) as connection:
            with explained(undone=True, only_storage=True):
                await connection.execute("BEGIN")
                answer = await on_postgres(connection, steps)
            await commit(connection)
            return answer

    async def run(self, sql: str, args: Sequence[Any]) -> list[dict[str, Any]]:
        """Run one statement with `$1`, `$2`, … in the open transaction, else by itself on any free connection."""
        transaction = self._transaction_here()
        if transaction is not None:
            found = await transaction.connection.fetch(sql, *args)
        else:
            async with self.lent() as connection:
                with explained():
                    found = await connection.fetch(sql, *args)
        return [dict(row.items()) for row in found]

    async def run_querystring(
        self,
        querystring: QueryString,
        in_pool: bool = True,  # noqa: ARG002, FBT001, FBT002 - Piccolo's signature
    ) -> list[dict[str, Any]]:
        """Run a query of Piccolo's, as `run` does."""
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self.run(sql, args)

    async def run_ddl(
        self,
        ddl: str | DDL,
        in_pool: bool = True,  # noqa: ARG002, FBT001, FBT002 - Piccolo's signature
    ) -> list[dict[str, Any]]:
        """Run a statement as it is."""
        return await self.run(str(ddl), ())

    @property
    def connections(self) -> tuple[int, int]:
        """How many connections are at work, and how many there are."""
        pools = (self._pages, self._posting)
        open_now = sum(pool.get_size() for pool in pools)
        return open_now - sum(pool.get_idle_size() for pool in pools), open_now

    async def close(self) -> None:
        """Let what runs finish, then close every connection."""
        for pool in (self._pages, self._posting):
            try:
                await asyncio.wait_for(pool.close(), CLOSE_SECONDS)
            except TimeoutError:
                pool.terminate()


def check_address(url: str) -> None:
    """Raise `Problem` (`bad_database_url`) for an address that is none."""
    try:
        sound = urlsplit(url).scheme in {"postgresql", "postgres"} and urlsplit(url).port != 0
    except ValueError:
        sound = False
    if not sound:
        # Not shown, nor what was wrong with it: there is a password in it.
        raise Problem(
            "bad_database_url",
            N_("数据库地址不对：应当是 postgresql://<用户>:<密码>@<主机>/<库名>，密码里的特殊字符要用百分号编码。"),
            status=503,
        ) from None


def _pool(
    url: str, size: int, command_seconds: float | None, slow: SlowLog, settings: Mapping[str, str]
) -> asyncpg.Pool:
    async def watch(connection: PoolConnectionProxy) -> None:
        connection.add_query_logger(note)

    def note(ran: LoggedQuery) -> None:
        slow.note(ran.query, ran.elapsed)

    return asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        init=watch,
        reset=_as_it_is,
        timeout=CONNECT_SECONDS,
        command_timeout=command_seconds,
        server_settings=dict(settings),
    )


Engine = KeptEngine | PooledEngine
"""What a database is reached through; both have the same surface."""
