"""One award: a household, one of its items, the sentence that will be booked, saved once."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec
from litestar import Controller, get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.calendar import to_date, today
from dezhi.core.caps import remaining
from dezhi.core.errors import Problem
from dezhi.core.events import ASSET_OF, ASSETS, AssetId
from dezhi.core.people import Household
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.plugin import Ask, Asset, Item
from dezhi.service.actors import Actor
from dezhi.service.deeds import Asked, Left, Recorded, Scored, needs_person
from dezhi.service.house import House
from dezhi.service.sheets import Sheet
from dezhi.web import asking, words
from dezhi.web.assessments import assessed_view
from dezhi.web.clerk import a_date, clerk_frame, need_key, new_key, whole
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import listed, translate as _
from dezhi.web.lines import plain_reason
from dezhi.web.respond import fragment, see_other, show
from dezhi.web.views import work
from dezhi.web.views.frame import Amount, Option
from dezhi.web.visitors import AnyRequest, Visitor, need_household

NOTE_MAX = 100
USUAL_MINUTES = 60


class AwardForm(Form):
    """What a clerk typed and tapped. Texts, so that nothing typed is lost when something cannot be read."""

    household: str = ""
    item: str = ""
    minutes: str = ""
    points: str = ""
    person: str = ""
    day: str = ""
    note: str = ""
    key: str = ""


class Awards(Controller):
    """One award."""

    path = "/round/award"

    @get()
    async def page(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, household: FromQuery[str] = ""
    ) -> Template | Redirect:
        visitor.need_staff(Role.CLERK)
        if not household:
            return see_other("/round")
        home = await need_household(house, visitor, household, Role.CLERK)
        return await award_page(request, house, visitor, home)

    @post("/preview")
    async def preview(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        data: URLEncodedBody[AwardForm],
    ) -> Template:
        """Say what would be booked, and book nothing."""
        actor = visitor.need_staff(Role.CLERK)
        home = await need_household(house, visitor, data.household, Role.CLERK)
        more = texts(await request.form())
        said = await _preview(house, actor, home, data, more)
        if request.headers.get("hx-request") == "true":
            return fragment("work/_preview.html", said)
        return await award_page(request, house, visitor, home, typed=data, more=more, preview=said)

    @post()
    async def save(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        data: URLEncodedBody[AwardForm],
    ) -> Template:
        """Book it, once however often this page is sent.

        The answer is a page and no redirect: on a slow line each way costs seconds.
        """
        actor = visitor.need_staff(Role.CLERK)
        home = await need_household(house, visitor, data.household, Role.CLERK)
        more = texts(await request.form())
        try:
            key = need_key(data.key)
            done = await house.awards.record(await asked_of(house, home, data, more), actor, key)
        except Problem as problem:
            return await award_page(request, house, visitor, home, typed=data, more=more, problem=problem)
        page = await clerk_frame(request, house, visitor, "/round", await house.places.region(home.village))
        view = await _awarded(house, home, done)
        return show("work/award_done.html", msgspec.structs.replace(page, path="/round"), view)


def texts(form: FormMultiDict) -> asking.Typed:
    """The fields of a form that hold text: the last of each name, no files."""
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


async def asked_of(house: House, home: Household, data: AwardForm, more: asking.Typed) -> Asked:
    """What was asked for, with only the answers the item asks. Raises `Problem` for what cannot be read."""
    on = a_date(data.day, today(house.clock()))
    # The rules are those of where the household lived that day.
    then = (await house.people.households([home.id], on)).get(home.id, home)
    sheet = await house.sheets.in_force(then.village, on)
    item = sheet.items.get(data.item)
    if not data.item:
        raise Problem("item-missing", N_("没有记上：还没有选做了什么。"), field="item")
    return Asked(
        household=home.id,
        item=data.item,
        on=on,
        person=await _doer(house, sheet, home, data.person) if item and needs_person(item) else None,
        minutes=whole(data.minutes, "minutes") if item and item.ask is Ask.MINUTES else None,
        points=whole(data.points, "points") if item and item.ask is Ask.POINTS else None,
        note=_note(data.note),
        answers=asking.answers_of(item, more) if item else {},
        people=await asking.people_of(house, then, item, more) if item else (),
    )


def _note(text: str) -> str:
    """A reason as it is kept: one of control characters alone is none."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:NOTE_MAX]


async def _doer(house: House, sheet: Sheet, home: Household, ref: str) -> int | None:
    if not ref:
        return await house.guesses.likely_doer(sheet, home)
    person = whole_ref(ref)
    if person is None:
        raise Problem("person-elsewhere", N_("没有记上：这个人那天不在这一户。请重新选人。"), field="person")
    return person


