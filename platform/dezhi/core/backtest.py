"""Backtest: what a draft programme would have given for the deeds of the past (catalogue rows B-01, RU-07).

Pure: past deeds go in one by one, in the order of their days, and what each would have earned comes out. The draft's
plugins are asked through `Score`, so that nothing here knows of them; limits and facts are counted in the replay's own
memory, so that nothing of the books is touched.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from dezhi.core.backtest_answers import Answered, Guess, answer
from dezhi.core.backtest_facts import FactMemory
from dezhi.core.caps import CapUse
from dezhi.core.errors import Problem
from dezhi.core.questions import check_people, shown_answers
from dezhi.core.scoring import Proposal, check_deed
from dezhi.plugin import Answer, Asset, Deed, Fact, Facts, Holder, HolderKind, Item, Participant, Past

Given = tuple[int, Asset, int]
"""To which household (its own account or a member's), of what, how much."""


class Record(NamedTuple):
    """A past deed as it was recorded, with what it gave and still stands. `seq` is that of its first entry.

    `title` is what its item was called then, `asset` what it mainly gave.
    """

    seq: int
    id: int
    item: str
    title: str
    on: date
    recorded_at: datetime
    household: int
    person: int | None
    village: int
    grid: int | None
    minutes: int | None
    points: int | None
    gave: tuple[Given, ...]
    answers: tuple[tuple[str, Answer], ...] = ()
    participants: tuple[Participant, ...] = ()
    asset: Asset = Asset.MORAL


class Judged(NamedTuple):
    """What the draft's plugins propose for a deed; `problem` where they or a check were against it, or failed."""

    proposals: tuple[Proposal, ...]
    problem: Problem | None = None


Score = Callable[[Deed, Mapping[str, Facts]], Judged]
"""Asks the draft's plugins, with facts by plugin."""


class Outcome(StrEnum):
    """What becomes of a past deed under the draft."""

    GIVEN = "given"
    NOTHING = "nothing"  # no plugin proposes anything
    CAPPED = "capped"  # a limit is reached
    REFUSED = "refused"  # a plugin has a reason against it, or failed
    UNASKED = "unasked"  # the draft needs to know what nobody said then
    UNCOVERED = "uncovered"  # the draft has no such item


class Played(NamedTuple):
    """A past deed under the draft. `item` is the draft's, None where it has none; `cap` the limit that stopped it."""

    record: Record
    item: str | None
    outcome: Outcome
    gives: tuple[Given, ...] = ()
    cap: CapUse | None = None
    problem: Problem | None = None
    guesses: tuple[Guess, ...] = ()
    paired: bool = False  # a person said that this item stands for it


class Cover:
    """Which of a draft's items stands for one of the past: the same, the same code of another plugin, the same title.

    A code or title that several plugins of the draft have decides nothing. What a person said comes first: `pairs`,
    full codes of the draft by those of the past.
    """

    def __init__(self, items: Mapping[str, Item], pairs: Mapping[str, str] = MappingProxyType({})) -> None:
        self._items = items
        self._pairs = pairs
        self._by_code = _single((code.partition("/")[2], code) for code in items)
        self._by_title = _single((plain_title(item.title), code) for code, item in items.items())

    def find(self, code: str, title: str) -> str | None:
        """Return the full code of the draft's item, or None."""
        if self.is_paired(code):
            return self._pairs[code]
        if code in self._items:
            return code
        return self._by_code.get(code.partition("/")[2]) or self._by_title.get(plain_title(title))

    def is_paired(self, code: str) -> bool:
        """Whether a person said which of the draft's items stands for one of the past."""
        return self._pairs.get(code) in self._items


class Replay:
    """Plays past deeds under a draft, in the order of (day, seq); the same deeds and seed give the same every time."""

    def __init__(
        self,
        items: Mapping[str, Item],
        score: Score,
        *,
        facts: Mapping[str, Sequence[Fact]] | None = None,
        past: Mapping[str, Sequence[Past]] | None = None,
        pairs: Mapping[str, str] = MappingProxyType({}),
        seed: int | None = None,
    ) -> None:
        self._items = items
        self._score = score
        self._seed = seed
        self._cover = Cover(items, pairs)
        self._memory = FactMemory(facts or {}, past or {})
        self._used: dict[tuple[str, int, str], int] = {}

    def play(self, record: Record) -> Played:
        """Say what the draft would have given for one deed, and remember it for those that follow."""
        code = self._cover.find(record.item, record.title)
        if code is None:
            return Played(record, None, Outcome.UNCOVERED)
        return self._play(record, code)._replace(paired=self._cover.is_paired(record.item))

    def _play(self, record: Record, code: str) -> Played:
        answered = answer(
            self._items[code], record.id, record.minutes, record.points, dict(record.answers), seed=self._seed
        )
        deed = _deed(record, code, self._items[code], answered)
        try:
            check_deed(self._items, deed)
            check_people(self._items[code], deed.doer, deed.participants)
        except Problem as problem:
            return Played(record, code, Outcome.UNASKED, problem=problem, guesses=answered.guesses)
        judged = self._score(deed, self._memory.look(deed))
        if judged.problem is not None:
            return Played(record, code, Outcome.REFUSED, problem=judged.problem, guesses=answered.guesses)
        if not judged.proposals:
            return Played(record, code, Outcome.NOTHING, guesses=answered.guesses)
        reached = self._use(judged.proposals, deed)
        if reached is not None:
            return Played(record, code, Outcome.CAPPED, cap=reached, guesses=answered.guesses)
        self._memory.keep(deed, judged.proposals)
        gives = tuple(
            ((proposal.to or deed.doer).household, asset, amount)
            for proposal in judged.proposals
            for asset, amount in proposal.lines
        )
        return Played(record, code, Outcome.GIVEN, gives=gives, guesses=answered.guesses)

    def _use(self, proposals: Sequence[Proposal], deed: Deed) -> CapUse | None:
        """Count what the awards of a deed use of their limits; all of them or, where one is reached, none."""
        added: dict[tuple[str, int, str], int] = {}
        for proposal in proposals:
            for use in proposal.caps:
                subject = _holder(proposal, deed) if use.subject is None else use.subject
                key = (use.counter, subject, use.period_key)
                total = added.get(key, self._used.get(key, 0)) + use.add
                if total > use.limit:
                    return use
                added[key] = total
        self._used.update(added)
        return None


def _holder(proposal: Proposal, deed: Deed) -> int:
    """Whose limits an award counts towards; ids of persons and households are never the same."""
    who = proposal.to or deed.doer
    return who.household if proposal.holder_kind is HolderKind.HOUSEHOLD else who.person or 0


def _deed(record: Record, code: str, item: Item, answered: Answered) -> Deed:
    doer = Holder(household=record.household, village=record.village, grid=record.grid, person=record.person)
    return Deed(
        id=record.id,
        item=code,
        date=record.on,
        doer=doer,
        recorded_at=record.recorded_at,
        minutes=answered.minutes,
        points=answered.points,
        answers=shown_answers(item, dict(answered.answers)),
        participants=record.participants,
    )


def _single(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Keep the keys that stand for one thing only."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for key, code in pairs:
        if key in found:
            twice.add(key)
        found[key] = code
    return {key: code for key, code in found.items() if key not in twice}


def plain_title(title: str) -> str:
    """A title without what two people write differently: spaces, full-width letters, capitals."""
    return "".join(unicodedata.normalize("NFKC", title).split()).casefold()
