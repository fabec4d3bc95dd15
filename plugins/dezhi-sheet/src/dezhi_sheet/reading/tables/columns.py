"""What a table's columns hold, told by what stands in them: where there are no headings, or none anybody knows."""

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

import msgspec

from ..grid import Matrix
from ..items import clean_title
from ..phrases.headings import CONTENTS_OF_NOTHING, FIGURES, TITLES, role_of
from ..phrases.patterns import LEVEL_WORD
from ..phrases.people import are_people
from ..phrases.terms import read_terms
from ..phrases.text import Line, number
from ..prose import pieces_of
from .heads import Column, Group, Head, above

_POINTS: Final = re.compile(
    r"(?:[+\-±]|[加扣减奖])?\d+(?:\.\d+)?分?(?:[-~至到/]\d+分?)?(?:/\S{1,3})?|[零一二两三四五六七八九十百]{1,4}(?:[-~至到][一二两三四五六七八九十百]{1,4})?分?"
)
_UNITS: Final = re.compile(
    r"每?(?:人|户)?(?:次|月|季度?|年度?|天|日|周|人|户|小时|半年|件|起|例|处|场)(?:/.{1,2})?|一次性|按.{1,2}"
)
_CODES: Final = re.compile(r"[A-Za-z]{0,4}[\-_.]?\d{1,4}(?:[\-.]\d{1,3}){0,2}[.、]?")
_NUMERALS: Final = re.compile(r"[一二三四五六七八九十百]{1,4}[、.]?")
_FEW: Final = 2
_KNOWN: Final = frozenset({"category", "note", "unit", "cap", "number", "level", "plus", "minus", "full", "filled"})
_MOST: Final = 0.6


def head_by_contents(matrix: Matrix, rows: list[int]) -> Head | None:
    """The columns of a table without headings that are known; None where no column is points."""
    wide = [row for row in rows if len(matrix.spots(row)) >= 2]
    if len(wide) < 2 or len(wide) * 2 < len(rows):
        return None
    headed = _headings_in(matrix, wide)
    held = _held(matrix, wide[1:] if headed else wide)
    roles = {column: _by_contents(values) for column, values in held.items()}
    if any(role == "words" and are_people(held[column]) for column, role in roles.items()):
        return Head(first=wide[0] - 1, last=wide[0] - 1, kind="roster")
    for column, role in roles.items():
        told = role_of(headed.get(column, ""))
        if told in _KNOWN and (role == "words" or told in {"plus", "minus", "full"}):
            roles[column] = told
    words = [column for column, role in roles.items() if role == "words"]
    if words and not FIGURES & set(roles.values()):  # 1, 2, 3 behind the words are points, no numbers of the lines
        roles |= {column: "points" for column, role in roles.items() if role == "number" and column > words[0]}
    figures = [column for column, role in roles.items() if role in FIGURES]
    if not words or not figures:
        return None
    pairs = _side_by_side(words, figures)
    if pairs:
        first = _before_figures(matrix, wide, figures)
        groups = tuple(_paired(matrix, first + 1, pairs, at) for at in range(len(pairs)))
        return Head(first=first, last=first, groups=groups)
    title = _title_among(words, held)
    found: list[Column] = []
    for column in sorted(roles):
        role = roles[column]
        if role == "words":
            role = "title" if column == title else "category" if _names(column, title, held) else "note"
        found.append(Column(at=column, role=role, heading=headed.get(column, "")))
    first = wide[0] if headed else rows[0] - 1
    return Head(first=first, last=first, groups=(Group(columns=tuple(found)),))


def _side_by_side(words: Sequence[int], figures: Sequence[int]) -> list[tuple[int, int]]:
    """Several tables beside one another: each column of figures with the words on the same side of it."""
    if len(figures) < 2 or len(words) < 2:
        return []
    for step in (1, -1):
        pairs = [(figure + step, figure) for figure in figures]
        if all(title in words for title, _ in pairs):
            return pairs
    return []


def _before_figures(matrix: Matrix, rows: Sequence[int], figures: Sequence[int]) -> int:
    """The last row before figures begin; what stands there are headings."""
    for row in rows:
        if any((spot := matrix.at.get((row, at))) and _POINTS.fullmatch(spot.flat) for at in figures):
            return row - 1
    return rows[0] - 1  # points in words alone


def _paired(matrix: Matrix, row: int, pairs: Sequence[tuple[int, int]], at: int) -> Group:
    title, figure = pairs[at]
    columns = [Column(at=title, role="title", heading=""), Column(at=figure, role="points", heading="")]
    columns.sort(key=lambda column: column.at)
    return Group(columns=tuple(columns), above=above(matrix, row, columns, len(pairs)))


