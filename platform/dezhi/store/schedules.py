"""The days on which plugins were asked what the calendar makes due, and what came of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from dezhi.core.calendar import day as day_number, to_date
from dezhi.core.schedules import Day, Told
from dezhi.store.database import Database

_NOTHING = msgspec.json.encode(Told()).decode()


def _day(row: Mapping[str, Any]) -> Day:
    return Day(
        village=row["village"],
        day=to_date(row["day"]),
        version=row["version"],
        sound=bool(row["sound"]),
        told=msgspec.json.decode(row["told"], type=Told),
    )


async def since(database: Database, village: int, first: date) -> dict[date, Day]:
    """A village's days that were asked about, from one on."""
    rows = await database.rows(
        "SELECT * FROM schedule_day WHERE village = {} AND day >= {}", village, day_number(first)
    )
    return {to_date(row["day"]): _day(row) for row in rows}


async def recent(database: Database, village: int, limit: int) -> Sequence[Day]:
    """A village's newest days on which something was due, or went wrong."""
    rows = await database.rows(
        "SELECT * FROM schedule_day WHERE village = {} AND told <> {} ORDER BY day DESC LIMIT {}",
        village,
        _NOTHING,
        limit,
    )
    return [_day(row) for row in rows]


async def keep(database: Database, found: Day, at: int) -> None:
    """Note what came of a day; asked about again, the newer answer stands."""
    await database.rows(
        "INSERT INTO schedule_day (village, day, version, asked_at, sound, told) VALUES ({}, {}, {}, {}, {}, {})"
        " ON CONFLICT (village, day) DO UPDATE SET version = excluded.version, asked_at = excluded.asked_at,"
        " sound = excluded.sound, told = excluded.told",
        found.village,
        day_number(found.day),
        found.version,
        at,
        int(found.sound),
        msgspec.json.encode(found.told).decode(),
    )


async def forget(database: Database, village: int, before: date) -> None:
    """Drop days long past on which nothing was due."""
    await database.rows(
        "DELETE FROM schedule_day WHERE village = {} AND day < {} AND told = {}",
        village,
        day_number(before),
        _NOTHING,
    )
