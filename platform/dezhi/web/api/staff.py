"""Staff: accounts and posts, as the township's page keeps them. Passwords come with the first answer only."""

from typing import Annotated

from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta, structs

from dezhi.core.acts import ActKind
from dezhi.core.errors import Problem
from dezhi.core.staff import Role, StaffMember
from dezhi.core.text import N_
from dezhi.core.tokens import Scope
from dezhi.service.staff import TemporaryPassword
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import read, write
from dezhi.web.api.kinds import (
    GRID,
    PERSON,
    Answer,
    Body,
    Cursor,
    Key,
    Limit,
    PersonId,
    StaffId,
    StaffPath,
)
from dezhi.web.api.paging import LIMIT, Page, page_of
from dezhi.web.api.writes import once
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.reach import check_take, kept, note, reach_of, residents, seen
from dezhi.web.visitors import need_person

StaffName = Annotated[
    str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00]*$", description="A name.", examples=["孙丽"])
]
Login = Annotated[
    str,
    Meta(min_length=2, max_length=40, pattern=r"^[A-Za-z0-9.-]+$", description="To log in with.", examples=["sunli"]),
]
RoleWord = Annotated[Role, Meta(description="township, clerk or supervisor.", examples=["clerk"])]


class PostOf(Body, frozen=True, kw_only=True):
    """A role and below which region."""

    role: RoleWord
    region: Annotated[
        str, Meta(pattern=r"^[1-9][0-9]{0,18}$", description="A township, village or grid.", examples=[GRID])
    ]


class NewStaff(Body, frozen=True, kw_only=True):
    """A new account. `person` says which resident it is; null for somebody who is not in the register."""

    name: StaffName
    login: Login
    post: PostOf
    person: Annotated[PersonId | None, Meta(description="Their id in the register.")] = None
    not_registered: Annotated[
        bool, Meta(description="Said where the register knows the name: it is somebody else.", examples=[True])
    ] = False


class ResidentOf(Body, frozen=True, kw_only=True):
    """Which resident a member of staff is."""

    person: Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,18}$", description="Their id.", examples=[PERSON])]


class StaffOf(Answer, frozen=True, kw_only=True):
    """A member of staff with the posts of today."""

    id: StaffId
    name: StaffName
    login: Login
    active: Annotated[bool, Meta(description="May log in.", examples=[True])]
    fresh: Annotated[bool, Meta(description="Has not chosen a password yet.", examples=[False])]
    person: PersonId | None
    posts: list[PostOf]


class PasswordOf(Answer, frozen=True, kw_only=True):
    """A temporary password, to be told in person."""

    staff: StaffId
    login: Login
    password: Annotated[
        str | None, Meta(description="Shown in the first answer only; null when repeated.", examples=["abcd-efgh-jkmn"])
    ]


