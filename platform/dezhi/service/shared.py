"""What the processes of one installation may share: values that can be made again, and word that a book moved."""

from collections.abc import AsyncGenerator
from typing import Protocol


class Wire(Protocol):
    """Carries short messages between processes. Messages may be lost; nothing ever waits for one."""

    async def send(self, message: bytes) -> None:
        """Tell every process that listens. Never raises for trouble on the way."""

    def listen(self) -> AsyncGenerator[bytes, None]:
        """What is sent from now on, also by this process; comes back after an outage by itself."""

    async def close(self) -> None:
        """Let go of the server."""


class Shared(Wire, Protocol):
    """A cache that may be gone at any moment; every call then answers as if it were empty (fails open)."""

    async def get(self, key: str) -> bytes | None:
        """What is kept under a key, if anything is."""

    async def put(self, key: str, value: bytes, seconds: int) -> None:
        """Keep a value for some seconds."""

    async def trouble(self) -> str:
        """Why it cannot be asked now; empty if it answers."""
