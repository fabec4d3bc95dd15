"""The simulator itself: its seeds keep every promise, can be had again, and find what is planted."""

import asyncio
import os
import subprocess
import sys

import pytest

from sim.__main__ import first_found, schema
from sim.bugs import BUGS
from sim.loop import Stuck, runner
from sim.world import simulate

SEEDS = 40


@pytest.fixture(scope="module")
def tables() -> bytes:
    return schema()


@pytest.mark.row("AW-11")
@pytest.mark.row("LE-01")
def test_some_bad_days_break_no_promise(tables: bytes) -> None:
    results = [simulate(tables, seed) for seed in range(1, SEEDS + 1)]
    assert [(one.seed, one.finding) for one in results if one.finding] == []
    counts = sum((one.counts for one in results[1:]), results[0].counts)
    for name in ("commit lost before", "commit lost after", "commit lost, carried out late", "process killed"):
        assert counts[name] > 10, f"{name} is hardly tried"
    assert counts["answered booked"] > 1_000
    assert len({one.digest for one in results}) == SEEDS


def test_a_seed_is_the_same_history_again(tables: bytes) -> None:
    one, again = (simulate(tables, 7, keep_trace=True) for _ in range(2))
    assert (one.lines, one.digest) == (again.lines, again.digest)


def test_a_seed_is_the_same_history_in_another_process(tables: bytes) -> None:
    """With other addresses of objects, and other hashes of texts."""
    replayed = subprocess.run(
        [sys.executable, "-m", "sim", "--seed", "7"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert simulate(tables, 7).digest in replayed.stdout


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: BUGS[bug].says.replace(" ", "-"))
def test_a_planted_bug_is_found(tables: bytes, bug: int, capsys: pytest.CaptureFixture[str]) -> None:
    found = first_found(bug, tables)
    assert found is not None, f"not found: {BUGS[bug].says}"
    seed, finding = found
    assert not simulate(tables, seed).finding, "without the bug the same day is a good one"
    with capsys.disabled():
        print(f"\nbug {bug} ({BUGS[bug].says}): found by seed {seed}: {finding[:100]}")  # noqa: T201 - the figure


def test_time_passes_only_for_those_who_sleep() -> None:
    async def sleep() -> float:
        await asyncio.sleep(86_400)
        return asyncio.get_running_loop().time()

    with runner() as on:
        assert on.run(sleep()) == 86_400


def test_waiting_for_nothing_is_found() -> None:
    async def wait() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(Stuck), runner() as on:
        on.run(wait())
