"""The facts plugins declared, counted while past deeds are replayed, from what the replay itself gave so far.

Deeds come in the order of their days, so all that is kept is of the day asked about or before it. Each fact keeps a
few numbers for each subject and period, and none looks through the past again: a year of a county costs what a year
of its villages costs.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple, Protocol

from dezhi.core.periods import fact_span, period_key
from dezhi.core.scoring import Proposal
from dezhi.plugin import Amount, Deed, Fact, Facts, Holder, Measure, Participant, Past, PastDeed, Role, Subject, Window
from dezhi.plugin.facts import STREAK_MAX

_key = lru_cache(maxsize=64)(period_key)
_MONTHS: Final = 12
_QUARTERS: Final = 4


class FactMemory:
    """What a replay remembers for the plugins of a draft. Facts about redemptions are 0: nothing is spent in it."""

    def __init__(self, facts: Mapping[str, Sequence[Fact]], past: Mapping[str, Sequence[Past]]) -> None:
        self._facts = {plugin: [_counting(fact) for fact in some] for plugin, some in facts.items()}
        self._past = {plugin: _PastDeeds(some) for plugin, some in past.items()}

    def look(self, deed: Deed) -> dict[str, Facts]:
        """Every declared fact for a deed, by plugin."""
        return {
            plugin: Facts(
                {
                    one.fact.name: one.value(_subject(one.fact, deed.doer, deed), deed.date)
                    for one in self._facts.get(plugin, ())
                },
                self._past[plugin].look(deed) if plugin in self._past else {},
            )
            for plugin in {**self._facts, **self._past}
        }

    def keep(self, deed: Deed, proposals: Sequence[Proposal]) -> None:
        """Remember what a deed was given."""
        for proposal in proposals:
            for one in self._facts.get(proposal.plugin, ()):
                subject = _subject(one.fact, proposal.to or deed.doer, deed)
                amount = _counted(one.fact, proposal)
                if amount is not None:
                    one.add(subject, deed.date, amount)
                if proposal.item.partition("/")[2] in one.fact.pause:
                    one.pause(subject, deed.date)
        if proposals:
            for one in self._facts.get(deed.plugin, ()):
                if isinstance(one, _Different) and (not one.fact.items or deed.code in one.fact.items):
                    one.meet(deed)
        kept = self._past.get(deed.plugin)
        if kept is not None:
            kept.add(deed, proposals)


class _Counting(Protocol):
    fact: Fact

    def add(self, subject: int, on: date, amount: int) -> None: ...
    def pause(self, subject: int, on: date) -> None: ...
    def value(self, subject: int, on: date) -> int: ...


class _Calendar:
    """Of a calendar period: one number for each subject and period."""

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        self._kept: dict[tuple[int, str], int] = {}

    def add(self, subject: int, on: date, amount: int) -> None:
        key = (subject, _key(self.fact.window, on))
        self._kept[key] = _joined(self.fact.measure, self._kept.get(key, 0), amount, on)

    def pause(self, subject: int, on: date) -> None:
        """Nothing pauses but a streak."""

    def value(self, subject: int, on: date) -> int:
        return self._kept.get((subject, _key(self.fact.window, on)), 0)


class _Day(NamedTuple):
    ordinal: int
    number: int


class _Rolling:
    """Of so many days back: a number for each subject and day."""

    def __init__(self, fact: Fact, days: int) -> None:
        self.fact = fact
        self._days = days
        self._kept: dict[int, list[_Day]] = {}

    def add(self, subject: int, on: date, amount: int) -> None:
        days = self._kept.setdefault(subject, [])
        today = on.toordinal()
        before = days.pop().number if days and days[-1].ordinal == today else 0
        days.append(_Day(today, _joined(self.fact.measure, before, amount, on)))

    def pause(self, subject: int, on: date) -> None:
        """Nothing pauses but a streak."""

    def value(self, subject: int, on: date) -> int:
        first = on.toordinal() - self._days + 1
        found = 0
        for day in reversed(self._kept.get(subject, ())):
            if day.ordinal < first:
                break
            if self.fact.measure in {Measure.COUNT, Measure.SUM}:
                found += day.number
            else:
                found = max(found, day.number)
        return found


class _Streak:
    """Of periods without a gap: which periods of a subject count, and which are passed over."""

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        self._counted: dict[int, set[int]] = {}
        self._paused: dict[int, set[int]] = {}

    def add(self, subject: int, on: date, amount: int) -> None:
        del amount
        self._counted.setdefault(subject, set()).add(_place(self.fact.window, on))

    def pause(self, subject: int, on: date) -> None:
        self._paused.setdefault(subject, set()).add(_place(self.fact.window, on))

    def value(self, subject: int, on: date) -> int:
        counted, paused = self._counted.get(subject, set()), self._paused.get(subject, set())
        found, place = 0, _place(self.fact.window, on) - 1
        while found < STREAK_MAX and (place in counted or place in paused):
            found += place in counted
            place -= 1
        return found


class _Different:
    """Of different participants: whom a household's own deeds named, day after day."""

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        self._met: dict[int, list[tuple[date, tuple[int, int]]]] = {}

    def add(self, subject: int, on: date, amount: int) -> None:
        """Awards are not what it counts."""

    def pause(self, subject: int, on: date) -> None:
        """Nothing pauses but a streak."""

    def meet(self, deed: Deed) -> None:
        """Remember whom a deed named."""
        met = self._met.setdefault(deed.doer.household, [])
        met += [
            (deed.date, (one.household, one.person or 0)) for one in deed.participants if one.role is self.fact.role
        ]

    def value(self, subject: int, on: date) -> int:
        since, _ = fact_span(self.fact, on)
        return len({who for when, who in self._met.get(subject, ()) if when >= since})


