"""A village's roster: sent once, looked over, then taken in or left."""

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.acts import ActKind
from dezhi.core.errors import Problem
from dezhi.core.regions import Region
from dezhi.core.rosters import HouseholdRoster, Line
from dezhi.core.staff import Role
from dezhi.core.text import N_, counted
from dezhi.service.house import House
from dezhi.service.rosters import Preview
from dezhi.service.uploads import FILE_MAX
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.respond import see_other, show, tell
from dezhi.web.township import desk
from dezhi.web.views import setup as views
from dezhi.web.views.frame import Tell
from dezhi.web.visitors import AnyRequest, Visitor, need_village

SAMPLES = 12
"""Households shown of a roster that was read."""

ERRORS_MAX = 500
"""Faults shown at once; a sheet with more is mended from the top."""


class ConfirmForm(Form):
    """The preview that is confirmed."""

    preview: str = ""


class RosterPages(Controller):
    """The roster of one village."""

    path = "/township/v/{code:str}/roster"

    @get("/")
    async def form(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        return await _form(request, house, visitor, village)

    @get("/template")
    async def template(self, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Response[bytes]:
        await need_village(house, visitor, code, Role.TOWNSHIP)
        headers = {"Content-Disposition": 'attachment; filename="roster.csv"'}
        return Response(house.rosters.template(), media_type="text/csv; charset=utf-8", headers=headers)

    @post("/")
    async def look(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        actor = visitor.need_staff(Role.TOWNSHIP)
        try:
            roster = await house.rosters.read(await _bytes_of((await request.form()).get("file")))
            preview = await house.rosters.preview(village.id, roster)
        except Problem as problem:
            return await _form(request, house, visitor, village, problem)
        token = await house.previews.keep(actor.staff, village.id, roster)
        view = _previewed(village, roster, preview, token)
        return show("setup/roster.html", await desk(request, house, visitor, village), view)

    @post("/confirm")
    async def confirm(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        data: URLEncodedBody[ConfirmForm],
    ) -> Template | Redirect:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        actor = visitor.need_staff(Role.TOWNSHIP)
        try:
            roster = await house.previews.find(data.preview, actor.staff, village.id)
            await house.acts.note(actor, ActKind.ROSTER_TAKEN, village.id, village.id)
            done = await house.rosters.commit(village.id, roster)
        except Problem as problem:
            return await _form(request, house, visitor, village, problem)
        await house.previews.drop(data.preview)
        tell(request, Tell(text=_told(done), more=_left_out(done), kind="warn" if done.faults else "done"))
        has_programme = await house.programmes.in_force(village.id)
        return see_other(f"/township/v/{code}" + ("/done" if has_programme else "/start"))


async def _bytes_of(file: object) -> bytes:
    """The upload's content. Raises `Problem` for none, and for one that is larger than any roster."""
    if not isinstance(file, UploadFile) or not file.filename:
        raise Problem("sheet-none", N_("还没有选文件。请选一个 Excel(.xlsx）或 CSV 表格。"), field="file")
    data = await file.read(FILE_MAX + 1)
    if len(data) > FILE_MAX:
        raise Problem("sheet-large", N_("文件太大，没有收下。请控制在5兆以内。"), status=413, field="file")
    return data


async def _form(
    request: AnyRequest, house: House, visitor: Visitor, village: Region, problem: Problem | None = None
) -> Template:
    action = f"/township/v/{village.code}/roster"
    view = views.Roster(
        village=village.name,
        action=action,
        error=problem.say(_) if problem else "",
        template_href=f"{action}/template",
    )
    page = await desk(request, house, visitor, village)
    return show("setup/roster.html", page, view, status=problem.status if problem else 200)


def _previewed(village: Region, roster: HouseholdRoster, preview: Preview, token: str) -> views.Roster:
    return views.Roster(
        village=village.name,
        action=f"/township/v/{village.code}/roster",
        rows=preview.rows_read,
        good=preview.rows_in,
        known=preview.persons_known,
        households=preview.households_new,
        people=preview.persons_new,
        grids=preview.grids_new,
        without_head=preview.without_head,
        errors=tuple(views.RowError(row=one.row, text=one.problem().say(_)) for one in preview.faults[:ERRORS_MAX]),
        bad=len({one.row for one in preview.faults}),
        samples=_samples(roster.lines),
        token=token,
    )


def _samples(lines: tuple[Line, ...]) -> tuple[views.Sample, ...]:
    homes: dict[str, list[Line]] = {}
    for line in lines:
        if line.number in homes or len(homes) < SAMPLES:
            homes.setdefault(line.number, []).append(line)
    return tuple(
        views.Sample(
            number=number,
            grid=next((line.grid for line in found if line.grid), ""),
            head=next((line.name for line in found if line.is_head), found[0].name),
            people=len(found),
        )
        for number, found in homes.items()
    )


def _told(done: Preview) -> str:
    if not done.persons_new:
        return _("这份花名册里的人都已经在册，没有改动。")
    values = {"households": done.households_new, "people": done.persons_new}
    return _("收下了：新增%(households)s户、%(people)s人。") % values


def _left_out(done: Preview) -> tuple[str, ...]:
    bad = len({one.row for one in done.faults})
    return (_(counted("%(n)s行有问题，没有收；改好再传一次就行，已收的不会重复。", bad)),) if bad else ()
