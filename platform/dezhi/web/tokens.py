"""Tokens for programs: each member of staff makes their own; a township's administrators see and end those below."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from dezhi.core import calendar
from dezhi.core.calendar import ZONE
from dezhi.core.errors import Problem
from dezhi.core.regions import Level, Region
from dezhi.core.staff import Role, StaffMember
from dezhi.core.text import N_
from dezhi.core.tokens import LIFE_MAX, SCOPE_ROLES, Scope, Token
from dezhi.service.house import House
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.reach import Reach, reach_of
from dezhi.web.respond import frame, see_other, show, tell
from dezhi.web.township import desk
from dezhi.web.views import tokens as views
from dezhi.web.views.frame import Option, Page, Tell
from dezhi.web.visitors import AnyRequest, Visitor, whole

OWN, TOWNSHIP = "/staff/tokens", "/township/tokens"

SCOPE_WORDS = {
    Scope.READ: N_("查看"),
    Scope.AWARD: N_("记分和冲正"),
    Scope.REDEEM: N_("兑换和发奖品"),
    Scope.REGISTER: N_("改户册、收花名册"),
    Scope.CARD: N_("发卡和重设密码"),
    Scope.PROGRAMME: N_("改方案"),
    Scope.REGION: N_("建村和网格"),
    Scope.STAFF: N_("管工作人员"),
    Scope.TOKEN: N_("再做令牌"),
}
_LEVELS = {Level.TOWNSHIP, Level.VILLAGE, Level.GRID}


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """The form of a new token, as sent."""

    name: str = ""
    scopes: tuple[str, ...] = ()
    region: str = ""
    last_day: str = ""


class TokenPages(Controller):
    """Tokens: one page at two addresses, of which the township's shows more."""

    @get([OWN, TOWNSHIP])
    async def everything(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor) -> Template:
        return await _page(request, house, visitor, Typed(scopes=(Scope.READ.value,)))

    @post([OWN, TOWNSHIP])
    async def make(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor) -> Template:
        """Make one; its text is shown on this one answer."""
        actor = visitor.need_staff(*_roles(request))
        form = await request.form()
        texts = {name: one for name, one in form.items() if isinstance(one, str)}
        typed = Typed(
            name=texts.get("name", ""),
            scopes=tuple(one for one in form.getall("scope", []) if isinstance(one, str)),
            region=texts.get("region", ""),
            last_day=texts.get("last_day", ""),
        )
        try:
            scopes = {one for one in Scope if one.value in typed.scopes}
            region = whole(typed.region) if typed.region else None
            made = await house.tokens.make(actor, typed.name, scopes, _day(typed.last_day), region)
        except Problem as problem:
            return await _page(request, house, visitor, typed, problem=problem)
        return await _page(request, house, visitor, Typed(scopes=(Scope.READ.value,)), secret=made.text)

    @post([OWN + "/{key:str}/revoke", TOWNSHIP + "/{key:str}/revoke"])
    async def revoke(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, key: FromPath[str]) -> Redirect:
        """End one at once."""
        actor = visitor.need_staff(*_roles(request))
        token = await house.tokens.token(whole(key))
        if token.owner not in await owners(house, visitor):
            raise Problem("token-none", N_("没有这个令牌，或者它不归您管。"), status=404)
        await house.tokens.revoke(actor, token)
        tell(request, Tell(text=_(N_("作废了，那个程序马上不能用它。"))))
        return see_other(_action(request))


async def owners(house: House, visitor: Visitor) -> dict[int, StaffMember]:
    """Whose tokens the visitor may end: their own, and those of staff who work only below their township."""
    actor = visitor.need_staff(*Role)
    found = {actor.staff: actor.member}
    if visitor.regions(Role.TOWNSHIP):
        reach: Reach = await reach_of(house, visitor)
        for township in reach.townships:
            found |= {one.id: one for one in await house.staff.everybody(township.id) if reach.covers(one)}
    return found


def _action(request: AnyRequest) -> str:
    return TOWNSHIP if request.url.path.startswith(TOWNSHIP) else OWN


def _roles(request: AnyRequest) -> tuple[Role, ...]:
    return (Role.TOWNSHIP,) if _action(request) == TOWNSHIP else tuple(Role)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Problem("token-expiry", N_("到期日最早是今天，最晚一年以后。"), field="last_day") from None


async def _page(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    typed: Typed,
    *,
    secret: str = "",
    problem: Problem | None = None,
) -> Template:
    actor = visitor.need_staff(*_roles(request))
    shown = await owners(house, visitor) if _action(request) == TOWNSHIP else {actor.staff: actor.member}
    regions = await _regions(house, visitor)
    today = calendar.today(house.clock())
    roles = {post.role for post in actor.member.posts}
    view = views.Tokens(
        action=_action(request),
        tokens=tuple(
            [
                await _told(house, one, "" if one.owner == actor.staff else shown[one.owner].name)
                for one in await house.tokens.of_owners(shown)
            ]
        ),
        scopes=tuple(
            views.Choice(value=one.value, text=_(SCOPE_WORDS[one]), chosen=one.value in typed.scopes)
            for one in Scope
            if not SCOPE_ROLES[one].isdisjoint(roles)
        ),
        regions=(
            Option(value="", text=_(N_("和我一样"))),
            *(Option(value=str(one.id), text=one.name, chosen=str(one.id) == typed.region) for one in regions),
        ),
        earliest=today,
        latest=today + LIFE_MAX - timedelta(days=1),
        name=typed.name,
        last_day=_shown_day(typed.last_day),
        secret=secret,
        error=problem.say(_) if problem else "",
    )
    return show(
        "staff/tokens.html", await _frame(request, house, visitor), view, status=problem.status if problem else 200
    )


async def _frame(request: AnyRequest, house: House, visitor: Visitor) -> Page:
    if _action(request) == TOWNSHIP:
        return await desk(request, house, visitor)
    return await frame(request, house, visitor)


async def _regions(house: House, visitor: Visitor) -> Sequence[Region]:
    """Where a token can be confined to: the visitor's posts and what lies below them."""
    found: dict[int, Region] = {}
    for region in dict.fromkeys(visitor.regions(*Role)):
        found |= {one.id: one for one in await house.places.tree(region) if one.level in _LEVELS}
    return list(found.values())


async def _told(house: House, token: Token, owner: str) -> views.Token:
    now = house.clock()
    ended = ""
    if token.revoked_at is not None:
        ended = _(N_("已作废"))
    elif not token.lives(now):
        ended = _(N_("到期了"))
    return views.Token(
        id=str(token.id),
        name=token.name,
        owner=owner,
        scopes=tuple(_(SCOPE_WORDS[one]) for one in token.scopes),
        region=(await house.places.region(token.region)).name if token.region else "",
        last_day=(token.expires_at - timedelta(seconds=1)).astimezone(ZONE).date(),
        used=token.used_on,
        ended=ended,
    )


def _shown_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
