"""The words of each concept, by what they are about; `dezhi.core.redlines.concepts` says how they are read."""

from collections.abc import Mapping
from itertools import chain
from typing import Final

from dezhi.core.redlines.words import account, deeds, lives, manner, people, power, rights, speech
from dezhi.core.redlines.words.families import FAMILIES

__all__ = ["FAMILIES", "WORDS"]

WORDS: Final[Mapping[str, str]] = dict(
    chain.from_iterable(one.WORDS.items() for one in (deeds, people, manner, power, speech, account, rights, lives))
)
"""Each concept's words."""
