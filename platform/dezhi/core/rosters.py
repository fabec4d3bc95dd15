"""Read a household roster: which column is what, which rows can go in, and what is wrong with the others (HH-12)."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.names import clean_name
from dezhi.core.people import HEAD, check_address, check_number, relation_word
from dezhi.core.text import N_

ROWS_MAX = 20_000
COLUMNS_MAX = 60
GRID_MAX = 30
HEADER_WITHIN = 10  # titles and notes stand above the header line in most villages' sheets

_HEADERS: Mapping[str, frozenset[str]] = {
    "number": frozenset(("户号", "户编号", "家庭编号", "户口编号", "户序号", "农户编号")),
    "grid": frozenset(("网格", "所属网格", "网格名称", "所在网格", "村民小组", "小组", "组别", "组")),
    "address": frozenset(("地址", "住址", "家庭住址", "家庭地址", "详细地址", "居住地址")),
    "name": frozenset(("姓名", "成员姓名", "家庭成员姓名", "名字")),
    "relation": frozenset(("关系", "与户主关系", "与户主的关系", "家庭关系", "户主关系")),
    "birth_date": frozenset(("出生日期", "出生年月", "出生年月日", "生日")),
}
_NEEDED = ("number", "name", "relation")
_TITLES = {
    "number": "户号",
    "grid": "网格",
    "address": "地址",
    "name": "姓名",
    "relation": "与户主关系",
    "birth_date": "出生日期",
}

# Looked for in every cell of every column, whatever its header says.
_IDENTITY = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9Xx])")
_TELEPHONE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_PRIVATE_HEADER = re.compile("身份证|证件号|公民身份|电话|手机|联系方式|银行|账号|民族|宗教")

_DAY = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?(?:[ T]00:00(?::00)?)?")
_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SHEET_EPOCH = date(1899, 12, 30)
_OLDEST = 1900
_SERIALS = range(1, 80_000)  # days since the epoch, until the year 2118


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A row that can go in. `row` counts from 1, as the spreadsheet shows it."""

    row: int
    number: str
    grid: str
    address: str
    name: str
    relation: str
    birth_date: date | None

    @property
    def is_head(self) -> bool:
        """Whether the row is the household's head."""
        return self.relation == HEAD


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Why a row stays out and what to do about it: the parts of a Problem, which can be kept until the page asks."""

    row: int
    code: str
    text: str
    values: Mapping[str, Any] = {}

    def problem(self) -> Problem:
        """Return it as the Problem that can be said in any language."""
        return Problem(self.code, self.text, row=self.row, **self.values)


class HouseholdRoster(msgspec.Struct, frozen=True, kw_only=True):
    """A roster as it was read, before anything is compared with the register."""

    rows_read: int
    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]

    @property
    def rows_refused(self) -> int:
        """How many rows stay out; one row may have several faults."""
        return len({fault.row for fault in self.faults})


def template_header() -> tuple[str, ...]:
    """Return the header line of an empty roster, in the order people expect."""
    return tuple(_TITLES.values())


def read_roster(rows: Sequence[Sequence[object]], today: date) -> HouseholdRoster:
    """Read the cells of a sheet, row by row; empty rows are passed over.

    Refuses the whole sheet with a Problem: `roster-rows` or `roster-columns` (too many), `roster-header` (no line with
    household number, name and relation), `roster-twice` (a column twice), `roster-private` (an identity number or a
    telephone number in any cell, with its column and row).
    """
    if len(rows) > ROWS_MAX + HEADER_WITHIN:
        raise Problem("roster-rows", N_("表格超过%(most)s行，请按村分开上传。"), most=ROWS_MAX)
    if any(len(row) > COLUMNS_MAX for row in rows):
        raise Problem("roster-columns", N_("表格超过%(most)s列，请只留花名册的几列。"), most=COLUMNS_MAX)
    texts = [[_text(cell) for cell in row] for row in rows]
    at, columns = _find_header(texts)
    _refuse_private(texts, at)
    filled = [(n, row) for n, row in enumerate(texts[at + 1 :], at + 2) if any(row)]
    lines: list[Line] = []
    faults: list[Fault] = []
    seen = _Seen()
    for number, row in filled:
        parsed, wrong = _read_line(number, row, rows[number - 1], columns, today)
        if parsed is not None and (odd := seen.against(parsed)):
            wrong, parsed = [odd], None
        faults += wrong
        if parsed is not None:
            lines.append(parsed)
    return HouseholdRoster(rows_read=len(filled), lines=tuple(lines), faults=tuple(faults))


def _text(cell: object) -> str:
    """Return what a cell says, in plain characters: 13812345678.0 is a number somebody typed."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime):
        cell = cell.date()
    return unicodedata.normalize("NFKC", str(cell)).replace("\x00", "").strip()


