"""The township's staff: who works where, let in, sent away, given a new password. Each township sees its own only."""

from collections.abc import Sequence

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.acts import ActKind
from dezhi.core.errors import Problem
from dezhi.core.staff import Post, Role, StaffMember
from dezhi.core.text import N_
from dezhi.service.house import House
from dezhi.service.staff import TemporaryPassword
from dezhi.web import words
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.reach import Reach, check_take, kept, note, place, reach_of, residents, seen
from dezhi.web.respond import see_other, show, tell
from dezhi.web.township import desk
from dezhi.web.views import township as views
from dezhi.web.views.frame import Option, Tell
from dezhi.web.visitors import ROLE_WORDS, AnyRequest, Visitor, whole

NOBODY = "0"
"""Chosen for somebody who is not in the register."""


class NewMemberForm(Form):
    """Somebody new. `person` is an id of the register, or `NOBODY` once it was asked."""

    name: str = ""
    login: str = ""
    role: str = ""
    scope: str = ""
    person: str = ""


class PostForm(Form):
    """A role and where."""

    role: str = ""
    scope: str = ""


class PersonForm(Form):
    """Which resident a member of staff is: a name to look for, then the one that was meant."""

    find: str = ""
    person: str = ""


class StaffPages(Controller):
    """The staff."""

    path = "/township/staff"

    @get("/")
    async def everybody(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor) -> Template:
        return await _list(request, house, visitor, await reach_of(house, visitor), NewMemberForm())

    @post("/")
    async def add(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, data: URLEncodedBody[NewMemberForm]
    ) -> Template:
        reach = await reach_of(house, visitor)
        try:
            post = reach.post(data.role, data.scope)
            people = await _namesakes(house, [post.region], data.name) if post.role is Role.CLERK else ()
            if people and not data.person:
                text = N_("册上有这个名字。请选是哪一位，免得给自己家记分；都不是就选“不在册上”。")
                raise Problem("person-which", text, field="person")  # noqa: TRY301 - one way out
            person = whole(data.person) or None
            if person is not None and person not in {one.person for one in people}:
                raise Problem("person-unknown", N_("这个人不在册，请重新选。"), status=404, field="person")  # noqa: TRY301
            given = await house.staff.create(data.login, data.name, [post], person)
            await note(house, reach, ActKind.STAFF_ADDED, given.staff)
        except Problem as problem:
            return await _list(request, house, visitor, reach, data, problem)
        return await _member(request, house, visitor, reach, given.staff, given=given)

    @get("/{key:str}")
    async def member(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, key: FromPath[str]) -> Template:
        reach = await reach_of(house, visitor)
        return await _member(request, house, visitor, reach, (await seen(house, reach, key)).id)

    @post("/{key:str}/reset")
    async def reset(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, key: FromPath[str]) -> Template:
        reach = await reach_of(house, visitor)
        member = await kept(house, reach, key)
        await note(house, reach, ActKind.ACCOUNT_RESET, member.id)
        given = await house.staff.reset_password(member.id)
        return await _member(request, house, visitor, reach, member.id, given=given)

    @post("/{key:str}/disable")
    async def disable(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, key: FromPath[str]
    ) -> Template | Redirect:
        reach = await reach_of(house, visitor)
        member = await kept(house, reach, key)
        try:
            await house.staff.disable(member.id)
            await note(house, reach, ActKind.STAFF_DISABLED, member.id)
        except Problem as problem:
            return await _member(request, house, visitor, reach, member.id, problem=problem)
        text = _("%(name)s停用了，马上不能登录。以前记的都留着。")
        tell(request, Tell(text=text % {"name": member.name}))
        return see_other("/township/staff")

    @post("/{key:str}/enable")
    async def enable(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, key: FromPath[str]) -> Template:
        reach = await reach_of(house, visitor)
        member = await kept(house, reach, key)
        await note(house, reach, ActKind.STAFF_ENABLED, member.id)
        given = await house.staff.enable(member.id)
        return await _member(request, house, visitor, reach, member.id, given=given)

    @post("/{key:str}/give")
    async def give(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        key: FromPath[str],
        data: URLEncodedBody[PostForm],
    ) -> Template | Redirect:
        reach = await reach_of(house, visitor)
        member = await seen(house, reach, key)
        try:
            await house.staff.give(member.id, reach.post(data.role, data.scope))
            await note(house, reach, ActKind.POST_GIVEN, member.id)
        except Problem as problem:
            return await _member(request, house, visitor, reach, member.id, problem=problem)
        tell(request, Tell(text=_("职务加上了，现在就能用。")))
        return see_other(f"/township/staff/{member.id}")

    @post("/{key:str}/take")
    async def take(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        key: FromPath[str],
        data: URLEncodedBody[PostForm],
    ) -> Template | Redirect:
        reach = await reach_of(house, visitor)
        member = await seen(house, reach, key)
        try:
            post = reach.post(data.role, data.scope)
            check_take(reach, member, post)
            await house.staff.take(member.id, post)
            await note(house, reach, ActKind.POST_TAKEN, member.id)
        except Problem as problem:
            return await _member(request, house, visitor, reach, member.id, problem=problem)
        tell(request, Tell(text=_("职务撤了，马上不能用。以前记的都留着。")))
        return see_other(f"/township/staff/{member.id}")

    @post("/{key:str}/person")
    async def link(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        key: FromPath[str],
        data: URLEncodedBody[PersonForm],
    ) -> Template | Redirect:
        reach = await reach_of(house, visitor)
        member = await kept(house, reach, key)
        people = await _namesakes(house, [one.id for one in reach.townships], data.find)
        person = next((one for one in people if one.person == whole(data.person)), None)
        if person is None:
            text = N_("册上没有找到这个名字。换个写法，或者写拼音再找。")
            nobody = None if people else Problem("person-unknown", text, status=404, field="find")
            found = tuple(views.Person(id=str(one.person), text=one.text) for one in people)
            return await _member(
                request, house, visitor, reach, member.id, problem=nobody, find=data.find, people=found
            )
        await house.staff.link_person(member.id, person.person)
        tell(request, Tell(text=_("对上了：%(who)s。") % {"who": person.text}))
        return see_other(f"/township/staff/{member.id}")


