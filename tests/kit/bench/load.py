"""Sends prepared requests over many connections as fast as they are answered. A program of its own: see `Load`.

One thread, epoll and bytes made beforehand: on two cores shared with what is measured, each microsecond spent here is
missing there. Only the standard library, so that it starts in a moment. Its last line is the result as JSON.
"""

import json
import re
import select
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

PIECE = 1 << 16
END_SECONDS = 20.0
"""How long to wait, after time is up, for what was sent to be answered."""
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Line:
    """One connection: a request is on its way, or it rests."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.came = b""
        self.sent_at = 0.0


def whole(came: bytes) -> bool:
    """Whether an answer is complete. Raises ValueError for one whose length is not said."""
    end = came.find(b"\r\n\r\n")
    if end < 0:
        return False
    length = _LENGTH.search(came, 0, end)
    if length is None:
        raise ValueError(came[:200])
    return len(came) >= end + 4 + int(length[1])


class Sender:
    """Sends over its lines until time is up, and counts what comes."""

    def __init__(self, port: int, connections: int, requests: Iterator[bytes]) -> None:
        self._requests = requests
        self._poll = select.epoll()
        self._lines = {line.socket.fileno(): line for line in (Line(port) for _ in range(connections))}
        for line in self._lines.values():
            self._poll.register(line.socket, select.EPOLLIN)
        self.statuses = Counter[str]()
        self.strange = ""
        self.took: list[float] = []
        self.on_the_way = self.in_time = 0

    def run(self, seconds: float) -> float:
        """Send, wait for every answer, and return how long was sent."""
        began = now = time.perf_counter()
        end = began + seconds
        for line in self._lines.values():
            self._send(line, now)
        while self.on_the_way and now < end + END_SECONDS:
            for number, _ in self._poll.poll(1.0):
                self._receive(self._lines[number], end)
            now = time.perf_counter()
        return min(now, end) - began

    def _send(self, line: Line, now: float) -> None:
        request = next(self._requests, b"")
        if request:
            line.sent_at = now
            line.socket.send(request)
            self.on_the_way += 1

    def _receive(self, line: Line, end: float) -> None:
        piece = line.socket.recv(PIECE)
        came = line.came + piece if line.came else piece
        if piece and not whole(came):
            line.came = came
            return
        line.came = b""
        now = time.perf_counter()
        self.took.append(now - line.sent_at)
        self.on_the_way -= 1
        status = came[9:12].decode()
        self.statuses[status] += 1
        if status[:1] != "2" and not self.strange:
            self.strange = came[:2000].decode(errors="replace")
        if not piece:
            self._poll.unregister(line.socket)  # the server hung up
        elif now < end:
            self.in_time += 1
            self._send(line, now)


def run(port: int, connections: int, seconds: float, requests: list[bytes], *, once: bool) -> dict[str, object]:
    """Send until time is up, or until each request was sent if `once`; wait for every answer."""
    sender = Sender(port, connections, iter(requests) if once else cycle(requests))
    cpu = time.process_time()
    lasted = sender.run(seconds)
    answers = sum(sender.statuses.values())
    took = sorted(sender.took)
    return {
        "rate": sender.in_time / lasted,
        "answers": answers,
        "statuses": dict(sender.statuses),
        "unanswered": sender.on_the_way,
        "p50_ms": took[len(took) // 2] * 1000,
        "p99_ms": took[len(took) * 99 // 100] * 1000,
        "ceiling": answers / (time.process_time() - cpu),
        "strange": sender.strange,
    }


def main() -> None:
    """Arguments: port, connections, seconds, `once` or `again`, a file of requests separated by a NUL."""
    port, connections, seconds, how, file = sys.argv[1:]
    requests = Path(file).read_bytes().split(b"\0")
    print(json.dumps(run(int(port), int(connections), float(seconds), requests, once=how == "once")))


if __name__ == "__main__":
    main()
