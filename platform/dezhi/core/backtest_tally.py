"""Adding up a replay: from each past deed under the draft to the tables of the result."""

from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from datetime import date
from typing import Final, NamedTuple

import msgspec

from dezhi.core.backtest import Given, Outcome, Played, plain_title
from dezhi.core.backtest_answers import GuessKind, usual
from dezhi.core.backtest_grid import in_fives, signs_in_fives
from dezhi.core.backtest_result import Backtest, Bin, CapRow, Cost, Good, Group, ItemRow, Left, Total
from dezhi.core.people import Household
from dezhi.core.suppression import CELL_MIN, hidden, hidden_counts
from dezhi.plugin import Asset, Item, Question, QuestionKind

ELDER: Final = 60
"""From this age on somebody counts as old, as in the law on the rights of the elderly."""
SIZES: Final = ("1", "2", "3", "4", "5+")
AGES: Final = ("alone", "old", "mixed", "young", "unknown")
TITLES_MAX: Final = 3
"""Earlier titles of one item that are told."""
STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
_ASSETS: Final = {asset: place for place, asset in enumerate(Asset)}


class Home(NamedTuple):
    """Of what kind a household is: so many people, of what ages, where."""

    size: str
    age: str
    place: str


def kind_of(home: Household, place: str) -> Home:
    """Say of what kind a household was on the day it was looked up for."""
    ages = [None if one.birth_date is None else _age(one.birth_date, home.on) for one in home.members]
    return Home(SIZES[min(max(len(ages), 1), len(SIZES)) - 1], _ages(ages), place)


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _ages(ages: Sequence[int | None]) -> str:
    known = [age for age in ages if age is not None]
    old = [age >= ELDER for age in known]
    if any(old) and not all(old):
        return "mixed"
    if not known or len(known) < len(ages):
        return "unknown"
    if not any(old):
        return "young"
    return "alone" if len(ages) == 1 else "old"


class _Row:
    """What adds up in one row of a table. Of its households the first few are kept: so many that it may be shown."""

    __slots__ = ("after", "before", "households", "times_after", "times_before")

    def __init__(self) -> None:
        self.times_before = self.times_after = self.before = self.after = 0
        self.households: set[int] = set()

    def of(self, household: int) -> None:
        if len(self.households) < CELL_MIN:
            self.households.add(household)


