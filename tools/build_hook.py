"""What hatchling asks before it packs: a wheel without the pages' scripts and styles installs, and does not start."""

import json
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = "platform/dezhi/web/static/built"


class BuiltAssets(BuildHookInterface[Any]):
    """Refuse to pack a checkout whose scripts and styles were not built. Editable installations may come before."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Raise RuntimeError, which ends the build, when what `make assets` makes is not there, or not all of it."""
        del build_data  # part of the hook
        if version == "editable":
            return
        folder = Path(self.root, BUILT)
        manifest = folder / "manifest.json"
        made = json.loads(manifest.read_bytes()).values() if manifest.is_file() else [manifest.name]
        missing = [name for name in made if not (folder / name).is_file()]
        if missing:
            raise RuntimeError(f"{BUILT} lacks {', '.join(missing)}: run `make assets` before building")
