"""Setting up a village that has nothing but a roster."""

from datetime import date

from markupsafe import Markup

from dezhi.web.views.frame import Part


class Welcome(Part, frozen=True, kw_only=True):
    """The one-time address: the first township staff."""

    token: str
    province: str = ""
    city: str = ""
    county: str = ""
    township: str = ""
    code: str = ""
    name: str = ""
    login: str = ""
    error: str = ""
    field: str = ""  # the field at fault
    least: int = 10


class Village(Part, frozen=True, kw_only=True):
    """A new village with its grids, one a line."""

    township: str
    code: str = ""
    name: str = ""
    grids: str = ""
    error: str = ""
    field: str = ""  # the field at fault
    action: str = "/township/villages/new"


class RowError(Part, frozen=True, kw_only=True):
    """A line of the roster that was not taken, as the spreadsheet counts it."""

    row: int
    text: str


class Sample(Part, frozen=True, kw_only=True):
    """A household as it would be taken."""

    number: str
    grid: str
    head: str
    people: int


class Roster(Part, frozen=True, kw_only=True):
    """Upload, then look before it counts. `rows` is 0 until a file was read."""

    village: str
    action: str
    rows: int = 0
    good: int = 0
    bad: int = 0
    known: int = 0  # people of the good rows who are registered already
    households: int = 0
    people: int = 0
    grids: tuple[str, ...] = ()  # that would be made
    without_head: tuple[str, ...] = ()  # numbers of new households without a head
    errors: tuple[RowError, ...] = ()
    samples: tuple[Sample, ...] = ()
    token: str = ""  # of the preview that would be confirmed
    error: str = ""
    template_href: str = ""


class PluginChoice(Part, frozen=True, kw_only=True):
    """A plugin to start with."""

    name: str
    title: str
    about: str
    on: bool = False
    trouble: str = ""  # why it cannot be chosen


class Programme(Part, frozen=True, kw_only=True):
    """Choose the plugins."""

    village: str
    action: str
    plugins: tuple[PluginChoice, ...]
    since: date
    draft_href: str = ""  # where the village's own sheet is uploaded
    error: str = ""


class Done(Part, frozen=True, kw_only=True):
    """Everything stands; what remains is paper and people."""

    village: str
    code: str
    households: int
    plugins: tuple[str, ...]
    cards_href: str
    public_href: str


class CardStrip(Part, frozen=True, kw_only=True):
    """One card and its PIN."""

    village: str
    household: str
    number: str  # of the household
    card: str
    pin: str
    qr_svg: Markup


class GridCards(Part, frozen=True, kw_only=True):
    """A grid and how many of its households have no card."""

    id: str
    name: str
    waiting: int


class Cards(Part, frozen=True, kw_only=True):
    """Before cards are issued: how many households have none."""

    village: str
    code: str
    households: int
    waiting: int
    grids: tuple[GridCards, ...] = ()
    error: str = ""


class Sheet(Part, frozen=True, kw_only=True):
    """The sheet of cards to print; PINs are shown this once."""

    village: str
    programme: str
    strips: tuple[CardStrip, ...]
    address: str = ""
