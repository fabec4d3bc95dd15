"""What was decided by analogy with the sheet, for all staff of a village; the township makes rules of it (RU-19)."""

from collections.abc import Iterable

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from dezhi.core.errors import Problem
from dezhi.core.precedents import Precedent, by_analogy, proposals
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.service.house import House
from dezhi.service.precedents import YEAR
from dezhi.web import words
from dezhi.web.clerk import clerk_frame
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.respond import frame, see_other, show, tell
from dezhi.web.township import desk
from dezhi.web.views import precedents as views
from dezhi.web.views.frame import Link, Option, Page, Tell
from dezhi.web.visitors import AnyRequest, Visitor, need_village, whole


class TownshipPrecedents(Controller):
    """For the township, which also makes drafts of rules of them."""

    path = "/township/v/{code:str}/precedents"

    @get()
    async def page(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        return await _township(request, house, visitor, village)

    @post()
    async def propose(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]
    ) -> Template | Redirect:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        staff = visitor.need_staff(Role.TOWNSHIP).staff
        form = await request.form()
        seq, draft = (whole(str(form.get(name, ""))) for name in ("decision", "draft"))
        try:
            made = await house.precedents.propose(village.id, seq, draft or None, staff)
        except Problem as problem:
            return await _township(request, house, visitor, village, problem)
        title = made.rows[-1].title
        tell(request, Tell(text=_("“%(title)s”放进草稿了，还要您确认。村民表决以后才起用。") % {"title": title}))
        return see_other(f"/township/v/{code}/draft/{made.id}/rows#r-{made.rows[-1].id}")


class RoundPrecedents(Controller):
    """For the village's clerks: like cases are to be treated alike."""

    path = "/round/precedents/{code:str}"

    @get()
    async def page(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        village = await need_village(house, visitor, code, Role.CLERK)
        back = Link(href="/round", text=_("回到今天"))
        return await _show(house, village, await clerk_frame(request, house, visitor, "/round", village), back)


class JournalPrecedents(Controller):
    """For the supervisor, who finds each entry in the journal."""

    path = "/journal/precedents/{code:str}"

    @get()
    async def page(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        village = await need_village(house, visitor, code, Role.SUPERVISOR)
        back = Link(href="/journal", text=_("回到监督账"))
        return await _show(house, village, await frame(request, house, visitor, village), back)


async def precedent_links(house: House, villages: Iterable[Region], below: str) -> tuple[Link, ...]:
    """The way to the log of each village whose sheet lets something be decided by analogy."""
    return tuple(
        [
            Link(href=f"{below}/{village.code}", text=_("%(village)s的比照记录") % {"village": village.name})
            for village in villages
            if await _can_record(house, village)
        ]
    )


async def _can_record(house: House, village: Region) -> bool:
    sheet = await house.sheets.find(village.id, house.programmes.today())
    return sheet is not None and any(by_analogy(item) for item in sheet.items.values())


async def _township(
    request: AnyRequest, house: House, visitor: Visitor, village: Region, problem: Problem | None = None
) -> Template:
    back = Link(href=f"/township/v/{village.code}", text=_("回到方案"))
    page = await desk(request, house, visitor, village)
    return await _show(house, village, page, back, f"/township/v/{village.code}/precedents", problem)


async def _show(
    house: House, village: Region, page: Page, back: Link, action: str = "", problem: Problem | None = None
) -> Template:
    found = await house.precedents.lately(village.id)
    names = {key: (await house.staff.member(key)).name for key in {one.by for one in found}}
    drafts = await house.precedents.drafts(village.id) if action else ()
    view = views.Precedents(
        village=village.name,
        since=house.programmes.today() - YEAR,
        decisions=tuple(_decision(one, names) for one in reversed(found)),
        proposals=tuple(
            views.Proposal(
                key=str(one.first.seq),
                title=one.first.why,
                about=_("照“%(like)s”定过%(times)s次，给过%(gave)s")
                % {"like": one.first.like_title, "times": one.times, "gave": _gave(one.first)},
            )
            for one in proposals(found)
        ),
        action=action,
        drafts=(
            Option(value="", text=_("照现在的方案新做一份")),
            *(Option(value=str(one.id), text=_("草稿“%(title)s”") % {"title": one.title}) for one in drafts),
        ),
        can_record=await _can_record(house, village),
        back=back,
        error=problem.say(_) if problem else "",
    )
    return show("work/precedents.html", page, view, status=problem.status if problem else 200)


def _gave(one: Precedent) -> str:
    return words.quantity(one.asset, one.points)


def _decision(one: Precedent, names: dict[int, str]) -> views.Decision:
    return views.Decision(
        on=one.on, why=one.why, like=one.like_title, gave=_gave(one), by=names[one.by], entry=str(one.seq)
    )