def better(head: Head, matrix: Matrix, rows: Sequence[int]) -> Head:
    """The headings with a role by contents for each column that no known word heads, where the row lacks that role."""
    groups = [_filled(group, matrix, rows) for group in head.groups]
    return msgspec.structs.replace(
        head, groups=tuple(part for group in groups for part in _of_lists(group, matrix, rows))
    )


def _of_lists(group: Group, matrix: Matrix, rows: Sequence[int]) -> list[Group]:
    """A group for each column of points whose cells list items with their points: then its title only names the row."""
    figures = [column for column in group.columns if column.role in {"points", "plus", "minus", "standard"}]
    held = _texts_in(matrix, rows)
    lists = [column for column in figures if _list_items(held.get(column.at, []))]
    if not lists:
        return [group]
    others = [
        msgspec.structs.replace(one, role="category" if one.role in TITLES else one.role)
        for one in group.columns
        if one not in figures
    ]
    roles = {"plus": "plus-both", "minus": "minus-both"}
    found: list[Group] = []
    for column in lists:
        both = msgspec.structs.replace(column, role=roles.get(column.role, "both"))
        found.append(msgspec.structs.replace(group, columns=(*others, both)))
    return found


def _texts_in(matrix: Matrix, rows: Sequence[int]) -> dict[int, list[Line]]:
    spots = {
        (column, id(matrix.at[row, column])): matrix.at[row, column] for row in rows for column in matrix.columns(row)
    }
    found: dict[int, list[Line]] = {}
    for (column, _), spot in spots.items():
        found.setdefault(column, []).append(spot.text)
    return found


def _list_items(texts: Sequence[Line]) -> bool:
    """Tell whether at least half of the cells tell several items, each with words of its own."""
    several = 0
    for text in texts:
        titles = []
        for piece in pieces_of(text):
            terms = read_terms(piece)
            if terms.amounts:
                titles.append(clean_title(Line(piece.shown, terms.left).part(0, terms.amounts[0].start), cut=True))
        own = [title for title in titles if len(title) > _LEVEL_MAX or (len(title) > 2 and not LEVEL_WORD.match(title))]
        several += len(own) > 1
    return several * 2 >= max(1, len(texts))


_LEVEL_MAX: Final = 6


def _filled(group: Group, matrix: Matrix, rows: Sequence[int]) -> Group:
    roles = {column.role for column in group.columns}
    held = _held(matrix, [row for row in rows if len(matrix.spots(row)) >= 2])
    told = {column.at: _by_contents(held[column.at]) for column in group.columns if held.get(column.at)}
    group = _halved(group, told)
    swapped = _swapped(group, told)
    if swapped is not None:
        return swapped
    open_columns = [column for column in group.columns if column.role == "" and column.at in told]
    given: dict[int, str] = {}
    several = _several(group, told)
    if several:
        given |= dict.fromkeys(several, "step")
    elif not roles & (FIGURES | {"step"}):
        points = [column.at for column in open_columns if told[column.at] in {"points", "standard"}]
        given |= {points[0]: told[points[0]]} if points else {}
    if not roles & (TITLES | {"standard"}):
        words = [column.at for column in open_columns if told[column.at] == "words"]
        given |= {_title_among(words, held): "title"} if words else {}
    given |= {
        column.at: told[column.at]
        for column in open_columns
        if told[column.at] in {"unit", "cap"} and told[column.at] not in roles
    }
    columns = tuple(_given(one, given.get(one.at, one.role)) for one in group.columns)
    return msgspec.structs.replace(group, columns=columns)


def _given(column: Column, role: str) -> Column:
    """The column with a role by contents; a step is doubted, and called what its heading says."""
    if role != "step" or column.role == "step":
        return msgspec.structs.replace(column, role=role)
    label = re.sub(r"(?<=[^\d])[得积加]?分值?$", "", column.heading) or column.heading
    doubt = "一行有几栏分数，先按一条的几个档读，请核对。"
    return msgspec.structs.replace(column, role=role, label=label, doubt=doubt)


def _several(group: Group, told: Mapping[int, str]) -> list[int]:
    """The columns of figures where a row has several that no known word tells apart: 个人分, 家庭分."""
    if any(column.role in {"plus", "minus", "standard", "full", "step"} for column in group.columns):
        return []
    figures = [column for column in group.columns if column.role in {"points", ""} and told.get(column.at) == "points"]
    named = [column for column in figures if column.role == "points"]
    own = {column.heading for column in figures}
    return [one.at for one in figures] if len(figures) > 1 and len(named) != 1 and len(own) == len(figures) else []


