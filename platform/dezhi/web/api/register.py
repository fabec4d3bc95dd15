"""Keeping the register: households and persons that come, change and go. Names stay out of what is kept of answers."""

from datetime import date
from typing import Annotated

from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta

from dezhi.core.acts import ActKind
from dezhi.core.errors import Problem
from dezhi.core.people import Household, NewMember
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.core.tokens import Scope
from dezhi.service.house import House
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import write
from dezhi.web.api.households import Address, Number, PersonName, Relation
from dezhi.web.api.kinds import (
    DAY,
    GRID,
    HOUSEHOLD,
    PERSON,
    Answer,
    Body,
    GridId,
    HouseholdId,
    HouseholdPath,
    Key,
    PersonId,
    PersonPath,
    VillageCode,
    VillagePath,
    id_of,
)
from dezhi.web.api.writes import once
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.visitors import Visitor, need_household, need_person, need_village, whole

KEEPERS = (Role.CLERK, Role.TOWNSHIP)
"""Who keeps the register: clerks, and the township, which takes rosters in."""

BirthDate = Annotated[date, Meta(description="Tells father and son of one name apart.", examples=["1990-05-01"])]
Since = Annotated[date | None, Meta(description="From which day on; today where left out.", examples=[DAY])]


class NewPerson(Body, frozen=True, kw_only=True):
    """Somebody who is not in the register yet."""

    name: PersonName
    relation: Relation
    birth_date: BirthDate | None = None

    def member(self) -> NewMember:
        """The same as the service knows it."""
        return NewMember(name=self.name, relation=self.relation, birth_date=self.birth_date)


class NewHousehold(Body, frozen=True, kw_only=True):
    """A household to be registered."""

    number: Number
    members: Annotated[
        list[NewPerson],
        Meta(
            min_length=1,
            max_length=60,
            description="Who belongs to it.",
            examples=[[{"name": "马玉兰", "relation": "户主"}]],
        ),
    ]
    grid: Annotated[GridId | None, Meta(description="A grid of the village.", examples=[GRID])] = None
    address: Address = ""
    on: Since = None


class NewMemberOf(Body, frozen=True, kw_only=True):
    """Somebody who joins a household: a birth, a bride."""

    person: NewPerson
    on: Since = None


class Transfer(Body, frozen=True, kw_only=True):
    """A person who changes households. What they earned stays with the household they leave."""

    household: Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,18}$", description="The new one.", examples=[HOUSEHOLD])]
    relation: Relation
    on: Since = None


class Leaving(Body, frozen=True, kw_only=True):
    """A person who leaves the register: a move away, a death."""

    on: Since = None


class NewHead(Body, frozen=True, kw_only=True):
    """Another head for a household; its account stays what it is."""

    person: Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,18}$", description="A member.", examples=[PERSON])]
    old_head_is: Annotated[
        str,
        Meta(
            min_length=1, max_length=12, pattern=r"^[^\x00]*$", description="The old head to the new.", examples=["夫"]
        ),
    ]
    on: Since = None


class Move(Body, frozen=True, kw_only=True):
    """Where a household lives from a day on. Number and address stay unless others are given."""

    village: VillageCode
    grid: Annotated[GridId | None, Meta(description="A grid of that village.", examples=[GRID])] = None
    number: Number | None = None
    address: Address | None = None
    on: Since = None


class BoardChoice(Body, frozen=True, kw_only=True):
    """Whether the household wants to be on public boards; nobody is without having said so."""

    opted_in: Annotated[bool, Meta(description="As the household said.", examples=[True])]


class Registered(Answer, frozen=True, kw_only=True):
    """What a write of the register was about. No names: the answer is kept for when it is asked for again."""

    household: HouseholdId
    persons: list[PersonId]


class BoardChoiceOf(Answer, frozen=True, kw_only=True):
    """The household's choice now."""

    household: HouseholdId
    opted_in: Annotated[bool, Meta(description="As the household said.", examples=[True])]


