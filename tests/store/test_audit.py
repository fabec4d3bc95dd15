"""Whatever is changed in a ledger behind our back, the audit names the very row (catalogue rows LE-02, SE-08)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from booking import CHEN, TODAY, VILLAGE, WANG, award, capture, confirm, hold, reverse, void
from dezhi.core.comparing import COLUMNS, KEYS
from dezhi.core.events import (
    AssetId,
    Cap,
    Capture,
    Close,
    Expire,
    Freeze,
    Holder,
    HolderId,
    Kind,
    Lapse,
    Limit,
    Lot,
    Place,
    Transfer,
)
from dezhi.store.books import open_book
from dezhi.store.snapshots import MIGRATIONS
from tampering import Vandal, names, other, vandal

AROUND = {"request", "deed", "redemption"}
"""Tables of a book that no body tells: what was asked for and by whom it was noted. See docs/adr/0072-audit.md."""

TOLD = sorted(COLUMNS.keys() - {"cap_use"})
"""What the bodies tell. Bodies of format 1 left uses of allowances to `cap_use`, which the counters must match."""

SAMPLED = 3
"""Rows of each table that are changed in each of their columns."""


@pytest.fixture
async def lived(desk: Any) -> Any:
    """A book where every kind of thing has happened; another book stands beside it."""
    day = Cap(rule="day", period=str(TODAY), add=2, limit=9)
    await desk.post(award(amount=20, caps=(day,)))
    await desk.post(award(WANG, 30, caps=(day,)), award(WANG, 1, pending=True, reason=""))
    await desk.post(hold("soap", 5), capture("soap"))
    await desk.post(hold("rice", 3, WANG), void("rice"))
    await desk.post(hold("salt", 2, WANG))
    await desk.post(award(amount=4, caps=(day,)))
    await desk.post(reverse(9))
    await desk.post(confirm(3, lot=Lot(until=20261231, lapses=True)))
    lot = Lot(until=20261231, lapses=True)
    await desk.post(award(amount=6, lot=lot), award(WANG, 8, opening=True, proposer_person=7, approver_person=8))
    await desk.post(_freeze("whole", WANG, None), _freeze("part", amount=1))
    await desk.post(void("whole"), hold("half", 4))
    await desk.post(Capture(order="half", event_day=TODAY, amount=1))
    (wallet,) = [one["account_id"] for one in await desk.database.rows(WALLET)]
    await desk.post(Expire(account=wallet, through=20261231, event_day=TODAY, reason="年度清零", clearing=True))
    place = Place(household=CHEN, village=VILLAGE)
    holder = Holder(HolderId.HOUSEHOLD, CHEN)
    more = {"programme": 1, "holder": holder, "place": place, "event_day": TODAY, "reason": "可以先用"}
    await desk.post(Limit(**more, asset=AssetId.MORAL, overdraft=50))
    await desk.post(award(amount=30))
    (last,) = await desk.database.rows("SELECT next_seq - 1 AS seq FROM book WHERE book_id = {}", desk.book)
    await desk.post(hold("debt", 60))
    await desk.post(capture("debt"))
    await desk.post(reverse(last["seq"], if_spent="debt"))
    await desk.post(award(amount=3))
    await desk.post(award(amount=15, lines=((AssetId.HOURS, 90),)))
    await desk.post(_give(30))
    await desk.post(Close(through=TODAY - 1, event_day=TODAY))
    (at,) = await desk.database.rows("SELECT last_posted_at AS at FROM book WHERE book_id = {}", desk.book)
    await desk.post(hold("short", 1, WANG, expires_at=at["at"] + 2))
    await desk.post(Lapse(order="short", event_day=TODAY))
    kinds = [row["kind"] for row in await desk.database.rows("SELECT DISTINCT kind FROM txn")]
    assert set(kinds) == {*Kind}, "something was refused"
    second = await open_book(desk.database, region=521)
    desk.book, first = second, desk.book
    await desk.post(award(amount=7), award(WANG, 2, caps=(day,)))
    await desk.post(reverse(1))
    desk.book = first
    return desk


WALLET = "SELECT account_id FROM account WHERE holder_id = 1001 AND role = 1 AND asset = 1"


def _freeze(order: str, household: int = CHEN, amount: int | None = None) -> Freeze:
    return Freeze(
        order=order,
        programme=1,
        version=1,
        holder=Holder(HolderId.HOUSEHOLD, household),
        place=Place(household=household, village=VILLAGE),
        event_day=TODAY,
        asset=AssetId.MORAL,
        amount=amount,
        about=None,
        reason="有异议",
    )


def _give(minutes: int) -> Transfer:
    return Transfer(
        programme=1,
        version=1,
        item="dezhi-yinger/give",
        asset=AssetId.HOURS,
        amount=minutes,
        giver=Holder(HolderId.HOUSEHOLD, CHEN),
        giver_place=Place(household=CHEN, village=VILLAGE),
        taker=Holder(HolderId.REGION, VILLAGE),
        taker_place=Place(household=0, village=VILLAGE),
        event_day=TODAY,
        reason="捐给村里",
    )


@pytest.fixture
async def scene(lived: Any) -> AsyncIterator[Vandal]:
    """A stranger at it."""
    async with vandal(lived.home) as found:
        yield found


async def test_an_untouched_book_is_clean(scene: Vandal) -> None:
    found = await scene.audit()
    assert (found.count, found.faults) == (0, ())
    counts = [len(await scene.rows(table)) for table in ("txn", "posting")]
    assert [found.events, found.postings] == counts
    assert [one.book for one in found.books] == [1, 2]


async def test_every_column_of_the_ledger_is_audited(lived: Any) -> None:
    """A new table of the ledger, or a new column of one, must be derived too."""
    for table in lived.home.tables():
        if table in AROUND or table == MIGRATIONS or table.startswith("sqlite_"):
            continue
        (row, *_) = await lived.database.rows(f"SELECT * FROM {table} LIMIT 1") or [{}]
        if table == "cap_use":
            assert not row, "written no more"
        elif table in COLUMNS:
            assert row.keys() == set(COLUMNS[table])
        else:
            assert "book_id" not in row, f"{table} is of the ledger and not audited"


@pytest.mark.sqlite
@pytest.mark.row("LE-02")
@pytest.mark.row("SE-08")
@pytest.mark.parametrize("table", TOLD)
async def test_a_changed_value_is_named(scene: Vandal, table: str) -> None:
    await _change_everything(scene, table, SAMPLED)


@pytest.mark.postgres
@pytest.mark.row("LE-02")
@pytest.mark.parametrize("table", TOLD)
async def test_a_changed_value_is_named_on_postgres(scene: Vandal, table: str) -> None:
    await _change_everything(scene, table, 1)


async def _change_everything(scene: Vandal, table: str, count: int) -> None:
    rows = await scene.rows(table)
    assert rows
    # The first, the last, and some between.
    for row in rows[:: max(1, (len(rows) - 1) // max(1, count - 1))] if count > 1 else rows[-1:]:
        for column, value in row.items():
            await scene.run("SAVEPOINT before")
            changed = {**row, column: other(value)}
            await scene.set(table, row, **{column: changed[column]})
            found = await scene.audit()
            told = [fault for fault in found.faults if names(fault, table, row, changed)]
            assert told, f"{table}.{column} of {row}: {found.faults}"
            if column not in KEYS[table]:
                assert told[0].column in (column, "body", "leaf", ""), f"{column}: {told}"
            await scene.run("ROLLBACK TO before")
            await scene.run("RELEASE before")


@pytest.mark.row("LE-02")
@pytest.mark.parametrize("table", sorted({*TOLD} - {"book", "txn_text"}))
async def test_a_missing_row_is_named(scene: Vandal, table: str) -> None:
    row = (await scene.rows(table))[-1]
    await scene.delete(table, row)
    found = await scene.audit()
    assert any(names(fault, table, row) and fault.what == "missing" for fault in found.faults), found.faults


@pytest.mark.row("LE-02")
@pytest.mark.parametrize("table", sorted({*TOLD} - {"book"}))
async def test_a_row_too_many_is_named(scene: Vandal, table: str) -> None:
    row = (await scene.rows(table))[-1]
    more = {**row, KEYS[table][-1]: other(row[KEYS[table][-1]])}
    if table == "hold":
        more["hold_seq"] += 1_000
    if table == "account":
        more["holder_id"] += 1_000
    await scene.insert(table, more)
    found = await scene.audit()
    assert any(names(fault, table, more) for fault in found.faults), found.faults


@pytest.mark.parametrize("table", ["txn", "posting"])
async def test_a_row_moved_to_another_book_is_named(scene: Vandal, table: str) -> None:
    """Event 5 and its lines; the other book has two events."""
    row = next(one for one in await scene.rows(table) if one["seq"] == 5)
    for book in (2, 99):
        await scene.run("SAVEPOINT before")
        await scene.set(table, row, book_id=book)
        found = await scene.audit()
        assert any(names(fault, table, {**row, "book_id": book}) for fault in found.faults), found.faults
        assert any(names(fault, table, row) for fault in found.faults), found.faults
        await scene.run("ROLLBACK TO before")


async def test_swapped_rows_are_named(scene: Vandal) -> None:
    """Every value of two events but their keys, leaves and all."""
    one, two = (await scene.rows("txn"))[4:6]
    swapped = [name for name in COLUMNS["txn"] if name not in KEYS["txn"]]
    await scene.set("txn", one, **{name: two[name] for name in swapped})
    await scene.set("txn", two, **{name: one[name] for name in swapped})
    found = await scene.audit()
    for row in (one, two):
        assert any(names(fault, "txn", row) and fault.column == "seq" for fault in found.faults), found.faults


async def test_a_cut_off_end_is_named(scene: Vandal) -> None:
    """While the book's own row still tells of it. With that row changed too it takes a seal to see it."""
    last = max(row["seq"] for row in await scene.rows("txn"))
    for table in ("txn", "posting"):
        for row in await scene.rows(table):
            if row["book_id"] == 1 and row["seq"] > last - 5:
                await scene.delete(table, row)
    found = await scene.audit()
    lost = [fault.key["seq"] for fault in found.faults if fault.table == "txn" and fault.what == "missing"]
    assert lost == [*range(last - 4, last + 1)]
    assert any(names(fault, "book", {"book_id": 1}) for fault in found.faults)


