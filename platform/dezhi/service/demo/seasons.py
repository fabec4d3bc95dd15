"""What happens in a village on a day of the year: common days by the calendar, and what people do of their own.

Pure: the same seed, village, day and people give the same plan.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import Final, NamedTuple

from dezhi.core.people import Household
from dezhi.service.demo.families import CLERK, DOOR
from dezhi.service.demo.villages import HELLO, HOME, YINGER, VillagePlan, double_ninth

FULL_SIZE: Final = 320
"""Households of the village whose pace is 1."""

SINGLES: Final = 4.6
"""Deeds a day in such a village, besides the common days."""


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
    """A common day: which part of the households comes, and for how long where time counts."""

    item: str
    share: float
    minutes: tuple[int, int] = (0, 0)


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
_SAFE: Final = ("hazard-report", "patrol")
_SNOW_MONTHS: Final = (12, 1, 2)


def neighbours(seed: int, plan: VillagePlan, homes: Sequence[Household], on: date) -> list[Neighbour]:
    """The households that may be given something, in the order of their numbers; the clerk's own is not among them."""
    found = []
    for home in sorted(homes, key=lambda one: (len(one.number), one.number)):
        if home.number == CLERK:
            continue
        ages = {member.person: on.year - member.birth_date.year for member in home.members if member.birth_date}
        adults = [person for person, age in ages.items() if 18 <= age <= 76]  # noqa: PLR2004 - old enough, not too old
        found.append(Neighbour(home, _zeal(seed, plan, home.number), adults, any(age >= 81 for age in ages.values())))  # noqa: PLR2004
    return found


def _zeal(seed: int, plan: VillagePlan, number: str) -> float:
    """How eager a household is: many a little, a few a lot, one in six not at all."""
    if plan.code == HOME and number == DOOR:
        return 16
    rng = Random(f"{seed}:{plan.code}:{number}:zeal")
    return 0 if rng.random() < 0.16 else min(14, rng.paretovariate(1.25))


def acts(seed: int, plan: VillagePlan, day: date, people: Sequence[Neighbour]) -> list[Act]:
    """The deeds of a village's day: common days first, then each for itself."""
    rng = Random(f"{seed}:{plan.code}:{day}")
    if plan.saves:
        return [*_common(seed, plan, day, people, rng), *_singles(plan, day, people, rng)]
    if HELLO in plan.plugins:
        share = 0.2 if day.day in (6, 21) else 0.01
        return [Act(one.home, f"{HELLO}/sweep", together="sweep") for one in _some(people, share, rng)]
    return []


def _common(seed: int, plan: VillagePlan, day: date, people: Sequence[Neighbour], rng: Random) -> Iterator[Act]:
    for common in _calendar(seed, day):
        if common.item == "tidy-yard":
            # The yards are looked at on two days: the even grids, then the odd ones.
            coming = [one for one in people if _yard_day(one.home) == day.day and rng.random() < _tidiness(one)]
        elif common.item == "long-care":
            coming = [one for one in people if one.has_eldest and one.zeal and rng.random() < common.share]
        else:
            coming = _some(people, common.share * plan.pace, rng)
        for one in coming:
            act = _act(one, common.item, rng)
            yield act._replace(together=common.item)


def _calendar(seed: int, day: date) -> Iterator[_Common]:
    """The common days of the year."""
    month, number = day.month, day.day
    if number in (5, 20):
        yield _Common("street-cleaning", 0.09 if month in (1, 3, 4) else 0.05)
    if number in (8, 9):
        yield _Common("tidy-yard", 1)
    if number == 15:  # noqa: PLR2004 - 阳光议事日
        yield _Common("village-talk", 0.1)
    if month in (3, 4, 10, 11) and number in (12, 26):
        yield _Common("voluntary-labour", 0.045)
    if (month, number) in ((5, 12), (6, 16), (11, 9)):
        yield _Common("drill", 0.12)
    if month in (1, 4, 7, 10) and number == 22:  # noqa: PLR2004 - the quarter's round of wires and stoves
        yield _Common("home-check", 0.12)
    if month in (11, 12) and number == 14:  # noqa: PLR2004 - before the stoves are lit for good
        yield _Common("smoke-alarm", 0.06)
    if month in (3, 6, 9, 12) and number == 25:  # noqa: PLR2004 - the end of a quarter
        yield _Common("long-care", 0.55)
    if (month, number) in ((7, 18), (8, 3)):
        yield _Common("disaster-help", 0.03)
    if (month, number) == (7, 26):
        yield _Common("brave-deed", 0.003)
    if day == double_ninth(day.year):
        yield _Common("double-ninth", 0.14)
    if month in _SNOW_MONTHS and Random(f"{seed}:{day}:snow").random() < 0.1:  # noqa: PLR2004 - one day in ten
        yield _Common("snow-clearing", 0.035)


def _yard_day(home: Household) -> int:
    return 8 + sum(map(ord, home.grid_name or "")) % 2


def _tidiness(one: Neighbour) -> float:
    return 0.1 if not one.zeal else min(0.85, 0.14 + one.zeal * 0.05)


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
    count = int(many) + (rng.random() < many % 1)
    wanted = rng.choices(list(usual), weights=list(usual.values()), k=count)
    if day.day == 1 or plan.code == HOME:
        # On the 1st the month has only this day: nothing of it may be empty.
        wanted[:3] = ["elder-greeting", rng.choice(_SAFE), rng.choice(("neighbour-help", "elder-care"))]
    eager = [one for one in people if one.zeal and one.adults]
    for item in wanted if eager else ():
        yield _act(rng.choices(eager, weights=[one.zeal for one in eager])[0], item, rng)


def _act(one: Neighbour, item: str, rng: Random) -> Act:
    needs_person = item in _TIMED
    person = one.adults[0] if needs_person and one.adults else None
    if one.adults and (rng.random() < 0.7 or person is None):  # noqa: PLR2004 - the clerk mostly notes who it was
        person = rng.choice(one.adults)
    minutes = points = None
    if item in MINUTES:
        low, high = MINUTES[item]
        minutes = rng.randrange(low, high + 1, 30)
    if item == "public-good":
        points = rng.choice((5, 5, 5, 6, 8, 10))
    return Act(one.home, f"{YINGER}/{item}", person, minutes, points)
