"""Whole tables inside one cell: lines of fields, with headings or without, or deeds with bare figures in one line.

项目、分值、上限 / 打扫河堤、3分、每月12分; 打扫河堤，3分，每月12分；看望老人，2分，每月8分; 打扫河堤3、看望老人2.
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from dezhi.plugin import Cell, Grid

from ..grid import Matrix, Spot
from ..phrases.cells import read_cap, read_unit
from ..phrases.headings import FIGURES, TITLES, role_of
from ..phrases.text import line, unnumbered
from .fields import COMMAS, GAPS, PAUSES, SEMICOLONS, SLASHES, SPACES, STROKES, TABS, fields_of, is_rule

_SEPARATORS: Final = (STROKES, TABS, COMMAS, PAUSES, SEMICOLONS, GAPS, SPACES, SLASHES)
_LINES: Final = (re.compile(r"\n"), re.compile(r"[；;。]"))
_ROWS_LEAST: Final = 2
_BARE_LEAST: Final = 3
"""Rows a table without headings must have."""
_ROWS_MAX: Final = 200
_ENOUGH: Final = 1_000
"""Rows inside cells, after which nothing more is looked for."""
_WIDTH_MAX: Final = 8
_TEXT_MAX: Final = 4_000
_POINTS: Final = re.compile(r"(?P<sign>[+\-＋－加减扣]?)\d{1,3}(?:[-~～至]\d{1,3})?(?P<unit>分?(?:/\S{1,3})?)")
_JOINED: Final = re.compile(r"(?P<title>[^\d\s:：]{2,20}?)(?P<figure>[+\-＋－]?\d{1,3})")
_LABEL_MAX: Final = 14


class Folded(msgspec.Struct, frozen=True, kw_only=True):
    """A cell's table; what stands over it in the cell, and whether its columns have headings of their own."""

    cell: Cell
    label: str
    table: Matrix
    headed: bool


def unfolded(grid: Grid) -> tuple[Grid, list[Folded]]:
    """The sheet without the cells that hold a table, and these tables."""
    found: list[Folded] = []
    for cell in grid.cells:
        one = None if cell.hidden or sum(len(each.table.rows) for each in found) > _ENOUGH else _folded(cell, grid.name)
        found.extend([one] if one is not None else [])
    held = {(one.cell.row, one.cell.column) for one in found}
    rest = tuple(cell for cell in grid.cells if (cell.row, cell.column) not in held)
    return (Grid(name=grid.name, cells=rest), found) if found else (grid, [])


def _folded(cell: Cell, name: str) -> Folded | None:
    text = cell.text.strip()[:_TEXT_MAX]
    for split in _LINES:
        rows = [row for each in split.split(text) if (row := each.strip()) and not is_rule(row)]
        if not _ROWS_LEAST < len(rows) <= _ROWS_MAX:
            continue
        for separator in _SEPARATORS:
            parts = [fields_of(row, separator) for row in rows]
            one = _with_headings(cell, rows, parts)
            if one is None and separator not in {SPACES, SLASHES}:
                one = _without_headings(cell, rows, parts)
            if one is not None:
                return one
    return _joined(cell, text, name)


def _with_headings(cell: Cell, rows: Sequence[str], parts: Sequence[Sequence[str]]) -> Folded | None:
    """Lines of fields below a line of headings."""
    first = next((at for at, texts in enumerate(parts[:3]) if _are_headings(texts)), None)
    if first is None:
        return None
    width = len(parts[first])
    below = parts[first + 1 :]
    alike = [texts for texts in below if 1 < len(texts) <= width]
    if len(alike) < _ROWS_LEAST or len(alike) * 10 < len(below) * 8:
        return None
    return Folded(cell=cell, label=_label(rows[:first]), table=_matrix(cell, [parts[first], *alike]), headed=True)


def _are_headings(texts: Sequence[str]) -> bool:
    roles = [role_of(line(text).plain) for text in texts]
    return 1 < len(texts) <= _WIDTH_MAX and all(roles) and bool(TITLES & set(roles)) and bool(FIGURES & set(roles))


def _without_headings(cell: Cell, rows: Sequence[str], parts: Sequence[Sequence[str]]) -> Folded | None:
    """Lines of a title, its points, and perhaps a limit: what prose would not understand, as it names no 分 or 最多."""
    label = 0 if len(parts[0]) > 1 else 1
    lines = [_gathered([unnumbered(line(texts[0])).shown, *texts[1:]]) for texts in parts[label:]]
    told = [texts for texts in lines if _is_row(texts)]
    width = max(map(len, told), default=0)
    if len(told) < _BARE_LEAST or len(told) < len(lines) or width > _WIDTH_MAX:
        return None
    if width == 2 and all("分" in texts[1] for texts in told):
        return None  # words that need no columns
    more = [_heading([texts[at] for texts in told if len(texts) > at]) for at in range(2, width)]
    return Folded(
        cell=cell, label=_label(rows[:label]), table=_matrix(cell, [["项目", "分值", *more], *told]), headed=False
    )


def _gathered(texts: Sequence[str]) -> list[str]:
    """The fields with one title before the points, where what parts fields stands in the title too."""
    first = next((at for at, text in enumerate(texts) if at and _POINTS.fullmatch(text)), 1)
    return ["、".join(texts[:first]), *texts[first:]]


def _is_row(texts: Sequence[str]) -> bool:
    """Tell whether fields are a title and points."""
    if len(texts) < 2 or not re.search(r"[一-鿿]{2}", texts[0]) or re.search(r"\d分", texts[0]):
        return False
    return _POINTS.fullmatch(texts[1].strip()) is not None


def _heading(texts: Sequence[str]) -> str:
    """What a field behind the points is, by what the lines have there."""
    plain = [line(text) for text in texts if text.strip()]
    if sum(bool(read_unit(text).per and not re.search(r"\d", text.plain)) for text in plain) * 2 > len(plain):
        return "单位"
    return "上限" if sum(bool(read_cap(text)) for text in plain) * 2 > len(plain) else "备注"


def _joined(cell: Cell, text: str, name: str) -> Folded | None:
    """Deeds with bare figures in one line, where the text says that they are points."""
    bare = re.sub(r"[(（][^()（）]{0,12}[)）]", "", text)
    parts = [part for part in re.split(r"[、，,；;。\n]", bare) if part.strip()]
    label = ""
    if parts and (colon := re.search(r"[:：]", parts[0])) is not None:
        label, parts[0] = parts[0][: colon.start()].strip(), parts[0][colon.end() :]
    found = [_JOINED.fullmatch(part.strip()) for part in parts]
    rows = [[one["title"], one["figure"]] for one in found if one is not None]
    speaks = "分" in text or "分" in name
    if not speaks or len(rows) < _BARE_LEAST or len(rows) < len(parts) or len(label) > _LABEL_MAX:
        return None
    return Folded(cell=cell, label=label, table=_matrix(cell, [["项目", "分值"], *rows]), headed=False)


def _label(rows: Sequence[str]) -> str:
    """A line over the table inside the cell, where it names it."""
    told = [row.strip("：: ") for row in rows if len(row) <= _LABEL_MAX and not re.search(r"\d", row)]
    return told[-1] if told else ""


def _matrix(cell: Cell, rows: Sequence[Sequence[str]]) -> Matrix:
    """The fields as a table, every one of them said to stand where the cell is."""
    return Matrix(
        (row, column, Spot(text=line(text), row=cell.row, column=cell.column))
        for row, texts in enumerate(rows, 1)
        for column, text in enumerate(texts, 1)
        if line(text).plain
    )
