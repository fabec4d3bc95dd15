"""The file a backup is: a ZIP that any tool opens, with its manifest, JSON lines for each table, and plugins' files.

Its last 64 characters are the SHA-256 of everything before them, so that a cut or a flipped bit is found anywhere.
Rows are streamed in and out; the file is written aside and put in place when it is whole. See docs/adr/0060-backups.md.
"""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Annotated, Any, Final

import msgspec

from dezhi.core.archives import BROKEN
from dezhi.core.backups import FORMAT, Kept, KeptFile, Kind, Manifest, Table
from dezhi.core.errors import Problem
from dezhi.core.text import N_

MANIFEST: Final = "manifest.json"
LEVEL: Final = 3
"""Of deflate. Half of a book is hashes, which nothing makes smaller; 3 takes two thirds of 6's time for 4 % more."""

_SUM: Final = b"sha256 "
_HEX: Final = 64
_CHUNK: Final = 1 << 20
_LINES_BYTES: Final = 1 << 18
_LINE_MAX: Final = 1 << 24
"""Bytes of one row: a programme's version with all of its items has some hundred thousand."""
_MANIFEST_MAX: Final = 1 << 24

_TYPES: Final[Mapping[Kind, Any]] = {
    Kind.INT: Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)],
    Kind.TEXT: str,
    Kind.BYTES: bytes,
    Kind.BOOL: bool,
    Kind.DATE: date,
    Kind.MOMENT: datetime,
    Kind.JSON: str,
}

Row = Sequence[Any]


class _Summing:
    """A file to write to, which sums what passes; the last 64 bytes are left out, for they will be the sum."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._tail = b""
        self._sum = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._file.write(data)
        held = self._tail + bytes(data)
        self._sum.update(held[:-_HEX])
        self._tail = held[-_HEX:]
        return len(data)

    def flush(self) -> None:
        self._file.flush()

    def seal(self) -> None:
        """Put the sum in the place that was kept for it."""
        self._file.seek(-_HEX, os.SEEK_END)
        self._file.write(self._sum.hexdigest().encode())
        self._file.flush()


class Writer:
    """Takes the tables of a backup one after another, then the manifest."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._encoder = msgspec.json.Encoder()
        self.kept: list[Kept] = []
        self.files: list[KeptFile] = []

    @contextmanager
    def table(self, table: Table) -> Iterator["Sink"]:
        """Take one table's rows within the block."""
        with self._archive.open(_member(table.name), "w", force_zip64=True) as file:
            sink = Sink(file, self._encoder)
            yield sink
        self.kept.append(Kept(table=table, rows=sink.rows, sha256=sink.sum.hexdigest()))

    def add_file(self, path: str, data: bytes) -> None:
        """Take one file of a plugin."""
        self._archive.writestr(_member_of_plugin(path), data)
        self.files.append(KeptFile(path=path, size=len(data), sha256=hashlib.sha256(data).hexdigest()))

    def finish(self, manifest: Manifest) -> None:
        """Write what the backup says about itself."""
        self._archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=1))


class Sink:
    """One table's lines on their way into the file."""

    def __init__(self, file: IO[bytes], encoder: msgspec.json.Encoder) -> None:
        self._file = file
        self._encoder = encoder
        self.rows = 0
        self.sum = hashlib.sha256()

    def add(self, rows: Sequence[Row]) -> None:
        """Write some rows: whole numbers, texts, true and false, None, bytes (as base64), dates and aware times."""
        lines = self._encoder.encode_lines(rows)
        self._file.write(lines)
        self.sum.update(lines)
        self.rows += len(rows)