class KeepingCalls(Controller):
    """Changes of one household."""

    path = "/households"
    tags = ("Households",)

    @write("/{household:str}/members", Scope.REGISTER, "add_member", "Register somebody who joins a household")
    async def join(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        household: HouseholdPath,
        data: JSONBody[NewMemberOf],
        key: Key,
    ) -> Response[Registered]:
        async def work() -> Registered:
            home = await need_household(house, visitor, household, *KEEPERS)
            person = await house.people.add_member(home.id, data.person.member(), data.on)
            return await _noted(house, visitor, home, person)

        return await once(request, house, key, data, work)

    @write("/{household:str}/head", Scope.REGISTER, "change_head", "Make another member the head")
    async def head(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        household: HouseholdPath,
        data: JSONBody[NewHead],
        key: Key,
    ) -> Response[Registered]:
        async def work() -> Registered:
            home = await need_household(house, visitor, household, *KEEPERS)
            await house.people.change_head(home.id, whole(data.person), data.old_head_is, data.on)
            return await _noted(house, visitor, home, id_of(data.person))

        return await once(request, house, key, data, work)

    @write("/{household:str}/move", Scope.REGISTER, "move_household", "Let a household move to another grid or village")
    async def move(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        household: HouseholdPath,
        data: JSONBody[Move],
        key: Key,
    ) -> Response[Registered]:
        async def work() -> Registered:
            home = await need_household(house, visitor, household, *KEEPERS)
            village = await need_village(house, visitor, data.village, *KEEPERS)
            grid = whole(data.grid) if data.grid else None
            await _need_grid(house, visitor, village.id, grid)
            moved = await house.people.move(
                home.id, village.id, grid, number=data.number, address=data.address, on=data.on
            )
            return await _noted(house, visitor, moved)

        return await once(request, house, key, data, work)

    @write("/{household:str}/board-choice", Scope.REGISTER, "choose_board", "Keep what a household says about boards")
    async def board(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        household: HouseholdPath,
        data: JSONBody[BoardChoice],
        key: Key,
    ) -> Response[BoardChoiceOf]:
        async def work() -> BoardChoiceOf:
            home = await need_household(house, visitor, household, Role.CLERK)
            actor = visitor.need_staff(Role.CLERK)
            await house.people.choose_board(home.id, actor.source, opted_in=data.opted_in)
            return BoardChoiceOf(household=household, opted_in=data.opted_in)

        return await once(request, house, key, data, work)


class OpeningCalls(Controller):
    """Households that come to a village."""

    path = "/villages/{village:str}/households"
    tags = ("Households",)

    @write("/", Scope.REGISTER, "open_household", "Register a household with its members")
    async def open(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        data: JSONBody[NewHousehold],
        key: Key,
    ) -> Response[Registered]:
        async def work() -> Registered:
            place = await need_village(house, visitor, village, *KEEPERS)
            grid = whole(data.grid) if data.grid else None
            await _need_grid(house, visitor, place.id, grid)
            members = [one.member() for one in data.members]
            home = await house.people.open_household(
                place.id, grid, data.number, members, address=data.address, on=data.on
            )
            return await _noted(house, visitor, home, *(one.person for one in home.members))

        return await once(request, house, key, data, work)


class PersonCalls(Controller):
    """Persons who change households."""

    path = "/persons"
    tags = ("Households",)

    @write("/{person:str}/transfer", Scope.REGISTER, "transfer_person", "Let a person change households")
    async def transfer(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        person: PersonPath,
        data: JSONBody[Transfer],
        key: Key,
    ) -> Response[Registered]:
        async def work() -> Registered:
            who, _ = await need_person(house, visitor, person, *KEEPERS)
            target = await need_household(house, visitor, data.household, *KEEPERS)
            await house.people.transfer(who, target.id, data.relation, data.on)
            return await _noted(house, visitor, target, who)

        return await once(request, house, key, data, work)

    @write("/{person:str}/leave", Scope.REGISTER, "remove_person", "Let a person leave the register")
    async def leave(
        self, request: Call, house: TheHouse, visitor: TheVisitor, person: PersonPath, data: JSONBody[Leaving], key: Key
    ) -> Response[Registered]:
        async def work() -> Registered:
            who, home = await need_person(house, visitor, person, *KEEPERS)
            await house.people.leave(who, data.on)
            return await _noted(house, visitor, home, who)

        return await once(request, house, key, data, work)


async def _need_grid(house: House, visitor: Visitor, village: int, grid: int | None) -> None:
    """Raise `Problem` 404 for a grid that is not the village's, or a place of which the caller keeps only a part."""
    regions = set(visitor.regions(*KEEPERS))
    above = {one.id for one in await house.places.path(grid or village)}
    grids = {one.id for one in await house.places.grids(village)}
    if (grid is not None and grid not in grids) or regions.isdisjoint(above):
        raise Problem("region-unknown", N_("没有找到这个网格，或者它不归您管。没有改动。"), status=404, field="grid")


async def _noted(house: House, visitor: Visitor, home: Household, *persons: int) -> Registered:
    """Keep in the trail who changed a household, and say what it was about."""
    actor = visitor.need_staff(*KEEPERS)
    await house.acts.note(actor, ActKind.HOUSEHOLD_CHANGED, home.village, home.id)
    return Registered(household=str(home.id), persons=[str(one) for one in persons])
