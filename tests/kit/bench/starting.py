"""How soon `dezhi serve` answers on one SQLite file, and what it weighs, as information."""

import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Figure, figure, middle
from running import dezhi

NAMES = ("start-seconds", "idle-memory")
ROUNDS = 3
_KB = 1024


def figures() -> Sequence[Figure]:
    """Start it three times on an empty directory."""
    took, weighed = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            began = time.perf_counter()
            with dezhi("serve", Path(folder) / str(number)) as served:
                took.append(time.perf_counter() - began)
                urllib.request.urlopen(f"{served.url}/staff", timeout=10).read()  # noqa: S310 - our own address
                weighed.append(resident_mb(served.process.pid))
    return [
        figure("start-seconds", middle(took), "s to the first answer, SQLite", "<= 2"),
        figure("idle-memory", middle(weighed), "MB idle, SQLite", "<= 200"),
    ]


def resident_mb(pid: int) -> float:
    """The resident memory of a process and all of its descendants, in MB, as the kernel counts it."""
    total = 0
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        status = Path(f"/proc/{one}/status").read_text(encoding="ascii", errors="replace")
        total += next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
        for task in Path(f"/proc/{one}/task").iterdir():
            waiting += [int(child) for child in (task / "children").read_text(encoding="ascii").split()]
    return total / _KB
