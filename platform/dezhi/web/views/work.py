"""The clerk's round."""

from datetime import date, datetime

from dezhi.web.views.assessments import Assessed
from dezhi.web.views.frame import Amount, Link, Option, Part


class Household(Part, frozen=True, kw_only=True):
    """A household as staff see it."""

    ref: str  # for addresses and forms
    name: str
    where: str = ""
    number: str = ""
    spendable: int = 0


class Due(Part, frozen=True, kw_only=True):
    """Something to do today."""

    text: str
    count: int
    href: str
    symbol: str = "pen"


class Slip(Part, frozen=True, kw_only=True):
    """An entry booked today; a batch stands as one."""

    seq_id: str
    at: datetime
    who: str
    text: str
    amounts: tuple[Amount, ...]
    by: str
    undone: bool = False
    reverse_href: str = ""  # empty: it can no longer be reversed here
    undo: str = ""  # what one tap takes back; empty: too late, or somebody else's
    households: int = 1


class Home(Part, frozen=True, kw_only=True):
    """One box, three buttons, today."""

    query: str = ""
    found: tuple[Household, ...] | None = None  # None: nothing was looked for
    error: str = ""
    due: tuple[Due, ...] = ()
    slips: tuple[Slip, ...] = ()
    warnings: tuple[str, ...] = ()
    reports: tuple[Link, ...] = ()  # of each village


class Found(Part, frozen=True, kw_only=True):
    """The answer to a search, for the page or as a fragment."""

    query: str
    found: tuple[Household, ...]
    error: str = ""


class Question(Part, frozen=True, kw_only=True):
    """A question as a field; `kind` is the contract's word, `few` and `many` say how many numbers."""

    name: str
    title: str
    kind: str
    value: str = ""
    help: str = ""
    unit: str = ""
    least: int = 0
    most: int = 100
    few: int = 1
    many: int = 1
    needed: bool = True
    options: tuple[Option, ...] = ()


class With(Part, frozen=True, kw_only=True):
    """Who else was there: words to look up, or for a group one of the village's grids."""

    name: str
    title: str
    of: str
    value: str = ""
    help: str = ""
    least: int = 1
    most: int = 1
    options: tuple[Option, ...] = ()


class Further(Part, frozen=True, kw_only=True):
    """What else an item asks. With `why` the clerk has to say why so many points."""

    questions: tuple[Question, ...] = ()
    people: tuple[With, ...] = ()
    why: bool = False


class Item(Part, frozen=True, kw_only=True):
    """An item as a big button. `sentence` is what will be booked, with `{amount}` where the clerk is asked how much."""

    code: str
    title: str
    amount: str
    asset: str
    sentence: str
    symbol: str = ""
    hint: str = ""
    asks: str = ""  # "", minutes or points
    least: int = 1
    most: int = 480
    usual: int = 60
    needs_person: bool = False
    further: Further | None = None


class ItemGroup(Part, frozen=True, kw_only=True):
    """The items of one category."""

    title: str
    items: tuple[Item, ...]


class Preview(Part, frozen=True, kw_only=True):
    """What would be booked, said by the server; what the limits leave; or why it cannot be booked."""

    sentence: str = ""
    why: tuple[str, ...] = ()  # the rules' sentences, where they say more
    left: tuple[str, ...] = ()
    error: str = ""
    assessed: Assessed | None = None


class Award(Part, frozen=True, kw_only=True):
    """A household is chosen: tap an item, read the sentence, save."""

    household: Household
    people: tuple[Option, ...]
    recent: tuple[Item, ...]
    groups: tuple[ItemGroup, ...]
    key: str
    today: date
    earliest: date
    chosen: str = ""
    minutes: int = 60
    points: int | None = None
    person: str = ""
    day: date | None = None
    note: str = ""
    preview: Preview = Preview()
    error: str = ""


class Awarded(Part, frozen=True, kw_only=True):
    """What was booked, and the way back."""

    household: Household
    sentence: str
    why: tuple[str, ...] = ()  # as of a `Preview`
    amounts: tuple[Amount, ...]
    spendable: int
    reverse_href: str
    undo: str = ""  # as of a `Slip`
    trial: bool = True
    again: bool = False  # the same key had been booked before; nothing was booked twice
    notices: tuple[str, ...] = ()  # what the plugins have to say to this household
    assessed: Assessed | None = None


class Tick(Part, frozen=True, kw_only=True):
    """A household of the tick grid."""

    ref: str
    number: str
    name: str
    ticked: bool = True


class TickGrid(Part, frozen=True, kw_only=True):
    """The households of one grid."""

    code: str
    name: str
    households: tuple[Tick, ...]


class Many(Part, frozen=True, kw_only=True):
    """One item for many households; the sentences of its items speak of each household, 每户加 5 分."""

    village: str
    code: str
    owner: str  # whose draft it is: another clerk at the same computer must not send it
    groups: tuple[ItemGroup, ...]
    grids: tuple[TickGrid, ...]
    key: str
    today: date
    earliest: date
    recent: tuple[Item, ...] = ()
    others: tuple[Option, ...] = ()  # the clerk's other villages
    chosen: str = ""
    minutes: int = 60
    points: int | None = None
    day: date | None = None
    note: str = ""
    error: str = ""


class Refused(Part, frozen=True, kw_only=True):
    """A household that got nothing, and why."""

    name: str
    number: str
    why: str


class ManyDone(Part, frozen=True, kw_only=True):
    """What a batch booked."""

    sentence: str
    booked: int
    totals: tuple[Amount, ...]
    refused: tuple[Refused, ...] = ()
    reverse_href: str = ""
    undo: str = ""  # as of a `Slip`
    trial: bool = True
    again: bool = False


class Ready(Part, frozen=True, kw_only=True):
    """A redemption waiting to be handed over."""

    id: str
    code: str
    title: str
    who: str
    price: int
    symbol: str = ""
    since: date | None = None
    until: date | None = None  # the last day to fetch it


class HandOver(Part, frozen=True, kw_only=True):
    """Type or scan a pick-up code; `found` asks once more before the goods change hands."""

    code: str = ""
    found: Ready | None = None
    waiting: tuple[Ready, ...] = ()
    open: bool = True  # False: `found` was handed over or cancelled already
    several: bool = False  # `waiting` are the orders that share the typed code
    error: str = ""
    key: str = ""


class Reverse(Part, frozen=True, kw_only=True):
    """Take an entry or a batch back, with a reason."""

    seq_id: str
    sentence: str
    amounts: tuple[Amount, ...]
    booked_at: datetime
    by: str
    key: str
    households: int = 1
    who: str = ""
    reasons: tuple[Option, ...] = ()
    note: str = ""
    freeze_href: str = ""  # where its points can be frozen instead
    done: bool = False  # taken back already: nothing left to do
    error: str = ""
    back: str = "/round"
