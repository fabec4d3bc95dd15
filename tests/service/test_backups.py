"""Backup and restore: nothing is lost on the way there and back, and what is not whole is not used."""

import asyncio
import base64
import resource
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import releases
from booking import asking, award, check_book, hold
from copies import NOW, RELEASE, names_in, rows_of, schema_of, silent
from dezhi.app import furnish
from dezhi.core.errors import Problem
from dezhi.host import Directory
from dezhi.service import backups
from dezhi.service.backups import Place
from dezhi.settings import Settings
from dezhi.store.books import open_book
from dezhi.store.database import FILE, connect
from dezhi.store.poster import Poster
from township import Hands


async def observe(data_dir: Path) -> dict[str, Any]:
    hands = Hands()
    hands.now = releases.END
    house = await furnish(Settings(data_dir=data_dir), hands, Directory(releases.PLUGINS))
    try:
        return await releases.observe(house)
    finally:
        await house.close()


async def test_there_and_back_every_byte_is_the_same(old: Path, backup: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    restored = await backups.restore(Place(data_dir=new), backup, None, silent)
    assert rows_of(new / FILE) == rows_of(old / FILE)
    assert schema_of(new / FILE) == schema_of(old / FILE)
    assert restored.manifest.rows == sum(len(rows) for rows in rows_of(old / FILE).values())
    assert names_in(new) == ["dezhi.lock", FILE]
    assert releases.missing(releases.said(RELEASE)["households"], (await observe(new))["households"]) == []


def test_nothing_secret_is_in_a_backup(old: Path, backup: Path) -> None:
    key = (old / "keys" / "pins").read_bytes()
    with zipfile.ZipFile(backup) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert archive.read("tables/session.jsonl") == b""
    for form in (key, key.hex().encode(), base64.b64encode(key)):
        assert form not in everything
        assert form not in backup.read_bytes()
    assert backup.stat().st_mode & 0o777 == 0o600


async def test_with_the_keys_everything_works_and_without_them_it_says_what_does_not(
    old: Path, backup: Path, tmp_path: Path
) -> None:
    key_file = tmp_path / "village.keys"
    assert backups.back_up_keys(old, key_file, NOW) == ["pins"]
    assert key_file.stat().st_mode & 0o777 == 0o600
    bare, whole = tmp_path / "bare", tmp_path / "whole"
    assert (await backups.restore(Place(data_dir=bare), backup, None, silent)).other_keys == ("pins",)
    assert (await backups.restore(Place(data_dir=whole), backup, key_file, silent)).other_keys == ()
    assert (whole / "keys").stat().st_mode & 0o777 == 0o700
    assert (whole / "keys" / "pins").stat().st_mode & 0o777 == 0o600
    number, pin = next(iter(releases.said(RELEASE)["cards"].items()))
    for data_dir, works in ((bare, False), (whole, True)):
        house = await furnish(Settings(data_dir=data_dir), Hands(), Directory(releases.PLUGINS))
        try:
            if works:
                assert (await house.cards.open(number, pin)).number == number
            else:
                with pytest.raises(Problem):
                    await house.cards.open(number, pin)
        finally:
            await house.close()


async def test_other_keys_are_refused(old: Path, backup: Path, tmp_path: Path) -> None:
    key_file, broken = tmp_path / "other.keys", tmp_path / "broken.keys"
    (old / "keys" / "pins").write_bytes(bytes(32))
    backups.back_up_keys(old, key_file, NOW)
    broken.write_text("{}")
    for file, code in ((key_file, "keys-other"), (broken, "keys-damaged"), (backup, "keys-damaged")):
        with pytest.raises(Problem) as refused:
            await backups.restore(Place(data_dir=tmp_path / "new"), backup, file, silent)
        assert refused.value.code == code
        assert names_in(tmp_path / "new") == ["dezhi.lock"]


async def test_keys_that_are_there_already_are_never_replaced(old: Path, backup: Path, tmp_path: Path) -> None:
    new, key_file = tmp_path / "new", tmp_path / "village.keys"
    backups.back_up_keys(old, key_file, NOW)
    (new / "keys").mkdir(parents=True)
    (new / "keys" / "pins").write_bytes(bytes(32))
    with pytest.raises(Problem) as refused:
        await backups.restore(Place(data_dir=new), backup, key_file, silent)
    assert refused.value.code == "keys-present"
    assert (new / "keys" / "pins").read_bytes() == bytes(32)
    assert not (new / FILE).exists()


def test_no_keys_are_said(tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused:
        backups.back_up_keys(tmp_path, tmp_path / "none.keys", NOW)
    assert refused.value.code == "keys-none"


async def test_a_full_place_is_left_alone(old: Path, backup: Path) -> None:
    before = (old / FILE).read_bytes()
    with pytest.raises(Problem) as refused:
        await backups.restore(Place(data_dir=old), backup, None, silent)
    assert refused.value.code == "restore-not-empty"
    assert (old / FILE).read_bytes() == before


async def test_a_place_that_is_served_is_left_alone(backup: Path, tmp_path: Path) -> None:
    served = await connect(tmp_path / "served")
    try:
        with pytest.raises(Problem) as refused:
            await backups.restore(Place(data_dir=tmp_path / "served"), backup, None, silent)
        assert refused.value.code == "in_use"
    finally:
        await served.close()


async def test_a_file_is_never_replaced(old: Path, backup: Path, tmp_path: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(Problem) as refused:
        await backups.back_up(Place(data_dir=old), backup, NOW, silent)
    assert refused.value.code == "backup-exists"
    assert backup.read_bytes() == before
    with pytest.raises(Problem) as refused:
        await backups.back_up(Place(data_dir=tmp_path / "nowhere"), tmp_path / "new.dezhi", NOW, silent)
    assert refused.value.code == "backup-nothing"
    (tmp_path / "empty").mkdir()
    sqlite3.connect(tmp_path / "empty" / FILE).close()
    with pytest.raises(Problem) as refused:
        await backups.back_up(Place(data_dir=tmp_path / "empty"), tmp_path / "new.dezhi", NOW, silent)
    assert refused.value.code == "backup-nothing"
    assert not list(tmp_path.glob("new.dezhi*"))


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """What a full disk is to whoever writes: an error in the middle."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [35_000, 60_000, 90_000])
async def test_a_full_disk_leaves_no_file(room: int, old: Path, tmp_path: Path) -> None:
    with no_file_larger_than(room), pytest.raises(OSError, match="too large"):
        await backups.back_up(Place(data_dir=old), tmp_path / "village.dezhi", NOW, silent)
    with no_file_larger_than(1), pytest.raises(OSError, match="too large"):
        backups.back_up_keys(old, tmp_path / "village.keys", NOW)
    # Without a server there is no room even for what SQLite needs to read.
    with no_file_larger_than(1), pytest.raises(Problem) as full:
        await backups.back_up(Place(data_dir=old), tmp_path / "village.dezhi", NOW, silent)
    assert full.value.code == "storage"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old"]


async def test_a_disk_that_fills_up_during_a_restore_leaves_nothing(backup: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    (new / "keys").mkdir(parents=True)
    with no_file_larger_than(400_000), pytest.raises(Problem) as full:
        await backups.restore(Place(data_dir=new), backup, None, silent)
    assert full.value.code == "storage"
    assert names_in(new) == ["dezhi.lock", "keys"]


async def test_what_a_killed_restore_left_is_cleared(backup: Path, old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    for end in ("", "-wal", "-shm"):
        (new / f"{FILE}.restoring{end}").write_text("half of something")
    await backups.restore(Place(data_dir=new), backup, None, silent)
    assert rows_of(new / FILE) == rows_of(old / FILE)


async def test_a_demo_stays_a_demo(old: Path, tmp_path: Path) -> None:
    (old / "demo.json").write_text("{}")
    await backups.back_up(Place(data_dir=old), tmp_path / "demo.dezhi", NOW, silent)
    await backups.restore(Place(data_dir=tmp_path / "new"), tmp_path / "demo.dezhi", None, silent)
    assert (tmp_path / "new" / "demo.json").read_text() == "{}"


async def test_while_everybody_books_the_backup_is_of_one_moment(tmp_path: Path) -> None:
    database = await connect(tmp_path / "busy")
    book = await open_book(database, 520)
    poster = Poster(database.engine, lambda: datetime.now(UTC))
    stop = asyncio.Event()

    async def keep_booking(household: int) -> int:
        booked = 0
        while not stop.is_set():
            outcome = await poster.post(
                book, asking(award(household, 5), hold(f"order-{household}-{booked}", 2, household))
            )
            booked += len(outcome.seqs)
        return booked

    writers = [asyncio.create_task(keep_booking(household)) for household in range(2_000, 2_008)]
    heads = []
    try:
        for number in range(4):
            await asyncio.sleep(0.1)
            done = await backups.back_up(Place(data_dir=database.data_dir), tmp_path / f"{number}.dezhi", NOW, silent)
            assert done.audited.is_clean
            heads.append(done.manifest.heads[0].events)
    finally:
        stop.set()
        booked = sum(await asyncio.gather(*writers))
        await poster.close()
        await database.close()
    assert heads == sorted(heads)
    assert 0 < heads[0] < heads[-1] < booked
    for number, head in enumerate(heads):
        new = tmp_path / f"new-{number}"
        await backups.restore(Place(data_dir=new), tmp_path / f"{number}.dezhi", None, silent)
        db = sqlite3.connect(new / FILE)
        db.row_factory = sqlite3.Row
        check_book(db, book)
        assert db.execute("SELECT next_seq FROM book").fetchone()["next_seq"] == head + 1
        db.close()
