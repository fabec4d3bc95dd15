"""`dezhi audit` as an operator and a script run it, and as the night runs it."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import releases
import running
from copies import RELEASE
from dezhi.core.errors import Problem
from dezhi.service import audits
from dezhi.store.database import FILE, upgrade_file

EVENTS = 209


def run(*arguments: object, lang: str = "C") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dezhi", "audit", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": running.SOURCES, "LANG": lang, "COLUMNS": "500"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    """A township of the last release, brought to this one."""
    releases.unpack(RELEASE, tmp_path / "data")
    await upgrade_file(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def drifted(data: Path) -> Iterator[Path]:
    """The same with one balance off by seven."""
    with closing(sqlite3.connect(data / FILE)) as db:
        db.execute("UPDATE account SET credits = credits + 7 WHERE account_id = 2")
        db.commit()
    return data


@pytest.mark.row("LE-02")
def test_sound_books_are_clean_beside_a_server(data: Path) -> None:
    with running.dezhi("serve", data):
        done = run("--data-dir", data)
    assert (done.returncode, done.stderr) == (0, "")
    assert "账对得上：209 笔，210 条分录" in done.stdout
    found = json.loads(run("--json", "--data-dir", data).stdout)
    assert (found["count"], found["faults"], found["events"]) == (0, [], EVENTS)
    assert found["books"][0]["root"] == releases.said(RELEASE)["books"][0]["head"]


@pytest.mark.row("LE-02")
def test_forced_drift_is_found_and_named(drifted: Path) -> None:
    done = run("--data-dir", drifted, lang="en_US.UTF-8")
    assert done.returncode == 1
    assert "Account (account book_id=1, account_id=2): credits is" in done.stdout
    assert "Differences: 1, of which named above: 1" in done.stdout
    told = run("--json", "--data-dir", drifted)
    assert told.returncode == 1
    (fault,) = json.loads(told.stdout)["faults"]
    assert (fault["table"], fault["key"], fault["column"]) == ("account", {"book_id": 1, "account_id": 2}, "credits")
    assert fault["stored"] == fault["derived"] + 7


def test_what_cannot_run_is_neither(tmp_path: Path) -> None:
    nothing = run("--json", "--data-dir", tmp_path)
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "没有德治的数据" in nothing.stderr


async def test_the_night_runs_it_as_a_process_of_its_own(drifted: Path, tmp_path: Path) -> None:
    found = await audits.nightly(drifted, "").work()
    assert (found.count, found.faults[0].column, found.events) == (1, "credits", EVENTS)
    with pytest.raises(Problem, match="audit-failed"):
        await audits.nightly(tmp_path / "none", "").work()
