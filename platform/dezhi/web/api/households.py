"""Households: finding them, what they have, and keeping the register."""

from datetime import date
from typing import Annotated

from litestar import Controller
from litestar.params import JSONBody
from msgspec import Meta

from dezhi.core.events import ASSET_OF
from dezhi.core.people import Household
from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.service.passbooks import Line
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import ask, read
from dezhi.web.api.kinds import (
    DAY,
    AmountOf,
    Answer,
    Body,
    Cursor,
    EntryId,
    GridId,
    HouseholdId,
    HouseholdPath,
    Limit,
    PersonId,
    VillageCode,
    VillagePath,
)
from dezhi.web.api.paging import LIMIT, Page, cursor_of, page_of, read_cursor
from dezhi.web.clerk import homes_of, search
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate
from dezhi.web.visitors import need_household, need_village

PersonName = Annotated[
    str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00]*$", description="A name.", examples=["马玉兰"])
]
Relation = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=12,
        pattern=r"^[^\x00]*$",
        description="To the head, in the words of GB/T 4761: 户主, 妻, 子, 女, …",
        examples=["女"],
    ),
]
Number = Annotated[
    str,
    Meta(
        min_length=1, max_length=20, pattern=r"^[^\x00]*$", description="Its number in the village.", examples=["088"]
    ),
]
Address = Annotated[
    str, Meta(max_length=120, pattern=r"^[^\x00]*$", description="Where it is.", examples=["渠北路 8 号"])
]


class HouseholdSearch(Body, frozen=True, kw_only=True):
    """What is known of a household: it stays out of addresses and logs."""

    text: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=120,
            pattern=r"^[^\x00]*$",
            description="Its number, a name, pinyin, initials, or what a card's code says.",
            examples=["李小明"],
        ),
    ]


class MemberOf(Answer, frozen=True, kw_only=True):
    """A person as a member."""

    person: PersonId
    name: PersonName
    relation: Relation
    is_head: Annotated[bool, Meta(description="The head.", examples=[True])]


class HouseholdOf(Answer, frozen=True, kw_only=True):
    """A household as it is today."""

    id: HouseholdId
    number: Number
    label: Annotated[str, Meta(description="What it is called after.", examples=["李小明家"])]
    village: VillageCode
    grid: GridId | None
    address: Address
    members: list[MemberOf]
    on_board: Annotated[bool, Meta(description="Wants to be on public boards.", examples=[False])]


class FoundOf(Answer, frozen=True, kw_only=True):
    """A hit, with the person through whom it was found."""

    household: HouseholdId
    number: Number
    label: Annotated[str, Meta(description="What it is called after.", examples=["李小明家"])]
    village_name: Annotated[str, Meta(description="Its village.", examples=["营尔村"])]
    grid_name: Annotated[str | None, Meta(description="Its grid.", examples=["第一网格"])]
    person: PersonId | None
    person_name: Annotated[str | None, Meta(description="Through whom.", examples=["李小明"])]


class HouseholdBalances(Answer, frozen=True, kw_only=True):
    """What a household has now, as on the first page of its passbook."""

    household: HouseholdId
    spendable: Annotated[int, Meta(description="Moral points that can be spent now.", examples=[10])]
    held: Annotated[int, Meta(description="Moral points set aside for redemptions that wait.", examples=[0])]
    frozen: Annotated[int, Meta(description="Moral points that are frozen.", examples=[0])]
    pending: Annotated[int, Meta(description="Moral points under public notice, not booked yet.", examples=[0])]
    honour: Annotated[int, Meta(description="Honour points, never spent.", examples=[0])]
    safe: Annotated[int, Meta(description="Safety points.", examples=[0])]
    minutes: Annotated[int, Meta(description="Volunteer time of its members, in minutes.", examples=[0])]


class PassbookLine(Answer, frozen=True, kw_only=True):
    """One line of a passbook."""

    entry: EntryId
    on: Annotated[date, Meta(description="The day of the deed.", examples=[DAY])]
    text: Annotated[str, Meta(description="What for, in Chinese.", examples=["邻里帮扶"])]
    moved: AmountOf
    after: Annotated[int, Meta(description="The account's balance right after.", examples=[10])]
    who: Annotated[str, Meta(description="The member it is a member's.", examples=[""])]
    on_trial: Annotated[bool, Meta(description="Booked without a public notice.", examples=[True])]
    undone: Annotated[bool, Meta(description="Reversed later.", examples=[False])]
    reversal: Annotated[bool, Meta(description="Is a reversal itself.", examples=[False])]


