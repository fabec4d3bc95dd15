"""A plugin's texts with places in them, and their English: what may stand in either."""

import re
import string
from itertools import pairwise
from typing import Final

from dezhi.core.plain import UNREADABLE, unkeepable

PLACE: Final = re.compile(r"\{([a-z]+)\}")
PLACES_MAX: Final = 10
TEXT_MAX: Final = 1_000


def unsayable(text: object, said: object) -> str:
    """Why an English text cannot be said for a Chinese one; empty if it can.

    A place is plain, stands once, and has something between it and the next: without that every text would fit, or
    find itself in its own place. The English fills those places, and asks for nothing of what stands there: `{n:>9}`
    and `{n.real}` are programs.
    """
    if not (isinstance(text, str) and isinstance(said, str)) or max(len(text), len(said)) > TEXT_MAX:
        return f"texts of {TEXT_MAX} characters at most"
    if any(UNREADABLE.search(one) or unkeepable(one) for one in (text, said)):
        return "letters that cannot be shown"
    pieces = PLACE.split(text)
    places, between = pieces[1::2], pieces[::2]
    if len(set(places)) < len(places) or len(places) > PLACES_MAX:
        return f"each place once, {PLACES_MAX} at most"
    # `{n}` is figures alone: where it begins is plain without anything before it.
    touching = [pair for pair, word in zip(pairwise(places), between[1:-1], strict=True) if not word]
    if places and (not any(map(str.strip, between)) or any("n" not in pair for pair in touching)):
        return "something must stand between places"
    # What has no places is no pattern, and is said as it is.
    return _wrongly_filled(said, frozenset(places)) if places else ""


def _wrongly_filled(said: str, places: frozenset[str]) -> str:
    try:
        parts = list(string.Formatter().parse(said))
    except ValueError as error:
        return str(error)
    for _, field, how, conversion in parts:
        if field is not None and (field not in places or how or conversion):
            return f"{{{field}}} is no place of the text"
    return ""
