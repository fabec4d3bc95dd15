"""Telling a plugin's author where it went wrong."""

import logging
import re
import sysconfig
from pathlib import Path
from typing import Final

import dezhi
from dezhi.core.text import Text

log = logging.getLogger("dezhi.author")
"""What the author of a plugin under development is told; a terminal shows `phrase` and `detail` of a record."""

_FRAME: Final = re.compile(r'^  File "(?P<file>[^"<]+)", line (?P<line>\d+)', re.MULTILINE)
_OURS: Final = str(Path(dezhi.__file__).parent)
_PYTHON: Final = sysconfig.get_path("stdlib")


def place_of(traceback: str) -> str:
    """Return the innermost line of a formatted traceback that is a plugin's own: `score.py:41`, or nothing."""
    for frame in reversed(list(_FRAME.finditer(traceback))):
        file = frame["file"]
        if "site-packages" in file or not file.startswith((_OURS, _PYTHON)):
            return f"{Path(file).name}:{frame['line']}"
    return ""


def tell_author(said: str, phrase: Text, detail: str = "") -> None:
    """Tell who develops a plugin: `said` for a log file, the phrase and details for a terminal."""
    log.warning(said, extra={"phrase": phrase, "detail": detail})
