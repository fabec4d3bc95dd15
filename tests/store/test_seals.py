"""What a book's tree is looked up in, and that seals can only be added to."""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
import pytest

from dezhi.core import tree
from dezhi.core.proofs import Span, consistency_spans, inclusion_spans, is_consistent, is_included, reduced, subtrees
from dezhi.store import seals
from dezhi.store.database import Database
from dezhi.store.seals import Gap, Leaves, Seal, Standing
from forging import Forger
from homes import Home

BOOK = 7


def leaves(count: int) -> list[bytes]:
    return [hashlib.sha256(number.to_bytes(4)).digest() for number in range(count)]


def fill(home: Home, found: Sequence[bytes], first: int = 0) -> None:
    """Put leaves into a book as entries about nothing."""
    columns = (
        "book_id, period, seq, kind, event_day, posted_at, source, key, programme, version, item, actor, order_ref"
    )
    place = "%s" if home.database_url else "?"
    sql = (
        f"INSERT INTO txn ({columns}, salt, body, leaf) SELECT {BOOK}, 202611, {place}, 2, 20261122, 0, '', '', 0, 0,"
        f" '', 0, '', {place}, {place}, {place}"
    )
    with home.look() as db:
        db.execute("BEGIN")
        for number, leaf in enumerate(found, start=first + 1):
            db.execute(sql, (number, b"", b"", leaf))
        db.execute("COMMIT")


def hash_of(found: Sequence[bytes], span: Span) -> bytes:
    return tree.root([reduced(found[one.at << one.level : (one.at + 1) << one.level]) for one in subtrees(span)])


def counted(database: Database, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Count the statements from here on."""
    asked = 0
    run = type(database.engine).run

    async def counting(engine: Any, *args: Any) -> Any:
        nonlocal asked
        asked += 1
        return await run(engine, *args)

    monkeypatch.setattr(type(database.engine), "run", counting)
    return lambda: asked


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
async def test_spans_are_found_with_tiles_and_without(home: Home, database: Database, size: int) -> None:
    found = leaves(size)
    fill(home, found)
    here = Leaves(database, BOOK)
    spans = [
        Span(0, size),
        *inclusion_spans(size - 1, size),
        *inclusion_spans(0, size),
        *consistency_spans(size // 2, size),
    ]
    wanted = [hash_of(found, span) for span in spans]
    assert list(await here.path(spans)) == wanted
    await seals.extend(database, BOOK, size)
    assert list(await here.path(spans)) == wanted
    (kept,) = home.rows("SELECT count(*) AS tiles FROM tile")
    assert kept == (size // 256,)


@pytest.mark.sqlite
@pytest.mark.row("LE-09")
async def test_a_proof_in_a_large_book_reads_little(
    home: Home, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = 66_000  # more than a tile of tiles
    found = leaves(size)
    fill(home, found[:40_000])
    await seals.extend(database, BOOK, 40_000)
    fill(home, found[40_000:], 40_000)
    await seals.extend(database, BOOK, size)
    assert home.rows("SELECT level, count(*) AS tiles FROM tile GROUP BY level ORDER BY 1") == [(0, 257), (1, 1)]
    here, root = Leaves(database, BOOK), hash_of(found, Span(0, size))
    asked = counted(database, monkeypatch)
    for index in [0, 1_234, 40_321, 65_535, 65_536, size - 1]:
        before = asked()
        path = await here.path(inclusion_spans(index, size))
        assert is_included(found[index], index, size, path, root)
        assert asked() - before <= 2 * size.bit_length()
    for old in [1, 256, 40_000, 65_536, size - 1]:
        path = await here.path(consistency_spans(old, size))
        assert is_consistent(old, size, hash_of(found, Span(0, old)), root, path)


async def test_a_tile_that_was_altered_is_passed_over(home: Home, database: Database) -> None:
    found = leaves(300)
    fill(home, found)
    await seals.extend(database, BOOK, 300)
    Forger(home).flip_tile(BOOK)
    spans = inclusion_spans(299, 300)
    assert list(await Leaves(database, BOOK).path(spans)) == [hash_of(found, span) for span in spans]


async def test_a_book_that_lacks_an_entry_has_no_tree(home: Home, database: Database) -> None:
    fill(home, leaves(300)[:200])
    fill(home, leaves(300)[201:], 201)
    with pytest.raises(Gap):
        await seals.extend(database, BOOK, 300)
    with pytest.raises(Gap):
        await Leaves(database, BOOK).span(Span(0, 300))


async def test_a_seal_s_number_is_given_once(database: Database) -> None:
    seal = Seal(number=1, day=20261122, sealed_at=5, note="n", verifier="v", code="c")
    books = [Standing(1, 3, b"r" * 32), Standing(2, 0, b"s" * 32)]
    assert await seals.add(database, seal, books)
    assert not await seals.add(database, seal._replace(note="another"), books[:1])
    assert await seals.newest(database) == await seals.seal(database, 1) == seal
    assert await seals.sealed(database, 1) == books


@pytest.mark.parametrize("table", ["checkpoint", "checkpoint_book", "tile"])
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE {0} SET {1} = 9",
        "DELETE FROM {0}",
        pytest.param("REPLACE INTO {0} SELECT * FROM {0}", marks=pytest.mark.sqlite),
        pytest.param("TRUNCATE {0}", marks=pytest.mark.postgres),
    ],
)
@pytest.mark.row("LE-01")
async def test_seals_can_only_be_added_to(home: Home, database: Database, table: str, attack: str) -> None:
    fill(home, leaves(256))
    await seals.extend(database, BOOK, 256)
    seal = Seal(number=1, day=20261122, sealed_at=5, note="n", verifier="v", code="c")
    await seals.add(database, seal, [Standing(1, 3, b"r" * 32)])
    key = "book_id" if table == "tile" else "checkpoint_id"
    refused = (sqlite3.IntegrityError, psycopg.Error)
    with home.look() as db, pytest.raises(refused, match=f"history cannot be changed: {table}|permission denied"):
        db.execute(attack.format(table, key))
