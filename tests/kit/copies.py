"""Backups in tests: what is in a database, to the byte, and backups that were tampered with."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

import releases
from dezhi.service import backups
from dezhi.store import archive

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
RELEASE = releases.names()[-1]


def silent(done: int, total: int) -> None:
    """Show no progress, but see that it makes sense."""
    if not 0 <= done <= total:
        raise AssertionError(f"{done} of {total}")


def take_it(reader: archive.Reader) -> None:
    """Check nothing."""


def names_in(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in folder.iterdir())


def rows_of(path: Path) -> dict[str, list[Any]]:
    """Every row of every table, with the very bytes and types SQLite keeps, but Piccolo's own and the sessions."""
    db = sqlite3.connect(path)
    try:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        left_out = {"migration", *backups.LEFT_OUT}
        return {
            name: sorted(db.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for name in names
            if name not in left_out and not name.startswith("sqlite_")
        }
    finally:
        db.close()


def schema_of(path: Path) -> list[Any]:
    """How a file's tables, indices and triggers were made."""
    db = sqlite3.connect(path)
    try:
        return sorted(db.execute("SELECT type, name, sql FROM sqlite_master").fetchall(), key=repr)
    finally:
        db.close()


Change = Callable[[list[list[Any]]], None]


def forge(backup: Path, forged: Path, table: str, change: Change) -> None:
    """Write another backup, sums and all, with other rows in a table: nobody's accident."""
    with archive.reading(backup) as reader, archive.writing(forged, take_it) as writer:
        for kept in reader.manifest.tables:
            rows = [list(row) for some in reader.rows(kept) for row in some]
            if kept.table.name == table:
                change(rows)
            with writer.table(kept.table) as sink:
                sink.add(rows)
        writer.finish(msgspec.structs.replace(reader.manifest, tables=tuple(writer.kept)))
