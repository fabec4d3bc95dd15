"""How much of a sheet a reading explains: what looks like items, less what is left over or told twice."""

import re
from collections.abc import Container, Sequence
from typing import Final

from .grid import Matrix, Spot
from .items import Found
from .phrases.headings import GOODS, SUBTOTAL, role_of
from .phrases.patterns import LEVEL_WORD
from .phrases.terms import read_terms
from .phrases.text import Line

_CHARACTER: Final = re.compile(r"[一-鿿]")
_LONG: Final = 45
_LEFT_OVER: Final = 0.6
"""What a place with points costs that no item explains."""
_TWICE: Final = 1.0
_STEP: Final = 0.6
"""What each further step of an item explains."""
_NOTHING: Final = 1.0
"""What an item that gives nothing costs: it is the answer 没有 to a question."""


def worth(found: Sequence[Found], matrix: Matrix, explained: Container[tuple[int, int]] = ()) -> float:
    """Items that look like deeds count one each, by how sure they are, less leftovers and what is told twice.

    `explained` are the rows and columns of cells that are known to be no items of their own.
    """
    value = 0.0
    seen: set[tuple[int, int, str, bool]] = set()
    for one in found:
        key = one.spot.row, one.spot.column, one.title, one.minus
        if key in seen:
            value -= _TWICE
        else:
            value += likely(one.title) * (max(one.sure, 0) / 100 + _STEP * max(0, len(one.levels) - 1))
            value -= _NOTHING if one.most == 0 else 0
        seen.add(key)
    return value - _LEFT_OVER * unexplained(found, matrix, explained)


def likely(title: str) -> float:
    """How much a title looks like something somebody does: from 0 to 1."""
    plain = re.sub(r"\s", "", title)
    characters = len(_CHARACTER.findall(plain))
    if characters < 2 or GOODS.fullmatch(plain) or SUBTOTAL.fullmatch(plain):
        return 0.0
    grade = LEVEL_WORD.fullmatch(plain) is not None and not plain.endswith("功")  # 三等功 is what somebody got
    if grade or role_of(plain) in {"points", "cap", "unit", "filled", "note", "number"}:
        return 0.2
    if len(plain) > _LONG or re.search(r"[-+－＋]\d|\d分", plain):
        return 0.4
    return 1.0


def bears_points(spot: Spot) -> bool:
    """Tell whether a cell says points in words, not only by a figure."""
    text = Line(spot.flat, spot.flat)
    return bool(read_terms(text).amounts)


def unexplained(found: Sequence[Found], matrix: Matrix, explained: Container[tuple[int, int]] = ()) -> int:
    """Places that say points, with no item in their rows or right above."""
    rows = {row for one in found for row in range(one.spot.row, one.spot.row + one.spot.rows)}
    columns = {
        (one.spot.row + one.spot.rows, column)
        for one in found
        for column in range(one.spot.column, one.spot.column + one.spot.columns)
    }
    spots = {id(spot): spot for spot in matrix.at.values()}
    return sum(
        1
        for spot in spots.values()
        if spot.row not in rows
        and (spot.row, spot.column) not in columns
        and (spot.row, spot.column) not in explained
        and len(spot.flat) < _LONG
        and bears_points(spot)
    )