def _halved(group: Group, told: Mapping[int, str]) -> Group:
    """One heading merged over the titles and their figures: 加分内容 over 扫地 and 2."""
    titles = [column for column in group.columns if column.role in TITLES]
    figures = [column for column in titles if told.get(column.at) in {"points", "number"} and column is not titles[0]]
    figures = figures or [column for column in titles if told.get(column.at) == "points"]
    if not figures or len(figures) == len(titles):
        return group
    columns = tuple(msgspec.structs.replace(one, role="points") if one in figures else one for one in group.columns)
    return msgspec.structs.replace(group, columns=columns)


def _swapped(group: Group, told: dict[int, str]) -> Group | None:
    """Headings that stand over one another's columns: the title's over figures, the points' over words."""
    titles = [column for column in group.columns if column.role in TITLES]
    figures = [column for column in group.columns if column.role == "points"]
    if (
        len(titles) != 1
        or len(figures) != 1
        or told.get(titles[0].at) != "points"
        or told.get(figures[0].at) != "words"
    ):
        return None
    roles = {titles[0].at: "points", figures[0].at: "title"}
    columns = tuple(msgspec.structs.replace(one, role=roles.get(one.at, one.role)) for one in group.columns)
    return msgspec.structs.replace(group, columns=columns)


def _held(matrix: Matrix, rows: Sequence[int]) -> dict[int, list[str]]:
    """What stands in each column, each block once."""
    found: dict[int, dict[int, str]] = {}
    for row in rows:
        for column in matrix.columns(row):
            spot = matrix.at[row, column]
            if not CONTENTS_OF_NOTHING.fullmatch(spot.flat):
                found.setdefault(column, {})[id(spot)] = spot.flat
    return {column: list(values.values()) for column, values in found.items()}


def _headings_in(matrix: Matrix, rows: Sequence[int]) -> dict[int, str]:
    """The first row's texts where they look like headings: short words over columns of figures."""
    spots = matrix.spots(rows[0])
    if len(rows) < 3 or any(len(spot.flat) > 10 or re.search(r"\d", spot.flat) for spot in spots):
        return {}
    held = _held(matrix, rows[1:])
    figures = [column for column, values in held.items() if _by_contents(values) in {"points", "number"}]
    told = {column: matrix.at[rows[0], column].flat for column in matrix.columns(rows[0])}
    return told if any(column in told for column in figures) else {}


def _title_among(words: Sequence[int], held: dict[int, list[str]]) -> int:
    return max(words, key=lambda column: (len(set(held[column])), sum(map(len, held[column])), -column))


def _names(column: int, title: int, held: dict[int, list[str]]) -> bool:
    """Tell whether a column of words names groups: before the title, or short words that come again."""
    distinct = set(held[column])
    again = len(distinct) * 2 <= len(held[column]) and max(map(len, distinct)) <= 8
    return column < title or again


def _by_contents(values: Sequence[str]) -> str:
    """What a column holds, by the most of its cells."""
    numerals = [number(value.rstrip("、.")) for value in values if _NUMERALS.fullmatch(value)]
    if len(numerals) * 10 >= len(values) * 8 and _counts(numerals):
        return "number"
    codes = [value for value in values if _CODES.fullmatch(value)]
    if len(codes) * 10 >= len(values) * 8 and len(set(codes)) == len(codes) and _climbs(codes):
        return "number"
    tests: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("points", _POINTS.fullmatch),
        ("unit", _UNITS.fullmatch),
        ("standard", _is_standard),
        ("cap", _is_cap),
    )
    return next((role for role, test in tests if sum(map(bool, map(test, values))) >= len(values) * _MOST), "words")


def _is_standard(value: str) -> bool:
    """Tell whether a short text begins with points."""
    amounts = read_terms(Line(value, value)).amounts if len(value) <= 40 else ()
    total = re.fullmatch(r"[^()\d]{2,}\(\d{1,3}分\)", value)  # 环境卫生（30分） is what a section comes to
    return bool(amounts) and amounts[0].start < 6 and total is None


def _is_cap(value: str) -> bool:
    """Tell whether a short text says a limit and nothing else."""
    terms = read_terms(Line(value, value)) if len(value) <= 20 else None
    return terms is not None and bool(terms.limits) and not terms.amounts


def _counts(figures: Sequence[Fraction | None]) -> bool:
    """Tell whether figures number the lines: 一, 二, 三; no points go up by one from line to line."""
    told = [figure for figure in figures if figure is not None]
    steps = [after - before for before, after in pairwise(told)]
    return len(told) > _FEW and sum(step == 1 for step in steps) * 10 >= len(steps) * 8


def _climbs(values: list[str]) -> bool:
    figures = [int(re.findall(r"\d+", value)[-1]) for value in values]
    marked = any(re.search(r"[A-Za-z]", value) for value in values)
    steps = [after - before for before, after in pairwise(figures)]
    return len(steps) > 0 and sum(step == 1 for step in steps) * 10 >= len(steps) * (5 if marked else 7)
