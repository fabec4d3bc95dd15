"""What a plugin says about itself in Python: settings, categories, facts; and the items it offers."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from dezhi.plugin.manifest import NAME_PATTERN
from dezhi.plugin.vocabulary import Ask, Asset, HolderKind, Measure, Window

AMOUNT_MAX: Final = 100_000  # the most one line of one award may add: points, or minutes
MINUTES_MAX: Final = 1_440  # a deed lasts a day at most
TITLE_MAX: Final = 40
TEXT_MAX: Final = 400
CODE_MAX: Final = 48

_CODE: Final = re.compile(NAME_PATTERN)


def ensure_code(what: str, code: str) -> None:
    """Raise ValueError unless `code` is lower-case words joined by hyphens, CODE_MAX characters at most."""
    if len(code) > CODE_MAX or not _CODE.match(code):
        raise ValueError(f"{what}: code {code!r} must be lower-case letters and digits joined by single hyphens")


def ensure_text(what: str, text: str, limit: int = TITLE_MAX) -> None:
    """Raise ValueError unless `text` says something and fits in `limit` characters."""
    if not text.strip() or len(text) > limit:
        raise ValueError(f"{what} must have 1 to {limit} characters")


def ensure_amount(what: str, amount: int, least: int = 1, most: int = AMOUNT_MAX) -> None:
    """Raise ValueError unless `amount` is a whole number (True is not one) from `least` to `most`."""
    if type(amount) is not int or not least <= amount <= most:
        raise ValueError(f"{what} must be a whole number from {least} to {most}, not {amount!r}")


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a township may choose. It becomes a form.

    Subclass it (`class Choices(Settings, frozen=True)`) with a default and a `msgspec.Meta` for every field.
    """


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """A heading of the rules page and of the passbook, such as 储蓄友爱."""

    code: str
    title: str
    symbol: str = ""

    def __post_init__(self) -> None:
        ensure_code("category", self.code)
        ensure_text(f"category {self.code}: title", self.title)


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A number about earlier awards that the core looks up for the plugin before it is asked.

    Only booked, unreversed awards of this plugin count, dated on the deed's date or before it, the deed being asked
    about left out. `window` is the calendar period of that date; `window_days` instead counts that many days back, the
    date itself included. COUNT is the number of awards, SUM and MAX are of the `asset`'s amounts (minutes for hours),
    LAST is the ordinal (`date.toordinal()`) of the newest award's date. Every fact is 0 where there is nothing yet.
    """

    name: str
    measure: Measure
    item: str | None = None  # one of the plugin's own codes; None means any of them
    asset: Asset | None = None  # needed by SUM and MAX
    window: Window = Window.LIFE
    window_days: int | None = None
    of: HolderKind = HolderKind.HOUSEHOLD

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise ValueError(f"fact {self.name!r}: name must be a Python identifier")
        if self.measure in {Measure.SUM, Measure.MAX} and self.asset is None:
            raise ValueError(f"fact {self.name}: {self.measure} needs an asset")
        if self.window_days is not None:
            ensure_amount(f"fact {self.name}: window_days", self.window_days, most=3_660)
            if self.window is not Window.LIFE:
                raise ValueError(f"fact {self.name}: give window or window_days, not both")


class Facts(Mapping[str, int]):
    """The declared facts of one plugin, by name: `facts.swept_this_month` or `facts["swept_this_month"]`."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, int] | None = None) -> None:
        self._values = dict(values or {})

    def __getitem__(self, name: str) -> int:
        return self._values[name]

    def __getattr__(self, name: str) -> int:
        if name.startswith("_") or name not in self._values:
            raise AttributeError(f"fact {name!r} is not declared")
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Facts({self._values!r})"


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """The constant `PLUGIN` of a plugin's package."""

    settings: type[Settings] = Settings  # as it is: nothing to choose
    categories: tuple[Category, ...] = ()
    facts: tuple[Fact, ...] = ()
    notice: str = ""  # shown above the plugin's rules on the public rules page
    # The plugin's texts in English, by the Chinese ones. `{name}` in both stands for whatever a plugin puts there.
    english: Mapping[str, str] = {}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What one award of an item may add to one asset; the core refuses anything outside."""

    asset: Asset
    amount_min: int
    amount_max: int

    def __post_init__(self) -> None:
        ensure_amount(f"line {self.asset}: amount_min", self.amount_min)
        ensure_amount(f"line {self.asset}: amount_max", self.amount_max, least=self.amount_min)


class Cap(msgspec.Struct, frozen=True, kw_only=True):
    """The most an item may give one holder in a window: an amount of one asset, or a number of times.

    The core keeps the count under the ledger's lock, so that two clerks at once cannot pass it. A cap on times counts
    for the holder of the item's main asset.
    """

    window: Window
    times_max: int | None = None
    asset: Asset | None = None
    amount_max: int | None = None

    def __post_init__(self) -> None:
        if self.times_max is not None and self.asset is None and self.amount_max is None:
            ensure_amount("cap: times_max", self.times_max)
        elif self.times_max is None and self.asset is not None and self.amount_max is not None:
            ensure_amount("cap: amount_max", self.amount_max, most=100 * AMOUNT_MAX)
        else:
            raise ValueError("cap: give either times_max, or asset and amount_max")


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
    caps: tuple[Cap, ...] = ()
    symbol: str = ""  # one emoji or one character
    source: str = ""  # where the rule comes from, such as "S-012"
    hint: str = ""  # for the clerk: what to look at, what proof to keep

    def __post_init__(self) -> None:
        ensure_code("item", self.code)
        ensure_text(f"item {self.code}: title", self.title)
        ensure_code(f"item {self.code}: category", self.category)
        ensure_text(f"item {self.code}: how", self.how, TEXT_MAX)
        assets = [line.asset for line in self.lines]
        if len(set(assets)) != len(assets) or self.asset not in assets:
            raise ValueError(f"item {self.code}: lines must name each asset once, and the main asset among them")
        counted = [(cap.window, cap.asset) for cap in self.caps]
        if len(set(counted)) != len(counted):
            raise ValueError(f"item {self.code}: two caps count the same thing in the same window")
        for cap in self.caps:
            if cap.asset is None or cap.amount_max is None:
                continue
            line = self.line(cap.asset)
            if line is None or cap.amount_max < line.amount_min:
                raise ValueError(f"item {self.code}: cap on {cap.asset} leaves no room for a single award")

    def line(self, asset: Asset) -> Line | None:
        """The declared line of `asset`, if the item has one."""
        return next((line for line in self.lines if line.asset == asset), None)

    def holder_of(self, asset: Asset) -> HolderKind:
        """Whose account a line of `asset` goes to."""
        return HolderKind.PERSON if asset is Asset.HOURS else self.holder
