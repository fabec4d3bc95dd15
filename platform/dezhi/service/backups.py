"""Backup and restore: one file for either database, checked when it is made and again before it is used.

Keys never enter a backup. Neither do sessions: whoever has ended one, or was locked out, must not be let in again by a
restore. See docs/adr/0060-backups.md.
"""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from dezhi import __version__
from dezhi.core.backups import Column, Head, Kept, Manifest, Table
from dezhi.core.comparing import COLUMNS
from dezhi.core.errors import Problem
from dezhi.core.faults import Audited
from dezhi.core.text import N_
from dezhi.host import stored
from dezhi.service import backup_plugins
from dezhi.service.demo import mark as demo
from dezhi.store import archive, audit, keys, migrations, refill, snapshots
from dezhi.store.archive import Reader, Row
from dezhi.store.database import FILE
from dezhi.store.refill import Refill
from dezhi.store.snapshots import Snapshot

LEFT_OUT: Final = frozenset({"session", "score_day", "projection"})
"""Tables of which the shape is kept and no row: who is logged in, and what the next look derives from the books."""

LAST: Final = "last-backup.json"
NOTE: Final = "Keys of a Dezhi installation. Keep them apart from its backups, where nobody else gets at them."

Progress = Callable[[int, int], None]
"""Told the rows that are done, and all of them."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where data is: the PostgreSQL of `database_url`, else the file in `data_dir`, where the keys are in any case."""

    data_dir: Path
    database_url: str = ""
    migrate_url: str = ""


