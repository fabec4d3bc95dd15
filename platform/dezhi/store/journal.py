"""Every entry of a book, for whoever may read it: the clerk's day, the supervisor's journal, one entry's why."""

from typing import Any, NamedTuple

from dezhi.store.accounts import marks
from dezhi.store.database import Database


class Movement(NamedTuple):
    """One movement of an entry on a holder's account; `amount` is signed from the holder's side."""

    asset: int
    amount: int
    after: int | None


class Entry(NamedTuple):
    """One event of a book with what explains it. `movements` is empty for a hold and its release."""

    seq: int
    kind: int
    event_day: int
    posted_at: int
    source: str
    key: str
    programme: int
    version: int
    item: str
    actor: int
    proposer_person: int | None
    approver_person: int | None
    household: int | None
    person: int | None
    grid: int | None
    village: int | None
    reverses: int | None
    reversed_by: int | None
    order: str
    text: str
    leaf: bytes
    movements: tuple[Movement, ...]


_ENTRY = (
    "SELECT t.*, x.text, r.seq AS reversed_by FROM txn t"
    " LEFT JOIN txn_text x ON x.book_id = t.book_id AND x.seq = t.seq"
    " LEFT JOIN reversal r ON r.book_id = t.book_id AND r.target_seq = t.seq"
)


async def _with_movements(database: Database, book: int, rows: list[dict[str, Any]]) -> list[Entry]:
    if not rows:
        return []
    seqs = [row["seq"] for row in rows]
    lines: dict[int, list[Movement]] = {seq: [] for seq in seqs}
    found = await database.rows(
        "SELECT seq, asset, amount, dr_after, cr_after FROM posting"
        f" WHERE book_id = {{}} AND seq IN ({marks(seqs)}) AND period IN ({marks(seqs)})"
        " ORDER BY seq, line",
        book,
        *seqs,
        *[row["period"] for row in rows],
    )
    for row in found:
        if row["cr_after"] is not None:
            lines[row["seq"]].append(Movement(row["asset"], row["amount"], row["cr_after"]))
        elif row["dr_after"] is not None:
            lines[row["seq"]].append(Movement(row["asset"], -row["amount"], row["dr_after"]))
    return [
        Entry(
            seq=row["seq"],
            kind=row["kind"],
            event_day=row["event_day"],
            posted_at=row["posted_at"],
            source=row["source"],
            key=row["key"],
            programme=row["programme"],
            version=row["version"],
            item=row["item"],
            actor=row["actor"],
            proposer_person=row["proposer_person"],
            approver_person=row["approver_person"],
            household=row["household"],
            person=row["person"],
            grid=row["grid"],
            village=row["village"],
            reverses=row["reverses"],
            reversed_by=row["reversed_by"],
            order=row["order_ref"],
            text=row["text"] or "",
            leaf=row["leaf"],
            movements=tuple(lines[row["seq"]]),
        )
        for row in rows
    ]


async def entry(database: Database, book: int, seq: int) -> Entry | None:
    """One event by its number, or None when the book has no such event."""
    rows = await database.rows(f"{_ENTRY} WHERE t.book_id = {{}} AND t.seq = {{}}", book, seq)
    found = await _with_movements(database, book, rows)
    return found[0] if found else None


async def entries(
    database: Database,
    book: int,
    *,
    villages: list[int] | None = None,
    actor: int | None = None,
    kind: int | None = None,
    household: int | None = None,
    since: int = 0,
    until: int = 2**62,
    before: int = 2**62,
    limit: int = 50,
) -> list[Entry]:
    """Events newest first, before event number `before`, posted from `since` up to `until` (microseconds since 1970)."""
    where = ["t.book_id = {}", "t.seq < {}", "t.posted_at >= {}", "t.posted_at < {}"]
    args = [book, before, since, until]
    if villages is not None:
        if not villages:
            return []
        where.append(f"t.village IN ({marks(villages)})")
        args += villages
    for column, value in (("actor", actor), ("kind", kind), ("household", household)):
        if value is not None:
            where.append(f"t.{column} = {{}}")
            args.append(value)
    rows = await database.rows(f"{_ENTRY} WHERE {' AND '.join(where)} ORDER BY t.seq DESC LIMIT {{}}", *args, limit)
    return await _with_movements(database, book, rows)


async def batch(database: Database, book: int, name: str) -> list[int]:
    """The numbers of all awards booked from the deeds of one batch and not reversed yet, oldest first."""
    rows = await database.rows(
        "SELECT t.seq FROM deed d"
        " JOIN request q ON q.book_id = d.book_id AND q.source = d.source AND q.key = d.key"
        " JOIN txn t ON t.book_id = q.book_id AND t.seq BETWEEN q.first_seq AND q.last_seq"
        " WHERE d.book_id = {} AND d.batch = {} AND NOT EXISTS"
        " (SELECT 1 FROM reversal r WHERE r.book_id = t.book_id AND r.target_seq = t.seq) ORDER BY t.seq",
        book,
        name,
    )
    return [row["seq"] for row in rows]


async def linked(database: Database, book: int, seq: int) -> list[int]:
    """The numbers of the events that one command booked together with `seq`, itself included."""
    rows = await database.rows(
        "SELECT t.seq FROM txn s JOIN txn t ON t.book_id = s.book_id AND t.period = s.period"
        " AND t.source = s.source AND t.key = s.key AND t.seq BETWEEN s.seq - 64 AND s.seq + 64"
        " WHERE s.book_id = {} AND s.seq = {} ORDER BY t.seq",
        book,
        seq,
    )
    return [row["seq"] for row in rows]


async def lately_used(database: Database, book: int, actor: int, limit: int = 6) -> list[str]:
    """The items a staff member recorded most lately, newest first, each once."""
    rows = await database.rows(
        "SELECT item, max(recorded_at) AS at FROM (SELECT item, recorded_at FROM deed WHERE book_id = {}"
        " AND recorded_by = {} ORDER BY recorded_at DESC LIMIT 300) AS recent GROUP BY item ORDER BY at DESC LIMIT {}",
        book,
        actor,
        limit,
    )
    return [row["item"] for row in rows]
