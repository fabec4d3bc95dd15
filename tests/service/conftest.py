"""A year of a village, and its backup."""

from pathlib import Path

import pytest

import releases
from copies import NOW, RELEASE, silent
from dezhi.service import backups
from dezhi.service.backups import Place
from dezhi.store.database import connect


@pytest.fixture
async def old(tmp_path: Path) -> Path:
    """A data directory with a year in it, of the release before, opened by this one."""
    data_dir = tmp_path / "old"
    releases.unpack(RELEASE, data_dir)
    await (await connect(data_dir)).close()
    return data_dir


@pytest.fixture
async def backup(old: Path, tmp_path: Path) -> Path:
    file = tmp_path / "village.dezhi"
    await backups.back_up(Place(data_dir=old), file, NOW, silent)
    return file
