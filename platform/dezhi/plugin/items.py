"""The items a plugin offers: lines of a village's sheet, with every limit the core will keep."""

from typing import Final

import msgspec

from dezhi.plugin.limits import AMOUNT_MAX, MINUTES_MAX, TEXT_MAX, ensure_amount, ensure_code, ensure_text
from dezhi.plugin.questions import People, Question
from dezhi.plugin.vocabulary import Ask, Asset, HolderKind, Subject, Window

QUESTIONS_MAX: Final = 30
WORTH_MAX: Final = 60


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What one award of an item may add to one asset; the core refuses anything outside."""

    asset: Asset
    amount_min: int
    amount_max: int

    def __post_init__(self) -> None:
        ensure_amount(f"line {self.asset}: amount_min", self.amount_min)
        ensure_amount(f"line {self.asset}: amount_max", self.amount_max, least=self.amount_min)


class Cap(msgspec.Struct, frozen=True, kw_only=True):
    """The most an item may give in a window: an amount of one asset, or a number of times.

    The core keeps the count under the ledger's lock, so that two clerks at once cannot pass it. Without `of` each
    holder has a count of its own (a cap on times counts for the holder of the item's main asset, and not for
    who was only helped while somebody else got something); with GRID or VILLAGE all its households share one, which
    makes a quota of winners. Items whose caps name the same `share` (a code) count
    together.
    """

    window: Window
    times_max: int | None = None
    asset: Asset | None = None
    amount_max: int | None = None
    of: Subject | None = None
    share: str = ""

    def __post_init__(self) -> None:
        if self.times_max is not None and self.asset is None and self.amount_max is None:
            ensure_amount("cap: times_max", self.times_max)
        elif self.times_max is None and self.asset is not None and self.amount_max is not None:
            ensure_amount("cap: amount_max", self.amount_max, most=100 * AMOUNT_MAX)
        else:
            raise ValueError("cap: give either times_max, or asset and amount_max")
        if self.of not in {None, Subject.GRID, Subject.VILLAGE}:
            raise ValueError("cap: of is a grid or a village; without it each holder has its own count")
        if self.share:
            ensure_code("cap: share", self.share)


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One way to earn: a line of the village's sheet, with every limit the core will keep."""

    code: str
    title: str
    category: str
    asset: Asset  # the main asset: where the item stands in lists and what its symbol is coloured by
    lines: tuple[Line, ...]
    how: str  # one sentence: how to earn it
    holder: HolderKind = HolderKind.HOUSEHOLD  # of every line but hours, which are always a person's
    ask: Ask = Ask.NOTHING
    # What may be answered to `ask`, where a limit or another's share makes the line another range. 0: as the line.
    asked_least: int = 0
    asked_most: int = 0
    # How much in words, 每人20分, where the lines only bound it. Lists and rules pages show it; empty: the lines.
    worth: str = ""
    caps: tuple[Cap, ...] = ()
    symbol: str = ""  # one emoji or one character
    source: str = ""  # where the rule comes from, such as "S-012"
    hint: str = ""  # for the clerk: what to look at, what proof to keep
    questions: tuple[Question, ...] = ()
    people: tuple[People, ...] = ()
    # A reminder: told to the household alone, on no wall and no board. It gives one count, once a day at most, and only
    # for a deed recorded under it.
    quiet: bool = False
    # Recorded by the calendar, or beside other deeds: clerks find it apart, for where that left somebody out.
    automatic: bool = False

    def __post_init__(self) -> None:
        ensure_code("item", self.code)
        ensure_text(f"item {self.code}: title", self.title)
        ensure_code(f"item {self.code}: category", self.category)
        ensure_text(f"item {self.code}: how", self.how, TEXT_MAX)
        if self.worth:
            ensure_text(f"item {self.code}: worth", self.worth, WORTH_MAX)
        self._ensure_asked()
        assets = [line.asset for line in self.lines]
        if len(set(assets)) != len(assets) or self.asset not in assets:
            raise ValueError(f"item {self.code}: lines must name each asset once, and the main asset among them")
        if self.quiet and [(line.asset, line.amount_max) for line in self.lines] != [(Asset.COUNT, 1)]:
            raise ValueError(f"item {self.code}: a quiet item gives counts only, one at a time")
        names = [question.name for question in self.questions]
        if len(set(names)) != len(names) or len(names) > QUESTIONS_MAX:
            raise ValueError(f"item {self.code}: at most {QUESTIONS_MAX} questions, each of its own name")
        if len({people.role for people in self.people}) != len(self.people):
            raise ValueError(f"item {self.code}: people of one role are asked for once")
        counted = [(cap.window, cap.asset, cap.of, cap.share) for cap in self.caps]
        if len(set(counted)) != len(counted):
            raise ValueError(f"item {self.code}: two caps count the same thing in the same window")
        for cap in self.caps:
            if cap.asset is None or cap.amount_max is None:
                continue
            line = self.line(cap.asset)
            if line is None or cap.amount_max < line.amount_min:
                raise ValueError(f"item {self.code}: cap on {cap.asset} leaves no room for a single award")

    def _ensure_asked(self) -> None:
        """Refuse a range of answers that is none, or where nothing is asked. Raises ValueError."""
        if not (self.asked_least or self.asked_most):
            return
        if self.ask is Ask.NOTHING:
            raise ValueError(f"item {self.code}: nothing is asked, so there is no asked_least and asked_most")
        most = MINUTES_MAX if self.ask is Ask.MINUTES else AMOUNT_MAX
        ensure_amount(f"item {self.code}: asked_most", self.asked_most, most=most)
        ensure_amount(f"item {self.code}: asked_least", self.asked_least, most=self.asked_most)

    @property
    def asked(self) -> tuple[int, int] | None:
        """The least and the most a clerk may answer to `ask`; None where nothing is asked.

        Minutes are those of the main asset's line where that is hours, else any of a day; points those of its line.
        """
        if self.ask is Ask.NOTHING:
            return None
        if self.asked_most:
            return self.asked_least, self.asked_most
        if self.ask is Ask.MINUTES:
            line = self.line(Asset.HOURS)
            ranges = line is not None and line.amount_min < line.amount_max
            return (line.amount_min, line.amount_max) if line and ranges else (1, MINUTES_MAX)
        line = self.line(self.asset)
        return (line.amount_min, line.amount_max) if line else (1, AMOUNT_MAX)

    def line(self, asset: Asset) -> Line | None:
        """The declared line of `asset`, if the item has one."""
        return next((line for line in self.lines if line.asset == asset), None)

    def holder_of(self, asset: Asset) -> HolderKind:
        """Whose account a line of `asset` goes to."""
        return HolderKind.PERSON if asset is Asset.HOURS else self.holder
