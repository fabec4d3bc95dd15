"""What the calendar makes due, booked by itself each night, also for days on which nothing ran (RU-08).

A due deed is everybody's: it is recorded for each household living in the village that day, in the name of whoever
adopted the version. That person's own household is left to somebody else. Every deed has a key made of the day, the
item and the household, so that a night begun again books nothing twice.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import msgspec

from dezhi.core.calendar import ZONE, Clock, micros, today
from dezhi.core.errors import Problem
from dezhi.core.lineages import ruling
from dezhi.core.people import Household
from dezhi.core.programmes import Programme
from dezhi.core.schedules import BACK_DAYS, Booked, Day, NotBooked, Told, open_days
from dezhi.core.text import N_, phrase
from dezhi.host import Failure
from dezhi.plugin import Due, Item
from dezhi.service.actors import Actor
from dezhi.service.awards import Awards, batch_name
from dezhi.service.deeds import Asked
from dezhi.service.nightly import Job
from dezhi.service.people import People
from dezhi.service.places import Places
from dezhi.service.sheets import Sheet, Sheets
from dezhi.service.staff import StaffDesk
from dezhi.store import programmes, schedules as store
from dezhi.store.database import Database

log = logging.getLogger("dezhi.schedules")

JOB: Final = "schedule"
CHUNK: Final = 500
"""Households booked at once, so that a night leaves room for whoever books meanwhile."""
AGAIN: Final = frozenset({"stale", "busy", "overloaded", "server_down"})
"""What passes by itself: the household is tried again the next night."""
NOTE: Final = "到日子自动记"


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """What a night did."""

    days: int = 0
    booked: int = 0
    left: int = 0
    troubles: int = 0


class Schedules:
    """Asks the plugins what is due, and records it."""

    def __init__(
        self,
        database: Database,
        sheets: Sheets,
        places: Places,
        people: People,
        staff: StaffDesk,
        awards: Awards,
        clock: Clock,
    ) -> None:
        self._database = database
        self._sheets = sheets
        self._places = places
        self._people = people
        self._staff = staff
        self._awards = awards
        self._clock = clock

    def nightly(self) -> Job:
        """The night's job."""
        return Job(JOB, self.run)

    async def run(self) -> Ran:
        """Ask about every open day of every village. Begun again it books nothing twice."""
        found: list[Told] = []
        for township in await self._places.townships():
            for village in await self._places.villages(township.id):
                found += await self._village(village.id)
        return Ran(
            days=len(found),
            booked=sum(one.booked for told in found for one in told.due),
            left=sum(len(one.left) for told in found for one in told.due),
            troubles=sum(len(told.troubles) for told in found),
        )

    async def _village(self, village: int) -> Sequence[Told]:
        now = today(self._clock())
        first = now - timedelta(days=BACK_DAYS)
        versions = _ruling(await programmes.history(self._database, village), first, now)
        asked = await store.since(self._database, village, first)
        done = []
        for day in open_days(now, {day: one.id for day, one in versions.items()}, asked):
            sheet = await self._sheets.version(versions[day].id)
            if sheet is None or sheet.roster.asleep:
                # In safe mode nobody is asked: the day stays open.
                continue
            told, sound = await self._day(sheet, day)
            found = Day(village=village, day=day, version=sheet.id, sound=sound, told=told)
            await store.keep(self._database, found, micros(self._clock()))
            done.append(told)
        await store.forget(self._database, village, first)
        return done

    async def _day(self, sheet: Sheet, day: date) -> tuple[Told, bool]:
        """What became of one day, and whether nothing has to be tried again."""
        troubles: list[str] = []
        due: dict[str, Due] = {}
        for answer in await sheet.roster.each("schedule", programme=sheet.context(day), day=day):
            if isinstance(answer, Failure):
                log.warning("plugin fault", extra={"code": answer.code, "plugin": answer.name})
                troubles.append(answer.text)
                continue
            for one in answer.value:
                code = f"{answer.name}/{one.item}"
                if code not in sheet.items:
                    troubles.append(_unknown(answer.name, one.item).say())
                elif sheet.items[code].quiet:
                    troubles.append(_reminder(answer.name, sheet.items[code]).say())
                else:
                    due.setdefault(code, one)
        booked, sound = [], not troubles
        homes = await self._people.list_below(sheet.programme.village, day) if due else ()
        actor = await self._actor(sheet.programme.created_by, day) if due else None
        for code, one in due.items():
            result, settled = await self._record(code, one, homes, actor, day)
            booked.append(result)
            sound = sound and settled
        return Told(due=tuple(booked), troubles=tuple(troubles)), sound

    async def _record(
        self, code: str, due: Due, homes: Sequence[Household], actor: Actor | None, day: date
    ) -> tuple[Booked, bool]:
        if actor is None:
            return Booked(
                item=code, booked=0, left=tuple(NotBooked(household=one.id, why=_nobody()) for one in homes)
            ), True
        batch = batch_name(actor.source, f"{day} {code}")
        count, left, settled = 0, [], True
        for at in range(0, len(homes), CHUNK):
            some = homes[at : at + CHUNK]
            asked = [Asked(household=one.id, item=code, on=day, answers=dict(due.answers), note=NOTE) for one in some]
            keys = [f"due:{day}:{code}:{one.id}" for one in some]
            for done in await self._awards.record_many(asked, actor, keys, batch=batch, known=some):
                if done.problem is None:
                    count += 1
                    continue
                left.append(NotBooked(household=done.household, why=done.problem.say()))
                settled = settled and done.problem.code not in AGAIN
        return Booked(item=code, booked=count, left=tuple(left)), settled

    async def _actor(self, staff: int | None, day: date) -> Actor | None:
        """Whoever adopted the version, with the house they lived in that day; None where nobody is known any more."""
        if staff is None:
            return None
        try:
            member = await self._staff.member(staff)
        except Problem:
            return None
        household = None
        if member.person is not None:
            try:
                household = await self._people.household_of(member.person, day)
            except Problem:
                household = None
        return Actor(member=member, household=household, calendar=True)


def _ruling(history: Sequence[Programme], first: date, last: date) -> Mapping[date, Programme]:
    """The version in force on each day, where there was one that nobody had suspended.

    Never one that was adopted only after the day: what nobody had decided was not due.
    """
    found = {}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        newest = ruling(history, day)
        if newest and newest.document.suspended is None and newest.created_at.astimezone(ZONE).date() <= day:
            found[day] = newest
    return found


def _unknown(plugin: str, item: str) -> Problem:
    text = N_("插件 %(plugin)s 说今天要记“%(item)s”，可是这一版细则里没有这一条，没有记。请告诉插件作者。")
    return Problem("due-unknown", text, plugin=plugin, item=item)


def _reminder(plugin: str, item: Item) -> Problem:
    text = N_("插件 %(plugin)s 要自动记提醒“%(item)s”，没有记：提醒只能由工作人员当面记。请告诉插件作者。")
    return Problem("due-reminder", text, plugin=plugin, item=phrase(item.title))


def _nobody() -> str:
    text = N_("采用这一版方案的工作人员已经查不到，没有人负责，没有记。请乡镇把方案重新采用一次。")
    return Problem("due-nobody", text).say()
