"""From the village's own workbook to a draft, and the draft's rows: confirmed beside the cells they came from."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect, Template

from dezhi.core.draftparts import PARTS
from dezhi.core.draftrows import headings_of
from dezhi.core.drafts import Draft, DraftState, RowState
from dezhi.core.errors import Problem
from dezhi.core.programme_files import SHEET, ProgrammeFile, file_of, write_programme_file
from dezhi.core.programmes import Programme
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.service.house import House
from dezhi.service.sheetbooks import write_sheet_book
from dezhi.service.uploads import FILE_MAX
from dezhi.web import draftwords as says
from dezhi.web.draftforms import form_of_new, parts_of
from dezhi.web.draftsteps import head_of, need_draft, others_of
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.rendering import moment
from dezhi.web.respond import see_other, show, tell
from dezhi.web.township import desk
from dezhi.web.views import drafts as views
from dezhi.web.views.frame import Link, Option, Tell
from dezhi.web.visitors import AnyRequest, Visitor, need_village, villages_of, whole

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DECISIONS = {"keep": RowState.KEPT, "drop": RowState.DROPPED}


class DraftPages(Controller):
    """Beginning a draft, and its rows."""

    path = "/township/v/{code:str}/draft"

    @get("/")
    async def begin(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        return await _begin(request, house, visitor, village)

    @post("/")
    async def start(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]
    ) -> Template | Redirect:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        actor = visitor.need_staff(Role.TOWNSHIP)
        form = await request.form()
        try:
            draft = await _started(house, visitor, village, form, actor.staff)
        except Problem as problem:
            return await _begin(request, house, visitor, village, problem)
        return see_other(f"/township/v/{code}/draft/{draft.id}/rows")

    @get("/{key:int}/rows")
    async def rows(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], key: FromPath[int]
    ) -> Template:
        village, draft = await need_draft(house, visitor, code, key)
        return await _rows(request, house, visitor, village, draft)

    @post("/{key:int}/rows")
    async def decide(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], key: FromPath[int]
    ) -> Template | Redirect | Response[None]:
        """Keep what was ticked, then go where the button says: on, to a row's form, or, for one tick, nowhere."""
        village, draft = await need_draft(house, visitor, code, key)
        form = {name: value for name, value in (await request.form()).multi_items() if isinstance(value, str)}
        try:
            draft = await house.drafts.change(
                village.id, key, whole(form.get("edition", "")), lambda one: _decided(one, form)
            )
        except Problem as problem:
            draft = await house.drafts.find(village.id, key)
            return await _rows(request, house, visitor, village, draft, problem)
        if form.get("go") == "tick":
            return Response(None, status_code=204, headers={"X-Edition": str(draft.edition)})
        here = f"/township/v/{code}/draft/{key}/rows"
        if edit := whole(form.get("edit", "")):
            return see_other(f"{here}/{edit}")
        if new := form_of_new(form.get("new", ""), draft):
            return see_other(f"/township/v/{code}/draft/{key}/{new}")
        if form.get("go") == "sure" or draft.undecided() is not None:
            return see_other(here)
        return see_other(f"/township/v/{code}/draft/{key}/findings")

    @get("/file/{number:int}")
    async def file(
        self, house: TheHouse, visitor: TheVisitor, code: FromPath[str], number: FromPath[int]
    ) -> Response[bytes]:
        """A version as a file, to be taken to another village: rules alone, nobody's points (B-16)."""
        content = write_programme_file(await _version_file(house, visitor, code, number))
        headers = {"Content-Disposition": f'attachment; filename="programme-{code}-{number}.toml"'}
        return Response(content, media_type="application/toml", headers=headers)

    @get("/workbook/{number:int}")
    async def workbook(
        self, house: TheHouse, visitor: TheVisitor, code: FromPath[str], number: FromPath[int]
    ) -> Response[bytes]:
        """A version as a workbook, to be changed by hand and uploaded again."""
        file = await _version_file(house, visitor, code, number)
        content = write_sheet_book(file, house.plugins.kind_of(SHEET))
        headers = {"Content-Disposition": f'attachment; filename="programme-{code}-{number}.xlsx"'}
        return Response(content, media_type=WORKBOOK, headers=headers)

    @post("/{key:int}/others")
    async def others(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], key: FromPath[int]
    ) -> Redirect:
        """Let the sheet take the place of what is used now, or stand beside it."""
        village, _draft = await need_draft(house, visitor, code, key)
        form = await request.form()
        wanted, edition = form.get("others") == "yes", whole(str(form.get("edition", "")))
        await house.drafts.use_others(village.id, key, edition, wanted=wanted)
        return see_other(f"/township/v/{code}/draft/{key}/rows")

    @post("/{key:int}/discard")
    async def discard(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], key: FromPath[int]
    ) -> Redirect:
        village, draft = await need_draft(house, visitor, code, key)
        await house.drafts.discard(village.id, key)
        tell(request, Tell(text=_("草稿“%(title)s”丢掉了。点错了可以在下面拿回来。") % {"title": draft.title}))
        return see_other(f"/township/v/{code}/draft")

    @post("/{key:int}/restore")
    async def restore(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], key: FromPath[int]
    ) -> Redirect:
        village, draft = await need_draft(house, visitor, code, key)
        await house.drafts.restore(village.id, key)
        tell(request, Tell(text=_("草稿“%(title)s”拿回来了。") % {"title": draft.title}))
        return see_other(f"/township/v/{code}/draft")


