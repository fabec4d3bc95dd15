"""A questionnaire: questions with their options below, each option with its points."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from ..grid import Matrix, Spot
from ..phrases.terms import read_terms
from ..phrases.text import Line, trimmed, unnumbered

_KIND: Final = re.compile(
    r"[\[【(](?:[^\[\]【】()]{0,6})(?:单选|多选|填空|量表|判断|评分|单项|多项|打分|必答|选填|可多选)[^\[\]【】()]{0,20}[\]】)]"
)
_QUESTION: Final = re.compile(
    r"(?:第?\d{1,2}[题、.)]|Q\d{1,2}|问题?[\d一二三四五六七八九十]{1,3}|[一二三四五六七八九十]{1,3}、).{2,60}"
)
_SEVERAL: Final = re.compile(r"多选|多项|哪些|几项|每选|有无下列|下列情况|勾选所有")
_OPTION: Final = re.compile(r"[○●□☐◯〇☑√]|[A-H](?:[.、):]|(?=[\u4e00-\u9fff]))|\(\s*\)|[①-⑩]")
_NONE: Final = re.compile(r"以上(?:都|均|全)?(?:没有|不是|无|未).*|都没有|无|没有")
_LEAST: Final = 2


class _Asked(msgspec.Struct):
    """A question and its options with the cells that hold their points."""

    question: Spot
    options: list[tuple[Spot, Spot]]


def questioned(matrix: Matrix) -> Matrix | None:
    """The questions as a table with a row for each option; None where there are no questions with points."""
    asked = [one for one in _questions(matrix) if len(one.options) > 0]
    if len(asked) < _LEAST:
        return None
    found: list[tuple[int, int, Spot]] = [
        (0, at, _head(at, text)) for at, text in enumerate(("项目", "选项", "分值"), 1)
    ]
    for one in asked:
        several = _SEVERAL.search(one.question.flat) is not None
        title = _bare(one.question, len(one.options))
        for option, points in one.options:
            if several and (_NONE.fullmatch(unnumbered(option.text).plain) or points.flat.strip("分") == "0"):
                continue
            row = option.row  # where a cell stands in the sheet and in this table must be one row
            found.append((row, 1, option if several else title))
            if not several:
                found.append((row, 2, option))
            found.append((row, 3, points))
    return Matrix(found)


def _questions(matrix: Matrix) -> list[_Asked]:
    found: list[_Asked] = []
    for row in matrix.rows:
        spots = [spot for spot in matrix.spots(row) if spot.row == row]
        words = [spot for spot in spots if len(spot.flat) > 1]
        if len(words) == 1 and _is_question(words[0]):
            found.append(_Asked(words[0], []))
        elif found and spots and (option := _option(spots)) is not None:
            found[-1].options.append(option)
    return found


def _is_question(spot: Spot) -> bool:
    flat = spot.flat
    asks = _KIND.search(flat) is not None or flat.endswith("?")
    return asks and not _OPTION.match(flat) and (_QUESTION.fullmatch(flat) is not None or asks)


def _option(spots: Sequence[Spot]) -> tuple[Spot, Spot] | None:
    """An option and the cell with its points: beside it, or itself."""
    first = spots[0]
    if not _OPTION.match(first.flat):
        return None
    points = [spot for spot in spots[1:] if read_terms(spot.text, naked=True).amounts and len(spot.flat) < 8]
    if points:
        return first, points[0]
    amounts = read_terms(first.text).amounts
    if not amounts:
        return None
    words = trimmed(first.text.part(0, amounts[0].start))
    return msgspec.structs.replace(first, text=words), msgspec.structs.replace(
        first, text=first.text.part(amounts[0].start)
    )


def _bare(spot: Spot, rows: int) -> Spot:
    """The question without its number and kind, over the rows of its options."""
    text = spot.text
    kind = _KIND.search(text.plain)
    if kind is not None:
        text = text.part(0, kind.start()) if kind.start() > 1 else text.part(kind.end())
    return msgspec.structs.replace(spot, text=unnumbered(trimmed(text)), rows=max(rows, _LEAST))


def _head(column: int, text: str) -> Spot:
    return Spot(text=Line(text, text), row=1, column=column)
