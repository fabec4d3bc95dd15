"""A sheet read from the top down: headings, tables, lists and words, one below the other."""

import re
from collections.abc import Sequence
from typing import Final, TypeVar

from msgspec.structs import replace

from ..around import LEAD, Around, quote, sign_in
from ..grid import Matrix, Spot
from ..items import Place, clean_title, settle
from ..phrases.headings import BASE_SAID, CONTENTS_OF_NOTHING, PRICES, REMARK, SHEET_TITLE, SUBTOTAL, TITLES
from ..phrases.terms import Amount, Terms, read_terms
from ..phrases.text import Line, listed, trimmed, unnumbered, unwrapped
from ..prose import from_words, pieces_of
from ..tables.columns import better, head_by_contents
from ..tables.heads import Head, head_at, turned_at
from ..tables.rows import Table

_HEADING_MAX: Final = 26
_BARE_HEADING_MAX: Final = 12
_STYLES: Final = (
    re.compile(r"第.{1,3}[章节部分]+"),
    re.compile(r"第[\d一二三四五六七八九十百]{1,4}条"),
    re.compile(r"[一二三四五六七八九十]+[、.]"),
    re.compile(r"\([一二三四五六七八九十]+\)|【"),
    re.compile(r"\d+[、.]"),
    re.compile(r"\(\d+\)"),
)
"""How headings are numbered, the highest first."""
_GROUPS: Final = 4
"""Styles that number groups of items; the others number items as well."""
_GRADED: Final = re.compile(r"[A-Za-z甲乙丙丁一二三四五][类档级等](?:事项|行为|项目)?")
_MARKS: Final = re.compile(r"[\s\0,;:。、()\[\]【】<>《》]")
_OF_POINTS: Final = re.compile(
    r"(?:可|得|类|档|区|级|的|有|行为|事项|好事|事|项目|情形|内容|条目|各项|以下|下列|如下|奖励|处罚|每项|一项)*"
)
"""What may stand beside points that are said of all lines below: 【5分】, 加5分的行为."""
_PAIR_MAX: Final = 8
_ENOUGH: Final = 1_000
"""Items outside tables, after which nothing more is a sheet."""
_SURE, _IN_WORDS, _LED, _GUESSED, _LOG, _LOOSE = 96, 88, 78, 79, 76, 72


