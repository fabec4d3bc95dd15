"""Whether what somebody sent as rules can be kept and shown at all, before anybody asks what it means."""

import math
import re
from collections.abc import Mapping
from typing import Final

from dezhi.core.errors import Problem
from dezhi.core.text import N_

DEPTH_MAX: Final = 12
NUMBER_MAX: Final = 2**63 - 1
"""Beyond it neither a database nor most of what reads our JSON keeps a number."""
TEXT_MAX: Final = 40_000
"""Characters of one text. A cell of a workbook holds fewer."""
PLACE_MAX: Final = 120
UNREADABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Letters no database keeps, that steer terminals and printers, or have a text read in another order."""
_TURNED: Final = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


def unkeepable(value: object, at: str = "") -> Problem | None:
    """Say what of a JSON value cannot be kept, with its place as `field` (`items[3].points`); None for a plain one.

    It goes down no deeper than `DEPTH_MAX`, however deep the value is.
    """
    left: list[tuple[object, str, int]] = [(value, at, 0)]
    while left:
        one, place, depth = left.pop()
        if depth > DEPTH_MAX:
            return _problem(place, N_("%(place)s：一层套一层，套得太深，最多%(most)s层。"), DEPTH_MAX)
        if isinstance(one, Mapping):
            texts = [_text_problem(str(key), place) for key in one]
            wrong = next(filter(None, texts), None)
            inside = [(each, f"{place}.{key}" if place else str(key), depth + 1) for key, each in one.items()]
            left.extend(reversed(inside))
        elif isinstance(one, list | tuple):
            wrong = None
            left.extend([(each, f"{place}[{number}]", depth + 1) for number, each in enumerate(one)][::-1])
        else:
            wrong = _text_problem(one, place) if isinstance(one, str) else _number_problem(one, place)
        if wrong:
            return wrong
    return None


def _number_problem(one: object, place: str) -> Problem | None:
    if isinstance(one, int) and abs(one) > NUMBER_MAX:
        return _problem(place, N_("%(place)s：这个数太大了。"))
    if isinstance(one, float) and not math.isfinite(one):
        return _problem(place, N_("%(place)s：这里要填一个数。"))
    return None


def _text_problem(text: str, place: str) -> Problem | None:
    if len(text) > TEXT_MAX:
        return _problem(place, N_("%(place)s：字太多，一处最多%(most)s个。"), TEXT_MAX)
    if _TURNED.search(text):
        return _problem(place, N_("%(place)s：里面有看不见的符号，会让字倒着显示，请重新打一遍。"))
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        return _problem(place, N_("%(place)s：里面有存不下的字符，请重新打一遍。"))
    return None


def _problem(place: str, text: str, most: int = 0) -> Problem:
    short = place[:PLACE_MAX]
    return Problem("file-wrong", text, field=short, place=short or "-", most=most)
