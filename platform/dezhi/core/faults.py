"""What an audit finds: rows that are not what the bodies of the events say, each by its table, key and column."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

from dezhi.core.text import N_, Phrase, phrase

KEPT_MAX: Final = 50
"""Differences kept of each table; more are only counted. One false event can put thousands of sums wrong."""

VALUE_MAX: Final = 80
"""Characters of a value that are kept."""

BRIEF: Final = 20
"""Characters of a value that stand in a sentence: enough to know a hash by."""

Shown = int | str | None
"""A value as it is shown: bytes in hexadecimal."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One difference. `stored` is what the row says, `derived` what the bodies of the events say.

    `differs`: one column of a row. `missing`: a row that should be there. `extra`: a row which no event made.
    `unreadable`: a body that is none.
    """

    table: str
    key: dict[str, Shown]
    what: Literal["differs", "missing", "extra", "unreadable"]
    column: str = ""
    stored: Shown = None
    derived: Shown = None

    @property
    def book(self) -> Shown:
        """The book of the row."""
        return self.key.get("book_id")

    @property
    def phrase(self) -> Phrase:
        """The difference in words."""
        where = {
            "table": phrase(TABLE_WORDS[self.table]),
            "name": self.table,
            "key": ", ".join(f"{column}={value}" for column, value in self.key.items()),
        }
        values = {"stored": _brief(self.stored), "derived": _brief(self.derived)}
        return phrase(_WORDS[self.what], column=self.column, **values, **where)


def _brief(value: Shown) -> Shown:
    return f"{value[:BRIEF]}…" if isinstance(value, str) and len(value) > BRIEF + 4 else value


_WORDS: Final = {
    "differs": N_("%(table)s（%(name)s %(key)s）的 %(column)s 是 %(stored)s，按原文应当是 %(derived)s"),
    "missing": N_("%(table)s（%(name)s %(key)s）不见了"),
    "extra": N_("%(table)s（%(name)s %(key)s）多出来了，没有一笔账的原文说到它"),
    "unreadable": N_("%(table)s（%(name)s %(key)s）的原文坏了，读不出来"),
}

TABLE_WORDS: Final = {
    "txn": N_("账目"),
    "txn_text": N_("账目的说明"),
    "posting": N_("分录"),
    "account": N_("账户"),
    "cohort": N_("积分的批次"),
    "hold": N_("预留"),
    "reversal": N_("冲正的关联"),
    "confirmation": N_("公示期满的关联"),
    "cap_counter": N_("限额的计数"),
    "cap_use": N_("限额的使用"),
    "book": N_("账簿"),
    "checkpoint": N_("封签"),
    "checkpoint_book": N_("封签里的账簿"),
    "tile": N_("封签的散列"),
}
"""What pages call the tables of the ledger, causes before what follows from them."""


def shown(value: object) -> Shown:
    """A value as a fault shows it."""
    if isinstance(value, bytes | bytearray | memoryview):
        value = bytes(value).hex()
    if isinstance(value, str):
        return value if len(value) <= VALUE_MAX else f"{value[:VALUE_MAX]}…"
    return int(value) if isinstance(value, int) else None


class Stood(msgspec.Struct, frozen=True, kw_only=True):
    """Where an audited book stands by its events: how many, and the hexadecimal root of its log."""

    book: int
    region: int
    events: int
    root: str
    faults: int


class Audited(msgspec.Struct, frozen=True, kw_only=True):
    """What an audit found. `count` are all differences, `faults` those that are named."""

    books: tuple[Stood, ...]
    events: int
    postings: int
    count: int
    faults: tuple[Fault, ...]

    @property
    def is_clean(self) -> bool:
        """Whether every row is what the events say."""
        return not self.count


class Faults:
    """Collects the differences of one book: the first of each table by name, the others by number."""

    def __init__(self) -> None:
        self._kept: list[Fault] = []
        self._counts: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """How many there are."""
        return self._counts.total()

    def add(self, fault: Fault) -> None:
        """Keep a difference, or count it."""
        if self._counts[fault.table] < KEPT_MAX:
            self._kept.append(fault)
        self._counts[fault.table] += 1

    def row(self, what: Literal["missing", "extra", "unreadable"], table: str, key: Mapping[str, object]) -> None:
        """A whole row that is too many, missing or broken."""
        self.add(Fault(table=table, key={name: shown(value) for name, value in key.items()}, what=what))

    def column(self, table: str, key: Mapping[str, object], column: str, stored: object, derived: object) -> Fault:
        """One column that differs."""
        fault = Fault(
            table=table,
            key={name: shown(value) for name, value in key.items()},
            what="differs",
            column=column,
            stored=shown(stored),
            derived=shown(derived),
        )
        self.add(fault)
        return fault

    def found(self) -> Sequence[Fault]:
        """The kept ones: events first, then what follows from them."""
        order = list(TABLE_WORDS)
        rank = {"unreadable": 0, "missing": 1, "differs": 2, "extra": 3}
        return sorted(self._kept, key=lambda one: (order.index(one.table), rank[one.what]))

    def put_right(self, old: Fault, new: Fault | None) -> None:
        """Put another in the place of one found before, or take it away: more is known now."""
        if old in self._kept:
            at = self._kept.index(old)
            self._kept[at : at + 1] = [] if new is None else [new]
            self._counts[old.table] -= new is None
