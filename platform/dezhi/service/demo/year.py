"""Books the days of the demo through the services that book real ones, as of each day's own hours.

A day sent twice books nothing twice: every request carries a key made of the day and its place in it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Final, NamedTuple

from dezhi.core import calendar
from dezhi.core.calendar import ZONE
from dezhi.core.errors import Problem
from dezhi.core.people import Household
from dezhi.core.regions import Region
from dezhi.plugin import Reward
from dezhi.service.actors import Actor
from dezhi.service.awards import Asked, Awards, Recorded
from dezhi.service.demo import seasons
from dezhi.service.demo.families import DOOR
from dezhi.service.demo.seasons import Act, Neighbour
from dezhi.service.demo.villages import HOME, VillagePlan
from dezhi.service.house import House
from dezhi.service.journal import EntryRef, Journal
from dezhi.service.passbooks import Passbooks
from dezhi.service.redemptions import Redemptions
from dezhi.service.sheets import Sheet
from dezhi.store.poster import Poster

OPENS, CLOSES = time(8, 20), time(17, 40)
REASONS: Final = (
    "记错户了,应该记到隔壁那一户。",
    "同一件事记了两遍,冲掉一遍。",
    "时间记多了,核对以后重新记。",
    "选错了条目,冲掉后按实际的记。",
)
_REVERSED: Final = 0.03
"""Villages' days with a slip of the pen."""

_ORDER_DAYS: Final = 4
"""An order is fetched or cancelled after so many days at the latest."""


class Order(NamedTuple):
    """A resident's order of the plan, and what becomes of it after how many days."""

    home: Household
    wish: float  # where between the cheapest and the dearest that can be had
    days: int
    cancelled: bool


class DayClock:
    """The hours of a day of the past; of today only those that are over."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._at = now

    def turn(self, day: date, part: float) -> None:
        """Move to a part (0 to 1) of a day's opening hours."""
        opens = datetime.combine(day, OPENS, ZONE)
        closes = datetime.combine(day, CLOSES, ZONE)
        if closes > self._now:
            midnight = datetime.combine(day, time(), ZONE)
            closes = self._now
            opens = min(opens, midnight + (closes - midnight) / 2)
        self._at = opens + (closes - opens) * part

    def __call__(self) -> datetime:
        return self._at


class Place(NamedTuple):
    """A village at work: its plan, its region, its clerk, and its book."""

    plan: VillagePlan
    region: Region
    clerk: Actor
    book: int


