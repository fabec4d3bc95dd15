"""Litestar's store in this process's memory, tidied as it goes."""

from datetime import timedelta

from litestar.stores.memory import MemoryStore

TIDY_EVERY = 1_000
"""Writes between two tidyings. Litestar's own drops an expired value only when somebody asks for it again."""


class ProcessStore(MemoryStore):
    """A `MemoryStore` that cannot fill up with what has expired."""

    __slots__ = ("_writes",)

    def __init__(self) -> None:
        super().__init__()
        self._writes = 0

    async def set(self, key: str, value: str | bytes, expires_in: int | timedelta | None = None) -> None:
        """Keep a value; None keeps it without an end."""
        await super().set(key, value, expires_in)
        self._writes += 1
        if self._writes % TIDY_EVERY == 0:
            await self.delete_expired()