def _find_header(texts: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    for at, row in enumerate(texts[:HEADER_WITHIN]):
        columns: dict[str, int] = {}
        for place, title in enumerate(row):
            bare = re.sub(r"[\s*:]|\(.*?\)", "", title)
            field = next((field for field, titles in _HEADERS.items() if bare in titles), None)
            if field in columns and field is not None:
                raise Problem("roster-twice", N_("“%(title)s”有两列，请只留一列。"), row=at + 1, title=_TITLES[field])
            if field is not None:
                columns[field] = place
        if all(field in columns for field in _NEEDED):
            return at, columns
    raise Problem(
        "roster-header",
        N_("没有找到表头。前%(within)s行里要有一行写着户号、姓名、与户主关系（网格、地址、出生日期可以没有）。"),
        within=HEADER_WITHIN,
    )


def _refuse_private(texts: Sequence[Sequence[str]], header: int) -> None:
    for number, row in enumerate(texts, 1):
        for place, cell in enumerate(row):
            if not cell:
                continue
            title = texts[header][place] if place < len(texts[header]) else ""
            named = number > header + 1 and _PRIVATE_HEADER.search(title)
            if named or _IDENTITY.search(cell) or _TELEPHONE.search(cell):
                raise Problem(
                    "roster-private",
                    N_(
                        "“%(column)s”这一列（第%(line)s行）像身份证号、电话或其他用不着的信息。这里不收，请删掉这一列再上传。"
                    ),
                    row=number,
                    column=title or _letter(place),
                    line=number,
                )


def _letter(place: int) -> str:
    """Return the spreadsheet's name of a column: A for 0, AA for 26."""
    high, low = divmod(place, 26)
    return (chr(ord("A") + high - 1) if high else "") + chr(ord("A") + low)


def _read_line(
    number: int, row: Sequence[str], raw: Sequence[object], columns: Mapping[str, int], today: date
) -> tuple[Line | None, list[Fault]]:
    def cell(field: str) -> str:
        place = columns.get(field, len(row))
        return row[place] if place < len(row) else ""

    wrong: list[Fault] = []
    found: dict[str, Any] = {}
    checks: dict[str, Callable[[], object]] = {
        "number": lambda: check_number(cell("number")),
        "grid": lambda: _check_grid(cell("grid")),
        "address": lambda: check_address(cell("address")),
        "name": lambda: clean_name(cell("name")),
        "relation": lambda: relation_word(cell("relation")),
        "birth_date": lambda: read_birth_date(raw[columns["birth_date"]], today) if cell("birth_date") else None,
    }
    for field, check in checks.items():
        try:
            found[field] = check()
        except Problem as problem:
            wrong.append(Fault(row=number, code=problem.code, text=problem.text, values=problem.values))
    return (None if wrong else Line(row=number, **found)), wrong


def _check_grid(text: str) -> str:
    """Return a grid's name: `3` is 第3网格."""
    grid = "".join(text.split())
    if grid.isascii() and grid.isdigit():
        grid = f"第{int(grid)}网格"
    if len(grid) > GRID_MAX or grid[:1] in ("=", "+", "-", "@") or not (grid.isprintable() or not grid):
        raise Problem("grid-strange", N_("网格“%(grid)s”不像网格的名称。"), grid=grid[:GRID_MAX])
    return grid


def read_birth_date(cell: object, today: date) -> date:
    """Return the date a cell holds: a date, a spreadsheet's day number, 1956-03-02, 1956/3/2, 1956年3月2日, 19560302.

    Raises Problem `birth-date` for anything else, for a day before 1900 and for one still to come.
    """
    said = _text(cell)
    found = cell.date() if isinstance(cell, datetime) else cell if isinstance(cell, date) else None
    if found is None and isinstance(cell, int | float) and not isinstance(cell, bool) and int(cell) in _SERIALS:
        found = _SHEET_EPOCH + timedelta(days=int(cell))
    match = _DAY.fullmatch(said) or _DIGITS.fullmatch(said)
    if found is None and match:
        try:
            found = date(*map(int, match.groups()))
        except ValueError:
            found = None
    if found is None:
        raise Problem("birth-date", N_("出生日期“%(said)s”看不懂，请写成1956-03-02，不知道就空着。"), said=said[:30])
    if found.year < _OLDEST or found > today:
        raise Problem("birth-date", N_("出生日期“%(said)s”不可能，请核对。"), said=said[:30])
    return found


class _Seen:
    """What earlier rows said about the same household."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, str, date | None], int] = {}
        self._heads: dict[str, int] = {}
        self._grids: dict[str, tuple[str, int]] = {}

    def against(self, line: Line) -> Fault | None:
        """Return what is wrong with a row in the light of the rows above it; else remember it."""
        first = self._people.get((line.number, line.name, line.birth_date))
        if first:
            return _fault(line, "roster-same", N_("和第%(first)s行是同一个人，只留一行。"), first)
        head = self._heads.get(line.number)
        if line.is_head and head:
            return _fault(line, "head-twice", N_("户号%(number)s在第%(first)s行已经有户主了，请核对与户主关系。"), head)
        grid, told = self._grids.get(line.number, (line.grid, 0))
        if line.grid and grid and line.grid != grid:
            return _fault(line, "grid-differs", N_("户号%(number)s在第%(first)s行写的是另一个网格，请改成一样。"), told)
        self._people[line.number, line.name, line.birth_date] = line.row
        if line.is_head:
            self._heads[line.number] = line.row
        if line.grid:
            self._grids.setdefault(line.number, (line.grid, line.row))
        return None


def _fault(line: Line, code: str, text: str, first: int) -> Fault:
    return Fault(row=line.row, code=code, text=text, values={"number": line.number, "first": first})
