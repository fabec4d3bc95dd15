"""The township's desk: its villages in the order of their codes, and new villages and grids."""

from litestar import Controller, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.errors import Problem
from dezhi.core.regions import CODED, Level, Region
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.service.house import House
from dezhi.web import words
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.respond import frame, see_other, show, tell
from dezhi.web.views import setup as setup_views, township as views
from dezhi.web.views.frame import Link, Page, Tell
from dezhi.web.visitors import AnyRequest, Visitor, need_village, villages_of

GRIDS_MAX = 200
"""Grids of one village in one form; a village of 6,000 households has about 120."""


class VillageForm(Form):
    """A new village; `grids` are names, one a line."""

    name: str = ""
    code: str = ""
    grids: str = ""


class GridForm(Form):
    """One more grid."""

    name: str = ""


class TownshipPages(Controller):
    """The villages."""

    path = "/township"

    @get("/")
    async def villages(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor) -> Template:
        visitor.need_staff(Role.TOWNSHIP)
        villages = await villages_of(house, visitor, Role.TOWNSHIP)
        view = views.Home(villages=tuple([await _row(house, village) for village in villages]))
        return show("township/home.html", await desk(request, house, visitor), view)

    @get("/villages/new")
    async def new(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor) -> Template:
        return await _village_form(request, house, visitor, VillageForm())

    @post("/villages/new")
    async def create(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, data: URLEncodedBody[VillageForm]
    ) -> Template | Redirect:
        visitor.need_staff(Role.TOWNSHIP)
        try:
            township = await township_of(house, visitor, data.code.strip())
            village = await house.places.open_village(township.id, data.code.strip(), data.name, _lines(data.grids))
        except Problem as problem:
            return await _village_form(request, house, visitor, data, problem)
        tell(request, Tell(text=_("%(village)s建好了。接着收花名册。") % {"village": village.name}))
        return see_other(f"/township/v/{village.code}/roster")

    @get("/v/{code:str}/done")
    async def done(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        programme = await house.programmes.in_force(village.id)
        names = programme.document.plugins if programme else {}
        view = setup_views.Done(
            village=village.name,
            code=code,
            households=await house.people.count_below(village.id),
            plugins=tuple(_(house.plugins.title(name)) for name in names),
            cards_href=f"/township/v/{code}/cards",
            public_href=f"/v/{code}",
        )
        return show("setup/done.html", await desk(request, house, visitor, village), view)

    @post("/v/{code:str}/grids")
    async def add_grid(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        data: URLEncodedBody[GridForm],
    ) -> Redirect:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        try:
            grid = await house.places.add_grid(village.id, data.name)
        except Problem as problem:
            tell(request, Tell(text=problem.say(_), kind="wrong"))
        else:
            tell(request, Tell(text=_("%(village)s添了%(grid)s。") % {"village": village.name, "grid": grid.name}))
        return see_other(f"/township/v/{code}")


async def desk(request: AnyRequest, house: House, visitor: Visitor, place: Region | None = None) -> Page:
    """What stands around the township's pages; of one village, or of the visitor's first township."""
    if place is None:
        place = next(iter(await townships_of(house, visitor)), None)
    pages = {
        "/township": N_("各村"),
        "/township/villages/new": N_("建一个村"),
        "/township/staff": N_("工作人员"),
        "/township/tokens": N_("接口令牌"),
    }
    path = request.url.path.rstrip("/")
    here = next((href for href in pages if href != "/township" and path.startswith(href)), "/township")
    tabs = tuple(Link(href=href, text=_(text), current=href == here) for href, text in pages.items())
    return await frame(request, house, visitor, place, tabs=tabs)


async def townships_of(house: House, visitor: Visitor) -> list[Region]:
    """The townships whose villages and staff the visitor keeps, in code order."""
    found: dict[int, Region] = {}
    for region in visitor.regions(Role.TOWNSHIP):
        found |= {one.id: one for one in await house.places.tree(region) if one.level is Level.TOWNSHIP}
    return sorted(found.values(), key=lambda one: one.code)


async def township_of(house: House, visitor: Visitor, code: str) -> Region:
    """The visitor's township to which a village's code belongs. Raises `Problem` for a code of somewhere else."""
    width = CODED[Level.TOWNSHIP]
    mine = await townships_of(house, visitor)
    found = next((one for one in mine if code[:width] == one.code[:width]), None)
    if found is None:
        starts = "、".join(one.code[:width] for one in mine)
        text = N_("村的代码要写12位，前9位是您乡镇的（%(starts)s）。没有建村。")
        raise Problem("region-code", text, field="code", starts=starts)
    return found


def _lines(text: str) -> list[str]:
    """The grids as written, each once, empty lines left out."""
    names = list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines()))
    if len(names) > GRIDS_MAX:
        raise Problem("grids-many", N_("一次最多建%(most)s个网格。没有建村。"), field="grids", most=GRIDS_MAX)
    return [name for name in names if name]


async def _village_form(
    request: AnyRequest, house: House, visitor: Visitor, data: VillageForm, problem: Problem | None = None
) -> Template:
    visitor.need_staff(Role.TOWNSHIP)
    page = await desk(request, house, visitor)
    field = problem.field if problem and problem.field in {"name", "code", "grids"} else ""
    view = setup_views.Village(
        township=page.place,
        code=data.code,
        name=data.name,
        grids=data.grids,
        error=problem.say(_) if problem else "",
        field=field or "",
    )
    return show("setup/village.html", page, view, status=problem.status if problem else 200)


async def _row(house: House, village: Region) -> views.VillageRow:
    programme = await house.programmes.in_force(village.id)
    warnings: list[str] = []
    if programme is None:
        warnings.append(_("还没有方案，不能记分。"))
    else:
        warnings += [problem.say(_) for problem in house.plugins.absent(programme)]
        if not house.demo:
            warnings += map(_, programme.warnings())
    owed = await house.liabilities.of(village)
    return views.VillageRow(
        code=village.code,
        name=village.name,
        households=await house.people.count_below(village.id),
        programme=_(programme.title) if programme else "",
        version=programme.version if programme else 0,
        plugins=tuple(_(house.plugins.title(name)) for name in programme.document.plugins) if programme else (),
        warnings=tuple(warnings),
        owed=words.owed(owed) if owed else "",
    )
