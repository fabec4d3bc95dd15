"""Keeps and reads what staff did outside the ledger."""

from collections.abc import Sequence
from datetime import datetime

from dezhi.core.acts import Act, ActKind
from dezhi.store.accounts import marks
from dezhi.store.database import Database


async def add(database: Database, act: Act) -> None:
    """Keep an act."""
    await database.rows(
        "INSERT INTO act (id, done_at, staff, kind, region, subject) VALUES ({}, {}, {}, {}, {}, {})",
        act.id,
        act.done_at,
        act.staff,
        act.kind.value,
        act.region,
        act.subject,
    )


async def latest(
    database: Database, regions: Sequence[int], limit: int, before: tuple[datetime, int] | None = None
) -> Sequence[Act]:
    """Return the acts in some regions, newest first, after the one of that time and id."""
    older = " AND (done_at < {} OR (done_at = {} AND id > {}))" if before else ""
    rows = await database.rows(
        f"SELECT id, done_at, staff, kind, region, subject FROM act WHERE region IN ({marks(regions)}){older}"
        " ORDER BY done_at DESC, id LIMIT {}",
        *regions,
        *((before[0], *before) if before else ()),
        limit,
    )
    return [Act(**{**row, "kind": ActKind(row["kind"])}) for row in rows]
