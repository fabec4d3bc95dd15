"""A programme on its way to being adopted: rows read from the village's own workbook, confirmed one by one."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import IntEnum
from itertools import chain
from typing import Any, Final

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.plain import unkeepable
from dezhi.core.programmes import Document, Enabled, Resolution
from dezhi.core.text import N_, Text
from dezhi.plugin import Workbook

ROWS_MAX: Final = 1_000
"""Of a draft. What may be adopted is bounded by the plugin and the core, more tightly."""
SURE: Final = 85
"""The confidence from which a row without a doubt counts as surely understood."""
HALF_SURE: Final = 60

TITLE_FIELD: Final = "title"
"""By which a row of any plugin is called; one without is called by its place."""


class RowState(IntEnum):
    """What a person decided of a row."""

    OPEN = 1
    KEPT = 2
    DROPPED = 3


class Sureness(IntEnum):
    """How well a row was understood, for people: a word, never a figure and never a colour alone."""

    SURE = 1
    LIKELY = 2
    UNSURE = 3


class DraftRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row. `at` and `text` are the cell it came from; both are empty for one that somebody wrote.

    `row` becomes part of the plugin's settings. `says` is what was understood when it was read, and empty once edited.
    """

    id: int  # within the draft
    row: Mapping[str, Any]
    title: str
    says: str = ""
    at: str = ""
    text: str = ""
    beside: tuple[str, ...] = ()  # what stands in the other cells of its line
    confidence: int = 100
    doubts: tuple[str, ...] = ()
    into: str = ""  # where it goes other than to the draft's `field`, as in `dezhi.plugin.Draft`
    state: RowState = RowState.OPEN
    edited: bool = False

    @property
    def sureness(self) -> Sureness:
        """How well it was understood. Whoever edited a row knows what it says."""
        if self.edited or (self.confidence >= SURE and not self.doubts):
            return Sureness.SURE
        return Sureness.LIKELY if self.confidence >= HALF_SURE else Sureness.UNSURE


class DraftState(IntEnum):
    """Where a draft stands."""

    OPEN = 1
    ADOPTED = 2
    DISCARDED = 3


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A village's draft. `edition` counts its savings, so that of two who edit at once nobody overwrites the other.

    `document` is all of the programme but the rows; `plugin` is whose rows they are, and `field` the setting they go
    to, both empty for a draft that only takes rules over from elsewhere. `based_on` is the number of the version it
    was made from, 0 for none; `model` the version of another village it was copied from.
    """

    id: int
    village: int
    title: str
    document: Document
    plugin: str = ""
    field: str = ""
    rows: tuple[DraftRow, ...] = ()
    source: str = ""  # the file's name
    passed_over: tuple[str, ...] = ()
    based_on: int = 0
    model: int | None = None
    resolution: Resolution | None = None
    resolved: str = ""  # `mark` when the resolution was attached; empty in one attached before this was kept
    effective_from: date | None = None
    state: DraftState = DraftState.OPEN
    edition: int = 1
    started_by: int
    started_at: datetime
    saved_at: datetime
    programme: int | None = None  # what it was adopted as

    def rows_in(self, state: RowState) -> Sequence[DraftRow]:
        """The rows of one state, in their order."""
        return [one for one in self.rows if one.state is state]

    def row(self, key: int) -> DraftRow:
        """One row by its number. Raises Problem `draft-row` (404)."""
        found = next((one for one in self.rows if one.id == key), None)
        if found is None:
            raise Problem("draft-row", N_("草稿里没有这一条。可能别人刚刚改过，请看一看现在的样子。"), status=404)
        return found

    def chosen(self) -> Document:
        """The programme it would become: the kept rows in the plugin's settings. Raises nothing, checks nothing."""
        if not self.field:
            return self.document
        enabled = self.document.plugins[self.plugin]
        settings = {**msgspec.to_builtins(enabled.settings), self.field: []}
        for one in self.rows_in(RowState.KEPT):
            list_at(settings, one.into or self.field).append(dict(one.row))
        plugins = {**self.document.plugins, self.plugin: Enabled(version=enabled.version, settings=settings)}
        return msgspec.structs.replace(self.document, plugins=plugins)

    def check_keepable(self) -> None:
        """Raise Problem `file-wrong` for what of the rules could not be kept or shown, with its place."""
        rows = ((one.row, f"{one.into or self.field}[{number}]") for number, one in enumerate(self.rows))
        settings = ((enabled.settings, name) for name, enabled in self.document.plugins.items())
        for value, at in chain(rows, settings):
            if wrong := unkeepable(value, at):
                raise wrong

    def mark(self) -> str:
        """What tells these rules from others: of the kept rows, in their order, and all else that would be adopted."""
        rows = [(one.into, one.row) for one in self.rows_in(RowState.KEPT)]
        return hashlib.sha256(msgspec.json.encode((self.document, rows))).hexdigest()

    def beside(self, others: Mapping[str, Enabled], *, wanted: bool) -> "Draft":
        """The draft with other plugins in use beside its rows, or without them."""
        plugins = {name: one for name, one in self.document.plugins.items() if name not in others}
        document = msgspec.structs.replace(self.document, plugins={**(others if wanted else {}), **plugins})
        return msgspec.structs.replace(self, document=document)

    def undecided(self) -> Problem | None:
        """Say that rows are still to be looked at, or that none was kept."""
        left = len(self.rows_in(RowState.OPEN))
        if left:
            text = N_("没有确认的还有%(left)s条。请一条一条看过，哪些要，哪些不要。")
            return Problem("draft-open-rows", text, status=409, left=left)
        if self.field and not self.rows_in(RowState.KEPT):
            return Problem("draft-no-rows", N_("一条也没有留下，没有条目就不能记分。请至少留一条。"), status=409)
        return None

    def row_at(self, place: str) -> DraftRow | None:
        """The kept row that a place of the settings is in (`items[3].points`); None for what is in no row."""
        counts: Counter[str] = Counter()
        for one in self.rows_in(RowState.KEPT):
            path = re.sub(r"\.(\d+)", r"[\1]", one.into or self.field)
            if re.match(re.escape(f"{path}[{counts[path]}]") + r"(\W|$)", place):
                return one
            counts[path] += 1
        return None

    def with_rows(self, rows: Iterable[DraftRow]) -> "Draft":
        """The draft with other rows. Raises Problem `draft-many-rows`."""
        found = tuple(rows)
        if len(found) > ROWS_MAX:
            raise Problem("draft-many-rows", N_("一份细则最多%(most)s条。请分开，或者去掉不用的。"), most=ROWS_MAX)
        return msgspec.structs.replace(self, rows=found)

    def rewritten(self, rows: Sequence[DraftRow]) -> "Draft":
        """The draft with all rows written anew. Raises Problem `draft-rowless` (409), or as `with_rows`."""
        if rows and not self.field:
            text = N_("这份草稿的规则不是一条一条的，不能逐条改。")
            raise Problem("draft-rowless", text, status=409)
        return self.with_rows(rows)

    def decided(self, keys: Iterable[int], state: RowState) -> "Draft":
        """The draft with some rows kept, dropped or open again. Raises Problem `draft-row` for a strange one."""
        wanted = {self.row(key).id for key in keys}
        return self.with_rows(
            msgspec.structs.replace(one, state=state) if one.id in wanted else one for one in self.rows
        )

    def sure(self) -> list[int]:
        """The open rows that were surely understood."""
        return [one.id for one in self.rows_in(RowState.OPEN) if one.sureness is Sureness.SURE]

    def edited(self, key: int, row: Mapping[str, Any]) -> "Draft":
        """The draft with one row written anew, and kept: who edits a row has decided. The cell it came from stays."""
        old = self.row(key)
        new = msgspec.structs.replace(
            old,
            row=row,
            title=called(row, old.title),
            says="",
            doubts=(),
            state=RowState.KEPT,
            edited=True,
        )
        return self.with_rows(new if one.id == key else one for one in self.rows)

    def added(self, row: Mapping[str, Any]) -> "Draft":
        """The draft with one more row at its end."""
        key = max((one.id for one in self.rows), default=0) + 1
        new = DraftRow(id=key, row=row, title=called(row), state=RowState.KEPT, edited=True)
        return self.with_rows((*self.rows, new))