class Stack:
    """Goes through one sheet from the top down."""

    def __init__(
        self,
        around: Around,
        matrix: Matrix,
        *,
        by_headings: bool = True,
        sure: int = _SURE,
        doubts: tuple[str, ...] = (),
    ) -> None:
        self._by_headings = by_headings
        self._sure, self._doubts = sure, doubts
        self._around = around
        self._matrix = matrix
        self._rows = matrix.rows
        heads = [head for row in self._rows if (head := self._head_at(row)) is not None]
        self._has_head = bool(heads)
        self.turned = any(turned_at(matrix, row) is not None for row in self._rows)
        """Whether a table lies on its side."""
        self.tabled = self._has_head or self.turned
        """Whether headings of columns stand anywhere."""
        self.of_items = self.tabled and all(head.kind == "items" for head in heads)
        """Whether they are all of items, none of people or prices."""

    def read(self) -> Around:
        """Read all of it, and return what was found."""
        at = 0
        while at < len(self._rows):
            row = self._rows[at]
            turned = turned_at(self._matrix, row)
            head = self._head_at(row) if turned is None else None
            if turned is not None:
                bottom, left = turned
                self._turned(self._matrix.turned(row, bottom, left))
                at = self._after(bottom)
            elif head is not None:
                at = self._headed(head)
            else:
                at = self._unheaded(at)
        return self._around

    def _after(self, row: int) -> int:
        return next((at for at, one in enumerate(self._rows) if one > row), len(self._rows))

    def _head_at(self, row: int) -> Head | None:
        return head_at(self._matrix, row) if self._by_headings else None

    def _begins(self, row: int) -> bool:
        """Tell whether a table begins in this row."""
        return self._head_at(row) is not None or turned_at(self._matrix, row) is not None

    def _turned(self, matrix: Matrix) -> None:
        head = head_at(matrix, matrix.rows[0])
        if head is not None and head.kind == "items":
            self._table(matrix, better(head, matrix, matrix.rows[1:]), matrix.rows[1:])

    def _headed(self, head: Head) -> int:
        """A table with headings; where a list of people or prices ends, something else may begin."""
        first = until = self._after(head.last)
        while until < len(self._rows) and not self._begins(self._rows[until]):
            until += 1
        if head.kind == "items" and not PRICES.search(self._around.above):
            matrix = self._matrix.between(*head.part) if head.part is not None else self._matrix
            rows = [row for row in self._rows[first:until] if matrix.columns(row)]
            sure, doubts = (_LOG, (head.doubt,)) if head.doubt else (self._sure, self._doubts)
            self._table(matrix, better(head, matrix, rows), rows, sure=sure, doubts=doubts)
            return until
        what = "名单" if head.kind == "roster" else "兑换价目"
        self._around.say(f"从第{head.first}行起看起来是{what}，不是积分条目，没有读。")
        gaps = (at for at in range(first + 1, until) if self._rows[at] - self._rows[at - 1] > 1)
        return next(gaps, until)

    def _unheaded(self, at: int) -> int:
        """A stretch of rows without headings of columns: words, or columns known by what they hold."""
        until = at + 1
        while until < len(self._rows) and not self._begins(self._rows[until]):
            until += 1
        stretch = self._rows[at:until]
        wide = [row for row in stretch if len(self._matrix.spots(row)) > 1]
        guessed = head_by_contents(self._matrix, wide) if not self._has_head or len(wide) > 2 else None
        if guessed is not None and guessed.kind != "items":
            self._around.say(f"从第{stretch[0]}行起看起来是名单，不是积分条目，没有读。")
        elif guessed is not None:
            for row in stretch:
                if row <= guessed.first and row not in self._headed_by(guessed, wide):
                    self._alone(self._matrix.spots(row), first=row == self._rows[0])
            guessed = better(guessed, self._matrix, [row for row in stretch if row > guessed.first])
            doubt = "这张表没有表头，各栏是什么是看内容猜的，请核对。"
            self._table(
                self._matrix, guessed, [row for row in stretch if row > guessed.first], sure=_GUESSED, doubts=(doubt,)
            )
        else:
            for row in stretch:
                self._alone(self._matrix.spots(row), first=row == self._rows[0])
        return until

    def _headed_by(self, guessed: Head, wide: Sequence[int]) -> list[int]:
        """The row of headings, where the columns took theirs from it."""
        return (
            [guessed.first] if guessed.first in wide and any(one.heading for one in guessed.groups[0].columns) else []
        )

    def _table(
        self, matrix: Matrix, head: Head, rows: Sequence[int], *, sure: int = _SURE, doubts: tuple[str, ...] = ()
    ) -> None:
        tables = [Table(self._around, group, matrix, rows, sure=sure, doubts=doubts) for group in head.groups]
        width = {column.at for group in head.groups for column in group.columns if column.role}
        titles = {column.at for group in head.groups for column in group.of(*TITLES, "standard")} - {min(width)}
        seen: set[int] = set()
        for row in rows:
            spots = matrix.spots(row)
            fresh = [spot for spot in spots if id(spot) not in seen]
            seen.update(id(spot) for spot in spots)
            over = [
                spot
                for spot in fresh
                if _spans(spot, width) and not _is_points(spot, bare=True) and not read_terms(spot.text).amounts
            ]
            if not fresh:
                continue
            if len(spots) == 1 and not (spots[0].column in titles and read_terms(spots[0].text).amounts):
                for table in tables:
                    table.forget()
                self._alone(spots)
            elif (
                over
                and len(spots) <= 2
                and not any(
                    re.search(r"\d", spot.flat) and not re.fullmatch(r"\d{1,3}[.、]?", spot.flat)
                    for spot in spots
                    if spot not in over
                )
            ):
                self._alone(over)
            elif any(SUBTOTAL.fullmatch(unwrapped(unnumbered(spot.text)).plain) for spot in spots[:2]):
                self._around.pass_over(spots[0], "（合计）")
            elif self._around.priced:
                self._around.price(spots)
            else:
                for table in tables:
                    table.row(matrix, row)
        for table in tables:
            table.close()

    # ── rows that are no rows of a table ──

    def _alone(self, spots: Sequence[Spot], *, first: bool = False) -> None:
        """A row of one or a few cells outside any table."""
        said = [
            spot
            for spot in spots
            if not CONTENTS_OF_NOTHING.fullmatch(spot.flat) and not re.fullmatch(r"\d{1,3}", spot.flat)
        ]
        if len(self._around.found) > _ENOUGH:
            return
        if self._around.priced and any(_is_points(spot, bare=True) or read_terms(spot.text).amounts for spot in spots):
            self._around.price(spots)
            return
        if 1 < len(spots) <= _PAIR_MAX and self._pair(spots):
            return
        for spot in said:
            self._words(spot, first=first)

    def _pair(self, spots: Sequence[Spot]) -> bool:
        """A title and its points side by side, though no table stands around them."""
        figures = [spot for spot in spots if _is_points(spot, bare=not self._has_head)]
        words = [spot for spot in spots if spot not in figures]
        if figures and figures[0].flat.isdigit() and all(figures[0].column < spot.column for spot in words):
            return False  # it numbers the line
        if len(figures) != 1 or not words:
            return False
        title = max(words, key=lambda spot: len(spot.flat))
        if SUBTOTAL.fullmatch(title.flat) or REMARK.fullmatch(title.flat):
            return False
        terms = read_terms(figures[0].text, naked=True)
        place = self._around.place(title, sure=_LOOSE, doubts=("这一行不在表里，是按旁边的数猜的，请核对。",))
        found = settle(title.text, place, [Terms(), terms], terms.amounts) if terms.amounts else None
        self._around.add(found)
        return found is not None

    def _words(self, spot: Spot, *, first: bool) -> None:
        """A cell of words: a heading, items, or neither."""
        text = trimmed(spot.text)
        flat = unwrapped(text).plain
        if not flat:
            return
        if (told := BASE_SAID.search(flat)) is not None:
            self._around.base = int(told[1] or told[2])
            self._around.say(f"第{spot.row}行说的是基础分（{quote(text)}），没有当作条目。")
            return
        terms = read_terms(text)
        points = bool(terms.amounts) or (terms.up_to is not None and len(flat) < _HEADING_MAX)
        style = next((at for at, pattern in enumerate(_STYLES) if pattern.match(flat)), len(_STYLES))
        if "单位" in flat:
            self._around.count(text)
        if self._is_led(spot, flat, style, points=points) or self._heading(
            spot, flat, style, points=points, first=first
        ):
            return
        led = self._around.lead is not None and len(listed(text)) > 1
        if REMARK.fullmatch(flat) or SUBTOTAL.fullmatch(flat) or not (points or led):
            self._around.pass_over(spot)
        else:
            self._prose(spot)

    def _is_led(self, spot: Spot, flat: str, style: int, *, points: bool) -> bool:
        """Take an item whose points a line above told for all below it: 有下列情形之一的，每次加5分."""
        lead, led = self._around.lead, self._around.led
        if lead is None or led is None:
            return False
        bare = style == len(_STYLES)
        ended = not (self._around.led_bare and len(flat) <= _HEADING_MAX) if bare else style <= led
        if points or ended or REMARK.fullmatch(flat) or sign_in((flat,)) is not None:
            self._around.lead = self._around.led = None
            return False
        place = self._around.place(spot, sure=_LED)
        amounts = [_each_time(one) for one in lead.amounts]
        rest = _each_time(replace(lead, amounts=()))
        self._around.add(settle(unwrapped(spot.text), place, [Terms(), rest], amounts, cut=True))
        return True

    def _heading(self, spot: Spot, flat: str, style: int, *, points: bool, first: bool) -> bool:
        """Take a heading for what stands below it."""
        bare = re.sub(r"\([^)]*\)", "", flat)
        words = unwrapped(unnumbered(trimmed(spot.text, also="【】[]<>《》★☆◆◇■▲※*")))
        if points and self._leads(spot, flat, style, words):
            return True
        in_bracket = bare != flat and not read_terms(Line(bare, bare)).amounts
        titled = SHEET_TITLE.fullmatch(bare) is not None and style == len(_STYLES)
        graded = _GRADED.fullmatch(trimmed(Line(bare, bare)).plain) is not None
        if points and not (in_bracket and (style < _GROUPS or titled or graded or spot.columns > 1)):
            return False
        if first and (titled or spot.columns > 1) and style == len(_STYLES):
            self._around.title = words.shown
            return True
        signed = spot.columns > 2 and sign_in((bare,)) is not None and len(bare) <= _HEADING_MAX
        sentence = (len(bare) > _HEADING_MAX or re.search(r"[。;,]", bare)) and not signed
        plain = (
            style == len(_STYLES) and spot.columns == 1 and (len(bare) > _BARE_HEADING_MAX or (points and not graded))
        )
        if sentence or plain or REMARK.fullmatch(flat) or SUBTOTAL.fullmatch(flat):
            return False
        if titled and not self._around.headed and not self._around.title:
            self._around.title = words.shown
            return True
        name = re.sub(r"[（(]\s*\d+\s*分\s*[）)]$", "", words.shown)
        self._around.enter(style, name)
        self._around.count(spot.text, name)
        inner = re.search(
            r"\(([^)]*)\)" if graded else r"\(([^)]*[每各均][^)]*)\)", flat
        )  # (40分) is what the section comes to, not what each gives
        self._around.lead, self._around.led = read_terms(Line(inner[1], inner[1])) if inner and points else None, None
        if inner and points:
            self._around.led, self._around.led_bare = style, graded
        return True

    def _leads(self, spot: Spot, flat: str, style: int, words: Line) -> bool:
        """Take a line that says what all below it give: 【5分】, or 有下列情形之一的，每次加5分."""
        given = read_terms(spot.text)
        bare = bool(given.amounts) and bool(_OF_POINTS.fullmatch(_MARKS.sub("", given.left)))
        if not bare and (not LEAD.search(flat) or re.search(r"\d.*;.*\d", flat)):
            return False
        self._around.lead, self._around.led, self._around.led_bare = given, style, bare
        if not bare:
            self._around.enter(style, clean_title(Line(words.shown, read_terms(words).left)) or words.shown)
        return True

    def _prose(self, spot: Spot) -> None:
        """Items told in words: one, or a list of them, perhaps after 下列情形每次加5分."""
        place = self._around.place(spot, sure=_IN_WORDS)
        for piece in pieces_of(spot.text):
            terms = read_terms(piece)
            place = _labelled(piece, place)
            if LEAD.search(piece.plain[-6:]) and terms.amounts:
                self._around.lead = terms
                continue
            items = from_words(piece, place)
            lead = self._around.lead
            if not items and lead is not None and lead.amounts and not REMARK.fullmatch(piece.plain):
                self._around.add(settle(piece, self._around.place(spot, sure=_LED), [Terms(), lead], lead.amounts))
            self._around.found.extend(items)


