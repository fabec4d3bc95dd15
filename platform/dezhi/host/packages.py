"""A plugin as a file: a wheel, a zip or a folder, read and judged before anything of it runs or is written.

The file is a stranger's: every limit here is one that somebody could reach for on purpose.
"""

import hashlib
import os
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from configparser import ConfigParser, Error as ConfigParserError
from email.parser import Parser
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from dezhi.core.archives import BROKEN
from dezhi.core.errors import Problem
from dezhi.core.text import N_, Text
from dezhi.host.inspection import MANIFEST_BYTES_MAX, check_manifest, manifest_of
from dezhi.plugin import Manifest

ARCHIVE_MAX: Final = 10_000_000
"""Bytes of a wheel or zip."""
FILE_MAX: Final = 2_000_000
TOTAL_MAX: Final = 20_000_000
"""Bytes of all that is taken out of it."""
FILES_MAX: Final = 1_000
DEPTH_MAX: Final = 12

MANIFEST: Final = "plugin.toml"
_COMPILED: Final = frozenset({".so", ".pyd", ".dll", ".dylib", ".exe"})
_PASSED_OVER: Final = frozenset({"__pycache__", "node_modules", "build", "dist", "venv"})
_METADATA: Final = re.compile(r"[^/]+\.dist-info/METADATA")
PROJECT: Final = "pyproject.toml"
GROUP: Final = "dezhi.plugins"
"""The entry points by which a Python environment finds plugins."""

_Papers = tuple[str | None, str | None]  # what they call it, and its version, where they say


class _Table(msgspec.Struct, frozen=True, rename={"entry_points": "entry-points"}):
    """What is looked for in a project's table."""

    name: str | None = None
    version: str | None = None
    entry_points: dict[str, dict[str, str]] = {}


class _Project(msgspec.Struct, frozen=True):
    """What is looked for in pyproject.toml."""

    project: _Table = _Table()


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a plugin's file: the package's files by their paths within it, and the sum of the whole file."""

    manifest: Manifest
    toml: bytes
    files: Mapping[str, bytes]
    sha: str


def read_package(path: Path) -> Package:
    """Read a file or folder, running nothing. Raises `Problem` that names the place, and OSError."""
    if path.is_dir():
        found = dict(_of_folder(path))
        listing = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(found.items()))
        return _judged(found, hashlib.sha256(listing.encode()).hexdigest())
    if path.stat().st_size > ARCHIVE_MAX:
        raise _refused(path.name, N_("文件太大"))
    try:
        with zipfile.ZipFile(path) as archive:
            found = dict(_of_archive(archive))
    except BROKEN as error:
        raise _refused(path.name, N_("不是完整的 zip 或 wheel")) from error
    return _judged(found, hashlib.sha256(path.read_bytes()).hexdigest())


def _of_archive(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """The files of an archive. What it says of their sizes is not believed."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > FILES_MAX:
        raise _refused("", N_("文件太多"))
    total = 0
    seen: set[str] = set()
    files = {member.filename.casefold() for member in members}
    for member in members:
        name = member.filename
        check_path(name)
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in {0, stat.S_IFREG}:
            raise _refused(name, N_("里面有链接或特殊文件"))
        if name.casefold() in seen:
            raise _refused(name, N_("里面有两个同名文件"))
        if any(above.as_posix().casefold() in files for above in PurePosixPath(name).parents):
            raise _refused(name, N_("里面有不许用的路径"))
        seen.add(name.casefold())
        with archive.open(member) as file:
            data = file.read(FILE_MAX + 1)
        total += len(data)
        if len(data) > FILE_MAX or total > TOTAL_MAX:
            raise _refused(name, N_("解开以后太大"))
        yield name, data


