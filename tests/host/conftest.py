"""What the tests of the host share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from workshop import Workshop


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    """A place to write plugins in."""
    monkeypatch.syspath_prepend(tmp_path)
    made = Workshop(tmp_path)
    yield made
    made.forget()
