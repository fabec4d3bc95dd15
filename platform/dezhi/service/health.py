"""Whether this installation can do its work now, for who watches machines. Tells nothing about people."""

import asyncio
import logging
from typing import Final

import msgspec

from dezhi.service.shared import Shared
from dezhi.store.database import Database

log = logging.getLogger("dezhi.health")

ANSWER_SECONDS: Final = 1.0
"""How long the database may take to answer one small question."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to "can you work?". Each check is `ok`, `failed` or `pending`."""

    ready: bool
    checks: dict[str, str]
    detail: str


class Health:
    """Asks the database a small question within a time limit."""

    def __init__(self, database: Database, shared: Shared | None = None) -> None:
        self._database = database
        self._shared = shared

    async def report(self) -> Report:
        """Look. Never raises for a database in trouble: that is what is being asked."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                pending = await self._database.pending()
        except Exception as trouble:  # noqa: BLE001 - whatever the driver raises, the answer is no
            log.warning("database does not answer", extra={"kind": type(trouble).__name__})
            return Report(
                ready=False,
                checks={"database": "failed"},
                detail="the database does not answer within a second; nothing is lost, look at its log",
            )
        if pending:
            return Report(
                ready=False,
                checks={"database": "ok", "migrations": "pending"},
                detail="the database is older than this program; run `dezhi migrate`",
            )
        checks = {"database": "ok", "migrations": "ok"}
        if self._shared is None:
            return Report(ready=True, checks=checks, detail="ready")
        # Everything goes on without the cache, so that alone takes no process out of service.
        silent = await self._shared.trouble()
        detail = "ready, but the Redis or Valkey of DEZHI_REDIS_URL does not answer" if silent else "ready"
        return Report(ready=True, checks={**checks, "cache": "failed" if silent else "ok"}, detail=detail)
