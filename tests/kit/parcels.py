"""Plugins as files: archives made on the spot, and put where an installation keeps them."""

import stat
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from dezhi.host import stored
from dezhi.host.packages import read_package
from workshop import GOOD, MANIFEST

AT = datetime(2026, 11, 22, 1, tzinfo=UTC)


def toml_of(name: str = "trial", version: str = "1.0.0", permissions: str = '["award"]') -> str:
    """A manifest of a plugin like `workshop.GOOD`."""
    return MANIFEST.format(name=name, permissions=permissions).replace("1.0.0", version)


def parcel(
    folder: Path,
    code: str = GOOD,
    *,
    name: str = "trial",
    version: str = "1.0.0",
    permissions: str = '["award"]',
    more: Mapping[str, str | bytes] | None = None,
) -> Path:
    """Zip a plugin; returns the file."""
    package = name.replace("-", "_")
    files: dict[str, str | bytes] = {
        f"{package}/__init__.py": code,
        f"{package}/plugin.toml": toml_of(name, version, permissions),
        **(more or {}),
    }
    file = folder / f"{name}-{version}.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, data in files.items():
            archive.writestr(inside, data)
    return file


def add_link(file: Path, name: str, target: str) -> None:
    """Put a symbolic link into an archive."""
    member = zipfile.ZipInfo(name)
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(member, target)


def keep(store: Path, file: Path, signer: str = "") -> stored.Stored:
    """Install a parcel as `dezhi plugin install` does, asking nobody."""
    package = read_package(file)
    return stored.put(store, package, stored.unpack(store, package), signer, AT)