class StaffCalls(Controller):
    """The staff below the caller's townships."""

    path = "/staff"
    tags = ("Staff",)

    @read("/", Scope.READ, "list_staff", "Who works below the caller's townships")
    async def everybody(
        self, house: TheHouse, visitor: TheVisitor, limit: Limit = LIMIT, cursor: Cursor = None
    ) -> Page[StaffOf]:
        reach = await reach_of(house, visitor)
        found = {one.id: one for town in reach.townships for one in await house.staff.everybody(town.id)}
        mine = sorted((one for one in found.values() if reach.touches(one)), key=lambda one: one.login)
        shown, following = page_of("staff", mine, lambda one: one.login, cursor, limit)
        return Page(items=[_told(one) for one in shown], next=following)

    @write("/", Scope.STAFF, "create_staff", "Let somebody work here, with a temporary password")
    async def create(
        self, request: Call, house: TheHouse, visitor: TheVisitor, data: JSONBody[NewStaff], key: Key
    ) -> Response[PasswordOf]:
        async def work() -> PasswordOf:
            reach = await reach_of(house, visitor)
            post = reach.post(data.post.role.value, data.post.region)
            person = None
            if data.person is not None:
                person, _ = await need_person(house, visitor, data.person, Role.TOWNSHIP)
            elif (
                post.role is Role.CLERK and not data.not_registered and await residents(house, [post.region], data.name)
            ):
                text = N_("册上有这个名字。请选是哪一位，免得给自己家记分；都不是就选“不在册上”。")
                raise Problem("person-which", text, field="person")
            given = await house.staff.create(data.login, data.name, [post], person)
            await note(house, reach, ActKind.STAFF_ADDED, given.staff)
            return _password(given)

        return await once(request, house, key, data, work, keep=_without)

    @read("/{staff:str}", Scope.READ, "get_staff", "One member of staff")
    async def one(self, house: TheHouse, visitor: TheVisitor, staff: StaffPath) -> StaffOf:
        return _told(await seen(house, await reach_of(house, visitor), staff))

    @write("/{staff:str}/password", Scope.STAFF, "reset_password", "Give a temporary password")
    async def reset(
        self, request: Call, house: TheHouse, visitor: TheVisitor, staff: StaffPath, key: Key
    ) -> Response[PasswordOf]:
        async def work() -> PasswordOf:
            reach = await reach_of(house, visitor)
            member = await kept(house, reach, staff)
            await note(house, reach, ActKind.ACCOUNT_RESET, member.id)
            return _password(await house.staff.reset_password(member.id))

        return await once(request, house, key, None, work, keep=_without)

    @write("/{staff:str}/disable", Scope.STAFF, "disable_staff", "End an account; what it booked keeps its name")
    async def disable(
        self, request: Call, house: TheHouse, visitor: TheVisitor, staff: StaffPath, key: Key
    ) -> Response[StaffOf]:
        async def work() -> StaffOf:
            reach = await reach_of(house, visitor)
            member = await kept(house, reach, staff)
            await house.staff.disable(member.id)
            await note(house, reach, ActKind.STAFF_DISABLED, member.id)
            return _told(await house.staff.member(member.id))

        return await once(request, house, key, None, work)

    @write("/{staff:str}/enable", Scope.STAFF, "enable_staff", "Let a disabled account work again")
    async def enable(
        self, request: Call, house: TheHouse, visitor: TheVisitor, staff: StaffPath, key: Key
    ) -> Response[PasswordOf]:
        async def work() -> PasswordOf:
            reach = await reach_of(house, visitor)
            member = await kept(house, reach, staff)
            await note(house, reach, ActKind.STAFF_ENABLED, member.id)
            return _password(await house.staff.enable(member.id))

        return await once(request, house, key, None, work, keep=_without)

    @write("/{staff:str}/posts", Scope.STAFF, "give_post", "Give a role below a region")
    async def give(
        self, request: Call, house: TheHouse, visitor: TheVisitor, staff: StaffPath, data: JSONBody[PostOf], key: Key
    ) -> Response[StaffOf]:
        async def work() -> StaffOf:
            reach = await reach_of(house, visitor)
            member = await seen(house, reach, staff)
            await house.staff.give(member.id, reach.post(data.role.value, data.region))
            await note(house, reach, ActKind.POST_GIVEN, member.id)
            return _told(await house.staff.member(member.id))

        return await once(request, house, key, data, work)

    @write("/{staff:str}/posts/take", Scope.STAFF, "take_post", "Take a role away, from today on")
    async def take(
        self, request: Call, house: TheHouse, visitor: TheVisitor, staff: StaffPath, data: JSONBody[PostOf], key: Key
    ) -> Response[StaffOf]:
        async def work() -> StaffOf:
            reach = await reach_of(house, visitor)
            member = await seen(house, reach, staff)
            post = reach.post(data.role.value, data.region)
            check_take(reach, member, post)
            await house.staff.take(member.id, post)
            await note(house, reach, ActKind.POST_TAKEN, member.id)
            return _told(await house.staff.member(member.id))

        return await once(request, house, key, data, work)

    @write("/{staff:str}/person", Scope.STAFF, "link_person", "Say which resident a member of staff is")
    async def link(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        staff: StaffPath,
        data: JSONBody[ResidentOf],
        key: Key,
    ) -> Response[StaffOf]:
        async def work() -> StaffOf:
            reach = await reach_of(house, visitor)
            member = await kept(house, reach, staff)
            person, _ = await need_person(house, visitor, data.person, Role.TOWNSHIP)
            await house.staff.link_person(member.id, person)
            return _told(await house.staff.member(member.id))

        return await once(request, house, key, data, work)


def _told(member: StaffMember) -> StaffOf:
    return StaffOf(
        id=str(member.id),
        name=member.name,
        login=member.login,
        active=member.is_active,
        fresh=member.must_change,
        person=str(member.person) if member.person is not None else None,
        posts=[PostOf(role=one.role, region=str(one.region)) for one in member.posts],
    )


def _password(given: TemporaryPassword) -> PasswordOf:
    return PasswordOf(staff=str(given.staff), login=given.login, password=given.password)


def _without(given: PasswordOf) -> PasswordOf:
    return structs.replace(given, password=None)
