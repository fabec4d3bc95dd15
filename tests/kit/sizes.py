"""A whole township of invented people with a year of deeds, as large as real ones are."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from dezhi.core.programmes import Enabled
from dezhi.core.staff import Post, Role
from dezhi.core.tokens import Scope
from dezhi.service.actors import Actor
from dezhi.service.deeds import Asked
from dezhi.service.demo.families import CLERK, roster
from dezhi.service.demo.villages import VillagePlan
from dezhi.service.house import House

VILLAGES, HOUSEHOLDS, ROUNDS = 15, 400, 25
"""15 villages of 400 households, and 25 entries a household and year: 150,000."""
TOWNSHIP = "620902108000"
YINGER = "dezhi-yinger"
PASSWORD = "油菜花开满山坡上2026"
ITEMS = ("neighbour-help", "street-cleaning", "voluntary-labour", "village-talk", "hard-times-help")
SEED = 9


@dataclass
class Place:
    """A village with its clerk's token and the ids of its other households."""

    code: str
    token: str
    homes: list[int]


@dataclass
class Size:
    """What was built: the villages, a card with its PIN, and how many entries were booked."""

    places: list[Place] = field(default_factory=list)
    card: str = ""
    pin: str = ""
    entries: int = 0


class YearClock:
    """A clock that stands at nine on the day it is told."""

    def __init__(self, today: date) -> None:
        self.turn(today)

    def turn(self, day: date) -> None:
        """Move to a day."""
        self.now = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def build_township(house: House, clock: YearClock, tell: Callable[[str], None]) -> Size:
    """Build it in a house that reads `clock`, with the year before the clock's day."""
    built = Size()
    today = clock.now.date()
    since = today - timedelta(days=400)
    clock.turn(since)
    township = await house.places.create_township(TOWNSHIP, ("甘肃省", "酒泉市", "肃州区", "上坝镇"), since)
    clerks: list[Actor] = []
    for number in range(VILLAGES):
        plan = VillagePlan(
            code=f"6209021082{number + 1:02}",
            name=f"{'一二三四五六七八九十'[number % 10]}{'坝' if number < 10 else '沟'}村",
            households=HOUSEHOLDS,
            clerk=f"clerk{number}",
            clerk_name="刘志强",
        )
        village = await house.places.create_village(township.id, plan.code, plan.name, since)
        await house.rosters.commit(village.id, roster(SEED, plan, HOUSEHOLDS, today), since)
        homes = await house.people.list_below(village.id)
        own = next(home for home in homes if home.number == CLERK)
        person = own.head.person if own.head else None
        member = await house.staff.create_with(
            plan.clerk, plan.clerk_name, [Post(Role.CLERK, village.id)], PASSWORD, person=person
        )
        await house.programmes.adopt(
            village.id, {YINGER: Enabled(version="0.1.0")}, title="道德储蓄银行", effective_from=since, staff=member.id
        )
        clerks.append(Actor(member=member, household=own.id))
        # Nobody awards their own household.
        built.places.append(Place(plan.code, "", [home.id for home in homes if home.id != own.id]))
    tell(f"{VILLAGES} villages, {VILLAGES * HOUSEHOLDS} households")
    for number in range(ROUNDS):
        day = today - timedelta(days=(ROUNDS - number) * 14)
        clock.turn(day)
        for place, clerk in zip(built.places, clerks, strict=True):
            item = f"{YINGER}/{ITEMS[number % len(ITEMS)]}"
            asked = [Asked(household=home, item=item, on=day) for home in place.homes]
            _, done = await house.awards.record_for_each(asked, clerk, f"round-{number}")
            built.entries += sum(1 for one in done if one.problem is None)
    tell(f"{built.entries} entries")
    clock.turn(today)
    for place, clerk in zip(built.places, clerks, strict=True):
        made = await house.tokens.make(clerk, "measuring", [Scope.AWARD, Scope.READ], today + timedelta(days=30))
        place.token = made.text
    issued = await house.cards.issue(built.places[0].homes[5])
    built.card, built.pin = issued.printed_number, issued.pin
    return built