def _labelled(piece: Line, place: Place) -> Place:
    """The place with the direction that a label before a colon tells of what follows: 减分项：乱扔烟头1分、占道2分."""
    colon = piece.plain.find(":")
    sign = sign_in((piece.plain[:colon],)) if 0 < colon <= _PAIR_MAX else None
    return place if sign is None else replace(place, minus=sign)


Said = TypeVar("Said", Amount, Terms)


def _each_time(said: Said) -> Said:
    """每项加2分, said of the items below, is two points each time."""
    return replace(said, per=frozenset({"time"}), step=None, unit="") if said.unit in {"项", "条"} else said


def _spans(spot: Spot, width: set[int]) -> bool:
    """Tell whether a merged cell lies over most of a table's columns."""
    under = [at for at in width if spot.column <= at < spot.column + spot.columns]
    return spot.columns > 1 and len(width) > 1 and len(under) > len(width) / 2


def _is_points(spot: Spot, *, bare: bool) -> bool:
    """Tell whether a cell outside a table is points: a figure with a sign or a unit, or words of nothing else."""
    if re.fullmatch(r"[+\-]?\d+分?(?:[-~]\d+分?)?(?:/.{1,3})?", spot.flat):
        return bare or not spot.flat.isdigit()
    return len(spot.flat) < _HEADING_MAX and not clean_title(Line(spot.text.shown, read_terms(spot.text).left))
