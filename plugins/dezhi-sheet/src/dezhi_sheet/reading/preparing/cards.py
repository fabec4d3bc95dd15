"""Records told one below the other, each as labels beside their values: what a form gives back."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from ..grid import Matrix, Spot
from ..phrases.headings import FIGURES, HEADING_MAX, TITLES, role_of
from ..phrases.text import Line, unnumbered, unwrapped

_LEAST: Final = 2
"""Records from which labels that come again make cards."""


def carded(matrix: Matrix) -> Matrix | None:
    """The records as a table with a row for each; None where no labels come again."""
    pairs = _pairs(matrix)
    labels = [label.flat for label, _ in pairs]
    firsts = [at for at, label in enumerate(labels) if label in _beginning(labels)]
    if len(firsts) < _LEAST:
        return None
    records = [pairs[start:end] for start, end in pairwise([*firsts, len(pairs)])]
    names = list(dict.fromkeys(label.flat for record in records for label, _ in record if _often(label, records)))
    roles = {role_of(name) for name in names}
    if not roles & TITLES or not roles & FIGURES:
        return None
    heads = {name: next(label for label, _ in pairs if label.flat == name) for name in names}
    found: list[tuple[int, int, Spot]] = [(1, column, heads[name]) for column, name in enumerate(names, 1)]
    for row, record in enumerate(records, 2):
        found.extend((row, names.index(label.flat) + 1, value) for label, value in record if label.flat in heads)
    return Matrix(found)


def _beginning(labels: Sequence[str]) -> tuple[str, ...]:
    """The label each record begins with: the first title that comes again."""
    again = next((label for label in labels if role_of(label) in TITLES and labels.count(label) >= _LEAST), None)
    return (again,) if again is not None else ()


def _often(label: Spot, records: Sequence[Sequence[tuple[Spot, Spot]]]) -> bool:
    held = sum(any(one.flat == label.flat for one, _ in record) for record in records)
    return held >= _LEAST


def _pairs(matrix: Matrix) -> list[tuple[Spot, Spot]]:
    """Labels with the values beside them, or `label：value` in one cell, from the top."""
    found: list[tuple[Spot, Spot]] = []
    for row in matrix.rows:
        spots = [spot for spot in matrix.spots(row) if spot.row == row]
        parted = [pair for spot in spots if (pair := _parted(spot)) is not None]
        if parted:
            found.extend(pair for several in parted for pair in several)
        elif len(spots) == 2 and _is_label(spots[0].flat):
            found.append((_bare(spots[0]), spots[1]))
    return found


def _is_label(flat: str) -> bool:
    return len(flat) <= HEADING_MAX and bool(role_of(flat.rstrip(":")))


def _bare(spot: Spot) -> Spot:
    text = unwrapped(unnumbered(spot.text))
    return _with(spot, text.part(0, len(text.plain) - text.plain.endswith(":")))


def _with(spot: Spot, text: Line) -> Spot:
    return Spot(text=text, row=spot.row, column=spot.column, rows=spot.rows, columns=spot.columns)


def _parted(spot: Spot) -> list[tuple[Spot, Spot]] | None:
    """`项目：捡垃圾` or several such lines in one cell, as label and value; None where it is no such text."""
    found: list[tuple[Spot, Spot]] = []
    start = 0
    for line in spot.text.plain.split("\n"):
        colon = line.find(":")
        if colon <= 0 or not _is_label(line[:colon]) or colon + 1 == len(line):
            return None
        text = spot.text.part(start, start + len(line))
        found.append((_with(spot, text.part(0, colon)), _with(spot, text.part(colon + 1))))
        start += len(line) + 1
    return found
