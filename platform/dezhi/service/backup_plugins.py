"""The plugins that were installed from files: into a backup, and back out of it.

A restored village whose plugin is gone cannot award its items, and nobody may have the file any more.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from dezhi.core.backups import KeptFile
from dezhi.core.errors import Problem
from dezhi.host import stored
from dezhi.host.packages import FILE_MAX, FILES_MAX, TOTAL_MAX, check_path
from dezhi.store import archive
from dezhi.store.archive import Reader, Writer

_PLACE_PARTS = 3
"""`<name>/<version>/<sha256>` stands before every path."""


def write(writer: Writer, data_dir: Path) -> Sequence[Problem]:
    """Put every version in that is as it was installed; return why the others are left out. Raises `OSError`."""
    left_out = []
    for _, _, there in stored.find(data_dir / stored.FOLDER):
        if isinstance(there, Problem):
            left_out.append(there)
            continue
        try:
            files = stored.files_of(there)
        except FileNotFoundError:
            continue  # uninstalled a moment ago
        for path, data in files.items():
            writer.add_file(path, data)
    return left_out


def check(reader: Reader) -> None:
    """Read every file once. Raises `Problem` (`backup-damaged`)."""
    _check_limits(reader.manifest.plugins)
    for kept in reader.manifest.plugins:
        reader.file(kept)


def restore(reader: Reader, data_dir: Path) -> Sequence[Path]:
    """Put the plugins in their places, held against what was installed once; return the places made.

    Raises `Problem` (`backup-damaged`, `version-taken`), `OSError`; then nothing was made.
    """
    kept = reader.manifest.plugins
    if not kept:
        return ()
    _check_limits(kept)
    store = data_dir / stored.FOLDER
    with stored.room(store) as room:
        for one in kept:
            file = room / one.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(reader.file(one))
        _refuse_strays(kept, room)
        return stored.take_over(store, room)


def _refuse_strays(kept: Sequence[KeptFile], room: Path) -> None:
    """Raise `Problem` unless each file is that of a version as it was installed, and once."""
    versions = [there for _, _, there in stored.find(room)]
    for there in versions:
        if isinstance(there, Problem):
            raise archive.damaged(there.say()) from there
    if sum(len(there.record.files) + 1 for there in versions if isinstance(there, stored.Stored)) != len(kept):
        raise archive.damaged(stored.FOLDER)


def _check_limits(kept: Sequence[KeptFile]) -> None:
    """Raise `Problem` for a path that leads elsewhere, and for more than can have been installed."""
    counts: defaultdict[str, int] = defaultdict(int)
    sizes: defaultdict[str, int] = defaultdict(int)
    for one in kept:
        parts = one.path.split("/")
        place, inside = "/".join(parts[:_PLACE_PARTS]), "/".join(parts[_PLACE_PARTS:])
        package, _, within = inside.partition("/")
        try:
            for path in filter(None, (place, package, within)):
                check_path(path)
        except Problem as refused:
            raise archive.damaged(one.path[:80]) from refused
        counts[place] += 1
        sizes[place] += one.size
        # The record comes on top of what a package may hold.
        many = counts[place] > FILES_MAX + 1 or sizes[place] > TOTAL_MAX + FILE_MAX
        if not inside or many or not 0 <= one.size <= FILE_MAX:
            raise archive.damaged(one.path)
