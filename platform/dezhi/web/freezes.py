"""Freezing a household's points at the desk, and giving them free; nothing of it is public (LE-14)."""

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.calendar import from_micros, to_date
from dezhi.core.errors import Problem
from dezhi.core.people import Household
from dezhi.core.staff import Role
from dezhi.core.text import counted
from dezhi.service.house import House
from dezhi.service.journal import Told
from dezhi.store.freezes import Frozen
from dezhi.web import words
from dezhi.web.clerk import clerk_frame, need_key, new_key
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.rendering import short_day
from dezhi.web.respond import see_other, show, tell
from dezhi.web.views import freezes as views
from dezhi.web.views.frame import Tell
from dezhi.web.visitors import AnyRequest, Visitor, need_entry, need_household


class FreezeForm(Form):
    """Why, and of which entry; without one the whole account."""

    key: str = ""
    reason: str = ""
    entry: str = ""


class UnfreezeForm(Form):
    """Which freeze ends."""

    key: str = ""
    order: str = ""


class FreezePages(Controller):
    """One household's freezes."""

    path = "/desk/{ref:str}/freeze"

    @get()
    async def page(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        ref: FromPath[str],
        entry: FromQuery[str] = "",
    ) -> Template:
        home = await need_household(house, visitor, ref, Role.CLERK)
        return await _page(request, house, visitor, home, FreezeForm(entry=entry))

    @post()
    async def freeze(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        ref: FromPath[str],
        data: URLEncodedBody[FreezeForm],
    ) -> Template | Redirect:
        actor = visitor.need_staff(Role.CLERK)
        home = await need_household(house, visitor, ref, Role.CLERK)
        try:
            about = await need_entry(house, visitor, data.entry, Role.CLERK) if data.entry else None
            await house.freezes.freeze(home, data.reason, actor, need_key(data.key), about=about)
        except Problem as problem:
            return await _page(request, house, visitor, home, data, problem)
        text = _("冻结好了。%(who)s在存折上看得到原因；别人看不到。") % {"who": words.household(home.label)}
        tell(request, Tell(text=text))
        return see_other(f"/desk/{ref}/freeze")

    @post("/end")
    async def unfreeze(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        ref: FromPath[str],
        data: URLEncodedBody[UnfreezeForm],
    ) -> Template | Redirect:
        """Give free again, in one step."""
        actor = visitor.need_staff(Role.CLERK)
        home = await need_household(house, visitor, ref, Role.CLERK)
        try:
            await house.freezes.unfreeze(home, data.order, "", actor, need_key(data.key))
        except Problem as problem:
            return await _page(request, house, visitor, home, FreezeForm(), problem)
        tell(request, Tell(text=_("解冻了，分又能用了。")))
        return see_other(f"/desk/{ref}/freeze")


async def frozen_view(house: House, home: Household, one: Frozen) -> views.Frozen:
    """A freeze in words, for staff and for the household itself."""
    if one.whole:
        text = _("全部道德积分都先不能用，以后得的也一样")
    else:
        text = _(counted("%(n)s 分先不能用", one.amount))
        if one.about is not None:
            told = await house.journal.at(await house.sheets.book(home.village), one.about)
            text = _("%(points)s：%(entry)s") % {"points": text, "entry": _entry(told)}
    by = (await house.staff.member(one.by)).name if one.by else _("系统")
    return views.Frozen(text=text, reason=one.reason, by=by, at=from_micros(one.at), order=one.order)


def _entry(told: Told) -> str:
    return _("%(day)s「%(what)s」") % {"day": short_day(to_date(told.entry.event_day)), "what": _(told.title)}


async def _page(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    home: Household,
    typed: FreezeForm,
    problem: Problem | None = None,
) -> Template:
    visitor.need_staff(Role.CLERK)
    told = None
    if typed.entry:
        try:
            told = await need_entry(house, visitor, typed.entry, Role.CLERK)
        except Problem as unknown:
            problem = problem or unknown
    view = views.Freeze(
        ref=str(home.id),
        household=words.household(home.label),
        frozen=tuple([await frozen_view(house, home, one) for one in await house.freezes.of_household(home)]),
        key=new_key(),
        entry=str(told.ref) if told else "",
        about=_entry(told) if told else "",
        reason=typed.reason,
        error=problem.say(_) if problem else "",
    )
    page = await clerk_frame(request, house, visitor, "/desk", await house.places.region(home.village))
    return show("desk/freeze.html", page, view, status=problem.status if problem else 200)
