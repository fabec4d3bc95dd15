"""A programme as a workbook that people fill in by hand, and back without loss: a row for each item.

The first page has the programme itself, the next ones the lists of the sheet's plugin, one row an entry, one column a
field; a list inside a row stands in its cell, one entry a line (`期间：每月；分：20`). Other plugins keep their page.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import inspect as shapes

from dezhi.core.draftparts import reminders_of, without_reminders
from dezhi.core.draftrows import BASES
from dezhi.core.errors import Problem
from dezhi.core.plain import unkeepable
from dezhi.core.programme_files import SHEET, Head, Part, ProgrammeFile
from dezhi.core.text import N_
from dezhi.plugin import TITLE_MAX, Cell, Draft, Grid, Reading, Settings, Workbook
from dezhi.service.sheetcells import Fields, decode, encode, fields_of, label, plain
from dezhi.service.workbooks import read_workbook

HEAD_PAGE: Final = "方案"
PLUGINS_PAGE: Final = "插件"
ROWS: Final = "items"
_WIDTH: Final = 14
_WIDE: Final = 28


def is_sheet_book(workbook: Workbook) -> bool:
    """Tell whether a workbook is one of these, and not a village's own."""
    return any(grid.name == HEAD_PAGE and grid.cells and grid.cells[0].text == "字段" for grid in workbook.grids)


def write_sheet_book(file: ProgrammeFile, kind: type[Settings]) -> bytes:
    """Write a programme; `kind` is the type of the sheet plugin's settings."""
    # late: only a download writes workbooks
    import xlsxwriter

    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#F2F2F2", "text_wrap": True, "valign": "top"})
        usual = book.add_format({"text_wrap": True, "valign": "top"})
        for name, lines in _pages(file, kind):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for at, line in enumerate(lines):
                for column, value in enumerate(line):
                    if value != "":
                        sheet.write(at, column, value, usual if at else bold)
            for column in range(max(map(len, lines))):
                longest = max(len(str(line[column])) for line in lines if column < len(line))
                sheet.set_column(column, column, _WIDE if longest > _WIDTH else _WIDTH)
    return held.getvalue()


def read_sheet_book(data: bytes, kind: type[Settings]) -> ProgrammeFile:
    """Read a programme that was written so, perhaps changed by hand.

    Raises Problem `sheet-book` naming the cell that cannot be understood, and what `read_workbook` raises.
    """
    return programme_in(read_workbook(data), kind)


def programme_in(workbook: Workbook, kind: type[Settings]) -> ProgrammeFile:
    """The programme an opened workbook holds. Raises Problem `sheet-book`."""
    pages = {grid.name: grid for grid in workbook.grids}
    scalars, lists = _split(kind)
    first = pages.pop(HEAD_PAGE, Grid(name=HEAD_PAGE, cells=()))
    own = _prefixed(scalars)
    on = {cell.text for cell in first.cells} & {label(name) for name in own}
    head = _values(first, fields_of(Head) | own)
    programme = {name: value for name, value in head.items() if not name.startswith(SHEET)}
    settings = {name.partition(".")[2]: value for name, value in head.items() if name.startswith(SHEET)}
    plugins = {SHEET: Part(version=settings.pop("version", ""), settings=settings)}
    for entry in _entries(pages.pop(PLUGINS_PAGE, Grid(name=PLUGINS_PAGE, cells=())), _OTHERS):
        plugins[entry.get("name", "")] = _other(entry)
    for name, kinds in lists.items():
        grid = pages.pop(label(name), None)
        entries = _entries(grid, kinds) if grid else []
        if entries:
            settings[name] = entries
    if pages:
        unknown = next(iter(pages))
        raise Problem(
            "sheet-book", N_("不认识工作表“%(sheet)s”。请用下载的那份文件改，不要另加工作表。"), sheet=unknown
        )
    if not on and not settings:
        plugins.pop(SHEET)
    return ProgrammeFile(programme=msgspec.convert(programme, Head), plugins=plugins)


def _other(entry: Mapping[str, str]) -> Part:
    """Another plugin's version and settings. Raises Problem `sheet-book` for what was changed beyond reading."""
    name = entry.get("name", "")
    try:
        settings = json.loads(entry.get("settings", "{}"))
    # ValueError also of a number with thousands of digits, RecursionError of brackets within brackets.
    except (ValueError, RecursionError):
        settings = None
    if not name or not isinstance(settings, dict) or unkeepable(settings):
        text = N_("工作表“%(sheet)s”里“%(name)s”这一行读不懂了。请照下载的那份文件里的样子改回来。")
        raise Problem("sheet-book", text, sheet=PLUGINS_PAGE, name=name[:40] or "?")
    return Part(version=entry.get("version", ""), settings=settings)


