"""Year clearings of a village: announce, look at what one would take, do it, take it back as a whole."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta, structs

from dezhi.core.acts import ActKind
from dezhi.core.clearings import Clearing, ClearingState, mark_of
from dezhi.core.events import HolderId
from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.service.house import House
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import read, write
from dezhi.web.api.kinds import (
    DAY,
    Answer,
    Body,
    ClearingId,
    ClearingPath,
    HouseholdId,
    Key,
    Reason,
    StaffId,
    VillagePath,
)
from dezhi.web.api.paging import Page
from dezhi.web.api.writes import entered, once
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.visitors import need_village, whole

MARK = mark_of(())
"""Of a clearing that takes nothing."""


class State(StrEnum):
    """Where a clearing stands."""

    ANNOUNCED = "announced"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    CALLED_OFF = "called-off"


class NewClearing(Body, frozen=True, kw_only=True):
    """Which year's moral points end, and when. Nothing is taken before that day."""

    year: Annotated[int, Meta(ge=2000, le=9999, description="Of the deeds.", examples=[2026])]
    due: Annotated[date | None, Meta(description="Left out: the first possible day.", examples=[None])] = None


class Decision(Body, frozen=True, kw_only=True):
    """The preview that was looked at: what it showed is what is taken, or nothing."""

    mark: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$", description="`mark` of the clearing.", examples=[MARK])]


class Undoing(Body, frozen=True, kw_only=True):
    """Why everything is given back; every household reads it."""

    reason: Reason


class ShareOf(Answer, frozen=True, kw_only=True):
    """What one wallet loses or lost."""

    household: HouseholdId | None
    points: Annotated[int, Meta(description="Moral points.", examples=[12])]


class ClearingOf(Answer, frozen=True, kw_only=True):
    """A clearing. Honour points, hours and safety points are never in one."""

    id: ClearingId
    year: Annotated[int, Meta(description="Of the deeds whose points end.", examples=[2026])]
    due: Annotated[date, Meta(description="The first day on which it can be made.", examples=[DAY])]
    state: Annotated[State, Meta(description="Where it stands.", examples=["announced"])]
    announced_by: StaffId
    announced_at: Annotated[datetime, Meta(description="When.", examples=["2026-11-22T09:00:00+08:00"])]
    decided_by: StaffId | None
    undone_by: StaffId | None
    undo_reason: Annotated[str, Meta(description="Why it was taken back.", examples=[""])]


class WholeClearing(ClearingOf, frozen=True, kw_only=True):
    """A clearing with what it takes now, or took."""

    points: Annotated[int, Meta(description="In all.", examples=[12])]
    mark: Annotated[str, Meta(description="Names exactly these figures.", examples=[MARK])]
    shares: list[ShareOf]


class ClearingCalls(Controller):
    """The clearings of one village."""

    path = "/villages/{village:str}/clearings"
    tags = ("Clearings",)

    @read("/", Scope.READ, "list_clearings", "A village's year clearings, newest first")
    async def everything(self, house: TheHouse, visitor: TheVisitor, village: VillagePath) -> Page[ClearingOf]:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)
        return Page(items=[_told(one) for one in await house.clearings.of_village(place.id)])

    @read("/{clearing:str}", Scope.READ, "get_clearing", "A clearing, with what it takes of whom")
    async def one(
        self, house: TheHouse, visitor: TheVisitor, village: VillagePath, clearing: ClearingPath
    ) -> WholeClearing:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)
        return await _whole(house, await house.clearings.one(place.id, whole(clearing)))

    @write("/", Scope.PROGRAMME, "announce_clearing", "Announce that a year's points will end")
    async def announce(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        data: JSONBody[NewClearing],
        key: Key,
    ) -> Response[WholeClearing]:
        async def work() -> WholeClearing:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            actor = visitor.need_staff(Role.TOWNSHIP)
            made = await house.clearings.announce(place, data.year, data.due, actor)
            await house.acts.note(actor, ActKind.CLEARING_ANNOUNCED, place.id, made.id)
            return await _whole(house, made)

        return await once(request, house, key, data, work)

    @write("/{clearing:str}/make", Scope.PROGRAMME, "make_clearing", "Take exactly what the preview showed")
    async def make(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        clearing: ClearingPath,
        data: JSONBody[Decision],
        key: Key,
    ) -> Response[WholeClearing]:
        async def work() -> WholeClearing:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            actor = visitor.need_staff(Role.TOWNSHIP)
            found = await house.clearings.one(place.id, whole(clearing))
            if found.decided_at and (await house.clearings.preview(found)).mark == data.mark:
                # This very decision was stopped half way.
                return await _whole(house, await house.clearings.go_on(found))
            made = await house.clearings.execute(found, data.mark, actor)
            await house.acts.note(actor, ActKind.CLEARING_MADE, place.id, made.id)
            return await _whole(house, made)

        return await entered(request, house, key, data, work)

    @write("/{clearing:str}/resume", Scope.PROGRAMME, "resume_clearing", "Book the rest of one that was stopped")
    async def resume(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        clearing: ClearingPath,
        key: Key,
    ) -> Response[WholeClearing]:
        async def work() -> WholeClearing:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            found = await house.clearings.one(place.id, whole(clearing))
            return await _whole(house, await house.clearings.go_on(found))

        return await entered(request, house, key, None, work)

    @write("/{clearing:str}/undo", Scope.PROGRAMME, "undo_clearing", "Give back what a clearing took, or call it off")
    async def undo(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        clearing: ClearingPath,
        data: JSONBody[Undoing],
        key: Key,
    ) -> Response[WholeClearing]:
        async def work() -> WholeClearing:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            actor = visitor.need_staff(Role.TOWNSHIP)
            found = await house.clearings.one(place.id, whole(clearing))
            if found.undone_at and found.undo_reason == data.reason.strip():
                return await _whole(house, await house.clearings.go_on(found))
            undone = await house.clearings.undo(found, data.reason, actor)
            await house.acts.note(actor, ActKind.CLEARING_UNDONE, place.id, undone.id)
            return await _whole(house, undone)

        return await entered(request, house, key, data, work)


def _told(one: Clearing) -> ClearingOf:
    return ClearingOf(
        id=str(one.id),
        year=one.year,
        due=one.due,
        state=_STATES[one.state],
        announced_by=str(one.announced_by),
        announced_at=one.announced_at,
        decided_by=str(one.decided_by) if one.decided_by else None,
        undone_by=str(one.undone_by) if one.undone_by else None,
        undo_reason=one.undo_reason,
    )


_STATES = {state: State[state.name] for state in ClearingState}


async def _whole(house: House, one: Clearing) -> WholeClearing:
    preview = await house.clearings.preview(one)
    return WholeClearing(
        **structs.asdict(_told(one)),
        points=preview.total,
        mark=preview.mark,
        shares=[
            ShareOf(
                household=str(share.holder) if share.holder_kind == HolderId.HOUSEHOLD else None, points=share.amount
            )
            for share in preview.shares
        ],
    )
