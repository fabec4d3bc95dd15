"""From a sheet to its items: it is read in several ways, and the one that explains most of it is taken."""

from collections.abc import Container, Sequence
from typing import Final

import msgspec

from dezhi.plugin import Grid

from .around import Around
from .grid import Matrix, address
from .items import Found
from .layouts.poster import read_poster
from .layouts.regions import read_regions
from .layouts.stack import Stack
from .notes import tell_rules
from .places import letters
from .preparing.across import below_points, laid_across
from .preparing.cards import Cards, carded
from .preparing.folded import Folded, unfolded
from .preparing.legend import Legend, explained, footnoted, legend_of, looked_up
from .preparing.pasted import unpasted
from .preparing.prices import unpriced
from .preparing.questions import questioned
from .preparing.spelled import spelled
from .remarks import annotated
from .tables.heads import private
from .tiers import tiered
from .worth import bears_points, likely, unexplained, worth

_TWIN: Final = 20
_LEFT: Final = 4
"""Items to one place left over, below which all of a sheet is in doubt."""
_UNLIKELY: Final = 75
_NAME_MAX: Final = 16
_IN_CELL: Final = 78
_CARD: Final = 86
"""How sure a card is: its labels are plain, and its name is known by its place."""
_FEW: Final = 4
"""Rows an item, from which a table is read by its contents though it has headings."""


def read_grid(grid: Grid, legend: Legend | None = None) -> Around:
    """Read one sheet: its items, and in sentences what was passed over.

    `legend` is what the workbook's abbreviations mean; without it, what this sheet itself tells of them.
    """
    grid, pasted = unpasted(grid), grid
    parted = grid is not pasted
    grid, priced = unpriced(grid)
    grid = footnoted(explained(spelled(looked_up(grid)), legend_of((grid,)) if legend is None else legend))
    hidden = [cell for cell in grid.cells if cell.hidden and cell.text.strip()]
    rest, folded = unfolded(grid)
    around = _best(grid.name, Matrix.of(rest))
    for table in folded:
        around.join(_of_cell(grid, table))
    told: list[str] = []
    if parted:
        told.append(f"工作表“{grid.name}”：各行的字是连在一格里的表，按分隔的符号分成了几栏，位置里的列是分开以后的。")
    if priced:
        told.append(f"工作表“{grid.name}”：{'、'.join(priced[:10])}里写的是兑换价目，不是积分条目，没有读。")
    if hidden and all(cell.hidden for cell in grid.cells):
        told.append(f"工作表“{grid.name}”是隐藏的，没有读。")
    elif hidden:
        shown = {cell.row for cell in grid.cells if not cell.hidden}
        rows = sorted({cell.row for cell in hidden} - shown)
        columns = sorted({cell.column for cell in hidden if cell.row in shown})
        places = [f"第{row}行" for row in rows] + [f"{letters(column)}列" for column in columns]
        several = f"{'、'.join(places[:10])}{'……' if len(places) > 10 else ''}"
        told.append(f"工作表“{grid.name}”：有隐藏的内容（{several}），没有读。")
    around.passed[:0] = told
    if not hidden or around.found:
        around.close()
    return around


def without_twins(found: Sequence[Found]) -> list[Found]:
    """Say of an item that stands twice on a sheet with the same direction that it does, and be less sure of both."""
    told: dict[tuple[str, bool], list[Found]] = {}
    for one in found:
        told.setdefault((one.title, one.minus), []).append(one)
    twins: list[Found] = []
    for one in found:
        others = [other for other in told[one.title, one.minus] if other is not one]
        if others:
            doubt = f"和{address(others[0].spot)}的条目同名，请看是不是写了两遍。"
            one = msgspec.structs.replace(one, sure=one.sure - _TWIN, doubts=(*one.doubts, doubt))  # noqa: PLW2901
        twins.append(one)
    return twins


def doubted(found: Sequence[Found], matrix: Matrix, explained: Container[tuple[int, int]] = ()) -> list[Found]:
    """The items, less sure where a title looks like no deed, or where many places with points were left over."""
    left = unexplained(found, matrix, explained)
    much = left > 1 and left * _LEFT > len(found)
    told: list[Found] = []
    for one in found:
        if much:
            doubt = "这张表里还有写着分数的格子没有读进去，整张表都请核对。"
            one = msgspec.structs.replace(one, sure=one.sure - _TWIN, doubts=(*one.doubts, doubt))  # noqa: PLW2901
        if likely(one.title) < 1:
            doubt = "名称不像做的一件事，请写清是做什么。"
            one = msgspec.structs.replace(one, sure=min(one.sure, _UNLIKELY), doubts=(*one.doubts, doubt))  # noqa: PLW2901
        told.append(one)
    return told


def _of_cell(grid: Grid, folded: Folded) -> Around:
    """A table inside one cell, below what is said over it there, else beside or above the cell."""
    around = Around(grid.name)
    at = Matrix.of(grid).at
    row, column = folded.cell.row, folded.cell.column
    near = (at.get((row, left)) for left in range(column - 1, 0, -1))
    beside = next((spot for spot in near if spot is not None), None) or at.get((row - 1, column))
    named = beside is not None and len(beside.flat) <= _NAME_MAX and not bears_points(beside)
    label = folded.label or (beside.text.shown if named and beside is not None else "")
    if label:
        around.enter(0, label)
    sure, doubts = (_CARD, ()) if folded.headed else (_IN_CELL, ("这些条目连在一格里，是按标点分开的，请核对。",))
    around = Stack(around, folded.table, sure=sure, doubts=doubts).read()
    around.found[:] = doubted(without_twins(around.kept()), Matrix(()))
    return around


def _explains(around: Around, matrix: Matrix) -> bool:
    """Tell whether a reading leaves hardly any place that says points: then cards are what the sheet is."""
    left = unexplained(around.found, matrix, around.explained)
    return len(around.found) > 1 and left * _LEFT <= len(around.found)


def _of_cards(name: str, cards: Cards) -> Around:
    """The cards of a sheet, and what stands beside them."""
    around = Stack(Around(name), cards.table, sure=_CARD).read()
    for one in around.found:
        around.explained |= cards.places.get((one.spot.row, one.spot.column), frozenset())
    if cards.rest.rows:
        around.join(Stack(Around(name), cards.rest).read())
    return around


def _best(name: str, matrix: Matrix) -> Around:
    """The reading worth most; from the top down where none is worth more, and cards where they explain all of it."""
    stack = Stack(Around(name), matrix)
    readings = [stack.read()]
    people = private(matrix)
    bare = matrix.without(people) if people else matrix
    turned = (questioned(bare), None if stack.turned else laid_across(bare), below_points(bare))
    readings.extend(Stack(Around(name), other).read() for other in turned if other is not None)
    if stack.of_items and len(readings[0].found) * _FEW < len(matrix.rows):
        readings.append(Stack(Around(name), bare, by_headings=False).read())
    apart = read_regions(name, matrix)
    if apart is not None:
        readings.append(apart)
    if not stack.tabled:
        readings.append(read_poster(Around(name), bare))
    best = max(readings, key=lambda one: worth(one.found, matrix, one.explained))
    cards = carded(bare)
    if cards is not None and _explains(of_cards := _of_cards(name, cards), matrix):
        best = of_cards
    kept = [one for one in best.kept() if (one.spot.row, one.spot.column) not in people]
    kept, used = annotated(kept, matrix.without(best.explained))
    best.found[:] = doubted(tiered(without_twins(kept)), matrix, best.explained)
    tell_rules(best, matrix, used)
    return best