class Tally:
    """Adds up what a replay gives. One for all villages of a run."""

    def __init__(self) -> None:
        self.withdrawn = 0
        self._deeds = 0
        self._outcomes = dict.fromkeys(Outcome, 0)
        self._guessed = 0
        self._changes: dict[int, list[int]] = {}  # by household: before and after of each asset
        self._items: dict[str, _Row] = {}
        self._caps: dict[tuple[str, str, str, int], _Row] = {}
        self._stopped: dict[tuple[str, str, str, int], set[int]] = {}
        self._left: dict[tuple[str, str], _Row] = {}
        self._guesses: dict[tuple[str, str], _Row] = {}
        self._titles: dict[str, str] = {}
        self._were: dict[str, dict[str, None]] = {}  # by item: titles of deeds that its code or a person brought there
        self._paired: set[str] = set()
        self._asked: dict[tuple[str, str], Question] = {}  # what was guessed, by item and name
        self._assets: dict[str, Asset] = {}

    def add(self, played: Played, item: Item | None) -> None:
        """Count one deed; `item` is the draft's that stands for it."""
        record = played.record
        self._deeds += 1
        self._outcomes[played.outcome] += 1
        self._move(record.gave, 0)
        self._move(played.gives, 1)
        self._titles[record.item] = item.title if item else record.title
        if item and plain_title(item.title) != plain_title(record.title):
            self._were.setdefault(record.item, {})[record.title] = None
        if played.paired:
            self._paired.add(record.item)
        main = self._assets.setdefault(record.item, item.asset if item else record.asset)
        row = self._items.setdefault(record.item, _Row())
        row.of(record.household)
        row.times_before += 1
        row.times_after += played.outcome is Outcome.GIVEN
        row.before += sum(amount for _, given, amount in record.gave if given is main)
        row.after += sum(amount for _, given, amount in played.gives if given is main)
        if played.cap is not None:
            cap = played.cap
            key = (record.item, cap.window.value, cap.metric, cap.limit)
            stopped = self._caps.setdefault(key, _Row())
            stopped.of(record.household)
            stopped.times_after += 1
            self._stopped.setdefault(key, set()).add(record.household)
        elif played.outcome is not Outcome.GIVEN:
            why = played.problem.code if played.problem is not None else played.outcome.value
            self._count(self._left, why, record.item, record.household)
        self._guessed += bool(played.guesses)
        questions = {one.name: one for one in item.questions} if item else {}
        for guess in played.guesses:
            if guess.name in questions:
                self._asked[record.item, guess.name] = questions[guess.name]
            self._count(self._guesses, f"{guess.kind}:{guess.name}", record.item, record.household)

    @property
    def households(self) -> AbstractSet[int]:
        """Who had something, really or under the draft."""
        return self._changes.keys()

    def total(self, asset: Asset) -> Total:
        """Everything of one asset so far."""
        at = 2 * _ASSETS[asset]
        return Total(
            asset=asset,
            before=sum(one[at] for one in self._changes.values()),
            after=sum(one[at + 1] for one in self._changes.values()),
        )

    def result(
        self,
        homes: Mapping[int, Home],
        *,
        draft: str,
        villages: Sequence[str],
        since: date,
        until: date,
        asked: tuple[date, date] | None = None,
        seed: int | None,
        cost: Cost | None,
        goods: Sequence[Good],
    ) -> Backtest:
        """Make the tables. `homes` are the households to tell of, those with nothing among them."""
        totals = tuple(total for total in map(self.total, Asset) if total.before or total.after)
        main = totals[0].asset if totals else Asset.MORAL
        at = 2 * _ASSETS[main]
        nothing = [0] * (2 * len(_ASSETS))
        moved = {key: (have[at], have[at + 1]) for key in homes for have in (self._changes.get(key, nothing),)}
        everybody = _groups({"": list(moved)}, moved)[0]
        return Backtest(
            draft=draft,
            villages=tuple(villages),
            since=since,
            until=until,
            asked=asked,
            seed=seed,
            main=main,
            deeds=self._deeds,
            withdrawn=in_fives(self.withdrawn),
            uncovered=self._outcomes[Outcome.UNCOVERED],
            guessed=in_fives(self._guessed),
            capped=in_fives(self._outcomes[Outcome.CAPPED]),
            totals=totals,
            everybody=everybody,
            spread=_spread([after - before for before, after in moved.values()], everybody),
            by_size=_groups(_split(homes, 0, SIZES), moved, everybody),
            by_age=_groups(_split(homes, 1, AGES), moved, everybody),
            by_place=_groups(
                _split(homes, 2, tuple(dict.fromkeys(home.place for home in homes.values()))), moved, everybody
            ),
            items=self._item_rows(),
            caps=self._cap_rows(),
            left=self._left_rows(self._left),
            guesses=tuple(self._asking(one, seed) for one in self._left_rows(self._guesses)),
            cost=cost,
            goods=tuple(goods),
        )

    def _move(self, gives: Iterable[Given], place: int) -> None:
        for household, asset, amount in gives:
            have = self._changes.get(household)
            if have is None:
                have = self._changes[household] = [0] * (2 * len(_ASSETS))
            have[2 * _ASSETS[asset] + place] += amount

    def _count(self, rows: dict[tuple[str, str], _Row], why: str, item: str, household: int) -> None:
        row = rows.setdefault((why, item), _Row())
        row.of(household)
        row.times_after += 1

    def _item_rows(self) -> tuple[ItemRow, ...]:
        """The items, those that change most first, the hidden ones last."""
        rows = sorted(
            self._items.items(),
            key=lambda pair: (-abs(pair[1].after - pair[1].before), -pair[1].times_before, pair[0]),
        )
        shut = hidden([row.households for _, row in rows], [row.times_before for _, row in rows])
        told = []
        for place, (item, row) in enumerate(rows):
            were = tuple(self._were.get(item, ()))[:TITLES_MAX]
            named = ItemRow(
                item=item,
                title=self._titles[item],
                asset=self._assets[item],
                was=were,
                paired=item in self._paired,
            )
            if place not in shut:
                named = msgspec.structs.replace(
                    named,
                    times_before=row.times_before,
                    times_after=row.times_after,
                    before=row.before,
                    after=row.after,
                )
            told.append((place in shut, named))
        return tuple(row for _, row in sorted(told, key=lambda pair: pair[0]))

    def _cap_rows(self) -> tuple[CapRow, ...]:
        rows = sorted(self._caps.items(), key=lambda pair: (-pair[1].times_after, pair[0]))
        shut = hidden([row.households for _, row in rows], [row.times_after for _, row in rows])
        return tuple(
            CapRow(
                item=key[0],
                title=self._titles[key[0]],
                window=key[1],
                metric=key[2],
                limit=key[3],
                times=None if place in shut else in_fives(row.times_after),
                households=None if place in shut else in_fives(len(self._stopped[key])),
            )
            for place, (key, row) in enumerate(rows)
        )

    def _left_rows(self, rows: Mapping[tuple[str, str], _Row]) -> tuple[Left, ...]:
        ordered = sorted(rows.items(), key=lambda pair: (-pair[1].times_after, pair[0]))
        shut = hidden([row.households for _, row in ordered], [row.times_after for _, row in ordered])
        return tuple(
            Left(
                code=why,
                item=item,
                title=self._titles[item],
                times=None if place in shut else in_fives(row.times_after),
            )
            for place, ((why, item), row) in enumerate(ordered)
        )

    def _asking(self, row: Left, seed: int | None) -> Left:
        """A guess with the question it is about, as the clerk reads it."""
        kind, _, name = row.code.partition(":")
        question = self._asked.get((row.item, name))
        if question is None:
            return row
        told = kind == GuessKind.GUESSED and seed is None and question.kind is QuestionKind.NUMBER
        taken = usual(question) if told else None
        return msgspec.structs.replace(row, question=question.title, taken=taken, unit=question.unit)


