"""Keeping small cells out of tables, so that nobody can read a neighbour's figures from a picture.

What is about fewer than `CELL_MIN` households is hidden. Totals are known, so what is hidden alone could be worked out
by subtracting: beside it further cells are hidden, the smallest first, until those hidden together are at least two and
are about `CELL_MIN` households.
"""

from collections.abc import Sequence, Set as AbstractSet
from typing import Final

CELL_MIN: Final = 5
"""Households a figure is about, at least."""


def hidden(cells: Sequence[AbstractSet[int]], weights: Sequence[int] | None = None) -> set[int]:
    """Which places of a table of one row or column to hide; each cell is given as the households it is about.

    Empty cells stay as they are: that nobody is in one tells of nobody. Of a large cell the first few households do;
    `weights` then say which of them is the smallest.
    """
    sizes = [len(cell) for cell in cells] if weights is None else weights
    found = {place for place, cell in enumerate(cells) if 0 < len(cell) < CELL_MIN}
    while found and (len(found) == 1 or len(set().union(*(cells[place] for place in found))) < CELL_MIN):
        others = [(sizes[place], place) for place, cell in enumerate(cells) if cell and place not in found]
        if not others:
            break
        found.add(min(others)[1])
    return found


def hidden_counts(
    table: Sequence[Sequence[int]],
    rows_hidden: AbstractSet[int] = frozenset(),
    columns_hidden: AbstractSet[int] = frozenset(),
) -> list[list[bool]]:
    """Which cells of a table of counts to hide, where the sums of rows and columns are known.

    All of a hidden row or column is hidden: its sum is not known. The others are looked at until none has a cell that
    could be worked out.
    """
    shut = [
        [row in rows_hidden or column in columns_hidden or 0 < count < CELL_MIN for column, count in enumerate(counts)]
        for row, counts in enumerate(table)
    ]
    wide = len(table[0]) if table else 0
    lines = [[(row, column) for column in range(wide)] for row in range(len(table)) if row not in rows_hidden]
    if len(table) > 1:
        lines += [[(row, column) for row in range(len(table))] for column in range(wide)]
    moved = True
    while moved:
        moved = False
        for line in lines:
            more = _one_more(table, shut, line)
            if more is not None:
                shut[more[0]][more[1]] = moved = True
    return shut


def _one_more(
    table: Sequence[Sequence[int]], shut: Sequence[Sequence[bool]], line: Sequence[tuple[int, int]]
) -> tuple[int, int] | None:
    """The cell of a row or column to hide as well, None where it is safe."""
    out = [(row, column) for row, column in line if shut[row][column] and table[row][column]]
    if not out or (len(out) > 1 and sum(table[row][column] for row, column in out) >= CELL_MIN):
        return None
    others = [(table[row][column], row, column) for row, column in line if not shut[row][column]]
    filled = [one for one in others if one[0]] or others
    return min(filled)[1:] if filled else None
