"""Which row of a new sheet an item of the past goes on as: said by a person, and suggested from titles and texts.

A suggestion is only ever shown. What is counted by a pair is named in the result.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from dezhi.core.backtest import Cover, plain_title
from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.plugin import Item

ALIKE: Final = 0.3
"""From so large a share of a title's pairs of characters on, two titles are taken to be about the same."""
SHARED: Final = 0.5
"""The same for a row that stands for another item of the past already."""
NEAR_MAX: Final = 5
"""Names that are told where one is not known."""

_WORDS: Final = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
_PAIR: Final = 2


class Old(NamedTuple):
    """An item of the past: its full code, what its deeds' versions called it (the newest last), how it was earned."""

    code: str
    titles: tuple[str, ...]
    text: str = ""
    quiet: bool = False

    @property
    def title(self) -> str:
        """What it was called last."""
        return self.titles[-1]

    def is_covered(self, cover: Cover) -> bool:
        """Whether every deed of it has a row."""
        return all(cover.find(self.code, title) is not None for title in self.titles)


def paired(said: Iterable[tuple[str, str]], olds: Iterable[Old], items: Mapping[str, Item]) -> dict[str, str]:
    """Return new full codes by old ones, from codes or titles as people write them.

    Raises Problem `pair-old`, `pair-new` (nothing of that name: the nearest are told), `pair-many` (several have that
    title), `pair-twice` (one item of the past given to two rows).
    """
    was = {old.code: old.titles for old in olds}
    rows = {code: (item.title,) for code, item in items.items()}
    found: dict[str, str] = {}
    for old, new in said:
        one = _named(old, was, "pair-old", N_("过去没有记过“%(name)s”，对不上。相近的有：%(near)s。"))
        row = _named(new, rows, "pair-new", N_("新办法里没有“%(name)s”，对不上。相近的有：%(near)s。"))
        if found.setdefault(one, row) != row:
            text = N_("“%(name)s”对了新办法里的两条，只能对一条。")
            raise Problem("pair-twice", text, field="pairs", name=was[one][-1])
    return found


def suggested(olds: Iterable[Old], items: Mapping[str, Item], cover: Cover) -> dict[str, str]:
    """Suggest rows, by old code, for items of the past that have none; of the closest first, one row for each.

    A row that stands for something already is suggested again only where the titles are much alike.
    """
    known = list(olds)
    taken = {cover.find(old.code, title) for old in known for title in old.titles}
    alone = [old for old in known if not old.is_covered(cover)]
    scores = sorted(
        (
            (-score, place, row, old.code, code)
            for place, old in enumerate(alone)
            for row, (code, item) in enumerate(items.items())
            if item.quiet == old.quiet and (score := likeness(old.title, item.title, old.text, item.how)) >= ALIKE
        ),
    )
    found: dict[str, str] = {}
    for least in (None, SHARED):
        for score, _place, _row, old, code in scores:
            if old not in found and (code not in taken if least is None else -score >= least):
                found[old] = code
                taken.add(code)
    return found


def likeness(one: str, other: str, text: str = "", other_text: str = "") -> float:
    """How much two rows are alike, 0 to 1: by their titles, else by all that is written of them.

    Of two titles the shorter counts, for `参加卫生清扫` is `清扫` with more words; longer titles in common count a bit.
    """
    a, b = _grams(one), _grams(other)
    least = min(len(a), len(b))
    title = 0.9 * len(a & b) / least + 0.1 * _dice(a, b) if least else 0.0
    return max(title, _dice(a | _grams(text), b | _grams(other_text)) if text and other_text else 0.0)


def _dice(a: Collection[str], b: Collection[str]) -> float:
    return 2 * len({*a} & {*b}) / (len(a) + len(b)) if a or b else 0.0


def _grams(text: str) -> set[str]:
    """Pairs of neighbouring characters; of letters the words."""
    return set(_pieces(plain_title(text) if not text.isascii() else text.casefold()))


def _pieces(text: str) -> Iterator[str]:
    for run in _WORDS.findall(text):
        if run.isascii() or len(run) < _PAIR:
            yield run
        else:
            yield from (run[place : place + _PAIR] for place in range(len(run) - 1))


def _named(name: str, rows: Mapping[str, Sequence[str]], problem: str, text: str) -> str:
    """The code of the one row that a code or title means."""
    if name in rows:
        return name
    word = plain_title(name)
    found = [code for code in rows if code.partition("/")[2] == name.strip()] or [
        code for code, titles in rows.items() if word in map(plain_title, titles)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        many = N_("叫“%(name)s”的不止一条，请写编号：%(codes)s。")
        raise Problem("pair-many", many, field="pairs", name=name[:60], codes="、".join(found))
    near = sorted(rows, key=lambda code: -max(likeness(name, title) for title in rows[code]))[:NEAR_MAX]
    told = "、".join(f"“{rows[code][-1]}”（{code}）" for code in near)
    raise Problem(problem, text, field="pairs", name=name[:60], near=told or "—")
