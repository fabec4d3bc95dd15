"""The plugins' own tables for the township and the village's staff, on paper and as files."""

from collections.abc import Callable, Sequence

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from dezhi.core.calendar import today
from dezhi.core.errors import Problem
from dezhi.core.people import Household
from dezhi.core.regions import Region
from dezhi.core.schedules import Day
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.plugin import Table
from dezhi.service.house import House
from dezhi.service.reports import HOUSEHOLDS_LEAST, Report, csv_of
from dezhi.web import words
from dezhi.web.clerk import clerk_frame, homes_of
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.rendering import num
from dezhi.web.respond import show
from dezhi.web.township import desk
from dezhi.web.views import reports as views
from dezhi.web.views.frame import Link, Option
from dezhi.web.visitors import AnyRequest, need_village, whole

NOTHING = "–"
"""What plugins write where no figure can be listed."""
YEARS = 5
"""How many years back can be chosen."""


class TownshipReports(Controller):
    """A village's reports for its township."""

    path = "/township/v/{code:str}/reports"

    @get()
    async def page(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        year: FromQuery[str] = "",
        grid: FromQuery[str] = "",
    ) -> Template:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        back = Link(href=f"/township/v/{code}", text=_("回到方案"))
        homes = await house.people.list_below(village.id)
        view = await _view(house, village, (year, grid), f"/township/v/{code}/reports", back, homes)
        return show("reports/home.html", await desk(request, house, visitor, village), view)

    @get("/{plugin:str}/{table:str}")
    async def file(
        self,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        plugin: FromPath[str],
        table: FromPath[str],
        year: FromQuery[str] = "",
        grid: FromQuery[str] = "",
    ) -> Response[bytes]:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        return await _file(house, village, (year, grid), plugin, table)


class RoundReports(Controller):
    """The same for the village's own clerks; of one grid, its clerks read the names of its households alone."""

    path = "/round/reports/{code:str}"

    @get()
    async def page(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        year: FromQuery[str] = "",
        grid: FromQuery[str] = "",
    ) -> Template:
        village = await need_village(house, visitor, code, Role.CLERK)
        back = Link(href="/round", text=_("回到今天"))
        homes = await homes_of(house, visitor, village)
        view = await _view(house, village, (year, grid), f"/round/reports/{code}", back, homes)
        return show("reports/home.html", await clerk_frame(request, house, visitor, "/round", village), view)

    @get("/{plugin:str}/{table:str}")
    async def file(
        self,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        plugin: FromPath[str],
        table: FromPath[str],
        year: FromQuery[str] = "",
        grid: FromQuery[str] = "",
    ) -> Response[bytes]:
        village = await need_village(house, visitor, code, Role.CLERK)
        return await _file(house, village, (year, grid), plugin, table)


async def asked_for(house: House, village: Region, asked: tuple[str, str]) -> tuple[int, Region | None]:
    """The year and the grid that an address names, this year and the whole village otherwise. Raises `Problem` 404."""
    now = today(house.clock()).year
    year = whole(asked[0]) or now
    if not now - YEARS < year <= now:
        raise Problem("report-year", N_("只有最近几年的表。请另选一年。"), status=404)
    if not asked[1]:
        return year, None
    found = next((one for one in await house.places.grids(village.id) if one.code == asked[1]), None)
    if found is None:
        raise Problem("region-unknown", N_("没有找到这个网格，或者它不归您管。"), status=404)
    return year, found


async def _file(house: House, village: Region, asked: tuple[str, str], plugin: str, table: str) -> Response[bytes]:
    year, grid = await asked_for(house, village, asked)
    found = csv_of(said(await house.reports.table(village, year, grid, plugin, table)))
    name = "-".join(filter(None, (village.code, grid.code if grid else "", str(year), table)))
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(found, media_type="text/csv; charset=utf-8", headers=headers)


async def _view(
    house: House, village: Region, asked: tuple[str, str], action: str, back: Link, homes: Sequence[Household]
) -> views.Reports:
    year, grid = await asked_for(house, village, asked)
    now = today(house.clock()).year
    query = f"?year={year}" + (f"&grid={grid.code}" if grid else "")
    sheet = await house.sheets.find(village.id, today(house.clock()))
    everywhere = Option(value="", text=_("整个村"), chosen=grid is None)
    known = {home.id: home for home in homes}
    return views.Reports(
        village=village.name,
        year=year,
        grid=grid.name if grid else "",
        action=action,
        years=tuple(Option(value=str(one), text=str(one), chosen=one == year) for one in range(now, now - YEARS, -1)),
        grids=(
            everywhere,
            *(
                Option(value=one.code, text=one.name, chosen=one == grid)
                for one in await house.places.grids(village.id)
            ),
        ),
        back=back,
        least=HOUSEHOLDS_LEAST,
        reports=tuple(
            _report(one, _(house.plugins.title(one.plugin)), f"{action}/{one.plugin}/{{}}{query}")
            for one in await house.reports.of(village, year, grid)
        ),
        due=tuple(
            due
            for day in await house.reports.days(village)
            for due in _due(day, lambda code: _(sheet.title(code)) if sheet else code, known)
        ),
    )


def _report(report: Report, title: str, href: str) -> views.Report:
    if report.problem is not None:
        return views.Report(title=title, trouble=report.problem.say(_))
    return views.Report(title=title, tables=tuple(_table(one, href.format(one.code)) for one in report.tables))


def said(table: Table) -> Table:
    """A table in the reader's language."""
    return Table(
        code=table.code,
        title=_(table.title),
        columns=tuple(map(_, table.columns)),
        rows=tuple(tuple(_(cell) if isinstance(cell, str) else cell for cell in row) for row in table.rows),
        about=_(table.about) if table.about else "",
    )


def _table(table: Table, csv_href: str) -> views.Table:
    told = said(table)
    figures = [all(_is_figure(row[at]) for row in table.rows) for at in range(len(table.columns))]
    return views.Table(
        title=told.title,
        about=told.about,
        columns=tuple(
            views.Cell(text=text, figure=figure and bool(table.rows))
            for text, figure in zip(told.columns, figures, strict=True)
        ),
        rows=tuple(
            tuple(
                views.Cell(text=num(cell) if isinstance(cell, int) else cell, figure=figure)
                for cell, figure in zip(row, figures, strict=True)
            )
            for row in told.rows
        ),
        csv_href=csv_href,
    )


def _is_figure(cell: int | str) -> bool:
    return isinstance(cell, int) or cell == NOTHING or cell.replace(".", "", 1).isdecimal()


def _due(day: Day, title: Callable[[str], str], known: dict[int, Household]) -> list[views.Due]:
    found = [
        views.Due(
            day=day.day,
            title=title(one.item),
            booked=one.booked,
            left=tuple(
                views.Left(name=words.household(known[left.household].label), why=left.why)
                for left in one.left
                if left.household in known
            ),
        )
        for one in day.told.due
    ]
    troubles = [views.Due(day=day.day, title="", booked=0, trouble=text) for text in day.told.troubles]
    return [*found, *troubles]
