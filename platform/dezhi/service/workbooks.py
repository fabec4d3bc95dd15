"""A village's own workbook as the plugins' contract has it: every sheet with merged and hidden cells, values alone."""

import html
import io
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import Final

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.plugin import Cell, Grid, Workbook
from dezhi.service.uploads import FILE_MAX, SHEETS, bomb, broken, has_macros, is_workbook, places, records, safe_copy

ROWS_MAX: Final = 5_000
COLUMNS_MAX: Final = 300
CELLS_MAX: Final = 20_000
"""Cells that say something, in all sheets. The longest sheet that was found has 69 items; this leaves room."""
TEXT_MAX: Final = 32_767
"""Characters of one cell: Excel holds no more."""
TEXTS_MAX: Final = 2_000_000
GRIDS_MAX: Final = 50
CSV_NAME: Final = "csv"
_QUOTED: Final = re.compile(r'="[^"]*"')

_SHEETS_MAX: Final = 1_000
_COLUMNS_TOLD_MAX: Final = 16_384
_AREA_MAX: Final = 2_000_000
"""Cells between the first and the last of all sheets, empty ones among them: each is looked at."""

# As in `uploads`, no pattern reads on over the next "<", nor begins again within a long word.
_ATTRIBUTE: Final = re.compile(r"""(?<=\s)([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ROW: Final = re.compile(rb"<(?:\w+:)?row\s[^<>]*>")
_COLUMN: Final = re.compile(rb"<(?:\w+:)?col\s[^<>]*>")
_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*>")
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
_TEXT: Final = re.compile(rb"<(?:\w+:)?si(?=[\s/>])")
_FORMULA: Final = re.compile(rb"\s*<(?:\w+:)?f[\s/>]")
_IS_SHARED: Final = re.compile(rb"""\st\s*=\s*["']s["']""")
_SHARED: Final = re.compile(rb"\s*(?:<(?:\w+:)?f[\s/>][^<]*(?:</(?:\w+:)?f>\s*)?)?<(?:\w+:)?v>(\d{1,9})<")


class _Part(msgspec.Struct, frozen=True):
    """What its values do not tell of one sheet: hidden rows and columns, and which cells are formulas."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    formulas: tuple[str, ...] = ()


def read_workbook(data: bytes) -> Workbook:
    """Return what a workbook (.xlsx, .xlsm, or CSV in UTF-8, GB 18030 or UTF-16) says, bounded on every side.

    What a file is, its bytes tell, not its name. Formulas are not calculated: what the sheet last showed is read, and
    where they are is told. Cells of a hidden sheet are hidden. Macros are left behind unread.

    Raises Problem `workbook-large`, `workbook-cells`, `workbook-text` naming the place, or `sheet-old`, `sheet-bomb`,
    `sheet-broken`, `sheet-empty`.
    """
    if len(data) > FILE_MAX:
        text = N_("文件超过5 MB，没有读取。积分细则只要文字，请删掉图片，或者把细则另存成一个文件再上传。")
        raise Problem("workbook-large", text, status=413)
    book = _book(data) if is_workbook(data) else Workbook(grids=(_csv(data),))
    if not any(grid.cells or grid.formulas for grid in book.grids):
        raise Problem("sheet-empty", N_("文件里没有内容。"))
    return book


class _Parts:
    """What is learnt of a workbook's parts while they are unpacked."""

    def __init__(self) -> None:
        self.sheets: dict[str, _Part] = {}
        self._cells = 0
        self._texts: list[int] = []
        self._used: list[int] = []
        self._book = self._relations = b""

    def look(self, name: str, content: bytes) -> None:
        """Measure one part, and remember what is hidden in it."""
        if name == "xl/workbook.xml":
            self._book = content
        elif name == "xl/_rels/workbook.xml.rels":
            self._relations = content
        elif name == "xl/sharedStrings.xml":
            begun = [found.start() for found in _TEXT.finditer(content)]
            self._texts = [after - before for before, after in pairwise([*begun, len(content)])]
        elif name.startswith(SHEETS):
            formulas = self._measure(content)
            self.sheets[name] = msgspec.structs.replace(_hidden(content), formulas=formulas)

    def _measure(self, content: bytes) -> tuple[str, ...]:
        """Refuse what is too large; return where formulas are."""
        formulas: list[str] = []
        for row, column, attributes, end in places(content):
            self._cells += 1
            if row > ROWS_MAX or column > COLUMNS_MAX or self._cells > 10 * CELLS_MAX:
                raise _too_many()
            if _IS_SHARED.search(attributes) and (told := _SHARED.match(content, end)):
                self._used.append(int(told[1]))
            if _FORMULA.match(content, end):
                formulas.append(_address(row, column))
        return tuple(formulas)

    def check(self) -> None:
        """Refuse a workbook in which one long text is shown so often that all of it would fill the memory."""
        count = len(self._texts)
        if sum(self._texts[at] for at in self._used if at < count) > 16 * TEXTS_MAX:
            raise bomb()

    def of_sheets(self) -> Mapping[str, _Part]:
        """What was learnt of the sheets, by their names."""
        targets: dict[str, str] = {}
        for found in islice(_RELATION.finditer(self._relations), _SHEETS_MAX):
            told = _attributes(found.group())
            target = told.get("Target", "")
            targets[told.get("Id", "")] = posixpath.normpath(posixpath.join("xl", target)).lstrip("/")
        named: dict[str, _Part] = {}
        for found in islice(_SHEET.finditer(self._book), _SHEETS_MAX):
            told = _attributes(found.group())
            key = next((value for name, value in told.items() if name.endswith(":id")), "")
            named[told.get("name", "")] = self.sheets.get(targets.get(key, ""), _Part())
        return named


def _attributes(tag: bytes) -> dict[str, str]:
    return {
        name: html.unescape(double or single)
        for name, double, single in _ATTRIBUTE.findall(tag.decode("utf-8", "replace"))
    }


def _hidden(sheet: bytes) -> _Part:
    rows: set[int] = set()
    columns: set[int] = set()
    last = 0
    for tag in _ROW.finditer(sheet):
        told = _attributes(tag.group())
        last = int(told["r"]) if told.get("r", "").isdigit() else last + 1
        if _is_hidden(told):
            rows.add(last)
    for tag in islice(_COLUMN.finditer(sheet), _COLUMNS_TOLD_MAX):
        told = _attributes(tag.group())
        if _is_hidden(told) and told.get("min", "").isdigit() and told.get("max", "").isdigit():
            columns.update(range(int(told["min"]), min(int(told["max"]), COLUMNS_MAX) + 1))
    return _Part(frozenset(rows), frozenset(columns))


def _is_hidden(told: Mapping[str, str]) -> bool:
    return told.get("hidden") in {"1", "true"}


def _book(data: bytes) -> Workbook:
    # late: a compiled reader of 4 MB which only an upload needs
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    parts = _Parts()
    copy = safe_copy(data, parts.look)
    parts.check()
    learnt = parts.of_sheets()
    grids: list[Grid] = []
    left, area = CELLS_MAX, _AREA_MAX
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(copy)) as book:
            sheets = [at for at, sheet in enumerate(book.sheets_metadata) if sheet.typ is SheetTypeEnum.WorkSheet]
            if len(sheets) > len(parts.sheets):
                raise broken()  # one part under many names, to be read as often
            for at in sheets[:GRIDS_MAX]:
                told = book.sheets_metadata[at]
                sheet = book.get_sheet_by_index(at)
                rows: list[list[object]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
                height, width = len(rows), max(map(len, rows), default=0)
                area -= height * width
                merged = {
                    # Merged on over what nothing is written in, as to the last row of all, it would have no end.
                    (top + 1, start + 1): (min(bottom, height - 1) - top + 1, min(end, width - 1) - start + 1)
                    for (top, start), (bottom, end) in sheet.merged_cell_ranges or []
                    if top < height and start < width
                }
                away = told.visible is not SheetVisibleEnum.Visible
                part = learnt.get(told.name, _Part())
                cells = tuple(
                    cell
                    for row, values in enumerate(rows, start=1)
                    for cell in _row(told.name, row, values, merged, part, away=away)
                )
                left -= len(cells)
                if min(left, area) < 0:
                    raise _too_many()
                grids.append(Grid(name=told.name, cells=cells, formulas=() if away else part.formulas))
    except (CalamineError, OSError, ValueError) as cause:
        raise broken() from cause
    if sum(len(cell.text) for grid in grids for cell in grid.cells) > TEXTS_MAX:
        raise bomb()
    return Workbook(grids=tuple(grids), macros=has_macros(data))


def _row(
    name: str,
    row: int,
    values: Sequence[object],
    merged: Mapping[tuple[int, int], tuple[int, int]],
    part: _Part,
    *,
    away: bool,
) -> Iterator[Cell]:
    """The cells of a row that say something."""
    for column, value in enumerate(values, start=1):
        text = _text(value)
        if not text.strip():
            continue
        if len(text) > TEXT_MAX:
            raise _too_long(name, row, column, len(text))
        tall, wide = merged.get((row, column), (1, 1))
        unseen = away or row in part.rows or column in part.columns
        yield Cell(row=row, column=column, text=text, rows=tall, columns=wide, hidden=unseen)


def _text(value: object) -> str:
    """A value as a person reads it in the cell."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, timedelta):
        return "" if value is None else str(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        # Never 1e+300, of which a reader would take the 300.
        return f"{value:.0f}" if value.is_integer() else f"{value:.10f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes") if value.time() != time() else value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _csv(data: bytes) -> Grid:
    cells: list[Cell] = []
    formulas: list[str] = []
    for row, values in enumerate(records(data), start=1):
        if row > ROWS_MAX or len(values) > COLUMNS_MAX or len(cells) > CELLS_MAX:
            raise _too_many()
        formulas += [_address(row, at) for at, text in enumerate(values, start=1) if _is_formula(text)]
        told = ["" if _is_formula(text) else text for text in values]
        cells.extend(_row(CSV_NAME, row, told, {}, _Part(), away=False))
    return Grid(name=CSV_NAME, cells=tuple(cells), formulas=tuple(formulas))


def _is_formula(text: object) -> bool:
    """Tell whether a cell of a CSV file is worked out: `=1+4` is no range of points, and `="4"` is an exported text."""
    return isinstance(text, str) and text.lstrip().startswith("=") and not _QUOTED.fullmatch(text.strip())


def _too_many() -> Problem:
    text = N_(
        "表格太大，没有读取：最多%(rows)s行、%(columns)s列、%(cells)s个有字的格子。请把积分细则另存成一个文件再上传。"
    )
    return Problem("workbook-cells", text, status=413, rows=ROWS_MAX, columns=COLUMNS_MAX, cells=CELLS_MAX)


def _address(row: int, column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def _too_long(name: str, row: int, column: int, length: int) -> Problem:
    text = N_("工作表“%(sheet)s”的格子%(cell)s有%(length)s个字，没有读取。一个格子最多%(most)s个字。")
    cell = _address(row, column)
    return Problem("workbook-text", text, status=413, sheet=name, cell=cell, length=length, most=TEXT_MAX)
