"""What is not whole, not ours or does not add up is found, and nothing is made of it."""

import contextlib
import hashlib
import io
import sqlite3
import stat
import zipfile
from collections.abc import Callable
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


def another_household(rows: list[list[Any]]) -> None:
    rows[3][15] = 1


def another_actor(rows: list[list[Any]]) -> None:
    rows[3][11] += 1


def another_day(rows: list[list[Any]]) -> None:
    rows[3][11] += 1


def swapped_holders(rows: list[list[Any]]) -> None:
    first = next(row for row in rows if row[3] != 0)  # the first that is somebody's
    other = next(row for row in rows if [*row[2:4], *row[5:7]] == [*first[2:4], *first[5:7]] and row is not first)
    first[4], other[4] = other[4], first[4]


def another_order(rows: list[list[Any]]) -> None:
    rows[0][1] += "0"


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("account", richer, "account book_id=1, account_id=2）的 credits"),
        ("account", more_held, "account book_id=1, account_id=2）的 held"),
        ("account", without_the_last, "）不见了"),
        ("txn", without_the_first, "txn book_id=1, seq=1）不见了"),
        ("txn", without_the_last, "txn book_id=1, seq=209）不见了"),
        ("txn", another_body, "txn book_id=1, period=202603, seq=4）的 body"),
        ("txn", another_household, "txn book_id=1, period=202603, seq=4）的 household"),
        ("txn", another_actor, "）的 actor"),
        ("posting", without_the_first, "posting book_id=1, period=202603, seq=1, line=0）不见了"),
        ("posting", another_day, "）的 event_day"),
        ("account", swapped_holders, "）的 holder_id"),
        ("hold", another_order, "）不见了"),
        ("reversal", without_the_first, "）不见了"),
        ("book", another_root, "book book_id=1）的 head"),
        ("book", without_the_first, "）多出来了"),
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
    assert refused.value.code == "audit"
    with pytest.raises(Problem) as again:
        await backups.restore(Place(data_dir=new), forged, None, silent)
    assert again.value.code == "audit"
    faults = refused.value.say()
    assert words in faults, faults
    assert words in again.value.say()
    assert names_in(new) == ["dezhi.lock"]


async def test_a_broken_book_is_backed_up_and_said(old: Path, tmp_path: Path) -> None:
    db = sqlite3.connect(old / FILE)
    db.execute("UPDATE account SET credits = credits + 7 WHERE account_id = 2")
    db.commit()
    db.close()
    done = await backups.back_up(Place(data_dir=old), tmp_path / "broken.dezhi", NOW, silent)
    assert (tmp_path / "broken.dezhi").exists()
    (fault,) = done.audited.faults
    assert (fault.table, fault.key, fault.column) == ("account", {"book_id": 1, "account_id": 2}, "credits")


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


# ── files that were put together to hurt ──


Members = dict[str, bytes]


def rezip(backup: Path, hostile: Path, change: Callable[[Members], object], raw: Callable[[bytes], bytes]) -> None:
    """Pack a backup's members again, changed, with a right sum over the whole."""
    packed = io.BytesIO()
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        new.comment = b"sha256 " + b"0" * 64
        members = {member.filename: old.read(member) for member in old.infolist()}
        change(members)
        for name, data in members.items():
            new.writestr(name, data)
    data = raw(packed.getvalue())[:-64]
    hostile.write_bytes(data + hashlib.sha256(data).hexdigest().encode())


def with_manifest(**other: Any) -> Callable[[Members], None]:
    """Say something else in the manifest."""

    def change(members: Members) -> None:
        told = msgspec.json.decode(members[archive.MANIFEST])
        members[archive.MANIFEST] = msgspec.json.encode({**told, **other})

    return change


def with_persons(lines: bytes) -> Callable[[Members], None]:
    """Put other lines into one table, and say so in the manifest."""

    def change(members: Members) -> None:
        members["tables/person.jsonl"] = lines
        told = msgspec.json.decode(members[archive.MANIFEST])
        person = next(one for one in told["tables"] if one["table"]["name"] == "person")
        person.update(rows=lines.count(b"\n"), sha256=hashlib.sha256(lines).hexdigest())
        members[archive.MANIFEST] = msgspec.json.encode(told)

    return change


def in_headers(local: int, central: int, value: bytes) -> Callable[[bytes], bytes]:
    """Overwrite the same field in every header of a ZIP."""

    def change(data: bytes) -> bytes:
        for signature, at in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
            parts = data.split(signature)
            data = signature.join(
                [parts[0], *(part[: at - 4] + value + part[at - 4 + len(value) :] for part in parts[1:])]
            )
        return data

    return change


def same(data: Any) -> Any:
    return data


HOSTILE: dict[str, tuple[Callable[[Members], object], Callable[[bytes], bytes]]] = {
    "another seal": (with_manifest(heads=[{"book": 1, "region": 1, "events": 1, "root": "ab" * 32}]), same),
    "no tables": (with_manifest(tables=[]), same),
    "large manifest": (lambda members: members.update({archive.MANIFEST: b'"' + b"a" * (64 << 20)}), same),
    "endless line": (with_persons(b'["' + b"a" * (64 << 20)), same),
    "deep": (lambda members: members.update({archive.MANIFEST: b"[" * 200_000}), same),
    "number of 70 bits": (with_persons(b"[1180591620717411303424]\n"), same),
    "half a character": (with_persons(b'["\\ud800"]\n'), same),
    "password": (same, in_headers(6, 8, b"\x01\x00")),
    "unknown packing": (same, in_headers(8, 10, b"\x63\x00")),
    "packing that is none": (same, lambda data: data[:60] + b"\xff" * 40 + data[100:]),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_file_made_to_hurt_is_refused_in_words(name: str, backup: Path, tmp_path: Path) -> None:
    hostile, new = tmp_path / "hostile.dezhi", tmp_path / "new"
    rezip(backup, hostile, *HOSTILE[name])
    with pytest.raises(Problem, match="backup-damaged"):
        backups.check(hostile, silent)
    with pytest.raises(Problem, match="backup-damaged"):
        await backups.restore(Place(data_dir=new), hostile, None, silent)
    assert not (new / FILE).exists()


async def test_a_row_that_no_database_takes_is_refused_in_words(backup: Path, tmp_path: Path) -> None:
    def negative(rows: list[list[Any]]) -> None:
        rows[0][0] = -1

    forge(backup, tmp_path / "forged.dezhi", "person", negative)
    with pytest.raises(Problem, match="backup-damaged"):
        await backups.restore(Place(data_dir=tmp_path / "new"), tmp_path / "forged.dezhi", None, silent)
    assert not (tmp_path / "new" / FILE).exists()


@pytest.mark.parametrize("name", ["village.dezhi.part", "village.dezhi"])
async def test_in_a_folder_of_others_nobody_reads_along(name: str, old: Path, tmp_path: Path) -> None:
    """Whoever knows the name of tomorrow's backup puts a link, or a file of theirs, there today."""
    folder, theirs = tmp_path / "shared", tmp_path / "theirs"
    folder.mkdir()
    theirs.write_text("theirs")
    theirs.chmod(0o666)
    (folder / name).symlink_to(theirs)
    file = folder / "village.dezhi"
    with contextlib.suppress(Problem):  # of the name itself: it is taken
        await backups.back_up(Place(data_dir=old), file, NOW, silent)
        assert stat.S_IMODE(file.lstat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
        assert not file.is_symlink()
    assert theirs.read_text() == "theirs"
