"""Holding the rows of the ledger's tables against derived ones, and naming every row and column that differs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dezhi.core.faults import Faults

Row = Sequence[Any]

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "book": ("book_id",),
    "txn": ("book_id", "period", "seq"),
    "txn_text": ("book_id", "seq"),
    "posting": ("book_id", "period", "seq", "line"),
    "account": ("book_id", "account_id"),
    "cohort": ("book_id", "account_id", "until", "lapses"),
    "hold": ("book_id", "order_ref"),
    "reversal": ("book_id", "target_seq"),
    "confirmation": ("book_id", "target_seq"),
    "cap_counter": ("book_id", "rule", "subject", "period_key"),
    "cap_use": ("book_id", "seq", "rule", "subject", "period_key"),
}
"""The audited tables and their keys, which come first in `COLUMNS`."""

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "book": (
        *KEYS["book"],
        *("region_id", "format", "next_seq", "next_account", "frontier", "head", "last_posted_at", "closed_through"),
    ),
    "txn": (
        *(*KEYS["txn"], "kind", "event_day", "posted_at", "source", "key", "programme", "version", "item", "actor"),
        *("proposer_person", "proposer_household", "approver_person", "household", "person", "grid", "village"),
        *("reverses", "order_ref", "salt", "body", "leaf"),
    ),
    "txn_text": (*KEYS["txn_text"], "text"),
    "posting": (
        *(*KEYS["posting"], "dr_account", "cr_account", "asset", "amount", "dr_after", "cr_after"),
        *("kind", "event_day", "programme", "item", "household", "person", "grid", "village"),
    ),
    "account": (
        *(*KEYS["account"], "programme", "holder_kind", "holder_id", "asset", "role"),
        *("credits", "debits", "held", "debt_limit", "has_floor", "last_seq", "overdraft", "frozen"),
    ),
    "cohort": (*KEYS["cohort"], "granted", "used", "reserved"),
    "hold": (
        *(*KEYS["hold"], "hold_seq", "account_id", "asset", "amount", "captured", "state", "resolved_seq"),
        *("kind", "expires_at"),
    ),
    "reversal": (*KEYS["reversal"], "seq"),
    "confirmation": (*KEYS["confirmation"], "seq"),
    "cap_counter": (*KEYS["cap_counter"], "used"),
    "cap_use": (*KEYS["cap_use"], "added"),
}
"""Every column of them: all are held against the bodies."""

UNTOLD: Final = ...
"""In the place of a value that the bodies do not tell."""

_AFTER: Final = (COLUMNS["posting"].index("dr_after"), COLUMNS["posting"].index("cr_after"))


def named(table: str, row: Row) -> dict[str, Any]:
    """The key of a row that begins with it."""
    return dict(zip(KEYS[table], row, strict=False))


def compare(faults: Faults, table: str, columns: Sequence[str], stored: Row, derived: Row) -> None:
    """Name every column of one row that differs."""
    for column, one, other in zip(columns, stored, derived, strict=True):
        if one != other and other is not UNTOLD:
            faults.column(table, named(table, stored), column, one, other)


class Merge:
    """Holds the rows of one table against derived ones, both in the order of their keys, of whatever columns exist."""

    def __init__(self, faults: Faults, table: str, columns: Sequence[str], derived: Iterable[Row]) -> None:
        self._faults = faults
        self._table = table
        self._columns = columns
        self._places = [COLUMNS[table].index(column) for column in columns]
        self._key = len(KEYS[table])
        self._derived = iter(derived)
        self._next = self._following()

    def _following(self) -> Row | None:
        row = next(self._derived, None)
        return None if row is None else tuple([row[place] for place in self._places])

    def take(self, rows: Iterable[Row]) -> None:
        """The next rows of the table."""
        for row in rows:
            key = tuple(row[: self._key])
            while self._next is not None and tuple(self._next[: self._key]) < key:
                self._missing(self._next)
            if self._next is None or tuple(self._next[: self._key]) != key:
                self._faults.row("extra", self._table, named(self._table, row))
                continue
            if tuple(row) != self._next:
                compare(self._faults, self._table, self._columns, row, self._next)
            self._next = self._following()

    def _missing(self, row: Row) -> None:
        self._faults.row("missing", self._table, named(self._table, row))
        self._next = self._following()

    def end(self) -> None:
        """There are no more rows of the book."""
        while self._next is not None:
            self._missing(self._next)


class Postings:
    """Holds postings against the lines of bodies, a stretch at a time; what moved away from its place is paired up."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._wanted: dict[tuple[int, ...], Row] = {}
        self._found: dict[tuple[int, ...], Row] = {}
        self._drift: defaultdict[int, int] = defaultdict(int)

    def check(self, derived: list[Row], stored: list[Row]) -> None:
        """One stretch: the rows that the bodies make, and those the table has."""
        if derived == stored and not self._drift:
            return
        wanted = {tuple(row[:4]): row for row in derived}
        for row in stored:
            other = wanted.pop(tuple(row[:4]), None) or self._wanted.pop(tuple(row[:4]), None)
            if other is None:
                self._found[tuple(row[:4])] = row
            elif tuple(row) != other or self._drift:
                compare(self._faults, "posting", COLUMNS["posting"], row, self._drifted(row, other))
        for key, row in wanted.items():
            late = self._found.pop(key, None)
            if late is None:
                self._wanted[key] = row
            elif late != row:
                compare(self._faults, "posting", COLUMNS["posting"], late, row)

    def _drifted(self, stored: Row, derived: Row) -> Row:
        """The derived row; a balance after it that was wrong is named once, and those that follow from it are not."""
        row = list(derived)
        for account, place in zip((derived[4], derived[5]), _AFTER, strict=True):
            if derived[place] is not None:
                row[place] = derived[place] + self._drift[account]
                if isinstance(stored[place], int):
                    self._drift[account] = stored[place] - derived[place]
                if not self._drift[account]:
                    del self._drift[account]
        return row

    def end(self) -> None:
        """There are no more rows of the book."""
        for row in self._wanted.values():
            self._faults.row("missing", "posting", named("posting", row))
        for row in self._found.values():
            self._faults.row("extra", "posting", named("posting", row))
