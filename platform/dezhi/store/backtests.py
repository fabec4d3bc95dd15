"""Reading what a backtest is made of: deeds of the past with what they gave, and what was handed over for points."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from dezhi.core.backtest_grid import Did, month_of
from dezhi.core.events import Kind
from dezhi.store.database import Database
from dezhi.store.ledger import InDeed


class PastDeed(NamedTuple):
    """A deed that was booked. `gave` are household, asset and amount of what stands of it; `stands` whether any does.

    Days are like 20261122, times microseconds since 1970. `grid` is where the household belonged that day.
    """

    source: str
    key: str
    seq: int
    version: int
    item: str
    event_day: int
    recorded_at: int
    household: int
    person: int | None
    grid: int | None
    minutes: int | None
    points: int | None
    gave: tuple[tuple[int, int, int], ...]
    stands: bool
    answers: str | None = None  # JSON, None where nothing was asked
    people: tuple[InDeed, ...] = ()
    recorded_by: int = 0


class Recorded(NamedTuple):
    """So many deeds of an item, recorded under one version of a programme in a month like 202611."""

    item: str
    version: int
    month: int
    times: int


async def deeds(
    database: Database, book: int, village: int, since: int, until: int, items: Sequence[str] = ()
) -> list[PastDeed]:
    """A village's deeds of some days, both included, in the order of their days and entries; all, or of `items`."""
    named = f" AND d.item IN ({', '.join(['{}'] * len(items))})" if items else ""
    rows = await database.rows(
        "SELECT d.source, d.key, d.version, d.item, d.event_day, d.recorded_at, d.recorded_by, d.household, d.person,"
        " d.minutes, d.points, d.answers, q.first_seq, t.grid, t.household AS credited, p.asset, p.amount,"
        " p.household AS holder, CASE WHEN r.seq IS NULL THEN 0 ELSE 1 END AS reversed FROM deed d"
        " JOIN request q ON q.book_id = d.book_id AND q.source = d.source AND q.key = d.key"
        " JOIN txn t ON t.book_id = d.book_id AND t.seq BETWEEN q.first_seq AND q.last_seq"
        " JOIN posting p ON p.book_id = t.book_id AND p.period = t.period AND p.seq = t.seq"
        f" AND p.kind = {Kind.AWARD:d}"
        " LEFT JOIN reversal r ON r.book_id = t.book_id AND r.target_seq = t.seq"
        " WHERE d.book_id = {} AND d.village = {} AND d.event_day BETWEEN {} AND {} AND q.code = ''"
        f"{named} ORDER BY d.event_day, q.first_seq, t.seq, p.line",
        book,
        village,
        since,
        until,
        *items,
    )
    return list(_deeds(rows, await _people(database, book, village, since, until)))


async def _people(
    database: Database, book: int, village: int, since: int, until: int
) -> dict[tuple[str, str], list[InDeed]]:
    """Who was in a village's deeds of some days; the first of a deed's is its doer."""
    found: dict[tuple[str, str], list[InDeed]] = {}
    for one in await database.rows(
        "SELECT m.source, m.key, m.role, m.household, m.person, m.grid FROM deed d JOIN deed_participant m"
        " ON m.book_id = d.book_id AND m.source = d.source AND m.key = d.key"
        " WHERE d.book_id = {} AND d.village = {} AND d.event_day BETWEEN {} AND {}"
        " ORDER BY m.source, m.key, m.number",
        book,
        village,
        since,
        until,
    ):
        found.setdefault((one.pop("source"), one.pop("key")), []).append(InDeed(**one))
    return found


