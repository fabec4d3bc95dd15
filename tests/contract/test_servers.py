"""The servers of the tests: gone with the run that started them and back with their data after a kill."""

import os
import signal
import subprocess
import sys
import time

import pytest

from servers import LOOPBACK, RUNTIME, Server, postgres, valkey

SECONDS = 30
KILLED = """
import os, signal, sys
from servers import postgres, valkey
with postgres() as one, valkey() as other:
    print(one.folder, other.folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_run_leaves_no_server_and_no_folder() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", KILLED], capture_output=True, text=True, env=environment, timeout=60, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    folders = done.stdout.split()
    assert len(folders) == 2
    end = time.monotonic() + SECONDS
    # A keeper removes the folder after its server has ended.
    while any(map(os.path.exists, folders)) and time.monotonic() < end:
        time.sleep(0.1)
    assert [folder for folder in folders if os.path.exists(folder)] == []  # noqa: PTH110 - names as they were printed


def check_bad_days(server: Server) -> None:
    """Kill and start, stop and start: it answers afterwards, and not in between."""
    for end in (server.kill, server.stop):
        end()
        assert not server.answers()
        server.start()
        assert server.answers()


def test_a_postgresql_keeps_what_was_committed_over_a_kill() -> None:
    with postgres() as server:
        server.address.create("village")
        with server.address.open("village") as db:
            db.execute("CREATE TABLE kept AS SELECT 1 AS one")
        check_bad_days(server)
        with server.address.open("village") as db:
            assert db.execute("SELECT one FROM kept").fetchall() == [{"one": 1}]
            (said,) = db.execute("SELECT current_setting('fsync') AS fsync, inet_server_addr()::text AS at").fetchall()
            assert (said["fsync"], said["at"]) == ("on", f"{LOOPBACK}/32")
        wrong = server.address.url("village").replace(server.address.password, "guessed")
        with pytest.raises(Exception, match=f'password authentication failed for user "{RUNTIME}"'):
            type(db).connect(wrong)


def test_a_valkey_comes_back_empty() -> None:
    with valkey() as server:
        with server.address.open() as client:
            client.set("a", "1")
        check_bad_days(server)
        with server.address.open() as client:
            assert client.keys() == []
