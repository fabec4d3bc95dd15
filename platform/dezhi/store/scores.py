"""Keeping the scores by day up with their books: each event is read once, and the place is kept in the same commit.

Numbers leave no gap and come in the order of commits, so nothing can appear behind the place that was reached.
"""

import contextlib
from collections.abc import Mapping

from dezhi.core.errors import Problem
from dezhi.core.scores import Movement, Score, ScoreKey, scores
from dezhi.store.database import Database

NAME = "score_day"
CHUNK = 5_000
"""Events read in one transaction: a tenth of a second or so, for others wait meanwhile."""

ROWS = 500
"""Rows of one INSERT: their parameters stay below what SQLite allows."""


async def catch_up(database: Database, book: int) -> None:
    """Read what was booked since the last look into the scores.

    Where nothing can be written (a full disk) the scores stay as they are: nothing new can be booked then either.
    """
    with contextlib.suppress(Problem):
        await _catch_up(database, book)


async def _catch_up(database: Database, book: int) -> None:
    while True:
        seen, last = await _places(database, book)
        if seen >= last:
            return
        async with database.engine.transaction():
            # Another process may have been faster; in here it is one after the other.
            seen, last = await _places(database, book)
            until = min(last, seen + CHUNK)
            await _add(database, book, scores(await _movements(database, book, seen, until)))
            await database.rows(
                "INSERT INTO projection (book_id, name, seq) VALUES ({}, {}, {})"
                " ON CONFLICT (book_id, name) DO UPDATE SET seq = excluded.seq",
                book,
                NAME,
                max(seen, until),
            )


async def earned_by_item(database: Database, book: int, programme: int, household: int) -> dict[tuple[str, int], int]:
    """All a household has ever earned under a programme, by (item, asset)."""
    await catch_up(database, book)
    rows = await database.rows(
        "SELECT item, asset, CAST(sum(earned) AS BIGINT) AS earned FROM score_day"
        " WHERE book_id = {} AND household = {} AND programme = {} GROUP BY item, asset ORDER BY item, asset",
        book,
        household,
        programme,
    )
    return {(row["item"], row["asset"]): row["earned"] for row in rows}


async def _places(database: Database, book: int) -> tuple[int, int]:
    """How far the scores have come, and the book."""
    row = await database.row(
        "SELECT b.next_seq - 1 AS last, coalesce(p.seq, 0) AS seen FROM book b"
        " LEFT JOIN projection p ON p.book_id = b.book_id AND p.name = {} WHERE b.book_id = {}",
        NAME,
        book,
    )
    return (row["seen"], row["last"]) if row else (0, 0)


async def _movements(database: Database, book: int, after: int, until: int) -> list[Movement]:
    """The movements of the events after one number up to another, in order."""
    rows = await database.rows(
        "SELECT p.seq, p.kind, d.role AS dr_role, c.role AS cr_role, p.asset, p.amount, p.event_day AS day,"
        " p.programme, p.item, p.household, p.person, p.village FROM txn t"
        " JOIN posting p ON p.book_id = t.book_id AND p.period = t.period AND p.seq = t.seq"
        " JOIN account d ON d.book_id = p.book_id AND d.account_id = p.dr_account"
        " JOIN account c ON c.book_id = p.book_id AND c.account_id = p.cr_account"
        " WHERE t.book_id = {} AND t.seq > {} AND t.seq <= {} ORDER BY p.seq, p.line",
        book,
        after,
        until,
    )
    return [Movement(**row) for row in rows]


async def _add(database: Database, book: int, found: Mapping[ScoreKey, Score]) -> None:
    # In one order, whoever adds.
    rows = sorted(found.items())
    for at in range(0, len(rows), ROWS):
        some = rows[at : at + ROWS]
        places = ", ".join([f"({', '.join(['{}'] * 11)})"] * len(some))
        await database.rows(
            f"INSERT INTO score_day VALUES {places}"
            " ON CONFLICT (book_id, village, day, programme, household, person, item, asset) DO UPDATE SET"
            " earned = score_day.earned + excluded.earned, entries = score_day.entries + excluded.entries,"
            " reached = excluded.reached",
            *[value for key, score in some for value in (book, *key, *score)],
        )
