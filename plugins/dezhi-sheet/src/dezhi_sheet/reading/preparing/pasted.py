"""A table pasted as text into one column, its cells parted by strokes, tabs or commas: 打扫河堤 | 3分 | 每月12分."""

from collections.abc import Sequence
from typing import Final

import msgspec

from dezhi.plugin import Cell, Grid

from ..phrases.headings import role_of
from ..phrases.text import line
from .fields import COMMAS, GAPS, SEMICOLONS, STROKES, TABS, fields_of, is_rule

_SEPARATORS: Final = (STROKES, TABS, COMMAS, SEMICOLONS, GAPS)
_ROWS_LEAST: Final = 3


def unpasted(grid: Grid) -> Grid:
    """The sheet with the parts of such texts in columns of their own; as it is where there are none.

    Only a sheet with nothing else beside the texts is parted, below headings that are parted alike.
    """
    shown = [cell for cell in grid.cells if not cell.hidden and cell.text.strip()]
    if len({cell.column for cell in shown}) != 1 or any("\n" in cell.text.strip() for cell in shown):
        return grid
    for separator in _SEPARATORS:
        parts = {cell.row: fields_of(cell.text, separator) for cell in shown}
        head = next((row for row, texts in parts.items() if _are_headings(texts)), None)
        if head is None:
            continue
        width = len(parts[head])
        alike = [row for row, texts in parts.items() if row >= head and 1 < len(texts) <= width]
        if len(alike) >= _ROWS_LEAST and len(alike) * 10 >= sum(row >= head for row in parts) * 6:
            cells = tuple(
                one
                for cell in shown
                if not is_rule(cell.text)
                for one in (_parted(cell, parts[cell.row]) if cell.row in alike else (cell,))
            )
            return Grid(name=grid.name, cells=cells)
    return grid


def _are_headings(texts: Sequence[str]) -> bool:
    """Tell whether the parts of a line are headings of columns."""
    return len(texts) > 1 and sum(bool(role_of(line(text).plain)) for text in texts) * 2 > len(texts)


def _parted(cell: Cell, texts: Sequence[str]) -> tuple[Cell, ...]:
    return tuple(
        msgspec.structs.replace(cell, column=cell.column + at, text=text) for at, text in enumerate(texts) if text
    )
