"""Statements of any two days, for the household itself and at the desk, to read and to print (LE-08)."""

from datetime import date, timedelta

from litestar import Controller, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from dezhi.core.calendar import today
from dezhi.core.errors import Problem
from dezhi.core.events import ASSET_OF
from dezhi.core.people import Household
from dezhi.core.periods import period_span
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.plugin import Window
from dezhi.service.house import House
from dezhi.service.statements import Part, Statement
from dezhi.web import words
from dezhi.web.clerk import clerk_frame
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.lines import line_view
from dezhi.web.respond import frame, show
from dezhi.web.views import statements as views
from dezhi.web.views.frame import Link
from dezhi.web.visitors import AnyRequest, need_household

ONE_DAY = timedelta(days=1)


class ResidentStatements(Controller):
    """The household's own statement."""

    path = "/me/statement"

    @get()
    async def statement(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        since: FromQuery[str] = "",
        until: FromQuery[str] = "",
    ) -> Template:
        home = visitor.need_resident().home
        view = await statement_view(
            house,
            home,
            (since, until),
            name=words.household(home.masked_label),
            action="/me/statement",
            back=Link(href="/me", text=_("回到存折")),
            entry_base="/me/entry/",
        )
        page = await frame(request, house, visitor, await house.places.region(home.village))
        return show("passbook/statement.html", page, view, status=422 if view.error else 200)


class DeskStatements(Controller):
    """The same at the desk, to print for whoever has no phone."""

    path = "/desk/{ref:str}/statement"

    @get()
    async def statement(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        ref: FromPath[str],
        since: FromQuery[str] = "",
        until: FromQuery[str] = "",
    ) -> Template:
        home = await need_household(house, visitor, ref, Role.CLERK)
        view = await statement_view(
            house,
            home,
            (since, until),
            name=words.household(home.label),
            action=f"/desk/{ref}/statement",
            back=Link(href=f"/desk/{ref}", text=_("回去")),
        )
        page = await clerk_frame(request, house, visitor, "/desk", await house.places.region(home.village))
        return show("passbook/statement.html", page, view, status=422 if view.error else 200)


async def statement_view(
    house: House,
    home: Household,
    typed: tuple[str, str],
    *,
    name: str,
    action: str,
    back: Link,
    entry_base: str = "",
) -> views.Statement:
    """The statement of the typed days; of this month where none or no days were typed, which it then says."""
    now = today(house.clock())
    month = period_span(Window.MONTH, now)
    since, until, error = _span(typed, month)
    try:
        told = await house.statements.of_household(home, since, until)
    except Problem as problem:
        error = problem.say(_)
        told = await house.statements.of_household(home, *month)
    titles = await _titles(house, told)
    return views.Statement(
        household=name,
        where=words.where(home.village_name, home.grid_name),
        number=home.number,
        since=told.since,
        until=told.until,
        closes=min(told.until, max(told.since, now)),
        known=house.clock(),
        accounts=tuple(_account(part, titles) for part in told.parts),
        spans=_spans(now, (told.since, told.until), action),
        action=action,
        back=back,
        entry_number=f"{told.book}-{told.seq}" if told.seq else "",
        entry_base=entry_base,
        error=error,
    )


def _span(typed: tuple[str, str], otherwise: tuple[date, date]) -> tuple[date, date, str]:
    if not any(typed):
        return *otherwise, ""
    try:
        return date.fromisoformat(typed[0]), date.fromisoformat(typed[1]), ""
    except ValueError:
        return *otherwise, _("日期看不懂，先给您看本月的。请写成 2026-11-22 的样子。")


def _spans(now: date, chosen: tuple[date, date], action: str) -> tuple[Link, ...]:
    """One tap each; the words stand for days that are counted from today."""
    found = []
    for window, this, last in (
        (Window.MONTH, N_("本月"), N_("上月")),
        (Window.QUARTER, N_("本季"), N_("上季")),
        (Window.YEAR, N_("今年"), N_("去年")),
    ):
        first = period_span(window, now)
        found += [(this, first), (last, period_span(window, first[0] - ONE_DAY))]
    return tuple(
        Link(href=f"{action}?since={span[0]}&until={span[1]}", text=_(text), current=span == chosen)
        for text, span in found
    )


async def _titles(house: House, told: Statement) -> dict[int, str]:
    """What the programmes are called, where a household that moved has accounts of several."""
    lineages = {part.programme for part in told.parts}
    if len(lineages) < 2:  # noqa: PLR2004
        return {}
    return {lineage: _(title) for lineage, title in (await house.programmes.titles(sorted(lineages))).items()}


def _account(part: Part, titles: dict[int, str]) -> views.Account:
    return views.Account(
        asset=ASSET_OF[part.asset],
        who=part.who,
        opening=part.opening,
        lines=tuple(line_view(line) for line in part.lines),
        closing=part.closing,
        gained=part.gained,
        lost=part.lost,
        pending=part.pending,
        pooled=tuple(line_view(line) for line in part.pooled),
        programme=titles.get(part.programme, ""),
    )
