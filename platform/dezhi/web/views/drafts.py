"""A programme on its way to being adopted: the pages of a draft, step by step, and its printed changes."""

from collections.abc import Mapping
from datetime import date, datetime

from dezhi.web.views.frame import Fact, Link, Option, Part


class Step(Part, frozen=True, kw_only=True):
    """One step of the bar; a step without an address cannot be gone to yet."""

    text: str
    href: str = ""
    state: str = ""  # past, now, or empty


class Head(Part, frozen=True, kw_only=True):
    """What stands above every page of a draft."""

    code: str
    village: str
    key: str
    title: str
    edition: int
    steps: tuple[Step, ...]
    now: str  # the step's name
    about: str = ""  # where it came from, in words


class Kept(Part, frozen=True, kw_only=True):
    """A draft in a list."""

    href: str
    title: str
    about: str
    saved_at: datetime
    key: str = ""
    discarded: bool = False


class Begin(Part, frozen=True, kw_only=True):
    """How a draft may begin. `current` is what the village has now; `models` are other villages' programmes."""

    code: str
    village: str
    drafts: tuple[Kept, ...] = ()
    readers: tuple[Option, ...] = ()
    current: str = ""
    models: tuple[Option, ...] = ()
    news: tuple[Link, ...] = ()  # models that changed since they were copied
    error: str = ""


class Row(Part, frozen=True, kw_only=True):
    """One row beside the cell it came from. `sure` and `decided` are words, `sureness` and `state` for the style."""

    id: int
    title: str
    says: str
    kind: str = ""  # bases, campaigns or milestones; empty for an item or a reminder
    category: str = ""
    at: str = ""
    text: str = ""
    beside: tuple[str, ...] = ()
    sure: str = ""
    sureness: str = ""  # sure, likely, unsure
    doubts: tuple[str, ...] = ()
    others: tuple[Fact, ...] = ()
    state: str = "open"  # open, kept, dropped


class Others(Part, frozen=True, kw_only=True):
    """What the village uses now, and whether it goes on beside the sheet; `same` are titles that both have."""

    titles: str
    items: int
    rewards: int
    same: tuple[str, ...] = ()
    wanted: bool = True


class Parts(Part, frozen=True, kw_only=True):
    """The bases, campaigns or milestones of a draft, and the words of the button that adds one."""

    kind: str
    title: str
    about: str
    add: str
    rows: tuple[Row, ...] = ()


class Rows(Part, frozen=True, kw_only=True):
    """Confirming the rows."""

    head: Head
    rows: tuple[Row, ...] = ()
    open: int = 0
    kept: int = 0
    dropped: int = 0
    sure: int = 0  # of the open ones
    passed_over: tuple[str, ...] = ()
    parts: tuple[Parts, ...] = ()
    besides: tuple[Fact, ...] = ()
    others: Others | None = None
    editable: bool = True
    error: str = ""


class Cap(Part, frozen=True, kw_only=True):
    """One limit in the form."""

    windows: tuple[Option, ...]
    kinds: tuple[Option, ...]
    most: str = ""
    scope: str = ""  # whose it is, where households share it


class RowEdit(Part, frozen=True, kw_only=True):
    """The form of one row; `row` is None for a new one. `values` are as typed, by field."""

    head: Head
    row: Row | None = None
    values: Mapping[str, str]
    categories: tuple[str, ...] = ()
    assets: tuple[Option, ...] = ()
    holders: tuple[Option, ...] = ()
    pers: tuple[Option, ...] = ()
    caps: tuple[Cap, ...] = ()
    reminder: bool = False  # the short form, of what is taken off a base
    base: str = ""  # the title of the base that a reminder is taken off
    error: str = ""
    field: str = ""


class PartEdit(Part, frozen=True, kw_only=True):
    """The form of a base, campaign or milestone; `row` is None for a new one. `values` are as typed, by field."""

    head: Head
    kind: str
    row: Row | None = None
    values: Mapping[str, str]
    categories: tuple[str, ...] = ()
    assets: tuple[Option, ...] = ()
    counts: tuple[Option, ...] = ()
    windows: tuple[Option, ...] = ()
    holders: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()
    before: tuple[Option, ...] = ()
    error: str = ""
    field: str = ""


class Finding(Part, frozen=True, kw_only=True):
    """A red line that a row touches, with its article of law; or a row the plugin cannot use."""

    code: str
    article: str
    reason: str
    text: str
    blocks: bool
    href: str = ""  # where the row is mended
    row: str = ""
    drop: int = 0  # the row that may be dropped


class Findings(Part, frozen=True, kw_only=True):
    """What stands in the way, and what should be thought over."""

    head: Head
    findings: tuple[Finding, ...] = ()
    rows: int = 0
    next: str = ""


class OldItem(Part, frozen=True, kw_only=True):
    """An item of the past without a row: rows to choose from, `suggested` whether one is chosen before."""

    code: str
    title: str
    times: int | None
    rows: tuple[Option, ...]
    suggested: bool = False


class Trying(Part, frozen=True, kw_only=True):
    """Trying the rules on what was recorded already."""

    head: Head
    action: str
    since: date
    until: date
    next: str
    alone: tuple[OldItem, ...] = ()  # what was recorded and has no row in the draft, most deeds first
    more: int = 0  # how many more of them there are
    others: str = ""  # what goes on beside the sheet, which hides what the sheet would change


class Resolution(Part, frozen=True, kw_only=True):
    """The form of the resolution and the day from which the rules rule."""

    head: Head
    values: Mapping[str, str]
    bodies: tuple[Option, ...]
    earliest: date
    today: date
    needed: bool = True
    paper: str = ""
    paper_href: str = ""
    paper_public: bool = False
    error: str = ""
    field: str = ""


class Change(Part, frozen=True, kw_only=True):
    """One difference in a sentence; `kind`: new, changed or gone."""

    kind: str
    text: str


class Changes(Part, frozen=True, kw_only=True):
    """What differs from the rules before, who decided it, and where to object."""

    heading: str
    changes: tuple[Change, ...] = ()
    facts: tuple[Fact, ...] = ()
    objections: tuple[str, ...] = ()
    village: str = ""
    before: str = ""
    paper_href: str = ""
    pending: str = ""  # that nothing of it was decided yet, or that it never began
    back: Link | None = None


class Review(Part, frozen=True, kw_only=True):
    """The last look before adopting; `missing` say what is still to be done, each with the way there."""

    head: Head
    changes: Changes | None = None  # none where the draft is no version yet
    missing: tuple[Link, ...] = ()
    since: date | None = None
    rows: int = 0
    print_href: str = ""
    overtaken: str = ""  # another version was adopted meanwhile
    error: str = ""


class Stopping(Part, frozen=True, kw_only=True):
    """Suspending, going back to a former version, withdrawing one to come: first when and why, then what it changes.

    `others` are versions that could be taken instead, `fates` what becomes of versions that have not begun.
    """

    code: str
    village: str
    action: str
    heading: str
    about: str
    button: str
    values: Mapping[str, str]  # what the first step asks for, by field
    earliest: date
    notes: tuple[str, ...] = ()
    others: tuple[Link, ...] = ()
    fates: tuple[str, ...] = ()
    changes: Changes | None = None  # None: the first step
    version: int = 0
    error: str = ""
    field: str = ""


class Nothing(Part, frozen=True, kw_only=True):
    """That there is nothing here to do it to, and the way on."""

    heading: str
    village: str
    text: str
    on: Link
    back: Link
