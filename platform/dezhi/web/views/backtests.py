"""Backtests, for the township: what is to be tried, how far it is, and what was found."""

from datetime import date

from dezhi.web.views.frame import Option, Part
from dezhi.web.views.township import Setting


class Row(Part, frozen=True, kw_only=True):
    """A row of a table. `hidden`: it is about too few households."""

    cells: tuple[str, ...]
    hidden: bool = False


class Table(Part, frozen=True, kw_only=True):
    """A table as it is read on the page and on the terminal. `figures`: all but the first column are numbers."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    figures: bool = True


class Bar(Part, frozen=True, kw_only=True):
    """A bar of a picture: -100 to 100 of its width; `text` says its value."""

    label: str
    share: int
    text: str


class Picture(Part, frozen=True, kw_only=True):
    """Bars to both sides of a line, or to one; `alt` says in words what it shows."""

    title: str
    bars: tuple[Bar, ...]
    note: str = ""
    two_sided: bool = False


class Result(Part, frozen=True, kw_only=True):
    """What was found."""

    village: str
    code: str
    draft: str
    since: date
    until: date
    findings: tuple[str, ...]
    pictures: tuple[Picture, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    draft_href: str = ""  # of the draft it is about, without a step
    has_alone: bool = False  # whether items of the past have no row


class Running(Part, frozen=True, kw_only=True):
    """One that is under way, or ended with `error`."""

    village: str
    code: str
    done: int
    total: int
    back: str = ""  # the draft's step from which it was begun
    error: str = ""


class Plugin(Part, frozen=True, kw_only=True):
    """A plugin in use, whose settings can be tried otherwise."""

    name: str
    title: str
    settings: tuple[Setting, ...]


class Ask(Part, frozen=True, kw_only=True):
    """What can be tried: drafts and versions to choose from, settings, a file."""

    village: str
    code: str
    drafts: tuple[Option, ...]
    versions: tuple[Option, ...]
    plugins: tuple[Plugin, ...]
    since: str
    until: str
    seed: str = ""
    error: str = ""
