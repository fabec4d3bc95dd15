"""Prices told in words beside the rules, taken out before they are read: 兑换物品：竹篮30分、喷雾器60分."""

import re
from typing import Final

import msgspec

from dezhi.plugin import Cell, Grid

from ..phrases.text import line
from ..places import shown

_LABEL: Final = re.compile(
    r"(?:^|(?<=[\n;；。]))[^:：;；。,，\n\d]{0,8}(?:兑换|换购|换领|可[兑换]|价目)[^:：;；。,，\n\d]{0,8}[:：](?=\s*\S)"
)
"""Words before a colon after which the rest of a cell is what points are spent on."""
_ENDS: Final = re.compile(r"\n(?=[^\n:：\d]{0,6}(?:[加扣减奖得评][减]?分|积分(?:项目|事项|内容|标准|办法)))")
"""A line from which a cell speaks of how points are earned again."""
_EARNED: Final = re.compile(r"[加得奖]分|积分(?:项目|事项|内容|行为)")
_FIGURE: Final = re.compile(r"\d|分")


def unpriced(grid: Grid) -> tuple[Grid, list[str]]:
    """The sheet without such prices, and the cells that had them."""
    cells: list[Cell] = []
    places: list[str] = []
    for cell in grid.cells:
        found = None if cell.hidden else _LABEL.search(cell.text)
        priced = found is not None and not _EARNED.search(found.group()) and _FIGURE.search(cell.text, found.end())
        if found is None or not priced:
            cells.append(cell)
            continue
        places.append(shown(cell.row, cell.column))
        ends = _ENDS.search(cell.text, found.end())
        rest = cell.text[: found.start()] + (cell.text[ends.start() :] if ends else "")
        if line(rest).plain:
            cells.append(msgspec.structs.replace(cell, text=rest))
    return (Grid(name=grid.name, cells=tuple(cells)), places) if places else (grid, [])
