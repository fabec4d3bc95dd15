"""The plugin's tests run within Dezhi's own and alone, as its author runs them."""

import sys
from pathlib import Path

import pytest

# The table of expectations, and the same rules in Python, stand beside the tests.
sys.path.insert(0, str(Path(__file__).parent))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "row(id): the row of Dezhi's catalogue which a test proves")
    config.addinivalue_line("markers", "sqlite: needs no second database")