class DraftFinding(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the way of a draft, or should be thought over. `article` and `reason` are texts to be said.

    `code` is the red line's, empty for what the plugin cannot use; `row` is None for what is in no single row.
    """

    code: str
    blocks: bool
    article: str
    reason: Text
    text: str
    row: DraftRow | None = None


def called(row: Mapping[str, Any], otherwise: str = "") -> str:
    """What a row calls itself."""
    title = row.get(TITLE_FIELD)
    return title if isinstance(title, str) and title.strip() else otherwise


def kept_rows(rows: Iterable[Any], into: str = "", after: int = 0) -> tuple[DraftRow, ...]:
    """Rows of rules that are in force already: nobody need confirm them anew. They are numbered from `after` on."""
    return tuple(
        DraftRow(id=number, row=row, title=called(row), into=into, state=RowState.KEPT)
        for number, row in enumerate((one for one in rows if isinstance(one, Mapping)), after + 1)
    )


_PLACE: Final = re.compile(r"(.*)!\$?([A-Z]{1,3})\$?(\d{1,7})")
BESIDE_MAX: Final = 8
BESIDE_LENGTH: Final = 200


def beside(workbook: Workbook, at: str) -> tuple[str, ...]:
    """What the workbook has in the same line as a cell (`积分表!B7`), merged cells too, from the left."""
    found = _PLACE.fullmatch(at)
    grid = next((one for one in workbook.grids if found and one.name == found[1]), None)
    if found is None or grid is None:
        return ()
    line, column = int(found[3]), 0
    for letter in found[2]:
        column = column * 26 + ord(letter) - ord("A") + 1
    cells = sorted(
        (cell.column, cell.text)
        for cell in grid.cells
        if cell.row <= line < cell.row + cell.rows and not cell.column <= column < cell.column + cell.columns
    )
    return tuple(text[:BESIDE_LENGTH] for _, text in cells if text.strip())[:BESIDE_MAX]


def list_at(settings: dict[str, Any], path: str) -> list[Any]:
    """The list at a path such as `bases.0.reminders`, made where there is none. Raises Problem `draft-place` (409)."""
    here: Any = settings
    *above, last = path.split(".")
    try:
        for part in above:
            here = here[int(part)] if isinstance(here, list) else here[part]
        found: list[Any] = here.setdefault(last, [])
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        text = N_("这一条要放的地方（%(path)s）已经没有了。请去掉它，或者重新传一次表。")
        raise Problem("draft-place", text, status=409, path=path) from None
    return found
