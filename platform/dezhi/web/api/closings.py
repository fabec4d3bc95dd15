"""What a township decides about the ledger itself: closed days, and who may owe."""

from datetime import date
from typing import Annotated

from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta

from dezhi.core.acts import ActKind
from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import read, write
from dezhi.web.api.kinds import Answer, Body, EntryId, HouseholdPath, Key, Reason, VillagePath
from dezhi.web.api.writes import entered
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.visitors import need_household, need_village


class NewClosing(Body, frozen=True, kw_only=True):
    """Through which day nothing more can be booked; it is never opened again."""

    through: Annotated[date, Meta(description="Past, and later than the last one.", examples=["2026-10-31"])]


class ClosedThrough(Answer, frozen=True, kw_only=True):
    """Up to where the township's book is closed."""

    through: Annotated[date | None, Meta(description="Its last closed day; null before the first.", examples=[None])]


class Overdraft(Body, frozen=True, kw_only=True):
    """How many points a household may owe; its programme says the most, which is 0 at first."""

    points: Annotated[int, Meta(ge=0, le=1_000, description="0 takes it back.", examples=[0])]
    reason: Reason


class OverdraftOf(Answer, frozen=True, kw_only=True):
    """What was set."""

    entry: EntryId
    points: Annotated[int, Meta(ge=0, description="What may be owed now.", examples=[0])]


class ClosingCalls(Controller):
    """The book that a village is in: its township's."""

    path = "/villages/{village:str}/closing"
    tags = ("Entries",)

    @read("/", Scope.READ, "get_closing", "Up to which day the township's book is closed")
    async def closed(self, house: TheHouse, visitor: TheVisitor, village: VillagePath) -> ClosedThrough:
        place = await need_village(house, visitor, village, *Role)
        return ClosedThrough(through=await house.closings.closed_through(place.id))

    @write("/", Scope.PROGRAMME, "close_period", "Close all days up to one, for the whole township")
    async def close(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        data: JSONBody[NewClosing],
        key: Key,
    ) -> Response[ClosedThrough]:
        async def work() -> ClosedThrough:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            actor = visitor.need_staff(Role.TOWNSHIP)
            seq = await house.closings.close(place.id, data.through, actor, key)
            await house.acts.note(actor, ActKind.PERIOD_CLOSED, place.id, seq)
            return ClosedThrough(through=data.through)

        return await entered(request, house, key, data, work)


class OverdraftCalls(Controller):
    """Whether one household may owe."""

    path = "/households/{household:str}/overdraft"
    tags = ("Households",)

    @write("/", Scope.PROGRAMME, "set_overdraft", "Let a household owe points, as its programme allows")
    async def let_owe(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        household: HouseholdPath,
        data: JSONBody[Overdraft],
        key: Key,
    ) -> Response[OverdraftOf]:
        async def work() -> OverdraftOf:
            actor = visitor.need_staff(Role.TOWNSHIP)
            home = await need_household(house, visitor, household, Role.TOWNSHIP)
            seq = await house.closings.let_owe(home, data.points, data.reason, actor, key)
            return OverdraftOf(entry=f"{await house.sheets.book(home.village)}-{seq}", points=data.points)

        return await entered(request, house, key, data, work)
