"""What boards, goals and the public page are made of: sums of entries, by the deeds' days."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from dezhi.core.events import AssetId, Kind
from dezhi.store.accounts import marks
from dezhi.store.database import Database
from dezhi.store.scores import catch_up


class Sum(NamedTuple):
    """What one household earned of one asset by one item in the asked period."""

    household: int
    person: int | None
    item: str
    asset: int
    earned: int
    entries: int
    reached: int


class Totals(NamedTuple):
    """A period in figures: deeds that stand, minutes of volunteer time, 平安 credits, rewards handed over."""

    deeds: int
    minutes: int
    safe: int
    moral: int
    handed_over: int


class LatestDeed(NamedTuple):
    """A deed that stands, for the public page. `event_day` is a day like 20261122."""

    household: int
    person: int | None
    village: int
    item: str
    version: int
    event_day: int
    seq: int
    last_seq: int


async def sums(database: Database, book: int, programme: int, village: int, since: int, until: int) -> list[Sum]:
    """What every household (and person) of a village earned from day `since` to day `until`, both in."""
    await catch_up(database, book)
    rows = await database.rows(
        "SELECT household, person, item, asset, CAST(sum(earned) AS BIGINT) AS earned,"
        " CAST(sum(entries) AS BIGINT) AS entries, max(reached) AS reached FROM score_day"
        " WHERE book_id = {} AND village = {} AND day BETWEEN {} AND {} AND programme = {}"
        " GROUP BY household, person, item, asset ORDER BY household, person, item, asset",
        book,
        village,
        since,
        until,
        programme,
    )
    return [Sum(**{**row, "person": row["person"] or None}) for row in rows]


async def totals(
    database: Database, book: int, villages: Sequence[int], since: int, until: int, without: Collection[str] = ()
) -> Totals:
    """The figures of some villages from day `since` to day `until`, both in; deeds `without` some items."""
    wanted = list(villages)
    left_out = list(without)
    others = f" AND d.item NOT IN ({marks(left_out)})" if left_out else ""
    await catch_up(database, book)
    rows = await database.rows(
        "SELECT asset, CAST(sum(earned) AS BIGINT) AS earned FROM score_day"
        f" WHERE book_id = {{}} AND village IN ({marks(wanted)}) AND day BETWEEN {{}} AND {{}} GROUP BY asset",
        book,
        *wanted,
        since,
        until,
    )
    earned = {row["asset"]: row["earned"] for row in rows}
    place = f"book_id = {{}} AND village IN ({marks(wanted)}) AND event_day BETWEEN {{}} AND {{}}"
    counted = await database.row(
        "SELECT (SELECT count(*) FROM deed d"
        " JOIN request q ON q.book_id = d.book_id AND q.source = d.source AND q.key = d.key"
        f" WHERE d.{place}{others} AND NOT EXISTS (SELECT 1 FROM reversal r WHERE r.book_id = d.book_id"
        " AND r.target_seq = q.first_seq)) AS deeds,"
        f" (SELECT count(*) FROM txn t WHERE t.{place} AND kind = {Kind.CAPTURE:d} AND NOT EXISTS"
        " (SELECT 1 FROM reversal r WHERE r.book_id = t.book_id AND r.target_seq = t.seq)) AS handed_over",
        book,
        *wanted,
        since,
        until,
        *left_out,
        book,
        *wanted,
        since,
        until,
    )
    if counted is None:
        raise LookupError("a count without a row")
    return Totals(
        deeds=counted["deeds"],
        minutes=earned.get(AssetId.HOURS, 0),
        safe=earned.get(AssetId.SAFE, 0),
        moral=earned.get(AssetId.MORAL, 0),
        handed_over=counted["handed_over"],
    )


async def latest_deeds(
    database: Database, book: int, villages: Sequence[int], limit: int, without: Collection[str] = ()
) -> list[LatestDeed]:
    """The newest deeds that stand, `without` some items, at most one of each household: nobody fills the page."""
    wanted, left_out = list(villages), list(without)
    others = f" AND d.item NOT IN ({marks(left_out)})" if left_out else ""
    rows = await database.rows(
        "SELECT d.household, d.person, d.village, d.item, d.version, d.event_day, q.first_seq AS seq, q.last_seq"
        " FROM deed d JOIN request q ON q.book_id = d.book_id AND q.source = d.source AND q.key = d.key"
        f" WHERE d.book_id = {{}} AND d.village IN ({marks(wanted)}){others} AND NOT EXISTS"
        " (SELECT 1 FROM reversal r WHERE r.book_id = d.book_id AND r.target_seq = q.first_seq)"
        " ORDER BY d.event_day DESC, q.first_seq DESC LIMIT {}",
        book,
        *wanted,
        *left_out,
        limit * 8,
    )
    found: dict[int, LatestDeed] = {}
    for row in rows:
        found.setdefault(row["household"], LatestDeed(**row))
    return list(found.values())[:limit]


async def earned_by_deeds(database: Database, book: int, deeds: Sequence[LatestDeed]) -> dict[tuple[int, int], int]:
    """What each deed gave its own household and person, by (its `seq`, asset); what it gave others is not told here."""
    of_seq = {seq: deed for deed in deeds for seq in range(deed.seq, deed.last_seq + 1)}
    if not of_seq:
        return {}
    rows = await database.rows(
        "SELECT p.seq, p.asset, p.amount, p.household FROM txn t"
        " JOIN posting p ON p.book_id = t.book_id AND p.period = t.period AND p.seq = t.seq"
        f" WHERE t.book_id = {{}} AND t.seq IN ({marks(list(of_seq))}) AND p.cr_after IS NOT NULL",
        book,
        *of_seq,
    )
    earned: dict[tuple[int, int], int] = {}
    for row in rows:
        deed = of_seq[row["seq"]]
        if row["household"] == deed.household:
            key = (deed.seq, row["asset"])
            earned[key] = earned.get(key, 0) + row["amount"]
    return earned
