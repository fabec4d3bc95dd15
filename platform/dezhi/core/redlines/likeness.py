"""What a line is like: labelled lines of villages weigh its characters (B-02, docs/adr/0084-red-lines-by-meaning.md).

The second reading of a line, after that for concepts: it hears what no list of words holds, and knows near misses.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import sqrt
from typing import Final, NamedTuple

ORDINARY: Final = "OK"
"""The label of a line that crosses nothing; the others are RL-1 to RL-15."""
WEIGHTS: Final = "weights.tsv"
"""Learned by tools/redlines_weights.py: characters and pairs of them, how rare each is, what it says for each label."""

_NUMBER: Final = re.compile(r"[\d零一二两三四五六七八九十百]+")
_STOP: Final = re.compile(r"[\s,。;:!?、()]+")


class Likeness(NamedTuple):
    """The red line a text is most like, and by how much more than it is like ordinary lines (−2 to 2, 0 undecided)."""

    code: str
    margin: float


class _Weight(NamedTuple):
    rarity: float
    says: Mapping[str, float]


def marks(text: str) -> list[str]:
    """Return what of a plain text is weighed, each once: characters and pairs; numbers are all the same, and stops."""
    said = f" {_STOP.sub(' ', _NUMBER.sub('0', text))} "
    return list(dict.fromkeys([*said, *map("".join, pairwise(said))]))


def likeness(text: str) -> Likeness:
    """Weigh a plain text (`reading.plain`)."""
    weights = _weights()
    known = [weights[mark] for mark in marks(text) if mark in weights]
    scores: dict[str, float] = {}
    for weight in known:
        for label, value in weight.says.items():
            scores[label] = scores.get(label, 0.0) + value * weight.rarity
    length = sqrt(sum(weight.rarity**2 for weight in known)) or 1.0
    ordinary = scores.pop(ORDINARY, 0.0)
    code = max(scores, key=scores.__getitem__, default="")
    return Likeness(code, (scores.get(code, 0.0) - ordinary) / length)


@cache
def _weights() -> Mapping[str, _Weight]:
    _, *lines = (files(__package__) / WEIGHTS).read_text(encoding="utf-8").split("\n")
    rows = (line.split("\t") for line in lines if line)
    return {mark: _Weight(float(rarity), _said(said)) for mark, rarity, said in rows}


def _said(text: str) -> Mapping[str, float]:
    pairs = (one.split("=") for one in text.split())
    return {(f"RL-{label}" if label != "0" else ORDINARY): int(value) / 100 for label, value in pairs}
