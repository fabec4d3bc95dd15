"""Litestar's own stores: in this process's memory, or in a Redis or Valkey that may be gone at any moment."""

import math
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from litestar.stores.base import Store
from litestar.stores.memory import MemoryStore
from litestar.stores.redis import RedisStore

from dezhi.store.cache import Cache, CacheDown
from dezhi.web.memory import ProcessStore

T = TypeVar("T")


class SharedStore(Store):
    """Litestar's `RedisStore` while the server answers, this process's memory while it does not.

    For what may be forgotten: a value can be missing, or an older one reappear, when the server comes and goes.
    """

    __slots__ = ("_cache", "_here", "_there")

    def __init__(self, cache: Cache, name: str) -> None:
        self._cache = cache
        self._there = RedisStore(cache.client, namespace=f"{cache.prefix}:{name}")
        self._here: MemoryStore = ProcessStore()

    async def _ask(self, question: Callable[[Store], Awaitable[T]]) -> T:
        try:
            return await self._cache.ask(lambda: question(self._there))
        except CacheDown:
            return await question(self._here)

    async def set(self, key: str, value: str | bytes, expires_in: int | timedelta | None = None) -> None:
        """Keep a value; None keeps it without an end."""
        await self._ask(lambda store: store.set(key, value, _seconds(expires_in)))

    async def get(self, key: str, renew_for: int | timedelta | None = None) -> bytes | None:
        """Return a value that has not expired, and move its end if asked."""
        return await self._ask(lambda store: store.get(key, _seconds(renew_for)))

    async def delete(self, key: str) -> None:
        """Drop a value."""
        await self._ask(lambda store: store.delete(key))

    async def delete_all(self) -> None:
        """Drop every value of this store."""
        await self._ask(lambda store: store.delete_all())

    async def exists(self, key: str) -> bool:
        """Whether there is a value that has not expired."""
        return await self._ask(lambda store: store.exists(key))

    async def expires_in(self, key: str) -> int | None:
        """Return the seconds a value still lives, if it has an end."""
        return await self._ask(lambda store: store.expires_in(key))


def _seconds(span: int | timedelta | None) -> int | None:
    # RedisStore reads only the seconds of a timedelta and not its days: fourteen days would delete the key.
    return math.ceil(span.total_seconds()) if isinstance(span, timedelta) else span
