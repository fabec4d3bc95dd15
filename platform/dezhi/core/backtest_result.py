"""What a backtest found: totals, who gains and who loses, items, limits, and what it would cost. Plain data.

Figures are about the programme's main asset unless they name another. `None` stands for what is hidden because it is
about too few households (`dezhi.core.suppression`). Numbers of households who gain, lose or meet a limit, and of deeds
that were reversed, stopped, left or guessed, are rounded to fives (`dezhi.core.backtest_grid`).
"""

from datetime import date

import msgspec

from dezhi.plugin import Asset


class Total(msgspec.Struct, frozen=True, kw_only=True):
    """Everything given of one asset: really, and under the draft. Minutes for hours."""

    asset: Asset
    before: int
    after: int


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Households of one kind: how many gain, lose or stay, and by how much.

    `code` says which kind, as the tables' texts know it; of places it is their name. `mean` is the change of one
    household on average, rounded to a tenth; `low`, `median` and `high` are the changes below which a quarter, half
    and three quarters of them are.
    """

    code: str
    households: int | None = None
    better: int | None = None
    worse: int | None = None
    same: int | None = None
    before: float | None = None  # of one household on average
    after: float | None = None
    mean: float | None = None
    low: int | None = None
    median: int | None = None
    high: int | None = None


class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """How many households change by `least` to `most`, both included; None there: no bound."""

    least: int | None
    most: int | None
    households: int | None


class ItemRow(msgspec.Struct, frozen=True, kw_only=True):
    """One item of the past: how often it was recorded, how often the draft would give something, and how much.

    `title` is the draft's. `was` are other titles of its deeds then: they came to the row by its code alone or, where
    `paired`, because a person said so.
    """

    item: str
    title: str
    asset: Asset
    was: tuple[str, ...] = ()
    paired: bool = False
    times_before: int | None = None
    times_after: int | None = None
    before: int | None = None
    after: int | None = None


class CapRow(msgspec.Struct, frozen=True, kw_only=True):
    """A limit of the draft that stopped deeds: how many, of how many households."""

    item: str
    title: str
    window: str
    metric: str
    limit: int
    times: int | None = None
    households: int | None = None


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """Deeds that could not be counted, or only with a guess: of which item, why (`code`), how many.

    Of a guess about one of the draft's questions: `question` as the clerk reads it, `taken` the number that was taken,
    `unit` what it counts.
    """

    code: str
    item: str
    title: str
    times: int | None = None
    question: str = ""
    taken: int | None = None
    unit: str = ""


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """An item of the past whose deeds were counted under a row of the draft because a person said so. Full codes."""

    old: str
    old_title: str
    new: str
    new_title: str


class Unmatched(msgspec.Struct, frozen=True, kw_only=True):
    """An item of the past that has no row in the draft; `new` is what its title is most like, empty for nothing.

    It is a suggestion: nothing was counted by it.
    """

    item: str
    title: str
    times: int | None = None
    new: str = ""
    new_title: str = ""


class Good(msgspec.Struct, frozen=True, kw_only=True):
    """How many of a good all the points would buy, if they were spent on nothing else."""

    title: str
    price_before: int | None
    price_after: int
    pieces_before: int | None
    pieces_after: int


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What the points come to at the rates of the programmes, in hundredths of a yuan.

    `fen` is the draft's rate, 0 where villages differ. `owed` are the points not spent today, `owed_after` the same
    as if the draft had ruled.
    """

    fen: int
    before: int
    after: int
    owed: int
    owed_after: int


class Backtest(msgspec.Struct, frozen=True, kw_only=True):
    """The result. The same books, draft and seed give the same, byte for byte."""

    draft: str
    villages: tuple[str, ...]
    since: date
    until: date
    asked: tuple[date, date] | None = None  # the days that were asked for, where they are no whole months
    seed: int | None
    main: Asset
    deeds: int  # replayed
    withdrawn: int  # reversed since, and left out of both
    uncovered: int  # deeds the draft has no item for
    guessed: int  # deeds of which something had to be guessed
    capped: int
    totals: tuple[Total, ...]
    everybody: Group
    spread: tuple[Bin, ...]
    by_size: tuple[Group, ...]
    by_age: tuple[Group, ...]
    by_place: tuple[Group, ...]
    items: tuple[ItemRow, ...]
    caps: tuple[CapRow, ...]
    left: tuple[Left, ...]
    guesses: tuple[Left, ...]
    pairs: tuple[Pair, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()
    cost: Cost | None = None
    goods: tuple[Good, ...] = ()
