"""Keeps clearings, and adds up what one would take. What it took is in the ledger."""

from collections.abc import Mapping, Sequence
from typing import Any

from dezhi.core.calendar import day, from_micros, micros, to_date
from dezhi.core.clearings import Clearing, ClearingState, Share
from dezhi.core.events import AssetId, Role
from dezhi.store.database import Database

SOURCE = "clearing"
"""Of a clearing's requests: whoever goes on with it sends the same ones."""


def key(clearing: Clearing, share: Share) -> str:
    """The name of what takes one share. What is decided anew is another request, though it may be the same figure."""
    decided = micros(clearing.decided_at or clearing.announced_at)
    return f"{clearing.id}:{share.account}:{decided}"


def _clearing(row: Mapping[str, Any]) -> Clearing:
    return Clearing(
        id=row["clearing_id"],
        book=row["book_id"],
        programme=row["programme"],
        village=row["village"],
        through=to_date(row["through"]),
        due=to_date(row["due"]),
        state=ClearingState(row["state"]),
        announced_by=row["announced_by"],
        announced_at=from_micros(row["announced_at"]),
        decided_by=row["decided_by"],
        decided_at=None if row["decided_at"] is None else from_micros(row["decided_at"]),
        undone_by=row["undone_by"],
        undone_at=None if row["undone_at"] is None else from_micros(row["undone_at"]),
        undo_reason=row["undo_reason"],
    )


async def add(database: Database, clearing: Clearing) -> None:
    """Keep an announced clearing."""
    await database.rows(
        "INSERT INTO clearing (clearing_id, book_id, programme, village, through, due, state, announced_by,"
        " announced_at, undo_reason) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, '')",
        clearing.id,
        clearing.book,
        clearing.programme,
        clearing.village,
        day(clearing.through),
        day(clearing.due),
        int(clearing.state),
        clearing.announced_by,
        micros(clearing.announced_at),
    )


async def by_id(database: Database, clearing: int) -> Clearing | None:
    """One clearing."""
    row = await database.row("SELECT * FROM clearing WHERE clearing_id = {}", clearing)
    return _clearing(row) if row else None


async def of_village(database: Database, village: int) -> list[Clearing]:
    """A village's clearings, newest first."""
    rows = await database.rows("SELECT * FROM clearing WHERE village = {} ORDER BY announced_at DESC", village)
    return [_clearing(row) for row in rows]


async def unfinished(database: Database) -> list[Clearing]:
    """Clearings that were begun, or whose undoing was, and not ended."""
    rows = await database.rows(
        f"SELECT * FROM clearing WHERE state IN ({ClearingState.RUNNING:d}, {ClearingState.UNDOING:d})"
        " ORDER BY clearing_id"
    )
    return [_clearing(row) for row in rows]


async def move(database: Database, clearing: int, before: ClearingState, after: ClearingState, **changes: Any) -> bool:
    """Bring a clearing from one state to another; False when it was not in that state any more."""
    columns = "".join(f", {name} = {{}}" for name in changes)
    rows = await database.rows(
        f"UPDATE clearing SET state = {{}}{columns} WHERE clearing_id = {{}} AND state = {{}} RETURNING clearing_id",
        int(after),
        *changes.values(),
        clearing,
        int(before),
    )
    return bool(rows)


async def shares(database: Database, clearing: int) -> list[Share]:
    """What was decided, by wallet."""
    rows = await database.rows(
        "SELECT account_id AS account, holder_kind, holder_id AS holder, amount FROM clearing_share"
        " WHERE clearing_id = {} ORDER BY account_id",
        clearing,
    )
    return [Share(**row) for row in rows]


async def put_shares(database: Database, clearing: int, decided: Sequence[Share]) -> None:
    """Keep what was decided. Of a clearing that is decided again, what was decided before is gone by then."""
    for share in decided:
        await database.rows(
            "INSERT INTO clearing_share (clearing_id, account_id, holder_kind, holder_id, amount)"
            " VALUES ({}, {}, {}, {}, {})",
            clearing,
            share.account,
            share.holder_kind,
            share.holder,
            share.amount,
        )


async def drop_shares(database: Database, clearing: int) -> None:
    """Forget what was decided: some of it could not be taken so, and is decided again. What was taken is booked."""
    await database.rows("DELETE FROM clearing_share WHERE clearing_id = {}", clearing)


async def taken(database: Database, book: int, clearing: int) -> list[Share]:
    """What a clearing took of each wallet, given back or not."""
    rows = await database.rows(
        "SELECT a.account_id AS account, a.holder_kind, a.holder_id AS holder,"
        " CAST(sum(p.amount) AS BIGINT) AS amount FROM request r"
        " JOIN txn t ON t.book_id = r.book_id AND t.seq = r.first_seq"
        " JOIN posting p ON p.book_id = t.book_id AND p.period = t.period AND p.seq = t.seq"
        " JOIN account a ON a.book_id = p.book_id AND a.account_id = p.dr_account"
        " WHERE r.book_id = {} AND r.source = {} AND r.key >= {} AND r.key < {} AND r.code = ''"
        " GROUP BY a.account_id, a.holder_kind, a.holder_id ORDER BY a.account_id",
        book,
        SOURCE,
        f"{clearing}:",
        f"{clearing};",
    )
    return [Share(**row) for row in rows]


async def booked(database: Database, book: int, clearing: int) -> list[int]:
    """The numbers of the entries that a clearing booked."""
    rows = await database.rows(
        "SELECT first_seq FROM request WHERE book_id = {} AND source = {} AND key >= {} AND key < {} AND code = ''"
        " ORDER BY first_seq",
        book,
        SOURCE,
        f"{clearing}:",
        f"{clearing};",
    )
    return [row["first_seq"] for row in rows]


async def due(database: Database, book: int, programme: int, through: int) -> list[Share]:
    """What clearing a programme's lots up to a day would take of each wallet; never what is held or owed."""
    rows = await database.rows(
        "SELECT a.account_id AS account, a.holder_kind, a.holder_id AS holder,"
        " a.credits - a.debits - a.held AS free, CAST(sum(c.granted - c.used - c.reserved) AS BIGINT) AS rest"
        " FROM account a JOIN cohort c ON c.book_id = a.book_id AND c.account_id = a.account_id AND c.until <= {}"
        f" WHERE a.book_id = {{}} AND a.programme = {{}} AND a.holder_kind <> 0 AND a.asset = {AssetId.MORAL:d}"
        f" AND a.role = {Role.WALLET:d}"
        " GROUP BY a.account_id, a.holder_kind, a.holder_id, a.credits, a.debits, a.held ORDER BY a.account_id",
        through,
        book,
        programme,
    )
    found = [
        Share(
            account=row["account"],
            holder_kind=row["holder_kind"],
            holder=row["holder"],
            amount=min(max(0, row["free"]), row["rest"]),
        )
        for row in rows
    ]
    return [share for share in found if share.amount]
