"""What deeds stand on, read once for many: households on the days of the deeds, the rules of those days, groups."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from dezhi.core.calendar import Clock, today
from dezhi.core.errors import Problem
from dezhi.core.people import Household
from dezhi.core.questions import asked_group
from dezhi.core.text import N_, phrase
from dezhi.plugin import Item, Participant, Subject
from dezhi.plugin.questions import PEOPLE_MAX
from dezhi.service.deeds import Asked, Named
from dezhi.service.people import People, no_household
from dezhi.service.sheets import Sheet, Sheets, is_suspended, no_programme
from dezhi.store import places
from dezhi.store.database import Database


class Ground(NamedTuple):
    """What deeds stand on: households by id and day, by village and day the version in force, if there is one.

    `above` tells of a grid or village all the regions it is part of, itself among them; `groups` the households of a
    grid or village on a day, for items that ask for them.
    """

    homes: dict[tuple[int, date], Household]
    sheets: dict[tuple[int, date], Sheet | None]
    above: dict[int, frozenset[int]]
    groups: dict[tuple[int, date], Sequence[int]]

    def home(self, household: int, on: date) -> Household | None:
        """A household as it was on a day, if it was read."""
        return self.homes.get((household, on))

    def above_of(self, home: Household) -> frozenset[int]:
        """All regions a household lived in."""
        return self.above[home.grid or home.village]


class Grounds:
    """Reads grounds."""

    def __init__(self, database: Database, sheets: Sheets, people: People, clock: Clock) -> None:
        self._database = database
        self._sheets = sheets
        self._people = people
        self._clock = clock

    async def read(self, asked: Sequence[Asked], known: Sequence[Household] = ()) -> Ground:
        """Read once what many deeds share: a village's round is a thousand households of one day."""
        ground = Ground({(home.id, home.on): home for home in known}, {}, {}, {})
        wanted = {(one.household, one.on) for one in asked}
        named = {(who.household, one.on) for one in asked for who in one.people if who.household is not None}
        await self._add(ground, wanted | named)
        groups = {group for one in asked if (group := self._group(one, ground)) is not None}
        for region, on in groups:
            ground.groups[region, on] = await self._people.ids_below(region, on)
            await self._add(ground, {(household, on) for household in ground.groups[region, on]})
        return ground

    async def know(self, ground: Ground, households: Iterable[int], on: date) -> None:
        """Read some more households as they were on a day: those of past deeds that are credited now."""
        await self._add(ground, {(household, on) for household in households})

    async def _add(self, ground: Ground, wanted: set[tuple[int, date]]) -> None:
        ground.homes.update(await self._people.households_on(wanted - ground.homes.keys()))
        for home in ground.homes.values():
            if (home.village, home.on) not in ground.sheets:
                ground.sheets[home.village, home.on] = await self._sheets.of(home)
            region = home.grid or home.village
            if region not in ground.above:
                ground.above[region] = await places.ids_above(self._database, region)

    def _group(self, asked: Asked, ground: Ground) -> tuple[int, date] | None:
        """The grid or village whose households a deed's item asks for."""
        home = ground.home(asked.household, asked.on)
        sheet = None if home is None else ground.sheets[home.village, asked.on]
        item = None if sheet is None else sheet.items.get(asked.item)
        if home is None or item is None or not item.people:
            return None
        region = _region(item, asked, home)
        return None if region is None else (region, asked.on)

    def place(self, asked: Asked, ground: Ground) -> tuple[Household, Sheet]:
        """The household as it was on the day of the deed, and the rules of that day. Raises `Problem`."""
        if asked.on > today(self._clock()):
            raise Problem("future", N_("没有记上：日期还没有到。请改成今天或以前的日期。"), field="on")
        home = ground.home(asked.household, asked.on)
        if home is None:
            raise no_household()
        if asked.person is not None and all(member.person != asked.person for member in home.members):
            raise Problem("person-elsewhere", N_("没有记上：这个人那天不在这一户。请重新选人。"), field="person")
        sheet = ground.sheets[home.village, asked.on]
        if sheet is None:
            raise no_programme()
        if sheet.programme.document.suspended is not None:
            raise is_suspended()
        return home, sheet


def participants(item: Item, asked: Asked, home: Household, ground: Ground) -> tuple[Participant, ...]:
    """Everybody named, as they stood on the day of the deed, a group as its households; raises `Problem`.

    What a role must be is `dezhi.core.questions.check_people`'s; here it is that there are such people in the village.
    """
    if not (asked.people or item.people):
        return ()
    group = asked_group(item)
    found = [
        _somebody(item, named, asked.on, home, ground)
        for named in asked.people
        if group is None or named.role is not group.role
    ]
    if group is not None:
        region = _region(item, asked, home)
        members = () if region is None else ground.groups.get((region, asked.on), ())
        homes = [one for key in members if (one := ground.home(key, asked.on)) and one.village == home.village]
        if not homes:
            text = N_("没有记上：“%(item)s”要记给一个组（网格），这个组那天没有住户。请选出是哪一组。")
            raise Problem("people-grid", text, field="people", item=phrase(item.title))
        if len(homes) > PEOPLE_MAX:
            text = N_("没有记上：“%(item)s”一次最多记给%(max)s户，这里有%(count)s户。请分组来记。")
            raise Problem(
                "people-many", text, field="people", item=phrase(item.title), max=PEOPLE_MAX, count=len(homes)
            )
        found += [Participant(role=group.role, household=one.id, grid=one.grid) for one in homes]
    return tuple(found)


def _somebody(item: Item, named: Named, on: date, home: Household, ground: Ground) -> Participant:
    """One household or person, of the doer's own village: an entry counts under one village's rules."""
    theirs = None if named.household is None else ground.home(named.household, on)
    if theirs is None or theirs.village != home.village:
        text = N_("没有记上：“%(item)s”里填的一户那天不在这个村。请重新选。")
        raise Problem("people-elsewhere", text, field="people", item=phrase(item.title))
    if named.person is not None and all(member.person != named.person for member in theirs.members):
        text = N_("没有记上：“%(item)s”里填的一个人那天不在那一户。请重新选。")
        raise Problem("people-elsewhere", text, field="people", item=phrase(item.title))
    return Participant(role=named.role, household=theirs.id, person=named.person, grid=theirs.grid)


def _region(item: Item, asked: Asked, home: Household) -> int | None:
    """The grid or village an item's group is: the one named, else the doer's own; None where there is none."""
    group = asked_group(item)
    if group is None:
        return None
    if group.of is Subject.VILLAGE:
        return home.village
    return next((one.grid for one in asked.people if one.role is group.role and one.grid is not None), home.grid)
