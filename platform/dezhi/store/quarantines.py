"""Which plugins are in quarantine, for all processes of an installation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dezhi.core.calendar import from_micros, micros
from dezhi.store.database import Database


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One quarantine; `reason` is the code of the failure that led to it."""

    id: int
    plugin: str
    version: str
    sha: str
    hook: str
    reason: str
    at: datetime


def _row(row: Mapping[str, Any]) -> Row:
    return Row(
        id=row["quarantine_id"],
        plugin=row["plugin"],
        version=row["version"],
        sha=row["sha"],
        hook=row["hook"],
        reason=row["reason"],
        at=from_micros(row["held_at"]),
    )


async def add(database: Database, row: Row) -> None:
    """Keep a quarantine. Two processes that find the same at once make two, which end together."""
    await database.rows(
        "INSERT INTO quarantine (quarantine_id, plugin, version, sha, hook, reason, held_at)"
        " VALUES ({}, {}, {}, {}, {}, {}, {})",
        row.id,
        row.plugin,
        row.version,
        row.sha,
        row.hook,
        row.reason,
        micros(row.at),
    )


async def held(database: Database) -> Sequence[Row]:
    """Return those that last, the first one first."""
    rows = await database.rows("SELECT * FROM quarantine WHERE released_at IS NULL ORDER BY held_at, quarantine_id")
    return [_row(row) for row in rows]


async def release(database: Database, plugin: str, version: str, by: int, at: datetime) -> bool:
    """End the quarantine of one version of a plugin; False where there is none."""
    return bool(
        await database.rows(
            "UPDATE quarantine SET released_by = {}, released_at = {}"
            " WHERE plugin = {} AND version = {} AND released_at IS NULL RETURNING quarantine_id",
            by,
            micros(at),
            plugin,
            version,
        )
    )
