"""Plugins that are not asked for now: found by one process, known to all of them, let go again by staff."""

import asyncio
import contextlib
import contextvars
import logging
import time
from typing import Final

from dezhi.core.calendar import Clock
from dezhi.host import Directory, Held, Key
from dezhi.service.actors import Actor
from dezhi.store import quarantines as store
from dezhi.store.database import Database
from dezhi.store.ids import new_id
from dezhi.store.quarantines import Row

log = logging.getLogger("dezhi.quarantines")

LOOK_SECONDS: Final = 1.0
"""How old what this process knows of the others may be."""


class Quarantines:
    """Keeps this process's directory up to date: who is held, and what was installed or taken away since."""

    def __init__(self, database: Database, directory: Directory, clock: Clock) -> None:
        self._database = database
        self._directory = directory
        self._clock = clock
        self._looked = 0.0
        self._untold: list[Row] = []
        self._telling: set[asyncio.Task[None]] = set()
        self._one = asyncio.Lock()
        directory.ward.told = self._found

    async def fresh(self) -> None:
        """Learn what others found, at most once a second. To be called before plugins are asked or shown."""
        now = time.monotonic()
        if now - self._looked < LOOK_SECONDS or self._database.engine.in_transaction:
            return
        self._looked = now
        await self.look()

    async def look(self) -> None:
        """Learn it now."""
        await self._directory.refresh()
        await self._tell()
        rows = await store.held(self._database)
        if self._directory.ward.know([_held(row) for row in (*rows, *self._untold)]):
            self._directory.renew()

    async def release(self, actor: Actor, plugin: str, version: str) -> None:
        """Have a version of a plugin asked again, by all processes within `LOOK_SECONDS`; nothing where it is."""
        await self._tell()
        if await store.release(self._database, plugin, version, actor.staff, self._clock()):
            log.warning("plugin released", extra={"plugin": plugin, "version": version, "staff": actor.staff})
        await self.look()

    async def close(self) -> None:
        """Finish writing down what was found."""
        while self._telling:
            await asyncio.gather(*self._telling)

    def _found(self, held: Held) -> None:
        """Write down that a plugin is held, so that the other processes learn it; it is held here already."""
        key = held.key
        log.error(
            "plugin held", extra={"code": held.reason, "plugin": key.plugin, "version": key.version, "hook": held.hook}
        )
        row = Row(
            id=new_id(),
            plugin=key.plugin,
            version=key.version,
            sha=key.sha,
            hook=held.hook,
            reason=held.reason,
            at=self._clock(),
        )
        self._untold.append(row)
        with contextlib.suppress(RuntimeError):  # nobody waits in a loop: it is told at the next look
            # Not in the transaction that may be open here: it may be taken back.
            task = asyncio.get_running_loop().create_task(self._tell_later(), context=contextvars.Context())
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _tell_later(self) -> None:
        try:
            await self._tell()
        except Exception:
            log.exception("a quarantine was not written down yet")

    async def _tell(self) -> None:
        """Write down what was found and is not written yet; what fails is tried again at the next look."""
        async with self._one:
            while self._untold:
                await store.add(self._database, self._untold[0])
                self._untold.pop(0)


def _held(row: Row) -> Held:
    return Held(key=Key(row.plugin, row.version, row.sha), hook=row.hook, reason=row.reason, at=row.at)
