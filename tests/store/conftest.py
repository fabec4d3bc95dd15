"""A migrated database in a directory of its own for every test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dezhi.store.database import Database, connect


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await connect(tmp_path / "data")
    try:
        yield opened
    finally:
        opened.close()
