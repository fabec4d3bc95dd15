"""Books the days of the demo through the services that book real ones, as of each day's own hours.

A day sent twice books nothing twice: every request carries a key made of the day and its place in it.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final, NamedTuple

from dezhi.core import calendar
from dezhi.core.calendar import ZONE
from dezhi.core.errors import Problem
from dezhi.core.people import Household
from dezhi.core.regions import Region
from dezhi.plugin import Reward
from dezhi.service.actors import Actor
from dezhi.service.awards import Awards
from dezhi.service.deeds import Asked, Recorded
from dezhi.service.demo import seasons
from dezhi.service.demo.families import DOOR
from dezhi.service.demo.seasons import Act, Neighbour
from dezhi.service.demo.villages import HOME, VillagePlan
from dezhi.service.house import House
from dezhi.service.journal import EntryRef, Journal
from dezhi.service.passbooks import Passbooks
from dezhi.service.redemptions import Redemptions
from dezhi.service.sheets import Sheet
from dezhi.store.cards import Card
from dezhi.store.poster import Poster

OPENS, CLOSES = time(8, 20), time(17, 40)
REASONS: Final = (
    "记错户了，应该记到隔壁那一户。",
    "同一件事记了两遍，冲掉一遍。",
    "时间记多了，核对以后重新记。",
    "选错了条目，冲掉后按实际的记。",
)
_WHY: Final = "比平常多出了一份力"
_REVERSED: Final = 0.03
"""Villages' days with a slip of the pen."""

ORDERS: Final = 0.5
"""Orders a day in a village of full size."""

DOOR_DAYS: Final = 24
"""Days between two orders of the household whose passbook the demo opens: one is waiting nearly always."""

DOOR_VISIT: Final = 100
"""The number of its visits to the desk, apart from the others'."""

SAVED_UP: Final = 115
"""Points with which it goes and chooses something."""


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
        closes = min(closes, self._now)
        if closes <= opens:
            # So early today that nobody is at work yet: what there is was noted in the small hours.
            midnight = datetime.combine(day, time(), ZONE)
            opens = midnight + (closes - midnight) / 2
        self._at = opens + (closes - opens) * part

    def __call__(self) -> datetime:
        return self._at


class Place(NamedTuple):
    """A village at work: its plan, its region, its clerk, and its book."""

    plan: VillagePlan
    region: Region
    clerk: Actor
    book: int


