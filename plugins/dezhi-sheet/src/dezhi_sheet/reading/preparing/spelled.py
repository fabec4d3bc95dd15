"""A sheet with its points spelled out in one cell where they stand in two, or as a formula, or as an answer."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from dezhi.plugin import Cell, Grid

_PLUS: Final = frozenset({"加", "加分", "奖", "奖励", "奖分", "正", "正分", "+", "增", "正向", "激励"})
_MINUS: Final = frozenset({"减", "减分", "扣", "扣分", "罚", "负", "负分", "-", "惩罚", "处罚", "负向"})
_FIGURE: Final = re.compile(r"\d{1,4}(?:\.\d)?分?(?:[-~至]\d{1,4}分?)?")
_LEAST: Final = re.compile(r"(?:最低|最少|最小|下限|起)(?:分值?|得分|积分|分数)?")
_MOST: Final = re.compile(r"(?:最高|最多|最大|上限)(?:分值?|得分|积分|分数)?")
_TIMES: Final = re.compile(
    r"(?:按)?(?P<unit>小时|人次|户次|课时|公斤|千克|[时人次户天日场件亩斤袋桶棵株个篇条公里米])数?(?:[×xX*]|乘以?)(?P<n>\d{1,3})分?(?P<rest>[,;。].*)?"
)
_DIVIDED: Final = re.compile(r"(?:按)?(?:捐款)?(?:金额|钱数|元数)(?:[÷/]|除以)(?P<n>\d{1,5})(?P<rest>[,;。].*)?")
_RATE: Final = re.compile(
    r"(?P<n>\d{1,5})(?P<unit>元|小时|天|公斤|千克|斤|ml|毫升|次|个|件|袋|公里|棵|株|亩|节|瓶|本)(?:=|换|兑换?|折|得|计|积|记|可得){1,2}(?P<points>\d{1,3})个?分(?P<rest>[,;。].*)?"
)
_COUNTED: Final = re.compile(
    r"(?P<points>[+\-]?\d{1,3}(?:[-~至]\d{1,3})?分?)[(×*](?:每|按|/)?(?P<unit>人次?|户次?|次|小时|天|周|月|季度?|年度?|半年|件|起|场)数?\)?"
)
_BOTH: Final = re.compile(r"[+加](?P<plus>\d{1,3})分?[/、,;或][-减扣](?P<minus>\d{1,3})分?")
_ASKS: Final = re.compile(r"(?:问|Q\d{0,2})[:、.](?P<what>.{2,40})")
_ANSWERS: Final = re.compile(r"(?:答|A\d{0,2})[:、.](?P<words>.{2,200})", re.DOTALL)
_POINTS: Final = re.compile(r"[+\-加扣减]?\d{1,3}分")
_TAKEN: Final = re.compile(r"\(\d{1,3}\)|[▲△]\d{1,3}")
_TICK: Final = re.compile(r"[√✓✔☑●○■★☆1是对vV]")
_HOW_MUCH: Final = re.compile(
    r"(?:(?:能|可以?|会|要|该|应该?)?(?:得|加|奖|扣|减|记|计|给)(?:几|多少)分|(?:怎么|如何)(?:记|计|加|扣|算)?分?).*|\?$"
)
_SIGNS_LEAST: Final = 2

Columns = Mapping[int, Sequence[Cell]]


def spelled(grid: Grid) -> Grid:
    """The sheet spelled out."""
    rewrites: tuple[Callable[[Grid], Grid], ...] = (_asked, _signed, _ranged, _ticked, _accounted)
    for rewrite in rewrites:
        grid = rewrite(grid)
    cells = tuple(
        cell if (said := _formula(plain_of(cell))) is None else msgspec.structs.replace(cell, text=said)
        for cell in grid.cells
    )
    return Grid(name=grid.name, cells=cells)


def plain_of(cell: Cell) -> str:
    """A cell's text as it is matched here."""
    return unicodedata.normalize("NFKC", cell.text).strip().replace("−", "-")


def _formula(text: str) -> str | None:
    """小时数×2 as 每小时2分, 金额÷100 as 每100元1分, +2/-2 as 加2分,扣2分."""
    text = text.replace(" ", "")
    if (times := _TIMES.fullmatch(text)) is not None:
        return f"每{times['unit']}{times['n']}分{times['rest'] or ''}"
    if (divided := _DIVIDED.fullmatch(text)) is not None:
        return f"每{divided['n']}元1分{divided['rest'] or ''}"
    if (rate := _RATE.fullmatch(text)) is not None:
        return f"每{rate['n']}{rate['unit']}{rate['points']}分{rate['rest'] or ''}"
    if (counted := _COUNTED.fullmatch(text)) is not None:
        return f"{counted['points']}/{counted['unit']}"
    if (both := _BOTH.fullmatch(text)) is not None:
        return f"加{both['plus']}分,扣{both['minus']}分"
    return None


