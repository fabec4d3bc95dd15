"""What all tests share. Fixtures of one floor live in that floor's own conftest.py."""

import pytest

from browsing import MISSING


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end, in a line nobody overlooks, when the browser's tests could not run."""
    missed = [report for report in terminalreporter.stats.get("skipped", []) if MISSING in str(report.longrepr)]
    if missed:
        terminalreporter.write_line(f"{len(missed)} browser tests DID NOT RUN: {MISSING}.", red=True, bold=True)
