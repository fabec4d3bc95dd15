"""Take a village's household roster in: read, preview, commit (HH-12)."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from typing import NamedTuple

import msgspec

from dezhi.core import calendar
from dezhi.core.calendar import Clock
from dezhi.core.names import spell
from dezhi.core.people import Household, Member
from dezhi.core.rosters import Fault, HouseholdRoster, Line, read_roster, template_header
from dezhi.core.text import N_
from dezhi.service.places import Places
from dezhi.service.uploads import read_sheet
from dezhi.store import people as store
from dezhi.store.database import Database
from dezhi.store.ids import new_id


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a roster would change, or what it changed: the commit returns the same figures."""

    rows_read: int
    rows_in: int  # new and known persons; the others are explained in `faults`
    households_new: int
    persons_new: int
    persons_known: int
    grids_new: tuple[str, ...]
    without_head: tuple[str, ...]  # numbers of new households in which no row is the head
    faults: tuple[Fault, ...]


class _Plan(NamedTuple):
    preview: Preview
    homes: Mapping[str, Sequence[Line]]  # new households by number
    joining: Mapping[int, Sequence[Line]]  # new members of known households


class RosterDesk:
    """The way a village's register is filled."""

    def __init__(self, database: Database, clock: Clock, places: Places) -> None:
        self._database = database
        self._clock = clock
        self._places = places

    async def read(self, data: bytes) -> HouseholdRoster:
        """Read an uploaded xlsx or CSV file. The answer can be kept (msgspec encodes it) until somebody confirms.

        Raises the `sheet-…` and `roster-…` Problems of `service.uploads` and `core.rosters`: nothing is in then.
        """
        today = self._today()
        return await asyncio.to_thread(lambda: read_roster(read_sheet(data), today))

    async def read_rows(self, rows: Sequence[Sequence[object]]) -> HouseholdRoster:
        """Read rows that came without a file, each in the order of the template's columns. Raises as `read` does.

        Faults count the rows from 1.
        """
        today = self._today()
        roster = await asyncio.to_thread(lambda: read_roster([template_header(), *rows], today))
        return HouseholdRoster(
            rows_read=roster.rows_read,
            lines=roster.lines,
            faults=tuple(msgspec.structs.replace(one, row=one.row - 1) for one in roster.faults),
        )

    def template(self) -> bytes:
        """Return an empty roster with its header line, as a CSV file that Excel opens in the right encoding."""
        return (",".join(template_header()) + "\r\n").encode("utf-8-sig")

    async def preview(self, village: int, roster: HouseholdRoster) -> Preview:
        """Return what the roster would change in the village, without changing it."""
        return (await self._plan(village, roster)).preview

    async def spelled(self, roster: HouseholdRoster) -> Mapping[str, tuple[str, str]]:
        """Return how the roster's names are spelled: seconds of work for a large one, best done before the writing."""
        return await asyncio.to_thread(lambda: {line.name: spell(line.name) for line in roster.lines})

    async def commit(
        self,
        village: int,
        roster: HouseholdRoster,
        since: date | None = None,
        spelled: Mapping[str, tuple[str, str]] | None = None,
    ) -> Preview:
        """Write what can go in, all of it at once, and return what was written.

        Persons already in the register are left as they are, so uploading a roster twice changes nothing. `since` is
        the day from which new households and persons belong to the village (default: today), `spelled` what the
        method of that name gave.
        """
        since = since or self._today()
        spelled = spelled or await self.spelled(roster)
        async with self._database.engine.transaction():
            plan = await self._plan(village, roster)
            grids = await self._grids(village, plan.preview.grids_new, since)
            homes = {number: _home(village, number, lines, grids) for number, lines in plan.homes.items()}
            entering = [(homes[number].id, line) for number, lines in plan.homes.items() for line in lines]
            entering += [(household, line) for household, lines in plan.joining.items() for line in lines]
            persons = [
                store.NewPerson(
                    new_id(), line.name, *spelled[line.name], line.birth_date, household, line.relation, line.is_head
                )
                for household, line in entering
            ]
            await store.add(self._database, list(homes.values()), persons, since)
        await self._database.grown(len(persons))
        return plan.preview

    async def _plan(self, village: int, roster: HouseholdRoster) -> _Plan:
        await self._places.region(village)
        today = self._today()
        numbers = await store.numbers(self._database, village)
        wanted = {line.number for line in roster.lines}
        keys = [household for number, household in numbers.items() if number in wanted]
        register = await store.households(self._database, keys, today)
        homes: dict[str, list[Line]] = {}
        joining: dict[int, list[Line]] = {}
        faults = list(roster.faults)
        known = 0
        left = {key: list(household.members) for key, household in register.items()}
        for line in roster.lines:
            household = numbers.get(line.number)
            if household is None:
                homes.setdefault(line.number, []).append(line)
            elif _take(left[household], line):
                known += 1
            elif fault := _second_head(register[household], line):
                faults.append(fault)
            else:
                joining.setdefault(household, []).append(line)
        new = sum(map(len, homes.values())) + sum(map(len, joining.values()))
        there = {grid.name for grid in await self._places.grids(village)}
        told = dict.fromkeys(line.grid for lines in homes.values() for line in lines if line.grid)
        preview = Preview(
            rows_read=roster.rows_read,
            rows_in=new + known,
            households_new=len(homes),
            persons_new=new,
            persons_known=known,
            grids_new=tuple(grid for grid in told if grid not in there),
            without_head=tuple(number for number, lines in homes.items() if not any(line.is_head for line in lines)),
            faults=tuple(sorted(faults, key=lambda fault: fault.row)),
        )
        return _Plan(preview, homes, joining)

    async def _grids(self, village: int, new: Sequence[str], since: date) -> Mapping[str, int]:
        """Create the grids the roster names and the village lacks; return all by name."""
        there = await self._places.grids(village)
        taken = {grid.code for grid in there}
        free = (code for code in (f"{number:02}" for number in count(1)) if code not in taken)
        made = [await self._places.create_grid(village, next(free), name, since) for name in new]
        return {grid.name: grid.id for grid in (*there, *made)}

    def _today(self) -> date:
        return calendar.today(self._clock())


def _home(village: int, number: str, lines: Sequence[Line], grids: Mapping[str, int]) -> store.NewHousehold:
    grid = next((line.grid for line in lines if line.grid), "")
    address = next((line.address for line in lines if line.address), "")
    return store.NewHousehold(new_id(), village, grids.get(grid), number, address)


def _take(members: list[Member], line: Line) -> bool:
    """Whether the row is one of these members, each of whom can be only one row's.

    A birth date tells father and son of one name apart, where both sides know it.
    """
    for member in members:
        dates = {member.birth_date, line.birth_date} - {None}
        if member.name == line.name and len(dates) <= 1:
            members.remove(member)
            return True
    return False


def _second_head(household: Household, line: Line) -> Fault | None:
    if not line.is_head or household.head is None:
        return None
    return Fault(
        row=line.row,
        code="head-twice",
        text=N_("户号%(number)s在册的户主是%(head)s。要换户主，请在这一户里办。"),
        values={"number": line.number, "head": household.head.name},
    )
