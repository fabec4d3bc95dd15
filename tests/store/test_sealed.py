"""Somebody alters a seal, a book of one or a tile behind everybody's back: the audit names the row."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from booking import asking, award
from dezhi.service.seals import Seals, key_reader
from dezhi.store import sealed
from dezhi.store.books import open_book
from dezhi.store.poster import Poster
from dezhi.store.seals import TILE
from homes import Home
from tampering import Vandal, vandal
from township import Hands

KEYS = {"checkpoint": ("checkpoint_id",), "checkpoint_book": ("checkpoint_id", "book_id"), "tile": ("level", "idx")}


@pytest.fixture
async def scene(home: Home) -> AsyncIterator[Vandal]:
    """Three seals over two books, one with a tile; and a stranger at it."""
    database, hands = await home.connect(), Hands()
    poster = Poster(database.engine, hands)
    books = [await open_book(database, region) for region in (520, 521)]
    seals = Seals(database, hands, key_reader(database, None))
    for count in (1, TILE + 1, 3):
        await poster.post_many(books[0], [asking(award()) for _ in range(count)])
        await poster.post(books[1], asking(award()))
        await seals.seal()
    await poster.close()
    await database.close()
    async with vandal(home) as found:
        if home.database_url:
            for table in sealed.TABLES:
                await found.run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield found


async def named(scene: Vandal) -> set[tuple[Any, ...]]:
    """What the audit names, as table, key and column."""
    return {
        (one.table, *one.key.values(), one.column)
        for one in (await sealed.audit(scene.snapshot, await scene.audit())).faults
    }


@pytest.mark.row("LE-09")
async def test_sound_seals_are_sound(scene: Vandal) -> None:
    assert await named(scene) == set()
    ((count,),) = await scene.run("SELECT count(*) FROM tile")
    assert count == 1


@pytest.mark.row("LE-09")
@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ("checkpoint SET code = 'AAAA-AAAA-AAAA-AAAA-AAAA' WHERE checkpoint_id = 1", ("checkpoint", 1, "code")),
        ("checkpoint SET day = 20261123 WHERE checkpoint_id = 2", ("checkpoint", 2, "day")),
        ("checkpoint SET note = 'nothing' WHERE checkpoint_id = 2", ("checkpoint", 2, "")),
        ("checkpoint SET verifier = 'nobody' WHERE checkpoint_id = 2", ("checkpoint", 2, "")),
        ("checkpoint SET checkpoint_id = 9 WHERE checkpoint_id = 3", ("checkpoint", 9, "note")),
        ("checkpoint_book SET size = 2 WHERE checkpoint_id = 1 AND book_id = 1", ("checkpoint_book", 1, 1, "root")),
        ("checkpoint_book SET size = 999 WHERE checkpoint_id = 1 AND book_id = 1", ("checkpoint_book", 1, 1, "size")),
        ("checkpoint_book SET checkpoint_id = 9 WHERE checkpoint_id = 1", ("checkpoint_book", 9, 1, "")),
        ("checkpoint_book SET book_id = 9 WHERE checkpoint_id = 1 AND book_id = 1", ("checkpoint", 1, "note")),
        ("tile SET level = 1", ("tile", 1, 1, 0, "")),
        ("tile SET idx = 1", ("tile", 1, 0, 1, "")),
        ("tile SET book_id = 2", ("tile", 2, 0, 0, "")),
    ],
)
async def test_an_altered_row_is_named(scene: Vandal, change: str, wanted: tuple[Any, ...]) -> None:
    await scene.run(f"UPDATE {change}")
    assert wanted in await named(scene)


@pytest.mark.row("LE-09")
@pytest.mark.parametrize(("table", "column"), [("checkpoint_book", "root"), ("tile", "root"), ("tile", "hashes")])
async def test_one_altered_byte_of_a_hash_is_named(scene: Vandal, table: str, column: str) -> None:
    key = KEYS[table]
    (row, *_) = await scene.run(f"SELECT {column}, {', '.join(key)} FROM {table} ORDER BY {', '.join(key)}")
    where = " AND ".join(f"{name} = ?" for name in key)
    await scene.run(f"UPDATE {table} SET {column} = ? WHERE {where}", bytes([row[0][0] ^ 1, *row[0][1:]]), *row[1:])
    found = await named(scene)
    assert (table, *((1, *row[1:]) if table == "tile" else row[1:]), column) in found
    assert {one[0] for one in found} <= {table, "checkpoint"}


async def test_of_a_book_that_is_altered_itself_no_seal_is_named(scene: Vandal) -> None:
    await scene.run("UPDATE txn SET leaf = ? WHERE book_id = 1 AND seq = 1", bytes(32))
    assert {one[0] for one in await named(scene)} <= {"txn", "book"}
