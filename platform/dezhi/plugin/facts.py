"""What a plugin wants to know of the past: declared, and looked up by the core for all plugins in one query."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

import msgspec

from dezhi.plugin.limits import ensure_amount
from dezhi.plugin.vocabulary import Asset, Measure, Role, Subject, Window

DAYS_MAX: Final = 3_660
STREAK_MAX: Final = 120  # periods; a longer streak counts as this many
PAST_MAX: Final = 20


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A number about earlier awards that the core looks up for the plugin before it is asked.

    Only booked, unreversed awards of this plugin count, dated on the deed's date or before it, the deed being asked
    about left out. `items` are the plugin's own codes; none means any of them. `window` is the calendar period of that
    date; `window_days` instead counts that many days back, the date itself included. Of a grid or village, the awards
    of all its households count, as they stood on their deeds' dates; there is no MAX of these, and what is pending
    does not count yet.

    COUNT is the number of awards, SUM and MAX are of the `asset`'s amounts (minutes for hours), LAST is the ordinal
    (`date.toordinal()`) of the newest award's date. STREAK is the number of `window` periods without a gap that have
    an award, counted back from the period before the date's, `STREAK_MAX` at most; a period with an award of a `pause`
    item, and none that counts, is passed over. Every fact is 0 where there is nothing yet.

    DISTINCT is the number of different participants with `role` in the household's own deeds under `items`: of two
    people of one household each counts, a household named without a person counts once.

    Reminders (`quiet` items) count in no fact that goes back further than a year, is a STREAK, or is for `quote`.

    `reward` instead makes COUNT and SUM be of the household's redemptions of this plugin's reward, in points, handed
    over or held.
    """

    name: str
    measure: Measure
    items: tuple[str, ...] = ()
    asset: Asset | None = None  # needed by SUM and MAX
    window: Window = Window.LIFE
    window_days: int | None = None
    of: Subject = Subject.HOUSEHOLD
    pause: tuple[str, ...] = ()
    reward: str | None = None
    role: Role | None = None  # needed by DISTINCT: whom to count

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise ValueError(f"fact {self.name!r}: name must be a Python identifier")
        if self.measure in {Measure.SUM, Measure.MAX} and self.asset is None and self.reward is None:
            raise ValueError(f"fact {self.name}: {self.measure} needs an asset")
        if self.window_days is not None:
            ensure_amount(f"fact {self.name}: window_days", self.window_days, most=DAYS_MAX)
            if self.window is not Window.LIFE:
                raise ValueError(f"fact {self.name}: give window or window_days, not both")
        if self.measure is Measure.STREAK and (self.window is Window.LIFE or self.window_days is not None):
            raise ValueError(f"fact {self.name}: a streak needs a window from day to year")
        if self.pause and self.measure is not Measure.STREAK:
            raise ValueError(f"fact {self.name}: only a streak can pause")
        self._ensure_other_kinds()

    def _ensure_other_kinds(self) -> None:
        """Refuse what fits neither redemptions nor people nor groups. Raises ValueError."""
        if self.reward is not None and (self.items or self.measure not in {Measure.COUNT, Measure.SUM}):
            raise ValueError(f"fact {self.name}: of a reward there are only COUNT and SUM, and no items")
        if self.reward is not None and self.of is not Subject.HOUSEHOLD:
            raise ValueError(f"fact {self.name}: rewards are a household's")
        if self.measure is Measure.MAX and self.of in {Subject.GRID, Subject.VILLAGE}:
            raise ValueError(f"fact {self.name}: there is no MAX of a grid or village")
        if (self.measure is Measure.DISTINCT) != (self.role in {Role.HELPED, Role.WITNESS, Role.GROUP}):
            raise ValueError(f"fact {self.name}: DISTINCT, and nothing else, needs a role: helped, witness or group")
        if self.role is not None and (self.of is not Subject.HOUSEHOLD or self.asset is not None):
            raise ValueError(f"fact {self.name}: DISTINCT is of a household, and without an asset")


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """Past deeds the core looks up: those of the last `window_days` in which the doer's household had `role`.

    Only deeds under this plugin's `items` (none means any) that were booked and not reversed, dated on the deed's date
    or before it; the newest first, `most` at most. Read them with `facts.past(name)`.
    """

    name: str
    role: Role
    window_days: int
    items: tuple[str, ...] = ()
    most: int = 5

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise ValueError(f"past {self.name!r}: name must be a Python identifier")
        ensure_amount(f"past {self.name}: window_days", self.window_days, most=DAYS_MAX)
        ensure_amount(f"past {self.name}: most", self.most, most=PAST_MAX)


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a deed, as they stood on its date; random ids only."""

    role: Role
    household: int
    person: int | None = None
    grid: int | None = None


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """So much of one asset."""

    asset: Asset
    amount: int


class PastDeed(msgspec.Struct, frozen=True, kw_only=True):
    """A deed of the past: under which bare item code, when, by and with whom, and what its doer earned."""

    item: str
    date: date
    doer: Participant
    participants: tuple[Participant, ...] = ()
    earned: tuple[Amount, ...] = ()


class Facts(Mapping[str, int]):
    """The declared facts of one plugin, by name: `facts.swept_this_month` or `facts["swept_this_month"]`."""

    __slots__ = ("_past", "_values")

    def __init__(
        self, values: Mapping[str, int] | None = None, past: Mapping[str, tuple[PastDeed, ...]] | None = None
    ) -> None:
        self._values = dict(values or {})
        self._past = dict(past or {})

    def past(self, name: str) -> tuple[PastDeed, ...]:
        """Return the past deeds declared under a name, the newest first; KeyError where nothing is declared."""
        return self._past[name]

    def __getitem__(self, name: str) -> int:
        return self._values[name]

    def __getattr__(self, name: str) -> int:
        if name.startswith("_") or name not in self._values:
            raise AttributeError(f"fact {name!r} is not declared; declared are: {', '.join(self._values) or 'none'}")
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Facts({self._values!r}, {self._past!r})"
