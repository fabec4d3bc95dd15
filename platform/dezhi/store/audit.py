"""Streaming a ledger through its audit: out of a database at one moment, or out of a backup, a stretch at a time.

The rules are in `dezhi.core.audit`; what grows with the events is kept in `dezhi.store.aside`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from operator import itemgetter
from typing import Any, Final, TypeVar

from dezhi.core import tree
from dezhi.core.audit import BookAudit
from dezhi.core.backups import Kept, Table
from dezhi.core.body import FORMAT
from dezhi.core.comparing import COLUMNS, KEYS, Merge, Postings, Row
from dezhi.core.deriving import Standing
from dezhi.core.faults import Audited, Fault, Faults, Stood
from dezhi.store import archive
from dezhi.store.archive import Reader
from dezhi.store.aside import Aside, nowhere
from dezhi.store.snapshots import Snapshot

COUNTED: Final = ("txn", "posting")
"""The tables whose rows are counted for a progress bar."""

DRAIN_EVENTS: Final = 20_000

T = TypeVar("T")
Progress = Callable[[int, int], None]
More = Callable[[int], None]


class Stream:
    """The rows of one book in one table, in the order of the key, from after the key `after` (without the book)."""

    def __init__(self, table: str, book: int | None, columns: Sequence[str], after: tuple[int, ...] = ()) -> None:
        self.table = table
        self.book = book
        """None for the rows of all books that are none."""
        self.columns = columns
        self.after = after
        self._rows: list[Row] = []
        self._ended = False

    def more(self) -> "Steps[list[Row]]":
        """The next rows; none at the end."""
        rows = yield self
        return rows

    def until(self, last: tuple[int, ...] | None) -> "Steps[list[Row]]":
        """The rows up to a key or the beginning of one; all that are left for None."""
        taken: list[Row] = []
        while True:
            if self._rows:
                found = len(self._rows) if last is None else bisect_right(self._rows, last, key=_first(len(last)))
                taken += self._rows[:found]
                self._rows = self._rows[found:]
                if self._rows:
                    return taken
            if self._ended:
                return taken
            self._rows = yield self
            self._ended = not self._rows


def _first(count: int) -> Callable[[Row], tuple[Any, ...]]:
    return lambda row: tuple(row[:count])


Steps = Generator[Stream, list[Row], T]
"""An audit that yields the stream it wants more rows of, and is sent them; an empty list at the end."""


# ── the audit ──


Columns = Mapping[str, Sequence[str]]
"""The audited tables that are there, each with those of its columns that are, in the order of `COLUMNS`."""


def steps(columns: Columns, aside: Aside) -> Steps[Audited]:
    """Every book from its events, then the rows of books that are none."""
    books = yield from Stream("book", None, columns["book"]).until(None)
    stood: list[Stood] = []
    found: list[Fault] = []
    postings = count = 0
    for row in books:
        faults = Faults()
        book = _Book(row, columns, aside, faults)
        postings += yield from book.run()
        stood.append(book.stood())
        found += faults.found()
        count += faults.count
    for table, names in columns.items():
        if table == "book":
            continue
        faults = Faults()
        Merge(faults, table, names, ()).take((yield from Stream(table, None, names).until(None)))
        found += faults.found()
        count += faults.count
    return Audited(
        books=tuple(stood),
        events=sum(one.events for one in stood),
        postings=postings,
        count=count,
        faults=tuple(found),
    )


class _Book:
    """One book's way through its audit."""

    def __init__(self, row: Row, columns: Columns, aside: Aside, faults: Faults) -> None:
        self._row = row
        self._number = row[0]
        self._columns = columns
        self._aside = aside
        self._faults = faults
        self._audit = BookAudit(Standing(self._number), faults)

    def _stream(self, table: str, *after: int) -> Stream:
        return Stream(table, self._number, self._columns[table], after)

    def run(self) -> Steps[int]:
        """Derive everything and hold every table against it; return how many postings there are."""
        yield from self._go_on()
        yield from self._events()
        audit, aside, number = self._audit, self._aside, self._number
        aside.keep(number, audit.made.drain())
        if not self._faults.count:
            aside.save(audit.standing)
        yield from self._against("account", audit.made.accounts())
        holds = sorted([*audit.made.open_orders()], key=lambda row: row[1])
        yield from self._against("hold", _merged(aside.rows("hold", number), holds))
        for table in ("cohort", "reversal", "confirmation", "cap_counter"):
            yield from self._against(table, aside.rows(table, number))
        # Books were widened to format 2 together with the tables.
        audit.end(self._row, self._columns["book"], FORMAT if "cohort" in self._columns else 1)
        if self._faults.count:
            aside.forget(number)
        return audit.standing.postings

    def _go_on(self) -> Steps[None]:
        """Take up what an ended audit derived, if the leaves of its events are still those of the log's beginning."""
        before = self._aside.standing(self._number)
        frontier: list[bytes] = []
        size = 0
        stream = Stream("txn", self._number, ("leaf",))
        while size < before.size and (rows := (yield from stream.more())):
            for (leaf,) in rows[: before.size - size]:
                frontier = tree.append(frontier, size, leaf)
                size += 1
        if before.size and (size, frontier) == (before.size, before.frontier):
            self._audit = BookAudit(before, self._faults)
        else:
            self._aside.forget(self._number)

    def _events(self) -> Steps[None]:
        audit = self._audit
        at = audit.standing
        drained = at.size
        events = self._stream("txn", *at.last)
        postings, texts = self._stream("posting", *at.last), self._stream("txn_text", at.last[1])
        uses = self._stream("cap_use", at.last[1])
        check = Postings(self._faults)
        while rows := (yield from events.more()):
            derived = audit.take(rows)
            stored = yield from postings.until((self._number, *at.last))
            check.check(derived, stored)
            at.postings += len(stored)
            here = (self._number, at.last[1])
            audit.beside((yield from texts.until(here)), (yield from uses.until(here)))
            if at.size - drained >= DRAIN_EVENTS:
                self._aside.keep(self._number, audit.made.drain())
                drained = at.size
                # From the first difference on nothing is saved: it must be found again.
                if self._aside.is_due and not self._faults.count:
                    self._aside.save(at)
        check.check([], (yield from postings.until(None)))
        audit.beside((yield from texts.until(None)), (yield from uses.until(None)))
        check.end()

    def _against(self, table: str, derived: Iterable[Row]) -> Steps[None]:
        if table not in self._columns:
            return
        held = Merge(self._faults, table, self._columns[table], derived)
        stream = self._stream(table)
        while rows := (yield from stream.more()):
            held.take(rows)
        held.end()

    def stood(self) -> Stood:
        """Where the book stands by its events."""
        at = self._audit.standing
        return Stood(
            book=self._number,
            region=self._row[self._columns["book"].index("region_id")],
            events=at.size,
            root=tree.root(at.frontier).hex(),
            faults=self._faults.count,
        )


