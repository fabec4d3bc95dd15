"""Reads and writes sessions. The caller hashes keys: none arrives here in the clear."""

from datetime import datetime
from typing import NamedTuple

from dezhi.store.database import Database


class Kept(NamedTuple):
    """What a session holds, and until when."""

    data: bytes
    expires_at: datetime | None


async def put(database: Database, key: str, data: bytes, expires_at: datetime | None) -> None:
    """Keep or replace a session."""
    await database.rows(
        "INSERT INTO session (key, data, expires_at) VALUES ({}, {}, {})"
        " ON CONFLICT (key) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at",
        key,
        data,
        expires_at,
    )


async def get(database: Database, key: str, at: datetime) -> Kept | None:
    """Return a session which has not expired."""
    row = await database.row(
        "SELECT data, expires_at FROM session WHERE key = {} AND (expires_at IS NULL OR expires_at > {})", key, at
    )
    return Kept(bytes(row["data"]), row["expires_at"]) if row else None


async def renew(database: Database, key: str, expires_at: datetime) -> None:
    """Move a session's end. One without an end keeps having none."""
    await database.rows("UPDATE session SET expires_at = {} WHERE key = {} AND expires_at IS NOT NULL", expires_at, key)


async def delete(database: Database, key: str) -> None:
    """Drop a session; nothing happens when there is none."""
    await database.rows("DELETE FROM session WHERE key = {}", key)


async def delete_all(database: Database) -> None:
    """Drop every session: everybody has to log in again."""
    await database.rows("DELETE FROM session")


async def purge(database: Database, at: datetime) -> None:
    """Drop what has expired."""
    await database.rows("DELETE FROM session WHERE expires_at <= {}", at)
