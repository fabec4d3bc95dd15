"""Importing a plugin's package from its folder under a name of our own, so that two versions live in one process."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def import_folder(folder: Path, alias: str) -> ModuleType:
    """Import the package in `folder` as `alias`; raises whatever its code raises, and leaves nothing behind then.

    A package is importable under any name because it imports itself relatively.
    """
    spec = importlib.util.spec_from_file_location(
        alias, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"no package in {folder.name}")
    module = importlib.util.module_from_spec(spec)
    forget(alias)
    sys.modules[alias] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        forget(alias)
        raise
    return module


def forget(alias: str) -> None:
    """Take a package and its modules out of the interpreter."""
    for name in [name for name in sys.modules if name == alias or name.startswith(f"{alias}.")]:
        del sys.modules[name]
