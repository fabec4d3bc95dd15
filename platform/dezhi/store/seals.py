"""Seals as they are kept, and the hashes of books' trees by which proofs are found without reading whole books."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from dezhi.core import tree
from dezhi.core.proofs import Span, Subtree, reduced, subtrees
from dezhi.store.database import Database

TILE_BITS: Final = 8
TILE: Final = 1 << TILE_BITS
"""Hashes of one level in a tile."""

_TILES_AT_ONCE: Final = 16


class Standing(NamedTuple):
    """Where a book stands: how many entries, and the root over them."""

    book: int
    size: int
    root: bytes


class Seal(NamedTuple):
    """One seal. `day` is the village's, `sealed_at` microseconds since 1970, `code` the short code for the wall."""

    number: int
    day: int
    sealed_at: int
    note: str
    verifier: str
    code: str


class Gap(LookupError):
    """A book lacks entries that its head counts."""


_SEAL: Final = "SELECT checkpoint_id AS number, day, sealed_at, note, verifier, code FROM checkpoint"


async def standings(database: Database) -> list[Standing]:
    """Every book as it stands now, by number."""
    rows = await database.rows("SELECT book_id, next_seq - 1 AS size, head FROM book ORDER BY book_id")
    return [Standing(row["book_id"], row["size"], bytes(row["head"])) for row in rows]


async def first_region(database: Database) -> str:
    """The code of the region that the first book belongs to; empty where it is none of the register's."""
    row = await database.row("SELECT r.code FROM book b JOIN region r ON r.id = b.region_id ORDER BY b.book_id LIMIT 1")
    return row["code"] if row else ""


async def names(database: Database) -> dict[int, str]:
    """What the regions of the books are called; a book of none of the register's is left out."""
    rows = await database.rows("SELECT b.book_id, r.name FROM book b JOIN region r ON r.id = b.region_id")
    return {row["book_id"]: row["name"] for row in rows}


async def newest(database: Database) -> Seal | None:
    """The last seal."""
    row = await database.row(f"{_SEAL} ORDER BY checkpoint_id DESC LIMIT 1")
    return Seal(**row) if row else None


async def seal(database: Database, number: int) -> Seal | None:
    """The seal of a number."""
    row = await database.row(f"{_SEAL} WHERE checkpoint_id = {{}}", number)
    return Seal(**row) if row else None


async def seals(database: Database, before: int, limit: int) -> list[Seal]:
    """Seals, newest first, before a number."""
    rows = await database.rows(
        f"{_SEAL} WHERE checkpoint_id < {{}} ORDER BY checkpoint_id DESC LIMIT {{}}", before, limit
    )
    return [Seal(**row) for row in rows]


async def sealed(database: Database, number: int) -> list[Standing]:
    """The books as they stood at a seal, by number."""
    rows = await database.rows(
        "SELECT book_id, size, root FROM checkpoint_book WHERE checkpoint_id = {} ORDER BY book_id", number
    )
    return [Standing(row["book_id"], row["size"], bytes(row["root"])) for row in rows]


async def body(database: Database, book: int, seq: int) -> bytes | None:
    """The bytes of one entry, as they are kept."""
    row = await database.row("SELECT body FROM txn WHERE book_id = {} AND seq = {}", book, seq)
    return bytes(row["body"]) if row else None


async def add(database: Database, new: Seal, books: Sequence[Standing]) -> bool:
    """Keep a seal with its books, unless there is one of its number already; then False."""
    async with database.engine.transaction():
        if await seal(database, new.number) is not None:
            return False
        kept = await database.rows(
            "INSERT INTO checkpoint (checkpoint_id, day, sealed_at, note, verifier, code)"
            " VALUES ({}, {}, {}, {}, {}, {}) ON CONFLICT (checkpoint_id) DO NOTHING RETURNING checkpoint_id",
            *new,
        )
        if not kept:
            return False
        for one in books:
            await database.rows(
                "INSERT INTO checkpoint_book (checkpoint_id, book_id, size, root) VALUES ({}, {}, {}, {})",
                new.number,
                *one,
            )
    return True


async def extend(database: Database, book: int, size: int) -> None:
    """Keep the tiles that a tree of `size` leaves fills and that are not kept yet. Raises `Gap`."""
    level, full = 0, size // TILE
    while full:
        while await _extend(database, book, level, full):
            pass
        level, full = level + 1, full // TILE


async def _extend(database: Database, book: int, level: int, full: int) -> bool:
    """Keep some more of a level's tiles; whether there were any."""
    async with database.engine.transaction():
        row = await database.row(
            "SELECT coalesce(max(idx), -1) + 1 AS next FROM tile WHERE book_id = {} AND level = {}", book, level
        )
        first = row["next"] if row else 0
        end = min(full, first + _TILES_AT_ONCE)
        if first >= end:
            return False
        below = await _below(database, book, level, first * TILE, (end - first) * TILE)
        for at, idx in enumerate(range(first, end)):
            hashes = below[at * TILE : (at + 1) * TILE]
            await database.rows(
                "INSERT INTO tile (book_id, level, idx, root, hashes) VALUES ({}, {}, {}, {}, {})"
                " ON CONFLICT (book_id, level, idx) DO NOTHING",
                *(book, level, idx, reduced(hashes), tree.pack(hashes)),
            )
    return True


async def _below(database: Database, book: int, level: int, first: int, count: int) -> list[bytes]:
    """Hashes of a level from where it is not kept as tiles: the leaves, or the roots of the tiles below.

    Raises `Gap`.
    """
    if level == 0:
        rows: list[dict[str, Any]] = await database.rows(
            "SELECT leaf AS hash FROM txn WHERE book_id = {} AND seq > {} AND seq <= {} ORDER BY seq",
            *(book, first, first + count),
        )
    else:
        rows = await database.rows(
            "SELECT root AS hash FROM tile WHERE book_id = {} AND level = {} AND idx >= {} AND idx < {} ORDER BY idx",
            *(book, level - 1, first, first + count),
        )
    if len(rows) != count:
        raise Gap(f"book {book} has not every hash of level {level} from {first} on")
    return [bytes(row["hash"]) for row in rows]


class Leaves:
    """The hashes of one book's tree, looked up in tiles where there are any; reads a few thousand hashes at most."""

    def __init__(self, database: Database, book: int) -> None:
        self._database = database
        self._book = book

    async def path(self, spans: Sequence[Span]) -> tuple[bytes, ...]:
        """The hash of each span of a proof. Raises `Gap`."""
        return tuple([await self.span(span) for span in spans])

    async def span(self, span: Span) -> bytes:
        """The hash over some leaves; over none that of an empty tree. Raises `Gap`."""
        return tree.root([await self._subtree(one) for one in subtrees(span)])

    async def _subtree(self, wanted: Subtree) -> bytes:
        level, height = divmod(wanted.level, TILE_BITS)
        return reduced(await self._hashes(level, wanted.at << height, 1 << height))

    async def _hashes(self, level: int, first: int, count: int) -> list[bytes]:
        tile, at = divmod(first, TILE)
        row = await self._database.row(
            "SELECT hashes, root FROM tile WHERE book_id = {} AND level = {} AND idx = {}", self._book, level, tile
        )
        if row is not None and reduced(kept := tree.unpack(bytes(row["hashes"]))) == bytes(row["root"]):
            return kept[at : at + count]
        try:
            return await _below(self._database, self._book, level, first, count)
        except Gap:
            if level == 0:
                raise
            # Sealed before there were tiles, or by a seal that was interrupted: they come with the next one.
            return [reduced(await self._hashes(level - 1, one * TILE, TILE)) for one in range(first, first + count)]
