"""The servers that all tests of a run share: started by the run's own process, told to its workers, ended with it."""

import asyncio
import sqlite3
import subprocess
import tempfile
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

from browsing import MISSING, find_chromium
from dezhi.store.database import upgrade, upgrade_file
from homes import TEMPLATE
from servers import CARELESS, OWNER, Postgres, ServerFailed, Valkey, postgres, valkey

T = TypeVar("T")


class Engines:
    """What a run has. A worker of pytest-xdist is made from what `told` said and starts nothing."""

    def __init__(self, told: dict[str, Any] | None = None) -> None:
        self.postgres = Postgres(*told["postgres"]) if told and told["postgres"] else None
        self.valkey = Valkey(told["valkey"]) if told and told["valkey"] else None
        self.missing_valkey: str = told["missing_valkey"] if told else ""
        self.template = Path(told["template"]) if told and told["template"] else None
        self._started = ExitStack()

    @property
    def told(self) -> dict[str, Any]:
        """The same for a worker, in plain values."""
        return {
            "postgres": self.postgres and (self.postgres.port, self.postgres.password),
            "valkey": self.valkey and self.valkey.port,
            "missing_valkey": self.missing_valkey,
            "template": self.template and str(self.template),
        }

    def start(self, database: str) -> None:
        """Start Valkey, and PostgreSQL where `database` says so, and migrate what homes are copies of.

        Raises `ServerFailed` for want of PostgreSQL.
        """
        try:
            self.valkey = self._started.enter_context(valkey()).address
        except (ServerFailed, OSError) as error:
            # Most tests do without; those that do not fail with this reason.
            self.missing_valkey = str(error)
        if database == "postgres":
            self.postgres = self._started.enter_context(postgres(CARELESS)).address
            self.postgres.create(TEMPLATE)
            run_apart(upgrade(self.postgres.url(TEMPLATE, OWNER), self.postgres.url(TEMPLATE)))
        else:
            self.template = Path(self._started.enter_context(tempfile.TemporaryDirectory(prefix="dezhi-template-")))
            run_apart(upgrade_file(self.template))

    def stop(self) -> None:
        """End what was started."""
        self._started.close()

    def say(self) -> str:
        """One line: which engines this run has, and which it misses and why."""
        database = f"PostgreSQL {self.postgres.version()}" if self.postgres else f"SQLite {sqlite3.sqlite_version}"
        cache = f"Valkey {self.valkey.version()}" if self.valkey else f"NO VALKEY: {self.missing_valkey}"
        executable = find_chromium()
        asked = [executable, "--version"] if executable else ["echo", MISSING]
        browser = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
        return f"{database} · {cache} · {browser}"


def run_apart(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run to the end on a thread of its own: this one may have a loop already (Playwright's)."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