class HouseholdCalls(Controller):
    """Households."""

    path = "/households"
    tags = ("Households",)

    @ask("/search", Scope.READ, "search_households", "Find households by number, name, pinyin, initials or card")
    async def find(self, house: TheHouse, visitor: TheVisitor, data: JSONBody[HouseholdSearch]) -> Page[FoundOf]:
        visitor.need_staff(Role.CLERK)
        found = await search(house, visitor, data.text)
        return Page(
            items=[
                FoundOf(
                    household=str(one.household),
                    number=one.number,
                    label=translate(one.label),
                    village_name=one.village_name,
                    grid_name=one.grid_name,
                    person=str(one.person) if one.person is not None else None,
                    person_name=one.person_name,
                )
                for one in found
            ]
        )

    @read("/{household:str}", Scope.READ, "get_household", "A household and its members")
    async def one(self, house: TheHouse, visitor: TheVisitor, household: HouseholdPath) -> HouseholdOf:
        home = await need_household(house, visitor, household, Role.CLERK)
        village = await house.places.region(home.village)
        return _told(home, village.code, home.id in await house.people.on_board(home.village))

    @read("/{household:str}/balances", Scope.READ, "get_balances", "What a household has")
    async def balances(self, request: Call, household: HouseholdPath) -> HouseholdBalances:
        house, visitor = request.house, request.visitor
        home = await need_household(house, visitor, household, Role.CLERK)
        found = await house.passbooks.balances(home)
        return HouseholdBalances(
            household=household,
            spendable=found.spendable,
            held=found.held,
            frozen=found.frozen,
            pending=found.pending,
            honour=found.honour,
            safe=found.safe,
            minutes=found.minutes,
        )

    @read("/{household:str}/passbook", Scope.READ, "list_passbook_lines", "The lines of a passbook, newest first")
    async def passbook(
        self,
        house: TheHouse,
        visitor: TheVisitor,
        household: HouseholdPath,
        limit: Limit = LIMIT,
        cursor: Cursor = None,
    ) -> Page[PassbookLine]:
        home = await need_household(house, visitor, household, Role.CLERK)
        after = read_cursor("passbook", cursor, [int, int])
        before = (int(after[0]), int(after[1])) if after else None
        book = await house.passbooks.open(home.id, before=before, lines=limit)
        following = cursor_of("passbook", *book.lines[-1].cursor) if book.more else None
        return Page(items=[line_of(one) for one in book.lines], next=following)


class RegisterCalls(Controller):
    """The households of one village."""

    path = "/villages/{village:str}/households"
    tags = ("Households",)

    @read("/", Scope.READ, "list_households", "The households of a village, by number")
    async def everything(
        self,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        limit: Limit = LIMIT,
        cursor: Cursor = None,
    ) -> Page[HouseholdOf]:
        place = await need_village(house, visitor, village, Role.CLERK)
        found = sorted(await homes_of(house, visitor, place), key=_order)
        shown, following = page_of("households", found, _order, cursor, limit)
        joined = await house.people.on_board(place.id)
        return Page(items=[_told(one, place.code, one.id in joined) for one in shown], next=following)


def _told(home: Household, village: str, on_board: bool) -> HouseholdOf:  # noqa: FBT001 - one of three, in order
    return HouseholdOf(
        id=str(home.id),
        number=home.number,
        label=translate(home.label),
        village=village,
        grid=str(home.grid) if home.grid is not None else None,
        address=home.address,
        members=[
            MemberOf(person=str(one.person), name=one.name, relation=one.relation, is_head=one.is_head)
            for one in home.members
        ],
        on_board=on_board,
    )


def _order(home: Household) -> str:
    """By number as people count: 9 before 10."""
    return f"{len(home.number):02}{home.number}"


def line_of(line: Line) -> PassbookLine:
    """A line as the API tells it."""
    return PassbookLine(
        entry=f"{line.ref.book}-{line.ref.seq}",
        on=line.on,
        text=line.text,
        moved=AmountOf(asset=ASSET_OF[line.asset], amount=line.amount),
        after=line.after,
        who=line.who,
        on_trial=line.on_trial,
        undone=line.undone,
        reversal=line.reversal,
    )
