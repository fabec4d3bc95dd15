"""The tree of regions and its 12-digit codes (统计用区划代码, L-22).

A code reads 2 digits province, 2 city, 2 county, 3 township, 3 village; what is not reached is zero. Below the village
there is no national code: grids and groups carry a short local one.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.text import N_

CODE_LENGTH = 12
LOCAL_CODE_MAX = 32


class Level(StrEnum):
    """How high a region stands, from the top down."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"
    GRID = "grid"
    GROUP = "group"


CODED: Mapping[Level, int] = {
    Level.PROVINCE: 2,
    Level.CITY: 4,
    Level.COUNTY: 6,
    Level.TOWNSHIP: 9,
    Level.VILLAGE: 12,
}
"""Levels with a national code, and how many of its digits tell them."""

PROVINCES = frozenset(
    (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82)
)
TOWNSHIP_LAST = 599  # 001-099 street, 100-199 town, 200-399 rural township, 400-599 alike
VILLAGE_LAST = 599  # 001-199 residents' committee, 200-399 villagers' committee, 400-599 alike


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """One node of the tree, in force from `valid_from` until the day before `valid_to`."""

    id: int
    code: str
    level: Level
    name: str
    parent: int | None
    valid_from: date
    valid_to: date | None = None
    merged_into: int | None = None

    def in_force(self, on: date) -> bool:
        """Whether the region existed on that day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


def village_on(regions: Mapping[int, Region], region: int, on: date) -> Region:
    """Return what the region is called on that day: itself, or what it had been merged into by then.

    `regions` holds the region and all its successors. Raises KeyError when one is missing.
    """
    found = regions[region]
    while found.valid_to is not None and on >= found.valid_to and found.merged_into is not None:
        found = regions[found.merged_into]
    return found


def level_of(code: str) -> Level:
    """Return the level of a 12-digit code. Raises Problem `region-code` for anything that is no such code."""
    if len(code) != CODE_LENGTH or not (code.isascii() and code.isdigit()):
        raise _bad(code, N_("区划代码“%(given)s”要写12位数字。"))
    if int(code[:2]) not in PROVINCES:
        raise _bad(code, N_("区划代码“%(given)s”的前两位不是省级代码。"))
    city, county, township, village = code[2:4], code[4:6], code[6:9], code[9:]
    if city == "00":
        reached = Level.PROVINCE
    elif township == "000":
        reached = Level.CITY if county == "00" else Level.COUNTY
    else:
        reached = Level.TOWNSHIP if village == "000" else Level.VILLAGE
    if code[CODED[reached] :].strip("0"):
        raise _bad(code, N_("区划代码“%(given)s”中间缺了一级：上级的位数是零，下级却不是。"))
    if int(township) > TOWNSHIP_LAST:
        raise _bad(code, N_("区划代码“%(given)s”的第7到9位（乡镇）要在001到599之间。"))
    if int(village) > VILLAGE_LAST:
        raise _bad(code, N_("区划代码“%(given)s”的最后3位（村）要在001到599之间。"))
    return reached


def check_code(code: str, level: Level, parent: Region | None) -> None:
    """Say whether `code` may stand for a region of `level` below `parent`.

    Raises Problem `region-code` (not a code of that level, or not the parent's) or `region-parent` (wrong level above).
    """
    if level in CODED:
        if level_of(code) is not level:
            raise _bad(code, N_("区划代码“%(given)s”不是这一级的代码。"))
    elif not (0 < len(code) <= LOCAL_CODE_MAX and code.isascii() and code.replace("-", "").isalnum()):
        raise _bad(code, N_("网格或小组的编号“%(given)s”只能用数字和字母。"))
    if (parent.level if parent else None) not in _parents(code, level):
        raise Problem(
            "region-parent",
            N_("“%(given)s”不能放在这一级下面，请按省、市、县、乡镇、村、网格、小组的顺序建。"),
            given=code,
        )
    if parent and level in CODED:
        width = CODED[parent.level]
        if code[:width] != parent.code[:width]:
            raise _bad(code, N_("区划代码“%(given)s”的前几位和上级“%(above)s”的代码对不上。"), above=parent.name)


def ancestor_codes(code: str) -> tuple[str, ...]:
    """Return the codes above a 12-digit code, province first: (`620000000000`, …) for a village of Gansu.

    A city without counties (东莞, 441900) stands directly above its townships.
    """
    width = CODED[level_of(code)]
    above = [code[:w].ljust(CODE_LENGTH, "0") for w in CODED.values() if w < width]
    return tuple(dict.fromkeys(above))


def _parents(code: str, level: Level) -> tuple[Level | None, ...]:
    if level is Level.PROVINCE:
        return (None,)
    if level is Level.TOWNSHIP and code[4:6] == "00":
        return (Level.CITY,)
    if level is Level.GROUP:
        return (Level.VILLAGE, Level.GRID)
    levels = list(Level)
    return (levels[levels.index(level) - 1],)


def _bad(code: str, text: str, above: str = "") -> Problem:
    return Problem("region-code", text, field="code", given=code, above=above)
