"""Cards: each item a little block with its name, and labels beside, before or over their values.

清理河道        夜间巡逻
分值 | 5分      分值 | 4分
频次 | 每月2次  频次 | 每周1次

A label is a short heading that comes again in other blocks. Labels one below the other in the same columns are of one
block until one comes again; its name stands in it, right above, or beside on the left.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from ..grid import Matrix, Spot
from ..phrases.headings import FIGURES, SHEET_TITLE, TITLES, role_of
from ..phrases.terms import read_terms
from ..phrases.text import Line, line
from .pairs import Pair, Place, bare, below, beside, inside, label_of, labels_of, placed

_LEAST: Final = 2
"""Blocks from which they are cards."""
_NAME_MAX: Final = 40
_CELLS_MAX: Final = 4_000
_NUMBERED: Final = re.compile(
    r"(?:卡片?|第|no\.?|编号|序号|条目|项目)?[\d一二三四五六七八九十①-⑳]{1,4}(?:号|张|条)?(?:卡片?)?", re.IGNORECASE
)
"""卡1, No.3: the number of a card, neither its name nor a category."""
_TITLE: Final = re.compile(r".*(?:村|镇|乡|社区|街道).*|.*(?:积分卡|卡片|公示栏?|公告|积分)$")


class _Block(msgspec.Struct, kw_only=True):
    """The pairs of one item, and its name once it is known."""

    pairs: list[Pair]
    name: Spot | None = None
    category: Spot | None = None

    @property
    def row(self) -> int:
        return self.pairs[0].row

    @property
    def end(self) -> int:
        return max(pair.row + pair.rows for pair in self.pairs)

    @property
    def column(self) -> int:
        return min(pair.column for pair in self.pairs)

    @property
    def right(self) -> int:
        return max(pair.column + pair.columns for pair in self.pairs)

    @property
    def gives(self) -> bool:
        """Whether it says points."""
        return any(role_of(pair.label) in FIGURES and pair.value is not None for pair in self.pairs)


class Cards(msgspec.Struct, frozen=True, kw_only=True):
    """The blocks as a table, a row for each; the cells they take, by the name's place; and the rest of the sheet."""

    table: Matrix
    places: dict[Place, frozenset[Place]]
    rest: Matrix


def carded(matrix: Matrix) -> Cards | None:
    """The cards of a sheet; None where it has none."""
    spots = sorted({id(spot): spot for spot in matrix.at.values()}.values(), key=lambda spot: (spot.row, spot.column))
    if len(spots) > _CELLS_MAX:
        return None
    labels = labels_of(spots)
    if not labels:
        return None
    pairs, named = inside(spots, labels)
    pairs += beside(matrix, spots, labels)
    under = [] if named or _tell(pairs) else below(matrix, spots, labels)
    pairs = under if _tell(under) else pairs
    whole = [_Block(pairs=own, name=name) for name, own in named]
    found = _named(_stacked(pairs), whole, matrix, spots, labels)
    if len(found) < _LEAST:
        return None
    return _table(found, matrix)


def _tell(pairs: Iterable[Pair]) -> bool:
    """Tell whether any of the labels is of points."""
    return any(role_of(pair.label) in FIGURES for pair in pairs)


# ── blocks and their names ──


def _stacked(pairs: Iterable[Pair]) -> list[_Block]:
    """Pairs one below the other in the same column, until a label comes again or a row stands between."""
    found: list[_Block] = []
    last: dict[int, _Block] = {}
    for pair in sorted(pairs, key=lambda pair: (pair.row, pair.column)):
        block = last.get(pair.column)
        same_cell = block is not None and block.pairs[-1].places == pair.places
        goes_on = block is not None and (block.end == pair.row or same_cell)
        if block is None or not goes_on or pair.label in {one.label for one in block.pairs}:
            block = last[pair.column] = _Block(pairs=[])
            found.append(block)
        block.pairs.append(pair)
    return found


