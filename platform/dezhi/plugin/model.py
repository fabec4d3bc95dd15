"""What hooks are given and what they answer: frozen values, whole numbers, no names of people."""

from datetime import date, datetime

import msgspec

from dezhi.plugin.facts import Amount, Participant
from dezhi.plugin.limits import AMOUNT_MAX, TEXT_MAX, ensure_amount, ensure_code, ensure_text
from dezhi.plugin.questions import Answer, T
from dezhi.plugin.vocabulary import Asset, BoardKind, HolderKind, IntentKind, RewardKind, Tie, Window


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """The version of a village's programme a question is asked for.

    `id` is the programme's through all its versions, `version` counts them from 1.
    `today` is the village's date. What `items`, `rewards` and `boards` answer is kept for the version, so those answers
    must not depend on it.
    """

    id: int
    version: int
    village: int
    today: date


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A household, or one person of it, as it stood on the deed's date; random ids only."""

    household: int
    village: int
    person: int | None = None
    grid: int | None = None


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody did. `item` is the full code, `plugin/code`, that the clerk chose."""

    id: int
    item: str
    date: date
    doer: Holder
    recorded_at: datetime
    minutes: int | None = None  # the clerk's answer where the item asks for minutes
    points: int | None = None  # the clerk's answer where the item asks for points
    answers: tuple[tuple[str, Answer], ...] = ()  # to the item's questions, in their order; texts are left out
    participants: tuple[Participant, ...] = ()

    def answer(self, name: str) -> Answer | None:
        """Return the answer to one question, None where it was left out."""
        return next((answer for asked, answer in self.answers if asked == name), None)

    def read(self, kind: type[T]) -> T:
        """Return the answers as a plugin's own `Event`; raises `msgspec.ValidationError` where they do not fit."""
        return msgspec.convert(dict(self.answers), kind)

    @property
    def plugin(self) -> str:
        """The name of the plugin whose item this is."""
        return self.item.partition("/")[0]

    @property
    def code(self) -> str:
        """The item's own code, without the plugin's name."""
        return self.item.partition("/")[2]


class Award(msgspec.Struct, frozen=True, kw_only=True):
    """One proposed line: this much of this asset, for this reason, under one of the plugin's own items."""

    item: str  # the bare code
    asset: Asset
    amount: int  # points, or minutes for hours; at least 1
    reason: str  # a sentence a neighbour understands, naming the item and the amount
    holder: HolderKind | None = None  # None: as the item declares; anything else must agree with it
    # None: the doer. Otherwise one of the deed's participants but a witness, or somebody of a past deed handed over.
    to: Participant | None = None


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """What is about to be booked: an award that passed the core's own checks, or a redemption."""

    kind: IntentKind
    code: str  # full code of the item or reward, `plugin/code`
    holder: Holder
    holder_kind: HolderKind
    date: date
    lines: tuple[Amount, ...]  # added by an award, taken by a redemption


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """No, and why. `code` is the plugin's own short word for it; `reason` is shown to people."""

    reason: str
    code: str = "refused"

    def __post_init__(self) -> None:
        ensure_code("refusal", self.code)
        ensure_text("refusal: reason", self.reason, TEXT_MAX)


class Reward(msgspec.Struct, frozen=True, kw_only=True):
    """Something a household can have for moral points. An honour is given, never bought: its price is 0."""

    code: str
    title: str
    price: int
    kind: RewardKind
    symbol: str = ""
    about: str = ""  # one sentence: what exactly, how much, where
    source: str = ""  # where the price comes from

    def __post_init__(self) -> None:
        ensure_code("reward", self.code)
        ensure_text(f"reward {self.code}: title", self.title)
        least, most = (0, 0) if self.kind is RewardKind.HONOUR else (1, AMOUNT_MAX)
        ensure_amount(f"reward {self.code}: price", self.price, least, most)


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What a reward costs this holder now; `reason` says so in a sentence."""

    reward: str  # the bare code
    price: int
    reason: str

    def __post_init__(self) -> None:
        ensure_code("quote", self.reward)
        ensure_amount(f"quote {self.reward}: price", self.price, least=0)
        ensure_text(f"quote {self.reward}: reason", self.reason, TEXT_MAX)


class Weight(msgspec.Struct, frozen=True, kw_only=True):
    """How an asset counts on a board: `times` points for every full `per` of the sum earned in the window."""

    asset: Asset
    times: int = 1
    per: int = 1
    categories: tuple[str, ...] = ()  # the plugin's own category codes; empty: every one of its items

    def __post_init__(self) -> None:
        ensure_amount("weight: times", self.times)
        ensure_amount("weight: per", self.per)


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """A board the core computes from the ledger: highest first, opt-in, masked; the plugin sees no scores.

    Scores are sums of what this plugin's items gave in the window, reversals taken off, by the deeds' dates.
    """

    code: str
    title: str
    kind: BoardKind
    weights: tuple[Weight, ...]
    window: Window
    unit_label: str  # 分, 小时
    unit: HolderKind = HolderKind.HOUSEHOLD
    size_max: int = 10
    target: int | None = None  # of a goal, in the unit of the score
    tie: Tie = Tie.COMPETITION
    about: str = ""  # one sentence: what it counts, or what the goal buys

    def __post_init__(self) -> None:
        ensure_code("board", self.code)
        ensure_text(f"board {self.code}: title", self.title)
        ensure_text(f"board {self.code}: unit_label", self.unit_label, 8)
        ensure_amount(f"board {self.code}: size_max", self.size_max, most=50)
        if not self.weights:
            raise ValueError(f"board {self.code}: weights must name at least one asset")
        if self.window in {Window.DAY, Window.WEEK}:
            raise ValueError(f"board {self.code}: window must be a month at least")
        if (self.kind is BoardKind.GOAL) != (self.target is not None):
            raise ValueError(f"board {self.code}: a goal needs a target, an honour board has none")
        if self.target is not None:
            ensure_amount(f"board {self.code}: target", self.target, most=100 * AMOUNT_MAX)