def _of_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a folder, hidden and generated ones aside; links are not followed but refused."""
    total = count = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _PASSED_OVER)
        for name in sorted([*names, *(one for one in folders if (Path(place) / one).is_symlink())]):
            file = Path(place) / name
            inside = file.relative_to(folder).as_posix()
            if name.startswith(".") or name.endswith(".pyc"):
                continue
            if not stat.S_ISREG(file.lstat().st_mode):
                raise _refused(inside, N_("里面有链接或特殊文件"))
            check_path(inside)
            count += 1
            total += file.stat().st_size
            if count > FILES_MAX:
                raise _refused(inside, N_("文件太多"))
            if file.stat().st_size > FILE_MAX or total > TOTAL_MAX:
                raise _refused(inside, N_("文件太大"))
            yield inside, file.read_bytes()


def check_path(name: str) -> None:
    """Refuse a path that leads out of the folder it is unpacked to, or that is another one elsewhere."""
    parts = PurePosixPath(name).parts
    wrong = (
        not name.isprintable()
        or name != PurePosixPath(name).as_posix()  # home//etc/x is /etc/x once its home is taken off
        or "\\" in name
        or ":" in name
        or name.startswith("/")
        or ".." in parts
        or len(parts) > DEPTH_MAX
        or len(name.encode()) > 200  # noqa: PLR2004 - bytes; some file systems take no more than 255 a part
    )
    if wrong:
        raise _refused(name[:80], N_("里面有不许用的路径"))


def _judged(found: Mapping[str, bytes], sha: str) -> Package:
    """Find the one package with a manifest among the files, and read that."""
    homes = [name[: -len(MANIFEST)] for name in found if PurePosixPath(name).name == MANIFEST]
    homes = [home for home in homes if f"{home}__init__.py" in found]
    if len(homes) != 1:
        text = N_("没有安装：里面要有一个插件，也就是一个带 plugin.toml 的包，这里有%(count)s个。什么也没有改。")
        raise Problem("package-manifest", text, count=len(homes))
    home = homes[0]
    files = {
        name[len(home) :]: data
        for name, data in sorted(found.items())
        if name.startswith(home) and "__pycache__" not in name and not name.endswith(".pyc")
    }
    for name in files:
        if PurePosixPath(name).suffix.lower() in _COMPILED:
            raise _refused(name, N_("里面有编译好的程序，看不出它做什么"))
    toml = files[MANIFEST]
    if len(toml) > MANIFEST_BYTES_MAX:
        raise _refused(MANIFEST, N_("文件太大"))
    name = manifest_of(toml, home.strip("/")[-60:] or "?").name
    manifest = check_manifest(name, None, toml)
    check_papers(toml, found, home)
    return Package(manifest=manifest, toml=toml, files=files, sha=sha)


def check_papers(toml: bytes, found: Mapping[str, bytes], home: str) -> None:
    """Refuse a plugin of another name or version than the papers beside its package tell.

    Those are a wheel's own, else the nearest `pyproject.toml` above `home`, the package's folder with its slash.
    """
    name, version = _of_wheel(found) or _of_project(found, home)
    check_manifest(name, version, toml)


def _of_wheel(found: Mapping[str, bytes]) -> _Papers | None:
    about = next((name for name in found if _METADATA.fullmatch(name)), None)
    if about is None:
        return None
    told = Parser().parsestr(found[about].decode("utf-8", "replace"), headersonly=True)
    points = ConfigParser(delimiters="=", interpolation=None)
    try:
        points.read_string(found.get(about.replace("METADATA", "entry_points.txt"), b"").decode("utf-8", "replace"))
    except ConfigParserError as error:
        raise _refused("entry_points.txt", N_("写得看不懂")) from error
    names = list(points[GROUP]) if GROUP in points else []
    return _named(names, told["Name"]), told["Version"]


def _of_project(found: Mapping[str, bytes], home: str) -> _Papers:
    above = [home.strip("/"), *(place.as_posix() for place in PurePosixPath(home).parents)]
    places = [(PurePosixPath(place) / PROJECT).as_posix() for place in above]
    data = next((found[place] for place in places if place in found), b"")
    try:
        told = msgspec.toml.decode(data, type=_Project)
    except msgspec.ValidationError:
        return None, None  # it is none of a Python project's
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _refused(PROJECT, N_("写得看不懂")) from error
    return _named(list(told.project.entry_points.get(GROUP, ())), told.project.name), told.project.version


def _named(points: Sequence[str], distribution: str | None) -> str | None:
    """The plugin's name: that of its entry point; without one its distribution's, as those are compared."""
    return points[0] if points else distribution and re.sub(r"[-_.]+", "-", distribution).lower()


def _refused(place: str, why: Text) -> Problem:
    text = N_("没有安装：%(why)s（%(place)s）。什么也没有改。")
    return Problem("package-refused", text, why=why, place=place or "zip")
