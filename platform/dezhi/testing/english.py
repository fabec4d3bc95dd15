"""Whether a plugin says everything in English too."""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any, Final

import msgspec

from dezhi.host import settings_form
from dezhi.plugin import Declaration
from dezhi.web.languages import PluginTexts

_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_BY_THE_HOUSE: Final = frozenset({"symbol", "code", "english"})
"""Fields that nobody reads as text; a symbol may be a carved character."""


def chinese_left(declared: Declaration, said: Iterable[object]) -> list[str]:
    """Return the texts of a declaration, its settings form and whatever a plugin `said` that have no English.

    Sentences the house's own helpers make (`邻里帮扶：道德积分加10分`) are the house's to translate.
    """
    known = PluginTexts(declared.english)
    found = [declared.categories, declared.notice, settings_form(declared.settings), list(said)]
    return sorted({text for text in _texts(found) if _CHINESE.search(known.find(text)) and not _ours(text)})


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a value that somebody may read."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            if name not in _BY_THE_HOUSE:
                yield from _texts(getattr(value, name))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


_SPOKEN: Final = re.compile(r"(.+：)?((道德积分|荣誉积分|平安积分)加\d+分|志愿时记.+|记\d+次)(、.+)?")


def _ours(text: str) -> bool:
    return _SPOKEN.fullmatch(text) is not None