# ── who may touch whom ──


class Namesake(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of the register with the name that was typed."""

    person: int
    text: str


async def _namesakes(house: House, regions: Sequence[int], name: str) -> Sequence[Namesake]:
    """The residents below some regions whom a name, pinyin or initials may mean."""
    found = await residents(house, regions, name)
    return [
        Namesake(
            person=one.person,
            text=_("%(name)s，%(village)s%(grid)s%(number)s号")
            % {
                "name": one.person_name,
                "village": one.village_name,
                "grid": one.grid_name or "",
                "number": one.number,
            },
        )
        for one in found
        if one.person is not None
    ]


# ── showing ──


def _roles(chosen: str = "") -> tuple[Option, ...]:
    order = (Role.CLERK, Role.SUPERVISOR, Role.TOWNSHIP)
    return tuple(Option(value=role.value, text=_(ROLE_WORDS[role]), chosen=role.value == chosen) for role in order)


def _scopes(reach: Reach, chosen: str = "") -> tuple[Option, ...]:
    return tuple(
        Option(value=str(region.id), text=place(reach, region.id), chosen=str(region.id) == chosen)
        for region in reach.regions.values()
    )


def _told(reach: Reach, member: StaffMember) -> views.Member:
    return views.Member(
        id=str(member.id),
        name=member.name,
        login=member.login,
        posts=tuple(f"{_(ROLE_WORDS[post.role])} · {place(reach, post.region)}" for post in member.posts),
        active=member.is_active,
        fresh=member.must_change,
        own=member.id == reach.actor.staff,
    )


async def _list(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    reach: Reach,
    data: NewMemberForm,
    problem: Problem | None = None,
) -> Template:
    found = {one.id: one for township in reach.townships for one in await house.staff.everybody(township.id)}
    people: Sequence[Namesake] = ()
    if problem is not None and problem.field == "person":
        people = await _namesakes(house, [reach.post(data.role, data.scope).region], data.name)
    options = [views.Person(id=str(one.person), text=one.text, chosen=str(one.person) == data.person) for one in people]
    if options:
        options.append(views.Person(id=NOBODY, text=_("不在册上"), chosen=data.person == NOBODY))
    view = views.Staff(
        members=tuple(_told(reach, one) for one in found.values() if reach.touches(one)),
        new=views.NewMember(
            roles=_roles(data.role),
            scopes=_scopes(reach, data.scope),
            name=data.name,
            login=data.login,
            people=tuple(options),
            error=problem.say(_) if problem else "",
            field=(problem.field or "") if problem else "",
        ),
    )
    page = await desk(request, house, visitor)
    return show("township/staff.html", page, view, status=problem.status if problem else 200)


async def _member(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    reach: Reach,
    key: int,
    *,
    given: TemporaryPassword | None = None,
    problem: Problem | None = None,
    find: str = "",
    people: tuple[views.Person, ...] = (),
) -> Template:
    member = await house.staff.member(key)
    own = member.id == reach.actor.staff
    held = [
        views.Held(
            text=f"{_(ROLE_WORDS[post.role])} · {place(reach, post.region)}",
            role=post.role.value if _may_take(reach, member, post) else "",
            region=str(post.region),
        )
        for post in member.posts
    ]
    view = views.StaffMember(
        member=_told(reach, member),
        held=tuple(held),
        roles=_roles(),
        scopes=_scopes(reach),
        resident=await _home_of(house, member.person),
        secret=given.password if given else "",
        error=problem.say(_) if problem else "",
        manageable=not own and reach.covers(member),
        is_clerk=bool(member.regions(Role.CLERK)),
        find=find or member.name,
        people=people,
    )
    page = await desk(request, house, visitor)
    return show("township/member.html", page, view, status=problem.status if problem else 200)


def _may_take(reach: Reach, member: StaffMember, post: Post) -> bool:
    own_key = member.id == reach.actor.staff and post.role is Role.TOWNSHIP
    return post.region in reach.regions and len(member.posts) > 1 and not own_key


async def _home_of(house: House, person: int | None) -> str:
    """The household a member of staff lives in, which they cannot award."""
    if person is None:
        return ""
    try:
        home = await house.people.household(await house.people.household_of(person))
    except Problem:
        return ""
    return _("%(village)s%(number)s号 %(label)s") % {
        "village": home.village_name,
        "number": home.number,
        "label": words.household(home.label),
    }
