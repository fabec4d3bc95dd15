"""Reads and writes the tree of regions."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from dezhi.core.regions import Level, Region
from dezhi.store.accounts import marks
from dezhi.store.database import Database
from dezhi.store.ids import new_id
from dezhi.store.tables import Region as RegionRow

_COLUMNS = "id, code, level, name, parent, valid_from, valid_to, merged_into"

# A SELECT around each WITH, because the engine sends what begins with SELECT to a reader.
BELOW = (
    "WITH RECURSIVE below (id) AS (SELECT CAST({} AS BIGINT) UNION ALL"
    " SELECT region.id FROM region JOIN below ON region.parent = below.id) SELECT id FROM below"
)
"""The ids of a region and of all below it; one argument."""

_ABOVE = (
    "WITH RECURSIVE above (id, parent, depth) AS (SELECT id, parent, 0 FROM region WHERE id = {} UNION ALL"
    " SELECT region.id, region.parent, above.depth + 1 FROM region JOIN above ON region.id = above.parent)"
    " SELECT id, depth FROM above"
)


def _region(row: dict[str, Any]) -> Region:
    return Region(**{**row, "level": Level(row["level"])})


async def add(database: Database, regions: Iterable[Region]) -> None:
    """Write new regions, parents first. Raises the driver's integrity error when a code is taken."""
    async with database.engine.transaction():
        for region in regions:
            await RegionRow.insert(
                RegionRow(
                    id=region.id,
                    code=region.code,
                    level=region.level.value,
                    name=region.name,
                    parent=region.parent,
                    valid_from=region.valid_from,
                    valid_to=region.valid_to,
                    merged_into=region.merged_into,
                )
            )


async def region(database: Database, key: int) -> Region | None:
    """Return one region, in force or not."""
    row = await database.row(f"SELECT {_COLUMNS} FROM region WHERE id = {{}}", key)
    return _region(row) if row else None


async def by_code(database: Database, code: str, on: date) -> Region | None:
    """Return the region which carried this 12-digit code on that day."""
    row = await database.row(
        f"SELECT {_COLUMNS} FROM region WHERE code = {{}} AND level NOT IN ('grid', 'group')"
        " AND valid_from <= {} AND (valid_to IS NULL OR valid_to > {}) ORDER BY valid_from DESC LIMIT 1",
        code,
        on,
        on,
    )
    return _region(row) if row else None


async def children(database: Database, parent: int | None, on: date) -> Sequence[Region]:
    """Return what stood directly below a region on that day, in code order; provinces for None."""
    where, args = ("parent IS NULL", []) if parent is None else ("parent = {}", [parent])
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM region WHERE {where} AND valid_from <= {{}}"
        " AND (valid_to IS NULL OR valid_to > {}) ORDER BY code",
        *args,
        on,
        on,
    )
    return [_region(row) for row in rows]


async def below(database: Database, root: int, on: date, level: Level | None = None) -> Sequence[Region]:
    """Return a region and everything below it on that day, of one level if given, in code order."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM region WHERE id IN ({BELOW}) AND valid_from <= {{}}"
        " AND (valid_to IS NULL OR valid_to > {}) ORDER BY code",
        root,
        on,
        on,
    )
    return [found for found in map(_region, rows) if level is None or found.level is level]


async def path(database: Database, key: int) -> Sequence[Region]:
    """Return a region and everything above it, the province first; empty when there is no such region."""
    columns = ", ".join(f"region.{column}" for column in _COLUMNS.split(", "))
    rows = await database.rows(
        f"SELECT {columns} FROM region JOIN ({_ABOVE}) AS up ON up.id = region.id ORDER BY up.depth DESC",
        key,
    )
    return [_region(row) for row in rows]


async def ids_above(database: Database, key: int) -> frozenset[int]:
    """Return the ids of a region and of everything above it; empty when there is no such region.

    Below what a region lies is settled when it is made (a merger makes new ones), so it is read once.
    """
    return await database.lasting(_ids_above, key) or frozenset()


async def _ids_above(database: Database, keys: Collection[int]) -> dict[int, frozenset[int]]:
    rows = await database.rows(
        "SELECT low, id FROM (WITH RECURSIVE above (low, id, parent) AS (SELECT id, id, parent FROM region"
        f" WHERE id IN ({marks(list(keys))}) UNION ALL SELECT above.low, region.id, region.parent FROM region"
        " JOIN above ON region.id = above.parent) SELECT low, id FROM above) AS pairs",
        *keys,
    )
    found: dict[int, set[int]] = {}
    for row in rows:
        found.setdefault(row["low"], set()).add(row["id"])
    return {low: frozenset(ids) for low, ids in found.items()}


async def successors(database: Database, key: int) -> dict[int, Region]:
    """Return a region and all it was merged into, one after another, by id."""
    found: dict[int, Region] = {}
    following: int | None = key
    while following is not None and following not in found:
        one = await region(database, following)
        if one is None:
            break
        found[one.id] = one
        following = one.merged_into
    return found


async def end(database: Database, key: int, on: date, merged_into: int | None = None) -> None:
    """Note that a region exists no more from that day on."""
    await database.rows("UPDATE region SET valid_to = {}, merged_into = {} WHERE id = {}", on, merged_into, key)


async def merge(database: Database, source: Region, target: Region, on: date) -> dict[int, int]:
    """End a village and its grids on that day and move who lives there; return the new grid for each old one.

    The old rows stay: who asks about an earlier day finds the old village. A household number that is taken in the
    target gets the old village's last three digits in front.
    """
    grids: dict[int, int] = {}
    async with database.engine.transaction():
        for grid in await below(database, source.id, on):
            if grid.id == source.id:
                continue
            parent = grids.get(grid.parent or 0, target.id)
            moved = new_id()
            code = f"{source.code[-3:]}-{grid.code}"
            await add(
                database,
                [Region(id=moved, code=code, level=grid.level, name=grid.name, parent=parent, valid_from=on)],
            )
            await end(database, grid.id, on, merged_into=moved)
            grids[grid.id] = moved
        await end(database, source.id, on, merged_into=target.id)
        await _move_residences(database, source, target, grids, on)
    return grids


async def _move_residences(database: Database, source: Region, target: Region, grids: dict[int, int], on: date) -> None:
    taken = {
        row["number"]
        for row in await database.rows(
            "SELECT number FROM residence WHERE village = {} AND valid_to IS NULL", target.id
        )
    }
    living = await database.rows(
        "SELECT household, grid, number, address FROM residence WHERE village = {} AND valid_to IS NULL", source.id
    )
    await database.rows("UPDATE residence SET valid_to = {} WHERE village = {} AND valid_to IS NULL", on, source.id)
    for row in living:
        number = row["number"] if row["number"] not in taken else f"{source.code[-3:]}-{row['number']}"
        await database.rows(
            "INSERT INTO residence (id, household, village, grid, number, address, valid_from)"
            " VALUES ({}, {}, {}, {}, {}, {}, {})",
            new_id(),
            row["household"],
            target.id,
            grids.get(row["grid"] or 0),
            number,
            row["address"],
            on,
        )
