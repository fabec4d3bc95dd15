"""The concepts the red lines are made of: words by what they mean, not sentences anybody wrote.

In the vocabularies words are parted by spaces; `…` stands for up to eight characters in between, `#` for a number, and
the rest is a regular expression's: `[上下]`, `(?:啊|啦)?`. `{kin}` stands for any of a family (`redlines_words_parts`),
and after a `|` a word may go on on the next line. A word beginning with `~` never counts: it hides what stands inside
it, as 读报 hides 报.
"""

import re
from collections.abc import Mapping
from typing import Final

from dezhi.core import (
    redlines_words_deeds,
    redlines_words_manner,
    redlines_words_people,
    redlines_words_power,
    redlines_words_speech,
)
from dezhi.core.redlines_words_parts import PARTS

_GAP: Final = r"[^,:]{0,8}?"
_CLASS: Final = re.compile(r"\[[^\]]*\]")
_PART: Final = re.compile(r"\{([a-z]+)\}")
_CONTINUED: Final = re.compile(r"\|\s+")
_NUMBER: Final = r"(?:[\d.]+|[一二两三四五六七八九十百千半几多]+)"


class Concept:
    """A meaning with the words it is said in; `find` returns the first of them in a plain sentence, or "" for none."""

    def __init__(self, words: str) -> None:
        words = _CONTINUED.sub("|", words)
        counting = [word for word in words.split() if not word.startswith("~")]
        hiding = [word[1:] for word in words.split() if word.startswith("~")]
        self._words = re.compile("|".join(map(_pattern, counting)))
        self._hiding = re.compile("|".join(map(_pattern, hiding))) if hiding else None

    def find(self, sentence: str) -> str:
        """Return the first words of this meaning that no longer, harmless word covers."""
        found = self._words.search(sentence)
        if found and self._hiding:
            found = self._words.search(self._hiding.sub(lambda hidden: "\0" * len(hidden[0]), sentence))
        return found[0] if found else ""


def _pattern(word: str) -> str:
    word = _PART.sub(lambda part: _FAMILIES[part[1]], word)
    spelled = _CLASS.sub(lambda characters: characters[0].replace("#", r"\d"), word)
    return spelled.replace("…", _GAP).replace("#", _NUMBER)


_FAMILIES: Final = {name: _CONTINUED.sub("|", words).strip() for name, words in PARTS.items()}
_MODULES: Final = (
    redlines_words_deeds,
    redlines_words_people,
    redlines_words_manner,
    redlines_words_power,
    redlines_words_speech,
)

CONCEPTS: Final[Mapping[str, Concept]] = {
    name: Concept(words) for module in _MODULES for name, words in module.WORDS.items()
}