class _PastDeeds:
    """Past deeds of a plugin by the role a household had in them, in the order they were done."""

    def __init__(self, asked: Sequence[Past]) -> None:
        self._asked = asked
        self._kept: dict[tuple[Role, int], list[PastDeed]] = {}

    def add(self, deed: Deed, proposals: Sequence[Proposal]) -> None:
        doer = Participant(role=Role.DOER, household=deed.doer.household, person=deed.doer.person, grid=deed.doer.grid)
        done = PastDeed(
            item=deed.code,
            date=deed.date,
            doer=doer,
            participants=deed.participants,
            earned=tuple(
                Amount(asset=asset, amount=amount)
                for proposal in proposals
                if (proposal.to or doer).household == doer.household
                for asset, amount in proposal.lines
            ),
        )
        wanted = {one.role for one in self._asked}
        for role, household in {(one.role, one.household) for one in (doer, *deed.participants) if one.role in wanted}:
            self._kept.setdefault((role, household), []).append(done)

    def look(self, deed: Deed) -> dict[str, tuple[PastDeed, ...]]:
        return {one.name: self._newest(one, deed) for one in self._asked}

    def _newest(self, asked: Past, deed: Deed) -> tuple[PastDeed, ...]:
        first = deed.date.toordinal() - asked.window_days + 1
        found: list[PastDeed] = []
        for one in reversed(self._kept.get((asked.role, deed.doer.household), ())):
            if one.date.toordinal() < first or len(found) == asked.most:
                break
            if not asked.items or one.item in asked.items:
                found.append(one)
        return tuple(found)


def _counting(fact: Fact) -> _Counting:
    if fact.measure is Measure.STREAK:
        return _Streak(fact)
    if fact.measure is Measure.DISTINCT:
        return _Different(fact)
    return _Calendar(fact) if fact.window_days is None else _Rolling(fact, fact.window_days)


def _counted(fact: Fact, proposal: Proposal) -> int | None:
    """What an award is to a fact; None where it is nothing to it."""
    code = proposal.item.partition("/")[2]
    if fact.reward is not None or (fact.items and code not in fact.items):
        return None
    if fact.asset is None:
        return 1
    amount = dict(proposal.lines).get(fact.asset)
    return amount if amount is None or fact.measure in {Measure.SUM, Measure.MAX} else 1


def _joined(measure: Measure, before: int, amount: int, on: date) -> int:
    match measure:
        case Measure.COUNT | Measure.SUM:
            return before + amount
        case Measure.MAX:
            return max(before, amount)
        case _:
            return on.toordinal()


def _subject(fact: Fact, who: Holder | Participant, deed: Deed) -> int:
    """Whom a fact is about, by id; 0 where nobody such is named. All of a deed are of one village."""
    match fact.of:
        case Subject.PERSON:
            return who.person or 0
        case Subject.GRID:
            return who.grid or 0
        case Subject.VILLAGE:
            return deed.doer.village
        case Subject.HOUSEHOLD:
            return who.household


def _place(window: Window, on: date) -> int:
    """The number of a period among those of its kind: the one before has the number before."""
    match window:
        case Window.DAY:
            return on.toordinal()
        case Window.WEEK:
            return (on.toordinal() - 1) // 7
        case Window.MONTH:
            return on.year * _MONTHS + on.month
        case Window.QUARTER:
            return on.year * _QUARTERS + (on.month - 1) // 3
        case _:
            return on.year