class Working(NamedTuple):
    """A village on one day. `done` grows while the day goes on."""

    place: Place
    people: Sequence[Neighbour]
    acts: Sequence[Act]
    sheet: Sheet
    done: list[Recorded]


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
        self._cards: dict[int, Card | None] = {}
        self._people: dict[tuple[int, int, int], list[Neighbour]] = {}

    async def book(self, day: date) -> None:
        """Book one day, hour by hour. The villages work side by side, so that they share commits."""
        working = [one for place in self._places if (one := await self._plan(place, day)) is not None]
        self._clock.turn(day, 0.1)
        await asyncio.gather(*(self._together(one, day) for one in working))
        for first, part in ((0, 0.25), (1, 0.6)):
            self._clock.turn(day, part)
            await asyncio.gather(*(self._singles(one, day, first) for one in working))
        self._clock.turn(day, 0.8)
        await asyncio.gather(*(self._spend(one, day) for one in working if one.place.plan.saves))
        self._clock.turn(day, 1)
        await asyncio.gather(*(self._correct(one, day) for one in working))

    async def _plan(self, place: Place, day: date) -> Working | None:
        sheet = await self._house.sheets.find(place.region.id, day)
        if sheet is None:
            return None
        people = await self._neighbours(place, day)
        return Working(place, people, seasons.acts(self._seed, place.plan, day, people), sheet, [])

    # ── deeds ──

    async def _together(self, here: Working, day: date) -> None:
        """Record the common days: one item for many households at once."""
        for name in dict.fromkeys(act.together for act in here.acts if act.together):
            coming = [act for act in here.acts if act.together == name]
            keys = [f"demo:{day}:{name}:{number}" for number in range(len(coming))]
            await self._record(here, day, coming, keys, f"demo-{here.place.plan.clerk}-{name}-{day:%Y%m%d}")

    async def _singles(self, here: Working, day: date, first: int) -> None:
        """Record what people did of their own; every other deed in the morning, the others in the afternoon."""
        acts = [(number, act) for number, act in enumerate(act for act in here.acts if not act.together)][first::2]
        keys = [f"demo:{day}:one:{number}" for number, _ in acts]
        here.done.extend(await self._record(here, day, [act for _, act in acts], keys, ""))

    async def _record(
        self, here: Working, day: date, acts: Sequence[Act], keys: Sequence[str], batch: str
    ) -> list[Recorded]:
        """Record deeds; what a limit of the sheet refuses is refused here as in life."""
        asked = [
            Asked(
                household=act.home.id,
                item=act.item,
                on=day,
                person=act.person,
                minutes=act.minutes,
                points=act.points,
                note=_WHY if act.points is not None else "",
            )
            for act in acts
        ]
        return await self._awards.record_many(asked, here.place.clerk, keys, batch=batch) if asked else []

    async def _correct(self, here: Working, day: date) -> None:
        """Now and then a slip of the pen, corrected the same day."""
        place, rng = here.place, self._rng(here.place, day, "slip")
        booked = [one for one in here.done if one.seqs]
        if rng.random() >= _REVERSED or not booked:
            return
        wrong, reason = rng.choice(booked), rng.choice(REASONS)
        ref = EntryRef(place.book, day.year * 100 + day.month, wrong.seqs[0])
        try:
            await self._journal.reverse(ref, reason, place.clerk, f"demo:{day}:slip")
        except Problem as problem:
            _only(problem, "reversed", "conflict")

    # ── spending ──

    async def _spend(self, here: Working, day: date) -> None:
        """Hand over what was ordered on the days before, serve the desk, and take orders of residents."""
        await self._fetch(here, day)
        rewards = here.sheet.spendable()
        left = dict(await self._passbooks.spendables(here.sheet, [one.home.id for one in here.people]))
        for number, home, wish in self._visits(here, day, left, rewards[0][1].price):
            code, reward = _wished(rewards, left[home.id], wish)
            try:
                key = f"demo:{day}:desk:{number}"
                await self._redemptions.hand_over_at_desk(home.id, code, here.place.clerk, key)
            except Problem as problem:
                _only(problem, "conflict", "short")
            left[home.id] -= reward.price
        for order in self._orders(here.place, here.people, day):
            await self._order(day, order, rewards, left)

    def _visits(
        self, here: Working, day: date, left: Mapping[int, int], least: int
    ) -> Iterator[tuple[int, Household, float]]:
        """Who comes to the desk, and how much of what they have they want to spend (0 to 1)."""
        rng = self._rng(here.place, day, "desk")
        own = _door(here.place, here.people)
        for number in range(_visits(here.place.plan, day, rng)):
            able = [one for one in here.people if left.get(one.home.id, 0) >= least and one.home != own]
            if able:
                weights = [left[one.home.id] ** 1.7 for one in able]
                yield number, rng.choices(able, weights=weights)[0].home, rng.random() ** 1.4
        if own is not None and left.get(own.id, 0) > SAVED_UP:
            # The passbook the demo opens is never empty, and never so full that nothing is left to wish for.
            yield DOOR_VISIT, own, 0.6

    def _orders(self, place: Place, people: Sequence[Neighbour], day: date) -> list[Order]:
        """What residents order on a day from their own passbooks."""
        rng = self._rng(place, day, "orders")
        own = _door(place, people)
        eager = [one for one in people if one.zeal > 1 and one.home != own]
        many = ORDERS * place.plan.pace * len(people) / seasons.FULL_SIZE
        found = [
            Order(
                home=rng.choices(eager, weights=[one.zeal for one in eager])[0].home,
                wish=rng.random() ** 1.4,
                days=rng.randint(1, 8),
                cancelled=rng.random() < 0.09,
            )
            for _ in range(int(many) + (rng.random() < many % 1))
            if eager
        ]
        if own is not None and day.toordinal() % DOOR_DAYS == 0:
            found.append(Order(home=own, wish=0.4, days=DOOR_DAYS - 1, cancelled=False))
        return found

    async def _order(
        self, day: date, order: Order, rewards: Sequence[tuple[str, Reward]], left: Mapping[int, int]
    ) -> None:
        had = left.get(order.home.id, 0)
        source = await self._source(order.home.id)
        if source is None or had < rewards[0][1].price:
            return
        code, _ = _wished(rewards, had, order.wish)
        try:
            await self._redemptions.place(order.home.id, code, source=source, key=f"demo:{day}:order")
        except Problem as problem:
            _only(problem, "conflict", "short", "too-many-open")

    async def _fetch(self, here: Working, day: date) -> None:
        """Hand over or cancel what residents ordered on the days before. Orders of the demo's visitors stay."""
        place = here.place
        for order in await self._redemptions.waiting(place.book, [place.region.id]):
            placed = calendar.from_micros(order.placed_at).date()
            planned = self._orders(place, await self._neighbours(place, placed), placed)
            plan = next((one for one in planned if one.home.id == order.household), None)
            if plan is not None and (day - placed).days >= plan.days:
                await self._settle(place, day, order.order, plan)

    async def _settle(self, place: Place, day: date, order: str, plan: Order) -> None:
        key = f"demo:{day}:settle:{order}"
        try:
            source = await self._source(plan.home.id)
            if plan.cancelled and source is not None:
                await self._redemptions.cancel(place.book, order, source=source, actor=None, key=key)
            else:
                await self._redemptions.hand_over(place.book, order, place.clerk, key)
        except Problem as problem:
            _only(problem, "resolved", "conflict", "self_award")

    # ── who ──

    async def _source(self, household: int) -> str | None:
        """Under which a household's own requests are kept: its card's; None for a household without one."""
        if household not in self._cards:
            self._cards[household] = await self._house.cards.card_of(household)
        card = self._cards[household]
        return f"card:{card.id}" if card else None

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


def _door(place: Place, people: Sequence[Neighbour]) -> Household | None:
    """The household whose passbook the demo opens, where it lives."""
    if place.plan.code != HOME:
        return None
    return next((one.home for one in people if one.home.number == DOOR), None)


def _visits(plan: VillagePlan, day: date, rng: Random) -> int:
    """How many come to the desk for something on a day; on the 1st somebody does."""
    if plan.code == HOME:
        return (day.day == 1 or rng.random() < 0.22) + (rng.random() < 0.04)
    return int(day.day == 1 or rng.random() < 0.2)


def _wished(rewards: Sequence[tuple[str, Reward]], points: int, wish: float) -> tuple[str, Reward]:
    """The reward at a place (0 to 1) among those that can be had for so many points; there is one."""
    able = [pair for pair in rewards if pair[1].price <= points]
    return able[int(len(able) * wish * 0.999)]


def _only(problem: Problem, *expected: str) -> None:
    """Let pass what a day sent twice, or a visitor's own doings, may lead to; raise everything else."""
    if problem.code not in expected:
        raise problem
