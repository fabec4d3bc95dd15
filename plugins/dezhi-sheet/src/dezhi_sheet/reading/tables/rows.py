"""The rows of a table: a title, its points, and what the columns beside them add."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from ..around import Around, less_sure, sign_in
from ..grid import Matrix, Spot, address
from ..items import Found, Place, clean_title, settle
from ..phrases.cells import read_cap, read_unit, unknown_unit, window_in
from ..phrases.headings import CONTENTS_OF_NOTHING, DITTO, OUT_OF_FORCE, REMARK, SUBTOTAL, TITLES
from ..phrases.people import PHONE, are_people, redacted
from ..phrases.terms import Amount, Terms, read_terms
from ..phrases.text import Line, lines, unnumbered, unwrapped
from ..prose import clauses, from_words, of_signs, pieces_of
from .cells import (
    DATE,
    entries_of,
    heading_terms,
    is_figure,
    noted,
    points_in,
    reconciled,
    spelled_out,
    spells,
    title_terms,
    undated,
)
from .heads import Column, Group
from .titles import blocks_of, by_standards, heirs_of, numbers, outer, said_once, tells, tells_points

_TEXT_MAX: Final = 1_000
_ENTRY_MAX: Final = 24

Cells = dict[int, Spot]


def _opposite(text: str, *, minus: bool) -> bool:
    """Tell whether a cell says the other direction than its column: 加2分 below 扣分."""
    plus, taken = re.search(r"加|奖|\+", text), re.search(r"扣|减|罚|^-", text)
    return bool(plus and not taken) if minus else bool(taken and not plus)


def _is_private(column: Column, titles: Sequence[Column], matrix: Matrix, rows: Sequence[int]) -> bool:
    """Tell whether a column beside the titles holds names or telephone numbers, which no draft may quote."""
    if column in titles:
        return False
    texts = [spot.flat for row in rows if (spot := matrix.at.get((row, column.at)))]
    phones = [text for text in texts if PHONE.fullmatch(text)]
    return column.role == "roster" or are_people(texts) or (bool(phones) and len(phones) * 2 > len(texts))


class _Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a row says of its points: the columns that hold them, and what stands beside."""

    columns: Sequence[Column]
    cells: Cells
    beside: Sequence[Terms]
    minus: bool | None


