"""What a look at an installation finds: in words, with the next step."""

from enum import StrEnum

import msgspec

from dezhi.core.text import Text


class Level(StrEnum):
    """How bad it is: an error stops the work or endangers the book, a warning may do so later."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at. `code` is stable, for machines; `step` is what to do, empty where nothing is."""

    code: str
    level: Level
    text: Text
    step: Text = ""


def ok(code: str, text: Text) -> Finding:
    """Something that is as it should be, or is only told."""
    return Finding(code, Level.OK, text)


def warning(code: str, text: Text, step: Text) -> Finding:
    """Something to see to soon."""
    return Finding(code, Level.WARNING, text, step)


def error(code: str, text: Text, step: Text) -> Finding:
    """Something to see to now."""
    return Finding(code, Level.ERROR, text, step)
