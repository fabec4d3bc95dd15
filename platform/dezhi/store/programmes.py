"""Reads programmes and adds versions. Nothing here changes one: a version is what it was when it was adopted."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from dezhi.core.programmes import Document, Kept, Programme, Resolution
from dezhi.store.accounts import marks
from dezhi.store.database import Database
from dezhi.store.tables import Programme as ProgrammeRow


def _programme(row: dict[str, Any]) -> Programme:
    resolution = row["resolution"]
    return Programme(
        id=row["id"],
        lineage=row["lineage"],
        village=row["village"],
        version=row["version"],
        title=row["title"],
        effective_from=row["effective_from"],
        document=msgspec.json.decode(row["document"], type=Document),
        items=msgspec.json.decode(row["items"], type=tuple[dict[str, Any], ...]),
        derived_from=row["derived_from"],
        resolution=None if resolution is None else msgspec.json.decode(resolution, type=Resolution),
        created_by=row["created_by"],
        created_at=row["created_at"],
        kept=msgspec.json.decode(row["kept"], type=Kept) if row["kept"] else Kept(),
    )


async def add(database: Database, programme: Programme) -> None:
    """Write a version. Raises the driver's integrity error when the lineage already has that number."""
    resolution = programme.resolution
    async with database.engine.transaction():
        await ProgrammeRow.insert(
            ProgrammeRow(
                id=programme.id,
                lineage=programme.lineage,
                village=programme.village,
                version=programme.version,
                title=programme.title,
                effective_from=programme.effective_from,
                document=msgspec.json.encode(programme.document).decode(),
                items=msgspec.json.encode(programme.items).decode(),
                derived_from=programme.derived_from,
                resolution=None if resolution is None else msgspec.json.encode(resolution).decode(),
                created_by=programme.created_by,
                created_at=programme.created_at,
                kept=msgspec.json.encode(programme.kept).decode(),
            )
        )


async def by_id(database: Database, key: int) -> Programme | None:
    """Return one version."""
    row = await database.row("SELECT * FROM programme WHERE id = {}", key)
    return _programme(row) if row else None


async def in_force(database: Database, village: int, on: date) -> Programme | None:
    """Return the version which rules deeds of that day, as `core.lineages.ruling`."""
    row = await database.row(
        "SELECT * FROM programme WHERE village = {} AND effective_from <= {} ORDER BY version DESC LIMIT 1",
        village,
        on,
    )
    return _programme(row) if row else None


async def titles(database: Database, lineages: Sequence[int]) -> dict[int, str]:
    """Return what some programmes are called in their newest versions."""
    rows = await database.rows(
        f"SELECT lineage, title FROM programme WHERE lineage IN ({marks(lineages)}) ORDER BY lineage, version",
        *lineages,
    )
    return {row["lineage"]: row["title"] for row in rows}


async def history(database: Database, village: int) -> Sequence[Programme]:
    """Return every version a village adopted, the newest first."""
    rows = await database.rows("SELECT * FROM programme WHERE village = {} ORDER BY version DESC", village)
    return [_programme(row) for row in rows]
