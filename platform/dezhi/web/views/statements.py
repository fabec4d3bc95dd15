"""A household's statement."""

from datetime import date, datetime

from dezhi.plugin import Asset
from dezhi.web.views.frame import Link, Part
from dezhi.web.views.passbook import Line


class Account(Part, frozen=True, kw_only=True):
    """One account: what there was, every line, what there is. `who` is the member, empty for the household's own."""

    asset: Asset
    who: str
    opening: int
    lines: tuple[Line, ...]
    closing: int
    gained: int
    lost: int
    pending: int = 0
    pooled: tuple[Line, ...] = ()  # what was above the limit and went to the village's pool
    programme: str = ""  # where a household has accounts of several


class Statement(Part, frozen=True, kw_only=True):
    """A statement of any two days, both included."""

    household: str
    where: str
    number: str
    since: date
    until: date
    closes: date  # the day of the closing figures: of days to come, today
    known: datetime
    accounts: tuple[Account, ...]
    spans: tuple[Link, ...]  # this month, last month, …
    action: str  # the page's own address, for the form of two days
    back: Link
    entry_number: str = ""  # the newest entry of the book that was known
    entry_base: str = ""  # where a line's own page is; empty: none
    error: str = ""
