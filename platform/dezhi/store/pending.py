"""Awards under public notice: booked to pending, neither confirmed nor reversed yet."""

from collections.abc import Sequence
from typing import NamedTuple

from dezhi.core.events import Kind, Role
from dezhi.store.accounts import marks
from dezhi.store.database import Database


class Pending(NamedTuple):
    """An award by its number. `event_day` is a day like 20261122."""

    seq: int
    event_day: int
    version: int


async def villages(database: Database) -> list[int]:
    """Every village with a programme that something is pending under."""
    rows = await database.rows(
        "SELECT DISTINCT village FROM programme WHERE lineage IN"
        f" (SELECT programme FROM account WHERE role = {Role.PENDING:d} AND credits > debits) ORDER BY village"
    )
    return [row["village"] for row in rows]


async def due(
    database: Database, book: int, programme: int, versions: Sequence[int], *, until: int, after: int, limit: int
) -> list[Pending]:
    """Pending awards under some versions, posted before `until` (microseconds since 1970), after number `after`.

    They come in the order of their numbers.
    """
    if not versions:
        return []
    rows = await database.rows(
        "SELECT DISTINCT t.seq, t.event_day, t.version FROM account a"
        " JOIN posting p ON p.book_id = a.book_id AND p.cr_account = a.account_id"
        " JOIN txn t ON t.book_id = p.book_id AND t.period = p.period AND t.seq = p.seq"
        f" WHERE a.book_id = {{}} AND a.programme = {{}} AND a.role = {Role.PENDING:d} AND a.credits > a.debits"
        f" AND p.seq > {{}} AND p.kind IN ({Kind.AWARD:d}, {Kind.OPENING:d}) AND t.posted_at < {{}}"
        f" AND t.version IN ({marks(versions)})"
        " AND NOT EXISTS (SELECT 1 FROM reversal r WHERE r.book_id = p.book_id AND r.target_seq = p.seq)"
        " AND NOT EXISTS (SELECT 1 FROM confirmation c WHERE c.book_id = p.book_id AND c.target_seq = p.seq)"
        " ORDER BY t.seq LIMIT {}",
        book,
        programme,
        after,
        until,
        *versions,
        limit,
    )
    return [Pending(**row) for row in rows]
