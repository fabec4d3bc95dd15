"""The village's or township's public page, its wall and its rules. Every name here is masked."""

from datetime import date, datetime

from dezhi.web.views.frame import Amount, Fact, Link, Part


class Totals(Part, frozen=True, kw_only=True):
    """This month in four figures."""

    month: date
    deeds: int
    minutes: int
    safe: int
    goods: int


class News(Part, frozen=True, kw_only=True):
    """A line of 最近加分 or 好人好事; `who` is empty where the deed stands without a name."""

    day: date
    text: str
    who: str = ""
    amount: Amount | None = None
    symbol: str = ""
    trial: bool = False


class Place(Part, frozen=True, kw_only=True):
    """A place on the honour board; equal points share a place."""

    place: int
    who: str
    score: int


class Board(Part, frozen=True, kw_only=True):
    """An honour board of those who opted in."""

    title: str
    window: str  # in words: 本季, 今年
    unit: str = "分"
    rows: tuple[Place, ...] = ()
    joined: int = 0
    households: int = 0


class Goal(Part, frozen=True, kw_only=True):
    """A collective goal; `reached` is the sum of `entries` entries, in the board's own unit."""

    title: str
    text: str
    reached: int
    target: int
    entries: int
    unit: str = "分"


class Way(Part, frozen=True, kw_only=True):
    """A way to earn."""

    title: str
    amount: str  # in words: +5 分, 每小时记 1 小时
    asset: str
    symbol: str = ""
    how: str = ""


class Good(Part, frozen=True, kw_only=True):
    """Something to be had; `stock` is None for a service."""

    title: str
    price: int
    symbol: str = ""
    about: str = ""
    stock: int | None = None


class DemoDoor(Part, frozen=True, kw_only=True):
    """In the demo only: enter with one tap as `who`."""

    who: str
    name: str
    what: str


class Village(Part, frozen=True, kw_only=True):
    """A village of the township, in the order of the codes."""

    code: str
    name: str


class SealMark(Part, frozen=True, kw_only=True):
    """A seal of the books, to compare with the one on the wall."""

    code: str
    day: date
    href: str


class Home(Part, frozen=True, kw_only=True):
    """The public page. On a township's page the lists are the township's and `villages` leads on."""

    programme: str  # 道德储蓄银行
    what: str  # one sentence on what this is
    totals: Totals
    next_seq: int = 0  # of its book: whoever shows it can tell whether the book moved since
    code: str = ""  # of the village; empty on a township's page
    latest: tuple[News, ...] = ()
    deeds: tuple[News, ...] = ()
    boards: tuple[Board, ...] = ()
    goals: tuple[Goal, ...] = ()
    ways: tuple[Way, ...] = ()
    goods: tuple[Good, ...] = ()
    villages: tuple[Village, ...] = ()
    demo_doors: tuple[DemoDoor, ...] = ()
    rules_href: str = ""
    wall_href: str = ""
    seal: SealMark | None = None  # the newest


class Wall(Part, frozen=True, kw_only=True):
    """The public page for a big screen; `made_at` is the time of the figures."""

    home: Home
    made_at: datetime
    live_href: str = ""  # the stream that tells when the book moves
    address: str = ""  # where a phone finds this village, as it would be typed
    qr_svg: str = ""  # trusted: drawn by us


class Rule(Part, frozen=True, kw_only=True):
    """One line of the sheet in words."""

    title: str
    how: str
    amount: str
    asset: str
    caps: str = ""
    symbol: str = ""


class RuleGroup(Part, frozen=True, kw_only=True):
    """The rules of one category."""

    title: str
    rules: tuple[Rule, ...]
    symbol: str = ""


class Coming(Part, frozen=True, kw_only=True):
    """A version that was adopted and does not rule yet."""

    text: str
    href: str


class Block(Part, frozen=True, kw_only=True):
    """A piece of a plugin's page: a heading, a paragraph, a table (rows) or a way on (onward)."""

    kind: str
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    href: str = ""


class PluginPage(Part, frozen=True, kw_only=True):
    """A page of a plugin's own."""

    title: str
    blocks: tuple[Block, ...]
    back: Link


class Rules(Part, frozen=True, kw_only=True):
    """The sheet in force. `label` says where it comes from, such as 示例细则，非营尔村原文."""

    programme: str
    version: int = 0
    since: date | None = None  # None: no programme yet
    groups: tuple[RuleGroup, ...] = ()
    label: str = ""
    notices: tuple[str, ...] = ()
    goods: tuple[Good, ...] = ()
    resolution: str = ""  # empty: none attached yet
    trial: bool = True
    suspended: str = ""  # since when, why and by whom
    coming: tuple[Coming, ...] = ()
    aside: tuple[str, ...] = ()  # what was announced and did not begin, and why
    decided: tuple[Fact, ...] = ()
    changes_href: str = ""
    paper_href: str = ""
    campaigns: tuple[str, ...] = ()  # that are not over, in sentences
    objections: tuple[str, ...] = ()
    back: Link | None = None
    pages: tuple[Link, ...] = ()  # the plugins' own
