"""Backtests: past deeds of villages played again under a draft (B-01, RU-07). Reads the books and never writes them."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

import msgspec

from dezhi.core import calendar
from dezhi.core.backtest import Outcome, Played, Record, Replay
from dezhi.core.backtest_grid import counted_months, month_of, whole_months
from dezhi.core.backtest_pairs import Old, paired
from dezhi.core.backtest_result import Backtest, Cost, Good
from dezhi.core.backtest_tally import Home, Tally, kind_of
from dezhi.core.calendar import ZONE, Clock, day, from_micros, micros, to_date
from dezhi.core.errors import Problem
from dezhi.core.events import ASSET_OF, AssetId
from dezhi.core.periods import period_span
from dezhi.core.regions import Region
from dezhi.core.suppression import CELL_MIN
from dezhi.core.text import N_
from dezhi.host import Directory
from dezhi.plugin import Answer, Asset, Item, Participant, RewardKind, Role, Window
from dezhi.service.backtest_pairs import Olds, Pairing, pairing, with_pairs
from dezhi.service.backtest_rules import Proposed, Rules, draft_of
from dezhi.service.people import People
from dezhi.service.sheets import Sheet, Sheets
from dezhi.store import accounts, backtests as store
from dezhi.store.backtests import PastDeed
from dezhi.store.database import Database

TURN: Final = 50
"""Deeds played before others in this process get their turn: some milliseconds."""

YEARS_MAX: Final = 3
GOODS_MAX: Final = 5
"""Goods it is told of how many could be had: those that were handed over most."""
OWED_STEP: Final = 100
"""Unspent points are told in hundreds: to the point, a day's bookings would show in two answers."""

Answers = dict[str, Answer]

Tell = Callable[[int, int], None]
"""Told how many deeds are done, of how many."""


def tell_nobody(done: int, of: int) -> None:
    """Show nothing."""


class Asked(NamedTuple):
    """What is to be tried: on which villages' deeds of which days, both included, which are made whole months."""

    villages: tuple[Region, ...]
    proposed: Proposed
    since: date
    until: date
    seed: int | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    """Items of the past and rows of the draft that stand for them, by codes or titles."""


class Ready(NamedTuple):
    """A village with a programme, and what is proposed for it."""

    region: Region
    sheet: Sheet
    rules: Rules
    deeds: int
    olds: Mapping[str, Old] = MappingProxyType({})
    pairs: Mapping[str, str] = MappingProxyType({})

    def item_of(self, played: Played) -> Item | None:
        """The draft's item that stands for a deed's."""
        return None if played.item is None else self.rules.items[played.item]


