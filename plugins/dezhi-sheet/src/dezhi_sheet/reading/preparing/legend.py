"""What a workbook's own abbreviations mean: p/t is 每次, HJ is 环境, 甲 is 5分, told in a list or a remark."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from dezhi.plugin import Cell, Grid

from ..phrases.abroad import translated
from ..phrases.cells import read_unit
from ..phrases.headings import role_of
from ..phrases.terms import read_terms
from ..phrases.text import Line

_CODE: Final = re.compile(
    r"[A-Za-z]{1,4}(?:/[A-Za-z0-9]{1,3})?|[A-Za-z]\d|[×xX*]\d|\d{0,3}/[A-Za-z]{1,2}|[△▲○●◎☆★◇◆■⊙※√×✓]{1,3}|[甲乙丙丁A-E][类档级等]?"
)
_HEADED: Final = re.compile(
    r".*(?:缩写|代码|代号|符号|简称|简写|图例|记号|标记|含义|意思|表示|代表|释义|对应|legend|meaning|code|symbol).*",
    re.IGNORECASE,
)
_TOLD: Final = re.compile(
    rf"(?:^|(?<=[,;。、:\s]))[“\"'‘]?(?P<code>{_CODE.pattern})[”\"'’]?(?:=|:|——?|表示|代表|指的是|指|即|为|是|(?=每?[次人户]?[+\-加扣减]?\d+分))"
    r"(?P<words>[^,;。、=]{1,12})(?=$|[,;。、\s])"
)
_MARKS: Final = r"[*※#△▲☆]{1,3}|\(?注[\d一二三四五]\)?|\[\d\]"
_NOTE: Final = re.compile(rf"(?P<mark>{_MARKS})[:、.]?(?P<words>[^*※#△▲☆].{{3,80}})")
_MARKED: Final = re.compile(rf"(?P<mark>{_MARKS})$")
_MARKED_MAX: Final = 40
_SCRAPS: Final = re.compile(r"[\s\0,;:。、()按计]")
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
    """The sheet with what its abbreviations mean in their places, and English units and limits in Chinese."""
    cells = tuple(
        cell
        if (meaning := _meaning(_plain(cell.text), legend) or translated(cell.text)) is None
        else msgspec.structs.replace(cell, text=meaning)
        for cell in grid.cells
    )
    return Grid(name=grid.name, cells=cells)


def footnoted(grid: Grid) -> Grid:
    """The sheet with what its footnotes say in brackets where their marks stand: 巡逻* and below *按小时计."""
    notes: dict[str, str] = {}
    for cell in grid.cells:
        for line in _plain(cell.text).split("\n"):
            found = _NOTE.fullmatch(line.strip())
            if found is not None and not cell.hidden:
                notes[_mark(found["mark"])] = found["words"]
    if not notes:
        return grid
    cells = tuple(_with_note(cell, notes) for cell in grid.cells)
    return Grid(name=grid.name, cells=cells)


def _mark(text: str) -> str:
    return re.sub(r"[()\[\]:、.]", "", text)


def _with_note(cell: Cell, notes: Legend) -> Cell:
    plain = _plain(cell.text)
    found = _MARKED.search(plain)
    if found is None or _mark(found["mark"]) not in notes or _NOTE.fullmatch(plain) or len(plain) > _MARKED_MAX:
        return cell
    words = notes[_mark(found["mark"])].rstrip("。;")
    bare = plain[: found.start()]
    return msgspec.structs.replace(cell, text=f"{bare}（{words}）" if is_terms(words) else bare)


def is_terms(words: str) -> bool:
    """Tell whether words say a limit or what is counted, and nothing else."""
    plain = Line(words, words)
    terms, unit = read_terms(plain), read_unit(plain)
    return any(not one.empty and not _SCRAPS.sub("", one.left) for one in (terms, unit))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def looked_up(grid: Grid) -> Grid:
    """The sheet with the points of grades that a small list beside the table tells: 档次 A, there 扣分 10."""
    rows: dict[int, dict[int, Cell]] = {}
    for cell in grid.cells:
        if not cell.hidden:
            rows.setdefault(cell.row, {})[cell.column] = cell
    for top, cells in rows.items():
        for at, cell in cells.items():
            same = [column for column in cells if column > at and _plain(cells[column].text) == _plain(cell.text)]
            beside = cells.get(same[0] + 1) if same else None
            if beside is None or role_of(_plain(beside.text)) not in {"points", "plus", "minus"}:
                continue
            side = {"plus": "加", "minus": "扣"}.get(role_of(_plain(beside.text)), "")
            told = {
                _plain(key.text): f"{side}{_plain(value.text)}分"
                for row, held in rows.items()
                if row > top
                and (key := held.get(same[0]))
                and (value := held.get(same[0] + 1))
                and value.text.strip().isdigit()
            }
            graded = [_plain(held[at].text) for row, held in rows.items() if row > top and at in held]
            if len(told) >= _LEAST and sum(text in told for text in graded) * 10 >= len(graded) * 8:
                return _with_points(grid, told, top, at, same[0])
    return grid


def _with_points(grid: Grid, told: Legend, top: int, at: int, until: int) -> Grid:
    cells: list[Cell] = []
    for cell in grid.cells:
        if cell.row >= top and until <= cell.column <= until + 1:
            continue
        if cell.row == top and cell.column == at:
            cells.append(msgspec.structs.replace(cell, text="分值"))
        elif cell.row > top and cell.column == at:
            cells.append(msgspec.structs.replace(cell, text=told.get(_plain(cell.text), cell.text)))
        else:
            cells.append(cell)
    return Grid(name=grid.name, cells=tuple(cells))


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
