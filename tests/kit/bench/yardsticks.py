"""What the machine can do without us: pgbench on the same PostgreSQL, an empty handler on the same granian."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from running import SOURCES, stop
from servers import SUPERUSER, PostgresServer, free_port

SCALE, CLIENTS, THREADS = 20, 16, 2
DATABASE = "yardstick"
START_SECONDS = 60
_TPS = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


class Pgbench:
    """pgbench of the server's own wheel, in a database of its own."""

    def __init__(self, server: PostgresServer) -> None:
        """Fill its tables."""
        self._server = server
        server.address.create(DATABASE)
        self._run("-i", "-q", "-s", str(SCALE))

    def tps(self, script: str | Path, seconds: int) -> float:
        """Transactions a second of `tpcb-like`, `simple-update` or a file of one's own."""
        clients = ("-c", str(CLIENTS), "-j", str(THREADS))
        which = ("-n", "-f", str(script)) if isinstance(script, Path) else ("-b", script)
        told = self._run("-M", "prepared", *clients, "-T", str(seconds), *which)
        found = _TPS.search(told)
        if found is None:
            raise RuntimeError(f"pgbench told no tps:\n{told}")
        return float(found[1])

    def _run(self, *arguments: str) -> str:
        address = ("-h", "127.0.0.1", "-p", str(self._server.port), "-U", SUPERUSER)
        return subprocess.run(
            [str(self._server.programs / "pgbench"), *address, *arguments, DATABASE],
            env={**os.environ, "PGPASSWORD": self._server.address.password},
            check=True,
            capture_output=True,
            text=True,
        ).stdout


@contextmanager
def empty_handler(workers: int, kind: str) -> Iterator[int]:
    """An empty handler, `litestar` or `bare`, with as many workers as Dezhi has; its port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("empty.py")), str(port), str(workers), kind],
        env={**os.environ, "PYTHONPATH": SOURCES},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(port, process)
        yield port
    finally:
        stop(process)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the empty handler did not start")
