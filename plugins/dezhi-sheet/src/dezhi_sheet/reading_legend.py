"""What a workbook's own abbreviations mean: p/t is 每次, HJ is 环境, 甲 is 5分, told in a list or a remark."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from dezhi.plugin import Cell, Grid

_CODE: Final = re.compile(
    r"[A-Za-z]{1,4}(?:/[A-Za-z0-9]{1,3})?|[A-Za-z]\d|[×xX*]\d|\d{0,3}/[A-Za-z]{1,2}|[△▲○●◎☆★◇◆■⊙※√×✓]{1,3}|[甲乙丙丁A-E][类档级等]?"
)
_HEADED: Final = re.compile(
    r".*(?:缩写|代码|代号|符号|简称|简写|图例|记号|标记|含义|意思|表示|代表|释义|对应|legend|meaning|code|symbol).*",
    re.IGNORECASE,
)
_TOLD: Final = re.compile(
    rf"(?:^|(?<=[,;。、:\s]))[“\"'‘]?(?P<code>{_CODE.pattern})[”\"'’]?(?:=|:|——?|表示|代表|指的是|指|即|为|是)"
    r"(?P<words>[^,;。、=]{1,12})(?=$|[,;。、\s])"
)
_LEAST: Final = 2

Legend = Mapping[str, str]


def legend_of(grids: Iterable[Grid]) -> Legend:
    """Every abbreviation the sheets explain, with what it means."""
    found: dict[str, str] = {}
    for grid in grids:
        rows: dict[int, list[Cell]] = {}
        for cell in grid.cells:
            if not cell.hidden:
                rows.setdefault(cell.row, []).append(cell)
        pairs = _listed(list(rows.values()))
        found |= pairs if len(pairs) >= _LEAST else {}
        for cell in grid.cells:
            told = {match["code"]: match["words"] for match in _TOLD.finditer(_plain(cell.text))}
            found |= told if len(told) >= _LEAST else {}
    return found


def explained(grid: Grid, legend: Legend) -> Grid:
    """The sheet with what its abbreviations mean in their places, but where they are explained."""
    if not legend:
        return grid
    cells = tuple(
        cell
        if (meaning := _meaning(_plain(cell.text), legend)) is None
        else msgspec.structs.replace(cell, text=meaning)
        for cell in grid.cells
    )
    return Grid(name=grid.name, cells=cells)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _listed(rows: Sequence[Sequence[Cell]]) -> dict[str, str]:
    """Codes beside their meanings, below headings that say so."""
    found: dict[str, str] = {}
    below = False
    for cells in rows:
        texts = [_plain(cell.text) for cell in cells]
        if len(texts) == _LEAST and sum(bool(_HEADED.fullmatch(text)) for text in texts) >= 1 and len(texts[1]) < 8:
            below = True
        elif below and len(texts) == _LEAST:
            if _CODE.fullmatch(texts[0]) and not _CODE.fullmatch(texts[1]):
                found[texts[0]] = texts[1]
        else:
            below = False
    return found


def _meaning(text: str, legend: Legend) -> str | None:
    """What a whole cell means; a code with a figure (8/m) also where it is explained with another or with none."""
    if not text or len(text) > 8:
        return None
    if text in legend:
        return legend[text]
    figure = re.fullmatch(r"(\d{1,4})(/[A-Za-z]{1,2})", text)
    if figure is None:
        return None
    if figure[2] in legend:
        return f"{legend[figure[2]]}{figure[1]}分"
    like = next((code for code in legend if re.fullmatch(rf"\d{{1,4}}{re.escape(figure[2])}", code)), None)
    return None if like is None else re.sub(r"\d+", figure[1], legend[like], count=1)
