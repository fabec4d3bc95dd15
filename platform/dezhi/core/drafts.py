"""A programme on its way to being adopted: rows read from the village's own workbook, confirmed one by one."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import IntEnum
from itertools import chain
from typing import Any, Final

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.plain import unkeepable
from dezhi.core.programmes import Document, Enabled, Resolution
from dezhi.core.text import N_, Text
from dezhi.plugin import Reading, Workbook

ROWS_MAX: Final = 1_000
"""Of a draft. What may be adopted is bounded by the plugin and the core, more tightly."""
SURE: Final = 85
"""The confidence from which a row without a doubt counts as surely understood."""
HALF_SURE: Final = 60

HEADINGS: Final = "categories"
"""The setting of a sheet that lists its categories, each with `code` and `title`; rows name theirs as `category`."""
HEADING: Final = "category"
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
            raise no_row()
        return found

    def chosen(self) -> Document:
        """The programme it would become: the kept rows in the plugin's settings, and the headings they are under.

        A heading under which nothing is kept goes too: its words, or one too many of them, could not be mended by
        anything done to rows. Raises nothing, checks nothing.
        """
        if not self.field:
            return self.document
        enabled = self.document.plugins[self.plugin]
        settings = {**msgspec.to_builtins(enabled.settings), self.field: []}
        for path, one in self._placed():
            list_at(settings, path).append(msgspec.to_builtins(one.row))
        if (used := set(_under(settings))) and isinstance(settings.get(HEADINGS), list):
            settings[HEADINGS] = [one for one in settings[HEADINGS] if _code_of(one) in used]
        plugins = {**self.document.plugins, self.plugin: Enabled(version=enabled.version, settings=settings)}
        return msgspec.structs.replace(self.document, plugins=plugins)

    def _placed(self) -> Iterator[tuple[str, DraftRow]]:
        """The kept rows with the lists they go to, what others go into before these; without an orphaned reminder."""
        for one in sorted(self.rows_in(RowState.KEPT), key=lambda each: each.into.count(".")):
            owner = self.owner(one)
            if owner is None:
                yield one.into or self.field, one
            elif owner.state is RowState.KEPT:
                name, _, inner = one.into.split(".", 2)
                kept = [row.id for row in self.rows_in(RowState.KEPT) if row.into == name]
                yield f"{name}.{self._listed(name) + kept.index(owner.id)}.{inner}", one

    def owner(self, row: DraftRow) -> DraftRow | None:
        """The row that another goes into; None for one that goes into no row.

        The number in `bases.1.reminders` counts what the settings list, then the rows that go to `bases`, kept or not.
        """
        name, _, rest = row.into.partition(".")
        number = rest.partition(".")[0]
        rows = [one for one in self.rows if one.into == name] if number.isdecimal() else []
        at = int(number) - self._listed(name) if rows else 0
        return rows[at] if 0 <= at < len(rows) else None

    def inside(self, row: DraftRow, name: str) -> str:
        """Where a row goes that is to stand in another's list `name`."""
        rows = [one.id for one in self.rows if one.into == row.into]
        return f"{row.into}.{self._listed(row.into) + rows.index(row.id)}.{name}"

    def _listed(self, name: str) -> int:
        """How many entries a list of the settings has that are no rows."""
        found = self.document.plugins[self.plugin].settings.get(name) if self.field else None
        return len(found) if isinstance(found, list | tuple) else 0

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
        for one in self.rows_in(RowState.KEPT):
            owner = self.owner(one)
            if owner is not None and owner.state is not RowState.KEPT:
                text = N_("“%(reminder)s”是从“%(owner)s”里减的，可是“%(owner)s”没有要。请两条都要，或者都不要。")
                return Problem("draft-orphan", text, status=409, reminder=one.title, owner=owner.title)
        return None

    def row_at(self, place: str) -> DraftRow | None:
        """The kept row that a place of the settings is in (`items[3].points`); None for what is in no row."""
        counts: Counter[str] = Counter()
        found = None
        for path, one in self._placed():
            here = re.sub(r"\.(\d+)", r"[\1]", path)
            if re.match(re.escape(f"{here}[{self._listed(path) + counts[path]}]") + r"(\W|$)", place):
                found = one  # what stands in another row comes after it, and is the nearer one
            counts[path] += 1
        return found

    def with_rows(self, rows: Iterable[DraftRow]) -> "Draft":
        """The draft with other rows. Raises Problem `draft-many-rows`."""
        found = tuple(rows)
        if len(found) > ROWS_MAX:
            raise Problem("draft-many-rows", N_("一份细则最多%(most)s条。请分开，或者去掉不用的。"), most=ROWS_MAX)
        return msgspec.structs.replace(self, rows=found)

    def rewritten(self, rows: Sequence[DraftRow]) -> "Draft":
        """The draft with all rows written anew. Raises Problem `draft-rowless` or `-place` (409), or as `with_rows`."""
        if rows and not self.field:
            text = N_("这份草稿的规则不是一条一条的，不能逐条改。")
            raise Problem("draft-rowless", text, status=409)
        made = self.with_rows(rows)
        settings = msgspec.to_builtins(self.document.plugins[self.plugin].settings) if rows else {}
        for one in rows:
            if one.into and made.owner(one) is None:
                list_at(settings, one.into)
        return made

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

    def added(self, row: Mapping[str, Any], into: str = "") -> "Draft":
        """The draft with one more row at its end."""
        return self.proposed(DraftRow(id=0, row=row, title=called(row), into=into, state=RowState.KEPT, edited=True))

    def proposed(self, row: DraftRow) -> "Draft":
        """The draft with one more row at its end as it is, under a number of its own."""
        key = max((one.id for one in self.rows), default=0) + 1
        return self.with_rows((*self.rows, msgspec.structs.replace(row, id=key)))


