"""The day of a year on which something is recorded: a date, a festival, or a day of the farmers' calendar (RU-08)."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from dezhi.plugin import LunarDay, lunar

COMMON: Final[Mapping[str, tuple[int, int]]] = {
    "元旦": (1, 1),
    "妇女节": (3, 8),
    "劳动节": (5, 1),
    "儿童节": (6, 1),
    "建党节": (7, 1),
    "建军节": (8, 1),
    "教师节": (9, 10),
    "国庆": (10, 1),
}
FARMERS: Final[Mapping[str, LunarDay]] = {
    "春节": LunarDay(1, 1),
    "元宵": LunarDay(1, 15),
    "端午": LunarDay(5, 5),
    "七夕": LunarDay(7, 7),
    "中秋": LunarDay(8, 15),
    "重阳": LunarDay(9, 9),
}
NEW_YEARS_EVE: Final = "除夕"
EXAMPLES: Final = "重阳、10-01、农历9-9"

_DATE: Final = re.compile(r"([0-9]{1,2})-([0-9]{1,2})")
_FARMERS_DATE: Final = re.compile(r"农历([0-9]{1,2})-([0-9]{1,2})")
_ONCE_A_YEAR: Final = 10  # a later month of the farmers' calendar can begin twice within a common year
_SHORT_MONTH: Final = 29
_LEAP_YEAR: Final = 2028


def falls(on: str, day: date) -> bool:
    """Tell whether a day is the one that is meant; the words are those `day_fault` finds nothing wrong with."""
    if on == NEW_YEARS_EVE:
        return lunar(day + timedelta(days=1)) == FARMERS["春节"]
    if common := _common(on):
        return (day.month, day.day) == common
    return lunar(day) == _farmers(on)


def day_fault(on: str) -> str | None:
    """Say what is wrong with the words for a day."""
    if common := _common(on):
        return None if _is_yearly(*common) else f"每年没有{common[0]}月{common[1]}日"
    if on == NEW_YEARS_EVE or (found := _farmers(on)) is None:
        return None if on == NEW_YEARS_EVE else f"看不懂是哪一天，可以写{EXAMPLES}"
    if not 1 <= found.month <= _ONCE_A_YEAR:
        return "农历只能写正月到十月，冬月和腊月的日子一年里可能碰上两回"
    return None if 1 <= found.day <= _SHORT_MONTH else "农历只能写初一到二十九，不是每个月都有三十"


def _common(on: str) -> tuple[int, int] | None:
    found = _DATE.fullmatch(on)
    return (int(found[1]), int(found[2])) if found else COMMON.get(on)


def _farmers(on: str) -> LunarDay | None:
    found = _FARMERS_DATE.fullmatch(on)
    return LunarDay(int(found[1]), int(found[2])) if found else FARMERS.get(on)


def _is_yearly(month: int, day: int) -> bool:
    try:
        date(_LEAP_YEAR, month, day)
    except ValueError:
        return False
    return (month, day) != (2, 29)
