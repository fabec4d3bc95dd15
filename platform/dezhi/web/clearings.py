"""Year clearings: announce, print the notice for the wall, look at the preview, do it, and take it back as a whole."""

from collections.abc import Sequence
from datetime import date

from litestar import Controller, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.acts import ActKind
from dezhi.core.calendar import today
from dezhi.core.clearings import Clearing, ClearingState, Share
from dezhi.core.errors import Problem
from dezhi.core.events import HolderId
from dezhi.core.keeping import Lapse
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_, counted
from dezhi.service.house import House
from dezhi.web import words
from dezhi.web.clerk import staff_names
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.rendering import day, num
from dezhi.web.respond import see_other, show, tell
from dezhi.web.township import desk
from dezhi.web.views import clearings as views
from dezhi.web.views.frame import Option, Tell
from dezhi.web.visitors import AnyRequest, Visitor, need_village, whole

STATES = {
    ClearingState.DONE: N_("清好了"),
    ClearingState.UNDONE: N_("整批撤销了"),
    ClearingState.CALLED_OFF: N_("公告后取消了"),
}


class AnnounceForm(Form):
    """Which year's points end, and when."""

    year: str = ""
    due: str = ""


class ExecuteForm(Form):
    """The preview that was looked at."""

    mark: str = ""


class UndoForm(Form):
    """Why everything is given back."""

    reason: str = ""


class NoForm(Form):
    """The address says all."""


class ClearingPages(Controller):
    """The clearings of one village."""

    path = "/township/v/{code:str}/clearing"

    @get()
    async def page(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        return await _page(request, house, visitor, village)

    @post()
    async def announce(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        data: URLEncodedBody[AnnounceForm],
    ) -> Template | Redirect:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        actor = visitor.need_staff(Role.TOWNSHIP)
        try:
            made = await house.clearings.announce(village, whole(data.year), _due(data.due), actor)
        except Problem as problem:
            return await _page(request, house, visitor, village, problem)
        await house.acts.note(actor, ActKind.CLEARING_ANNOUNCED, village.id, made.id)
        done = _("公告好了：%(day)s办。请把公告印出来贴到墙上。") % {"day": day(made.due)}
        tell(request, Tell(text=done))
        return see_other(f"/township/v/{code}/clearing/{made.id}/notice")

    @get("/{key:str}/notice")
    async def notice(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], key: FromPath[str]
    ) -> Template:
        """The announcement, to print for the wall."""
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        clearing = await house.clearings.one(village.id, whole(key))
        sheet = await house.sheets.in_force(village.id, today(house.clock()))
        view = views.Notice(
            village=village.name,
            code=code,
            programme=_(sheet.programme.title),
            resolution=words.resolution(sheet.programme.resolution),
            year=clearing.year,
            due=clearing.due,
            announced_on=today(clearing.announced_at),
        )
        return show("township/clearing_notice.html", await desk(request, house, visitor, village), view)

    @post("/{key:str}/execute")
    async def execute(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        key: FromPath[str],
        data: URLEncodedBody[ExecuteForm],
    ) -> Template | Redirect:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        actor = visitor.need_staff(Role.TOWNSHIP)
        try:
            clearing = await house.clearings.one(village.id, whole(key))
            made = await house.clearings.execute(clearing, data.mark, actor)
        except Problem as problem:
            return await _page(request, house, visitor, village, problem)
        await house.acts.note(actor, ActKind.CLEARING_MADE, village.id, clearing.id)
        return await _ended(request, house, village, made)

    @post("/{key:str}/go-on")
    async def go_on(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        key: FromPath[str],
        data: URLEncodedBody[NoForm],
    ) -> Template | Redirect:
        """Book the rest of what was stopped half way."""
        del data
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        try:
            made = await house.clearings.go_on(await house.clearings.one(village.id, whole(key)))
        except Problem as problem:
            return await _page(request, house, visitor, village, problem)
        return await _ended(request, house, village, made)

    @post("/{key:str}/undo")
    async def undo(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        key: FromPath[str],
        data: URLEncodedBody[UndoForm],
    ) -> Template | Redirect:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        actor = visitor.need_staff(Role.TOWNSHIP)
        try:
            clearing = await house.clearings.one(village.id, whole(key))
            undone = await house.clearings.undo(clearing, data.reason, actor)
        except Problem as problem:
            return await _page(request, house, visitor, village, problem)
        await house.acts.note(actor, ActKind.CLEARING_UNDONE, village.id, clearing.id)
        return await _ended(request, house, village, undone)


