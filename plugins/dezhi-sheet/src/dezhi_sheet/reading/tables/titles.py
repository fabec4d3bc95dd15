"""Which of a table's columns are titles, what heads them, and over which rows they go on."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from ..around import sign_in
from ..grid import Matrix, Spot
from ..phrases.patterns import LEVEL_WORD
from ..phrases.terms import read_terms
from ..phrases.text import Line, unnumbered, unwrapped
from .heads import Column, Group

_NUMBER: Final = re.compile(r"第?[\d一二三四五六七八九十百]{1,4}[条款项]?|[A-Za-z]{1,3}-?\d{1,3}")
_GROUPS_MAX: Final = 14
"""Headings up to which a column of categories groups rows rather than names them."""
_SIGN_MAX: Final = 8
_STEP_MAX: Final = 20
"""Characters of the name of a step."""


def said_once(column: Column, matrix: Matrix, rows: Sequence[int]) -> bool:
    """Tell whether each of a column's figures is said once, of all that stands beside it."""
    spots = {id(spot): spot for row in rows if (spot := matrix.at.get((row, column.at)))}
    texts = [spot.flat for spot in spots.values()]
    return len(set(texts)) == len(texts)


def heirs_of(
    titles: Sequence[Column], figures: Sequence[Column], group: Group, matrix: Matrix, rows: Sequence[int]
) -> dict[int, Spot]:
    """The titles that go on over rows without one, each of which names a step and its points, as though merged."""
    steps = [column.at for column in group.of("level", "", "note") if column not in figures]
    if not titles or not steps or not figures:
        return {}
    runs: list[list[int]] = []
    for row in rows:
        spot = matrix.at.get((row, titles[-1].at))
        told = any((row, column.at) in matrix.at for column in figures) and any(
            (name := matrix.at.get((row, at))) is not None and len(name.flat) <= _STEP_MAX for at in steps
        )
        if spot is not None and spot.rows == 1:
            runs.append([row] if told else [])
        elif spot is None and told and runs and runs[-1] and row - runs[-1][-1] == 1:
            runs[-1].append(row)
        else:
            runs.append([])
    found: dict[int, Spot] = {}
    for run in runs:
        if len(run) > 1:
            tall = msgspec.structs.replace(matrix.at[run[0], titles[-1].at], rows=len(run))
            found.update(dict.fromkeys(run, tall))
    return found


def by_standards(group: Group, titles: Sequence[Column], matrix: Matrix, rows: Sequence[int]) -> Group:
    """The group where each title stands over several standards without points: they are its steps, or the titles."""
    standards = [column for column in group.of("standard") if column not in titles]
    if len(standards) != 1 or len(titles) != 1 or not group.of("points", "plus", "minus", "full"):
        return group
    texts = _texts(standards[0], matrix, rows)
    spots = {id(spot): spot for row in rows if (spot := matrix.at.get((row, titles[0].at)))}
    if len(spots) * 3 > len(texts) * 2 or any(read_terms(text).amounts for text in texts):
        return group
    levels = [text for text in texts if LEVEL_WORD.fullmatch(unwrapped(unnumbered(text)).plain)]
    steps = len(levels) * 10 >= len(texts) * 6
    roles = {standards[0].at: "level"} if steps else {standards[0].at: "title", titles[0].at: "category"}
    columns = tuple(msgspec.structs.replace(one, role=roles.get(one.at, one.role)) for one in group.columns)
    return msgspec.structs.replace(group, columns=columns)


def blocks_of(titles: Sequence[Column], matrix: Matrix, rows: Sequence[int]) -> list[Column]:
    """Of several columns that might be titles, those before the most particular: they name groups of rows."""
    if len(titles) < 2:
        return []
    texts = [{spot.flat for row in rows if (spot := matrix.at.get((row, column.at)))} for column in titles]
    lengths = [sum(map(len, found)) for found in texts]
    named = [length if length <= 25 * len(found) else 0 for length, found in zip(lengths, texts, strict=True)]
    most = max(range(len(titles)), key=lambda at: (len(texts[at]), named[at], -at))
    return [column for at, column in enumerate(titles) if at < most]


def outer(categories: Sequence[Column], matrix: Matrix, rows: Sequence[int]) -> list[int]:
    """The columns whose names are headings of the sheet, the best first: the outermost that tells rows apart.

    类别 | 积分项目 | 具体内容 has 类别. One that is the same everywhere, or tells 加分 from 扣分 alone, is left for the
    next, if that names groups and not nearly every row.
    """
    named = [(column, {text.plain for text in _texts(column, matrix, rows)}) for column in categories]
    for column, names in named:
        signs = all(sign_in((name,)) is not None and len(name) <= _SIGN_MAX for name in names)
        if len(names) > 1 and not signs and len(names) <= _GROUPS_MAX:
            return [column.at]
    fewest = min((one for one in named if one[1]), key=lambda one: len(one[1]), default=None)
    return [fewest[0].at] if fewest is not None and len(categories) > 1 else []


def _texts(column: Column, matrix: Matrix, rows: Sequence[int]) -> list[Line]:
    """The texts below a column's heading; a line that begins further left is none of them."""
    spots = [spot for row in rows if (spot := matrix.at.get((row, column.at))) and not spot.column < column.at]
    return [spot.text for spot in spots]


def numbers(column: Column, matrix: Matrix, rows: Sequence[int]) -> bool:
    """Tell whether most of a column's cells are numbers of articles: 第三条, 5, P01."""
    texts = _texts(column, matrix, rows)
    numbers = [text for text in texts if _NUMBER.fullmatch(text.plain)]
    return len(numbers) * 10 > len(texts) * 6


def tells_points(column: Column, matrix: Matrix, rows: Sequence[int]) -> bool:
    """Tell whether most of a column's cells begin with points, whatever its heading says."""
    texts = _texts(column, matrix, rows)
    begins = [text for text in texts if (amounts := read_terms(text).amounts) and amounts[0].start < 6]
    return len(begins) * 10 > len(texts) * 6


def tells(group: Group) -> bool:
    """Tell whether the column of standards is where the items themselves stand."""
    return not group.of("category") or not group.of("points", "plus", "minus", "full")