def whole_ref(ref: str) -> int | None:
    """The id in a form's reference; None for anything that is none."""
    return int(ref) if ref.isascii() and ref.isdecimal() and len(ref) < 20 else None  # noqa: PLR2004 - 63 bits


async def _preview(house: House, actor: Actor, home: Household, data: AwardForm, more: asking.Typed) -> work.Preview:
    if not data.item:
        return work.Preview()
    try:
        asked = await asked_of(house, home, data, more)
        scored = await house.awards.score(asked, f"staff:{actor.staff}", data.key)
        scored.refuse(actor)
    except Problem as problem:
        return work.Preview(error=problem.say(_))
    limits = await house.awards.left(scored)
    if over := next(filter(None, (one.refusal(scored.item) for one in limits)), None):
        return work.Preview(error=over.say(_))
    left = [_left(scored, one) for one in limits]
    why = [
        _(one.reason)
        for one in scored.proposals
        if one.reason != words.plain_reason(scored.sheet.items[one.item].title, one.lines)
    ]
    return work.Preview(
        sentence=sentence(scored),
        why=tuple(dict.fromkeys(why)),
        left=tuple(left),
        assessed=assessed_view(scored.assessment),
    )


def _left(scored: Scored, left: Left) -> str:
    """What a limit still leaves, and to whom where the deed is for several."""
    said = _(remaining(left.use, left.used))
    if not scored.homes or left.use.of is not None:
        return said
    return _("%(who)s：%(left)s") % {"who": words.household(left.home.label), "left": said}


def sentence(scored: Scored) -> str:
    """What a deed would be booked as: what its own household gets, and how many others get something too."""
    home = scored.home
    own = [one for one in scored.proposals if scored.home_of(one).id == home.id]
    others = {scored.home_of(one).id for one in scored.proposals} - {home.id}
    lines = [(ASSETS[asset], amount) for one in own for asset, amount in one.lines]
    said = words.said(lines) if lines else _("自己家不加分")
    if others:
        said += _("，另外%(n)s户也有") % {"n": len(others)}
    return _said(scored.asked.on, home, scored.asked.person, _(scored.item.title), said)


def _said(on: date, home: Household, person: int | None, title: str, amounts: str) -> str:
    """`11月22日，陈桂芳家：邻里帮扶，道德积分加10分。`."""
    member = next((one for one in home.members if one.person == person), None)
    who = words.household(home.label)
    if member:
        who = _("%(home)s%(member)s") % {"home": who, "member": member.name}
    return words.deed(on, who, title, amounts)


async def award_page(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    home: Household,
    *,
    typed: AwardForm | None = None,
    more: asking.Typed | None = None,
    preview: work.Preview | None = None,
    problem: Problem | None = None,
) -> Template:
    """The page of one award, with what was typed. After a refusal it has a new key: the old one is used up."""
    actor = visitor.need_staff(Role.CLERK)
    typed = typed or AwardForm()
    now = today(house.clock())
    sheet = await house.sheets.find(home.village, now)
    likely = await house.guesses.likely_doer(sheet, home) if sheet else None
    ask = Further(typed=more or {}, home=home, grids=await house.places.grids(home.village))
    recent, groups = (
        await choices(house, actor, sheet, words.household(home.label), now, further=ask) if sheet else ((), ())
    )
    chosen = typed.person or str(likely or "")
    view = work.Award(
        household=await _household(house, sheet, home),
        people=tuple(
            Option(value=str(one.person), text=f"{one.name} {_(one.relation)}", chosen=str(one.person) == chosen)
            for one in home.members
        ),
        recent=recent,
        groups=groups,
        key=typed.key if preview and typed.key else new_key(),
        today=now,
        earliest=await earliest(house, home.village, now),
        chosen=typed.item,
        minutes=_shown(typed.minutes) or USUAL_MINUTES,
        points=_shown(typed.points),
        person=chosen,
        day=_shown_day(typed.day),
        note=typed.note[:NOTE_MAX],
        preview=preview or work.Preview(),
        error=problem.say(_) if problem else "",
    )
    page = await clerk_frame(request, house, visitor, "/round", await house.places.region(home.village))
    page = msgspec.structs.replace(page, path=f"/round/award?household={home.id}")
    return show("work/award.html", page, view, status=problem.status if problem else 200)


async def _household(house: House, sheet: Sheet | None, home: Household) -> work.Household:
    return work.Household(
        ref=str(home.id),
        name=words.household(home.label),
        where=words.where(home.village_name, home.grid_name),
        number=home.number,
        spendable=await house.passbooks.spendable(sheet, home.id) if sheet else 0,
    )


async def earliest(house: House, village: int, now: date) -> date:
    """The first day of a village's first programme: no deed before it can be booked."""
    history = await house.programmes.history(village)
    return min([version.effective_from for version in history] + [now])


