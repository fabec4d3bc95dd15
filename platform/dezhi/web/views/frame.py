"""What every page has around it, and the small parts that many pages share."""

from datetime import date

import msgspec

from dezhi.plugin import Asset


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """The base of everything a template is given."""


class Link(Part, frozen=True, kw_only=True):
    """A way to another page."""

    href: str
    text: str
    current: bool = False


class Actor(Part, frozen=True, kw_only=True):
    """Who is logged in: the resident's household, masked, or the staff member."""

    name: str
    role: str  # in words: 村民, 记分员, 监督, 乡镇
    home: str


class Page(Part, frozen=True, kw_only=True):
    """The frame of a page. `path` is the page's own address, to come back to after switching 大字."""

    today: date
    place: str  # the village, or the township where no village is meant
    town: str = ""  # the township of a village
    place_href: str = "/"
    path: str = "/"
    csrf: str = ""
    large: bool = False
    demo: bool = False
    safe: bool = False  # no plugin runs
    actor: Actor | None = None
    tabs: tuple[Link, ...] = ()
    told: "Tell | None" = None  # what the last action did


class Tell(Part, frozen=True, kw_only=True):
    """A message at the head of the page: what happened, what is safe, what to do."""

    text: str
    more: tuple[str, ...] = ()
    kind: str = "done"  # done, warn, wrong
    undo: str = ""  # address of the page that takes the action back


class Amount(Part, frozen=True, kw_only=True):
    """So much of an asset; hours in minutes. Negative for what went out."""

    asset: Asset
    value: int


class Option(Part, frozen=True, kw_only=True):
    """One choice of a list."""

    value: str
    text: str
    chosen: bool = False


class Pager(Part, frozen=True, kw_only=True):
    """Where the list goes on; empty addresses have no link."""

    newer: str = ""
    older: str = ""
    text: str = ""


class Fact(Part, frozen=True, kw_only=True):
    """A label and what stands beside it."""

    label: str
    text: str


class Trouble(Part, frozen=True, kw_only=True):
    """The error page: what happened, what is safe, what to do, and an id that finds the log line."""

    title: str
    what: str
    safe: str = ""
    todo: str = ""
    id: str = ""
    back: str = "/"
    back_text: str = ""
