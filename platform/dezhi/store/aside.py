"""What an audit keeps aside: derived rows of the tables that grow with the events, and where it stands.

In a data directory it is a file of its own, so that an audit which was ended goes on. Nothing is lost with it but time.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from dezhi.core.comparing import COLUMNS, KEYS, Row
from dezhi.core.deriving import Fresh, Standing
from dezhi.core.errors import Problem
from dezhi.core.text import N_

FILE: Final = "audit.state"

STALE: Final = 24 * 3_600
"""Seconds after which an audit that was ended begins anew: what it has seen is of another day."""

SAVE_SECONDS: Final = 5.0
"""How much of an audit is done again when it was ended."""

TABLES: Final = ("cohort", "hold", "reversal", "confirmation", "cap_counter", "cap_use")
"""The tables that grow with the events, besides events and postings."""


class Aside:
    """Derived rows of the tables that grow with the events, and where the deriving of each book stands."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._saved = time.monotonic()
        for table in TABLES:
            columns = ", ".join(COLUMNS[table])
            key = ", ".join(KEYS[table])
            db.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns}, PRIMARY KEY ({key})) WITHOUT ROWID")
        db.execute("CREATE TABLE IF NOT EXISTS standing (book_id INTEGER PRIMARY KEY, data BLOB)")

    def keep(self, book: int, fresh: Fresh) -> None:
        """Add what was derived."""
        self._put("hold", fresh.holds)
        self._put("reversal", fresh.reversals)
        self._put("confirmation", fresh.confirmations)
        self._put("cap_use", fresh.uses)
        changes = [(book, *key, *change) for key, change in sorted(fresh.lots.items())]
        moved = ", ".join(f"{name} = {name} + excluded.{name}" for name in ("granted", "used", "reserved"))
        self._db.executemany(
            f"INSERT INTO cohort VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET {moved}", changes
        )
        added = " ON CONFLICT DO UPDATE SET used = used + excluded.used"
        self._db.executemany(
            f"INSERT INTO cap_counter VALUES (?, ?, ?, ?, ?){added}",
            [(book, *key, change) for key, change in sorted(fresh.caps.items())],
        )
        self._db.executemany(
            "INSERT INTO cap_counter SELECT book_id, rule, subject, period_key, -added FROM cap_use"
            f" WHERE book_id = ? AND seq = ?{added}",
            [(book, seq) for seq in fresh.returned],
        )

    def _put(self, table: str, rows: Sequence[Row]) -> None:
        marks = ", ".join("?" * len(COLUMNS[table]))
        self._db.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", rows)

    def rows(self, table: str, book: int) -> Iterator[Row]:
        """The derived rows of a book, in the order of their key."""
        order = ", ".join(KEYS[table])
        return self._db.execute(f"SELECT * FROM {table} WHERE book_id = ? ORDER BY {order}", (book,))

    def standing(self, book: int) -> Standing:
        """Where the deriving of a book stands; at its beginning where nothing is known."""
        found = self._db.execute("SELECT data FROM standing WHERE book_id = ?", (book,)).fetchone()
        return msgspec.msgpack.decode(found[0], type=Standing) if found else Standing(book)

    @property
    def is_due(self) -> bool:
        """Whether it is time to save."""
        return time.monotonic() - self._saved >= SAVE_SECONDS

    def save(self, standing: Standing) -> None:
        """Keep where a book stands, together with all that was derived of it; on the disk when it is time."""
        data = msgspec.msgpack.encode(standing)
        self._db.execute("INSERT OR REPLACE INTO standing VALUES (?, ?)", (standing.book, data))
        if self.is_due:
            self._db.commit()
            self._saved = time.monotonic()

    def forget(self, book: int) -> None:
        """Begin a book anew."""
        for table in (*TABLES, "standing"):
            self._db.execute(f"DELETE FROM {table} WHERE book_id = ?", (book,))


@contextmanager
def nowhere() -> Iterator[Aside]:
    """Keep things aside in a file without a name that goes away by itself."""
    db = sqlite3.connect("")
    try:
        yield Aside(db)
    finally:
        db.close()


@contextmanager
def in_folder(data_dir: Path, release: str, now: int) -> Iterator[Aside]:
    """Keep things aside in a data directory, going on where an audit of this release was ended less than a day ago.

    `now`: seconds since 1970. When the block ends well the file is removed. Raises `Problem` (`audit-running`).
    """
    path = data_dir / FILE
    try:
        db, aside = _open(path, release, now)
    except sqlite3.DatabaseError as trouble:
        if trouble.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            text = N_("另一次核对正在进行，这一次没有做。请等它做完再看结果。")
            raise Problem("audit-running", text, status=409) from trouble
        _remove(path)
        db, aside = _open(path, release, now)
    try:
        yield aside
    finally:
        db.close()
    _remove(path)


def _open(path: Path, release: str, now: int) -> tuple[sqlite3.Connection, Aside]:
    db = sqlite3.connect(path, timeout=0)
    db.execute("PRAGMA locking_mode = EXCLUSIVE")
    db.execute("CREATE TABLE IF NOT EXISTS made (release TEXT, at INTEGER)")
    made = db.execute("SELECT release, at FROM made").fetchone()
    if made is not None and (made[0] != release or not 0 <= now - made[1] < STALE):
        db.close()
        _remove(path)
        return _open(path, release, now)
    if made is None:
        db.execute("INSERT INTO made VALUES (?, ?)", (release, now))
    aside = Aside(db)
    db.commit()
    return db, aside


def _remove(path: Path) -> None:
    for end in ("", "-journal"):
        path.with_name(path.name + end).unlink(missing_ok=True)
