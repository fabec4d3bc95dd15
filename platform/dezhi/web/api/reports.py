"""The plugins' own tables and pages, and what the calendar booked."""

from datetime import date
from typing import Annotated

from litestar import Controller
from litestar.params import PathParameter, QueryParameter
from msgspec import Meta

from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.plugin import Heading, Onward, Paragraph, Rows
from dezhi.plugin.manifest import NAME_PATTERN
from dezhi.web.api.calls import read
from dezhi.web.api.kinds import DAY, Answer, HouseholdId, VillagePath
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate
from dezhi.web.reports import asked_for, said
from dezhi.web.visitors import need_village

PluginPath = Annotated[str, PathParameter(pattern=NAME_PATTERN, max_length=48, description="A plugin's name.")]
PagePath = Annotated[str, PathParameter(pattern=NAME_PATTERN, max_length=48, description="The rest of its address.")]
Year = Annotated[int | None, QueryParameter(ge=2000, le=2200, description="Left out: this year.")]
Grid = Annotated[
    str | None, QueryParameter(pattern=r"^[0-9]{1,6}$", description="A grid's number; left out: the whole village.")
]
Words = Annotated[str, Meta(description="In the reader's language.", examples=["Month"])]


class TableOf(Answer, frozen=True, kw_only=True):
    """One table as it would be printed."""

    plugin: Annotated[str, Meta(description="Whose it is.", examples=["dezhi-volunteer"])]
    code: Annotated[str, Meta(description="Its code.", examples=["hours-by-month"])]
    title: Words
    about: Annotated[str, Meta(description="What the figures are.", examples=[""])]
    columns: list[Words]
    rows: Annotated[list[list[str | int]], Meta(description="As many cells each as columns.", examples=[[]])]


class ReportsOf(Answer, frozen=True, kw_only=True):
    """What the plugins make of a year. Sums of fewer than five households are in no table."""

    tables: list[TableOf]
    troubles: Annotated[list[str], Meta(description="Why a plugin made none.", examples=[[]])]


class LeftOf(Answer, frozen=True, kw_only=True):
    """A household for which nothing was booked."""

    household: HouseholdId
    why: Annotated[str, Meta(description="In Chinese, as it was refused.", examples=["没有记上"])]


class DueOf(Answer, frozen=True, kw_only=True):
    """What the calendar made due on a day."""

    on: Annotated[date, Meta(description="The day.", examples=[DAY])]
    item: Annotated[str, Meta(description="The item.", examples=["dezhi-safe-family/family-base"])]
    booked: Annotated[int, Meta(ge=0, description="For so many households.", examples=[380])]
    left: list[LeftOf]


class DaysOf(Answer, frozen=True, kw_only=True):
    """The newest days on which something was due, the newest first."""

    due: list[DueOf]
    troubles: Annotated[list[str], Meta(description="What could not be asked, in Chinese.", examples=[[]])]


class BlockOf(Answer, frozen=True, kw_only=True):
    """A piece of a page."""

    kind: Annotated[str, Meta(description="heading, paragraph, rows or onward.", examples=["paragraph"])]
    text: Annotated[str, Meta(description="Empty for rows.", examples=[""])]
    path: Annotated[str | None, Meta(description="Where a way on leads.", examples=[None])]
    rows: Annotated[list[list[str]], Meta(description="The columns' titles, then the rows.", examples=[[]])]


class PageOf(Answer, frozen=True, kw_only=True):
    """A page of a plugin's own, as everybody may read it."""

    title: Words
    blocks: list[BlockOf]


class ReportCalls(Controller):
    """Tables, days and pages."""

    path = "/villages/{village:str}"
    tags = ("Villages",)

    @read("/reports", Scope.READ, "list_reports", "The plugins' own tables of a year")
    async def reports(
        self, house: TheHouse, visitor: TheVisitor, village: VillagePath, year: Year = None, grid: Grid = None
    ) -> ReportsOf:
        place = await need_village(house, visitor, village, *Role)
        which, part = await asked_for(house, place, (str(year or ""), grid or ""))
        found = await house.reports.of(place, which, part)
        return ReportsOf(
            tables=[
                TableOf(
                    plugin=report.plugin,
                    code=table.code,
                    title=table.title,
                    about=table.about,
                    columns=list(table.columns),
                    rows=[list(row) for row in table.rows],
                )
                for report in found
                for table in map(said, report.tables)
            ],
            troubles=[report.problem.say(translate) for report in found if report.problem is not None],
        )

    @read("/calendar", Scope.READ, "list_due_deeds", "What the calendar booked by itself, and what not")
    async def days(self, house: TheHouse, visitor: TheVisitor, village: VillagePath) -> DaysOf:
        place = await need_village(house, visitor, village, Role.TOWNSHIP, Role.SUPERVISOR)
        days = await house.reports.days(place)
        return DaysOf(
            due=[
                DueOf(
                    on=day.day,
                    item=one.item,
                    booked=one.booked,
                    left=[LeftOf(household=str(left.household), why=left.why) for left in one.left],
                )
                for day in days
                for one in day.told.due
            ],
            troubles=[text for day in days for text in day.told.troubles],
        )

    @read("/pages/{plugin:str}", Scope.READ, "get_plugin_page", "A plugin's own public page")
    async def page(self, house: TheHouse, visitor: TheVisitor, village: VillagePath, plugin: PluginPath) -> PageOf:
        return await self._page(house, visitor, village, plugin, "")

    @read("/pages/{plugin:str}/{path:str}", Scope.READ, "get_plugin_subpage", "Another page of a plugin's")
    async def subpage(
        self, house: TheHouse, visitor: TheVisitor, village: VillagePath, plugin: PluginPath, path: PagePath
    ) -> PageOf:
        return await self._page(house, visitor, village, plugin, path)

    @staticmethod
    async def _page(house: TheHouse, visitor: TheVisitor, village: str, plugin: str, path: str) -> PageOf:
        place = await need_village(house, visitor, village, *Role)
        found = await house.sentences.page(await house.public.sheet(place), plugin, path)
        return PageOf(title=translate(found.title), blocks=[_block(one) for one in found.blocks])


def _block(block: Heading | Paragraph | Rows | Onward) -> BlockOf:
    if isinstance(block, Rows):
        rows = [[translate(cell) for cell in row] for row in (block.columns, *block.rows)]
        return BlockOf(kind="rows", text="", path=None, rows=rows)
    kind = type(block).__name__.lower()
    path = block.path if isinstance(block, Onward) else None
    return BlockOf(kind=kind, text=translate(block.text), path=path, rows=[])
