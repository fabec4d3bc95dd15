"""The plugins' own tables, and what the calendar booked."""

from datetime import date

from dezhi.web.views.frame import Link, Option, Part


class Cell(Part, frozen=True, kw_only=True):
    """A cell in words; a figure stands to the right."""

    text: str
    figure: bool = False


class Table(Part, frozen=True, kw_only=True):
    """One table with its file."""

    title: str
    columns: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    csv_href: str
    about: str = ""


class Report(Part, frozen=True, kw_only=True):
    """What one plugin made of it, or why it made nothing."""

    title: str
    tables: tuple[Table, ...] = ()
    trouble: str = ""


class Left(Part, frozen=True, kw_only=True):
    """A household for which nothing was booked, and why."""

    name: str
    why: str


class Due(Part, frozen=True, kw_only=True):
    """What the calendar made due on a day, and what became of it."""

    day: date
    title: str
    booked: int
    left: tuple[Left, ...] = ()
    trouble: str = ""


class Reports(Part, frozen=True, kw_only=True):
    """A year of a village, or of what the households of one grid did."""

    village: str
    year: int
    action: str  # the page's own address, for the form
    years: tuple[Option, ...]
    grids: tuple[Option, ...]
    back: Link
    grid: str = ""
    least: int = 5  # sums of fewer households are left out
    reports: tuple[Report, ...] = ()
    due: tuple[Due, ...] = ()
