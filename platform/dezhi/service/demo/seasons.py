"""What happens in a village on a day of the year: common days by the calendar, and what people do of their own.

Pure: the same seed, village, day and people give the same plan.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from random import Random
from typing import Final, NamedTuple

from dezhi.core.people import Household
from dezhi.plugin import LunarDay, lunar
from dezhi.service.demo.families import CLERK, DOOR
from dezhi.service.demo.villages import HELLO, HOME, YINGER, VillagePlan

FULL_SIZE: Final = 320
"""Households of the village whose pace is 1."""

SINGLES: Final = 5.4
"""Deeds a day in such a village, besides the common days."""


EAGER: Final = 18
"""The zeal from which a household is among its village's busiest."""

DOUBLE_NINTH: Final = LunarDay(9, 9)
"""重阳, the day of the old."""


class Neighbour(NamedTuple):
    """A household as the plan sees it: how eager it is, and which of its members are of an age to lend a hand."""

    home: Household
    zeal: float
    adults: Sequence[int]
    has_eldest: bool  # somebody of eighty or more lives there


class Act(NamedTuple):
    """One deed of the plan. `together` names the common day it belongs to; empty for a deed of one's own."""

    home: Household
    item: str
    person: int | None = None
    minutes: int | None = None
    points: int | None = None
    together: str = ""


class _Common(NamedTuple):
    """A common day: in which months (none: all) and on which days of them, and which part of the households comes."""

    item: str
    share: float
    days: tuple[int, ...]
    months: tuple[int, ...] = ()


_COMMON: Final = (
    _Common("street-cleaning", 0.07, (5, 20), (1, 3, 4)),
    _Common("street-cleaning", 0.04, (5, 20), (2, 5, 6, 7, 8, 9, 10, 11, 12)),
    _Common("tidy-yard", 1, (8, 9)),
    _Common("village-talk", 0.06, (15,)),
    _Common("voluntary-labour", 0.045, (12, 26), (3, 4, 10, 11)),  # canals, before and after the water
    _Common("drill", 0.12, (12,), (5,)),  # 防灾减灾日
    _Common("drill", 0.10, (16,), (6,)),
    _Common("drill", 0.10, (9,), (11,)),  # 消防日
    _Common("home-check", 0.08, (22,), (1, 4, 7, 10)),
    _Common("smoke-alarm", 0.06, (14,), (11, 12)),  # before the stoves are lit for good
    _Common("long-care", 0.55, (25,), (3, 6, 9, 12)),  # the end of a quarter
    _Common("disaster-help", 0.03, (18,), (7,)),
    _Common("disaster-help", 0.03, (3,), (8,)),
    _Common("brave-deed", 0.003, (26,), (7,)),
)


# What people do of their own, with how often beside the others; a month's own figures replace these.
_USUAL: Final = {
    "neighbour-help": 15, "hard-times-help": 6, "make-peace": 4, "elder-care": 13, "respect": 4, "parents-home": 7,
    "come-home": 2, "lost-property": 3, "parcels": 4, "tools-returned": 2, "fair-scale": 1, "public-good": 4,
    "elder-greeting": 10, "errands": 6, "clinic-company": 3, "haircut": 3, "skills": 2, "traffic-post": 3,
    "hazard-report": 4, "patrol": 5,
}  # fmt: skip
_SEASON: Final = {
    1: {"come-home": 8, "simple-feast": 4, "fraud-talk": 2, "voluntary-labour": 0},
    2: {"come-home": 9, "simple-feast": 3, "public-good": 6},
    3: {"voluntary-labour": 5, "fire-watch": 4, "fraud-talk": 4, "parents-home": 9},
    4: {"voluntary-labour": 6, "fire-watch": 6, "tools-returned": 7},
    5: {"simple-feast": 3, "fire-watch": 3, "come-home": 5},
    6: {"water-patrol": 8, "fraud-talk": 4, "parcels": 6},
    7: {"water-patrol": 11, "homework": 7, "tools-returned": 5, "hazard-report": 7},
    8: {"water-patrol": 9, "homework": 7, "public-good": 7},
    9: {"tools-returned": 7, "homework": 3, "elder-care": 14},
    10: {"elder-care": 19, "come-home": 7, "simple-feast": 4, "fire-watch": 4},
    11: {"parcels": 9, "simple-feast": 4, "fire-watch": 4, "fraud-talk": 3, "parents-home": 9},
    12: {"parents-home": 9, "simple-feast": 5, "hazard-report": 6},
}
MINUTES: Final = {
    "errands": (30, 120), "clinic-company": (120, 360), "homework": (60, 120), "water-patrol": (60, 180),
    "traffic-post": (60, 120), "fraud-talk": (60, 120), "skills": (60, 120), "snow-clearing": (60, 180),
    "fire-watch": (120, 360),
}  # fmt: skip
_TIMED: Final = frozenset((*MINUTES, "elder-greeting", "haircut"))
_SAFE: Final = frozenset(("hazard-report", "patrol", "fire-watch"))
_SNOW_MONTHS: Final = (12, 1, 2)


def neighbours(seed: int, plan: VillagePlan, homes: Sequence[Household], on: date) -> list[Neighbour]:
    """The households that may be given something, in the order of their numbers; the clerk's own is not among them."""
    own = sorted((home for home in homes if home.number != CLERK), key=lambda home: (len(home.number), home.number))
    found = []
    for home in own:
        ages = {member.person: on.year - member.birth_date.year for member in home.members if member.birth_date}
        adults = [person for person, age in ages.items() if 18 <= age <= 76]
        found.append(Neighbour(home, zeal(seed, plan, home), adults, any(age > 80 for age in ages.values())))
    return found


