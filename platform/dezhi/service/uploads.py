"""Open an uploaded spreadsheet or CSV file without trusting a byte of it."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from dezhi.core.archives import BROKEN
from dezhi.core.errors import Problem
from dezhi.core.rosters import COLUMNS_MAX, HEADER_WITHIN, ROWS_MAX
from dezhi.core.text import N_

FILE_MAX = 5 * 1024 * 1024
SHEETS = "xl/worksheets/"
UNPACKED_MAX = 32 * 1024 * 1024  # 20,000 rows of a roster take about 12 MB of XML
MEMBERS_MAX = 200
TAGS_MAX = 2_000_000
"""Rows and cells of one sheet, empty ones among them: a sheet painted to its last row has a million."""

# All that a roster needs of a workbook. Macros, pictures, links and embedded files are left behind.
_WANTED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(workbook|sharedStrings|styles)\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/worksheets/[^/]+\.xml"
)
# Every pattern stops at the next "<", which no tag may hold: a file made of openings alone is read once, not once for
# each of them.
_ATTRIBUTE = rb"""\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*')"""
_TAG = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])((?:" + _ATTRIBUTE + rb")*)\s*(/?)>")
_TAG_START = re.compile(rb"<(?:\w+:)?(?:row|c)(?=[\s/>])")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([^"'<]*)["']""")
_CELL = re.compile(rb"([A-Z]{1,3})([0-9]{1,7})")

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"


def read_sheet(data: bytes) -> Sequence[Sequence[object]]:
    """Return the cells of the first visible sheet, or of a CSV file (UTF-8, GB 18030 or UTF-16), row by row from 1.

    What a file is, its bytes tell, not its name. Formulas are not calculated: what the sheet last showed is read.
    Refuses with Problem `sheet-large`, `sheet-bomb`, `sheet-old`, `sheet-broken` or `sheet-empty`, before unpacking
    what would not fit.
    """
    if len(data) > FILE_MAX:
        raise Problem("sheet-large", N_("文件超过5 MB,没有读取。花名册只要几列文字，请删掉图片再上传。"), status=413)
    rows = _read_workbook(safe_copy(data, _measure)) if is_workbook(data) else _read_csv(data)
    if not any(any(cell not in (None, "") for cell in row) for row in rows):
        raise Problem("sheet-empty", N_("文件里没有内容。"))
    return rows


def is_workbook(data: bytes) -> bool:
    """Tell a workbook from a CSV file by its bytes. Raises Problem `sheet-old` for one that is neither."""
    if data.startswith(_OLD_EXCEL):
        raise Problem("sheet-old", N_("这是旧格式或加了密码的Excel文件，请去掉密码，另存为 .xlsx 再上传。"))
    return data.startswith(_ZIP)


def safe_copy(data: bytes, look: Callable[[str, bytes], None]) -> bytes:
    """Return the workbook again with only what is needed, unpacked; `look` is shown each part by its name.

    A zip's own figures can lie: what is handed on are the bytes counted here, never the original. Raises Problem
    `sheet-bomb` or `sheet-broken`, and what `look` raises.
    """
    copy = io.BytesIO()
    left = UNPACKED_MAX
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(copy, "w") as kept:
            members = packed.infolist()
            if len(members) > MEMBERS_MAX or sum(member.file_size for member in members) > UNPACKED_MAX:
                raise bomb()
            wanted = [member for member in members if _WANTED.fullmatch(member.filename)]
            if len({member.filename for member in wanted}) != len(wanted):
                raise broken()
            for member in wanted:
                with packed.open(member) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise bomb()
                look(member.filename, content)
                kept.writestr(member.filename, content)
    except (*BROKEN, OSError, ValueError) as cause:
        raise broken() from cause
    return copy.getvalue()


def has_macros(data: bytes) -> bool:
    """Tell whether a workbook that `safe_copy` took has a program in it, which nobody here reads or runs."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return any(name.lower().endswith("vbaproject.bin") for name in packed.namelist())


def _measure(name: str, content: bytes) -> None:
    """Refuse a sheet whose cells lie far apart: reading makes room for every cell between the first and the last.

    One cell in XFD1048576 would ask for seventeen thousand million.
    """
    if not name.startswith(SHEETS):
        return
    for row, column, _, _ in places(content):
        if row > ROWS_MAX + HEADER_WITHIN:
            raise Problem("roster-rows", N_("表格超过%(most)s行，请按村分开上传。"), most=ROWS_MAX)
        if column > COLUMNS_MAX:
            raise Problem("roster-columns", N_("表格超过%(most)s列，请只留花名册的几列。"), most=COLUMNS_MAX)


class Place(NamedTuple):
    """Where a cell is: `attributes` are those of its tag, which ends at `end` of the sheet's bytes."""

    row: int
    column: int
    attributes: bytes
    end: int


def places(sheet: bytes) -> Iterator[Place]:
    """Every cell that may hold something; many sheets are painted to the last row.

    Raises Problem `sheet-broken` for a sheet in which cells could hide, `sheet-bomb` for too many tags.
    """
    row = column = read = 0
    for tag in _TAG.finditer(sheet):
        read += 1
        if read > TAGS_MAX:
            raise bomb()
        told = _PLACE.search(tag[2])
        if tag[1] == b"row":
            row, column = (int(told[1]) if told and told[1].isdigit() else row + 1), 0
            continue
        column += 1
        place = _CELL.fullmatch(told[1]) if told else None
        if told and not place:
            raise broken()
        if place:
            column = _column(place[1])
        if not tag[3]:
            yield Place(int(place[2]) if place else row, column, tag[2], tag.end())
    if b"\x00" in sheet[:200] or read != sum(1 for _ in _TAG_START.finditer(sheet)):
        raise broken()  # UTF-16 or odd tags, in which cells could hide from the pattern


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _read_workbook(data: bytes) -> list[list[object]]:
    # late: a compiled reader of 4 MB which only an upload needs
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            shown = [
                at
                for at, sheet in enumerate(book.sheets_metadata)
                if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
            ]
            if not shown:
                raise broken()
            sheet = book.get_sheet_by_index(shown[0])
            rows: list[list[object]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
            _fill_merged(rows, sheet.merged_cell_ranges or [])
    except (CalamineError, OSError, ValueError) as cause:
        raise broken() from cause
    return rows


def _fill_merged(rows: list[list[object]], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Say the household's number in each of its rows where the sheet shows it once, in a cell merged downwards.

    Raises Problem `sheet-broken` where merged cells lie over each other, as no program makes them.
    """
    if sum(max(0, min(bottom + 1, len(rows)) - top) for (top, _), (bottom, _) in ranges) > sum(map(len, rows)):
        raise broken()
    for (top, column), (bottom, last) in ranges:
        if column == last and top < len(rows) and column < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[column] = rows[top][column]


def _read_csv(data: bytes) -> list[list[object]]:
    rows: list[list[object]] = []
    for row in records(data):
        rows.append(list(row))
        if len(rows) > ROWS_MAX + HEADER_WITHIN:
            raise Problem("roster-rows", N_("表格超过%(most)s行，请按村分开上传。"), most=ROWS_MAX)
    return rows


def records(data: bytes) -> Iterator[list[str]]:
    """The records of a CSV file with commas, tabs or semicolons, in UTF-8, GB 18030 or UTF-16.

    Raises Problem `sheet-broken`.
    """
    text = _decode(data)
    first = text[:2000]
    delimiter = max(",\t;", key=first.count)
    try:
        # The limit is the process's, and a file of deeds sets a shorter one; ours is said of each cell, by its place.
        csv.field_size_limit(FILE_MAX)
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as cause:
        raise broken() from cause


def _decode(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in data and not wide:
        raise broken()
    encodings = ["utf-16"] if wide else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise broken()


def bomb() -> Problem:
    """What to raise of a file that grows when it is unpacked."""
    return Problem("sheet-bomb", N_("文件解开后太大，没有读取。请新建一个只有要读的那张表的文件再上传。"), status=413)


def broken() -> Problem:
    """What to raise of a file that cannot be read."""
    return Problem("sheet-broken", N_("文件读不出来，可能已损坏。请用表格软件打开，另存为 .xlsx 或 CSV 再上传。"))
