"""The bench's own parts: what it reads, how it judges, and a run of its quickest group through the command."""

import json
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bench.driving import drive, request
from bench.figures import figure, ratio
from bench.load import whole

ROOT = Path(__file__).resolve().parents[2]
ANSWER = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"


@pytest.mark.parametrize(
    ("value", "goal", "met"), [(0.4, ">= 0.4", True), (0.39, ">= 0.4", False), (1.3, "<= 1.2", False)]
)
def test_a_figure_is_judged_by_its_goal(value: float, goal: str, met: bool) -> None:
    assert figure("it", value, "×", goal).met is met


def test_a_figure_without_a_goal_is_not_judged() -> None:
    assert figure("it", 1, "×").met is None


def test_a_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    assert ratio([1, 10, 100], [2, 10, 50]) == 1


def test_an_answer_is_whole_with_all_of_its_body() -> None:
    assert whole(ANSWER)
    assert not whole(ANSWER[:-1])
    assert not whole(ANSWER[:30])
    with pytest.raises(ValueError, match="HTTP"):
        whole(b"HTTP/1.1 200 OK\r\n\r\n")


@pytest.fixture
def port() -> int:
    """Listen as a server that answers everything at once, in two pieces."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(line: socket.socket) -> None:
        with line:
            while line.recv(65536):
                line.sendall(ANSWER[:10])
                line.sendall(ANSWER[10:])

    def listen() -> None:
        with listener:
            for _ in range(4):
                threading.Thread(target=answer, args=[listener.accept()[0]], daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    return int(listener.getsockname()[1])


def test_each_request_is_sent_once_and_every_answer_counted(port: int) -> None:
    load = drive(
        port, [request("POST", "/", b"{}", {"Key": str(number)}) for number in range(50)], 5, once=True, connections=4
    )
    assert (load.answers, load.good, load.unanswered) == (50, 50, 0)
    assert load.statuses == {"201": 50}


def test_the_command_prints_a_table_and_writes_it_down() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "bench", "plugins"],
        cwd=ROOT,
        env={
            "PYTHONPATH": "platform:tests/kit:plugins/dezhi-hello/src:plugins/dezhi-yinger/src",
            "PATH": "/usr/bin:/bin",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    written = json.loads((ROOT / "build" / "bench.json").read_bytes())
    assert [set(one) for one in written] == [{"name", "value", "unit", "goal", "met"}] * 6
    assert all(one["name"] in told.stdout for one in written), told.stderr


def test_an_unknown_figure_is_named_with_those_there_are() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "bench", "nonsense"],
        cwd=ROOT,
        env={
            "PYTHONPATH": "platform:tests/kit:plugins/dezhi-hello/src:plugins/dezhi-yinger/src",
            "PATH": "/usr/bin:/bin",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 2
    assert "nonsense" in told.stderr
    assert "awards-to-tpcb" in told.stderr
