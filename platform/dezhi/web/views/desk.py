"""The desk, for whoever has no phone."""

from datetime import datetime

from dezhi.web.views.frame import Part
from dezhi.web.views.passbook import Line, Offer, Waiting


class Home(Part, frozen=True, kw_only=True):
    """Scan or type a card."""

    card: str = ""
    error: str = ""


class Visit(Part, frozen=True, kw_only=True):
    """A household at the desk: balance and last lines to read aloud, and what can be done for it."""

    card: str
    household: str
    number: str
    where: str
    spendable: int
    minutes: int
    safe: int
    honour: int
    spoken: str
    lines: tuple[Line, ...] = ()
    offers: tuple[Offer, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    key: str = ""
    held: int = 0
    error: str = ""


class Slip(Part, frozen=True, kw_only=True):
    """The printed slip."""

    visit: Visit
    printed_at: datetime
    by: str


class NewSecret(Part, frozen=True, kw_only=True):
    """A new card or PIN, shown once."""

    household: str
    what: str
    card: str = ""
    pin: str = ""
    print_href: str = ""
