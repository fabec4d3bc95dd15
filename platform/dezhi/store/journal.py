"""Every entry of a book, for whoever may read it: the clerk's day, the supervisor's journal, one entry's why."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from dezhi.core.events import Kind
from dezhi.plugin import Assessment
from dezhi.store.accounts import marks, period
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


class Slip(NamedTuple):
    """What one action added or handed over: a deed, an order, or a whole batch (`batch` is its name then).

    `seq` is its first entry; `household` and `person` are those of a single one. `amounts` are signed from the
    holders' side, by asset. `undone` of its `entries` were reversed.
    """

    seq: int
    period: int
    kind: int
    item: str
    version: int
    village: int
    household: int
    person: int | None
    event_day: int
    posted_at: int
    actor: int
    batch: str
    households: int
    entries: int
    undone: int
    amounts: dict[int, int]


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
    """Events newest first, before number `before`, posted from `since` up to `until` (microseconds since 1970)."""
    where = ["t.book_id = {}", "t.seq < {}", "t.posted_at >= {}", "t.posted_at < {}"]
    args = [book, before, since, until]
    if villages is not None:
        if not villages:
            return []
        where.append(f"t.village IN ({marks(villages)})")
        args += villages
    for column, value in (("actor", actor), ("kind", kind)):
        if value is not None:
            where.append(f"t.{column} = {{}}")
            args.append(value)
    if household is not None:
        # An award is found by its postings: what else a household has is few.
        where.append(
            f"t.seq IN (SELECT seq FROM posting WHERE book_id = {{}} AND household = {{}} AND kind = {Kind.AWARD:d}"
            f" UNION ALL SELECT seq FROM txn WHERE book_id = {{}} AND household = {{}} AND kind <> {Kind.AWARD:d})"
        )
        args += [book, household, book, household]
    rows = await database.rows(f"{_ENTRY} WHERE {' AND '.join(where)} ORDER BY t.seq DESC LIMIT {{}}", *args, limit)
    return await _with_movements(database, book, rows)


async def batch(database: Database, book: int, name: str) -> list[int]:
    """The numbers of all awards booked from the deeds of one batch and not reversed yet, oldest first."""
    rows = await database.rows(
        "SELECT t.seq FROM deed d"
        " JOIN request q ON q.book_id = d.book_id AND q.source = d.source AND q.key = d.key"
        " JOIN txn t ON t.book_id = q.book_id AND t.seq BETWEEN q.first_seq AND q.last_seq"
        " WHERE d.book_id = {} AND d.batch = {} AND d.batch <> '' AND NOT EXISTS"
        " (SELECT 1 FROM reversal r WHERE r.book_id = t.book_id AND r.target_seq = t.seq) ORDER BY t.seq",
        book,
        name,
    )
    return [row["seq"] for row in rows]


async def assessment(database: Database, book: int, source: str, key: str) -> Assessment | None:
    """What the deed of a request was assessed to come to; None for one that was no assessment."""
    row = await database.row(
        "SELECT assessment FROM deed WHERE book_id = {} AND source = {} AND key = {}", book, source, key
    )
    if row is None or row["assessment"] is None:
        return None
    return msgspec.json.decode(row["assessment"], type=Assessment)


async def linked(database: Database, book: int, seq: int) -> list[int]:
    """The numbers of the events that one command booked together with `seq`, itself included."""
    rows = await database.rows(
        "SELECT t.seq FROM txn s JOIN request q ON q.book_id = s.book_id AND q.source = s.source AND q.key = s.key"
        " JOIN txn t ON t.book_id = q.book_id AND t.seq BETWEEN q.first_seq AND q.last_seq"
        " WHERE s.book_id = {} AND s.seq = {} ORDER BY t.seq",
        book,
        seq,
    )
    return [row["seq"] for row in rows]


async def lately_used(database: Database, book: int, actor: int, limit: int = 6) -> list[str]:
    """The items a staff member recorded most lately, newest first, each once."""
    rows = await database.rows(
        "SELECT d.item, max(recent.seq) AS seq FROM (SELECT source, key, seq FROM txn WHERE book_id = {}"
        f" AND actor = {{}} AND kind = {Kind.AWARD:d} ORDER BY seq DESC LIMIT 300) AS recent"
        " JOIN deed d ON d.book_id = {} AND d.source = recent.source AND d.key = recent.key"
        " GROUP BY d.item ORDER BY max(recent.seq) DESC, d.item LIMIT {}",
        book,
        actor,
        book,
        limit,
    )
    return [row["item"] for row in rows]


async def slips(
    database: Database, book: int, villages: Sequence[int], *, since: int = 0, batch: str = "", limit: int = 40
) -> list[Slip]:
    """What was added or handed over in some villages from a moment on (microseconds since 1970), newest first.

    With `batch`, that batch alone.
    """
    if not villages:
        return []
    wanted = list(villages)
    named = " AND d.batch = {} AND d.batch <> ''"
    action = "CASE WHEN d.batch <> '' THEN d.batch ELSE t.source || ' ' || t.key END"
    rows = await database.rows(
        f"SELECT {action} AS action, p.asset, min(t.seq) AS seq, min(t.period) AS period, min(t.kind) AS kind,"
        " min(t.item) AS item, min(t.version) AS version, min(t.village) AS village, min(t.household) AS household,"
        " min(t.person) AS person, min(t.event_day) AS event_day, max(t.posted_at) AS posted_at, min(t.actor) AS actor,"
        " coalesce(min(d.batch), '') AS batch, count(DISTINCT t.household) AS households,"
        " count(DISTINCT t.seq) AS entries, count(DISTINCT r.target_seq) AS undone,"
        " CAST(sum(CASE WHEN p.cr_after IS NULL THEN -p.amount ELSE p.amount END) AS BIGINT) AS amount"
        " FROM txn t JOIN posting p ON p.book_id = t.book_id AND p.period = t.period AND p.seq = t.seq"
        " LEFT JOIN deed d ON d.book_id = t.book_id AND d.source = t.source AND d.key = t.key"
        " LEFT JOIN reversal r ON r.book_id = t.book_id AND r.target_seq = t.seq"
        f" WHERE t.book_id = {{}} AND t.period >= {{}} AND t.posted_at >= {{}} AND t.village IN ({marks(wanted)})"
        f" AND t.kind IN ({Kind.AWARD:d}, {Kind.CAPTURE:d}) AND (p.cr_after IS NOT NULL OR p.dr_after IS NOT NULL)"
        f"{named if batch else ''}"
        " GROUP BY action, p.asset ORDER BY max(t.posted_at) DESC, min(t.seq) DESC, p.asset",
        book,
        period(since) if since else 0,
        since,
        *wanted,
        *([batch] if batch else []),
    )
    return _by_action(rows)[:limit]


def _by_action(rows: Sequence[dict[str, Any]]) -> list[Slip]:
    """One slip for each action, from its rows by asset."""
    found: dict[str, Slip] = {}
    for row in rows:
        action, asset, amount = row.pop("action"), row.pop("asset"), row.pop("amount")
        slip = found.get(action)
        if slip is None:
            found[action] = Slip(**row, amounts={asset: amount})
            continue
        slip.amounts[asset] = amount
        found[action] = slip._replace(
            seq=min(slip.seq, row["seq"]),
            entries=max(slip.entries, row["entries"]),
            undone=max(slip.undone, row["undone"]),
            person=slip.person or row["person"],
        )
    return list(found.values())


async def commonest(database: Database, book: int, village: int, limit: int = 6) -> list[str]:
    """The items recorded most often in a village, for a clerk who has not recorded anything yet."""
    rows = await database.rows(
        "SELECT item, count(*) AS times FROM deed WHERE book_id = {} AND village = {} GROUP BY item"
        " ORDER BY times DESC, item LIMIT {}",
        book,
        village,
        limit,
    )
    return [row["item"] for row in rows]


async def last_doer(database: Database, book: int, household: int) -> int | None:
    """The person of a household who earned something most lately."""
    row = await database.row(
        "SELECT person FROM posting WHERE book_id = {} AND household = {} AND person IS NOT NULL"
        " ORDER BY seq DESC LIMIT 1",
        book,
        household,
    )
    return row["person"] if row else None


async def caps_used(database: Database, book: int, counters: Sequence[tuple[str, int, str]]) -> list[int]:
    """What was used of some allowances, each (rule, holder's id, period)."""
    used = []
    for rule, subject, period_key in counters:
        row = await database.row(
            "SELECT used FROM cap_counter WHERE book_id = {} AND rule = {} AND subject = {} AND period_key = {}",
            book,
            rule,
            subject,
            period_key,
        )
        used.append(row["used"] if row else 0)
    return used
