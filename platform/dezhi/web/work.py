"""The clerk's round: one box to find a household, what waits, and what was booked today."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time

import msgspec
from litestar import Controller, get, post
from litestar.params import URLEncodedBody
from litestar.response import Template

from dezhi.core.calendar import ZONE, from_micros, today
from dezhi.core.errors import Problem
from dezhi.core.people import Found, Household
from dezhi.core.staff import Role
from dezhi.service.house import House
from dezhi.service.journal import EntryRef
from dezhi.service.undoing import can_undo
from dezhi.store.journal import Slip
from dezhi.web import words
from dezhi.web.awards import award_page
from dezhi.web.clerk import Round, amounts_of, clerk_frame, round_of, search, staff_names, who
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.precedents import precedent_links
from dezhi.web.respond import fragment, show
from dezhi.web.views import work
from dezhi.web.views.frame import Link
from dezhi.web.visitors import AnyRequest, Visitor


class FindForm(Form):
    """What was typed or scanned: a number, a name, pinyin, initials or a card."""

    q: str = ""


class Work(Controller):
    """The clerk's home and its search."""

    path = "/round"

    @get()
    async def home(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor) -> Template:
        return await home_page(request, house, visitor)

    @post("/find")
    async def find(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        data: URLEncodedBody[FindForm],
    ) -> Template:
        """Find households. A search that was sent off and has one hit goes straight to what was done."""
        await round_of(house, visitor)
        typing = request.headers.get("hx-request") == "true"
        try:
            found = await search(house, visitor, data.q)
        except Problem as problem:
            if typing:
                return fragment("work/_found.html", work.Found(query=data.q, found=(), error=problem.say(_)))
            return await home_page(request, house, visitor, query=data.q, error=problem.say(_), status=problem.status)
        if typing:
            return fragment("work/_found.html", work.Found(query=data.q, found=tuple(map(found_line, found))))
        if len(found) == 1:
            return await award_page(request, house, visitor, await house.people.household(found[0].household))
        return await home_page(request, house, visitor, query=data.q, found=found, status=200 if found else 404)


def found_line(found: Found) -> work.Household:
    """A hit; where it came through another member than the head, with that member's name."""
    name = words.household(found.label)
    if found.person_name and not found.label.startswith(found.person_name):
        name = _("%(home)s（%(member)s）") % {"home": name, "member": found.person_name}
    return work.Household(
        ref=str(found.household),
        name=name,
        where=words.where(found.village_name, found.grid_name),
        number=found.number,
    )


async def home_page(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    *,
    query: str = "",
    found: Sequence[Found] | None = None,
    error: str = "",
    status: int = 200,
) -> Template:
    """The clerk's home, with the hits of a search if one was made."""
    clerk = await round_of(house, visitor)
    view = work.Home(
        query=query,
        found=None if found is None else tuple(map(found_line, found)),
        error=error,
        due=await _due(house, clerk),
        slips=await _slips(house, visitor, clerk),
        warnings=await _warnings(house, visitor, clerk),
        reports=(
            *(
                Link(href=f"/round/reports/{village.code}", text=_("%(village)s的报表") % {"village": village.name})
                for village in clerk.villages
            ),
            *await precedent_links(house, clerk.villages, "/round/precedents"),
        ),
    )
    page = await clerk_frame(request, house, visitor, "/round", clerk.only())
    page = msgspec.structs.replace(page, path="/round")
    return show("work/home.html", page, view, status=status)


async def _due(house: House, clerk: Round) -> tuple[work.Due, ...]:
    count = 0
    for book, villages in (await clerk.by_book(house)).items():
        count += len(await house.redemptions.waiting(book, villages))
    due = work.Due(text=_("等着来取的奖品"), count=count, href="/round/hand-over", symbol="gift")
    return (due,) if count else ()


async def _slips(house: House, visitor: Visitor, clerk: Round) -> tuple[work.Slip, ...]:
    actor = visitor.need_staff(Role.CLERK)
    midnight = datetime.combine(today(house.clock()), time(), ZONE)
    shown: list[work.Slip] = []
    for book, villages in (await clerk.by_book(house)).items():
        found = await house.journal.slips(book, villages, since=midnight)
        homes = await house.people.households([one.household for one in found])
        names = await staff_names(house, visitor, [one.actor for one in found])
        for one in found:
            sheet = await house.sheets.version(one.version)
            title = _(sheet.title(one.item)) if sheet else one.item
            line = slip_line(book, one, homes, title, names[one.actor])
            undo = line.seq_id if can_undo(one, actor, house.clock()) else ""
            shown.append(msgspec.structs.replace(line, undo=undo))
    return tuple(sorted(shown, key=lambda slip: slip.at, reverse=True))


def slip_line(book: int, slip: Slip, homes: Mapping[int, Household], title: str, by: str) -> work.Slip:
    """One action of the day, with the way to take it back."""
    ref = f"{book}-{slip.batch}" if slip.batch else str(EntryRef(book, slip.period, slip.seq))
    return work.Slip(
        seq_id=ref,
        at=from_micros(slip.posted_at),
        who=who(homes.get(slip.household), slip),
        text=title,
        amounts=amounts_of(slip.amounts),
        by=by,
        undone=slip.undone == slip.entries,
        reverse_href=f"/round/reverse/{ref}",
        households=slip.households,
    )


async def _warnings(house: House, visitor: Visitor, clerk: Round) -> tuple[str, ...]:
    said = []
    if visitor.actor is not None and visitor.actor.person is None:
        said.append(_("您还没有和名册上的本人对上，暂时不能记分。请乡镇在“工作人员”里对上。"))
    said += [
        _("%(village)s还没有启用积分方案，暂时不能记分。") % {"village": village.name}
        for village in clerk.villages
        if await house.sheets.find(village.id, today(house.clock())) is None
    ]
    return tuple(said)