async def test_one_false_balance_is_told_once(scene: Vandal) -> None:
    """The balances that follow from it are right: nobody has to read a hundred lines."""
    rows = [row for row in await scene.rows("posting") if row["cr_after"] is not None and row["book_id"] == 1]
    await scene.set("posting", rows[0], cr_after=rows[0]["cr_after"] + 3)
    found = await scene.audit()
    assert [(fault.table, fault.column) for fault in found.faults if fault.key["seq"] == rows[0]["seq"]] == [
        ("posting", "cr_after")
    ]
    assert found.count <= 2, found.faults  # and where it goes back to what is right


async def test_a_changed_body_is_told_from_a_changed_leaf(scene: Vandal) -> None:
    row = (await scene.rows("txn"))[0]
    digest_at = row["body"].index(b"key-")
    body = bytearray(row["body"])
    body[digest_at] ^= 1
    for column, value in (("body", bytes(body)), ("leaf", other(row["leaf"]))):
        await scene.run("SAVEPOINT before")
        await scene.set("txn", row, **{column: value})
        told = {fault.column for fault in (await scene.audit()).faults if names(fault, "txn", row)}
        assert told == ({"body", "key"} if column == "body" else {"leaf"})
        await scene.run("ROLLBACK TO before")


async def test_an_erased_text_is_no_fault(scene: Vandal) -> None:
    for row in await scene.rows("txn_text"):
        await scene.delete("txn_text", row)
    assert (await scene.audit()).is_clean


async def test_many_differences_are_counted_and_some_named(scene: Vandal) -> None:
    last = (await scene.rows("account"))[-1]
    for number in range(5_000, 5_070):
        await scene.insert("account", {**last, "account_id": number, "holder_id": number})
    found = await scene.audit()
    assert (found.count, len(found.faults)) == (70, 50)
