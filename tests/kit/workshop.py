"""Plugins written on the spot: a package in a temporary folder, importable for one test."""

import sys
from pathlib import Path

MANIFEST = """
name = "{name}"
version = "1.0.0"
api = [1, 1]
scope = "village"
author = "test"
licence = "Apache-2.0"
permissions = {permissions}
data = ["deed", "holder"]
title = {{ zh = "试", en = "Trial" }}
summary = {{ zh = "试一试", en = "A trial" }}
"""

GOOD = """
from dezhi.plugin import Asset, Category, Declaration, Item, Line, awards_as_declared, hook

PLUGIN = Declaration(categories=(Category(code="some", title="试"),))
LINES = (Line(asset=Asset.MORAL, amount_min=3, amount_max=3),)
ITEM = Item(code="thing", title="一件事", category="some", asset=Asset.MORAL, lines=LINES, how="做一件事。")

@hook
def items():
    return [ITEM]

@hook
def score(deed):
    return awards_as_declared(ITEM, deed)
"""


class Workshop:
    """Writes plugin packages into a folder that is on the path, and forgets them afterwards."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written: list[str] = []

    def write(
        self, package: str, code: str = GOOD, manifest: str | None = MANIFEST, permissions: str = '["award"]'
    ) -> str:
        """Write one package and return its name; a `manifest` of None leaves plugin.toml out."""
        folder = self.folder / package
        folder.mkdir()
        (folder / "__init__.py").write_text(code, encoding="utf-8")
        if manifest is not None:
            toml = manifest.format(name=package.replace("_", "-"), permissions=permissions)
            (folder / "plugin.toml").write_text(toml, encoding="utf-8")
        self._written.append(package)
        return package

    def forget(self) -> None:
        """Take what was imported out of the interpreter again."""
        for name in [name for name in sys.modules if name.partition(".")[0] in self._written]:
            del sys.modules[name]
