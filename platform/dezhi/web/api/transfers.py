"""Passing volunteer hours on, where a programme allows it."""

from typing import Annotated

from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta

from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import read, write
from dezhi.web.api.kinds import Answer, Body, EntryId, HouseholdPath, Key, PersonId, VillageCode, VillagePath, id_of
from dezhi.web.api.writes import booked
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.visitors import need_household, need_village


class NewTransfer(Body, frozen=True, kw_only=True):
    """So many minutes of one member, for another of 60 and above, or for the village's pool."""

    giver: PersonId
    taker: Annotated[PersonId | None, Meta(description="Null: the village's pool.", examples=[None])]
    minutes: Annotated[int, Meta(ge=1, le=600_000, description="Whole minutes.", examples=[30])]


class TransferOf(Answer, frozen=True, kw_only=True):
    """What was booked: out of the one, into the other. It is corrected by passing back."""

    given: EntryId
    taken: EntryId


class PoolOf(Answer, frozen=True, kw_only=True):
    """A village's pool of hours."""

    village: VillageCode
    minutes: Annotated[int, Meta(ge=0, description="In it.", examples=[0])]


class TransferCalls(Controller):
    """One household's hours."""

    path = "/households/{household:str}/transfers"
    tags = ("Households",)

    @write("/", Scope.AWARD, "transfer_hours", "Pass a member's hours on, where the programme allows it")
    async def give(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        household: HouseholdPath,
        data: JSONBody[NewTransfer],
        key: Key,
    ) -> Response[TransferOf]:
        actor = visitor.need_staff(Role.CLERK)
        home = await need_household(house, visitor, household, Role.CLERK)
        book = await house.sheets.book(home.village)
        again = await house.journal.knows(book, actor, key)
        taker = None if data.taker is None else id_of(data.taker)
        given, taken = await house.transfers.give(home, id_of(data.giver), taker, data.minutes, actor, key)
        return booked(request, TransferOf(given=f"{book}-{given}", taken=f"{book}-{taken}"), again=again)


class PoolCalls(Controller):
    """What a village was given."""

    path = "/villages/{village:str}/pool"
    tags = ("Villages",)

    @read("/", Scope.READ, "get_pool", "The volunteer time in a village's pool")
    async def pool(self, house: TheHouse, visitor: TheVisitor, village: VillagePath) -> PoolOf:
        place = await need_village(house, visitor, village, *Role)
        return PoolOf(village=village, minutes=await house.transfers.pool(place.id))
