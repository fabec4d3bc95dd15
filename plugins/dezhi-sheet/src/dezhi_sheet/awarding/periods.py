"""Where the calendar's periods end, and on which days a base is recorded."""

from calendar import SUNDAY, monthrange
from datetime import date
from typing import Final

from dezhi.plugin import Window

from ..parts import Base
from .days import falls

QUARTER: Final = 3
DECEMBER: Final = 12


def ends(window: Window, day: date) -> bool:
    """Tell whether a day is the last of its period; life has no end."""
    if window is Window.WEEK:
        return day.weekday() == SUNDAY
    last_of_month = day.day == monthrange(day.year, day.month)[1]
    match window:
        case Window.DAY:
            return True
        case Window.MONTH:
            return last_of_month
        case Window.QUARTER:
            return last_of_month and day.month % QUARTER == 0
        case Window.YEAR:
            return last_of_month and day.month == DECEMBER
        case _:
            return False


def due(base: Base, day: date) -> bool:
    """Tell whether a base is recorded on a day."""
    return falls(base.on, day) if base.on else ends(base.window, day)