class Further(NamedTuple):
    """With what the fields of items are shown that ask for more than a tap."""

    typed: asking.Typed
    home: Household
    grids: Sequence[Region]

    def of(self, item: Item) -> work.Further | None:
        """The fields of one item."""
        return asking.further(item, self.typed, self.home, self.grids)


async def choices(
    house: House, actor: Actor, sheet: Sheet, subject: str, on: date, *, further: Further | None = None
) -> tuple[tuple[work.Item, ...], tuple[work.ItemGroup, ...]]:
    """The big buttons, and all other items by category; what records itself comes last, for whoever it left out.

    Without `further` only what can be recorded for many households alike: nobody is named, nothing is asked of each.
    """
    items = {code: item for code, item in sheet.items.items() if further or for_many(item)}
    buttons = [code for code in await house.guesses.buttons(sheet, actor) if code in items]
    groups: dict[str, list[work.Item]] = {}
    for code, item in items.items():
        if not item.automatic and code not in buttons:
            category = sheet.category(code)
            title = category.title if category else item.category
            groups.setdefault(_(title), []).append(item_button(code, item, subject, on, further))
    if missed := [item_button(code, items[code], subject, on, further) for code in items if items[code].automatic]:
        groups[_("自动记的（漏记了哪一户才用）")] = missed
    return (
        tuple(item_button(code, items[code], subject, on, further) for code in buttons),
        tuple(work.ItemGroup(title=title, items=tuple(some)) for title, some in groups.items()),
    )


def for_many(item: Item) -> bool:
    """Whether one tap can mean the same for many households."""
    return not (needs_person(item) or item.questions or item.people or item.automatic)


def item_button(code: str, item: Item, subject: str, on: date, further: Further | None = None) -> work.Item:
    """An item to tap, with the sentence the page writes until the server's own arrives."""
    least, most = item.asked or (1, 1)
    return work.Item(
        code=code,
        title=_(item.title),
        amount=words.earns(item),
        asset=item.asset.value,
        sentence=words.deed(on, subject, _(item.title), _spoken(item) or _("分数按细则算")),
        symbol=item.symbol,
        hint=_(item.hint),
        asks="" if item.ask is Ask.NOTHING else item.ask.value,
        least=least,
        most=most,
        usual=max(least, min(most, USUAL_MINUTES)) if item.ask is Ask.MINUTES else least,
        needs_person=needs_person(item),
        further=further.of(item) if further else None,
    )


def _spoken(item: Item) -> str:
    parts = []
    for line in item.lines:
        if line.amount_min == line.amount_max:
            parts.append(words.said_of(line.asset, line.amount_min))
        elif line.asset is Asset.HOURS:
            parts.append(_("志愿时记{amount}"))
        elif line.asset is item.asset and item.ask is Ask.POINTS:
            parts.append(_("加{amount}"))
    return listed(parts)


async def _awarded(house: House, home: Household, done: Recorded) -> work.Awarded:
    """What was booked, read back from the book: a request sent again is answered from there too."""
    book = await house.sheets.book(home.village)
    entries = [await house.journal.at(book, seq) for seq in done.seqs]
    first = entries[0]
    given: dict[int, list[tuple[AssetId, int]]] = {}
    for told in entries:
        given.setdefault(told.entry.household or home.id, []).extend(told.amounts.items())
    amounts = given.pop(home.id, [])
    homes = await house.people.households([*given], to_date(first.entry.event_day))
    said = [words.said(amounts) if amounts else _("自己家不加分")]
    said += [f"{words.household(homes[key].label)}{words.said(lines)}" for key, lines in given.items()]
    person = next((told.entry.person for told in entries if told.entry.person is not None), None)
    notices = [_(text) for told in entries for text in await house.sentences.under(told)]
    why = [_(told.entry.text) for told in entries if told.entry.text != plain_reason(told)]
    return work.Awarded(
        household=await _household(house, first.sheet, home),
        sentence=_said(to_date(first.entry.event_day), home, person, _(first.title), _("；").join(said)),
        why=tuple(dict.fromkeys(why)),
        amounts=tuple(Amount(asset=ASSET_OF[asset], value=value) for asset, value in amounts),
        spendable=await house.passbooks.spendable(first.sheet, home.id) if first.sheet else 0,
        reverse_href=f"/round/reverse/{first.ref}",
        # A request sent again may be of this morning: the day's list knows whether it can still be undone.
        undo="" if done.replay else str(first.ref),
        trial=first.on_trial,
        again=done.replay,
        notices=tuple(dict.fromkeys(notices)),
        assessed=assessed_view(await house.sentences.assessed(first)),
    )


def _shown(text: str) -> int | None:
    try:
        return whole(text, "")
    except Problem:
        return None


def _shown_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
