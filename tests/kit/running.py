"""A real `dezhi` process on a port of its own, for journeys and pictures."""

import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from homes import Home
from servers import free_port

# These sources, whatever else is installed.
SOURCES = str(Path(__file__).resolve().parents[2] / "platform")
# The first start of the demo books a year of deeds; later starts and `serve` answer in a few seconds.
START_SECONDS_MAX = 300
STOP_SECONDS_MAX = 15


@dataclass(frozen=True)
class Running:
    """A served Dezhi: its address (no slash at the end), its process, and the file with what it printed."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def printed(self) -> str:
        """What the process has printed until now."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def dezhi(command: str, home: Home | Path, *, under: Sequence[str] = (), **environment: str) -> Iterator[Running]:
    """Run `dezhi COMMAND --port …` until the block ends, and have it answer before the block begins.

    `command` is "serve" or "demo", `under` a command that becomes it (`prlimit …`). Its data are in `home`; a folder is
    one on SQLite. The process gets SIGTERM at the end; one that has to be killed fails the test.
    """
    if isinstance(home, Path):
        home = Home(home)
    data_dir = home.data_dir
    data_dir.mkdir(parents=True, exist_ok=True)
    log = data_dir.with_name(f"{data_dir.name}.log")
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*under, sys.executable, "-m", "dezhi", command, "--port", str(port)],
            env={
                **os.environ,
                "PYTHONPATH": SOURCES,
                **home.environment,
                "PYTHONUNBUFFERED": "1",
                **environment,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    scheme = "https" if "DEZHI_TLS_CERT" in environment else "http"
    running = Running(f"{scheme}://127.0.0.1:{port}", process, log)
    try:
        wait_until_it_answers(running)
        yield running
    finally:
        stop(process)


def wait_until_it_answers(running: Running) -> None:
    """Return at the first answer, whatever its status; raise with what was printed when the process ends before."""
    end = time.monotonic() + START_SECONDS_MAX
    anyone = ssl._create_unverified_context()  # noqa: S323 - whether it answers; who it is, the tests ask
    while time.monotonic() < end:
        if running.process.poll() is not None:
            break
        try:
            urllib.request.urlopen(running.url, timeout=5, context=anyone).close()  # noqa: S310 - our own address
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    message = f"dezhi did not answer on {running.url}; it printed:\n{running.printed()}"
    raise RuntimeError(message)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the process as an operator would; raise when it does not go, after killing its group."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        message = f"dezhi still ran {STOP_SECONDS_MAX} s after SIGTERM"
        raise RuntimeError(message) from None


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
    return total / 1024


def queued_seconds(pid: int) -> float:
    """How long a process's first thread could have run and had no processor, as the kernel counts it."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
