"""Log-in sessions in the database, under hashed keys."""

import hashlib
from datetime import datetime, timedelta

from dezhi.core.calendar import Clock
from dezhi.store import sessions as store
from dezhi.store.database import Database


class Sessions:
    """What browsers are remembered by. The key in a cookie is never stored, only its SHA-256."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def put(self, key: str, data: bytes, expires_in: timedelta | None) -> None:
        """Keep or replace a session. A new one is the occasion to drop those that expired."""
        expires_at = None if expires_in is None else self._clock() + expires_in
        kept = await store.get(self._database, _digest(key), self._clock())
        if kept is None:
            await self.purge()
        elif kept.data == data and _close(kept.expires_at, expires_at, expires_in):
            return
        await store.put(self._database, _digest(key), data, expires_at)

    async def get(self, key: str, renew_for: timedelta | None = None) -> bytes | None:
        """Return a session's data unless it has expired; `renew_for` moves its end, if it has one, to that from now."""
        kept = await store.get(self._database, _digest(key), self._clock())
        if kept is None:
            return None
        if renew_for is not None and kept.expires_at is not None:
            until = self._clock() + renew_for
            if not _close(kept.expires_at, until, renew_for):
                await store.renew(self._database, _digest(key), until)
        return kept.data

    async def delete(self, key: str) -> None:
        """Drop a session; nothing happens when there is none."""
        await store.delete(self._database, _digest(key))

    async def delete_all(self) -> None:
        """Drop every session: everybody has to log in again."""
        await store.delete_all(self._database)

    async def expires_in(self, key: str) -> timedelta | None:
        """Return how long a session still lives; None when there is none or it has no end."""
        kept = await store.get(self._database, _digest(key), self._clock())
        return None if kept is None or kept.expires_at is None else kept.expires_at - self._clock()

    async def purge(self) -> None:
        """Drop what has expired; nothing depends on it."""
        await store.purge(self._database, self._clock())


def _close(one: datetime | None, other: datetime | None, span: timedelta | None) -> bool:
    """Whether two ends are so near that a write is not worth it.

    Litestar keeps the session after every request, and each write waits its turn behind the ledger.
    """
    if one is None or other is None or span is None:
        return one is other
    return abs(other - one) <= span / 20


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