def _columns(grid: Grid) -> dict[int, list[Cell]]:
    found: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        if not cell.hidden:
            found.setdefault(cell.column, []).append(cell)
    return found


def _signed(grid: Grid) -> Grid:
    """A column of 加 and 减 joined to the figures beside it."""
    columns = _columns(grid)
    for at, cells in columns.items():
        signs = {cell.row: plain_of(cell) for cell in cells if plain_of(cell) in _PLUS | _MINUS}
        if len(signs) < _SIGNS_LEAST or len(signs) * 2 < len(cells):
            continue
        for figures in (columns.get(at + 1, []), columns.get(at - 1, [])):
            beside = [cell for cell in figures if cell.row in signs and _FIGURE.fullmatch(plain_of(cell))]
            if len(beside) * 10 >= len(signs) * 8:
                said = {
                    id(cell): f"{'扣' if signs[cell.row] in _MINUS else '加'}{plain_of(cell).rstrip('分')}分"
                    for cell in beside
                }
                gone = {id(cell) for cell in cells if cell.row in signs}
                return _with(grid, said, gone)
    return grid


def _accounted(grid: Grid) -> Grid:
    """(5) and ▲5 among plain figures as -5, as bookkeepers write what is taken off."""
    said: dict[int, str] = {}
    for cells in _columns(grid).values():
        plain = [cell for cell in cells if re.fullmatch(r"\+?\d{1,3}分?", plain_of(cell))]
        taken = [cell for cell in cells if _TAKEN.fullmatch(plain_of(cell))]
        if len(plain) > 1 and taken and len(taken) < len(plain) * 3:
            said |= {id(cell): f"-{re.sub(r'[^0-9]', '', plain_of(cell))}" for cell in taken}
    return _with(grid, said, set()) if said else grid


def _ranged(grid: Grid) -> Grid:
    """最低分 beside 最高分 as one range."""
    columns = _columns(grid)
    for at, cells in columns.items():
        low = next((cell for cell in cells if _LEAST.fullmatch(plain_of(cell))), None)
        high = next((cell for cell in columns.get(at + 1, []) if low is not None and cell.row == low.row), None)
        if low is None or high is None or not _MOST.fullmatch(plain_of(high)):
            continue
        most = {cell.row: cell for cell in columns[at + 1] if cell.row > low.row and plain_of(cell).isdigit()}
        least = [cell for cell in cells if cell.row in most and plain_of(cell).isdigit()]
        said = {id(cell): f"{plain_of(cell)}-{plain_of(most[cell.row])}" for cell in least} | {id(low): "分值"}
        return _with(grid, said, {id(most[cell.row]) for cell in least} | {id(high)})
    return grid


def _ticked(grid: Grid) -> Grid:
    """Ticks below 1分, 2分, 5分 as the points above them."""
    rows: dict[int, list[Cell]] = {}
    for cell in grid.cells:
        if not cell.hidden:
            rows.setdefault(cell.row, []).append(cell)
    for top, cells in rows.items():
        heads = {cell.column: plain_of(cell) for cell in cells if _POINTS.fullmatch(plain_of(cell))}
        below = [each for row, held in rows.items() if row > top for each in held if each.column in heads]
        ticks = [cell for cell in below if _TICK.fullmatch(plain_of(cell))]
        alone = len({cell.row for cell in ticks}) == len(ticks)
        if len(heads) > 1 and len(ticks) > 1 and alone and len(ticks) == len(below):
            first = min(heads)
            said = {id(cell): "分值" for cell in cells if cell.column == first}
            said |= {id(cell): heads[cell.column] for cell in ticks}
            gone = {id(cell) for cell in cells if cell.column in heads and cell.column != first}
            at = {id(cell): first for cell in ticks}
            return _with(grid, said, gone, at)
    return grid


def _asked(grid: Grid) -> Grid:
    """问 and 答 as one sentence in the question's place."""
    said: dict[int, str] = {}
    gone: set[int] = set()
    asked: tuple[Cell, str] | None = None
    for cell in grid.cells:
        plain = plain_of(cell)
        question, answer = _ASKS.fullmatch(plain), _ANSWERS.fullmatch(plain)
        if question is not None:
            asked = cell, _HOW_MUCH.sub("", question["what"])
        elif answer is not None and asked is not None:
            said[id(asked[0])] = f"{asked[1]}，{answer['words']}"
            gone.add(id(cell))
            asked = None
    return _with(grid, said, gone) if len(gone) > 1 else grid


def _with(grid: Grid, said: Mapping[int, str], gone: set[int], at: Mapping[int, int] | None = None) -> Grid:
    columns = at or {}
    cells = tuple(
        msgspec.structs.replace(cell, text=said[id(cell)], column=columns.get(id(cell), cell.column))
        if id(cell) in said
        else cell
        for cell in grid.cells
        if id(cell) not in gone
    )
    return Grid(name=grid.name, cells=cells)
