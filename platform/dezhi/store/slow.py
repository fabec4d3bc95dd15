"""The slow-query log: one place for both databases.

A line has the statement with its placeholders and the time it took; values never reach this module.
"""

import logging
import sqlite3
import time
from collections.abc import Iterable
from typing import Any, Final

from dezhi.core.watch import Watch

log = logging.getLogger("dezhi.slow")

SLOW_SECONDS: Final = 0.2
"""From here on a statement is slow (SE-12)."""

SQL_SHOWN: Final = 2_000
"""Characters of a statement in a line; a batch's list of placeholders can be longer and says nothing."""


class SlowLog:
    """Told of every statement's time; keeps the slow ones."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def note(self, sql: str, seconds: float) -> bool:
        """Log a statement if it was slow, and say whether it was. Safe from any thread."""
        if seconds < SLOW_SECONDS:
            return False
        text = " ".join(sql.split())
        log.warning("slow query", extra={"ms": round(seconds * 1000), "sql": text[:SQL_SHOWN]})
        self._watch.slow_query()
        return True


def timed_connection(slow: SlowLog) -> type[sqlite3.Connection]:
    """A `factory` for `sqlite3.connect`: the time of a statement is running it and fetching all its rows."""

    class TimedCursor(sqlite3.Cursor):
        _sql = ""
        _began = 0.0

        def execute(self, sql: str, parameters: Any = (), /) -> "TimedCursor":
            self._sql, self._began = sql, time.perf_counter()
            super().execute(sql, parameters)
            self._note()
            return self

        def executemany(self, sql: str, parameters: Iterable[Any], /) -> "TimedCursor":
            self._sql, self._began = sql, time.perf_counter()
            super().executemany(sql, parameters)
            self._note()
            return self

        def fetchall(self) -> list[Any]:
            rows = super().fetchall()
            self._note()
            return rows

        def __iter__(self) -> Any:
            # At once, so that what the reader does between two rows is not taken for the database's time.
            return iter(self.fetchall())

        def _note(self) -> None:
            if self._sql and slow.note(self._sql, time.perf_counter() - self._began):
                self._sql = ""  # once is enough

    class TimedConnection(sqlite3.Connection):
        def cursor(self, factory: Any = TimedCursor) -> Any:
            return super().cursor(factory)

        def execute(self, sql: str, parameters: Any = (), /) -> TimedCursor:
            cursor: TimedCursor = self.cursor()
            return cursor.execute(sql, parameters)

        def executemany(self, sql: str, parameters: Iterable[Any], /) -> TimedCursor:
            cursor: TimedCursor = self.cursor()
            return cursor.executemany(sql, parameters)

    return TimedConnection
