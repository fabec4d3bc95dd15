"""Deeds from a file: slice after slice, each line for itself, as often as it takes."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

import msgspec

from dezhi.core.deedlines import InLine
from dezhi.core.errors import Problem
from dezhi.core.people import Household
from dezhi.core.questions import read_answers
from dezhi.core.text import N_
from dezhi.plugin import Role
from dezhi.service.actors import Actor, check_actor
from dezhi.service.bulk import SLICE, Bulk
from dezhi.service.deedfiles import DeedFile, Sent
from dezhi.service.deeds import Asked, Named, Recorded
from dezhi.service.openings import Openings
from dezhi.service.people import People, no_household
from dezhi.service.places import Places
from dezhi.service.sheets import Sheets
from dezhi.store import people as store
from dezhi.store.database import Database


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one line, or would."""

    line: Sent
    done: Recorded | None = None
    problem: Problem | None = None


class Imports:
    """Books files of deeds in a staff member's name, by the same rules as one deed by hand.

    The ledger remembers each line's key, so a file that stopped half way is simply imported again.
    """

    def __init__(
        self, database: Database, bulk: Bulk, openings: Openings, people: People, places: Places, sheets: Sheets
    ) -> None:
        self._database = database
        self._bulk = bulk
        self._openings = openings
        self._people = people
        self._places = places
        self._sheets = sheets
        self._numbers: dict[str, dict[str, int]] = {}

    async def slice(self, file: DeedFile, lines: Sequence[Sent], actor: Actor, *, dry: bool = False) -> list[Told]:
        """Book some lines, or only say what would be booked (`dry`). Answers are in their order.

        Raises `Problem` when the database is away: the lines may be sent again.
        """
        check_actor(actor)
        found: dict[int, Told] = {}
        asked: dict[int, Asked] = {}
        for at, line in enumerate(lines):
            try:
                if line.wrong is not None:
                    raise line.wrong
                asked[at] = await self._asked(line)
            except Problem as problem:
                found[at] = Told(line=line, problem=problem)
        await self._name_persons(lines, asked, found)
        await self._add_answers(lines, asked, found)
        deeds, keys = list(asked.values()), [file.key(lines[at]) for at in asked]
        if file.opening:
            sources = [f"{file.digest[:8]}:{lines[at].number}" for at in asked]
            done = await self._openings.record_each(deeds, actor, keys, sources, dry=dry)
        elif dry:
            done = await self._bulk.preview(deeds, actor, keys)
        else:
            done = await self._bulk.record_each(deeds, actor, keys)
        for at, one in zip(asked, done, strict=True):
            found[at] = Told(line=lines[at], done=one, problem=one.problem)
        return [found[at] for at in range(len(lines))]

    async def _asked(self, line: Sent) -> Asked:
        """The deed of a line, but for a person who is told by name."""
        deed = line.deed
        if deed is None:
            raise ValueError(line.number)
        household = deed.household
        if household is None:
            if deed.village not in self._numbers:
                village = await self._places.by_code(deed.village)
                self._numbers[deed.village] = {} if village is None else await store.numbers(self._database, village.id)
            household = self._numbers[deed.village].get(deed.number)
        if household is None:
            raise no_household()
        return Asked(
            household=household,
            item=deed.item,
            on=deed.on,
            person=int(deed.person) if deed.person.isascii() and deed.person.isdecimal() else None,
            minutes=deed.minutes,
            points=deed.points,
            note=deed.note,
        )

    async def _name_persons(self, lines: Sequence[Sent], asked: dict[int, Asked], found: dict[int, Told]) -> None:
        """Put the members whom lines tell by name in their places."""
        named = {at: deed.person for at in asked if (deed := lines[at].deed) and deed.person and not asked[at].person}
        for on in {asked[at].on for at in named}:
            keys = {asked[at].household for at in named if asked[at].on == on}
            homes = await self._people.households(list(keys), on)
            for at, name in ((at, name) for at, name in named.items() if asked[at].on == on):
                try:
                    person = _member(homes.get(asked[at].household), name)
                except Problem as problem:
                    found[at] = Told(line=lines[at], problem=problem)
                    del asked[at]
                else:
                    asked[at] = msgspec.structs.replace(asked[at], person=person)

    async def _add_answers(self, lines: Sequence[Sent], asked: dict[int, Asked], found: dict[int, Told]) -> None:
        """Put what lines answer, and whom they name besides, as the items of their days ask it."""
        more = {at: deed for at in asked if (deed := lines[at].deed) and (deed.answers or deed.people)}
        homes = await self._people.households_on({(asked[at].household, asked[at].on) for at in more})
        for at, deed in more.items():
            home = homes.get((asked[at].household, asked[at].on))
            sheet = None if home is None else await self._sheets.of(home)
            item = None if sheet is None else sheet.items.get(deed.item)
            if home is None or item is None:
                continue  # what is wrong with the line is said when it is recorded
            try:
                people = tuple([await self._named(one, home.village, deed.on) for one in deed.people])
            except Problem as problem:
                found[at] = Told(line=lines[at], problem=problem)
                del asked[at]
            else:
                answers = read_answers(item, deed.answers)
                asked[at] = msgspec.structs.replace(asked[at], answers=answers, people=people)

    async def _named(self, one: InLine, village: int, on: date) -> Named:
        """Somebody by the numbers of the village. Raises Problem `line-people`."""
        if one.role is Role.GROUP and not one.name:
            grids = {grid.code: grid.id for grid in await self._places.grids(village)}
            if one.number and one.number not in grids:
                raise _nobody(one)
            return Named(role=one.role, grid=grids.get(one.number))
        household = (await store.numbers(self._database, village)).get(one.number)
        if household is None:
            raise _nobody(one)
        if not one.name:
            return Named(role=one.role, household=household)
        home = (await self._people.households([household], on)).get(household)
        return Named(role=one.role, household=household, person=_member(home, one.name))


def _nobody(one: InLine) -> Problem:
    text = N_("这个村没有户号（网格号）“%(number)s”。请核对参与的人。")
    return Problem("line-people", text, field="people", number=one.number)


def _member(home: Household | None, name: str) -> int:
    """The one member of that name."""
    same = [one.person for one in home.members if one.name == name] if home else []
    if len(same) != 1:
        text = N_("这一户那天没有叫“%(name)s”的，或者不止一位。请核对姓名，或者填人的编号。")
        raise Problem("line-person", text, field="person", name=name)
    return same[0]


def slices(file: DeedFile) -> Iterator[list[Sent]]:
    """The lines of a file, some at a time."""
    lines = file.read()
    while some := list(islice(lines, SLICE)):
        yield some
