"""The audit: every row of the books derived again from their events, by hand or by itself each night.

The night's runs as a process of its own, so that it takes no turn from those who book, and a stop of the server ends
it: the next one goes on where it stood.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from dezhi import __version__
from dezhi.core.calendar import from_micros
from dezhi.core.errors import Problem
from dezhi.core.faults import Audited, Fault, Stood
from dezhi.core.text import N_
from dezhi.service.backups import Place, snapshot_of
from dezhi.service.nightly import Job, Nightly
from dezhi.store import aside, audit, sealed

JOB: Final = "audit"
CLEAN: Final = 0
DIFFERENT: Final = 1
"""How the command ends; with any other number it could not run."""

NICE: Final = 10
"""Those who book at night come first."""

Progress = Callable[[int, int], None]


class Last(msgspec.Struct, frozen=True, kw_only=True):
    """The last nightly audit, as far as one book goes. `trouble` is a code where it could not run: then no book."""

    began_at: datetime
    ended_at: datetime
    trouble: str
    book: Stood | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def count(self) -> int:
        """How many differences there are, named or not."""
        return self.book.faults if self.book else 0


async def run(place: Place, now: datetime, progress: Progress) -> Audited:
    """Audit everything at one moment, beside a running server, changing nothing.

    One that was ended, even by force, goes on where it stood. Raises `Problem` (`backup-nothing`, `audit-running`,
    `storage`).
    """
    async with snapshot_of(place) as snapshot:
        if not await snapshot.migrations():
            raise Problem("backup-nothing", N_("%(place)s 里没有德治的数据。"), status=404, place=str(place.data_dir))
        # Who may only read the data directory starts from the beginning each time.
        writable = os.access(place.data_dir, os.W_OK)
        with (
            aside.in_folder(place.data_dir, __version__, int(now.timestamp())) if writable else aside.nowhere() as kept
        ):
            found = await audit.of_snapshot(snapshot, kept, progress)
            return await sealed.audit(snapshot, found)


def nightly(data_dir: Path, database_url: str) -> Job:
    """The night's job."""
    return Job(JOB, lambda: _apart(data_dir, database_url))


async def _apart(data_dir: Path, database_url: str) -> Audited:
    """Audit in a process of its own, and return what it said. Raises `Problem` (`audit-failed`)."""
    environment = {**os.environ, "DEZHI_DATA_DIR": str(data_dir), "DEZHI_DATABASE_URL": database_url}
    async with _process([sys.executable, "-m", "dezhi", "audit", "--json"], environment) as process:
        out, err = await process.communicate()
    if process.returncode not in (CLEAN, DIFFERENT):
        reason = err.decode(errors="replace").strip()[-500:]
        raise Problem("audit-failed", N_("账没有核对成（%(reason)s）。"), status=503, reason=reason)
    return msgspec.json.decode(out, type=Audited)


@asynccontextmanager
async def _process(arguments: Sequence[str], environment: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that does not outlive the block."""
    process = await asyncio.create_subprocess_exec(
        *arguments,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
        yield process
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


class Audits:
    """What the nights' audits found, for those who answer for a book."""

    def __init__(self, nightly: Nightly) -> None:
        self._nightly = nightly

    async def last(self, book: int) -> Last | None:
        """The last night's result for a book; None where none has ended yet."""
        ran = await self._nightly.last(JOB)
        if ran is None:
            return None
        began_at, ended_at = from_micros(ran.began_at), from_micros(ran.ended_at)
        if ran.trouble:
            return Last(began_at=began_at, ended_at=ended_at, trouble=ran.trouble)
        found = msgspec.json.decode(ran.result, type=Audited)
        return Last(
            began_at=began_at,
            ended_at=ended_at,
            trouble="",
            book=next((one for one in found.books if one.book == book), None),
            faults=tuple(one for one in found.faults if one.book == book),
        )
