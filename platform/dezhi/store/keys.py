"""The keys beside a database, as files: read whole, put back whole, and told apart without showing them."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

FOLDER: Final = "keys"
KEY_BYTES: Final = 32


def read_all(data_dir: Path) -> Mapping[str, bytes]:
    """Every key of a data directory by its name; empty where none was made yet. Raises `OSError`."""
    folder = data_dir / FOLDER
    if not folder.is_dir():
        return {}
    # A maker writes aside under a name of chance and links it; what has another length is no key.
    found = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    return {name: key for name, key in found.items() if len(key) == KEY_BYTES}


def mark(key: bytes) -> str:
    """What tells one key from another, and from which it cannot be found: the key is 256 bits of chance."""
    return hashlib.sha256(b"dezhi key mark\x00" + key).hexdigest()[:16]


def add(data_dir: Path, keys: Mapping[str, bytes]) -> Sequence[Path]:
    """Put keys into a data directory that has none of these names, for its owner's eyes; return the files made.

    Raises `FileExistsError`, and then has made nothing.
    """
    folder = data_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made: list[Path] = []
    try:
        for name, key in keys.items():
            write_file(folder / name, key)
            made.append(folder / name)
    except BaseException:
        remove(made)
        raise
    return made


def remove(made: Sequence[Path]) -> None:
    """Take back what `add` made."""
    for path in made:
        path.unlink(missing_ok=True)


def is_name(name: str) -> bool:
    """Whether this can be a key's file name, and of nothing outside its folder."""
    return name.isascii() and name.isidentifier()


def write_file(path: Path, data: bytes) -> None:
    """Write a new file that only its owner may read. Raises `FileExistsError`; a full disk leaves no file."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(file, "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