def _merged(resolved: Iterable[Row], still_open: Iterable[Row]) -> Iterator[Row]:
    return merge(resolved, still_open, key=lambda row: row[1])


# ── where rows come from ──


def _columns(tables: Iterable[Table]) -> Columns:
    there = {table.name: {column.name for column in table.columns} for table in tables}
    return {name: [one for one in all_ if one in there[name]] for name, all_ in COLUMNS.items() if name in there}


async def of_snapshot(snapshot: Snapshot, aside: Aside, progress: Progress) -> Audited:
    """Audit a database as it is at one moment. `progress` is told rows of events and postings, and all of them."""
    shapes = {table.name: table for table in await snapshot.tables() if table.name in COLUMNS}
    total = await snapshot.count("txn") + await snapshot.count("posting")
    done = 0
    cursors: dict[Stream, AsyncGenerator[list[Row], None]] = {}
    audit = steps(_columns(shapes.values()), aside)
    rows: list[Row] = []
    try:
        wanted = next(audit)
        while True:
            if wanted not in cursors:
                cursors[wanted] = snapshot.rows(_shape(shapes[wanted.table], wanted), _where(wanted))
            rows = await anext(cursors[wanted], [])
            if wanted.table in COUNTED:
                # Of what an audit before had seen, only the leaves are read.
                done += len(rows) if len(wanted.columns) > 1 else 2 * len(rows)
                progress(min(done, total), total)
            wanted = audit.send(rows)
    except StopIteration as end:
        found: Audited = end.value
        return found
    finally:
        for cursor in cursors.values():
            await cursor.aclose()


def _shape(table: Table, wanted: Stream) -> Table:
    kinds = {column.name: column for column in table.columns}
    return Table(name=table.name, columns=tuple(kinds[name] for name in wanted.columns), key=KEYS[table.name])


def _where(wanted: Stream) -> str:
    """The rows of a stream in SQL; every value in it is a whole number of ours."""
    if wanted.book is None:
        return "" if wanted.table == "book" else "book_id NOT IN (SELECT book_id FROM book)"
    where = f"book_id = {wanted.book:d}"
    if wanted.after:
        key = ", ".join(KEYS[wanted.table][1 : 1 + len(wanted.after)])
        where += f" AND ({key}) > ({', '.join(f'{part:d}' for part in wanted.after)})"
    return where


def of_archive(reader: Reader, progress: More) -> Audited:
    """Audit a backup. `progress` is told how many rows more were read. Raises `Problem` when they are broken."""
    kept = {one.table.name: one for one in reader.manifest.tables if one.table.name in COLUMNS}
    columns = _columns(one.table for one in kept.values())
    if any(columns.get(name) != [*COLUMNS[name]] for name in ("book", "txn", "txn_text", "posting", "cap_use")):
        raise archive.damaged(archive.MANIFEST)
    tables = {name: _Member(reader, one, progress) for name, one in kept.items()}
    with nowhere() as aside:
        audit = steps(columns, aside)
        wanted = next(audit)
        try:
            while True:
                wanted = audit.send(tables[wanted.table].rows(wanted))
        except StopIteration as end:
            found: Audited = end.value
            return found
        except (TypeError, AttributeError) as broken:
            # A database would not have taken a row with a value missing.
            raise archive.damaged(wanted.table) from broken


class _Member:
    """A table of a backup, whose books come one after another."""

    def __init__(self, reader: Reader, kept: Kept, progress: More) -> None:
        names = [column.name for column in kept.table.columns]
        self._chunks = reader.rows(kept)
        self._pick = itemgetter(*[names.index(name) for name in COLUMNS[kept.table.name] if name in names])
        self._progress = progress
        self._held: list[Row] = []
        self._strays: list[Row] = []

    def rows(self, wanted: Stream) -> list[Row]:
        """Some rows more of a book; of every other one for None."""
        if wanted.book is None:
            strays, self._strays = [*self._strays, *self._held], []
            self._held = []
            return strays or self._more()
        while self._held or (more := self._more()):
            if not self._held:
                self._held = more
            number = wanted.book
            first = bisect_left(self._held, number, key=itemgetter(0))
            last = bisect_right(self._held, number, key=itemgetter(0))
            self._strays += self._held[:first]
            rows, self._held = self._held[first:last], self._held[last:]
            if rows or self._held:
                return rows
        return []

    def _more(self) -> list[Row]:
        """The next rows with the columns that are audited, the book first."""
        rows = next(self._chunks, [])
        self._progress(len(rows))
        return [self._pick(row) for row in rows]
