"""On which line of a TOML file something stands, so that whoever wrote it finds what is wrong."""

import re
from typing import Final

_HEADER: Final = re.compile(r"^\s*(\[\[|\[)\s*+(?P<name>[^\[\]\s](?:[^\[\]]*[^\[\]\s])?)\s*\]\]?\s*(#.*)?$")
_KEY: Final = re.compile(r"""^\s*(?P<name>(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*=""")
_INLINE: Final = re.compile(r"^\s*\{")
_WORD: Final = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)""")
_STEP: Final = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
_LONG: Final = ('"' * 3, "'" * 3)

KEYS_DEEP: Final = re.compile(r"""(?:(?:(?<![\w-])[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){16}""")
"""A key of so many parts: the reader's time grows with the cube of them."""

Path = tuple[str | int, ...]


def line_of(toml: str, place: str) -> int | None:
    """Return the line, counted from 1, of a place such as `items[3].caps[0].points`, or of what it lies in.

    None where nothing on the way to it is found. Texts over several lines are passed over.
    """
    lines = _lines(toml)
    path = _path(place)
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def _path(place: str) -> Path:
    return tuple(int(number) if number else word for word, number in _STEP.findall(place))


def _lines(toml: str) -> dict[Path, int]:
    """The first line of every table, row and key."""
    found: dict[Path, int] = {}
    last: dict[Path, int] = {}  # the number of the newest row of each list of tables
    table: Path = ()
    key: Path = ()
    closes = ""  # the quotes that will end a text over several lines
    for number, line in enumerate(toml.splitlines(), start=1):
        if closes:
            closes = "" if closes in line else closes
            continue
        if header := _HEADER.match(line):
            table = _table(_words(header["name"]), last, new=header[1] == "[[")
            key = ()
            if isinstance(table[-1], int):
                found.setdefault(table[:-1], number)
            found.setdefault(table, number)
        elif named := _KEY.match(line):
            key = (*table, *_words(named["name"]))
            found.setdefault(key, number)
        elif key and _INLINE.match(line):
            last[key] = last.get(key, -1) + 1
            found.setdefault((*key, last[key]), number)
        closes = next((quotes for quotes in _LONG if line.count(quotes) % 2), "")
    return found


def _words(name: str) -> tuple[str, ...]:
    return tuple(next(filter(None, groups), "") for groups in _WORD.findall(name))


def _table(words: tuple[str, ...], last: dict[Path, int], *, new: bool) -> Path:
    """The path a header opens: inside the newest row of each list it goes through, and a new row for `[[…]]`."""
    path: Path = ()
    for at, word in enumerate(words):
        path = (*path, word)
        if new and at == len(words) - 1:
            last[path] = last.get(path, -1) + 1
        if path in last:
            path = (*path, last[path])
    return path