def drafts_in(workbook: Workbook, kind: type[Settings]) -> Reading:
    """The items and reminders of a written workbook as drafts to be confirmed, each with its row.

    Raises Problem `sheet-book`.
    """
    file = programme_in(workbook, kind)
    settings = dict(file.plugins.get(SHEET, Part()).settings)
    drafts = [_draft(row, f"{label(ROWS)}!A{at}") for at, row in enumerate(settings.pop(ROWS, ()), 2)]
    for path, rows in reminders_of(settings):
        at = f"{label(BASES)}!A{int(path.split('.')[1]) + 2}"  # under the headings, counted from 1
        drafts += [_draft(row, at, path) for row in rows]
    more = file.programme != Head() or file.plugins.keys() - {SHEET}
    return Reading(
        settings=without_reminders(settings), rows=ROWS, drafts=tuple(drafts), passed_over=(_MORE,) if more else ()
    )


def _draft(row: Mapping[str, Any], at: str, into: str = "") -> Draft:
    title = str(row.get("title") or row.get("code") or at)[:TITLE_MAX]
    return Draft(row=row, title=title, says="", at=at, text=str(row.get("title", "")), confidence=100, into=into)


_MORE: Final = N_("公示天数、积分怎么保留和别的插件不是条目，这里没有读。要整个方案：dezhi sheet convert 存成 .toml。")
_OTHERS: Final[Fields] = {
    name: shapes.StrType(min_length=None, max_length=None, pattern=None) for name in ("name", "version", "settings")
}


def _split(kind: type[Settings]) -> tuple[Fields, dict[str, Fields]]:
    """The fields with one value, and the lists with the fields of their entries."""
    scalars: Fields = {"version": _OTHERS["version"]}
    lists: dict[str, Fields] = {}
    for name, told in fields_of(kind).items():
        field = plain(told)
        if isinstance(field, shapes.VarTupleType) and isinstance(field.item_type, shapes.StructType):
            lists[name] = {one.name: one.type for one in field.item_type.fields}
        else:
            scalars[name] = field
    return scalars, lists


def _prefixed(scalars: Fields) -> Fields:
    return {f"{SHEET}.{name}": kind for name, kind in scalars.items()}


def _pages(file: ProgrammeFile, kind: type[Settings]) -> Iterator[tuple[str, Sequence[Sequence[str | int]]]]:
    scalars, lists = _split(kind)
    part = file.plugins.get(SHEET, Part())
    head = msgspec.to_builtins(file.programme)
    own = {f"{SHEET}.{name}": value for name, value in {"version": part.version, **part.settings}.items()}
    known = fields_of(Head) | (_prefixed(scalars) if SHEET in file.plugins else {})
    first: list[Sequence[str | int]] = [("字段", "内容")]
    first += [(label(name), encode({**head, **own}.get(name), type_)) for name, type_ in known.items()]
    yield HEAD_PAGE, first
    for name, kinds in lists.items():
        lines: list[Sequence[str | int]] = [[label(one) for one in kinds]]
        lines += [
            [encode(entry.get(one), type_) for one, type_ in kinds.items()] for entry in part.settings.get(name, ())
        ]
        yield label(name), lines
    others = [(name, one) for name, one in file.plugins.items() if name != SHEET]
    if others:
        lines = [[label(one) for one in _OTHERS]]
        lines += [[name, one.version, json.dumps(one.settings, ensure_ascii=False)] for name, one in others]
        yield PLUGINS_PAGE, lines


def _values(grid: Grid, known: Fields) -> dict[str, Any]:
    """What stands beside the names of a page that has one field a row."""
    names = {label(name): name for name in known} | {name: name for name in known}
    rows: dict[int, dict[int, Cell]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, {})[cell.column] = cell
    found: dict[str, Any] = {}
    for cells in list(rows.values())[1:]:
        if 1 not in cells or 2 not in cells:  # noqa: PLR2004 - the name and the value
            continue
        name = names.get(cells[1].text.strip())
        if name is None:
            raise _unknown(grid, cells[1])
        found[name] = decode(cells[2].text, known[name], f"{grid.name}!B{cells[2].row}")
    return found


def _entries(grid: Grid, known: Fields) -> list[dict[str, Any]]:
    """The rows of a page with a row for each entry; empty rows are nothing."""
    names = {label(name): name for name in known} | {name: name for name in known}
    columns: dict[int, str] = {}
    rows: dict[int, dict[str, Any]] = {}
    for cell in grid.cells:
        if cell.row == 1:
            name = names.get(cell.text.strip())
            if name is None:
                raise _unknown(grid, cell)
            columns[cell.column] = name
        elif cell.column not in columns:
            raise _unknown(grid, cell)
        else:
            name = columns[cell.column]
            place = f"{grid.name}!{_letters(cell.column)}{cell.row}"
            rows.setdefault(cell.row, {})[name] = decode(cell.text, known[name], place)
    return list(rows.values())


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _unknown(grid: Grid, cell: Cell) -> Problem:
    place = f"{grid.name}!{_letters(cell.column)}{cell.row}"
    text = N_("%(place)s：不认识“%(said)s”这一栏。请照下载的那份文件的表头写。")
    return Problem("sheet-book", text, place=place, said=cell.text[:40])
