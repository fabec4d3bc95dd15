"""What a backup says about itself: enough to load it into either database, and to know that nothing is missing."""

from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

FORMAT: Final = 1


class Kind(StrEnum):
    """What a column holds, whatever a database calls it."""

    INT = "int"
    TEXT = "text"
    BYTES = "bytes"
    BOOL = "bool"
    DATE = "date"
    MOMENT = "moment"  # an aware time, to the microsecond
    JSON = "json"  # as the text it is kept as


class Column(msgspec.Struct, frozen=True):
    """A column by its name."""

    name: str
    kind: Kind


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table's shape. Its rows come in the order of `key`, its primary key."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A table in a backup: how many rows, and the SHA-256 (hexadecimal) of their lines."""

    table: Table
    rows: int
    sha256: str


class KeptFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of an installed plugin: its path in the folder of plugins, its bytes, and their SHA-256 (hexadecimal)."""

    path: str
    size: int
    sha256: str


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Where a book stood: `events` of them, and the hexadecimal root of its log, which a printed seal also shows."""

    book: int
    region: int
    events: int
    root: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The first thing to read of a backup.

    `keys` are marks of the keys in use, from which no key can be found; the keys themselves are never in a backup.
    `demo` is the note of a demo's data, so that it is a demo again where it is restored. `plugins` are the files of
    what was installed from files.
    """

    format: int = FORMAT
    dezhi: str
    made_at: datetime
    database: str
    migrations: tuple[str, ...]
    tables: tuple[Kept, ...]
    heads: tuple[Head, ...]
    keys: dict[str, str] = {}
    demo: str | None = None
    plugins: tuple[KeptFile, ...] = ()

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(kept.rows for kept in self.tables)
