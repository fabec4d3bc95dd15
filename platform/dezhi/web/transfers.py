"""Passing volunteer hours on at the desk, where the programme allows it (LE-11)."""

from litestar import Controller, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.errors import Problem
from dezhi.core.people import Household
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.service.house import House
from dezhi.web import words
from dezhi.web.clerk import clerk_frame, need_key, new_key, whole
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.rendering import hours
from dezhi.web.respond import see_other, show, tell
from dezhi.web.views import transfers as views
from dezhi.web.views.frame import Option, Tell
from dezhi.web.visitors import AnyRequest, Visitor, need_household, whole as whole_id

POOL = "pool"


class TransferForm(Form):
    """Who gives how many minutes to whom; `taker` is a member or `pool`."""

    key: str = ""
    giver: str = ""
    taker: str = ""
    minutes: str = ""


class TransferPages(Controller):
    """One household's hours."""

    path = "/desk/{ref:str}/hours"

    @get()
    async def page(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, ref: FromPath[str]) -> Template:
        home = await need_household(house, visitor, ref, Role.CLERK)
        return await _page(request, house, visitor, home, TransferForm())

    @post()
    async def give(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        ref: FromPath[str],
        data: URLEncodedBody[TransferForm],
    ) -> Template | Redirect:
        actor = visitor.need_staff(Role.CLERK)
        home = await need_household(house, visitor, ref, Role.CLERK)
        try:
            minutes = whole(data.minutes, "minutes") or 0
            if not data.taker:
                raise Problem("taker-missing", N_("没有转：请选转给谁。"), field="taker")  # noqa: TRY301 - one way out
            taker = None if data.taker == POOL else whole_id(data.taker)
            await house.transfers.give(home, whole_id(data.giver), taker, minutes, actor, need_key(data.key))
        except Problem as problem:
            return await _page(request, house, visitor, home, data, problem)
        tell(request, Tell(text=_("转好了：%(time)s。两边的对账单上都有这一笔。") % {"time": hours(minutes)}))
        return see_other(f"/desk/{ref}")


async def _page(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    home: Household,
    typed: TransferForm,
    problem: Problem | None = None,
) -> Template:
    kin, pool = await house.transfers.takers(home)
    takers = [Option(value=str(one.person), text=one.name, chosen=str(one.person) == typed.taker) for one in kin]
    if pool:
        takers.append(Option(value=POOL, text=_("村里的志愿时池"), chosen=typed.taker == POOL))
    if takers:
        takers.insert(0, Option(value="", text=_("请选")))
    view = views.Transfer(
        ref=str(home.id),
        household=words.household(home.label),
        givers=tuple(
            Option(value=str(one.person), text=one.name, chosen=str(one.person) == typed.giver) for one in home.members
        ),
        takers=tuple(takers),
        key=new_key(),
        minutes=typed.minutes,
        error=problem.say(_) if problem else "",
    )
    page = await clerk_frame(request, house, visitor, "/desk", await house.places.region(home.village))
    return show("desk/hours.html", page, view, status=problem.status if problem else 200)
