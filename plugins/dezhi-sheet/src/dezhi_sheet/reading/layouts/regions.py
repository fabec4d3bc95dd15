"""Tables beside one another with an empty column between: each is read like a sheet of its own."""

from itertools import pairwise
from typing import Final

from ..around import Around
from ..grid import Matrix
from .stack import Stack

_ROWS_LEAST: Final = 3
"""Rows a region must have; less is a stamp or a date beside a table."""


def regions_of(matrix: Matrix) -> list[Matrix]:
    """The parts of a sheet between its empty columns, titles over several of them left out; none where it is one."""
    rows = [row for row in matrix.rows if len(matrix.spots(row)) > 1]
    held = sorted({column for row in rows for column in matrix.columns(row)})
    cuts = [0, *(at for at in range(1, len(held)) if held[at] - held[at - 1] > 1), len(held)]
    parts = [matrix.between(held[first], held[last - 1]) for first, last in pairwise(cuts) if held]
    parts = [part for part in parts if len(part.rows) >= _ROWS_LEAST]
    return parts if len(parts) > 1 else []


def read_regions(name: str, matrix: Matrix) -> Around | None:
    """Every region read by itself; None where the sheet is one."""
    parts = regions_of(matrix)
    if not parts:
        return None
    whole = Around(name)
    for part in parts:
        whole.join(Stack(Around(name), part).read())
    return whole
