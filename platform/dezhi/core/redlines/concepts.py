"""The concepts the red lines are made of: words by what they mean, not sentences anybody wrote.

In the vocabularies words are parted by spaces; `…` stands for up to eight characters in between, `#` for a number, and
the rest is a regular expression's: `[上下]`, `(?:啊|啦)?`. `{kin}` stands for any of a family (`words.families`),
and after a `|` a word may go on on the next line. A word beginning with `~` never counts: it hides what stands inside
it, as 读报 hides 报.
"""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Final

from dezhi.core.redlines.words import FAMILIES, WORDS

_GAP: Final = r"[^,:]{0,8}?"
_CLASS: Final = re.compile(r"\[[^\]]*\]")
_DIGITS: Final = "0123456789"
_RANGE: Final = re.compile(r"([0-9a-zA-Z])-([0-9a-zA-Z])")
_OPENING: Final = re.compile(r"\(\?<?[!=][^()]*\)")
_PART: Final = re.compile(r"\{([a-z_]+)\}")
_CONTINUED: Final = re.compile(r"\|\s+")
_NUMBER: Final = r"(?:[\d.]+|[一二两三四五六七八九十百千半几多]+)"


class Concept:
    """A meaning with the words it is said in; `find` returns the first of them in a plain sentence, or "" for none.

    Its patterns are made when first asked for: all of them take half a second, and a start need not wait for that.
    """

    def __init__(self, words: str) -> None:
        self._said = _CONTINUED.sub("|", words).split()

    @cached_property
    def _words(self) -> re.Pattern[str]:
        return _compiled([word for word in self._said if not word.startswith("~")])

    @cached_property
    def _hiding(self) -> re.Pattern[str] | None:
        hiding = [word[1:] for word in self._said if word.startswith("~")]
        return _compiled(hiding) if hiding else None

    def find(self, sentence: str) -> str:
        """Return the first words of this meaning that no longer, harmless word covers."""
        found = self._words.search(sentence)
        if found and self._hiding:
            found = self._words.search(self._hiding.sub(lambda hidden: "\0" * len(hidden[0]), sentence))
        return found[0] if found else ""


def _compiled(words: list[str]) -> re.Pattern[str]:
    """One pattern for all words; it looks closely only where one of them can begin, which is three times as fast."""
    patterns = [_pattern(word) for word in words]
    first = "".join(sorted(set().union(*map(_first, patterns))))
    return re.compile(f"(?=[{re.escape(first)}])(?:{'|'.join(patterns)})")


def _first(pattern: str) -> set[str]:
    """Return the characters a pattern can begin with. It begins with a character, a class or a group of patterns."""
    alternatives, _ = _group(f"(?:{pattern})")
    return set().union(*map(_first_of_one, alternatives))


def _first_of_one(pattern: str) -> set[str]:
    pattern = _OPENING.sub("", pattern)
    if pattern.startswith("(?:"):
        alternatives, rest = _group(pattern)
        found = set().union(*map(_first, alternatives))
    elif pattern.startswith("["):
        inside, _, rest = pattern[1:].partition("]")
        found = set(_RANGE.sub(_spelled_out, inside.replace(r"\d", _DIGITS)))
    elif pattern.startswith(r"\d"):
        found, rest = set(_DIGITS), pattern[2:]
    else:
        found, rest = {pattern[0]}, pattern[1:]
    return found | _first(rest[1:]) if rest.startswith(("?", "*")) else found


def _spelled_out(characters: re.Match[str]) -> str:
    return "".join(map(chr, range(ord(characters[1]), ord(characters[2]) + 1)))


def _group(pattern: str) -> tuple[list[str], str]:
    """Part `(?:a|b)c` into its alternatives and what follows."""
    depth, inside, began = 0, [], 3
    for at, character in enumerate(pattern):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if (character == "|" and depth == 1) or depth == 0:
            inside.append(pattern[began:at])
            began = at + 1
        if depth == 0:
            break
    return inside, pattern[began:]


def _pattern(word: str) -> str:
    word = _PART.sub(lambda part: _SPELLED[part[1]], word)
    spelled = _CLASS.sub(lambda characters: characters[0].replace("#", r"\d"), word)
    return spelled.replace("…", _GAP).replace("#", _NUMBER)


_SPELLED: Final[dict[str, str]] = {}
for _name, _words in FAMILIES.items():  # one may use those before it
    _SPELLED[_name] = _PART.sub(lambda part: _SPELLED[part[1]], _CONTINUED.sub("|", _words).strip())

CONCEPTS: Final[Mapping[str, Concept]] = {name: Concept(words) for name, words in WORDS.items()}
