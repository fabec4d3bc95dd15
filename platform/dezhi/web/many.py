"""One item for many households: all ticked, exceptions unticked, saved as one batch under one key."""

from collections.abc import Sequence
from itertools import groupby

from litestar import Controller, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath
from litestar.response import Redirect, Template

from dezhi.core.calendar import today
from dezhi.core.errors import Problem
from dezhi.core.people import Household
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_, counted, phrase
from dezhi.plugin import Ask
from dezhi.service.deeds import Asked, Recorded
from dezhi.service.house import House
from dezhi.web import words
from dezhi.web.awards import NOTE_MAX, choices, earliest, for_many
from dezhi.web.clerk import a_date, amounts_of, clerk_frame, homes_of, need_key, new_key, round_of, whole
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.rendering import short_day
from dezhi.web.respond import see_other, show
from dezhi.web.views import work
from dezhi.web.views.frame import Option
from dezhi.web.visitors import AnyRequest, Visitor, need_village

TAB = "/round/many"


class Many(Controller):
    """Many households at once. Items credited to a person are not offered: each needs a name."""

    path = TAB

    @get()
    async def first(self, house: TheHouse, visitor: TheVisitor) -> Redirect:
        """Go to the clerk's village, or the first of several."""
        villages = (await round_of(house, visitor)).villages
        return see_other(f"{TAB}/{villages[0].code}" if villages else "/round")

    @get("/{code:str}")
    async def page(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        village = await need_village(house, visitor, code, Role.CLERK)
        return await many_page(request, house, visitor, village)

    @post("/{code:str}")
    async def save(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        """Book the batch. The same draft sent again, from another tab or after a lost link, books nothing twice."""
        actor = visitor.need_staff(Role.CLERK)
        village = await need_village(house, visitor, code, Role.CLERK)
        form = await request.form()
        homes = {str(home.id): home for home in await homes_of(house, visitor, village)}
        wanted = list(dict.fromkeys(str(ref) for ref in form.getall("household", [])))
        try:
            key = need_key(_text(form, "key"))
            asked = await _asked(house, village, form, [homes[ref].id for ref in wanted if ref in homes])
            batch, done = await house.awards.record_for_each(asked, actor, key)
        except Problem as problem:
            return await many_page(request, house, visitor, village, typed=form, problem=problem)
        strangers = sum(ref not in homes for ref in wanted)
        view = await _many_done(house, village, homes, asked[0], done, strangers, batch)
        return show("work/many_done.html", await clerk_frame(request, house, visitor, TAB, village), view)


def _text(form: FormMultiDict, name: str) -> str:
    """What was typed in a field; nothing for a file that was sent in its place."""
    value: object = form.get(name, "")
    return value if isinstance(value, str) else ""


async def _asked(house: House, village: Region, form: FormMultiDict, households: Sequence[int]) -> list[Asked]:
    """The same deed for each household. Raises `Problem` for what cannot be read, and where nobody is ticked."""
    on = a_date(_text(form, "day"), today(house.clock()))
    sheet = await house.sheets.in_force(village.id, on)
    code = _text(form, "item")
    item = sheet.items.get(code)
    if item is None:
        raise Problem(
            "item-unknown", N_("没有记上：还没有选做了什么，或者这一条现在不用了。请另选一条。"), field="item"
        )
    if not for_many(item):
        text = N_("没有记上：“%(item)s”要写明是谁做的，或者还要填别的，请一户一户记。")
        raise Problem("item-person", text, field="item", item=phrase(item.title))
    if not households:
        raise Problem("nobody", N_("没有记上：一户也没有勾。"), field="household")
    points = whole(_text(form, "points"), "points") if item.ask is Ask.POINTS else None
    note = _text(form, "note").strip()[:NOTE_MAX]
    return [Asked(household=one, item=code, on=on, points=points, note=note) for one in households]


async def many_page(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    village: Region,
    *,
    typed: FormMultiDict | None = None,
    problem: Problem | None = None,
) -> Template:
    """The tick grid of a village, with what was chosen and who was left out."""
    actor = visitor.need_staff(Role.CLERK)
    now = today(house.clock())
    sheet = await house.sheets.find(village.id, now)
    recent, groups = await choices(house, actor, sheet, _("每户"), now) if sheet else ((), ())
    ticked = None if typed is None else {str(ref) for ref in typed.getall("household", [])}
    clerk = await round_of(house, visitor)
    view = work.Many(
        village=village.name,
        code=village.code,
        owner=str(actor.staff),
        groups=groups,
        recent=recent,
        grids=_grids(await homes_of(house, visitor, village), ticked),
        key=new_key(),
        today=now,
        earliest=await earliest(house, village.id, now),
        others=tuple(
            Option(value=f"{TAB}/{one.code}", text=one.name, chosen=one.id == village.id) for one in clerk.villages
        )
        if len(clerk.villages) > 1
        else (),
        chosen=_text(typed, "item") if typed else "",
        note=_text(typed, "note")[:NOTE_MAX] if typed else "",
        error=problem.say(_) if problem else "",
    )
    page = await clerk_frame(request, house, visitor, TAB, village)
    return show("work/many.html", page, view, status=problem.status if problem else 200)


def _grids(homes: Sequence[Household], ticked: set[str] | None) -> tuple[work.TickGrid, ...]:
    """The households by grid; those in none come last."""
    ordered = sorted(homes, key=lambda home: (home.grid is None, home.grid_name or "", home.grid or 0))
    return tuple(
        work.TickGrid(
            code=str(grid or ""),
            name=name or _("没有分网格"),
            households=tuple(
                work.Tick(
                    ref=str(home.id),
                    number=home.number,
                    name=words.household(home.label),
                    ticked=ticked is None or str(home.id) in ticked,
                )
                for home in some
            ),
        )
        for (grid, name), some in groupby(ordered, key=lambda home: (home.grid, home.grid_name))
    )


async def _many_done(
    house: House,
    village: Region,
    homes: dict[str, Household],
    asked: Asked,
    done: Sequence[Recorded],
    strangers: int,
    batch: str,
) -> work.ManyDone:
    booked = [one for one in done if one.problem is None]
    again = bool(booked) and all(one.replay for one in booked)
    sheet = await house.sheets.in_force(village.id, asked.on)
    slips = await house.journal.slips(sheet.book, [village.id], batch=batch) if booked else []
    totals = amounts_of(slips[0].amounts) if slips else ()
    refused = [
        work.Refused(name=words.household(home.label), number=home.number, why=one.problem.say(_))
        for one in done
        if one.problem is not None
        for home in (homes[str(one.household)],)
    ]
    if strangers:
        name = _(counted("不在名单上的 %(n)s 户", strangers))
        refused.append(work.Refused(name=name, number="", why=_("没有找到，或者不归您管，没有记。")))
    return work.ManyDone(
        sentence=words.sentence((short_day(asked.on), _(sheet.items[asked.item].title))),
        booked=len(booked),
        totals=totals,
        refused=tuple(refused),
        reverse_href=f"/round/reverse/{sheet.book}-{batch}" if booked else "",
        undo=f"{sheet.book}-{batch}" if booked and not again else "",
        trial=sheet.on_trial,
        again=again,
    )
