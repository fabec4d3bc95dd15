"""How a programme keeps points once they are given: how long they last, what may go below zero or change hands.

All of it is off at first: points last for ever, nobody owes any, nothing changes hands. A programme's version carries
these settings as it carries its plugins; entries already booked stay as they were booked.
"""

import calendar
import enum
from collections.abc import Iterator
from datetime import date

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.text import N_

CLEARING_DAYS_MIN = 7
"""Days between the announcement of a clearing and the clearing itself, at least: time to spend what would lapse."""


class Lapse(enum.StrEnum):
    """When moral points end."""

    NEVER = "never"
    YEAR = "year"  # by a year clearing that somebody decides and announces
    MONTHS = "months"  # by themselves, so many months after the deed, at a month's end


class Keeping(msgspec.Struct, frozen=True, kw_only=True):
    """The settings. `hours_limit` is in minutes of one person; 0 stands for none, here as in the others.

    `fen` is what a point not yet spent is worth in a report of what a village owes (LE-13), in hundredths of a yuan.
    No entry knows of it.
    """

    lapse: Lapse = Lapse.NEVER
    lapse_months: int = 12
    clearing_days: int = CLEARING_DAYS_MIN
    pick_up_days: int = 0
    overdraft: int = 0
    to_kin: bool = False
    to_pool: bool = False
    hours_limit: int = 0
    fen: int = 0

    def lot(self, deed: date, today: date) -> tuple[date, bool] | None:
        """Until when points of a deed last, and whether they end by themselves; None: for ever.

        A deed recorded so late that its points would have ended already is taken for one of today.
        """
        match self.lapse:
            case Lapse.YEAR:
                return date(deed.year, 12, 31), False
            case Lapse.MONTHS:
                until = month_end(deed, self.lapse_months)
                return (until if until >= today else month_end(today, self.lapse_months)), True
            case Lapse.NEVER:
                return None

    def problems(self) -> Iterator[Problem]:
        """What is out of bounds, by field."""
        for name, (least, most, text) in _BOUNDS.items():
            value = getattr(self, name)
            if not least <= value <= most:
                yield Problem(f"keeping-{name}", text, field=name, least=least, most=most)


_BOUNDS = {
    "lapse_months": (1, 60, N_("积分保留的月数要在%(least)s到%(most)s之间。")),
    "clearing_days": (CLEARING_DAYS_MIN, 90, N_("清零要提前%(least)s到%(most)s天公告。")),
    "pick_up_days": (0, 180, N_("领取期限要在%(least)s到%(most)s天之间，0表示不限。")),
    "overdraft": (0, 1_000, N_("可以先用的分要在%(least)s到%(most)s之间，0表示不许。")),
    "hours_limit": (0, 600_000, N_("志愿时上限要在%(least)s到%(most)s分钟之间，0表示不限。")),
    "fen": (0, 100_000, N_("一分折合的钱要在%(least)s到%(most)s分钱之间，0表示不折算。")),
}


def month_end(of: date, later: int) -> date:
    """The last day of the month that is so many months later."""
    months = of.year * 12 + of.month - 1 + later
    year, month = divmod(months, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])