class Backtests:
    """Runs backtests."""

    def __init__(self, database: Database, directory: Directory, sheets: Sheets, people: People, clock: Clock) -> None:
        self._database = database
        self._directory = directory
        self._sheets = sheets
        self._people = people
        self._clock = clock

    async def run(self, asked: Asked, tell: Tell = tell_nobody) -> Backtest:
        """Play the deeds again and add up. Memory grows with households and items, not with deeds.

        Of the days the whole months that are over are taken, and of each item the deeds of months in which, put
        together, five households did it: so no two answers differ by what fewer did (ADR 0090). Villages without a
        programme at the end of the days are left out. Raises `Problem` `span`, `span-month`, `span-long`,
        `no-programme`, `no-deeds`, `few-homes`, those of `paired`, or why the draft cannot be used.
        """
        ready = await self.ready(asked)
        wished, asked = asked, self._whole(asked)
        tally, homes, done = Tally(), dict[int, Home](), 0
        cost = _Costs()
        total = sum(one.deeds for one in ready)
        for village in ready:
            last: dict[int, date] = {}
            points = [0, 0]
            counted = await self._counted(village, asked)
            async for deed, played in self.replay(village, asked.since, asked.until, asked.seed):
                if not done % TURN:
                    tell(done, total)
                done += 1
                if played is None:
                    tally.withdrawn += 1
                    continue
                if (deed.item, month_of(deed.event_day)) not in counted:
                    continue
                tally.add(played, village.item_of(played))
                last[deed.household] = to_date(deed.event_day)
                _count(points, played)
            homes |= await self._homes(village, asked, last, homes, alone=len(ready) == 1)
            await self._add_cost(cost, village, points)
        tell(total, total)
        if len(tally.households) < CELL_MIN:
            raise _few()
        goods = await self._goods(ready[0], asked, tally) if len(ready) == 1 else ()
        found = tally.result(
            homes,
            draft=ready[0].rules.draft.title,
            villages=[one.region.name for one in ready],
            since=asked.since,
            until=asked.until,
            asked=None if wished[2:4] == asked[2:4] else (wished.since, wished.until),
            seed=asked.seed,
            cost=cost.told(),
            goods=goods,
        )
        return with_pairs(found, ready[0].olds, _rows(ready), ready[0].pairs)

    async def pairing(self, asked: Asked) -> Pairing:
        """Which items the first village recorded have no row in the draft. Raises as `run` does."""
        asked = self._whole(asked)
        village, days = asked.villages[0], (asked.since, asked.until)
        one = await self.seat(village, asked.proposed, *days)
        return await pairing(self._database, self._sheets, one.rules.items, (one.sheet.book, village.id), days)

    def _whole(self, asked: Asked) -> Asked:
        since, until = whole_months(asked.since, asked.until, calendar.today(self._clock()))
        return asked._replace(since=since, until=until)

    async def _counted(self, village: Ready, asked: Asked) -> set[tuple[str, int]]:
        """The items and months that are told of. Deeds of others are played too: limits and facts know of them."""
        found = await store.did(self._database, village.sheet.book, village.region.id, day(asked.until))
        return counted_months(found, asked.since, asked.until)

    async def replay(
        self, village: Ready, since: date, until: date, seed: int | None = None
    ) -> AsyncIterator[tuple[PastDeed, Played | None]]:
        """Play a village's deeds again, in the order of their days; None for one that does not stand any more.

        Others in this process get their turn every `TURN` deeds.
        """
        rules = village.rules
        replay = Replay(
            rules.items,
            rules.score,
            facts=rules.roster.facts_for("score", "check"),
            past=rules.roster.past_for("score", "check"),
            pairs=village.pairs,
            seed=seed,
        )
        sheets: dict[int, Sheet] = {}
        for first, last in _months(since, until):
            found = await store.deeds(self._database, village.sheet.book, village.region.id, day(first), day(last))
            for number, deed in enumerate(found):
                if not number % TURN:
                    await asyncio.sleep(0)
                sheet = sheets.get(deed.version)
                if sheet is None:
                    sheet = sheets[deed.version] = await self._sheets.version(deed.version) or village.sheet
                yield deed, replay.play(_record(deed, village.region.id, sheet)) if deed.stands else None

    async def ready(self, asked: Asked) -> list[Ready]:
        """Seat the draft's plugins for each village, and count the deeds. Raises as `run` does."""
        asked = self._whole(asked)
        if asked.until.year - asked.since.year > YEARS_MAX:
            text = N_("一次最多试算%(years)s年，请分几次。")
            raise Problem("span-long", text, field="since", years=YEARS_MAX)
        found = [
            await self.seat(village, asked.proposed, asked.since, asked.until)
            for village in asked.villages
            if await self._sheets.find(village.id, asked.until) is not None
        ]
        if not found:
            raise _nothing_then()
        if not any(one.deeds for one in found):
            raise Problem("no-deeds", N_("这段时间还没有记过加分，没有可以算的。请换一段时间。"), status=409)
        olds = Olds(self._database, self._sheets)
        for one in found:
            # All that was ever recorded: which days are tried changes neither names nor suggestions.
            await olds.read(one.sheet.book, one.region.id, date.min, date.max)
        pairs = paired(asked.pairs, olds.found.values(), _rows(found))
        return [one._replace(olds=olds.found, pairs=pairs) for one in found]

    async def seat(self, village: Region, proposed: Proposed, since: date, until: date) -> Ready:
        """Seat the draft's plugins for one village, also where nothing was recorded in those days.

        Raises `Problem` `no-programme`, or why the draft cannot be used.
        """
        sheet = await self._sheets.find(village.id, until)
        if sheet is None:
            raise _nothing_then()
        rules = Rules(self._directory, draft_of(self._directory, proposed, sheet.programme), sheet.programme)
        many = await store.count(self._database, sheet.book, village.id, day(since), day(until))
        return Ready(village, sheet, rules, many)

    async def _homes(
        self, village: Ready, asked: Asked, last: Mapping[int, date], known: Mapping[int, Home], *, alone: bool
    ) -> dict[int, Home]:
        """The households to tell of: who lives there at the end, and whose deeds were counted and who left."""
        on = min(asked.until, calendar.today(self._clock()))
        here = {home.id: home for home in await self._people.list_below(village.region.id, on)}
        gone = {(key, when) for key, when in last.items() if key not in here and key not in known}
        left = await self._people.households_on(gone)
        return {
            home.id: kind_of(home, (home.grid_name or "") if alone else village.region.name)
            for home in (*here.values(), *left.values())
        }

    async def _add_cost(self, costs: "_Costs", village: Ready, points: Sequence[int]) -> None:
        before, after = village.sheet.programme.document.keeping.fen, village.rules.draft.document.keeping.fen
        owed = await accounts.unspent(self._database, village.sheet.book, village.sheet.lineage)
        owed = (owed + OWED_STEP // 2) // OWED_STEP * OWED_STEP
        costs.add(before, after, points, owed)

    async def _goods(self, village: Ready, asked: Asked, tally: Tally) -> list[Good]:
        """How many of the goods asked for most all the moral points would buy, before and after."""
        total = tally.total(Asset.MORAL)
        since, until = (datetime.combine(on, time(), ZONE) for on in (asked.since, asked.until + timedelta(days=1)))
        times = await store.handed_over(
            self._database, village.sheet.book, village.region.id, micros(since), micros(until)
        )
        goods = [
            (code, reward)
            for code, reward in village.rules.rewards.items()
            if reward.kind is RewardKind.GOOD and reward.price
        ]
        goods.sort(key=lambda pair: (-times.get(pair[0], 0), pair[1].price, pair[0]))
        found = []
        for code, reward in goods[:GOODS_MAX]:
            old = village.sheet.rewards.get(code)
            price = old.price if old else None
            found.append(
                Good(
                    title=reward.title,
                    price_before=price,
                    price_after=reward.price,
                    pieces_before=total.before // price if price else None,
                    pieces_after=total.after // reward.price,
                )
            )
        return found


def _rows(ready: Sequence[Ready]) -> dict[str, Item]:
    """The draft's items; a change may make other ones of each village's programme."""
    return {code: item for one in ready for code, item in one.rules.items.items()}


def _nothing_then() -> Problem:
    return Problem("no-programme", N_("那时候还没有积分方案，没有可以比的。"), status=409)


def _few() -> Problem:
    """Of a day on which one household did something, the totals alone would tell what."""
    text = N_("这段时间里只有不到%(least)s户有加分，算出来就看得出是谁家的，没有算。请把时间放长。")
    return Problem("few-homes", text, status=409, least=CELL_MIN)


class _Costs:
    """The points of villages at their rates."""

    def __init__(self) -> None:
        self._rates: set[int] = set()
        self._before = self._after = self._owed = self._owed_after = 0

    def add(self, fen_before: int, fen_after: int, points: Sequence[int], owed: int) -> None:
        """Add a village; where only one of both programmes names a rate, it goes for both."""
        was, rate = fen_before or fen_after, fen_after or fen_before
        self._rates.add(rate)
        self._before += points[0] * was
        self._after += points[1] * rate
        self._owed += owed * was
        self._owed_after += max(0, owed + points[1] - points[0]) * rate

    def told(self) -> Cost | None:
        if not any(self._rates):
            return None
        return Cost(
            fen=next(iter(self._rates)) if len(self._rates) == 1 else 0,
            before=self._before,
            after=self._after,
            owed=self._owed,
            owed_after=self._owed_after,
        )


def _count(points: list[int], played: Played) -> None:
    points[0] += sum(amount for _, asset, amount in played.record.gave if asset is Asset.MORAL)
    if played.outcome is Outcome.GIVEN:
        points[1] += sum(amount for _, asset, amount in played.gives if asset is Asset.MORAL)


def _record(deed: PastDeed, village: int, sheet: Sheet) -> Record:
    """A deed as the replay takes it, under the id its plugins knew it by."""
    digest = hashlib.sha256(f"{deed.source} {deed.key}".encode()).digest()
    item = sheet.items.get(deed.item)
    return Record(
        seq=deed.seq,
        id=int.from_bytes(digest[:8], "big") >> 1,
        item=deed.item,
        title=sheet.title(deed.item),
        on=to_date(deed.event_day),
        recorded_at=from_micros(deed.recorded_at),
        household=deed.household,
        person=deed.person,
        village=village,
        grid=deed.grid,
        minutes=deed.minutes,
        points=deed.points,
        gave=tuple((household, ASSET_OF[AssetId(asset)], amount) for household, asset, amount in deed.gave),
        answers=() if deed.answers is None else tuple(msgspec.json.decode(deed.answers, type=Answers).items()),
        participants=tuple(
            Participant(role=Role(one.role), household=one.household, person=one.person, grid=one.grid)
            for one in deed.people
        ),
        asset=item.asset if item else Asset.MORAL,
    )


def _months(since: date, until: date) -> list[tuple[date, date]]:
    """The days in pieces of a month: so much is in memory at once."""
    found = []
    while since <= until:
        last = min(period_span(Window.MONTH, since)[1], until)
        found.append((since, last))
        since = last + timedelta(days=1)
    return found