class Table:
    """One group of columns, row after row."""

    def __init__(
        self, around: Around, group: Group, matrix: Matrix, rows: Sequence[int], *, sure: int, doubts: tuple[str, ...]
    ) -> None:
        self._around = around
        self._group = group
        self._sure, self._doubts = sure, doubts
        self._last: Cells = {}
        self._stairs: _Stairs | None = None
        named = [column for column in group.of(*TITLES) if not numbers(column, matrix, rows)]
        self._titles = named or (group.of("standard")[:1] if tells(group) else group.of("category")[-1:])
        group = self._group = by_standards(group, self._titles, matrix, rows)
        self._titles = [column for column in self._titles if column in group.columns] or group.of("title")
        blocks = blocks_of(self._titles, matrix, rows)
        self._titles = [column for column in self._titles if column not in blocks]
        self._categories = [column for column in group.of("category") if column not in self._titles] + blocks
        figures = group.of("points", "plus", "minus", "standard", "full")
        self._figures = [column for column in figures if column not in self._titles]
        self._private = {column.at for column in group.columns if _is_private(column, self._titles, matrix, rows)}
        self._categories = [column for column in self._categories if column.at not in self._private]
        places = [column.at for column in self._titles]
        first = [column for column in self._figures if places and column.at < min(places)]
        self._outer = outer(self._categories, matrix, rows)
        self._by_points = bool(first) and len(first) == len(self._figures) and said_once(first[0], matrix, rows)
        self._heirs = heirs_of(self._titles, self._figures, group, matrix, rows)
        if not self._figures and not group.of("step"):
            self._figures = [
                column
                for column in group.of("", "note", "level", "filled", "category")
                if tells_points(column, matrix, rows)
            ]

    def forget(self) -> None:
        """Begin anew below a heading."""
        self.close()
        self._last = {}

    def row(self, matrix: Matrix, row: int) -> None:
        """Read one row."""
        cells = {column.at: spot for column in self._group.columns if (spot := self._cell(matrix, row, column))}
        figures = [cells[column.at] for column in self._figures if column.at in cells]
        title = self._heirs.get(row) or self._title(cells, row)
        if title is None:
            if figures and figures[0].row == row:
                self._around.pass_over(figures[0], "（旁边没有写项目）")
            return
        if self._stairs is not None and self._stairs.title is not title:
            self.close()
        if any(self._gone(cells[column.at].flat, column) for column in self._group.of("state") if column.at in cells):
            self._around.pass_over(title, "（已停用）")
            return
        flat = unwrapped(unnumbered(title.text)).plain
        if SUBTOTAL.fullmatch(flat) or (REMARK.fullmatch(flat) and not figures):
            self._around.pass_over(title)
            return
        self._item(title, cells, row, figures)

    @staticmethod
    def _gone(state: str, column: Column) -> bool:
        """Tell whether a column of states, or of answers to 是否启用, says that the row is no rule in force."""
        asked = re.fullmatch(r".*(?:启用|生效|有效|在用)", column.heading) is not None
        return OUT_OF_FORCE.fullmatch(state) is not None or (asked and state in {"否", "不", "×", "N", "n", "0", "no"})

    def _item(self, title: Spot, cells: Cells, row: int, figures: Sequence[Spot]) -> None:
        place = self._placed(title, cells)
        before = len(self._around.found)
        steps = [column for column in self._group.of("step") if column.at in cells]
        step = self._step_of(title, cells, row)
        if steps:
            self._matrix(title, place, steps, cells)
        elif step is not None and figures:
            self._stairs = self._stairs or _Stairs(title, place, self._beside(cells))
            self._stairs.add(step, figures)
            return
        elif figures:
            self._figured(title, place, cells)
        else:
            self._told(title, place, cells)
        if len(self._around.found) == before:
            self._around.pass_over(title)

    def _cell(self, matrix: Matrix, row: int, column: Column) -> Spot | None:
        """A cell, or the one above where it says 同上; categories go on until the next."""
        spot = matrix.at.get((row, column.at))
        if spot is not None and DITTO.fullmatch(spot.flat):
            return self._last.get(column.at)
        if spot is None:
            goes_on = column in self._categories or (self._by_points and column in self._figures)
            return self._last.get(column.at) if goes_on else None
        if CONTENTS_OF_NOTHING.fullmatch(spot.flat):
            return None
        self._last[column.at] = spot
        return spot

    def _title(self, cells: Cells, row: int) -> Spot | None:
        """The most particular of the cells that may be the title: the last that is not a block over several rows."""
        spots = [cells[column.at] for column in self._titles if column.at in cells]
        own = [spot for spot in spots if spot.row == row]
        short = [spot for spot in own if spot.rows == 1]
        if not spots:
            return None
        if short and len(short) < len(spots):
            return short[-1]
        return spots[0] if len(own) == len(spots) else spots[-1]

    def _step_of(self, title: Spot, cells: Cells, row: int) -> Line | None:
        """The step a row is, where one title stands over several rows and another column names the steps."""
        if title.rows == 1:
            return None
        columns = sorted(self._group.of("level", "note", ""), key=lambda column: column.role != "level")
        names = [cells[column.at] for column in columns if column.at in cells]
        own = (spot for spot in names if spot.row == row and spot.rows == 1 and not is_figure(spot.text))
        return next((spot.text for spot in own), None)

    def _placed(self, title: Spot, cells: Cells) -> Place:
        blocks = [cells[column.at] for column in self._titles if column.at in cells]
        named = [cells[column.at] for column in self._categories if column.at in cells]
        named += [spot for spot in blocks if spot is not title and spot.rows > 1]
        own = tuple(name for name in dict.fromkeys(clean_title(spot.text) for spot in named) if name)
        told = sign_in(own)
        own = tuple(clean_title(cells[at].text) for at in self._outer if at in cells)[:1] or own
        role = self._titles[0].role if self._titles else ""
        minus = True if role.startswith("minus") else False if role.startswith("plus") else told
        if minus is None and self._group.above.plain:
            minus = sign_in((self._group.above.plain,))
            own = own or (clean_title(self._group.above),)
        shown = {at: spot for at, spot in sorted(cells.items()) if at not in self._private}
        notes = [shown[column.at].text.shown for column in self._group.of("note") if column.at in shown]
        hint = redacted("；".join(notes).replace("\n", ""))[:200]
        spots = {id(spot): spot.text.shown for spot in shown.values()}
        text = redacted(" | ".join(dict.fromkeys(spots.values())))[:_TEXT_MAX]
        return self._around.place(
            title, sure=self._sure, doubts=self._doubts, own=own, minus=minus, hint=hint, text=text
        )

    def _beside(self, cells: Cells) -> list[Terms]:
        """What the columns of units, limits and notes add."""
        units = [cells[column.at].text for column in self._group.of("unit") if column.at in cells]
        found = [unknown_unit(read_unit(unit)) for unit in units]
        for column in self._group.of("cap"):
            if column.at in cells:
                window = window_in(column.heading.replace("封顶", ""))
                unit = "次" if "次" in column.heading else ""
                text = cells[column.at].text
                limits, read = read_cap(text, window, unit), read_terms(text)
                if "每人" in column.heading and "每人次" not in column.heading:
                    limits = tuple(msgspec.structs.replace(limit, person=True) for limit in limits)
                found.append(Terms(limits=limits, quotas=read.quotas, quota=read.quota))
        found.extend(noted(cells[column.at].text) for column in self._group.of("note", "") if column.at in cells)
        return found

    def _figured(self, title: Spot, place: Place, cells: Cells) -> None:
        """A title beside its points: one item, or as many as its cell lists; plus and minus are each their own."""
        columns = [column for column in self._figures if column.at in cells]
        signed = [column for column in columns if column.role in {"plus", "minus"}]
        beside = self._beside(cells)
        if len(signed) <= 1:
            minus = (signed[0].role == "minus") if signed and len(columns) == 1 else None
            if minus is not None and _opposite(cells[columns[0].at].text.plain, minus=minus):
                place = place if place.minus is (not minus) else msgspec.structs.replace(place, minus=minus)
                place = place if minus else less_sure(place, 30, "这一条在加分的栏里，写的却是扣分，请看清是加还是减。")
                minus = None
            self._entered(self._entries(title), place, _Said(columns=columns, cells=cells, beside=beside, minus=minus))
            return
        others = [column for column in columns if column not in signed]
        for column in signed:
            said = _Said(columns=[column, *others], cells=cells, beside=beside, minus=column.role == "minus")
            self._entered(self._entries(title), place, said)

    def _entries(self, title: Spot) -> list[Line]:
        """The titles in a cell; where the points stand first, all that they are said of."""
        entries = entries_of(title.text)
        if not self._by_points or len(entries) > 1:
            return entries
        parts = [part for line in lines(title.text) for part in clauses(line, ";")]
        return parts if all(2 <= len(part.plain) <= _ENTRY_MAX for part in parts) else entries

    def _entered(self, titles: Sequence[Line], place: Place, said: _Said) -> None:
        """Each title with its own of the points' entries, or with the one that is said of all."""
        spots = [said.cells[column.at] for column in said.columns]
        dated = next((spot for spot in spots if DATE.fullmatch(spot.flat)), None)
        if dated is not None:
            place = less_sure(place, 30, f"分值{address(dated)}被表格软件改成了日期，先按月和日两个数读，请核对。")
        parts = [entries_of(undated(spot.text)) for spot in spots]
        shared = next((spot for spot in spots if spot.rows > 1 and spot.rows != place.spot.rows), None)
        if shared is not None and not self._by_points:
            place = less_sure(place, 14, f"分值{address(shared)}合并了几行，先按每一条都是这个分数读，请核对。")
        if len(titles) > 1 and any(len(entries) not in {1, len(titles)} for entries in parts):
            place = less_sure(place, max(0, place.sure - 55), "项目和分值的条数对不上，请逐条核对。")
        for at, title in enumerate(titles):
            texts = [
                entries[at] if len(entries) == len(titles) else entries[0] if len(entries) == 1 else spot.text
                for entries, spot in zip(parts, spots, strict=True)
            ]
            self._one(title, place, texts, said)

    def _one(self, title: Line, place: Place, texts: Sequence[Line], said: _Said) -> None:
        texts = spelled_out(texts, said.columns)
        read = [points_in(text) for text in texts]
        if sum(bool(one.amounts) and is_figure(text) for one, text in zip(read, texts, strict=True)) > 1:
            place = less_sure(place, 20, "一行有几栏分数，只读了第一栏，请核对。")
        read, amounts = reconciled(read, [is_figure(text) for text in texts])
        words, bracket = title_terms(title)
        if spells(title, amounts) and len(own := from_words(title, place, said.beside)) == 1:
            self._around.found.extend(own)
            return
        if not amounts and not any(one.up_to or one.full for one in read):
            own = from_words(title, place, [*read, *said.beside])
            lead = self._around.lead
            if own or lead is None or not lead.amounts:
                self._around.found.extend(own)
                return
            read, amounts = [*read, lead], list(lead.amounts)
        terms = [bracket, *read, *said.beside]
        terms.extend(self._counted(terms, amounts, said.columns))
        minuses = [one for one in amounts if one.minus]
        pluses = [one for one in amounts if not one.minus]
        if minuses and pluses and not said.minus:
            bare = [msgspec.structs.replace(one, full=None) for one in terms]
            self._around.add(settle(words, place, bare, pluses, minus=False))
            self._around.add(settle(words, place, terms, minuses, minus=True))
            return
        self._around.add(settle(words, place, terms, amounts, minus=said.minus))

    def _counted(
        self, terms: Sequence[Terms], amounts: Sequence[Amount], columns: Sequence[Column] = ()
    ) -> list[Terms]:
        """What the headings say the points are counted by, where the row does not."""
        if any(one.per or one.once for one in terms) or any(one.per for one in amounts):
            return []
        told = [heading_terms(column.heading) for column in columns]
        return told if any(one.per or one.once for one in told) else [*told, *self._around.counted]

    def _matrix(self, title: Spot, place: Place, steps: Sequence[Column], cells: Cells) -> None:
        """A row with a figure for every level."""
        words, bracket = title_terms(title.text)
        amounts: list[Amount] = []
        terms = [bracket]
        doubt = next((column.doubt for column in steps if column.doubt), "")
        place = less_sure(place, 20, doubt) if doubt else place
        over = [sign_in((column.over.plain,)) for column in steps]
        minus = True if over and all(over) else None
        seen: set[int] = set()
        for column in steps:
            spot = cells[column.at]
            read = read_terms(spot.text, naked=True)
            if id(spot) in seen:  # one figure merged over the steps is that of all of them
                amounts = [msgspec.structs.replace(one, label=Line("", ""), stepped=False) for one in amounts]
                continue
            seen.add(id(spot))
            terms.append(msgspec.structs.replace(read, amounts=(), left=""))
            label = Line(column.label, column.label)
            amounts.extend(msgspec.structs.replace(one, label=label, stepped=True) for one in read.amounts[:1])
        terms = [*terms, *self._beside(cells)]
        terms = [*terms, *self._counted(terms, amounts)]
        if minus is None:
            self._around.found.extend(of_signs(words, place, terms, amounts))
        else:
            self._around.add(settle(words, place, terms, amounts, minus=minus))

    def _told(self, title: Spot, place: Place, cells: Cells) -> None:
        """A title cell that has its points in it."""
        beside = self._beside(cells)
        lead = self._around.lead
        for piece in pieces_of(title.text):
            items = from_words(piece, place, beside)
            if not items and lead is not None and lead.amounts:
                self._around.add(settle(piece, place, [Terms(), lead, *beside], lead.amounts))
            self._around.found.extend(items)

    def close(self) -> None:
        """Put down the item whose steps were collected row by row."""
        if self._stairs is not None:
            self._around.found.extend(self._stairs.items())
        self._stairs = None


class _Stairs:
    """An item with a row for every step: 受到表彰 beside 国家级 50 and 省级 30."""

    def __init__(self, title: Spot, place: Place, beside: Sequence[Terms]) -> None:
        self.title = title
        self._place = place
        self._terms = [Terms(), *beside]
        self._amounts: list[Amount] = []

    def add(self, step: Line, figures: Sequence[Spot]) -> None:
        """One more row."""
        for spot in figures:
            read = points_in(spot.text)
            self._terms.append(msgspec.structs.replace(read, amounts=(), left=""))
            self._amounts.extend(msgspec.structs.replace(one, label=step) for one in read.amounts[:1])

    def items(self) -> list[Found]:
        """The whole item; two where some steps give and some take."""
        return of_signs(unwrapped(self.title.text), self._place, self._terms, self._amounts)
