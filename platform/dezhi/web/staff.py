"""The township's staff: who works where, let in, sent away, given a new password. Each township sees its own only."""

from collections.abc import Sequence

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.errors import Problem
from dezhi.core.regions import Level, Region
from dezhi.core.staff import Post, Role, StaffMember
from dezhi.core.text import N_
from dezhi.service.actors import Actor
from dezhi.service.house import House
from dezhi.service.staff import TemporaryPassword
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.respond import see_other, show, tell
from dezhi.web.township import desk, townships_of
from dezhi.web.views import township as views
from dezhi.web.views.frame import Option, Tell
from dezhi.web.visitors import ROLE_WORDS, AnyRequest, Visitor, whole

NOBODY = "0"
"""Chosen for somebody who is not in the register."""

_LEVELS = {
    Role.TOWNSHIP: {Level.TOWNSHIP},
    Role.CLERK: {Level.TOWNSHIP, Level.VILLAGE, Level.GRID},
    Role.SUPERVISOR: {Level.TOWNSHIP, Level.VILLAGE},
}


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


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """The regions a township's staff page is about, by id: the visitor's townships and all below them."""

    actor: Actor
    townships: tuple[Region, ...]
    regions: dict[int, Region]

    def covers(self, member: StaffMember) -> bool:
        """Whether every post of somebody lies here: whoever works elsewhere too is not ours to reset or disable."""
        return bool(member.posts) and all(post.region in self.regions for post in member.posts)

    def touches(self, member: StaffMember) -> bool:
        """Whether any post of somebody lies here."""
        return any(post.region in self.regions for post in member.posts)

    def post(self, role: str, scope: str) -> Post:
        """The post that a form names. Raises `Problem` for a role that does not exist there, or a place elsewhere."""
        region = self.regions.get(whole(scope))
        if region is None:
            raise Problem("post-place", N_("请选这个角色管哪个乡镇、村或网格。"), field="scope")
        found = next((one for one in Role if one.value == role), None)
        if found is None or region.level not in _LEVELS[found]:
            raise Problem("post-role", N_("乡镇管理员只能管整个乡镇，监督管到乡镇或村。请重新选。"), field="role")
        return Post(found, region.id)


class StaffPages(Controller):
    """The staff."""

    path = "/township/staff"

    @get("/")
    async def everybody(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor) -> Template:
        return await _list(request, house, visitor, await _reach(house, visitor), NewMemberForm())

    @post("/")
    async def add(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, data: URLEncodedBody[NewMemberForm]
    ) -> Template:
        reach = await _reach(house, visitor)
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
        except Problem as problem:
            return await _list(request, house, visitor, reach, data, problem)
        return await _member(request, house, visitor, reach, given.staff, given=given)

    @get("/{key:str}")
    async def member(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, key: FromPath[str]) -> Template:
        reach = await _reach(house, visitor)
        return await _member(request, house, visitor, reach, (await _seen(house, reach, key)).id)

    @post("/{key:str}/reset")
    async def reset(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, key: FromPath[str]) -> Template:
        reach = await _reach(house, visitor)
        member = await _kept(house, reach, key)
        given = await house.staff.reset_password(member.id)
        return await _member(request, house, visitor, reach, member.id, given=given)

    @post("/{key:str}/disable")
    async def disable(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, key: FromPath[str]
    ) -> Template | Redirect:
        reach = await _reach(house, visitor)
        member = await _kept(house, reach, key)
        try:
            await house.staff.disable(member.id)
        except Problem as problem:
            return await _member(request, house, visitor, reach, member.id, problem=problem)
        text = N_("%(name)s停用了，马上不能登录。以前记的都留着。")
        tell(request, Tell(text=text % {"name": member.name}))
        return see_other("/township/staff")

    @post("/{key:str}/enable")
    async def enable(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, key: FromPath[str]) -> Template:
        reach = await _reach(house, visitor)
        member = await _kept(house, reach, key)
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
        reach = await _reach(house, visitor)
        member = await _seen(house, reach, key)
        try:
            await house.staff.give(member.id, reach.post(data.role, data.scope))
        except Problem as problem:
            return await _member(request, house, visitor, reach, member.id, problem=problem)
        tell(request, Tell(text=N_("职务加上了，现在就能用。")))
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
        reach = await _reach(house, visitor)
        member = await _seen(house, reach, key)
        try:
            post = reach.post(data.role, data.scope)
            if post not in member.posts:
                raise Problem("post-none", N_("这位工作人员没有这项职务，没有改动。"), status=404)  # noqa: TRY301
            if member.id == reach.actor.staff and post.role is Role.TOWNSHIP:
                raise _own()
            if len(member.posts) == 1:
                raise Problem("post-last", N_("这是最后一项职务。不再来的话，请停用这个账号。"), status=409)  # noqa: TRY301
            await house.staff.take(member.id, post)
        except Problem as problem:
            return await _member(request, house, visitor, reach, member.id, problem=problem)
        tell(request, Tell(text=N_("职务撤了，马上不能用。以前记的都留着。")))
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
        reach = await _reach(house, visitor)
        member = await _kept(house, reach, key)
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
        tell(request, Tell(text=N_("对上了：%(who)s。") % {"who": person.text}))
        return see_other(f"/township/staff/{member.id}")


