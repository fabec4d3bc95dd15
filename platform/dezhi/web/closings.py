"""Closing the books of past days for the whole township: what it means, which day, once more asked."""

from datetime import date, timedelta

from litestar import Controller, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.acts import ActKind
from dezhi.core.calendar import today
from dezhi.core.errors import Problem
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.service.house import House
from dezhi.web.clerk import need_key, new_key
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.rendering import day
from dezhi.web.respond import see_other, show, tell
from dezhi.web.township import desk
from dezhi.web.views import closings as views
from dezhi.web.views.frame import Tell
from dezhi.web.visitors import AnyRequest, Visitor, need_village

ONE_DAY = timedelta(days=1)


class CloseForm(Form):
    """Through which day."""

    key: str = ""
    through: str = ""


class ClosingPages(Controller):
    """The book that a village is in."""

    path = "/township/v/{code:str}/close"

    @get()
    async def page(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        return await _page(request, house, visitor, village)

    @post()
    async def close(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        data: URLEncodedBody[CloseForm],
    ) -> Template | Redirect:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        actor = visitor.need_staff(Role.TOWNSHIP)
        try:
            through = _through(data.through)
            seq = await house.closings.close(village.id, through, actor, need_key(data.key))
        except Problem as problem:
            return await _page(request, house, visitor, village, problem)
        await house.acts.note(actor, ActKind.PERIOD_CLOSED, village.id, seq)
        tell(request, Tell(text=_("结账好了：%(day)s和以前的账不能再记了。") % {"day": day(through)}))
        return see_other(f"/township/v/{code}/close")


def _through(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Problem("day", N_("没有结账：日期看不懂，请写成 2026-10-31 的样子。"), field="through") from None


async def _page(
    request: AnyRequest, house: House, visitor: Visitor, village: Region, problem: Problem | None = None
) -> Template:
    now = today(house.clock())
    view = views.Close(
        village=village.name,
        code=village.code,
        closed=await house.closings.closed_through(village.id),
        latest=now - ONE_DAY,
        proposed=now.replace(day=1) - ONE_DAY,
        key=new_key(),
        error=problem.say(_) if problem else "",
    )
    page = await desk(request, house, visitor, village)
    return show("township/close.html", page, view, status=problem.status if problem else 200)
