"""The township's desk."""

from datetime import date, datetime

from dezhi.web.views.frame import Amount, Fact, Option, Pager, Part


class VillageRow(Part, frozen=True, kw_only=True):
    """A village; rows come in the order of the codes."""

    code: str
    name: str
    households: int
    programme: str
    version: int
    plugins: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Home(Part, frozen=True, kw_only=True):
    """The villages of the township."""

    villages: tuple[VillageRow, ...] = ()
    warnings: tuple[str, ...] = ()


class Limit(Part, frozen=True, kw_only=True):
    """A limit a plugin declared, in words."""

    item: str
    amount: str
    caps: str
    asset: str


class Setting(Part, frozen=True, kw_only=True):
    """A field of the plugin's settings. `kind`: number, text, yes or choice; bounds may be absent."""

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
    settings: tuple[Setting, ...] = ()
    limits: tuple[Limit, ...] = ()
    trouble: str = ""  # why it is quarantined


class Version(Part, frozen=True, kw_only=True):
    """A version of the programme; it never changes once made."""

    number: int
    since: date
    made_at: datetime
    by: str
    change: str
    current: bool = False


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
    error: str = ""


class Member(Part, frozen=True, kw_only=True):
    """A staff member."""

    id: str
    name: str
    login: str
    role: str
    scope: str
    active: bool = True
    last_seen: datetime | None = None
    own: bool = False  # the one who is looking


class Staff(Part, frozen=True, kw_only=True):
    """The staff list and the form for a new one; `secret` is shown once after adding or resetting."""

    members: tuple[Member, ...]
    roles: tuple[Option, ...]
    scopes: tuple[Option, ...]
    name: str = ""
    login: str = ""
    error: str = ""
    secret_for: str = ""
    secret: str = ""


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
    how: str = ""  # through what: 手机, 服务台, 多户
    why: str = ""
    of: int | None = None  # the entry a reversal reverses
    trial: bool = False


class Journal(Part, frozen=True, kw_only=True):
    """The supervisor's book with its filters as they are set."""

    rows: tuple[JournalRow, ...]
    villages: tuple[Option, ...]
    actors: tuple[Option, ...]
    kinds: tuple[Option, ...]
    since: date | None = None
    until: date | None = None
    total: int = 0
    pager: Pager | None = None
