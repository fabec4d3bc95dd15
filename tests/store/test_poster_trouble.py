"""A database in trouble: what may pass is tried again, and nobody is told a thing which nobody knows."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

import asyncpg
import pytest

from booking import NOW, asking, award
from dezhi.core.errors import Problem
from dezhi.core.watch import Watch
from dezhi.store import poster as module
from dezhi.store.poster import Poster
from dezhi.store.trouble import explained

GOODBYE = asyncpg.AdminShutdownError("terminating connection due to administrator command")
LOCKED = asyncpg.LockNotAvailableError("canceling statement due to lock timeout")
FULL = asyncpg.DiskFullError("could not extend file")
BUG = asyncpg.CheckViolationError("account_check")


class Shaky:
    """An engine before the real one: for each transaction it is told what goes wrong, and when."""

    def __init__(self, engine: Any, faults: Iterable[tuple[str, Exception] | None]) -> None:
        self._engine = engine
        self._faults = iter(faults)
        self.tried = 0
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    async def carry_out(self, steps: Any) -> Any:
        self.tried += 1
        await self.may_go_on.wait()
        when, failure = next(self._faults, None) or ("", None)
        if failure is None:
            return await self._engine.carry_out(steps)
        if when == "after":
            await self._engine.carry_out(steps)
        with explained(undone=when == "before", only_storage=True):
            raise failure


class Told(Watch):
    def __init__(self) -> None:
        self.why: list[str] = []
        self.codes: list[str] = []

    def again(self, why: str) -> None:
        self.why.append(why)

    def outcome(self, code: str) -> None:
        self.codes.append(code)


def shaky(desk: Any, *faults: tuple[str, Exception] | None) -> tuple[Poster, Shaky, Told]:
    """A poster of the desk's book on a shaky engine."""
    engine, watch = Shaky(desk.database.engine, faults), Told()
    return Poster(engine, lambda: NOW, watch), engine, watch  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the pauses away."""
    monkeypatch.setattr(module, "PAUSES", (0.0,) * 5)
    monkeypatch.setattr(module, "PAUSES_OF_SURE", (0.0,) * 3)


@pytest.mark.row("AW-11")
@pytest.mark.parametrize("when", ["after", "instead"])
async def test_a_commit_of_which_nobody_knows_is_found_out(desk: Any, when: str) -> None:
    poster, engine, watch = shaky(desk, (when, GOODBYE), (when, ConnectionResetError()))
    moved: list[tuple[int, int]] = []
    poster.moved = lambda book, last: moved.append((book, last))
    outcome = await poster.post(desk.book, asking(award(), key="a"))
    assert (outcome.seqs, outcome.replay) == ((1,), False), "who asked once has not asked again"
    assert (engine.tried, watch.why, watch.codes) == (3, ["unknown", "unknown"], [""])
    assert moved == [(desk.book, 1)]
    assert await desk.count("txn") == 1
    assert (await desk.post(award(), key="a")).replay


async def test_only_when_all_tries_fail_it_is_said_that_nobody_knows(desk: Any) -> None:
    poster, engine, _ = shaky(desk, ("after", GOODBYE), *[("before", ConnectionRefusedError())] * 9)
    with pytest.raises(Problem, match="不知道") as unknown:
        await poster.post(desk.book, asking(award(), key="a"))
    assert (unknown.value.code, unknown.value.status) == ("storage", 503)
    assert engine.tried == 1 + len(module.PAUSES)
    assert (await desk.post(award(), key="a")).replay, "it was booked, and the same key tells"


@pytest.mark.parametrize("failure", [LOCKED, asyncpg.DeadlockDetectedError("d"), asyncpg.SerializationError("s")])
async def test_what_passes_is_not_the_callers_trouble(desk: Any, failure: Exception) -> None:
    poster, engine, watch = shaky(desk, *[("before", failure)] * 3)
    assert (await poster.post(desk.book, asking(award()))).seqs == (1,)
    assert (engine.tried, watch.why) == (4, ["passing"] * 3)


async def test_what_does_not_pass_soon_is_told_as_not_done(desk: Any) -> None:
    poster, engine, _ = shaky(desk, *[("before", LOCKED)] * 9)
    with pytest.raises(Problem, match="没有做"):
        await poster.post(desk.book, asking(award()))
    assert engine.tried == 1 + len(module.PAUSES_OF_SURE)


async def test_a_full_disk_is_told_at_once(desk: Any) -> None:
    poster, engine, _ = shaky(desk, ("before", FULL))
    with pytest.raises(Problem, match="写不进去"):
        await poster.post(desk.book, asking(award()))
    assert engine.tried == 1


async def test_no_try_begins_after_the_patience_is_over(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", -1.0)
    poster, engine, _ = shaky(desk, *[("before", LOCKED)] * 9)
    with pytest.raises(Problem, match="没有做"):
        await poster.post(desk.book, asking(award()))
    assert engine.tried == 1


async def test_a_fault_is_told_loudly_and_costs_one(desk: Any, caplog: pytest.LogCaptureFixture) -> None:
    # The batch, then one by one: the second is at fault.
    poster, engine, watch = shaky(desk, ("before", BUG), None, ("before", BUG))
    with caplog.at_level(logging.ERROR):
        found = await asyncio.gather(
            *(poster.post(desk.book, asking(award(), key=key)) for key in "abc"), return_exceptions=True
        )
    assert isinstance(found[1], asyncpg.CheckViolationError)
    assert [found[0].seqs, found[2].seqs] == [(1,), (2,)]  # type: ignore[union-attr]
    assert (engine.tried, watch.why) == (4, ["fault", "fault"])
    assert [record.getMessage() for record in caplog.records] == ["fault while booking"] * 2


async def test_doubt_outlives_a_fault(desk: Any) -> None:
    """The batch may be kept; then nobody of it may be told that his was not."""
    poster, _, _ = shaky(desk, ("after", GOODBYE), ("before", BUG), ("before", FULL), *[("before", GOODBYE)] * 9)
    found = await asyncio.gather(
        *(poster.post(desk.book, asking(award(), key=key)) for key in "ab"), return_exceptions=True
    )
    assert ["不知道" in str(one) for one in found] == [True, True]
    assert await desk.count("txn") == 2


async def test_closing_waits_only_so_long(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DRAIN_SECONDS", 0.05)
    monkeypatch.setattr(module, "BATCH_MAX", 1)
    poster, engine, _ = shaky(desk)
    engine.may_go_on.clear()
    tasks = [asyncio.create_task(poster.post(desk.book, asking(award(), key=key))) for key in "ab"]
    await asyncio.sleep(0)
    await poster.close()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert ["不知道" in str(found[0]), "停下" in str(found[1])] == [True, True]
    assert poster.waiting == 0
    assert (await desk.post(award(), key="a")).booked


@pytest.mark.parametrize("when", ["after", "instead"])
async def test_a_whole_group_of_which_nobody_knows_is_found_out(desk: Any, when: str) -> None:
    poster, engine, watch = shaky(desk, (when, GOODBYE), ("before", LOCKED))
    group = [asking(award(), key=key) for key in "abc"]
    outcomes = await poster.post_whole(desk.book, group)
    assert [(outcome.seqs, outcome.replay) for outcome in outcomes] == [((1,), False), ((2,), False), ((3,), False)]
    assert (engine.tried, watch.why, watch.codes) == (3, ["unknown", "unknown"], ["", "", ""])
    assert await desk.count("txn") == 3


async def test_a_whole_group_at_fault_is_told_loudly(desk: Any, caplog: pytest.LogCaptureFixture) -> None:
    poster, _, watch = shaky(desk, ("before", BUG))
    with caplog.at_level(logging.ERROR), pytest.raises(asyncpg.CheckViolationError):
        await poster.post_whole(desk.book, [asking(award(), key=key) for key in "ab"])
    assert watch.why == ["fault"]
    assert [record.getMessage() for record in caplog.records] == ["fault while booking"]


async def test_closing_waits_for_a_whole_group_too(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    poster, engine, _ = shaky(desk)
    engine.may_go_on.clear()
    task = asyncio.create_task(poster.post_whole(desk.book, [asking(award(), key="a")]))
    await asyncio.sleep(0)
    closing = asyncio.create_task(poster.close())
    await asyncio.sleep(0.01)
    assert not closing.done()
    engine.may_go_on.set()
    await closing
    assert task.result()[0].booked


async def test_a_whole_group_that_closing_drops_is_told_that_nobody_knows(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DRAIN_SECONDS", 0.05)
    poster, engine, _ = shaky(desk)
    engine.may_go_on.clear()
    task = asyncio.create_task(poster.post_whole(desk.book, [asking(award(), key="a")]))
    gone = asyncio.create_task(poster.post_whole(desk.book, [asking(award(), key="b")]))
    await asyncio.sleep(0)
    gone.cancel()
    await poster.close()
    with pytest.raises(Problem, match="不知道"):
        await task
    with pytest.raises(asyncio.CancelledError):
        await gone
