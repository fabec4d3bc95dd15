"""What is not whole, not ours or does not add up is found, and nothing is made of it."""

import sqlite3
from pathlib import Path
from typing import Any

import msgspec
import pytest

import releases
from copies import NOW, RELEASE, Change, forge, names_in, silent, take_it
from dezhi.core.errors import Problem
from dezhi.service import backups
from dezhi.service.backups import Place
from dezhi.store import archive
from dezhi.store.database import FILE


async def test_a_backup_cut_short_anywhere_is_found(backup: Path, tmp_path: Path) -> None:
    whole, cut = backup.read_bytes(), tmp_path / "cut.dezhi"
    lengths = {*range(0, len(whole), len(whole) // 60), *range(len(whole) - 200, len(whole)), 1, 63, 64, 65}
    for length in sorted(lengths):
        cut.write_bytes(whole[:length])
        with pytest.raises(Problem) as refused:
            backups.check(cut, silent)
        assert refused.value.code == "backup-damaged", length
    with pytest.raises(Problem) as refused:
        await backups.restore(Place(data_dir=tmp_path / "new"), cut, None, silent)
    assert refused.value.code == "backup-damaged"
    assert not (tmp_path / "new").exists()


def test_a_flipped_bit_anywhere_is_found(backup: Path, tmp_path: Path) -> None:
    whole, flipped = backup.read_bytes(), tmp_path / "flipped.dezhi"
    places = {*range(0, len(whole), len(whole) // 150), *range(80), *range(len(whole) - 120, len(whole))}
    for place in sorted(places):
        data = bytearray(whole)
        data[place] ^= 1 << place % 8
        flipped.write_bytes(data)
        with pytest.raises(Problem) as refused:
            backups.check(flipped, silent)
        assert refused.value.code == "backup-damaged", place
    assert backups.check(backup, silent).heads[0].events == releases.said(RELEASE)["books"][0]["next_seq"] - 1


def richer(rows: list[list[Any]]) -> None:
    rows[1][7] += 100  # credits of a household


def without_the_first(rows: list[list[Any]]) -> None:
    del rows[0]


def without_the_last(rows: list[list[Any]]) -> None:
    del rows[-1]


def another_body(rows: list[list[Any]]) -> None:
    body = bytearray(rows[3][22])
    body[-1] ^= 1
    rows[3][22] = bytes(body)


def another_root(rows: list[list[Any]]) -> None:
    rows[0][6] = bytes(32)


def more_held(rows: list[list[Any]]) -> None:
    rows[1][9] += 1


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("account", richer, "按分录重新加"),
        ("account", more_held, "预留"),
        ("account", without_the_last, "账户"),
        ("txn", without_the_first, "缺了"),
        ("txn", without_the_last, "应当有209笔，只有208笔"),
        ("txn", another_body, "原文被改过"),
        ("posting", without_the_first, "分录和原文不一样"),
        ("book", another_root, "封签"),
        ("book", without_the_first, "没有这本账簿"),
    ],
    ids=lambda value: value if isinstance(value, str) else getattr(value, "__name__", ""),
)
async def test_books_that_do_not_add_up_are_not_restored(
    table: str, change: Change, words: str, backup: Path, tmp_path: Path
) -> None:
    forged, new = tmp_path / "forged.dezhi", tmp_path / "new"
    forge(backup, forged, table, change)
    with pytest.raises(Problem) as refused:
        backups.check(forged, silent)
    assert refused.value.code == "recount"
    with pytest.raises(Problem) as again:
        await backups.restore(Place(data_dir=new), forged, None, silent)
    assert again.value.code == "recount"
    faults = refused.value.say()
    assert words in faults or refused.value.values["count"] != 1, faults
    assert names_in(new) == ["dezhi.lock"]


async def test_a_broken_book_is_backed_up_and_said(old: Path, tmp_path: Path) -> None:
    db = sqlite3.connect(old / FILE)
    db.execute("UPDATE account SET credits = credits + 7 WHERE account_id = 2")
    db.commit()
    db.close()
    done = await backups.back_up(Place(data_dir=old), tmp_path / "broken.dezhi", NOW, silent)
    assert (tmp_path / "broken.dezhi").exists()
    assert [fault.code for fault in done.faults] == ["recount", "recount"]  # the account, and the sum of all
    assert done.faults[0].values["account"] == 2


async def test_a_row_that_names_nobody_is_found(backup: Path, tmp_path: Path) -> None:
    forge(backup, tmp_path / "forged.dezhi", "person", without_the_first)
    with pytest.raises(Problem) as refused:
        await backups.restore(Place(data_dir=tmp_path / "new"), tmp_path / "forged.dezhi", None, silent)
    assert refused.value.code == "backup-damaged"
    assert not (tmp_path / "new" / FILE).exists()


async def test_a_newer_backup_is_refused(backup: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer.dezhi"
    with archive.reading(backup) as reader, archive.writing(newer, take_it) as writer:
        writer.finish(msgspec.structs.replace(reader.manifest, migrations=("2099-01-01T00:00:00:000000",)))
    with pytest.raises(Problem) as refused:
        await backups.restore(Place(data_dir=tmp_path / "new"), newer, None, silent)
    assert refused.value.code == "backup-newer"
    assert not (tmp_path / "new").exists()
    with pytest.raises(Problem) as refused:
        archive._manifest(b'{"format": 2, "what": "will come"}', newer.name)
    assert refused.value.code == "backup-newer"
