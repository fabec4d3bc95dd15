"""A new plugin from the smallest complete one, renamed: what `dezhi plugin new` writes."""

import keyword
import re
import sys
from pathlib import Path

import msgspec

from dezhi.plugin.manifest import Name

_PACKAGED = Path(__file__).resolve().parents[1] / "_template"
_CHECKOUT = Path(__file__).resolve().parents[3] / "plugins" / "dezhi-hello"
TEMPLATE = _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT
"""Inside the package when installed from a wheel; dezhi-hello itself in a checkout."""

NAME, MODULE = "dezhi-hello", "dezhi_hello"
_IN_PATHS = re.compile(r"dezhi_hello|(?<=test_)hello")
LEFT_OUT = {"__pycache__", "build", "dist"}


def write_plugin(name: str, folder: Path) -> list[Path]:
    """Write a plugin called `name` into `folder` and return its files.

    Raises ValueError for a name no plugin may have, FileExistsError when `folder` holds something already, OSError when
    it cannot be written.
    """
    module = msgspec.convert(name, Name).replace("-", "_")
    if keyword.iskeyword(module) or module in {*sys.stdlib_module_names, "dezhi"}:
        raise ValueError(f"a module {module} would hide another")
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(folder)
    written = []
    for source in sorted(TEMPLATE.rglob("*")):
        inside = source.relative_to(TEMPLATE)
        # Tools leave their caches in folders that begin with a point.
        if source.is_dir() or LEFT_OUT & set(inside.parts) or any(part.startswith(".") for part in inside.parts):
            continue
        target = folder / _IN_PATHS.sub(module, inside.as_posix())
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text(encoding="utf-8")
        target.write_text(_named(text, name, module), encoding="utf-8")
        written.append(target)
    return written


def untouched(name: str, folder: Path) -> list[Path]:
    """Return which of the README and the tests in a plugin's folder are still the template's."""
    module = name.replace("-", "_")
    theirs = [*folder.glob("README*"), *sorted((folder / "tests").rglob("test_*.py"))]
    ours = [*TEMPLATE.glob("README*"), *sorted((TEMPLATE / "tests").rglob("test_*.py"))]
    known = {_named(file.read_text(encoding="utf-8"), name, module) for file in ours}
    return [file for file in theirs if file.read_text(encoding="utf-8") in known]


def _named(text: str, name: str, module: str) -> str:
    return text.replace(NAME, name).replace(MODULE, module)
