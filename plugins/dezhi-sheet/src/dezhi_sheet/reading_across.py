"""Deeds side by side over a row of points: 门前三包, 义务劳动, 开会, and below 分值 3, 2, 1."""

import re
from typing import Final

from .reading_grid import Matrix, Spot
from .reading_text import Line
from .reading_words import FIGURES, role_of

_FIGURE: Final = re.compile(r"[+\-±]?\d{1,3}分?(?:[-~至/]\d{1,3}分?)?(?:/\S{1,3})?")
_BESIDE: Final = frozenset({"unit", "cap", "note", "category"})
_LEAST: Final = 2


def laid_across(matrix: Matrix) -> Matrix | None:
    """The deeds as a table with a row for each; None where no such row of points stands below words."""
    for row in matrix.rows:
        label, *others = matrix.spots(row)
        if role_of(label.flat) not in FIGURES - {"standard"}:
            continue
        points = [spot for spot in others if _FIGURE.fullmatch(spot.flat)]
        above = [each for each in matrix.rows if row - _LEAST <= each < row]
        titles = next((words for each in reversed(above) if (words := _over(matrix, each, points, label))), {})
        if len(points) < _LEAST or len(points) * 10 < len(others) * 8 or not titles:
            continue
        found: list[tuple[int, int, Spot]] = [(0, 1, _head("项目")), (0, 2, _head("分值"))]
        for spot in points:
            found += [(spot.column, 1, titles[spot.column]), (spot.column, 2, spot)]
        for at, each in enumerate((each for each in matrix.rows if row < each <= row + 4), 3):
            name = matrix.at.get((each, label.column))
            if name is None or role_of(name.flat) not in _BESIDE:
                break
            found.append((0, at, name))
            found += [(spot.column, at, beside) for spot in points if (beside := matrix.at.get((each, spot.column)))]
        return Matrix(found)
    return None


def _over(matrix: Matrix, row: int, points: list[Spot], label: Spot) -> dict[int, Spot]:
    """The words over each of the points, where all have some of their own."""
    found = {spot.column: over for spot in points if (over := matrix.at.get((row, spot.column))) is not None}
    own = {id(over) for over in found.values()}
    worded = all(re.search(r"[A-Za-z一-鿿]{2}", over.flat) and over.column > label.column for over in found.values())
    return found if len(own) == len(points) and worded else {}


def _head(text: str) -> Spot:
    return Spot(text=Line(text, text), row=0, column=0)