# ── who may touch whom ──


async def _reach(house: House, visitor: Visitor) -> Reach:
    actor = visitor.need_staff(Role.TOWNSHIP)
    townships = await townships_of(house, visitor)
    regions: list[Region] = []
    for township in townships:
        below = await house.places.tree(township.id)
        regions.append(township)
        for village in (one for one in below if one.level is Level.VILLAGE):
            grids = (one for one in below if one.level is Level.GRID and one.parent == village.id)
            regions += [village, *grids]
    return Reach(actor=actor, townships=tuple(townships), regions={one.id: one for one in regions})


async def _seen(house: House, reach: Reach, key: str) -> StaffMember:
    """Somebody with a post here. Raises `Problem` 404 for anybody else, as for nobody."""
    unknown = Problem("staff-unknown", N_("没有这位工作人员，或者不归您管。"), status=404)
    try:
        member = await house.staff.member(whole(key))
    except Problem:
        raise unknown from None
    if not reach.touches(member):
        raise unknown
    return member


async def _kept(house: House, reach: Reach, key: str) -> StaffMember:
    """Somebody who works here only and is not the visitor: whose account is ours to reset or to end."""
    member = await _seen(house, reach, key)
    if member.id == reach.actor.staff:
        raise _own()
    if not reach.covers(member):
        text = N_("这位工作人员在别处也有职务，账号请上级来管。没有改动。")
        raise Problem("staff-elsewhere", text, status=403)
    return member


def _own() -> Problem:
    text = N_("自己的账号不能在这里停用或重设，免得把自己关在门外。改密码请到“改密码”。")
    return Problem("staff-own", text, status=409)


class Namesake(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of the register with the name that was typed."""

    person: int
    text: str


async def _namesakes(house: House, regions: Sequence[int], name: str) -> Sequence[Namesake]:
    """The residents below some regions whom a name, pinyin or initials may mean."""
    found = [one for region in regions for one in await house.people.search(region, name)]
    return [
        Namesake(
            person=one.person,
            text=N_("%(name)s，%(village)s%(grid)s%(number)s号")
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
    return tuple(Option(value=role.value, text=ROLE_WORDS[role], chosen=role.value == chosen) for role in order)


def _scopes(reach: Reach, chosen: str = "") -> tuple[Option, ...]:
    return tuple(
        Option(value=str(region.id), text=place(reach, region.id), chosen=str(region.id) == chosen)
        for region in reach.regions.values()
    )


def place(reach: Reach, region: int) -> str:
    """A region as staff say it; a grid with its village."""
    found = reach.regions.get(region)
    if found is None:
        return N_("别处")
    above = reach.regions.get(found.parent) if found.parent else None
    return f"{above.name} {found.name}" if above and found.level is Level.GRID else found.name


def _told(reach: Reach, member: StaffMember) -> views.Member:
    return views.Member(
        id=str(member.id),
        name=member.name,
        login=member.login,
        posts=tuple(f"{ROLE_WORDS[post.role]} · {place(reach, post.region)}" for post in member.posts),
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
        options.append(views.Person(id=NOBODY, text=N_("不在册上"), chosen=data.person == NOBODY))
    view = views.Staff(
        members=tuple(_told(reach, one) for one in found.values() if reach.touches(one)),
        new=views.NewMember(
            roles=_roles(data.role),
            scopes=_scopes(reach, data.scope),
            name=data.name,
            login=data.login,
            people=tuple(options),
            error=problem.say() if problem else "",
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
            text=f"{ROLE_WORDS[post.role]} · {place(reach, post.region)}",
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
        error=problem.say() if problem else "",
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
    return N_("%(village)s%(number)s号 %(label)s") % {
        "village": home.village_name,
        "number": home.number,
        "label": home.label,
    }
