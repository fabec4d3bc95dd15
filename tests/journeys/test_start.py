"""How fast `dezhi serve` starts on nothing, how little it needs, and that stopping it leaves nothing running."""

import os
import re
import signal
import socket
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from running import Running, dezhi

ANSWER_SECONDS_MAX = 2.0
IDLE_MEGABYTES_MAX = 200


def processes(running: Running) -> list[Path]:
    """The /proc folders of the served process and of all it started: they share its session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # After the name in brackets: state, parent, group, session.
            session = int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[3])
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
        if session == running.process.pid:
            found.append(stat.parent)
    return found


def resident_megabytes(running: Running) -> float:
    statuses = [(folder / "status").read_text(encoding="utf-8") for folder in processes(running)]
    return sum(int(re.findall(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)[0]) for status in statuses) / 1024


@pytest.mark.alone
def test_serve_answers_soon_and_idles_small(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    started = time.monotonic()
    with dezhi("serve", tmp_path / "data") as running:
        seconds = time.monotonic() - started
        megabytes = resident_megabytes(running)
    with capsys.disabled():
        sys.stdout.write(f"\ndezhi serve: first answer after {seconds:.2f} s, {megabytes:.0f} MB resident when idle\n")
    assert seconds < ANSWER_SECONDS_MAX
    assert megabytes < IDLE_MEGABYTES_MAX


def test_serve_on_an_empty_database_prints_an_address_to_set_up(tmp_path: Path) -> None:
    with dezhi("serve", tmp_path / "data") as running:
        assert re.search(rf"{re.escape(running.url)}/setup/[\w-]{{20,}}", running.printed())


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopping_leaves_nothing_running(tmp_path: Path, how: signal.Signals) -> None:
    with dezhi("serve", tmp_path / "data") as running:
        os.killpg(running.process.pid, how)  # what Ctrl-C does: everybody in the terminal's group gets it
        assert running.process.wait(15) == 0
        assert processes(running) == []
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", urlsplit(running.url).port or 0)) != 0
