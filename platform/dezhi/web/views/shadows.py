"""Shadows, for the township."""

from datetime import date

from dezhi.web.views.backtests import Table
from dezhi.web.views.frame import Option, Part


class Shadow(Part, frozen=True, kw_only=True):
    """A draft that runs beside, or did."""

    id: str
    title: str
    state: str
    since: date
    until: date
    deeds: int
    running: bool
    sums: tuple[str, ...] = ()  # the differences together, in sentences
    table: Table | None = None  # the differences one by one, of the newest shadow
    trouble: bool = False


class Shadows(Part, frozen=True, kw_only=True):
    """A village's shadows, and the form for another where none runs."""

    village: str
    code: str
    shadows: tuple[Shadow, ...]
    drafts: tuple[Option, ...] = ()
    versions: tuple[Option, ...] = ()
    days: str = "30"
    error: str = ""
