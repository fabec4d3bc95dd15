"""The farmers' calendar (农历), by which villages keep 春节, 端午, 中秋 and 重阳."""

from datetime import date
from typing import Final, NamedTuple

from borax.calendars.lunardate import LunarDate

LUNAR_FIRST: Final = date(1901, 2, 19)
LUNAR_LAST: Final = date(2100, 12, 31)


class LunarDay(NamedTuple):
    """A day of the farmers' calendar: `month` 1 to 12, `day` 1 to 30. A leap month follows the month of its number."""

    month: int
    day: int
    leap: bool = False


def lunar(day: date) -> LunarDay:
    """Tell which day of the farmers' calendar a day is: `lunar(date(2026, 10, 18)) == LunarDay(9, 9)`, 重阳.

    除夕 is the day before 正月初一, whether its month has 29 days or 30.
    Raises ValueError for days before 19 February 1901 or after 31 December 2100, which its tables do not reach.
    """
    if not LUNAR_FIRST <= day <= LUNAR_LAST:
        raise ValueError(f"the farmers' calendar is known from {LUNAR_FIRST} to {LUNAR_LAST}: {day}")
    found = LunarDate.from_solar_date(day.year, day.month, day.day)
    return LunarDay(month=found.month, day=found.day, leap=bool(found.leap))
