"""Reading a deed as it was recorded: what was answered, and who else was in it."""

from typing import NamedTuple

from dezhi.store.database import Database
from dezhi.store.ledger import InDeed


class Kept(NamedTuple):
    """A deed of the book. `answers` are JSON; `people` are those beside its doer, where it asked for any."""

    item: str
    household: int
    answers: str | None
    people: tuple[InDeed, ...]


async def of_entry(database: Database, book: int, seq: int) -> Kept | None:
    """The deed an entry was booked for; None for an entry that is of no deed."""
    rows = await database.rows(
        "SELECT d.item, d.household, d.answers, m.number, m.role, m.household AS theirs, m.person, m.grid FROM txn t"
        " JOIN deed d ON d.book_id = t.book_id AND d.source = t.source AND d.key = t.key"
        " LEFT JOIN deed_participant m ON m.book_id = d.book_id AND m.source = d.source AND m.key = d.key"
        " AND m.number > 0 WHERE t.book_id = {} AND t.seq = {} ORDER BY m.number",
        book,
        seq,
    )
    if not rows:
        return None
    people = [InDeed(row["role"], row["theirs"], row["person"], row["grid"]) for row in rows if row["number"]]
    return Kept(rows[0]["item"], rows[0]["household"], rows[0]["answers"], tuple(people))
