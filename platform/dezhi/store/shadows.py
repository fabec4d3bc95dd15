"""Keeps shadows and their differences. Neither is part of the ledger."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from dezhi.core.backtest import Outcome
from dezhi.core.calendar import day, from_micros, micros, to_date
from dezhi.core.events import ASSET_OF, ASSETS, AssetId
from dezhi.core.programmes import Document
from dezhi.core.shadows import Difference, Shadow, ShadowState
from dezhi.store.database import Database

_ROWS: Final = 500
"""Rows of one INSERT: SQLite takes 32,766 values."""


async def add(database: Database, shadow: Shadow) -> None:
    """Keep a new one. Raises the driver's integrity error where the village has one running."""
    await database.rows(
        "INSERT INTO shadow (shadow_id, village, state, title, document, since, until, started_by, started_at, reached,"
        " deeds, trouble) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})",
        shadow.id,
        shadow.village,
        int(shadow.state),
        shadow.title,
        msgspec.json.encode(shadow.document).decode(),
        day(shadow.since),
        day(shadow.until),
        shadow.started_by,
        micros(shadow.started_at),
        shadow.reached,
        shadow.deeds,
        shadow.trouble,
    )


async def of_village(database: Database, village: int, limit: int) -> list[Shadow]:
    """A village's shadows, the newest first."""
    rows = await database.rows(
        "SELECT * FROM shadow WHERE village = {} ORDER BY started_at DESC, shadow_id LIMIT {}", village, limit
    )
    return [_shadow(row) for row in rows]


async def running(database: Database) -> list[Shadow]:
    """Every shadow that runs, in the order they were begun."""
    rows = await database.rows(
        f"SELECT * FROM shadow WHERE state = {ShadowState.RUNNING:d} ORDER BY started_at, shadow_id"
    )
    return [_shadow(row) for row in rows]


async def compared(database: Database, shadow: Shadow, found: Sequence[Difference]) -> None:
    """Keep what a comparison found in the place of the one before; not of a shadow that was stopped meanwhile."""
    async with database.engine.transaction():
        changed = await database.rows(
            "UPDATE shadow SET state = {}, reached = {}, deeds = {}, trouble = {}"
            f" WHERE shadow_id = {{}} AND state = {ShadowState.RUNNING:d} RETURNING shadow_id",
            int(shadow.state),
            shadow.reached,
            shadow.deeds,
            shadow.trouble,
            shadow.id,
        )
        if not changed or shadow.trouble:
            return
        await database.rows("DELETE FROM shadow_difference WHERE shadow_id = {}", shadow.id)
        for at in range(0, len(found), _ROWS):
            some = found[at : at + _ROWS]
            places = ", ".join([f"({', '.join(['{}'] * 9)})"] * len(some))
            await database.rows(
                "INSERT INTO shadow_difference (shadow_id, seq, asset, event_day, item, title, outcome, before, after)"
                f" VALUES {places}",
                *[value for one in some for value in (shadow.id, *_values(one))],
            )


async def stop(database: Database, shadow: int) -> None:
    """End one that runs; nothing happens to another."""
    await database.rows(
        f"UPDATE shadow SET state = {ShadowState.STOPPED:d} WHERE shadow_id = {{}} AND state = {ShadowState.RUNNING:d}",
        shadow,
    )


async def differences(database: Database, shadow: int) -> list[Difference]:
    """What a shadow found, the newest deeds first."""
    rows = await database.rows(
        "SELECT * FROM shadow_difference WHERE shadow_id = {} ORDER BY event_day DESC, seq DESC, asset", shadow
    )
    return [
        Difference(
            seq=row["seq"],
            asset=ASSET_OF[AssetId(row["asset"])],
            on=to_date(row["event_day"]),
            item=row["item"],
            title=row["title"],
            outcome=Outcome(row["outcome"]),
            before=row["before"],
            after=row["after"],
        )
        for row in rows
    ]


def _values(one: Difference) -> tuple[int | str, ...]:
    return (
        one.seq,
        int(ASSETS[one.asset]),
        day(one.on),
        one.item,
        one.title,
        one.outcome.value,
        one.before,
        one.after,
    )


def _shadow(row: Mapping[str, Any]) -> Shadow:
    return Shadow(
        id=row["shadow_id"],
        village=row["village"],
        state=ShadowState(row["state"]),
        title=row["title"],
        document=msgspec.json.decode(row["document"], type=Document),
        since=to_date(row["since"]),
        until=to_date(row["until"]),
        started_by=row["started_by"],
        started_at=from_micros(row["started_at"]),
        reached=row["reached"],
        deeds=row["deeds"],
        trouble=row["trouble"],
    )
