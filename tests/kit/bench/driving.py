"""Driving a server with `load.py`, and building the requests it sends."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

CONNECTIONS = 64
SPARE_SECONDS = 60


class Load(msgspec.Struct, frozen=True):
    """What came of a drive. `rate` is answers a second in the time asked for, `ceiling` what the sender could."""

    rate: float
    answers: int
    statuses: dict[str, int]
    unanswered: int
    p50_ms: float
    p99_ms: float
    ceiling: float
    strange: str

    @property
    def good(self) -> int:
        """Answers of 2xx."""
        return sum(count for status, count in self.statuses.items() if status.startswith("2"))


def request(method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """One request as it goes over the line."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def drive(
    port: int, requests: Sequence[bytes], seconds: float, *, once: bool = False, connections: int = CONNECTIONS
) -> Load:
    """Send `requests`, over and over or each `once`. Raises RuntimeError when an answer is missing."""
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(b"\0".join(requests))
        command = [
            *(sys.executable, str(Path(__file__).with_name("load.py")), str(port), str(connections), str(seconds)),
            *("once" if once else "again", file.name),
        ]
        done = subprocess.run(command, check=True, capture_output=True, timeout=seconds + SPARE_SECONDS)
    load = msgspec.json.decode(done.stdout, type=Load)
    if load.unanswered:
        raise RuntimeError(f"{load.unanswered} requests were not answered")
    return load
