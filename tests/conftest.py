"""What all tests share: the engines of the run, and a home for each test. A floor has a conftest.py of its own.

`--database=postgres` runs, on a real server, the tests which open a database, and no others.
"""

import gc
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from browsing import MISSING
from dezhi.host import roster
from dezhi.service import secrets
from engines import Engines
from homes import Home, Homes
from servers import ServerFailed
from township import Township

ENGINES = pytest.StashKey[Engines]()
HOMES = {"home", "homes"}
PLUGIN_SECONDS = 10
PURE = [
    *("tests/bench", "tests/contract", "tests/core", "tests/host", "tests/plugin", "tests/testing"),
    *("plugins", "docs"),
]
"""Where no test opens a database: not even looked into on PostgreSQL."""
QUICK_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
OTHER = {"sqlite": "postgres", "postgres": "sqlite"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=[*OTHER], default="sqlite", help="which database tests run on (sqlite)")
    parser.addoption(
        "--histories", type=int, default=10_000, help="how many histories of a book are held against paper (10000)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start the run's servers; a worker of pytest-xdist is told where they are."""
    # Commands speak their operator's language; the tests read Chinese wherever they run.
    os.environ.update({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "C.UTF-8"})
    if config.option.database == "postgres":
        config.option.ignore = [*(config.option.ignore or []), *(str(config.rootpath / folder) for folder in PURE)]
    told = getattr(config, "workerinput", {}).get("engines")
    engines = config.stash[ENGINES] = Engines(told)
    if told is None and not config.option.collectonly:
        config.add_cleanup(engines.stop)
        try:
            engines.start(config.option.database)
        except ServerFailed as failed:
            raise pytest.UsageError(str(failed)) from None


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the servers are."""
    node.workerinput["engines"] = node.config.stash[ENGINES].told


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other database and, on PostgreSQL, what has nothing to do with one."""
    database = config.option.database

    def wanted(item: pytest.Item) -> bool:
        if item.get_closest_marker(OTHER[database]):
            return False
        fixtures = set(getattr(item, "fixturenames", ()))
        return database == "sqlite" or bool(HOMES & fixtures) or item.get_closest_marker(database) is not None

    pure = [config.rootpath / folder for folder in PURE]
    for item in items:
        if HOMES & set(getattr(item, "fixturenames", ())) and any(map(item.path.is_relative_to, pure)):
            raise pytest.UsageError(f"{item.nodeid} opens a database, but lies where PURE says that none does")
    config.hook.pytest_deselected(items=[item for item in items if not wanted(item)])
    items[:] = [item for item in items if wanted(item)]


def pytest_collection_finish() -> None:
    """Spare the collector from walking every module and test whenever a site is built: a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say at the end which engines were really there, and in red which were not."""
    engines = config.stash[ENGINES]
    if not config.option.collectonly:
        terminalreporter.write_line(f"Ran on {engines.say()}", bold=True, red=bool(engines.missing_valkey))
    missed = [report for report in terminalreporter.stats.get("skipped", []) if MISSING in str(report.longrepr)]
    if missed:
        terminalreporter.write_line(f"{len(missed)} browser tests DID NOT RUN: {MISSING}.", red=True, bold=True)


@pytest.fixture(scope="session")
def homes(request: pytest.FixtureRequest) -> Homes:
    """Make several homes, or one for a whole file of tests: `with homes.home(folder) as home`."""
    engines = request.config.stash[ENGINES]
    return Homes(engines.postgres, engines.template)


@pytest.fixture
def home(homes: Homes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """Give the test a database of its own, with its tables and nothing in them."""
    # A busy machine must not look like a slow plugin; tests/host proves the limit itself.
    monkeypatch.setattr(roster, "ASK_SECONDS", PLUGIN_SECONDS)
    # Each village sets three passwords and a PIN; tests/service/test_secrets.py sees to the real ones.
    monkeypatch.setattr(secrets, "PASSWORDS", QUICK_HASH)
    monkeypatch.setattr(secrets, "PINS", QUICK_HASH)
    with homes.home(tmp_path / "data") as made:
        yield made


@pytest.fixture
def valkey(request: pytest.FixtureRequest) -> str:
    """Give the address (DEZHI_REDIS_URL) of an empty database on the run's Valkey, which must not be stopped."""
    engines = request.config.stash[ENGINES]
    if engines.valkey is None:
        pytest.fail(f"no Valkey: {engines.missing_valkey}")
    worker = getattr(request.config, "workerinput", {"workerid": "gw0"})["workerid"]
    number = int(worker.removeprefix("gw")) + 1
    with engines.valkey.open(number) as client:
        client.flushdb()
    return engines.valkey.url(number)


@pytest.fixture
async def town(home: Home) -> AsyncIterator[Township]:
    """Set 上坝镇 up with its services."""
    database = await home.connect()
    built = Township(database)
    await built.settle()
    yield built
    built.secrets.close()
    await database.close()
