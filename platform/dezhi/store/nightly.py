"""Which nightly work was begun by some process, and what came of it. Times are microseconds since 1970."""

from typing import NamedTuple

from dezhi.store.database import Database

KEPT = 60
"""Nights of which results are kept."""


class Run(NamedTuple):
    """One job of one night (a day's number), ended. `trouble` is empty or a code; `result` is JSON, else empty."""

    job: str
    night: int
    began_at: int
    ended_at: int
    trouble: str
    result: str


async def begin(database: Database, job: str, night: int, at: int, stale: int) -> bool:
    """Take a night's job for this process. False when it is done, or somebody has it and gave a sign after `stale`."""
    return bool(
        await database.rows(
            "INSERT INTO nightly (job, night, began_at, beat_at, ended_at, trouble, result)"
            " VALUES ({}, {}, {}, {}, NULL, '', '')"
            " ON CONFLICT (job, night) DO UPDATE SET began_at = excluded.began_at, beat_at = excluded.beat_at"
            " WHERE nightly.ended_at IS NULL AND nightly.beat_at < {} RETURNING job",
            job,
            night,
            at,
            at,
            stale,
        )
    )


async def beat(database: Database, job: str, night: int, at: int) -> None:
    """Give a sign of life; `at` 0 gives an unfinished job back, for anybody to begin anew."""
    await database.rows(
        "UPDATE nightly SET beat_at = {} WHERE job = {} AND night = {} AND ended_at IS NULL", at, job, night
    )


async def end(database: Database, job: str, night: int, at: int, trouble: str, result: str) -> None:
    """Note what came of a night's job, and forget nights long past."""
    async with database.engine.transaction():
        await database.rows(
            "UPDATE nightly SET ended_at = {}, trouble = {}, result = {} WHERE job = {} AND night = {}",
            at,
            trouble,
            result,
            job,
            night,
        )
        await database.rows(
            "DELETE FROM nightly WHERE job = {} AND night < (SELECT min(night) FROM (SELECT night FROM nightly"
            " WHERE job = {} ORDER BY night DESC LIMIT {}) AS kept)",
            job,
            job,
            KEPT,
        )


async def last(database: Database, job: str) -> Run | None:
    """What came of a job the last time; None where it never ended."""
    row = await database.row(
        "SELECT job, night, began_at, ended_at, trouble, result FROM nightly"
        " WHERE job = {} AND ended_at IS NOT NULL ORDER BY night DESC LIMIT 1",
        job,
    )
    return Run(**row) if row else None


async def done(database: Database, job: str, night: int) -> bool:
    """Whether a night's job has ended, whoever did it."""
    row = await database.row("SELECT ended_at FROM nightly WHERE job = {} AND night = {}", job, night)
    return row is not None and row["ended_at"] is not None
