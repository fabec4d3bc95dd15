"""Past deeds that plugins declared: which there were, who was in them, what their doers earned."""

from collections.abc import Sequence
from typing import NamedTuple

from dezhi.core.events import AssetId, Kind
from dezhi.plugin import Role
from dezhi.store.accounts import marks
from dezhi.store.database import Database
from dezhi.store.ledger import InDeed


class Wanted(NamedTuple):
    """Deeds dated `since`…`until`, both in, in which a household had a role; none of `items` means all of a plugin."""

    plugin: str
    name: str
    role: Role
    items: tuple[str, ...]
    since: int
    until: int
    most: int


class Past(NamedTuple):
    """A deed that stands, wholly or in part. `earned` is what its own household has of it, by asset."""

    item: str
    event_day: int
    doer: InDeed
    participants: tuple[InDeed, ...]
    earned: dict[AssetId, int]


class _Row(NamedTuple):
    source: str
    key: str
    item: str
    event_day: int
    household: int
    person: int | None
    first_seq: int
    last_seq: int


STANDS = (
    f"SELECT t.seq FROM txn t WHERE t.book_id = d.book_id AND t.seq BETWEEN q.first_seq AND q.last_seq"
    f" AND t.kind = {Kind.AWARD:d} AND t.programme = {{}}"
    # Not NOT EXISTS: PostgreSQL takes a ninth of the book for within that range, and reads all reversals for each deed.
    " AND (SELECT r.seq FROM reversal r WHERE r.book_id = t.book_id AND r.target_seq = t.seq) IS NULL"
)
"""Whether anything of deed `d`, booked by request `q`, still stands under a programme."""


async def look_up(
    database: Database, book: int, programme: int, household: int, wanted: Sequence[Wanted]
) -> dict[tuple[str, str], tuple[Past, ...]]:
    """Every list of past deeds by (plugin, name), the newest first."""
    named = {(one.plugin, one.name): await _deeds(database, book, programme, household, one) for one in wanted}
    rows = list({row: None for some in named.values() for row in some})
    if not rows:
        return dict.fromkeys(named, ())
    people = await _people(database, book, rows)
    earned, grids = await _earned(database, book, rows)
    told = {row: _past(row, people.get(row[:2], ()), earned.get(row, {}), grids.get(row)) for row in rows}
    return {name: tuple(told[row] for row in some) for name, some in named.items()}


async def _deeds(database: Database, book: int, programme: int, household: int, one: Wanted) -> list[_Row]:
    took_part = (
        "SELECT m.source, m.key FROM deed_participant m WHERE m.book_id = {} AND m.household = {} AND m.role = {}"
        " AND m.event_day BETWEEN {} AND {}"
    )
    args: list[int | str] = [book, household, one.role.value, one.since, one.until]
    if one.role is Role.DOER:
        # Of a deed that is its doer's alone, no people are kept: it is found by what was earned.
        took_part += (
            " UNION SELECT t.source, t.key FROM posting p JOIN txn t ON t.book_id = p.book_id AND t.seq = p.seq"
            " JOIN deed o ON o.book_id = t.book_id AND o.source = t.source AND o.key = t.key"
            " AND o.household = p.household"
            f" WHERE p.book_id = {{}} AND p.household = {{}} AND p.kind = {Kind.AWARD:d}"
            " AND p.event_day BETWEEN {} AND {}"
        )
        args += [book, household, one.since, one.until]
    item = f"d.item IN ({marks(one.items)})" if one.items else "d.item LIKE {}"
    rows = await database.rows(
        f"SELECT d.source, d.key, d.item, d.event_day, d.household, d.person, q.first_seq, q.last_seq"
        f" FROM ({took_part}) AS mine"
        " JOIN deed d ON d.book_id = {} AND d.source = mine.source AND d.key = mine.key"
        " JOIN request q ON q.book_id = d.book_id AND q.source = d.source AND q.key = d.key"
        f" WHERE {item} AND EXISTS ({STANDS}) ORDER BY d.event_day DESC, q.first_seq DESC LIMIT {{}}",
        *args,
        book,
        *(one.items or (f"{one.plugin}/%",)),
        programme,
        one.most,
    )
    return [_Row(**row) for row in rows]


async def _people(database: Database, book: int, rows: Sequence[_Row]) -> dict[tuple[str, ...], list[InDeed]]:
    pairs = " OR ".join(["(source = {} AND key = {})"] * len(rows))
    found: dict[tuple[str, ...], list[InDeed]] = {}
    for one in await database.rows(
        "SELECT source, key, role, household, person, grid FROM deed_participant"
        f" WHERE book_id = {{}} AND ({pairs}) ORDER BY source, key, number",
        book,
        *(part for row in rows for part in row[:2]),
    ):
        found.setdefault((one.pop("source"), one.pop("key")), []).append(InDeed(**one))
    return found


async def _earned(
    database: Database, book: int, rows: Sequence[_Row]
) -> tuple[dict[_Row, dict[AssetId, int]], dict[_Row, int | None]]:
    """What stands of what each deed gave its own household, and the grid it was in."""
    spans = " OR ".join(["(t.seq BETWEEN {} AND {} AND t.household = {})"] * len(rows))
    of_seq = {(seq, row.household): row for row in rows for seq in range(row.first_seq, row.last_seq + 1)}
    earned: dict[_Row, dict[AssetId, int]] = {}
    grids: dict[_Row, int | None] = {}
    for one in await database.rows(
        "SELECT t.seq, t.household, t.grid, p.asset, p.amount FROM txn t"
        " JOIN posting p ON p.book_id = t.book_id AND p.period = t.period AND p.seq = t.seq"
        f" WHERE t.book_id = {{}} AND ({spans}) AND t.kind = {Kind.AWARD:d} AND NOT EXISTS"
        " (SELECT 1 FROM reversal r WHERE r.book_id = t.book_id AND r.target_seq = t.seq) ORDER BY t.seq, p.line",
        book,
        *(part for row in rows for part in (row.first_seq, row.last_seq, row.household)),
    ):
        row = of_seq[one["seq"], one["household"]]
        amounts, asset = earned.setdefault(row, {}), AssetId(one["asset"])
        amounts[asset] = amounts.get(asset, 0) + one["amount"]
        grids[row] = one["grid"]
    return earned, grids


def _past(row: _Row, people: Sequence[InDeed], earned: dict[AssetId, int], grid: int | None) -> Past:
    """A deed put together. The first of its people, if any are kept, is its doer."""
    doer = people[0] if people else InDeed(Role.DOER.value, row.household, row.person, grid)
    return Past(row.item, row.event_day, doer, tuple(people[1:]), earned)
