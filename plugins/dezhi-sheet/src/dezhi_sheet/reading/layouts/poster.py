"""A sheet laid out as a poster: titles with their points in the same cell, below, or beside, wherever they stand."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import msgspec

from ..around import Around, sign_in
from ..grid import Matrix, Spot
from ..items import Found, Place, clean_title, settle
from ..phrases.headings import BASE, GOODS, PRICES, REMARK, SUBTOTAL, role_of
from ..phrases.people import PERSON
from ..phrases.terms import Amount, Terms, read_terms
from ..phrases.text import Line, number, trimmed, unwrapped
from ..prose import from_words, pieces_of

_NO_TITLES: Final = frozenset({"points", "cap", "unit", "number", "roster", "filled", "full", "plus", "minus"})
_LABEL_MAX: Final = 5
_SURE: Final = 76
_ENOUGH: Final = 400
"""Items a poster may have; more are a table."""
_POINTS_MAX: Final = 16
_TITLE_MAX: Final = 40
_STARS: Final = re.compile(r"[★☆⭐❤♥●]{1,20}")
_STAR_WORTH: Final = re.compile(r"(?:一|每|1)?(?:颗|个|枚|朵)?[★☆⭐❤♥●](?:=|为|是|代表|等于|计|算)(?P<n>\d{1,3})分")
_ABOVE_MAX: Final = 40


def read_poster(around: Around, matrix: Matrix) -> Around:
    """Read every cell by itself and by its neighbours."""
    spots = sorted({id(spot): spot for spot in matrix.at.values()}.values(), key=lambda spot: (spot.row, spot.column))
    if len(spots) <= _ENOUGH * 2:
        _Poster(around, spots).read()
    return around


class _Poster:
    """The cells of one sheet as pieces on a board."""

    def __init__(self, around: Around, spots: Sequence[Spot]) -> None:
        self._around = around
        self._spots = spots
        self._star = _star(spots)
        self._points = {id(spot): terms for spot in spots if (terms := self._only_points(spot)) is not None}
        self._words = [spot for spot in spots if id(spot) not in self._points]

    def read(self) -> None:
        """Pair points with titles, then take what tells both itself."""
        titles: dict[int, tuple[Spot, Terms]] = {}
        for spot in self._spots:
            terms = self._points.get(id(spot))
            title = self._title_of(spot) if terms is not None else None
            if terms is not None and title is not None and id(title) not in titles:
                titles[id(title)] = title, self._limited(spot, terms)
            elif terms is not None:
                self._around.pass_over(spot)
        for spot in self._words:
            if id(spot) in titles:
                self._paired(*titles[id(spot)])
            else:
                self._told(spot)

    def _only_points(self, spot: Spot) -> Terms | None:
        """The points of a cell that says nothing else."""
        flat = spot.flat
        if self._star and _STARS.fullmatch(flat):
            value = self._star * len(flat)
            amount = Amount(least=value, most=value, minus=None, label=Line("", ""), start=0, end=len(flat))
            return Terms(amounts=(amount,))
        if len(flat) > _POINTS_MAX:
            return None
        if re.fullmatch(r"[+\-]?\d{1,3}", flat):
            return read_terms(spot.text, naked=True)
        terms = read_terms(unwrapped(spot.text))
        left = clean_title(Line(spot.text.shown.replace("\n", ""), terms.left), cut=True)
        return terms if terms.amounts and not left else None

    def _limited(self, points: Spot, terms: Terms) -> Terms:
        """The points with a limit that stands right below them and says nothing else."""
        for spot in self._words:
            if spot.row == points.row + points.rows and spot.column == points.column and len(spot.flat) <= _POINTS_MAX:
                below = read_terms(unwrapped(spot.text))
                if below.limits and not below.amounts and not clean_title(Line(spot.text.shown, below.left)):
                    return msgspec.structs.replace(terms, limits=(*terms.limits, *below.limits))
        return terms

    def _title_of(self, points: Spot) -> Spot | None:
        """The words right above over the same columns, else those right beside on the left."""
        above = [spot for spot in self._words if spot.row + spot.rows == points.row and _over(spot, points)]
        goes_on = any(
            spot.row == points.row + points.rows and spot.column == points.column
            for spot in self._spots
            if id(spot) in self._points
        )  # a column of figures: what stands above it is its heading
        exact = (
            []
            if goes_on
            else [spot for spot in above if (spot.column, spot.columns) == (points.column, points.columns)]
        )
        beside = [
            spot
            for spot in self._words
            if spot.column + spot.columns == points.column and spot.row <= points.row < spot.row + spot.rows
        ]
        return next((spot for spot in (*beside, *exact) if self._is_title(spot)), None)

    def _is_title(self, spot: Spot) -> bool:
        flat = unwrapped(trimmed(spot.text)).plain
        return (
            2 <= len(flat) <= _TITLE_MAX
            and not REMARK.fullmatch(flat)
            and not SUBTOTAL.fullmatch(flat)
            and (len(flat) > _LABEL_MAX or role_of(flat) not in _NO_TITLES)
            and not PERSON.fullmatch(flat)
            and not read_terms(Line(flat, flat)).amounts
        )

    def _heading(self, spot: Spot) -> Spot | None:
        """What stands over or before a cell and is no item itself."""
        before = [
            one for one in self._words
            if one.row <= spot.row < one.row + one.rows
            and one.column + one.columns <= spot.column and self._is_title(one)
        ]  # fmt: skip
        signs = [one for one in before if sign_in((one.flat,)) is not None]
        if signs:
            return signs[-1]
        above = [one for one in self._words if one.row + one.rows <= spot.row and _over(one, spot)]
        return next((one for one in reversed(above) if self._heads(one)), None)

    def _heads(self, spot: Spot) -> bool:
        return (
            spot.columns > 1
            and len(spot.flat) <= _ABOVE_MAX
            and not any(GOODS.fullmatch(clean_title(piece, cut=True)) for piece in pieces_of(spot.text))
        )

    def _place(self, spot: Spot) -> Place:
        heading = self._heading(spot)
        own = (clean_title(heading.text),) if heading is not None else ()
        doubt = "这一张不像表格，是按位置把项目和分数配在一起的，请核对。"
        return self._around.place(spot, sure=_SURE, own=tuple(name for name in own if name), doubts=(doubt,))

    def _paired(self, title: Spot, terms: Terms) -> None:
        found = settle(unwrapped(title.text), self._place(title), [Terms(), terms], terms.amounts)
        self._around.add(found)

    def _told(self, spot: Spot) -> None:
        """A cell that has titles and points in it."""
        heading = self._heading(spot)
        text = trimmed(spot.text)
        over = heading.flat if heading is not None else ""
        items: list[Found] = []
        for piece in pieces_of(text):
            items.extend(from_words(piece, self._place(spot)))
        goods = [one for one in items if GOODS.fullmatch(one.title)]
        flat = unwrapped(text).plain
        total = spot.rows > 1 and re.fullmatch(r"[^()\d]{2,}\(\d{1,3}分\)", flat)  # what a section comes to
        if (
            total
            or BASE.search(flat)
            or not items
            or goods
            or PRICES.search(over)
            or REMARK.fullmatch(flat)
            or _STAR_WORTH.search(flat)
        ):
            self._around.pass_over(spot)
            return
        self._around.found.extend(items)


def _star(spots: Sequence[Spot]) -> Fraction | None:
    """What a star is worth, where the sheet tells it."""
    for spot in spots:
        found = _STAR_WORTH.search(spot.flat)
        if found is not None:
            return number(found["n"])
    return None


def _over(above: Spot, below: Spot) -> bool:
    return above.column < below.column + below.columns and below.column < above.column + above.columns
