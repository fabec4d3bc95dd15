"""Clients that hold a connection and say little: they cost a socket for a while, and nobody else anything."""

import resource
import socket
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest

from dezhi.cli.listening import CONNECTIONS_MAX, FILES_KEPT, HEADER_SECONDS
from dezhi.web.arrival import PIECE_SECONDS
from running import Running, dezhi, resident_mb

SLACK = 5.0
ANSWER_SECONDS_MAX = 3.0
MEMORY_MB_MAX = 300
TESTS_OWN_FILES = 200


def connect(served: Running) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(served.url.rpartition(":")[2])), timeout=60)


def seconds_to_answer(served: Running, path: str = "/") -> float:
    began = time.monotonic()
    with urllib.request.urlopen(served.url + path, timeout=60) as answer:  # noqa: S310 - our own address
        answer.read()
    return time.monotonic() - began


def test_who_is_slow_is_shown_out(tmp_path: Path) -> None:
    with dezhi("serve", tmp_path / "data") as served, ExitStack() as stack:
        silent, headless, bodiless, idle = (stack.enter_context(connect(served)) for _ in range(4))
        began = time.monotonic()
        headless.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-One: ")
        bodiless.sendall(b"POST /staff HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n")
        bodiless.sendall(b"Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin=")
        idle.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 200 " in idle.recv(4_096)
        for number in range(4):  # a letter now and then does not help
            time.sleep(1)
            headless.sendall(b"%d" % number)
        assert silent.recv(100) == b""
        assert headless.recv(4_096)[:12] in {b"", b"HTTP/1.1 408", b"HTTP/1.1 400"}
        assert idle.recv(100) == b""
        assert HEADER_SECONDS - 1 < time.monotonic() - began < HEADER_SECONDS + SLACK
        assert bodiless.recv(4_096).startswith(b"HTTP/1.1 408 ")
        assert PIECE_SECONDS - 1 < time.monotonic() - began < PIECE_SECONDS + SLACK
        assert seconds_to_answer(served) < ANSWER_SECONDS_MAX


def test_more_connections_than_open_files_wait_and_break_nothing(tmp_path: Path) -> None:
    files = 300
    with (
        dezhi("serve", tmp_path / "data", under=["prlimit", f"--nofile={files}:{files}"]) as served,
        ExitStack() as all_,
    ):
        room = files - FILES_KEPT
        for _ in range(room + 100):
            all_.enter_context(connect(served))
        opened = len(list(Path(f"/proc/{served.process.pid}/fd").iterdir()))
        assert opened < files
        # Whoever comes now waits until the first are shown out; then there is room, and the database still opens files.
        assert seconds_to_answer(served, "/staff") < HEADER_SECONDS + SLACK
        assert seconds_to_answer(served) < HEADER_SECONDS + SLACK
    assert "Too many open files" not in served.printed()
    assert "panicked" not in served.printed()


@pytest.mark.alone
def test_ten_thousand_idle_connections(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    # As many as this machine lets one process open, and not the last that the server takes.
    many = min(CONNECTIONS_MAX - 100, hard - TESTS_OWN_FILES if hard != resource.RLIM_INFINITY else CONNECTIONS_MAX)
    try:
        with dezhi("serve", tmp_path / "data") as served, ExitStack() as stack:
            seconds_to_answer(served)
            idle = [stack.enter_context(connect(served)) for _ in range(many)]
            during = seconds_to_answer(served)
            weight = resident_mb(served.process.pid)
            time.sleep(HEADER_SECONDS + SLACK)
            left = len(list(Path(f"/proc/{served.process.pid}/fd").iterdir()))
            assert all(one.recv(1) == b"" for one in idle[:50] + idle[-50:])
            after = seconds_to_answer(served)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    with capsys.disabled():
        print(  # noqa: T201 - the figure is what the test is for
            f"\n{many} idle connections: an answer in {during:.2f} s meanwhile and {after:.2f} s afterwards,"
            f" {weight:.0f} MB with them (limit {MEMORY_MB_MAX} MB), {left} files open when they were shown out"
        )
    assert max(during, after) < ANSWER_SECONDS_MAX
    assert weight < MEMORY_MB_MAX
    assert left < FILES_KEPT
    assert many >= 1_000, "the machine's limit of open files (ulimit -Hn) is too low to prove anything"
