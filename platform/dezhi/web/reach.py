"""How far a township's administrator reaches: its own villages and grids, and the staff whose posts lie there."""

from collections.abc import Sequence

import msgspec

from dezhi.core.acts import ActKind
from dezhi.core.errors import Problem
from dezhi.core.people import Found
from dezhi.core.regions import Level, Region
from dezhi.core.staff import Post, Role, StaffMember
from dezhi.core.text import N_
from dezhi.service.actors import Actor
from dezhi.service.house import House
from dezhi.web.languages import translate as _
from dezhi.web.township import townships_of
from dezhi.web.visitors import Visitor, whole

_LEVELS = {
    Role.TOWNSHIP: {Level.TOWNSHIP},
    Role.CLERK: {Level.TOWNSHIP, Level.VILLAGE, Level.GRID},
    Role.SUPERVISOR: {Level.TOWNSHIP, Level.VILLAGE},
}


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


async def reach_of(house: House, visitor: Visitor) -> Reach:
    """The reach of a township's administrator. Raises as `Visitor.need_staff` does."""
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


async def seen(house: House, reach: Reach, key: str) -> StaffMember:
    """Somebody with a post here. Raises `Problem` 404 for anybody else, as for nobody."""
    unknown = Problem("staff-unknown", N_("没有这位工作人员，或者不归您管。"), status=404)
    try:
        member = await house.staff.member(whole(key))
    except Problem:
        raise unknown from None
    if not reach.touches(member):
        raise unknown
    return member


async def kept(house: House, reach: Reach, key: str) -> StaffMember:
    """Somebody who works here only and is not the visitor: whose account is ours to reset or to end."""
    member = await seen(house, reach, key)
    if member.id == reach.actor.staff:
        raise own_account()
    if not reach.covers(member):
        text = N_("这位工作人员在别处也有职务，账号请上级来管。没有改动。")
        raise Problem("staff-elsewhere", text, status=403)
    return member


def check_take(reach: Reach, member: StaffMember, post: Post) -> None:
    """Raise `Problem` unless a post may be taken: it is held, it is not the last, and not the visitor's own key."""
    if post not in member.posts:
        raise Problem("post-none", N_("这位工作人员没有这项职务，没有改动。"), status=404)
    if member.id == reach.actor.staff and post.role is Role.TOWNSHIP:
        raise own_account()
    if len(member.posts) == 1:
        raise Problem("post-last", N_("这是最后一项职务。不再来的话，请停用这个账号。"), status=409)


async def residents(house: House, regions: Sequence[int], name: str) -> Sequence[Found]:
    """The residents below some regions whom a name, pinyin or initials may mean."""
    found = [one for region in regions for one in await house.people.search(region, name)]
    return [one for one in found if one.person is not None]


async def note(house: House, reach: Reach, kind: ActKind, member: int) -> None:
    """Keep who changed an account. It stands at the township, whose supervisor reads it."""
    await house.acts.note(reach.actor, kind, reach.townships[0].id, member)


def own_account() -> Problem:
    """What to raise for somebody who would lock themselves out."""
    text = N_("自己的账号不能在这里停用或重设，免得把自己关在门外。改密码请到“改密码”。")
    return Problem("staff-own", text, status=409)


def place(reach: Reach, region: int) -> str:
    """A region as staff say it; a grid with its village."""
    found = reach.regions.get(region)
    if found is None:
        return _("别处")
    above = reach.regions.get(found.parent) if found.parent else None
    return f"{above.name} {found.name}" if above and found.level is Level.GRID else found.name
