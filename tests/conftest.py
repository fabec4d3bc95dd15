"""What all tests share. Fixtures of one floor live in that floor's own conftest.py."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from browsing import MISSING
from dezhi.store.database import connect
from township import Township


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Township]:
    """Set 上坝镇 up with its services, on a SQLite file of its own."""
    database = await connect(tmp_path / "data")
    built = Township(database)
    await built.settle()
    yield built
    built.secrets.close()
    await database.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end, in a line nobody overlooks, when the browser's tests could not run."""
    missed = [report for report in terminalreporter.stats.get("skipped", []) if MISSING in str(report.longrepr)]
    if missed:
        terminalreporter.write_line(f"{len(missed)} browser tests DID NOT RUN: {MISSING}.", red=True, bold=True)
