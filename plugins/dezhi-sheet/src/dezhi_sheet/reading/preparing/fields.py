"""Fields typed into one text: 打扫河堤 | 3分 | 每月12分."""

import re
from typing import Final

STROKES, TABS, COMMAS, PAUSES, SEMICOLONS, GAPS, SPACES, SLASHES = (
    re.compile(pattern) for pattern in ("[|｜¦│┃]", r"\t", "[,，]", "、", "[;；]", "[ \u3000]{2,}", "[ \u3000]+", "/")
)
"""What parts fields. Each is one character or a run of one kind: a text of nothing else is parted in one pass."""
_EDGES: Final = " \t\r\n\u3000|｜¦│┃"
_RULE: Final = re.compile(r"[\s|｜¦│┃:\-+=—─┼├┤]+")


def fields_of(text: str, separator: re.Pattern[str]) -> list[str]:
    """The fields of a line, without the strokes at its ends."""
    return [field.strip(" \t\u3000") for field in separator.split(text.strip(_EDGES))]


def is_rule(text: str) -> bool:
    """Tell whether a line is only drawn: |---|---|."""
    return _RULE.fullmatch(text) is not None
