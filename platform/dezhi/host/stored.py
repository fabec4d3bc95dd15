"""The plugins installed from files: `<name>/<version>/<sha256>/` in the folder `plugins` of the data directory.

Beside each package lies `record.json` with the sum of every file. A version whose files are not what was installed is
not loaded.
"""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
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