async def _version_file(house: House, visitor: Visitor, code: str, number: int) -> ProgrammeFile:
    """A version of a village's rules as a file. Raises Problem `programme-unknown` (404)."""
    village = await need_village(house, visitor, code, Role.TOWNSHIP)
    history = await house.programmes.history(village.id)
    found = next((one for one in history if one.version == number), None)
    if found is None:
        raise Problem("programme-unknown", N_("没有这个方案。"), status=404)
    return file_of(found.title, found.document)


# ── beginning ──


async def _started(house: House, visitor: Visitor, village: Region, form: Any, staff: int) -> Draft:
    """The draft that a beginning asks for. Raises `Problem` for a file that cannot be read, or nothing chosen."""
    way = form.get("way")
    if way == "current":
        latest = await _latest(house, village)
        if latest is None:
            raise Problem("no-programme", N_("这个村还没有方案，请先选一套办法。"), status=409)
        text = _("第%(n)s版") % {"n": latest.version}
        return await house.drafts.from_version(village.id, latest, staff, source=text)
    if way == "model":
        model = await house.programmes.version(whole(str(form.get("model", ""))))
        place = next((one for one in await villages_of(house, visitor, Role.TOWNSHIP) if one.id == model.village), None)
        if place is None:
            raise Problem("programme-unknown", N_("没有这个方案。"), status=404)
        text = _("%(village)s第%(n)s版") % {"village": place.name, "n": model.version}
        return await house.drafts.from_version(village.id, model, staff, source=text)
    plugin = str(form.get("plugin") or next(iter(house.plugins.readers()), ""))
    if way == "empty":
        return await house.drafts.from_nothing(village.id, plugin, staff)
    return await house.drafts.from_file(village.id, plugin, *await uploaded(form.get("file")), staff)


async def uploaded(file: object) -> tuple[str, bytes]:
    """An upload's name and content. Raises `Problem` for none, and for one that is larger than any sheet."""
    if not isinstance(file, UploadFile) or not file.filename:
        raise Problem("sheet-none", N_("还没有选文件。请选村里的积分细则表格。"), field="file")
    data = await file.read(FILE_MAX + 1)
    if len(data) > FILE_MAX:
        raise Problem("sheet-large", N_("文件太大，没有收下。请控制在5兆以内。"), status=413, field="file")
    return file.filename, data


async def _latest(house: House, village: Region) -> Programme | None:
    return next(iter(await house.programmes.history(village.id)), None)


