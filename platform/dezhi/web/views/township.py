"""The township's desk."""

from datetime import date, datetime

from dezhi.web.views.drafts import Kept
from dezhi.web.views.frame import Amount, Fact, Link, Option, Pager, Part, Tell


class VillageRow(Part, frozen=True, kw_only=True):
    """A village; rows come in the order of the codes."""

    code: str
    name: str
    households: int
    programme: str
    version: int
    plugins: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    owed: str = ""  # what was not spent yet, in words


class Home(Part, frozen=True, kw_only=True):
    """The villages of the township."""

    villages: tuple[VillageRow, ...] = ()


class Limit(Part, frozen=True, kw_only=True):
    """A limit a plugin declared, in words."""

    item: str
    amount: str
    caps: str
    asset: str


class Setting(Part, frozen=True, kw_only=True):
    """A field of the plugin's settings. `kind`: number, text, yes, choice or document; bounds may be absent."""

    name: str
    label: str
    kind: str
    value: str
    help: str = ""
    least: int | None = None
    most: int | None = None
    unit: str = ""
    options: tuple[Option, ...] = ()
    error: str = ""


class Plugin(Part, frozen=True, kw_only=True):
    """An installed plugin, as this village has it."""

    name: str
    title: str
    about: str
    version: str
    on: bool
    installed: bool = True
    wanted: str = ""  # the version the programme names, where another answers
    others: tuple[str, ...] = ()  # versions it could go on with
    from_whom: str = ""  # who signed the file it came in
    guards: bool = False  # nothing is booked while it cannot be asked
    held: str = ""  # why and since when it is in quarantine
    settings: tuple[Setting, ...] = ()
    limits: tuple[Limit, ...] = ()
    troubles: tuple[str, ...] = ()  # why it cannot be used, or what of it
    error: str = ""  # what was wrong with the form just sent


class Version(Part, frozen=True, kw_only=True):
    """A version of the programme; it never changes once made."""

    number: int
    since: date
    made_at: datetime
    by: str
    change: str
    current: bool = False
    coming: bool = False
    aside: bool = False  # it was to come, and did not
    suspended: bool = False
    changes_href: str = ""


class Papers(Part, frozen=True, kw_only=True):
    """What a version rests on, as kept or as typed."""

    title: str = ""
    privacy_notice: str = ""
    resolution: str = ""
    decided_on: str = ""
    field: str = ""  # the field at fault
    error: str = ""


class Programme(Part, frozen=True, kw_only=True):
    """One village's programme."""

    code: str
    village: str
    programme: str
    version: int
    since: date
    plugins: tuple[Plugin, ...]
    versions: tuple[Version, ...] = ()
    warnings: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    grids: tuple[str, ...] = ()
    papers: Papers
    suspended: str = ""
    can_suspend: bool = True
    coming: tuple[Link, ...] = ()  # versions that have not begun, each with where it is withdrawn
    aside: tuple[str, ...] = ()  # what was announced and did not begin, and why
    drafts: tuple[Kept, ...] = ()
    error: str = ""


class Member(Part, frozen=True, kw_only=True):
    """A staff member in the list; `posts` are sentences such as 村干部 · 营尔村."""

    id: str
    name: str
    login: str
    posts: tuple[str, ...]
    active: bool = True
    fresh: bool = False  # has not chosen a password yet
    own: bool = False  # the one who is looking


class Person(Part, frozen=True, kw_only=True):
    """Somebody of the register who might be meant."""

    id: str
    text: str
    chosen: bool = False


class NewMember(Part, frozen=True, kw_only=True):
    """The form for a new staff member, as typed; `people` are to be chosen from when some bear that name."""

    roles: tuple[Option, ...]
    scopes: tuple[Option, ...]
    name: str = ""
    login: str = ""
    people: tuple[Person, ...] = ()
    error: str = ""
    field: str = ""


class Staff(Part, frozen=True, kw_only=True):
    """The staff list and the form for a new one."""

    members: tuple[Member, ...]
    new: NewMember


class Held(Part, frozen=True, kw_only=True):
    """A post somebody holds; one that may not be taken has no `role`."""

    text: str
    role: str = ""
    region: str = ""


class StaffMember(Part, frozen=True, kw_only=True):
    """One staff member: posts, password, account. `secret` is shown this once."""

    member: Member
    held: tuple[Held, ...]
    roles: tuple[Option, ...]
    scopes: tuple[Option, ...]
    resident: str = ""  # which household of the register they belong to
    secret: str = ""
    error: str = ""
    manageable: bool = True
    is_clerk: bool = False  # and so must be somebody of the register before recording anything
    find: str = ""
    people: tuple[Person, ...] = ()


class JournalRow(Part, frozen=True, kw_only=True):
    """One entry of the book, as the supervisor reads it."""

    seq: int
    at: datetime
    day: date
    village: str
    who: str
    text: str
    amounts: tuple[Amount, ...]
    kind: str  # in words: 加分, 冲正, 兑换, 领取, 取消兑换
    by: str
    why: str = ""
    of: int | None = None  # the entry a reversal reverses
    of_href: str = ""
    undone: bool = False
    trial: bool = False


class Act(Part, frozen=True, kw_only=True):
    """Something staff did to a card, an account or the register."""

    at: datetime
    by: str
    text: str
    whom: str


class Journal(Part, frozen=True, kw_only=True):
    """The supervisor's book with its filters as they are set; `owed` tells what each village has not spent yet."""

    owed: tuple[Fact, ...] = ()
    audit: Tell | None = None
    precedents: tuple[Link, ...] = ()

    rows: tuple[JournalRow, ...]
    acts: tuple[Act, ...] = ()
    villages: tuple[Option, ...]
    actors: tuple[Option, ...]
    kinds: tuple[Option, ...]
    since: date | None = None
    until: date | None = None
    error: str = ""
    pager: Pager | None = None
