"""The facts plugins declared, looked up for one deed in one query."""

from collections.abc import Sequence
from typing import NamedTuple

from dezhi.core.events import AssetId, Kind
from dezhi.store.accounts import marks
from dezhi.store.database import Database


class Wanted(NamedTuple):
    """One fact: `measure` count/sum/max/last of a holder's unreversed awards with days in `since`…`until`, both in."""

    plugin: str
    name: str
    measure: str
    items: tuple[str, ...]
    asset: AssetId | None
    holder_is_person: bool
    since: int
    until: int


_MEASURES = {
    "count": "count(DISTINCT p.seq)",
    "sum": "CAST(coalesce(sum(p.amount), 0) AS BIGINT)",
    "max": "coalesce(max(p.amount), 0)",
    "last": "coalesce(max(p.event_day), 0)",
}


async def look_up(
    database: Database, book: int, programme: int, household: int, person: int | None, wanted: Sequence[Wanted]
) -> tuple[dict[tuple[str, str], int], int]:
    """Every wanted fact by (plugin, name), and the number of the last event they saw. `last` is a day (20261122) or 0.

    One statement, so all facts are of one moment.
    """
    if not wanted:
        return {}, 0
    columns: list[str] = []
    args: list[int | str] = []
    for number, fact in enumerate(wanted):
        where = ["p.event_day BETWEEN {} AND {}"]
        args += [fact.since, fact.until]
        if fact.items:
            where.append(f"p.item IN ({marks(fact.items)})")
            args += fact.items
        else:
            where.append("p.item LIKE {}")
            args.append(f"{fact.plugin}/%")
        if fact.asset is not None:
            where.append("p.asset = {}")
            args.append(int(fact.asset))
        if fact.holder_is_person:
            where.append("p.person = {}")
            args.append(person or 0)
        measure = _MEASURES[fact.measure]
        columns.append(f"(SELECT {measure} FROM mine p WHERE {' AND '.join(where)}) AS f{number}")
    rows = await database.rows(
        "WITH mine AS (SELECT seq, item, asset, amount, event_day, person FROM posting WHERE book_id = {}"
        " AND programme = {} AND household = {}"
        f" AND kind = {Kind.AWARD:d} AND NOT EXISTS (SELECT 1 FROM reversal r WHERE r.book_id = posting.book_id"
        " AND r.target_seq = posting.seq))"
        f" SELECT {', '.join(columns)}, (SELECT next_seq - 1 FROM book WHERE book_id = {{}}) AS seen",
        book,
        programme,
        household,
        *args,
        book,
    )
    row = rows[0]
    return {(fact.plugin, fact.name): row[f"f{number}"] for number, fact in enumerate(wanted)}, row["seen"]
