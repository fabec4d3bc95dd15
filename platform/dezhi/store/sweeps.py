"""What time has ended and nobody has taken yet: lots past their day, and orders past theirs."""

from typing import NamedTuple

from dezhi.core.events import HoldState
from dezhi.store.database import Database

LIMIT = 500
"""Rows looked up at once: what is booked of them is not found again."""


class Past(NamedTuple):
    """A wallet with lots that have ended by themselves; `village` is its programme's."""

    account: int
    holder_kind: int
    holder: int
    village: int


async def books(database: Database) -> list[int]:
    """Every book of this installation."""
    return [row["book_id"] for row in await database.rows("SELECT book_id FROM book ORDER BY book_id")]


async def past_lots(database: Database, book: int, today: int, after: int = 0) -> list[Past]:
    """Wallets whose lots ended before a day and of which something is free, by number, after account `after`."""
    rows = await database.rows(
        "SELECT DISTINCT a.account_id AS account, a.holder_kind, a.holder_id AS holder,"
        " (SELECT min(p.village) FROM programme p WHERE p.lineage = a.programme) AS village"
        " FROM cohort c JOIN account a ON a.book_id = c.book_id AND a.account_id = c.account_id"
        " WHERE c.book_id = {} AND c.until < {} AND c.lapses = 1 AND c.granted > c.used"
        " AND c.granted - c.used - c.reserved > 0 AND a.account_id > {} ORDER BY a.account_id LIMIT {}",
        book,
        today,
        after,
        LIMIT,
    )
    return [Past(**row) for row in rows]


async def past_orders(database: Database, book: int, now: int, after: str = "") -> list[str]:
    """Orders whose time was over at a moment (microseconds since 1970), by name, after order `after`."""
    rows = await database.rows(
        f"SELECT order_ref FROM hold WHERE book_id = {{}} AND state = {HoldState.OPEN:d} AND expires_at IS NOT NULL"
        " AND expires_at <= {} AND order_ref > {} ORDER BY order_ref LIMIT {}",
        book,
        now,
        after,
        LIMIT,
    )
    return [row["order_ref"] for row in rows]