def _split(homes: Mapping[int, Home], field: int, order: Sequence[str]) -> dict[str, list[int]]:
    """Households by kind, in the kinds' own order."""
    found: dict[str, list[int]] = {code: [] for code in order}
    for key, home in homes.items():
        found[home[field]].append(key)
    return {code: keys for code, keys in found.items() if keys}


def _groups(
    split: Mapping[str, Sequence[int]], moved: Mapping[int, tuple[int, int]], everybody: Group | None = None
) -> tuple[Group, ...]:
    """A row for each kind, with its small cells hidden, and those that would tell what is hidden of everybody."""
    changes = {code: sorted(moved[key][1] - moved[key][0] for key in keys) for code, keys in split.items()}
    shut = hidden([set(keys) for keys in split.values()])
    counts = [_signs(some) for some in changes.values()]
    sums = (everybody.better, everybody.worse, everybody.same) if everybody else ()
    cells = hidden_counts(counts, shut, {place for place, known in enumerate(sums) if known is None})
    found = []
    for place, (code, keys) in enumerate(split.items()):
        if place in shut:
            found.append(Group(code=code))
            continue
        some, much = changes[code], len(keys)
        told = signs_in_fives(much, *counts[place][:2])
        if any(cells[place]):
            told = (told[0], told[1], in_fives(counts[place][2]))
        shown = [None if cells[place][column] else told[column] for column in range(3)]
        found.append(
            Group(
                code=code,
                households=much,
                better=shown[0],
                worse=shown[1],
                same=shown[2],
                before=round(sum(moved[key][0] for key in keys) / much, 1) if much else 0,
                after=round(sum(moved[key][1] for key in keys) / much, 1) if much else 0,
                mean=round(sum(some) / much, 1) if much else 0,
                low=some[(much - 1) // 4] if much else 0,
                median=some[(much - 1) // 2] if much else 0,
                high=some[(much - 1) * 3 // 4] if much else 0,
            )
        )
    return tuple(found)


def _signs(changes: Sequence[int]) -> tuple[int, int, int]:
    better, worse = sum(one > 0 for one in changes), sum(one < 0 for one in changes)
    return better, worse, len(changes) - better - worse


def _spread(changes: Sequence[int], everybody: Group) -> tuple[Bin, ...]:
    """How many households change by how much, in bins of a width that shows most of them.

    The numbers of those who gain and of those who lose are known: each side is hidden by itself, and all of it where
    that number is hidden.
    """
    sizes = sorted(abs(one) for one in changes if one)
    if not sizes:
        return ()
    most = sizes[len(sizes) * 9 // 10]
    step = next((step for step in STEPS if most <= 3 * step), STEPS[-1])
    up = [(1, step), (step + 1, 2 * step), (2 * step + 1, None)]
    down = [(None, -2 * step - 1), (-2 * step, -step - 1), (-step, -1)]
    found = []
    for bounds, whole in ((down, everybody.worse), ([(0, 0)], everybody.same), (up, everybody.better)):
        cells = [
            {
                place
                for place, one in enumerate(changes)
                if (least is None or least <= one) and (most_ is None or one <= most_)
            }
            for least, most_ in bounds
        ]
        shut = set(range(len(cells))) if whole is None else hidden(cells)
        found += [
            Bin(
                least=least,
                most=most_,
                households=None if place in shut else whole if len(cells) == 1 else in_fives(len(cells[place])),
            )
            for place, (least, most_) in enumerate(bounds)
        ]
    return tuple(found)
