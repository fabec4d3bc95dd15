"""Backtests that run while somebody waits for them on a page: in this process, one at a time, giving way to everybody.

How far one is, and what it found, lies where sessions lie, so that any process of the installation can show it. It is
kept for a week and then gone: the same draft gives the same again.
"""

import asyncio
import contextlib
import logging
import secrets
from datetime import datetime, timedelta
from typing import Final

import msgspec

from dezhi.core.backtest_result import Backtest
from dezhi.core.calendar import Clock
from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.service.backtests import Asked, Backtests
from dezhi.service.sessions import Sessions

log = logging.getLogger("dezhi.backtests")

KEPT_FOR: Final = timedelta(days=7)
BEAT: Final = timedelta(seconds=2)
"""How often it is kept how far a run is."""
SILENT: Final = timedelta(minutes=2)
"""After so long without a sign a run is taken for ended: its process is gone."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """A run: `village` is whose (0: of several), `done` of `total` deeds played; in the end `result`, or `error`."""

    village: int
    seen_at: datetime
    done: int = 0
    total: int = 0
    error: str = ""
    result: Backtest | None = None

    @property
    def is_over(self) -> bool:
        """Whether it ended, well or not."""
        return self.result is not None or bool(self.error)


class Trials:
    """Begins runs and tells of them."""

    def __init__(self, backtests: Backtests, sessions: Sessions, clock: Clock) -> None:
        self._backtests = backtests
        self._sessions = sessions
        self._clock = clock
        self._turn = asyncio.Semaphore()
        self._running: set[asyncio.Task[None]] = set()

    async def begin(self, asked: Asked) -> str:
        """Begin a run and return the word by which it is found again. Raises what `Backtests.ready` raises."""
        total = sum(one.deeds for one in await self._backtests.ready(asked))
        token = secrets.token_urlsafe(12)
        village = asked.villages[0].id if len(asked.villages) == 1 else 0
        trial = Trial(village=village, seen_at=self._clock(), total=total)
        await self._keep(token, trial)
        task = asyncio.create_task(self._run(token, trial, asked), name=f"backtest {token}")
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return token

    async def find(self, token: str, village: int) -> Trial:
        """Return how a village's run stands. Raises Problem `backtest-gone` (410)."""
        data = await self._sessions.get(_key(token))
        trial = None if data is None else msgspec.json.decode(data, type=Trial)
        if trial is None or trial.village != village:
            text = N_("这次试算已经过了一个星期，或者地址不对。请重新试算一次，结果是一样的。")
            raise Problem("backtest-gone", text, status=410)
        if not trial.is_over and self._clock() - trial.seen_at > SILENT:
            return msgspec.structs.replace(trial, error="backtest-stopped")
        return trial

    async def finished(self) -> None:
        """Wait for what runs in this process."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def close(self) -> None:
        """End what runs; nothing is lost, for nothing was written."""
        for task in self._running:
            task.cancel()
        await self.finished()

    async def _run(self, token: str, trial: Trial, asked: Asked) -> None:
        done = 0

        def tell(so_far: int, _: int) -> None:
            nonlocal done
            done = so_far

        async def beat() -> None:
            while True:
                await asyncio.sleep(BEAT.total_seconds())
                with contextlib.suppress(Problem):
                    await self._keep(token, msgspec.structs.replace(trial, done=done, seen_at=self._clock()))

        beating = asyncio.create_task(beat(), name=f"backtest {token} beats")
        ended = msgspec.structs.replace(trial, error="backtest-failed")
        try:
            async with self._turn:
                result = await self._backtests.run(asked, tell)
            ended = msgspec.structs.replace(trial, done=trial.total, result=result)
        except Problem as problem:
            ended = msgspec.structs.replace(trial, error=problem.code)
        except Exception:
            log.exception("a backtest failed")
        finally:
            beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beating
        await self._keep(token, msgspec.structs.replace(ended, seen_at=self._clock()))

    async def _keep(self, token: str, trial: Trial) -> None:
        await self._sessions.put(_key(token), msgspec.json.encode(trial), KEPT_FOR)


def _key(token: str) -> str:
    return f"backtest:{token}"