def _named(
    found: Sequence[_Block], whole: list[_Block], matrix: Matrix, spots: Sequence[Spot], labels: frozenset[str]
) -> list[_Block]:
    """The blocks that have a name and points, beside those that are whole; others belong to the one on their left."""
    taken = {place for block in (*found, *whole) for pair in block.pairs for place in pair.places}
    free = [spot for spot in spots if (spot.row, spot.column) not in taken and _may_name(spot, labels)]
    ends: dict[int, list[Spot]] = {}
    before: dict[int, list[Spot]] = {}
    for spot in free:
        ends.setdefault(spot.row + spot.rows, []).append(spot)
        before.setdefault(spot.column + spot.columns, []).append(spot)
    above = {
        id(block): max(_over(block, ends.get(block.row, ())), key=lambda spot: len(spot.flat), default=None)
        for block in found
    }
    given = Counter(id(over) for block in found if (over := above[id(block)]) is not None and block.gives)
    by_name: dict[int, _Block] = {}
    for block in sorted(found, key=lambda block: (block.column, block.row)):
        told = next((pair.value for pair in block.pairs if role_of(pair.label) in TITLES and pair.value), None)
        over = above[id(block)]
        over = over if given[id(over)] <= 1 else None
        left = _left(block, before.get(block.column, ()))
        straight = over is not None and (over.column == block.column or left is None)
        name = told or (over if straight else left)
        owner = _owner(block, whole if name is None else [by_name[id(name)]] if id(name) in by_name else ())
        if owner is not None:
            owner.pairs.extend(block.pairs)
        elif name is not None:
            block.name = name
            by_name[id(name)] = block
            whole.append(block)
    whole = [block for block in whole if block.name and (block.gives or read_terms(block.name.text).amounts)]
    used = {(block.name.row, block.name.column) for block in whole if block.name} | taken
    headings = [spot for spot in free if (spot.row, spot.column) not in used]
    for block in whole:
        block.category = _category(block, headings, matrix)
    return sorted(whole, key=lambda block: (block.row, block.column))


def _may_name(spot: Spot, labels: frozenset[str]) -> bool:
    flat = bare(spot.flat)
    return (
        bool(re.search(r"[A-Za-z\u3400-\u9fff]", flat))
        and len(flat) <= _NAME_MAX
        and label_of(spot.flat) not in labels
        and not _NUMBERED.fullmatch(flat)
    )


def _over(block: _Block, spots: Sequence[Spot]) -> list[Spot]:
    """Those that stand over any of a block's columns."""
    column, right = block.column, block.right
    return [spot for spot in spots if spot.column < right and spot.column + spot.columns > column]


def _left(block: _Block, before: Sequence[Spot]) -> Spot | None:
    """What stands in a block's first row, of that which ends where its columns begin."""
    row = block.row
    return next((spot for spot in before if spot.row <= row < spot.row + spot.rows), None)


def _owner(block: _Block, whole: Sequence[_Block]) -> _Block | None:
    """The block with other labels of which a pair ends where this one begins, in the same row."""
    told = {pair.label for pair in block.pairs}
    for one in whole:
        beside = any(pair.row == block.row and pair.column + pair.columns == block.column for pair in one.pairs)
        if beside and not told & {pair.label for pair in one.pairs}:
            return one
    return None


def _category(block: _Block, headings: Sequence[Spot], matrix: Matrix) -> Spot | None:
    """The nearest heading above a block's name that is over its columns; no title of the sheet."""
    top = block.name.row if block.name and block.name.row < block.row else block.row
    for spot in reversed(_over(block, headings)):
        if spot.row + spot.rows > top:
            continue
        flat = bare(spot.flat)
        first = spot.row == matrix.rows[0] and len(matrix.spots(spot.row)) == 1
        if SHEET_TITLE.fullmatch(flat) or (first and _TITLE.fullmatch(flat)) or read_terms(spot.text).amounts:
            continue
        return spot
    return None


# ── a table of them ──


def _table(found: Sequence[_Block], matrix: Matrix) -> Cards:
    labels = list(
        dict.fromkeys(pair.label for block in found for pair in block.pairs if role_of(pair.label) not in TITLES)
    )
    heads = ["类别", "项目", *labels]
    cells = [(1, at, placed(found[0].pairs[0].value or _nowhere(), line(head))) for at, head in enumerate(heads, 1)]
    places: dict[Place, frozenset[Place]] = {}
    used: set[Place] = set()
    for row, block in enumerate(found, 2):
        if block.name is None:
            continue
        if block.category is not None:
            cells.append((row, 1, placed(block.category, block.category.text)))
            used.add((block.category.row, block.category.column))
        cells.append((row, 2, placed(block.name, block.name.text)))
        cells.extend(
            (row, labels.index(pair.label) + 3, placed(pair.value, pair.value.text))
            for pair in block.pairs
            if pair.value is not None and pair.label in labels
        )
        name = block.name.row, block.name.column
        own = frozenset({name, *(place for pair in block.pairs for place in pair.places)})
        places[name] = own
        used |= own
    rest = Matrix(
        (row, column, spot) for (row, column), spot in matrix.at.items() if (spot.row, spot.column) not in used
    )
    return Cards(table=Matrix(cells), places=places, rest=rest)


def _nowhere() -> Spot:
    return Spot(text=Line("", ""), row=1, column=1)
