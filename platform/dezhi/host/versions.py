"""Which installed version of a plugin answers for the one a programme was adopted with."""

import re
from collections.abc import Sequence

_PARTS = re.compile(r"\d+|[a-z]+")


def order(version: str) -> tuple[tuple[int, int, str], ...]:
    """Sort versions as people count them: 1.9.0 before 1.10.0, and 1.0.0rc1 before 1.0.0."""
    numbers = [(2, int(part), "") if part.isdigit() else (0, 0, part) for part in _PARTS.findall(version.lower())]
    return (*numbers, (1, 0, ""))


def choose(wanted: str, there: Sequence[str]) -> str | None:
    """Return the version to ask: the wanted one, else the nearest newer one with the same first number, else None.

    The first number is a plugin's word that its rules go on as they were: a newer version of it mends or adds. An older
    one never stands in, because what the village adopted may not be in it.
    """
    if wanted in there:
        return wanted
    newer = [one for one in there if order(one) > order(wanted) and one.partition(".")[0] == wanted.partition(".")[0]]
    return min(newer, key=order, default=None)
