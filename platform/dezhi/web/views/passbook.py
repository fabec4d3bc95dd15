"""The resident's passbook. Nothing about other people."""

from datetime import date, datetime

from dezhi.web.views.assessments import Assessed
from dezhi.web.views.frame import Amount, Fact, Pager, Part
from dezhi.web.views.freezes import Frozen


class Saving(Part, frozen=True, kw_only=True):
    """Points earned in one category since the account was opened, such as 友爱."""

    title: str
    value: int


class Line(Part, frozen=True, kw_only=True):
    """A line of the book: what for in a plain sentence, how much, and the balance after it, in the line's asset."""

    seq_id: str
    day: date
    text: str
    amount: Amount
    after: int
    trial: bool = False
    undone: bool = False  # reversed later
    reversal: bool = False  # the line that reverses
    held: bool = False  # set aside for a pick-up
    quiet: bool = False  # a reminder


class NextGood(Part, frozen=True, kw_only=True):
    """The next reward within reach, and what is missing; 0 if it can be had now."""

    title: str
    price: int
    missing: int
    symbol: str = ""


class Waiting(Part, frozen=True, kw_only=True):
    """A redemption waiting to be picked up."""

    id: str
    title: str
    code: str
    until: date | None = None
    symbol: str = ""


class Home(Part, frozen=True, kw_only=True):
    """The book's open page. `held` points are set aside for redemptions, `spoken` is what is read aloud."""

    household: str
    card: str  # last digits only
    where: str  # grid or group
    spendable: int
    minutes: int
    safe: int
    honour: int
    held: int = 0
    savings: tuple[Saving, ...] = ()
    lines: tuple[Line, ...] = ()
    next_good: NextGood | None = None
    waiting: tuple[Waiting, ...] = ()
    pager: Pager | None = None
    spoken: str = ""
    frozen: tuple[Frozen, ...] = ()
    lapsing: tuple[str, ...] = ()  # what will end and when, in words
    elsewhere: tuple[str, ...] = ()  # points left in other villages' books, in words


class Entry(Part, frozen=True, kw_only=True):
    """Why a line is there; `spoken` is all of it as it is read aloud."""

    sentence: str
    day: date
    booked_at: datetime
    amounts: tuple[Amount, ...]
    rule: str
    rule_how: str
    facts: tuple[Fact, ...]  # programme and version, who proposed, where, for whom
    spoken: str = ""
    trial: bool = False
    undone_on: date | None = None
    undone_why: str = ""
    desk: str = ""  # where to object: the desk's place and hours
    number: str = ""  # the entry's number in the book
    notices: tuple[str, ...] = ()  # what its plugin has to say besides
    assessed: Assessed | None = None


class Offer(Part, frozen=True, kw_only=True):
    """A reward with its price for this household; `refusal` says why it cannot be had now."""

    code: str
    title: str
    price: int
    missing: int = 0
    symbol: str = ""
    about: str = ""
    stock: int | None = None
    refusal: str = ""
    note: str = ""  # why the price differs from the listed one


class Rewards(Part, frozen=True, kw_only=True):
    """What can be had."""

    spendable: int
    frozen: int = 0
    offers: tuple[Offer, ...] = ()
    key: str = ""  # of the one redemption this page may make
    chosen: str = ""
    error: str = ""


class Redemption(Part, frozen=True, kw_only=True):
    """One redemption: waiting, handed over or cancelled."""

    id: str
    title: str
    price: int
    code: str
    state: str = "waiting"  # waiting, done, cancelled, lapsed
    qr_svg: str = ""  # trusted: drawn by us
    symbol: str = ""
    desk: str = ""
    until: date | None = None
    done_at: datetime | None = None
    key: str = ""


class Choices(Part, frozen=True, kw_only=True):
    """What the household decides for itself."""

    on_board: bool
    shown_as: str  # how the board would show it, masked
    household: str = ""