def _due(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text.strip() else None
    except ValueError:
        raise Problem("day", N_("没有公告：日期看不懂，请写成 2026-12-31 的样子。"), field="due") from None


async def _ended(request: AnyRequest, house: House, village: Region, clearing: Clearing) -> Redirect:
    """Say what became of it."""
    if clearing.state is ClearingState.CALLED_OFF:
        tell(request, Tell(text=_("取消了这次清零，分一点没有动。请把墙上的公告也撤下来。")))
    elif clearing.state is ClearingState.ANNOUNCED:
        text = _("有几户的分在办的时候刚好变了，这几户没有清。请核对下面的数，再办一次。")
        tell(request, Tell(text=text, kind="warn"))
    else:
        preview = await house.clearings.preview(clearing)
        n, points = len(preview.shares), num(preview.total)
        if clearing.state is ClearingState.UNDONE:
            said = counted("撤销好了：%(n)s 户的 %(points)s 分都还了回去，到期的日子也和原来一样。", n, points=points)
        else:
            said = counted("清好了：%(n)s 户，一共 %(points)s 分。荣誉积分、志愿时和平安积分没有动。", n, points=points)
        tell(request, Tell(text=_(said)))
    return see_other(f"/township/v/{village.code}/clearing")


async def _page(
    request: AnyRequest, house: House, visitor: Visitor, village: Region, problem: Problem | None = None
) -> Template:
    now = today(house.clock())
    sheet = await house.sheets.in_force(village.id, now)
    found = await house.clearings.of_village(village.id)
    names = await staff_names(house, visitor, [_who(one) for one in found])
    view = views.Clearings(
        village=village.name,
        code=village.code,
        off=sheet.programme.document.keeping.lapse is not Lapse.YEAR,
        years=tuple(
            Option(value=str(year), text=str(year), chosen=year == now.year)
            for year in (now.year, now.year - 1)
            if all(one.year != year or not one.state.is_open for one in found)
        ),
        earliest=await house.clearings.earliest(village, now.year - 1),
        open=tuple([await _open(house, one, names, now) for one in found if one.state.is_open]),
        past=tuple([await _past(house, one, names) for one in found if not one.state.is_open]),
        error=problem.say(_) if problem else "",
    )
    page = await desk(request, house, visitor, village)
    return show("township/clearing.html", page, view, status=problem.status if problem else 200)


def _who(one: Clearing) -> int:
    return one.undone_by or one.decided_by or one.announced_by


async def _open(house: House, one: Clearing, names: dict[int, str], now: date) -> views.Open:
    preview = await house.clearings.preview(one)
    return views.Open(
        id=str(one.id),
        year=one.year,
        due=one.due,
        by=names[_who(one)],
        announced_at=one.announced_at,
        rows=await _rows(house, preview.shares),
        total=preview.total,
        mark=preview.mark,
        ready=now >= one.due,
        halfway=one.state is not ClearingState.ANNOUNCED,
    )


async def _rows(house: House, shares: Sequence[Share]) -> tuple[views.Row, ...]:
    homes = await house.clearings.homes(shares)
    people = await house.people.names([one.holder for one in shares if one.holder_kind == HolderId.PERSON])
    rows = []
    for share in shares:
        home = homes.get(share.holder)
        name = words.household(home.label) if home else people.get(share.holder, _("一户（已不在册）"))
        rows.append(views.Row(name=name, number=home.number if home else "", amount=share.amount))
    return tuple(sorted(rows, key=lambda row: (len(row.number), row.number, row.name)))


async def _past(house: House, one: Clearing, names: dict[int, str]) -> views.Past:
    called_off = one.state is ClearingState.CALLED_OFF
    shares = () if called_off else (await house.clearings.preview(one)).shares
    return views.Past(
        id=str(one.id),
        year=one.year,
        state=_(STATES[one.state]),
        when=today(one.undone_at or one.decided_at or one.announced_at),
        by=names[_who(one)],
        households=len(shares),
        total=sum(share.amount for share in shares),
        reason=one.undo_reason,
        undoable=one.state is ClearingState.DONE,
    )