@contextmanager
def writing(path: Path, check: Callable[["Reader"], None]) -> Iterator[Writer]:
    """Write a backup within the block: when it ends well the file is on the disk and whole, else there is none.

    Only its owner may read it. `check` reads it back before it gets its name, and may refuse it.
    Raises `Problem` (`backup-exists`) rather than replace a file, `OSError` when the disk is full.
    """
    if path.exists():
        raise Problem("backup-exists", N_("%(file)s 已经有了，没有动它。请换一个文件名。"), status=409, file=str(path))
    # A name nobody can guess: in a folder that others write to, they could have put a file or a link of theirs there.
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            summing = _Summing(file)
            # It has no seek(), so the archive is written straight through, which is what the sum needs.
            with zipfile.ZipFile(summing, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:  # type: ignore[call-overload]
                archive.comment = _SUM + b"0" * _HEX
                yield Writer(archive)
            summing.seal()
            os.fsync(file.fileno())
        with reading(aside) as reader:
            check(reader)
        put_in_place(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def put_in_place(aside: Path, path: Path) -> None:
    """Give a finished file its name, and have the folder know it even after a power cut.

    Raises `FileExistsError` when somebody made a file of that name meanwhile.
    """
    try:
        os.link(aside, path)
        aside.unlink()
    except FileExistsError:
        raise
    except OSError:
        # A memory stick knows no second names for a file.
        aside.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class Reader:
    """A whole and unaltered backup, open for reading."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def rows(self, kept: Kept) -> Iterator[list[Row]]:
        """A table's rows, some at a time, with values as Python has them. Raises `Problem` when they are broken."""
        key = kept.table.key
        kinds = [_TYPES[one.kind] if one.name in key else _TYPES[one.kind] | None for one in kept.table.columns]
        decoder = msgspec.json.Decoder(tuple[tuple(kinds)])  # type: ignore[misc]  # made from what the manifest says
        found, count = hashlib.sha256(), 0
        try:
            with self._archive.open(_member(kept.table.name)) as file:
                for lines in _whole_lines(file):
                    found.update(lines)
                    rows = decoder.decode_lines(lines)
                    count += len(rows)
                    yield rows
        except (*BROKEN, msgspec.DecodeError) as broken:
            raise damaged(kept.table.name) from broken
        if (found.hexdigest(), count) != (kept.sha256, kept.rows):
            raise damaged(kept.table.name)

    def file(self, kept: KeptFile) -> bytes:
        """A plugin's file, read no further than the size it should have. Raises `Problem` when it is broken."""
        try:
            with self._archive.open(_member_of_plugin(kept.path)) as file:
                data = file.read(kept.size + 1)
        except BROKEN as broken:
            raise damaged(kept.path) from broken
        if (len(data), hashlib.sha256(data).hexdigest()) != (kept.size, kept.sha256):
            raise damaged(kept.path)
        return data


def _whole_lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file, some at a time. Raises `BadZipFile` for one that would fill the memory, or has no end."""
    rest = b""
    while data := file.read(_LINES_BYTES):
        lines, end, rest = (rest + data).rpartition(b"\n")
        if len(rest) > _LINE_MAX:
            raise zipfile.BadZipFile("a row that is none")
        if end:
            yield lines + end
    if rest:
        raise zipfile.BadZipFile("a row without its end")


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """Open a backup and make sure that it is one, whole and unaltered.

    Raises `Problem` (`backup-damaged`, `backup-newer`), `OSError` when it cannot be read.
    """
    with path.open("rb") as file:
        _check_sum(file)
        try:
            archive = zipfile.ZipFile(file)
            with archive.open(MANIFEST) as stream:
                text = stream.read(_MANIFEST_MAX)
        except BROKEN as broken:
            raise damaged(path.name) from broken
        with archive:
            yield Reader(archive, _manifest(text, path.name))


def _check_sum(file: IO[bytes]) -> None:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    found, left = hashlib.sha256(), size - _HEX
    while left > 0 and (data := file.read(min(_CHUNK, left))):
        found.update(data)
        left -= len(data)
    if size <= _HEX or file.read() != found.hexdigest().encode():
        raise damaged(Path(file.name).name)
    file.seek(0)


def _manifest(text: bytes, name: str) -> Manifest:
    try:
        if msgspec.json.decode(text, type=dict[str, Any]).get("format") != FORMAT:
            raise Problem(
                "backup-newer",
                N_("%(file)s 是更新的德治做的备份，这一版读不了。什么都没有动。请先升级德治。"),
                status=409,
                file=name,
            )
        return msgspec.json.decode(text, type=Manifest)
    except msgspec.DecodeError as broken:
        raise damaged(name) from broken


def damaged(what: str) -> Problem:
    """What to raise for a backup that is not what was written."""
    return Problem(
        "backup-damaged",
        N_("备份不完整，或者被改过（%(what)s），不能用。什么都没有动。请换另一份备份。"),
        status=422,
        what=what,
    )


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _member_of_plugin(path: str) -> str:
    return f"plugins/{path}"
