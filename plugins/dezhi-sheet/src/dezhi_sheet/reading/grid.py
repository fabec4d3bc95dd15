"""A sheet's cells as a matrix: what stands where, with merged blocks in each of their places."""

from collections.abc import Container, Iterable
from typing import Final

import msgspec

from dezhi.plugin import Cell, Grid

from .phrases.text import Line, line
from .places import shown

ROWS_MAX: Final = 500
COLUMNS_MAX: Final = 100
"""How far a merged block is followed: rows and columns merged to the sheet's end are paint."""


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """One cell or merged block: its text and where the workbook has it."""

    text: Line
    row: int
    column: int
    rows: int = 1
    columns: int = 1

    @property
    def flat(self) -> str:
        """The text as it is matched, in one line."""
        return self.text.plain.replace("\n", "")


class Matrix:
    """The visible cells by row and column; a merged block stands in each of its places."""

    def __init__(self, spots: Iterable[tuple[int, int, Spot]]) -> None:
        self.at: dict[tuple[int, int], Spot] = {}
        for row, column, spot in spots:
            self.at.setdefault((row, column), spot)
        self._rows: dict[int, list[int]] = {}
        for row, column in sorted(self.at):
            self._rows.setdefault(row, []).append(column)

    @classmethod
    def of(cls, grid: Grid) -> "Matrix":
        """The matrix of a sheet's visible cells."""
        return cls(_spread(cell for cell in grid.cells if not cell.hidden and cell.text.strip()))

    @property
    def rows(self) -> list[int]:
        """The rows that hold something."""
        return list(self._rows)

    def columns(self, row: int) -> list[int]:
        """The columns of a row that hold something."""
        return self._rows.get(row, [])

    def spots(self, row: int) -> list[Spot]:
        """What stands in a row, each block once."""
        found: dict[int, Spot] = {}
        for column in self.columns(row):
            spot = self.at[row, column]
            found.setdefault(id(spot), spot)
        return list(found.values())

    def between(self, first: int, last: int) -> "Matrix":
        """The part of it from one column to another; what begins further left is none of it."""
        within = ((row, at, spot) for (row, at), spot in self.at.items() if first <= at <= last)
        return Matrix((row, at, spot) for row, at, spot in within if spot.column >= first)

    def without(self, places: Container[tuple[int, int]]) -> "Matrix":
        """All of it but these rows and columns."""
        return Matrix((row, at, spot) for (row, at), spot in self.at.items() if (row, at) not in places)

    def turned(self, top: int, bottom: int, left: int) -> "Matrix":
        """A part of it with rows and columns changed, for tables whose items stand side by side."""
        return Matrix(
            (column, row, spot) for (row, column), spot in self.at.items() if top <= row <= bottom and column >= left
        )


def _spread(cells: Iterable[Cell]) -> Iterable[tuple[int, int, Spot]]:
    for cell in cells:
        spot = Spot(text=line(cell.text), row=cell.row, column=cell.column, rows=cell.rows, columns=cell.columns)
        for row in range(cell.row, cell.row + min(cell.rows, ROWS_MAX)):
            for column in range(cell.column, cell.column + min(cell.columns, COLUMNS_MAX)):
                yield row, column, spot


def address(spot: Spot) -> str:
    """The cell as a spreadsheet names it: B7."""
    return shown(spot.row, spot.column)
