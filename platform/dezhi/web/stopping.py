"""Suspending a programme, and going back to a former version: a day, a look at what changes, done. Nothing is lost."""

from datetime import date

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.errors import Problem
from dezhi.core.programmes import Document, Programme, Suspension
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.service.house import House
from dezhi.web.changes import changes_of
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.programmes import changing
from dezhi.web.rendering import day
from dezhi.web.respond import see_other, show, tell
from dezhi.web.township import desk
from dezhi.web.views import drafts as views
from dezhi.web.views.frame import Tell
from dezhi.web.visitors import AnyRequest, Visitor, whole


class StopForm(Form):
    """From when, why, by whose decision; `sure` on the second page."""

    version: str = ""
    since: str = ""
    reason: str = ""
    decided_by: str = ""
    sure: str = ""


class StoppingPages(Controller):
    """Both in two steps."""

    path = "/township/v/{code:str}"

    @get("/suspend")
    async def ask_suspend(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]
    ) -> Template:
        village, latest, _actor = await changing(house, visitor, code)
        return await _page(request, house, visitor, village, _Stop(latest, None), await _first(house, latest))

    @post("/suspend")
    async def suspend(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        data: URLEncodedBody[StopForm],
    ) -> Template | Redirect:
        village, latest, _actor = await changing(house, visitor, code)
        return await _step(request, house, visitor, village, _Stop(latest, None), data)

    @get("/return/{number:int}")
    async def ask_return(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], number: FromPath[int]
    ) -> Template:
        village, latest, _actor = await changing(house, visitor, code)
        stop = _Stop(latest, await _former(house, village, number))
        return await _page(request, house, visitor, village, stop, await _first(house, latest))

    @post("/return/{number:int}")
    async def go_back(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        number: FromPath[int],
        data: URLEncodedBody[StopForm],
    ) -> Template | Redirect:
        village, latest, _actor = await changing(house, visitor, code)
        stop = _Stop(latest, await _former(house, village, number))
        return await _step(request, house, visitor, village, stop, data)


class _Stop:
    """What is to be done: suspend (`former` is None), or take a former version's rules again."""

    def __init__(self, latest: Programme, former: Programme | None) -> None:
        self.latest = latest
        self.former = former

    def document(self, data: StopForm) -> Document:
        if self.former is not None:
            return self.former.document
        words = Suspension(reason=data.reason.strip(), decided_by=data.decided_by.strip())
        return msgspec.structs.replace(self.latest.document, suspended=words)

    @property
    def source(self) -> Programme:
        """Whose title and resolution the new version has: a resolution is about the rules, and those are the same."""
        return self.former or self.latest


async def _former(house: House, village: Region, number: int) -> Programme:
    history = await house.programmes.history(village.id)
    found = next((one for one in history if one.version == number), None)
    if found is None or found.document.suspended is not None:
        raise Problem("programme-unknown", N_("没有这个方案。"), status=404)
    return found


async def _changes(house: House, village: Region, after: Programme) -> views.Changes:
    """What changes by it; against the rules before the suspension where there is one now."""
    before = await house.programmes.in_force(village.id)
    if before is None or before.document.suspended is None or after.document.suspended is not None:
        return changes_of(house, before, after, village.name, back=None)
    history = await house.programmes.history(village.id)
    last = next((one for one in history if one.version < before.version and one.document.suspended is None), None)
    found = changes_of(house, last, after, village.name, back=None)
    again = views.Change(kind="new", text=_("从这天起恢复记分。"))
    return msgspec.structs.replace(found, changes=(again, *found.changes))


async def _first(house: House, latest: Programme) -> StopForm:
    return StopForm(version=str(latest.version), since=(await house.programmes.earliest(latest.village)).isoformat())


async def _step(
    request: AnyRequest, house: House, visitor: Visitor, village: Region, stop: _Stop, data: StopForm
) -> Template | Redirect:
    """The second page; or, when that was sent, the new version."""
    do = house.programmes.adopt_whole if data.sure == "yes" else house.programmes.draft_whole
    try:
        after = await do(
            village.id,
            stop.document(data),
            title=stop.source.title,
            effective_from=_day(data.since),
            staff=visitor.need_staff(Role.TOWNSHIP).staff,
            resolution=stop.source.resolution,
            follows=whole(data.version),
        )
    except Problem as problem:
        return await _page(request, house, visitor, village, stop, data, problem=problem)
    if data.sure != "yes":
        return await _page(request, house, visitor, village, stop, data, after=after)
    values = {"day": day(after.effective_from), "n": stop.source.version}
    text = _("%(day)s起恢复第%(n)s版。") if stop.former else _("%(day)s起暂停，不记分。要恢复，在各版里选一版。")
    tell(request, Tell(text=text % values, more=(_("以前的各版和记录都留着。"),)))
    return see_other(f"/township/v/{village.code}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Problem("day", N_("没有存上：日期看不懂，请重新选一天。"), field="since") from None


async def _page(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    village: Region,
    stop: _Stop,
    data: StopForm,
    *,
    after: Programme | None = None,
    problem: Problem | None = None,
) -> Template:
    number = stop.source.version
    if stop.former is not None:
        heading = _("恢复第%(n)s版") % {"n": number}
        about = _("从选的这天起，重新按第%(n)s版记分：存成新的一版，别的版本都留着。") % {"n": number}
        button, action = _("确定，恢复第%(n)s版") % {"n": number}, f"return/{number}"
    else:
        heading, button, action = _("暂停"), _("确定，从这天起暂停"), "suspend"
        about = _("从选的这天起不记分。存折、兑换、查账都照常，一分不少；随时可以恢复。")
    changes = await _changes(house, village, after) if after else None
    shown = (
        {"since": data.since}
        if stop.former
        else {name: getattr(data, name) for name in ("since", "reason", "decided_by")}
    )
    view = views.Stopping(
        code=village.code,
        village=village.name,
        action=f"/township/v/{village.code}/{action}",
        heading=heading,
        about=about,
        button=button,
        values=shown,
        earliest=await house.programmes.earliest(village.id),
        reasons=stop.former is None,
        changes=changes,
        version=whole(data.version),
        error=problem.say(_) if problem else "",
        field={"effective_from": "since"}.get(problem.field or "", problem.field or "") if problem else "",
    )
    page = await desk(request, house, visitor, village)
    return show("township/stopping.html", page, view, status=problem.status if problem else 200)
