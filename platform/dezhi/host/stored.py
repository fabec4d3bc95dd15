"""The plugins installed from files: `<name>/<version>/<sha256>/` in the folder `plugins` of the data directory.

Beside each package lies `record.json` with the sum of every file. A version whose files are not what was installed is
not loaded.
"""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.host.packages import Package

FOLDER: Final = "plugins"
RECORD: Final = "record.json"
PULSE: Final = ".changed"
"""Written anew whenever something is installed or taken away, so that running processes look again."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What was installed: the file's sum, the package's folder, each of its files with its sum, and who signed it."""

    name: str
    version: str
    sha: str
    package: str
    files: dict[str, str]
    signer: str
    at: datetime


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A version in its place."""

    place: Path
    record: Record

    @property
    def folder(self) -> Path:
        """Its package."""
        return self.place / self.record.package


def put(store: Path, package: Package, folder: Path, signer: str, at: datetime) -> Stored:
    """Keep a version that was unpacked to `folder`; in one step, so that nobody ever sees half of it."""
    manifest = package.manifest
    record = Record(
        name=manifest.name,
        version=manifest.version,
        sha=package.sha,
        package=folder.name,
        files={name: hashlib.sha256(data).hexdigest() for name, data in package.files.items()},
        signer=signer,
        at=at,
    )
    place = store / record.name / record.version / record.sha
    place.parent.mkdir(parents=True, exist_ok=True)
    for other in place.parent.iterdir():
        shutil.rmtree(other)  # one file of a version rules: two would be two rules under one name
    (folder.parent / RECORD).write_bytes(msgspec.json.format(msgspec.json.encode(record)))
    folder.parent.rename(place)
    _tell(store)
    return Stored(place=place, record=record)


def unpack(store: Path, package: Package) -> Path:
    """Write a package's files into a new folder within `store`, which the caller keeps or takes away."""
    store.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".new-", dir=store)) / package.manifest.name.replace("-", "_")
    for name, data in package.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return folder


def discard(folder: Path) -> None:
    """Take away what `unpack` wrote."""
    shutil.rmtree(folder.parent, ignore_errors=True)


def find(store: Path) -> Iterator[tuple[str, str, Stored | Problem]]:
    """Every version that was installed, by name and version: in order, or why it is not."""
    for file in sorted(store.glob(f"*/*/*/{RECORD}")):
        place = file.parent
        name, version, sha = place.parts[-3:]
        try:
            record = msgspec.json.decode(file.read_bytes(), type=Record)
            if (record.name, record.version, record.sha) != (name, version, sha):
                raise _altered(name, version, RECORD)
            _compare(place, record)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            yield name, version, _altered(name, version, RECORD)
        except OSError as error:
            yield name, version, _altered(name, version, error.strerror or RECORD)
        except Problem as problem:
            yield name, version, problem
        else:
            yield name, version, Stored(place=place, record=record)


def files_of(there: Stored) -> Mapping[str, bytes]:
    """Every file of a version with its record, by path within the store. Raises `OSError` once it was taken away."""
    place = there.place.relative_to(there.place.parents[2])
    inside = [RECORD, *(f"{there.record.package}/{name}" for name in there.record.files)]
    return {(place / name).as_posix(): (there.place / name).read_bytes() for name in inside}


@contextmanager
def room(store: Path) -> Iterator[Path]:
    """A new folder within a store, for files on their way there; what is left in it at the end is taken away."""
    store.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".new-", dir=store))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def take_over(store: Path, folder: Path) -> Sequence[Path]:
    """Move the versions in `folder`, laid out as a store is, into `store`; return the places made.

    A version that is there already stays as it is. Raises `Problem` `plugin-altered`, or `version-taken` (409) where
    another file of a version is there; then nothing was moved.
    """
    moves: list[tuple[Path, Path]] = []
    for name, version, there in find(folder):
        if isinstance(there, Problem):
            raise there
        others = set(_subfolders(store / name / version))
        if others - {there.record.sha}:
            text = N_("插件 %(plugin)s 的 %(version)s 版在这里装的是另一个文件，没有恢复，什么都没有动。请先卸载它。")
            raise Problem("version-taken", text, status=409, plugin=name, version=version)
        if not others:
            moves.append((there.place, store / name / version / there.record.sha))
    made: list[Path] = []
    try:
        for place, new in moves:
            new.parent.mkdir(parents=True, exist_ok=True)
            place.rename(new)
            made.append(new)
    except BaseException:
        give_back(made)
        raise
    if made:
        _tell(store)
    return made


def give_back(made: Sequence[Path]) -> None:
    """Undo `take_over`."""
    for place in made:
        shutil.rmtree(place, ignore_errors=True)
    if made:
        _tell(made[0].parents[2])


def _subfolders(folder: Path) -> Iterator[str]:
    return (one.name for one in folder.iterdir()) if folder.is_dir() else iter(())


def remove(store: Path, name: str, version: str) -> bool:
    """Take a version away; False where there was none."""
    place = store / name / version
    if not place.is_dir():
        return False
    shutil.rmtree(place)
    _tell(store)
    return True


def pulse(store: Path) -> str:
    """What changes whenever something was installed or taken away."""
    try:
        return (store / PULSE).read_text("ascii")
    except OSError:
        return ""


def names(store: Path) -> Sequence[tuple[str, str]]:
    """The names and versions there are places for."""
    return sorted({file.parts[-4:-2] for file in store.glob(f"*/*/*/{RECORD}")})  # type: ignore[misc]


def _compare(place: Path, record: Record) -> None:
    """Raise `Problem` for a file that is not as it was installed, is missing, or was put in."""
    folder = place / record.package
    there = {
        file.relative_to(folder).as_posix(): file
        for file in folder.rglob("*")
        if not file.is_dir() or file.is_symlink()
        if "__pycache__" not in file.parts
    }
    for name in sorted(there.keys() ^ record.files.keys()):
        raise _altered(record.name, record.version, name)
    for name, file in there.items():
        if file.is_symlink() or hashlib.sha256(file.read_bytes()).hexdigest() != record.files[name]:
            raise _altered(record.name, record.version, name)


def _altered(name: str, version: str, file: str) -> Problem:
    text = N_("插件 %(plugin)s 没有装上：%(version)s 版的文件 %(file)s 和安装时不一样。请重新安装这个插件。")
    return Problem("plugin-altered", text, plugin=name, version=version, file=file[:120])


def _tell(store: Path) -> None:
    (store / PULSE).write_text(str(time.time_ns()), "ascii")
