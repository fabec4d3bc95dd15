"""Litestar's sessions, kept in our database."""

from datetime import timedelta

from litestar.stores.base import Store

from dezhi.service.sessions import Sessions


class DatabaseStore(Store):
    """A Litestar store over `Sessions`: a restart or a lost cache logs nobody out."""

    __slots__ = ("_sessions",)

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def set(self, key: str, value: str | bytes, expires_in: int | timedelta | None = None) -> None:
        """Keep a value; None keeps it without an end."""
        data = value.encode() if isinstance(value, str) else value
        await self._sessions.put(key, data, _span(expires_in))

    async def get(self, key: str, renew_for: int | timedelta | None = None) -> bytes | None:
        """Return a value that has not expired, and move its end if asked."""
        return await self._sessions.get(key, _span(renew_for))

    async def delete(self, key: str) -> None:
        """Drop a value."""
        await self._sessions.delete(key)

    async def delete_all(self) -> None:
        """Drop every value."""
        await self._sessions.delete_all()

    async def exists(self, key: str) -> bool:
        """Whether there is a value that has not expired."""
        return await self._sessions.get(key) is not None

    async def expires_in(self, key: str) -> int | None:
        """Return the seconds a value still lives, if it has an end."""
        left = await self._sessions.expires_in(key)
        return None if left is None else int(left.total_seconds())


def _span(seconds: int | timedelta | None) -> timedelta | None:
    return timedelta(seconds=seconds) if isinstance(seconds, int) else seconds
