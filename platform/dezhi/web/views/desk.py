"""The desk, for whoever has no phone."""

from datetime import datetime

from dezhi.web.views.frame import Part
from dezhi.web.views.passbook import Line, Offer, Waiting
from dezhi.web.views.work import Household


class Home(Part, frozen=True, kw_only=True):
    """Scan or type a card."""

    text: str = ""
    found: tuple[Household, ...] = ()  # several hits to choose from
    error: str = ""


class Visit(Part, frozen=True, kw_only=True):
    """A household at the desk: balance and last lines to read aloud, and what can be done for it."""

    ref: str
    card: str  # its printed number; empty where there is none in use
    household: str
    number: str
    where: str
    spendable: int
    minutes: int
    safe: int
    honour: int
    frozen: int = 0
    lapsing: tuple[str, ...] = ()  # what will end and when, in words
    spoken: str
    lines: tuple[Line, ...] = ()
    offers: tuple[Offer, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    key: str = ""
    held: int = 0
    on_board: bool = False
    shown_as: str = ""  # how the board would name it
    error: str = ""


class Slip(Part, frozen=True, kw_only=True):
    """The printed slip."""

    visit: Visit
    printed_at: datetime
    by: str
    notices: tuple[str, ...] = ()  # what the plugins say under its newest lines


class NewSecret(Part, frozen=True, kw_only=True):
    """A new PIN, shown once."""

    household: str
    what: str
    ref: str
    pin: str
