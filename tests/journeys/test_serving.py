"""`dezhi serve` as an operator meets it: how fast it answers, what it weighs, how it says no, and how it stops."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from homes import Home
from running import dezhi, queued_seconds, resident_mb
from servers import free_port

ANSWER_SECONDS_MAX = 2.0
RSS_MB_MAX = 200


def seconds_to_answer(data_dir: Path) -> float:
    """How long one start takes until the first answer, without the time in which other programs had the processors."""
    began = time.monotonic()
    with dezhi("serve", data_dir) as served:
        return time.monotonic() - began - queued_seconds(served.process.pid)


@pytest.mark.alone
def test_serve_answers_soon_and_weighs_little(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # The best of three: the disk may be busy with something else, and only the program's own time is asked for.
    fresh = min(seconds_to_answer(tmp_path / str(number)) for number in range(3))
    again = min(seconds_to_answer(tmp_path / "0") for _ in range(3))
    with dezhi("serve", tmp_path / "0") as served:
        urllib.request.urlopen(served.url + "/staff", timeout=5).read()  # noqa: S310 - our own address
        weight = resident_mb(served.process.pid)
    with capsys.disabled():
        print(  # noqa: T201 - the figure is what the test is for
            f"\ndezhi serve on SQLite: first answer {fresh:.2f} s on an empty directory, {again:.2f} s later"
            f" (limit {ANSWER_SECONDS_MAX} s); {weight:.0f} MB idle in all processes (limit {RSS_MB_MAX} MB)"
        )
    assert max(fresh, again) < ANSWER_SECONDS_MAX
    assert weight < RSS_MB_MAX


def test_stopping_leaves_nothing_running(home: Home) -> None:
    with dezhi("serve", home) as served:
        group = os.getpgid(served.process.pid)
    assert served.process.returncode == 0
    with pytest.raises(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)


def test_ctrl_c_stops_it_as_well(tmp_path: Path) -> None:
    with dezhi("serve", tmp_path) as served:
        os.killpg(served.process.pid, signal.SIGINT)  # what a terminal does: everybody in its group gets it
        assert served.process.wait(15) == 0


def test_the_set_up_address_is_printed_until_it_is_used(home: Home) -> None:
    with dezhi("serve", home) as served:
        (address,) = re.findall(rf"^{served.url}/setup/\S+$", served.printed(), re.MULTILINE)
        answer = urllib.request.urlopen(address, timeout=5)  # noqa: S310 - our own address
        assert answer.status == 200
    with dezhi("serve", home) as served:
        assert "/setup/" in served.printed()


def test_a_second_process_on_the_same_data_is_refused_with_the_reason(tmp_path: Path) -> None:
    with dezhi("serve", tmp_path) as served:
        refused = subprocess.run(
            [sys.executable, "-m", "dezhi", "serve", "--port", str(free_port()), "--data-dir", str(tmp_path)],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert refused.returncode == 1
    assert str(served.process.pid) in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with dezhi("serve", tmp_path / "one") as served:
        port = served.url.rpartition(":")[2]
        refused = subprocess.run(
            [sys.executable, "-m", "dezhi", "serve", "--port", port, "--data-dir", str(tmp_path / "two")],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert refused.returncode == 1
    assert port in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(("name", "value"), [("DEZHI_PORT", "eighty"), ("DEZHI_PORT", "70000")])
def test_a_bad_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "dezhi", "serve", "--data-dir", str(tmp_path)],
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert refused.returncode == 1
    assert name in refused.stderr
    assert value in refused.stderr