def zeal(seed: int, plan: VillagePlan, home: Household) -> float:
    """How eager a household is: most a little, few very, one in eight not at all."""
    if plan.code == HOME and home.number == DOOR:
        return 90
    rng = Random(f"{seed}:{plan.code}:{home.number}:zeal")
    if rng.random() < 0.12:
        return 0
    if rng.random() < 0.07 and len(home.members) > 1:
        return EAGER + 130 * rng.random() ** 2
    return min(9, rng.paretovariate(1.6))


def acts(seed: int, plan: VillagePlan, day: date, people: Sequence[Neighbour]) -> list[Act]:
    """The deeds of a village's day: common days first, then each for itself."""
    rng = Random(f"{seed}:{plan.code}:{day}")
    found: list[Act] = []
    if plan.saves:
        found += [*_common(seed, plan, day, people, rng), *_singles(plan, day, people, rng)]
    if HELLO in plan.plugins:
        found += _sweeps(plan, day, people, rng)
    return found


def _sweeps(plan: VillagePlan, day: date, people: Sequence[Neighbour], rng: Random) -> Iterator[Act]:
    """The one item of dezhi-hello: everybody's on two days of a month, and where there is nothing else, anybody's."""
    share = 0.2 if day.day in (6, 21) else 0.01
    if share > 0.01 or not plan.saves:
        for one in _some(people, share * (0.4 if plan.saves else 1), rng):
            yield Act(one.home, f"{HELLO}/sweep", together="sweep")


def _common(seed: int, plan: VillagePlan, day: date, people: Sequence[Neighbour], rng: Random) -> Iterator[Act]:
    for item, share in _calendar(seed, day):
        if item == "tidy-yard":
            # The yards are looked at on two days: the even grids, then the odd ones.
            coming = [one for one in people if _yard_day(one.home) == day.day and rng.random() < _tidiness(one)]
        elif item == "long-care":
            coming = [one for one in people if one.has_eldest and one.zeal and rng.random() < share]
        else:
            coming = _some(people, share * plan.pace, rng)
        for one in coming:
            yield _act(one, item, rng)._replace(together=item)


def _calendar(seed: int, day: date) -> Iterator[tuple[str, float]]:
    """What is done in common on a day, and by which part of the households."""
    for one in _COMMON:
        if day.day in one.days and (not one.months or day.month in one.months):
            yield one.item, one.share
    if lunar(day) == DOUBLE_NINTH:
        yield "double-ninth", 0.1
    if day.month in _SNOW_MONTHS and Random(f"{seed}:{day}:snow").random() < 0.1:
        yield "snow-clearing", 0.025


def _yard_day(home: Household) -> int:
    return 8 + sum(map(ord, home.grid_name or "")) % 2


def _tidiness(one: Neighbour) -> float:
    return 0 if not one.zeal else min(0.9, 0.08 + one.zeal * 0.04)


def _some(people: Sequence[Neighbour], share: float, rng: Random) -> list[Neighbour]:
    """So many different households, the eager ones rather than others; the village's least is one."""
    left, wanted = list(people), max(1, round(len(people) * share))
    found: list[Neighbour] = []
    while left and len(found) < wanted and any(one.zeal for one in left):
        one = rng.choices(left, weights=[each.zeal for each in left])[0]
        left.remove(one)
        found.append(one)
    return found


def _singles(plan: VillagePlan, day: date, people: Sequence[Neighbour], rng: Random) -> Iterator[Act]:
    usual = _USUAL | _SEASON[day.month]
    many = SINGLES * plan.pace * len(people) / FULL_SIZE
    wanted = _drawn(usual, max(1, int(many) + (rng.random() < many % 1)), rng)
    if day.day == 1 or plan.code == HOME:
        # On the 1st the month has only this day, and nothing of it may be empty: hours, safety, and a saving.
        kinds = (_TIMED - _SAFE, _SAFE, usual.keys() - _TIMED - _SAFE)
        wanted[:3] = [_drawn({item: usual[item] for item in usual if item in kind}, 1, rng)[0] for kind in kinds]
    eager = [one for one in people if one.zeal and one.adults]
    for item in wanted if eager else ():
        # Hours are given by the few who have them to give.
        weights = [one.zeal**1.2 if item in _TIMED else one.zeal for one in eager]
        yield _act(rng.choices(eager, weights=weights)[0], item, rng)


def _drawn(weights: Mapping[str, int], count: int, rng: Random) -> list[str]:
    return rng.choices(list(weights), weights=list(weights.values()), k=count)


def _act(one: Neighbour, item: str, rng: Random) -> Act:
    needs_person = item in _TIMED
    person = one.adults[0] if needs_person and one.adults else None
    if one.adults and (rng.random() < 0.7 or person is None):
        person = rng.choice(one.adults)
    minutes = points = None
    if item in MINUTES:
        low, high = MINUTES[item]
        minutes = rng.randrange(low, high + 1, 30)
    if item == "public-good":
        points = rng.choice((5, 5, 5, 6, 8, 10))
    return Act(one.home, f"{YINGER}/{item}", person, minutes, points)
