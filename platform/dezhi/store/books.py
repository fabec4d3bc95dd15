"""Which book belongs to which township."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import msgspec

from dezhi.core import tree
from dezhi.core.body import FORMAT
from dezhi.core.book import Remembered
from dezhi.core.events import Outcome
from dezhi.store.accounts import marks, padded
from dezhi.store.database import Database

_Request = tuple[int, str, str]
"""A book, a source and a key."""

KEYS_ASKED = 500
"""Keys in one query: SQLite takes 32,766 values, and a plan for more is no faster."""


async def open_book(database: Database, region: int) -> int:
    """The number of the region's book, opened on first use."""
    found = await book_of(database, region)
    if found is not None:
        return found
    async with database.engine.transaction():
        found = await book_of(database, region)
        if found is not None:
            return found
        (last,) = await database.rows("SELECT coalesce(max(book_id), 0) AS book_id FROM book")
        number: int = last["book_id"] + 1
        await database.rows(
            "INSERT INTO book (book_id, region_id, format, next_seq, next_account, frontier, head, last_posted_at,"
            " closed_through) VALUES ({}, {}, {}, 1, 1, {}, {}, 0, 0)",
            number,
            region,
            FORMAT,
            b"",
            tree.root([]),
        )
        return number


async def book_of(database: Database, region: int) -> int | None:
    """The number of the region's book, if it has one."""
    row = await database.row("SELECT book_id FROM book WHERE region_id = {}", region)
    return None if row is None else row["book_id"]


async def closed_through(database: Database, book: int) -> int:
    """The last closed day of a book, 0 before the first."""
    row = await database.row("SELECT closed_through FROM book WHERE book_id = {}", book)
    return int(row["closed_through"]) if row else 0


class Mark(NamedTuple):
    """Where a book stands. `head` is the root of its log: two books with one head hold the same entries."""

    next_seq: int
    head: bytes


async def mark(database: Database, book: int) -> Mark:
    """The number the next event will get, and the head: they change exactly when the book does, so both serve as keys.

    The head also tells a book from the one it was before a backup was restored, and from everybody else's. Raises
    `LookupError` when there is no such book.
    """
    row = await database.row("SELECT next_seq, head FROM book WHERE book_id = {}", book)
    if row is None:
        raise LookupError(f"no book {book}")
    return Mark(row["next_seq"], bytes(row["head"]))


async def remembered(database: Database, book: int, source: str, keys: Sequence[str]) -> dict[str, Remembered]:
    """What keys were used for and what became of them, by key: for whoever must ask others before posting.

    A request that was booked must be answered as booked, even when scoring it again would now find nothing to award.
    """
    if len(keys) == 1:
        one = await database.one(_remembered, (book, source, keys[0]))
        return {} if one is None else {keys[0]: one}
    return {key: one for (*_, key), one in (await _remembered(database, [(book, source, key) for key in keys])).items()}


async def _remembered(database: Database, asked: Collection[_Request]) -> dict[_Request, Remembered]:
    by_source: dict[tuple[int, str], list[str]] = {}
    for book, source, key in asked:
        by_source.setdefault((book, source), []).append(key)
    found: dict[_Request, Remembered] = {}
    for (book, source), keys in by_source.items():
        for first in range(0, len(keys), KEYS_ASKED):
            some = padded(keys[first : first + KEYS_ASKED])
            rows = await database.rows(
                "SELECT key, digest, result FROM request"
                f" WHERE book_id = {{}} AND source = {{}} AND key IN ({marks(some)})",
                book,
                source,
                *some,
            )
            for row in rows:
                outcome = msgspec.json.decode(row["result"], type=Outcome)
                found[book, source, row["key"]] = Remembered(row["digest"], outcome)
    return found