def _under(value: object) -> Iterator[str]:
    """The codes of the headings that rows are under, rows within rows too."""
    if isinstance(value, Mapping):
        yield from (str(one) for key, one in value.items() if key == HEADING)
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _under(one)


def _code_of(heading: object) -> str:
    return str(heading.get("code")) if isinstance(heading, Mapping) else ""


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


def no_row() -> Problem:
    """What to raise for a row that is not there, or not what the asker takes it for."""
    return Problem("draft-row", N_("草稿里没有这一条。可能别人刚刚改过，请看一看现在的样子。"), status=404)


def closed() -> Problem:
    """What to raise for a draft that is no more open."""
    return Problem("draft-closed", N_("这份草稿已经启用或者丢掉了，不能再改。"), status=409)


def changed_meanwhile() -> Problem:
    """What to raise for a change of a draft that somebody else has saved since."""
    text = N_("没有存上：您打开这一页以后，别人改过这份草稿。下面是现在的样子，请再改一次。")
    return Problem("draft-changed", text, status=409)


def called(row: Mapping[str, Any], otherwise: str = "") -> str:
    """What a row calls itself."""
    title = row.get(TITLE_FIELD)
    return title if isinstance(title, str) and title.strip() else otherwise


def kept_rows(
    rows: Iterable[Any], into: str = "", after: int = 0, state: RowState = RowState.KEPT
) -> tuple[DraftRow, ...]:
    """Rows of rules that are in force already: nobody need confirm them anew. They are numbered from `after` on."""
    return tuple(
        DraftRow(id=number, row=row, title=called(row), into=into, state=state)
        for number, row in enumerate((one for one in rows if isinstance(one, Mapping)), after + 1)
    )


def read_rows(reading: Reading, workbook: Workbook) -> tuple[DraftRow, ...]:
    """What was read in a village's own workbook, each to be confirmed."""
    return tuple(
        DraftRow(
            id=number,
            row=one.row,
            title=one.title,
            says=one.says,
            at=one.at,
            text=one.text,
            beside=beside(workbook, one.at),
            confidence=one.confidence,
            doubts=one.doubts,
            into=one.into,
        )
        for number, one in enumerate(reading.drafts, 1)
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
        found.extend(())  # what is no list has no room
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        text = N_("这一条要放的地方（%(path)s）已经没有了。请去掉它，或者重新传一次表。")
        raise Problem("draft-place", text, status=409, path=path) from None
    return found
