"""The audit of seals and tiles: what they say of the books, held against the leaves of the books' events.

Only of books that are sound themselves: of any other the seals differ because the book does.
"""

import hashlib
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from dezhi.core import notes, tree
from dezhi.core.backups import Table
from dezhi.core.calendar import to_date
from dezhi.core.faults import Audited, Faults
from dezhi.core.proofs import reduced
from dezhi.store.seals import TILE
from dezhi.store.snapshots import Snapshot

TABLES: Final = ("checkpoint", "checkpoint_book", "tile")

Row = Mapping[str, Any]


class _Tile(NamedTuple):
    """A tile as it is kept; of its hashes only their own hash, since there are many."""

    hashes: bytes
    root: bytes


class _Tiles:
    """Makes a book's tiles again from its leaves, and holds the kept ones against them. Not every one need be kept."""

    def __init__(self, book: int, kept: dict[tuple[int, int], _Tile], faults: Faults) -> None:
        self._book = book
        self._kept = kept
        self._faults = faults
        self._open: list[list[bytes]] = []
        self._made: list[int] = []

    def take(self, one: bytes, level: int = 0) -> None:
        """The next hash of a level."""
        if level == len(self._open):
            self._open.append([])
            self._made.append(0)
        hashes = self._open[level]
        hashes.append(one)
        if len(hashes) < TILE:
            return
        root = reduced(hashes)
        at = level, self._made[level]
        kept = self._kept.pop(at, None)
        if kept is not None:
            made = _Tile(hashlib.sha256(tree.pack(hashes)).digest(), root)
            for column, stored, derived in zip(_Tile._fields, kept, made, strict=True):
                if stored != derived:
                    self._faults.column("tile", self._key(*at), column, stored, derived)
        self._made[level] += 1
        self._open[level] = []
        self.take(root, level + 1)

    def end(self) -> None:
        """What is kept and cannot be."""
        for at in self._kept:
            self._faults.row("extra", "tile", self._key(*at))

    def _key(self, level: int, idx: int) -> dict[str, int]:
        return {"book_id": self._book, "level": level, "idx": idx}


async def audit(snapshot: Snapshot, found: Audited) -> Audited:
    """What an audit of a database found, and besides every seal, book of one and tile that is not what the books say.

    A signature is not looked at: whoever takes a receipt does.
    """
    shapes = {table.name: table for table in await snapshot.tables()}
    if not shapes.keys() >= {*TABLES}:
        return found  # of a release that made none
    faults = await _faults(snapshot, shapes, [one.book for one in found.books if not one.faults])
    return msgspec.structs.replace(found, count=found.count + faults.count, faults=(*found.faults, *faults.found()))


async def _faults(snapshot: Snapshot, shapes: Mapping[str, Table], sound: Collection[int]) -> Faults:
    faults = Faults()
    by_seal: dict[int, list[Row]] = {}
    async for row in _rows(snapshot, shapes["checkpoint_book"]):
        by_seal.setdefault(row["checkpoint_id"], []).append(row)
    sealed = [row for rows in by_seal.values() for row in rows]
    for book in sound:
        await _book(snapshot, shapes, book, [row for row in sealed if row["book_id"] == book], faults)
    async for seal in _rows(snapshot, shapes["checkpoint"]):
        _seal(seal, by_seal.pop(seal["checkpoint_id"], []), faults)
    for row in (row for rows in by_seal.values() for row in rows):
        faults.row("extra", "checkpoint_book", _key(row))
    return faults


def _seal(seal: Row, books: Sequence[Row], faults: Faults) -> None:
    """A seal's own row, and that its books are those of its note."""
    key = {"checkpoint_id": seal["checkpoint_id"]}
    try:
        signed = notes.read_note(seal["note"])
        head = notes.read_head(signed.text)
        notes.read_verifier(seal["verifier"])
        on = to_date(seal["day"])
    except ValueError:
        faults.row("unreadable", "checkpoint", key)
        return
    code = notes.short_code(signed.text, seal["verifier"])
    if code != seal["code"]:
        faults.column("checkpoint", key, "code", seal["code"], code)
    heads = [notes.book_head(signed.name, row["book_id"], row["size"], bytes(row["root"])) for row in books]
    told = notes.county_head(signed.name, heads, on)
    if told.more != head.more:
        faults.column("checkpoint", key, "day", seal["day"], " ".join(head.more))
    if (told.size, told.root) != (head.size, head.root):
        faults.column("checkpoint", key, "note", head.root, told.root)


async def _book(
    snapshot: Snapshot, shapes: Mapping[str, Table], book: int, sealed: Sequence[Row], faults: Faults
) -> None:
    """Where a book stood at its seals, and its tiles."""
    kept = {
        (row["level"], row["idx"]): _Tile(hashlib.sha256(row["hashes"]).digest(), bytes(row["root"]))
        async for row in _rows(snapshot, shapes["tile"], book)
    }
    if not sealed and not kept:
        return
    tiles = _Tiles(book, kept, faults)
    wanted = {row["size"] for row in sealed}
    roots = {0: tree.root([])}
    frontier: list[bytes] = []
    size = 0
    leaves = Table(
        name="txn",
        columns=tuple(one for one in shapes["txn"].columns if one.name == "leaf"),
        key=shapes["txn"].key,
    )
    async for row in _rows(snapshot, leaves, book):
        frontier = tree.append(frontier, size, row["leaf"])
        size += 1
        tiles.take(row["leaf"])
        if size in wanted:
            roots[size] = tree.root(frontier)
    tiles.end()
    for one in sealed:
        if one["size"] not in roots:
            faults.column("checkpoint_book", _key(one), "size", one["size"], size)
        elif roots[one["size"]] != bytes(one["root"]):
            faults.column("checkpoint_book", _key(one), "root", one["root"], roots[one["size"]])


def _key(row: Row) -> dict[str, int]:
    return {"checkpoint_id": row["checkpoint_id"], "book_id": row["book_id"]}


async def _rows(snapshot: Snapshot, table: Table, book: int | None = None) -> AsyncIterator[Row]:
    names = [column.name for column in table.columns]
    async for some in snapshot.rows(table, "" if book is None else f"book_id = {book:d}"):
        for row in some:
            yield dict(zip(names, row, strict=True))
