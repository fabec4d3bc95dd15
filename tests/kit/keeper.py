"""Keeps a server for a test run, and ends it with whoever asked for it, even one that was killed.

`keeper.py FOLDER USER COMMAND…`: USER is empty or whom to run it as. What the server prints goes to FOLDER/log. A byte
on standard input stops the server; the end of standard input, which is what a killed parent leaves, stops it and
removes FOLDER as well. Ends when the server ends.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

STOP_SECONDS_MAX = 20


def main() -> int:
    """Run the command; return its status."""
    folder, user, *command = sys.argv[1:]
    orphaned = threading.Event()
    with (Path(folder) / "log").open("ab") as log:
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            user=user or None,
            extra_groups=[] if user else None,
        )

    def listen() -> None:
        if not os.read(sys.stdin.fileno(), 1):
            orphaned.set()
        # PostgreSQL: end every session, then stop in order. Valkey: stop.
        server.send_signal(signal.SIGINT)
        time.sleep(STOP_SECONDS_MAX)
        server.kill()

    print(server.pid, flush=True)
    threading.Thread(target=listen, daemon=True).start()
    status = server.wait()
    if orphaned.is_set():
        shutil.rmtree(folder, ignore_errors=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
