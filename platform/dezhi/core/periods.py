"""Calendar periods of the village: which one a date lies in, where it begins and ends, and what it is called."""

from collections.abc import Iterable
from datetime import date, timedelta

from dezhi.core.text import N_
from dezhi.plugin import Fact, Measure, Window
from dezhi.plugin.facts import STREAK_MAX

FIRST_DAY = date(1949, 10, 1)  # before anything a book can hold
LAST_DAY = date(9999, 12, 31)

WINDOW_WORDS = {
    Window.DAY: N_("当天"),
    Window.WEEK: N_("本周"),
    Window.MONTH: N_("本月"),
    Window.QUARTER: N_("本季"),
    Window.YEAR: N_("今年"),
    Window.LIFE: N_("总共"),
}


def period_key(window: Window, day: date) -> str:
    """Name the period of `day` for a counter: `d2026-11-22`, `w2026-47`, `m2026-11`, `q2026-4`, `y2026`, `life`."""
    match window:
        case Window.DAY:
            return f"d{day.isoformat()}"
        case Window.WEEK:
            year, week, _ = day.isocalendar()
            return f"w{year}-{week:02}"
        case Window.MONTH:
            return f"m{day.year}-{day.month:02}"
        case Window.QUARTER:
            return f"q{day.year}-{(day.month + 2) // 3}"
        case Window.YEAR:
            return f"y{day.year}"
        case Window.LIFE:
            return "life"


def period_span(window: Window, day: date) -> tuple[date, date]:
    """Return the first and the last day, both included, of the period of `day`."""
    match window:
        case Window.DAY:
            return day, day
        case Window.WEEK:
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
        case Window.MONTH:
            return _months(day.year, day.month, 1)
        case Window.QUARTER:
            return _months(day.year, (day.month - 1) // 3 * 3 + 1, 3)
        case Window.YEAR:
            return date(day.year, 1, 1), date(day.year, 12, 31)
        case Window.LIFE:
            return FIRST_DAY, LAST_DAY


def fact_span(fact: Fact, day: date) -> tuple[date, date]:
    """Return the first and the last day whose awards a fact counts for a deed of `day`; nothing later than the deed.

    A streak is of the periods before.
    """
    if fact.measure is Measure.STREAK:
        return FIRST_DAY, period_span(fact.window, day)[0] - timedelta(days=1)
    if fact.window_days is not None:
        return day - timedelta(days=fact.window_days - 1), day
    return period_span(fact.window, day)[0], day


def streak(window: Window, day: date, days: Iterable[date], pauses: Iterable[date]) -> int:
    """Count the periods before that of `day` which have one of `days` each, back to the first that has none.

    A period without one that has a day of `pauses` is passed over. Returns `STREAK_MAX` at most.
    """
    counted = {period_key(window, one) for one in days}
    passed = {period_key(window, one) for one in pauses}
    number = 0
    while number < STREAK_MAX:
        day = period_span(window, day)[0] - timedelta(days=1)
        key = period_key(window, day)
        if key in counted:
            number += 1
        elif key not in passed:
            break
    return number


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    """Return the first and last day of `count` months of one year beginning with `month`."""
    after = month + count
    following = date(year + 1, 1, 1) if after > 12 else date(year, after, 1)  # noqa: PLR2004 - months of a year
    return date(year, month, 1), following - timedelta(days=1)
