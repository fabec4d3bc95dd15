"""Night work: once a night, by one process, whatever happens to that process."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from dezhi.core.errors import Problem
from dezhi.service import nightly
from dezhi.service.nightly import Job, Nightly, night_of
from township import Township

Make = Callable[..., Nightly]


@pytest.fixture
def make(town: Township) -> Make:
    """Build a process's own watch over jobs, all on one database."""
    return lambda *jobs: Nightly(town.database, town.clock, [Job(*job) for job in jobs])


class Work:
    def __init__(self, *, fails: Exception | None = None) -> None:
        self.times = 0
        self.fails = fails

    async def __call__(self) -> dict[str, int]:
        self.times += 1
        if self.fails:
            raise self.fails
        return {"times": self.times}


def test_a_night_begins_at_half_past_two_in_the_village() -> None:
    assert night_of(datetime(2026, 11, 21, 18, 29, tzinfo=UTC)) == 20261121
    assert night_of(datetime(2026, 11, 21, 18, 30, tzinfo=UTC)) == 20261122


async def test_a_job_is_done_once_a_night_by_one_of_several_processes(town: Township, make: Make) -> None:
    work = Work()
    processes = [make(("seal", work)) for _ in range(3)]
    for _ in range(2):
        await asyncio.gather(*(process.turn() for process in processes))
    assert work.times == 1
    town.clock.pass_by(timedelta(days=1))
    await asyncio.gather(*(process.turn() for process in processes))
    assert work.times == 2
    last = await processes[2].last("seal")
    assert last is not None
    assert (last.night, last.trouble, last.result) == (20261123, "", '{"times":2}')
    assert await processes[2].last("audit") is None


@pytest.mark.parametrize(
    ("fails", "code"), [(Problem("storage", "满了"), "storage"), (ValueError("a fault"), "ValueError")]
)
async def test_a_job_that_fails_is_noted_and_stops_no_other(make: Make, fails: Exception, code: str) -> None:
    bad, good = Work(fails=fails), Work()
    process = make(("bad", bad), ("good", good))
    await process.turn()
    await process.turn()
    assert (bad.times, good.times) == (1, 1)
    last = await process.last("bad")
    assert last is not None
    assert (last.trouble, last.result) == (code, "")


async def test_a_job_of_a_process_that_stops_is_free_at_once(make: Make) -> None:
    async def hang() -> None:
        began.set()
        await asyncio.sleep(600)

    began = asyncio.Event()
    stopped = asyncio.create_task(make(("seal", hang)).turn())
    await began.wait()
    work = Work()
    other = make(("seal", work))
    await other.turn()
    assert work.times == 0
    stopped.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopped
    await other.turn()
    assert work.times == 1


async def test_a_job_of_a_process_that_died_is_taken_over(town: Township, make: Make) -> None:
    await town.database.rows(
        "INSERT INTO nightly (job, night, began_at, beat_at, trouble, result) VALUES ('seal', 20261122, {0}, {0}, '',"
        " '')".format(int(town.clock().timestamp() * 1_000_000))
    )
    work = Work()
    other = make(("seal", work))
    await other.turn()
    assert work.times == 0
    town.clock.pass_by(timedelta(minutes=6))
    await other.turn()
    assert work.times == 1


async def test_watching_ends_with_its_block(make: Make) -> None:
    async with make(("seal", Work())).watching():
        assert "nightly" in {task.get_name() for task in asyncio.all_tasks()}
    assert "nightly" not in {task.get_name() for task in asyncio.all_tasks()}


async def test_a_look_that_fails_is_not_the_last_one(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([ValueError("a fault"), Problem("storage", "满了")])
    done = asyncio.Event()

    async def turn(_self: Nightly) -> None:
        for fault in looks:
            raise fault
        done.set()

    monkeypatch.setattr(nightly, "SETTLE_SECONDS", 0)
    monkeypatch.setattr(nightly, "LOOK_SECONDS", 0)
    monkeypatch.setattr(Nightly, "turn", turn)
    async with make(("seal", Work())).watching():
        await asyncio.wait_for(done.wait(), 30)
