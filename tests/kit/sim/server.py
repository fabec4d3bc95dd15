"""A database server as the ledger's writers meet it: real tables in memory, real locks, unreliable all around.

It keeps PostgreSQL's promises at READ COMMITTED, and no others: a statement sees what was committed before it, a row
read for update is nobody else's until the end, and a transaction is kept whole or not at all.
"""

import asyncio
import random
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeVar

import asyncpg

from dezhi.store.poster import Unbooked
from dezhi.store.postgres import POSTING_LOCK_MS
from dezhi.store.steps import Fetch, Row, Save, Step, Steps, on_sqlite
from dezhi.store.trouble import explained
from sim.faults import Faults, is_planted, planted

T = TypeVar("T")

COMMIT_NOW = Fetch("COMMIT AND CHAIN", [])
"""What a planted bug yields to have half of its batch kept. The product has no such step."""


class Found(AssertionError):
    """The product broke a promise."""


class Server:
    """One database, in memory. `findings` are errors that neither the rules nor the simulator explain."""

    def __init__(self, schema: bytes, faults: Faults, chance: random.Random) -> None:
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        self.db.deserialize(schema)
        self.db.row_factory = _named
        self.db.execute("PRAGMA foreign_keys = 1")
        self.faults = faults
        self.chance = chance
        self.locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.life = 0
        self.down = False
        self.findings: list[str] = []

    def restart(self, seconds: float) -> None:
        """Drop every session; nobody can connect for some time."""
        self.life += 1
        self.down = True
        asyncio.get_running_loop().call_later(seconds, self._up)

    def _up(self) -> None:
        self.down = False

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """What is committed, asked past everybody."""
        return self.db.execute(sql).fetchall()

    def attempt(self, saves: Sequence[Step], *, keep: bool) -> Sequence[Row]:
        """Write in one transaction and keep it, or only look what the last statement answers."""
        self.db.execute("BEGIN IMMEDIATE")
        answer: Sequence[Row] = ()
        try:
            for step in saves:
                answer = run(self.db, step)
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT" if keep else "ROLLBACK")
        return answer


class Session:
    """One connection in one transaction."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._life = server.life
        self._book: int | None = None
        self._lock: asyncio.Lock | None = None
        self._saves: list[Step] = []

    async def _travel(self) -> None:
        """A message goes to the server or comes back. Raises the driver's error when the server is another by then."""
        await asyncio.sleep(self._server.faults.delay())
        if self._server.down or self._server.life != self._life:
            self._server.faults.count("server away")
            raise self._server.faults.lost()

    async def begin(self) -> None:
        """Connect, or raise."""
        await asyncio.sleep(self._server.faults.delay())
        if self._server.down:
            self._server.faults.count("connection refused")
            raise planted(ConnectionRefusedError("connection refused"))
        self._life = self._server.life

    async def run(self, steps: Steps[T]) -> T:
        """Run the steps to their end, but keep nothing yet."""
        try:
            step = next(steps)
            while True:
                step = steps.send(await self._one(step))
        except StopIteration as done:
            answer: T = done.value
            return answer

    async def _one(self, step: Step) -> Sequence[Row]:
        await self._travel()
        failure = self._server.faults.statement()
        if failure is not None:
            raise failure
        if step is COMMIT_NOW:
            self._keep()
            return ()
        if self._book is None and isinstance(step, Fetch):
            self._book = int(step.args[0])
        if isinstance(step, Save) or (isinstance(step, Fetch) and step.locking):
            await self._lock_book()
        if isinstance(step, Save):
            answer = self._server.attempt([*self._saves, step], keep=False)
            self._saves.append(step)
        elif self._saves:
            raise Found("a batch is read after it was written: the simulator does not know such steps")
        else:
            answer = run(self._server.db, step)
        await self._travel()
        return answer

    async def _lock_book(self) -> None:
        if self._lock is not None or self._book is None:
            return
        lock = self._server.locks[self._book]
        try:
            async with asyncio.timeout(POSTING_LOCK_MS / 1000):
                await lock.acquire()
        except TimeoutError:
            self._server.faults.count("waited too long for a lock")
            raise planted(asyncpg.LockNotAvailableError("canceling statement due to lock timeout")) from None
        self._lock = lock

    def _keep(self) -> None:
        if self._saves:
            self._server.attempt(self._saves, keep=True)
            self._saves = []

    async def commit(self) -> None:
        """Keep it; or the connection is lost before, after or while the server does it."""
        fate = self._server.faults.commit()
        try:
            await self._travel()
        except asyncio.CancelledError:
            # The client is killed. Its word may have been on the way.
            if self._server.chance.random() < 0.5:
                self._keep_late()
            raise
        if fate == "lost before":
            raise self._server.faults.lost()
        if fate == "lost, carried out late":
            self._keep_late()
            raise self._server.faults.lost()
        self._keep()
        if fate == "lost after":
            raise self._server.faults.lost()
        self.end()
        await self._travel()

    def _keep_late(self) -> None:
        """The server carries it out although nobody waits for it any more; unless it goes down before."""
        lock, self._lock = self._lock, None

        def do() -> None:
            try:
                if self._server.life == self._life:
                    self._keep()
            except sqlite3.Error as failure:
                self._server.findings.append(f"an error that nobody planted: {failure!r}")
            finally:
                if lock is not None:
                    lock.release()

        asyncio.get_running_loop().call_later(self._server.faults.notice(), do)

    def end(self, *, broken: bool = False) -> None:
        """Let go of the book: at once, or when the server finds out that nobody is there any more."""
        lock, self._lock = self._lock, None
        if lock is None:
            return
        late = self._server.faults.notice() if broken and self._server.life == self._life else 0.0
        if late:
            asyncio.get_running_loop().call_later(late, lock.release)
        else:
            lock.release()


class Engine:
    """The surface of the product's engines, over a simulated server; faults pass through the product's own words."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def refuse_inside_transaction(self) -> None:
        """Callers of the simulator have no transactions."""

    async def carry_out(self, steps: Steps[T]) -> T:
        """As `PooledEngine.carry_out`. Raises `Found` for an error that nobody planted."""
        session = Session(self._server)
        broken = True
        try:
            with explained(undone=True, only_storage=True):
                await session.begin()
                answer = await session.run(steps)
            with explained():
                await session.commit()
        except Unbooked:
            raise
        except Exception as failure:
            if not is_planted(failure) and not (failure.__cause__ and is_planted(failure.__cause__)):
                self._server.findings.append(f"an error that nobody planted: {failure!r}")
            raise
        else:
            broken = False
            return answer
        finally:
            session.end(broken=broken)


def run(db: sqlite3.Connection, step: Step) -> Sequence[Row]:
    """Run one step as the product does on SQLite."""

    def only() -> Steps[Sequence[Row]]:
        return (yield step)

    return on_sqlite(db, only())


def _named(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}