async def _begin(
    request: AnyRequest, house: House, visitor: Visitor, village: Region, problem: Problem | None = None
) -> Template:
    latest = await _latest(house, village)
    models = []
    for other in await villages_of(house, visitor, Role.TOWNSHIP):
        ruling = await house.programmes.in_force(other.id) if other.id != village.id else None
        if ruling is not None:
            models.append(Option(value=str(ruling.id), text=f"{other.name} · {_(ruling.title)}"))
    view = views.Begin(
        code=village.code,
        village=village.name,
        drafts=await kept_drafts(house, village),
        readers=tuple(
            Option(value=name, text=_(house.plugins.title(name)), chosen=number == 0)
            for number, name in enumerate(house.plugins.readers())
        ),
        current=f"{_(latest.title)} · {_('第%(n)s版') % {'n': latest.version}}" if latest else "",
        models=tuple(models),
        news=await model_news(house, latest),
        error=problem.say(_) if problem else "",
    )
    page = await desk(request, house, visitor, village)
    return show("township/draft_begin.html", page, view, status=problem.status if problem else 200)


async def model_news(house: House, latest: Programme | None) -> tuple[Link, ...]:
    """The programme this one was copied from has a newer version: an offer to look at it, never a change (RU-03)."""
    newer = await house.drafts.newer_model(latest) if latest else None
    if newer is None:
        return ()
    place = await house.places.region(newer.village)
    text = _("%(village)s的方案出了第%(n)s版。做一份草稿，比一比再定。") % {"village": place.name, "n": newer.version}
    return (Link(href=str(newer.id), text=text),)


async def kept_drafts(house: House, village: Region) -> tuple[views.Kept, ...]:
    """The open drafts of a village, then those thrown away lately."""
    found = [*await house.drafts.open(village.id), *await house.drafts.discarded(village.id)]
    return tuple(_kept(village, one) for one in found)


def _kept(village: Region, draft: Draft) -> views.Kept:
    left = len(draft.rows_in(RowState.OPEN))
    about = _("%(kept)s条已确认，%(left)s条还没看") % {"kept": len(draft.rows_in(RowState.KEPT)), "left": left}
    return views.Kept(
        href=f"/township/v/{village.code}/draft/{draft.id}/" + ("rows" if draft.field else "findings"),
        title=draft.title,
        about=_("；").join(
            part for part in (draft.source, about if draft.field else "", moment(draft.saved_at)) if part
        ),
        saved_at=draft.saved_at,
        key=str(draft.id),
        discarded=draft.state is DraftState.DISCARDED,
    )


# ── rows ──


def _decided(draft: Draft, form: dict[str, str]) -> Draft:
    for word, state in _DECISIONS.items():
        draft = draft.decided(
            (whole(name[4:]) for name, value in form.items() if name[:4] == "row." == name[:4] and value == word), state
        )
    return draft.decided(draft.sure(), RowState.KEPT) if form.get("go") == "sure" else draft


async def _rows(
    request: AnyRequest, house: House, visitor: Visitor, village: Region, draft: Draft, problem: Problem | None = None
) -> Template:
    headings = headings_of(draft)
    view = views.Rows(
        head=head_of(village, draft, "rows"),
        rows=tuple(says.row_view(draft, one, headings) for one in draft.rows if one.into not in PARTS),
        parts=parts_of(house, draft, headings),
        open=len(draft.rows_in(RowState.OPEN)),
        kept=len(draft.rows_in(RowState.KEPT)),
        dropped=len(draft.rows_in(RowState.DROPPED)),
        sure=len(draft.sure()),
        passed_over=tuple(map(_, draft.passed_over)),
        besides=says.besides_view(draft),
        others=await others_of(house, draft),
        editable=bool(draft.field),
        error=problem.say(_) if problem else "",
    )
    page = await desk(request, house, visitor, village)
    return show("township/draft_rows.html", page, view, status=problem.status if problem else 200)
