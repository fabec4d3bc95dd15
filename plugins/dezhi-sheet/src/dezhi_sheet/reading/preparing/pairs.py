"""Labels beside, before or over their values, in cells or inside one: 分值 | 5分, 频次：每月2次."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import msgspec

from ..grid import Matrix, Spot
from ..phrases.headings import FIGURES, role_of
from ..phrases.text import Line, line, trimmed, unnumbered, unwrapped

_LABEL_MAX: Final = 6
_LEAST: Final = 2
"""How often a heading comes to be a label."""
_FIGURE: Final = re.compile(r"[+\-加扣减]?\d{1,3}分?(?:/.{1,3})?")
_COLONS_MAX: Final = 100
"""Colons in a cell, beyond which it is a text."""
_SHORT_MAX: Final = 2
_DONE: Final = re.compile(r".{2,}(?:确认|登记|认定|审核|记录|盖章|签字|公示|评定|证明)")
"""Who did what, or what there is: a value rather than a label."""
_COLON: Final = re.compile(":")

Place = tuple[int, int]


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """A label and its value; the rows and columns both take."""

    label: str
    value: Spot | None
    row: int
    rows: int
    column: int
    columns: int
    places: tuple[Place, ...]


def bare(text: str) -> str:
    """The text without spaces, colons and brackets."""
    return re.sub(r"[\s:【】\[\]()]", "", text)


def _is_label(text: str) -> bool:
    return 1 < len(text) <= _LABEL_MAX and not re.search(r"\d", text) and bool(role_of(text))


def labels_of(spots: Sequence[Spot]) -> frozenset[str]:
    """The short headings that come again, where there are several or one of points."""
    told: Counter[str] = Counter()
    for spot in spots:
        told.update(label_of(flat) for flat in _lines(spot) if label_of(flat))
    most = max((count for label, count in told.items() if role_of(label) in FIGURES), default=0)
    found = frozenset(label for label, count in told.items() if _comes_again(label, count, most))
    return found if len(found) > 1 or any(role_of(label) in FIGURES for label in found) else frozenset()


def _comes_again(label: str, count: int, most: int) -> bool:
    """Tell whether a heading is in enough blocks to be a label; 网格员确认 may come again as well, as a value."""
    short = len(label) <= _SHORT_MAX or count * 2 >= most
    return count >= _LEAST and short and not _DONE.fullmatch(label)


def _lines(spot: Spot) -> list[str]:
    if spot.text.plain.count(":") > _COLONS_MAX:
        return []
    return [part for whole in spot.text.plain.split("\n") for part in _split(whole)]


def _split(whole: str) -> list[str]:
    """分值:3分频次:每周1次 as its parts, one for each label."""
    starts = [0]
    for colon in _COLON.finditer(whole):
        if _is_label(bare(whole[starts[-1] : colon.start()])):
            continue
        sizes = (size for size in range(_LABEL_MAX, 1, -1) if starts[-1] < colon.start() - size)
        starts += [start for size in sizes if _is_label(whole[(start := colon.start() - size) : colon.start()])][:1]
    return [whole[start:end] for start, end in zip(starts, [*starts[1:], len(whole)], strict=True)]


def label_of(flat: str) -> str:
    """The label a cell or a line is or begins with; empty for none."""
    flat = unwrapped(unnumbered(Line(flat, flat))).plain
    label = bare(flat[: flat.find(":")] if ":" in flat else flat)
    return label if _is_label(label) else ""


def inside(spots: Sequence[Spot], labels: frozenset[str]) -> tuple[list[Pair], list[tuple[Spot, list[Pair]]]]:
    """Pairs written `label：value` inside a cell; apart, names with their pairs, where these are in the same cell."""
    found: list[Pair] = []
    named: list[tuple[Spot, list[Pair]]] = []
    for spot in spots:
        groups: list[tuple[str, list[Pair]]] = [("", [])]
        for part in _lines(spot):
            if ":" in part and label_of(part) in labels:
                groups[-1][1].append(_written(spot, part))
            elif part.strip():
                groups.append((part, []))
        told = [group for group in groups if group[1]]
        if len(told) < len(groups) - 1 - (not groups[0][1] and len(told) > 1):
            continue  # words of another kind, and a label or two among them
        for name, pairs in told:
            if name:
                named.append((placed(spot, trimmed(unnumbered(line(name)))), pairs))
            else:
                found.extend(pairs)
    return found, named


def _written(spot: Spot, part: str) -> Pair:
    """A pair in a line of a cell."""
    value = trimmed(Line(part[part.find(":") + 1 :], part[part.find(":") + 1 :]))
    return Pair(
        label=label_of(part), value=placed(spot, value) if value.plain else None, row=spot.row, rows=spot.rows,
        column=spot.column, columns=spot.columns, places=((spot.row, spot.column),),
    )  # fmt: skip


def beside(matrix: Matrix, spots: Sequence[Spot], labels: frozenset[str]) -> list[Pair]:
    """Pairs of a label and the cell right of it."""
    found: list[Pair] = []
    for spot in spots:
        label = bare(unwrapped(unnumbered(spot.text)).plain)
        value = matrix.at.get((spot.row, spot.column + spot.columns))
        if label not in labels or (":" in spot.flat and not spot.flat.endswith(":")):
            continue
        if value is not None and (label_of(value.flat) in labels or value.row != spot.row):
            value = None
        if value is not None and _goes_on(matrix, value, labels):
            return []
        columns = spot.columns + (value.columns if value else 0)
        places = ((spot.row, spot.column), *(((value.row, value.column),) if value else ()))
        found.append(
            Pair(
                label=label, value=value, row=spot.row, rows=spot.rows,
                column=spot.column, columns=columns, places=places,
            )
        )  # fmt: skip
    return found if sum(pair.value is not None for pair in found) * 2 > len(found) else []


def _goes_on(matrix: Matrix, value: Spot, labels: frozenset[str]) -> bool:
    """Tell whether more values follow beside one, as in a table that lies on its side."""
    after = matrix.at.get((value.row, value.column + value.columns))
    if after is None or label_of(after.flat) in labels:
        return False
    behind = matrix.at.get((value.row, after.column + after.columns))
    return behind is None or label_of(behind.flat) not in labels


def below(matrix: Matrix, spots: Sequence[Spot], labels: frozenset[str]) -> list[Pair]:
    """Pairs of a label and the cell right below it, where labels stand side by side: a little table for each item."""
    found: list[Pair] = []
    for spot in spots:
        label = bare(unwrapped(unnumbered(spot.text)).plain)
        row = spot.row + spot.rows
        value = matrix.at.get((row, spot.column))
        if label not in labels or (value is not None and label_of(value.flat) in labels):
            continue
        under = matrix.at.get((row + value.rows, spot.column)) if value is not None else None
        if under is not None and _FIGURE.fullmatch(under.flat):
            return []  # a table with several rows
        found.append(
            Pair(
                label=label, value=value, row=spot.row, rows=row - spot.row + 1,
                column=spot.column, columns=spot.columns,
                places=((spot.row, spot.column), *(((value.row, value.column),) if value else ())),
            )
        )  # fmt: skip
    return found


def placed(spot: Spot, text: Line) -> Spot:
    """The text where the spot is, as one cell."""
    return Spot(text=text, row=spot.row, column=spot.column)
