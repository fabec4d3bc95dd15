"""Points that run across a sheet: deeds side by side over them, or points as the headings of columns of deeds."""

import re
from typing import Final

from ..grid import Matrix, Spot
from ..phrases.headings import FIGURES, REMARK, role_of
from ..phrases.terms import read_terms
from ..phrases.text import Line

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


def below_points(matrix: Matrix) -> Matrix | None:
    """The deeds that stand below 加10分, 加5分, 扣5分, each with the points over it; None where no such row stands."""
    for row in matrix.rows:
        heads = [spot for spot in matrix.spots(row) if spot.row == row]
        points = {spot.column: spot for spot in heads if _only_points(spot)}
        if len(points) < _LEAST or len(points) < len(heads) - 1:
            continue
        found: list[tuple[int, int, Spot]] = [(0, 1, _head("分值")), (0, 2, _head("项目"))]
        at = 1
        for each in (each for each in matrix.rows if each > row):
            spots = [spot for spot in matrix.spots(each) if spot.row == each]
            deeds = [spot for spot in spots if spot.column in points and re.search(r"[一-鿿]{2}", spot.flat)]
            if len(spots) == 1 and REMARK.fullmatch(spots[0].flat):
                break
            if any(read_terms(spot.text).amounts for spot in deeds):
                return None
            for spot in deeds:
                found += [(at, 1, points[spot.column]), (at, 2, spot)]
                at += 1
        return Matrix(found) if at > _LEAST + 1 else None
    return None


def _only_points(spot: Spot) -> bool:
    """Tell whether a heading says points and, besides, only that it is a class of them."""
    terms = read_terms(spot.text)
    words = re.sub(r"[\s\0()\[\]【】:、,每次项]|[类档级]|事项|行为|项目|[A-D甲乙丙丁]", "", terms.left)
    return len(terms.amounts) == 1 and not words


def _head(text: str) -> Spot:
    return Spot(text=Line(text, text), row=0, column=0)
