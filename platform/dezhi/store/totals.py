"""Sums of a village by item and month, from the scores by day. Few households are no sum but somebody's own."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from dezhi.core.calendar import day
from dezhi.core.events import AssetId
from dezhi.store import scores
from dezhi.store.accounts import marks
from dezhi.store.database import Database


class ItemTotal(NamedTuple):
    """What an item (its full code) gave in a month, such as 202611, of one asset."""

    item: str
    month: int
    asset: AssetId
    times: int
    amount: int
    households: int


async def by_item(
    database: Database,
    book: int,
    village: int,
    programme: int,
    span: tuple[date, date],
    *,
    least: int,
    households: Sequence[int] | None = None,
) -> list[ItemTotal]:
    """Sums over a span of days, both in, of a village's households or only of some; less than `least` are left out."""
    await scores.catch_up(database, book)
    some = "" if households is None else f" AND household IN ({marks(households)})" if households else " AND 1 = 0"
    rows = await database.rows(
        "SELECT item, month, asset, CAST(sum(times) AS BIGINT) AS times, CAST(sum(amount) AS BIGINT) AS amount,"
        " count(*) AS households FROM (SELECT item, day / 100 AS month, asset, household, sum(entries) AS times,"
        " sum(earned) AS amount FROM score_day WHERE book_id = {} AND village = {} AND programme = {}"
        f" AND day BETWEEN {{}} AND {{}}{some} GROUP BY item, day / 100, asset, household HAVING sum(entries) > 0)"
        " AS one GROUP BY item, month, asset HAVING count(*) >= {} ORDER BY item, month, asset",
        book,
        village,
        programme,
        day(span[0]),
        day(span[1]),
        *(households or ()),
        least,
    )
    return [ItemTotal(**{**row, "asset": AssetId(row["asset"])}) for row in rows]