def _deeds(rows: list[dict[str, Any]], people: Mapping[tuple[str, str], Sequence[InDeed]]) -> Iterator[PastDeed]:
    for seq, some in groupby(rows, key=itemgetter("first_seq")):
        lines = list(some)
        first = lines[0]
        named = people.get((first["source"], first["key"]), ())
        grids = [row["grid"] for row in lines if row["credited"] == first["household"]]
        yield PastDeed(
            source=first["source"],
            key=first["key"],
            seq=seq,
            version=first["version"],
            item=first["item"],
            event_day=first["event_day"],
            recorded_at=first["recorded_at"],
            household=first["household"],
            person=first["person"],
            grid=grids[0] if grids else named[0].grid if named else None,
            minutes=first["minutes"],
            points=first["points"],
            gave=tuple((row["holder"], row["asset"], row["amount"]) for row in lines if not row["reversed"]),
            stands=not all(row["reversed"] for row in lines),
            answers=first["answers"],
            people=tuple(named[1:]),
            recorded_by=first["recorded_by"],
        )


async def doers(database: Database, book: int, village: int, until: int) -> list[tuple[str, int, int]]:
    """Who did what in a village up to a day: item, day and household of every deed of which something stands."""
    rows = await database.rows(
        "SELECT DISTINCT d.item, d.event_day, d.household FROM deed d"
        " JOIN request q ON q.book_id = d.book_id AND q.source = d.source AND q.key = d.key"
        " JOIN txn t ON t.book_id = d.book_id AND t.seq BETWEEN q.first_seq AND q.last_seq"
        " LEFT JOIN reversal r ON r.book_id = t.book_id AND r.target_seq = t.seq"
        " WHERE d.book_id = {} AND d.village = {} AND d.event_day <= {} AND q.code = '' AND r.seq IS NULL",
        book,
        village,
        until,
    )
    return [(row["item"], row["event_day"], row["household"]) for row in rows]


async def did(database: Database, book: int, village: int, until: int) -> list[Did]:
    """As `doers`, with months in the place of days."""
    return [Did(item, month_of(on), household) for item, on, household in await doers(database, book, village, until)]


async def recorded(database: Database, book: int, village: int, since: int, until: int) -> list[Recorded]:
    """How many deeds of some days, of which something stands, there are of each item, version and month."""
    rows = await database.rows(
        "SELECT d.item, d.version, d.event_day / 100 AS month, count(DISTINCT q.first_seq) AS times FROM deed d"
        " JOIN request q ON q.book_id = d.book_id AND q.source = d.source AND q.key = d.key"
        " JOIN txn t ON t.book_id = d.book_id AND t.seq BETWEEN q.first_seq AND q.last_seq"
        " LEFT JOIN reversal r ON r.book_id = t.book_id AND r.target_seq = t.seq"
        " WHERE d.book_id = {} AND d.village = {} AND d.event_day BETWEEN {} AND {} AND q.code = '' AND r.seq IS NULL"
        " GROUP BY d.item, d.version, d.event_day / 100",
        book,
        village,
        since,
        until,
    )
    return [Recorded(**row) for row in rows]


async def count(database: Database, book: int, village: int, since: int, until: int) -> int:
    """How many deeds of a village there are of some days."""
    row = await database.row(
        "SELECT count(*) AS many FROM deed WHERE book_id = {} AND village = {} AND event_day BETWEEN {} AND {}",
        book,
        village,
        since,
        until,
    )
    return row["many"] if row else 0


async def handed_over(database: Database, book: int, village: int, since: int, until: int) -> dict[str, int]:
    """How often each reward, by its full code, was ordered in a village between two moments (microseconds)."""
    rows = await database.rows(
        "SELECT reward, count(*) AS times FROM redemption WHERE book_id = {} AND village = {}"
        " AND placed_at BETWEEN {} AND {} GROUP BY reward",
        book,
        village,
        since,
        until,
    )
    return {row["reward"]: row["times"] for row in rows}


async def heads(database: Database) -> dict[int, bytes]:
    """The head of every book: it changes exactly when a book does."""
    return {row["book_id"]: bytes(row["head"]) for row in await database.rows("SELECT book_id, head FROM book")}
