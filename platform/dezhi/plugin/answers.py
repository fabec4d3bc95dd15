"""What the hooks beside scoring are given and answer: assessments, workbooks, due deeds, tables, notices, pages."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import msgspec

from dezhi.plugin.facts import Amount
from dezhi.plugin.items import QUESTIONS_MAX
from dezhi.plugin.limits import AMOUNT_MAX, TEXT_MAX, TITLE_MAX, ensure_amount, ensure_code, ensure_text
from dezhi.plugin.model import Holder
from dezhi.plugin.questions import Answer
from dezhi.plugin.vocabulary import Asset, HolderKind

STARS_MAX: Final = 10
COLUMNS_MAX: Final = 20
ROWS_MAX: Final = 500
BLOCKS_MAX: Final = 60
PARAGRAPH_MAX: Final = 2_000
SECTIONS_MAX: Final = 60
NUMBER_MAX: Final = 10_000_000 * AMOUNT_MAX
"""No cell of a table holds a larger number, nor a smaller one below 0."""


# ── assess ──


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One part of an assessment. A precondition has `most` 0: it is met, or not assessed, and never says why."""

    title: str
    met: bool
    points: int = 0
    most: int = 0

    def __post_init__(self) -> None:
        ensure_text("section: title", self.title)
        ensure_amount(f"section {self.title}: most", self.most, least=0)
        ensure_amount(f"section {self.title}: points", self.points, least=0, most=self.most)


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """The result of an assessment, before the village has noticed it: sections, stars, and until when it holds."""

    sections: tuple[Section, ...]
    stars: int
    until: date
    reason: str  # a sentence the household understands

    def __post_init__(self) -> None:
        if len(self.sections) > SECTIONS_MAX:
            raise ValueError(f"assessment: at most {SECTIONS_MAX} sections")
        ensure_amount("assessment: stars", self.stars, least=0, most=STARS_MAX)
        ensure_text("assessment: reason", self.reason, TEXT_MAX)


# ── read_sheet ──


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One cell that says something, or the first of a merged block; rows and columns count from 1."""

    row: int
    column: int
    text: str  # as shown: a number without a needless point, a date as 2026-11-22
    rows: int = 1  # how many the merged block spans
    columns: int = 1
    hidden: bool = False


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet of a workbook: its cells from the top row down, each row from the left."""

    name: str
    cells: tuple[Cell, ...]
    formulas: tuple[str, ...] = ()  # the places of cells that are worked out: C2. Nothing is worked out here


class Workbook(msgspec.Struct, frozen=True, kw_only=True):
    """A village's own workbook as it is: of a formula the value it last had, if any, and of macros nothing."""

    grids: tuple[Grid, ...]
    macros: bool = False


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One row read from a workbook, for a person to confirm.

    `row` is what would become part of the plugin's settings, as a JSON object; `at` and `text` are the cell it came
    from (`积分表!B7`) and what stands there. `confidence` is 0 to 100, `doubts` say what to look at, in sentences.
    `into` is the field it goes to where that is not the Reading's `rows`: names and places joined by dots, such as
    `bases.0.reminders` for the first base of the Reading's settings.
    """

    row: Mapping[str, Any]
    title: str
    says: str  # what was understood, in a short sentence: 每次5分，每月最多20分
    at: str
    text: str
    confidence: int
    doubts: tuple[str, ...] = ()
    into: str = ""

    def __post_init__(self) -> None:
        ensure_amount("draft: confidence", self.confidence, least=0, most=100)


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What was read: the drafts, and in sentences what was passed over and where.

    `settings` are the plugin's settings without the rows; `rows` is the name of the field the confirmed rows go to.
    """

    settings: Mapping[str, Any]
    rows: str
    drafts: tuple[Draft, ...]
    passed_over: tuple[str, ...] = ()


# ── schedule ──


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A deed the calendar makes due for every household of the village on the day asked about."""

    item: str  # the bare code; never that of a reminder, which a person gives
    answers: tuple[tuple[str, Answer], ...] = ()

    def __post_init__(self) -> None:
        ensure_code("due", self.item)
        if len(self.answers) > QUESTIONS_MAX:
            raise ValueError(f"due {self.item}: at most {QUESTIONS_MAX} answers")


# ── reports ──


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """What one item gave the village's households in one month. Totals of fewer than 5 households are left out."""

    item: str  # the bare code
    month: date  # its first day
    asset: Asset
    times: int
    amount: int
    households: int


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table on the reports page, printed as it stands. Every row has as many cells as there are columns."""

    code: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int | str, ...], ...]
    about: str = ""

    def __post_init__(self) -> None:
        ensure_code("table", self.code)
        ensure_text(f"table {self.code}: title", self.title)
        if len(self.about) > TEXT_MAX:
            raise ValueError(f"table {self.code}: about must have at most {TEXT_MAX} characters")
        _ensure_cells(f"table {self.code}", self.columns, self.rows)


# ── notices ──


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was booked for a holder under one of the plugin's items."""

    item: str  # the bare code
    date: date
    holder: Holder
    holder_kind: HolderKind
    lines: tuple[Amount, ...]


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence for the people of the house (您已满100小时，可以评一星志愿者。)."""

    text: str

    def __post_init__(self) -> None:
        ensure_text("notice", self.text, TEXT_MAX)


# ── page ──


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a plugin's page: the rest of the address, lower-case words joined by hyphens, or nothing."""

    path: str = ""


class Heading(msgspec.Struct, frozen=True, kw_only=True, tag="heading"):
    """A heading within the page."""

    text: str

    def __post_init__(self) -> None:
        ensure_text("heading", self.text)


class Paragraph(msgspec.Struct, frozen=True, kw_only=True, tag="paragraph"):
    """Plain text; nothing in it is taken for markup."""

    text: str

    def __post_init__(self) -> None:
        ensure_text("paragraph", self.text, PARAGRAPH_MAX)


class Rows(msgspec.Struct, frozen=True, kw_only=True, tag="rows"):
    """A table within the page."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        _ensure_cells("rows", self.columns, self.rows)


class Onward(msgspec.Struct, frozen=True, kw_only=True, tag="onward"):
    """A link to another page of the same plugin, by its path as a `Visit` has it."""

    text: str
    path: str

    def __post_init__(self) -> None:
        ensure_text("onward", self.text)
        if self.path:
            ensure_code("onward: path", self.path)


Block = Heading | Paragraph | Rows | Onward


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A public page of the plugin's own, drawn by the house in the house's look."""

    title: str
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        ensure_text("page: title", self.title, TITLE_MAX)
        if len(self.blocks) > BLOCKS_MAX:
            raise ValueError(f"page: at most {BLOCKS_MAX} blocks")


def _ensure_cells(what: str, columns: tuple[str, ...], rows: tuple[tuple[int | str, ...], ...]) -> None:
    """Raise ValueError unless a table can be shown and printed."""
    if not 1 <= len(columns) <= COLUMNS_MAX or len(rows) > ROWS_MAX:
        raise ValueError(f"{what}: 1 to {COLUMNS_MAX} columns and at most {ROWS_MAX} rows")
    if any(len(column) > TITLE_MAX for column in columns):
        raise ValueError(f"{what}: the name of a column must have at most {TITLE_MAX} characters")
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(f"{what}: every row must have {len(columns)} cells")
        for cell in row:
            if len(cell) > TEXT_MAX if isinstance(cell, str) else not -NUMBER_MAX <= cell <= NUMBER_MAX:
                raise ValueError(f"{what}: a cell is at most {TEXT_MAX} characters, or a number up to {NUMBER_MAX}")
