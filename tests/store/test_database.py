"""Opening a data directory: one process at a time, and keys that are whole."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dezhi.core.errors import Problem
from dezhi.store.books import book_of, mark, open_book
from dezhi.store.database import Database, connect

OPEN_IT = """
import asyncio, pathlib, sys
from dezhi.core.errors import Problem
from dezhi.store.database import connect
try:
    async def both():
        await (await connect(pathlib.Path(sys.argv[1]))).close()
    asyncio.run(both())
except Problem as problem:
    print(problem.code, problem.values["pid"])
else:
    print("open")
"""


def open_elsewhere(folder: Path) -> str:
    """What another process is told that opens the same directory."""
    done = subprocess.run(
        [sys.executable, "-c", OPEN_IT, str(folder)],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return done.stdout.strip()


@pytest.mark.sqlite
async def test_a_second_process_is_refused_with_the_first_ones_number(database: Database) -> None:
    assert open_elsewhere(database.data_dir) == f"in_use {os.getpid()}"
    with pytest.raises(Problem) as refused:
        await connect(database.data_dir)
    assert str(os.getpid()) in refused.value.say()
    assert await database.row("SELECT 1 AS one") == {"one": 1}, "the first one goes on"
    await database.close()
    assert open_elsewhere(database.data_dir) == "open"


async def test_a_directory_that_cannot_be_opened_is_let_go(tmp_path: Path) -> None:
    (tmp_path / "dezhi.sqlite").write_text("no database" * 100)
    with pytest.raises(Problem, match="不是德治的数据"):
        await connect(tmp_path)
    (tmp_path / "dezhi.sqlite").unlink()
    await (await connect(tmp_path)).close()


async def test_opening_again_runs_no_migration_twice(tmp_path: Path) -> None:
    first = await connect(tmp_path)
    book = await open_book(first, 7)
    await first.close()
    second = await connect(tmp_path)
    assert await second.pending() == []
    assert await book_of(second, 7) == book
    await second.close()


async def test_a_region_has_one_book(database: Database) -> None:
    assert await book_of(database, 7) is None
    assert [await open_book(database, region) for region in (7, 8, 7)] == [1, 2, 1]
    assert (await mark(database, 2)).next_seq == 1
    with pytest.raises(LookupError):
        await mark(database, 3)


def test_a_key_is_made_once_and_read_by_nobody_else(database: Database) -> None:
    key = database.key("cards")
    assert len(key) == 32
    assert (database.key("cards"), database.key("phones") == key) == (key, False)
    folder = database.data_dir / "keys"
    assert sorted(path.name for path in folder.iterdir()) == ["cards", "phones"]
    assert [path.stat().st_mode & 0o777 for path in (folder, folder / "cards")] == [0o700, 0o600]


def test_half_a_key_is_never_used(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        database.key("cards")
    assert list((database.data_dir / "keys").iterdir()) == []
    (database.data_dir / "keys" / "cards").write_bytes(b"")
    with pytest.raises(ValueError, match="restore it"):
        database.key("cards")