class Year:
    """Books days, one after another, each once."""

    def __init__(self, house: House, seed: int, places: Sequence[Place]) -> None:
        self._house = house
        self._seed = seed
        self._places = places
        self._clock = clock = DayClock(house.clock())
        poster = Poster(house.database.engine, clock)
        self._awards = Awards(house.database, poster, house.sheets, house.people, clock)
        self._redemptions = Redemptions(house.database, poster, house.sheets, house.people, clock)
        self._journal = Journal(house.database, poster, house.sheets, clock)
        self._passbooks = Passbooks(house.database, house.sheets, house.people, clock)
        self._cards: dict[int, int] = {}
        self._people: dict[tuple[int, int, int], list[Neighbour]] = {}

    async def book(self, day: date) -> None:
        """Book one day in all villages, hour by hour."""
        planned = [(place, await self._neighbours(place, day)) for place in self._places]
        working = [
            (place, people, seasons.acts(self._seed, place.plan, day, people), sheet)
            for place, people in planned
            if (sheet := await self._house.sheets.find(place.region.id, day)) is not None
        ]
        alone: dict[int, list[Recorded]] = {}
        for number, (place, _, acts, _) in enumerate(working):
            self._clock.turn(day, 0.02 + number * 0.05)
            await self._together(place, day, acts)
        for number, (place, _, acts, _) in enumerate(working):
            single = [act for act in acts if not act.together]
            half = (len(single) + 1) // 2
            self._clock.turn(day, 0.3 + number * 0.04)
            alone[number] = await self._record(place, day, single[:half], "")
            self._clock.turn(day, 0.5 + number * 0.04)
            alone[number] += await self._record(place, day, single[half:], "", first=half)
        for number, (place, people, _, sheet) in enumerate(working):
            self._clock.turn(day, 0.72 + number * 0.05)
            if place.plan.saves:
                await self._fetch(place, day)
                await self._spend(place, day, people, sheet)
            self._clock.turn(day, 0.95 + number * 0.01)
            await self._correct(place, day, alone[number])

    # ── deeds ──

    async def _together(self, place: Place, day: date, acts: Sequence[Act]) -> None:
        for name in dict.fromkeys(act.together for act in acts if act.together):
            coming = [act for act in acts if act.together == name]
            await self._record(place, day, coming, f"demo-{name}-{day:%Y%m%d}")

    async def _record(
        self, place: Place, day: date, acts: Sequence[Act], batch: str, *, first: int = 0
    ) -> list[Recorded]:
        """Record deeds; what a limit of the sheet refuses is refused here as in life."""
        if not acts:
            return []
        asked = [
            Asked(
                household=act.home.id,
                item=act.item,
                on=day,
                person=act.person,
                minutes=act.minutes,
                points=act.points,
            )
            for act in acts
        ]
        keys = [f"demo:{day}:{batch or 'one'}:{number}" for number in range(first, first + len(acts))]
        return await self._awards.record_many(asked, place.clerk, keys, batch=batch)

    async def _correct(self, place: Place, day: date, done: Sequence[Recorded]) -> None:
        """Now and then a slip of the pen, corrected the same day."""
        rng = self._rng(place, day, "slip")
        booked = [one for one in done if one.seqs]
        if rng.random() >= _REVERSED or not booked:
            return
        wrong, reason = rng.choice(booked), rng.choice(REASONS)
        ref = EntryRef(place.book, day.year * 100 + day.month, wrong.seqs[0])
        try:
            await self._journal.reverse(ref, reason, place.clerk, f"demo:{day}:slip")
        except Problem as problem:
            _only(problem, "reversed", "conflict")

    # ── spending ──

    async def _spend(self, place: Place, day: date, people: Sequence[Neighbour], sheet: Sheet) -> None:
        """Hand over at the desk, and take orders of residents."""
        homes = {one.home.id: one.home for one in people}
        left = dict(await self._passbooks.spendables(sheet, list(homes)))
        rewards = sheet.spendable()
        rng = self._rng(place, day, "desk")
        numbers = count()
        for _ in range(_visits(place.plan, day, rng)):
            # Ids are drawn anew in each installation; the order of the numbers is not.
            able = [one for one in people if left.get(one.home.id, 0) >= rewards[0][1].price]
            if not able:
                return
            home = rng.choices(able, weights=[left[one.home.id] ** 1.4 for one in able])[0].home
            code, reward = _wished(rewards, left[home.id], rng.random() ** 1.4)
            try:
                await self._redemptions.hand_over_at_desk(
                    home.id, code, place.clerk, f"demo:{day}:desk:{next(numbers)}"
                )
            except Problem as problem:
                _only(problem, "conflict", "short")
            left[home.id] -= reward.price
        for order in self._orders(place, day, people):
            await self._order(day, order, rewards, left)

    def _orders(self, place: Place, day: date, people: Sequence[Neighbour]) -> list[Order]:
        """What residents order on a day from their own passbooks."""
        rng = self._rng(place, day, "orders")
        eager = [one for one in people if one.zeal > 1]
        many = 0.25 * place.plan.pace * len(people) / seasons.FULL_SIZE
        found = [
            Order(
                home=rng.choices(eager, weights=[one.zeal for one in eager])[0].home,
                wish=rng.random(),
                days=rng.randint(1, _ORDER_DAYS),
                cancelled=rng.random() < 0.09,
            )
            for _ in range(int(many) + (rng.random() < many % 1))
            if eager
        ]
        own = next((one.home for one in people if place.plan.code == HOME and one.home.number == DOOR), None)
        if own is not None and day.toordinal() % 3 == 0:
            # The passbook the demo opens has an order waiting on most days.
            found = [Order(home=own, wish=0.5, days=3, cancelled=False), *(one for one in found if one.home != own)]
        return found

    async def _order(
        self, day: date, order: Order, rewards: Sequence[tuple[str, Reward]], left: Mapping[int, int]
    ) -> None:
        had = left.get(order.home.id, 0)
        if had < rewards[0][1].price:
            return
        code, _ = _wished(rewards, had, order.wish)
        source = f"card:{await self._card(order.home.id)}"
        try:
            await self._redemptions.place(order.home.id, code, source=source, key=f"demo:{day}:order")
        except Problem as problem:
            _only(problem, "conflict", "short", "too-many-open")

    async def _fetch(self, place: Place, day: date) -> None:
        """Hand over or cancel what residents ordered on the days before. Orders of the demo's visitors stay."""
        waiting = await self._redemptions.waiting(place.book, [place.region.id])
        for days in range(1, _ORDER_DAYS + 1):
            before = day - timedelta(days=days)
            due = [
                one for one in self._orders(place, before, await self._neighbours(place, before)) if one.days == days
            ]
            for one in due:
                for order in waiting:
                    placed = calendar.from_micros(order.placed_at).date()
                    if (order.household, placed, order.at_desk) != (one.home.id, before, False):
                        continue
                    await self._settle(place, day, order.order, one)

    async def _settle(self, place: Place, day: date, order: str, plan: Order) -> None:
        key = f"demo:{day}:settle:{order}"
        try:
            if plan.cancelled:
                source = f"card:{await self._card(plan.home.id)}"
                await self._redemptions.cancel(place.book, order, source=source, actor=None, key=key)
            else:
                await self._redemptions.hand_over(place.book, order, place.clerk, key)
        except Problem as problem:
            _only(problem, "resolved", "conflict", "self_award")

    # ── who ──

    async def _card(self, household: int) -> int:
        """The household's card, under which its requests are kept."""
        if household not in self._cards:
            card = await self._house.cards.card_of(household)
            self._cards[household] = card.id if card else household
        return self._cards[household]

    async def _neighbours(self, place: Place, day: date) -> list[Neighbour]:
        """Those who lived in the village the whole month of a day, as far as it has gone."""
        key = (place.region.id, day.year, day.month)
        if key not in self._people:
            first = day.replace(day=1)
            last = min((first + timedelta(days=31)).replace(day=1) - timedelta(days=1), self._house.people.today())
            homes = await self._house.people.list_below(place.region.id, first)
            later = {home.id: home for home in await self._house.people.list_below(place.region.id, last)}
            staying = [home for home in homes if home.id in later and later[home.id].members == home.members]
            self._people[key] = seasons.neighbours(self._seed, place.plan, staying, first)
        return self._people[key]

    def _rng(self, place: Place, day: date, what: str) -> Random:
        return Random(f"{self._seed}:{place.plan.code}:{day}:{what}")


def _visits(plan: VillagePlan, day: date, rng: Random) -> int:
    """How many come to the desk for something on a day; on the 1st somebody does."""
    if plan.code == HOME:
        return (day.day == 1 or rng.random() < 0.45) + (rng.random() < 0.05)
    return int(day.day == 1 or rng.random() < 0.2)


def _wished(rewards: Sequence[tuple[str, Reward]], points: int, wish: float) -> tuple[str, Reward]:
    """The reward at a place (0 to 1) among those that can be had for so many points; there is one."""
    able = [pair for pair in rewards if pair[1].price <= points]
    return able[int(len(able) * wish * 0.999)]


def _only(problem: Problem, *expected: str) -> None:
    """Let pass what a day sent twice, or a visitor's own doings, may lead to; raise everything else."""
    if problem.code not in expected:
        raise problem