class BackedUp(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds. `audited` is of its books: it may be a true copy of something broken.

    `left_out` says of installed plugins why they are not in it: their files are not what was installed.
    """

    manifest: Manifest
    audited: Audited
    left_out: tuple[Problem, ...] = ()


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What was restored, what the audit of it says, and the names of keys which are not those of the data."""

    manifest: Manifest
    other_keys: tuple[str, ...]
    audited: Audited


class Last(msgspec.Struct, frozen=True, kw_only=True):
    """When the last backup was made from here, and where it was put."""

    at: datetime
    file: str


class KeyFile(msgspec.Struct, frozen=True, kw_only=True):
    """Keys in a file of their own."""

    note: str
    made_at: datetime
    keys: Mapping[str, bytes]


# ── making ──


async def back_up(place: Place, file: Path, now: datetime, progress: Progress) -> BackedUp:
    """Write everything but keys and sessions to `file`, as it is at one moment, beside a running server; read it back.

    Raises `Problem` (`backup-exists`, `backup-nothing`, `storage`), `OSError` when the disk is full; then it leaves no
    file.
    """
    audited: list[Audited] = []
    async with snapshot_of(place) as snapshot:
        ran = await snapshot.migrations()
        if not ran:
            raise Problem("backup-nothing", N_("%(place)s 里没有德治的数据。"), status=404, place=str(place.data_dir))
        tables = await snapshot.tables()
        counts = [0 if table.name in LEFT_OUT else await snapshot.count(table.name) for table in tables]
        steps = _Steps(progress, 2 * sum(counts))
        with archive.writing(file, lambda reader: audited.append(_read(reader, steps))) as writer:
            heads = [head for table in tables for head in await _copy(snapshot, table, writer, steps)]
            left_out = backup_plugins.write(writer, place.data_dir)
            manifest = Manifest(
                dezhi=__version__,
                made_at=now,
                database=snapshot.kind,
                migrations=tuple(ran),
                tables=tuple(writer.kept),
                heads=tuple(heads),
                keys=_marks(place.data_dir),
                demo=_demo(place.data_dir),
                plugins=tuple(writer.files),
            )
            writer.finish(manifest)
    # Only for `dezhi doctor`; a backup is one even if its maker may not write here.
    with contextlib.suppress(OSError):
        # Put in the old one's place, which another user may have written.
        aside = place.data_dir / f"{LAST}.new"
        aside.write_bytes(msgspec.json.encode(Last(at=now, file=str(file.absolute()))))
        aside.replace(place.data_dir / LAST)
    return BackedUp(manifest=manifest, audited=audited[0], left_out=tuple(left_out))


def last(data_dir: Path) -> Last | None:
    """The last backup made from a data directory; None when nobody knows of one. Raises `OSError`."""
    try:
        return msgspec.json.decode((data_dir / LAST).read_bytes(), type=Last)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


@asynccontextmanager
async def snapshot_of(place: Place) -> AsyncIterator[Snapshot]:
    """Where data is, at one moment. Raises `Problem` (`backup-nothing`, `storage`)."""
    if place.database_url:
        async with snapshots.of_server(place.database_url) as server:
            yield server
    else:
        async with snapshots.of_file(place.data_dir / FILE) as local:
            yield local


async def _copy(snapshot: Snapshot, table: Table, writer: archive.Writer, steps: "_Steps") -> list[Head]:
    """Write one table; return what it tells of the books' heads."""
    heads: list[Head] = []
    with writer.table(table) as sink:
        if table.name not in LEFT_OUT:
            async for rows in snapshot.rows(table):
                sink.add(rows)
                steps.add(len(rows))
                heads += _heads(table, rows)
    return heads


def _heads(table: Table, rows: Sequence[Row]) -> list[Head]:
    if table.name != "book":
        return []
    at = {column.name: place for place, column in enumerate(table.columns)}
    return [
        Head(
            book=row[at["book_id"]],
            region=row[at["region_id"]],
            events=row[at["next_seq"]] - 1,
            root=row[at["head"]].hex(),
        )
        for row in rows
    ]


def _demo(data_dir: Path) -> str | None:
    note = data_dir / demo.FILE
    return note.read_text(encoding="utf-8") if note.exists() else None


# ── checking ──


class _Steps:
    """Counts rows for a progress bar."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0
        progress(0, total)

    def add(self, rows: int) -> None:
        """So many more are done."""
        self._done += rows
        self._progress(self._done, self._total)

    def upto(self, done: int, total: int) -> None:
        """So many of the last `total` are done."""
        self._progress(self._total - total + done, self._total)


def check(file: Path, progress: Progress) -> Manifest:
    """Make sure that a backup is whole, unaltered and readable by this release, and that its books add up.

    Raises `Problem` (`backup-damaged`, `backup-newer`, `audit`).
    """
    with archive.reading(file) as reader:
        _refuse_newer(reader.manifest)
        _refuse_faults(_read(reader, _Steps(progress, reader.manifest.rows)), reader.manifest)
        return reader.manifest


def _read(reader: Reader, steps: _Steps) -> Audited:
    """Read everything once."""
    for kept in reader.manifest.tables:
        if kept.table.name not in COLUMNS:
            for _ in _counted(reader, kept, steps):
                pass
    backup_plugins.check(reader)
    return audit.of_archive(reader, steps.add)


def _refuse_faults(audited: Audited, manifest: Manifest) -> None:
    """Raise `Problem` unless the books add up, and stand where the backup says they do: seals are held against that."""
    if not audited.is_clean:
        text = N_(
            "备份里的账对不上，不能用：%(first)s（一共%(count)s处）。什么都没有动。请换另一份备份，并告诉管理员。"
        )
        raise Problem("audit", text, first=audited.faults[0].phrase, count=audited.count)
    if [(one.book, one.region, one.events, one.root) for one in manifest.heads] != [
        (one.book, one.region, one.events, one.root) for one in audited.books
    ]:
        raise archive.damaged(archive.MANIFEST)


def _counted(reader: Reader, kept: Kept, steps: _Steps) -> Iterator[list[Row]]:
    for rows in reader.rows(kept):
        steps.add(len(rows))
        yield rows


def _refuse_newer(manifest: Manifest) -> None:
    unknown = [name for name in manifest.migrations if name not in migrations.known()]
    if unknown:
        raise Problem(
            "backup-newer",
            N_("%(file)s 是更新的德治做的备份，这一版读不了。什么都没有动。请先升级德治。"),
            status=409,
            file=f"dezhi {manifest.dezhi}",
        )


# ── restoring ──


async def restore(place: Place, file: Path, key_file: Path | None, progress: Progress) -> Restored:
    """Fill an empty place with a backup, of this release or an older one, taken from either database.

    Raises `Problem` (`restore-not-empty`, `in_use`, `backup-damaged`, `backup-newer`, `audit`, `keys-…`, `storage`,
    `version-taken`) or `OSError`; then nothing was changed.
    """
    with archive.reading(file) as reader, ExitStack() as undo:
        manifest = reader.manifest
        _refuse_newer(manifest)
        async with _refill(place, manifest) as target:
            audited = await _fill(target, reader, progress)
            _put_beside(place.data_dir, reader, key_file, undo)
        undo.pop_all()
    present = _marks(place.data_dir)
    other = tuple(name for name, mark in manifest.keys.items() if present.get(name) != mark)
    return Restored(manifest=manifest, other_keys=other, audited=audited)


def _refill(place: Place, manifest: Manifest) -> AbstractAsyncContextManager[Refill]:
    if place.database_url:
        names = [kept.table.name for kept in manifest.tables]
        return refill.empty_server(place.migrate_url or place.database_url, place.database_url, names)
    return refill.new_file(place.data_dir)


async def _fill(target: Refill, reader: Reader, progress: Progress) -> Audited:
    """Make the tables as they were, put the rows in, bring everything to this release's shape, and audit that."""
    kept = {one.table.name: one for one in reader.manifest.tables}
    steps = _Steps(progress, reader.manifest.rows + _audited_rows(reader.manifest))
    await target.migrate(reader.manifest.migrations)
    shapes = await target.tables()
    if len(kept) != len(reader.manifest.tables) or _shapes(shapes) != _shapes([one.table for one in kept.values()]):
        raise archive.damaged(archive.MANIFEST)
    for table in shapes:
        one = kept[table.name]
        await target.load(one.table, _counted(reader, one, steps))
    if flaws := await target.flaws():
        raise archive.damaged(flaws[0])
    await target.migrate()
    audited = await target.audit(steps.upto)
    _refuse_faults(audited, reader.manifest)
    return audited


def _audited_rows(manifest: Manifest) -> int:
    return sum(kept.rows for kept in manifest.tables if kept.table.name in audit.COUNTED)


def _shapes(tables: Sequence[Table]) -> Mapping[str, tuple[Sequence[Column], Sequence[str]]]:
    """What two places must agree on: the columns, in whatever order, and the key."""
    return {table.name: (sorted(table.columns, key=lambda each: each.name), table.key) for table in tables}


def _put_beside(data_dir: Path, reader: Reader, key_file: Path | None, undo: ExitStack) -> None:
    """Put keys, plugins and a demo's note beside the database. What is there already is not touched.

    `undo` learns how to take away what was made.
    """
    manifest = reader.manifest
    data_dir.mkdir(parents=True, exist_ok=True)
    if key_file is not None:
        given, present = _read_keys(key_file), keys.read_all(data_dir)
        if {name: mark for name, mark in _marks_of(given).items() if name in manifest.keys} != manifest.keys:
            text = N_("%(file)s 不是这份备份的密钥，没有恢复，什么都没有动。请换那一次备份时的密钥文件。")
            raise Problem("keys-other", text, status=409, file=str(key_file))
        if any(name in present and present[name] != key for name, key in given.items()):
            text = N_("%(place)s 里已经有另外的密钥，没有恢复，什么都没有动。请换一个空的数据目录。")
            raise Problem("keys-present", text, status=409, place=str(data_dir / keys.FOLDER))
        undo.callback(keys.remove, keys.add(data_dir, {key: given[key] for key in given if key not in present}))
    undo.callback(stored.give_back, backup_plugins.restore(reader, data_dir))
    if manifest.demo is not None:
        note = data_dir / demo.FILE
        undo.callback(note.unlink, missing_ok=True)
        note.write_text(manifest.demo, encoding="utf-8")


# ── keys ──


def back_up_keys(data_dir: Path, file: Path, now: datetime) -> Sequence[str]:
    """Write the keys of a data directory to a file which only its owner may read; return their names.

    Raises `Problem` (`backup-exists`, `keys-none`), `OSError`.
    """
    found = keys.read_all(data_dir)
    if not found:
        raise Problem("keys-none", N_("%(place)s 里还没有密钥。"), status=404, place=str(data_dir))
    keys.write_file(file, msgspec.json.format(msgspec.json.encode(KeyFile(note=NOTE, made_at=now, keys=found))))
    return list(found)


def _read_keys(file: Path) -> Mapping[str, bytes]:
    try:
        found = msgspec.json.decode(file.read_bytes(), type=KeyFile).keys
    except msgspec.DecodeError as broken:
        text = N_("%(file)s 不是德治的密钥文件，或者坏了。什么都没有动。")
        raise Problem("keys-damaged", text, file=str(file)) from broken
    if any(len(key) != keys.KEY_BYTES or not keys.is_name(name) for name, key in found.items()):
        raise Problem("keys-damaged", N_("%(file)s 不是德治的密钥文件，或者坏了。什么都没有动。"), file=str(file))
    return found


def _marks(data_dir: Path) -> dict[str, str]:
    return _marks_of(keys.read_all(data_dir))


def _marks_of(found: Mapping[str, bytes]) -> dict[str, str]:
    return {name: keys.mark(key) for name, key in found.items()}
