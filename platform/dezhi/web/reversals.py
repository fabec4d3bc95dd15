"""Taking an entry or a whole batch back: what it does is said first, the reason stays with it."""

import re
from collections.abc import Mapping, Sequence

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.calendar import from_micros, to_date
from dezhi.core.errors import Problem
from dezhi.core.events import AssetId, Kind
from dezhi.core.staff import Role
from dezhi.core.text import N_, counted
from dezhi.service.house import House
from dezhi.service.journal import EntryRef, Told, no_entry
from dezhi.web import words
from dezhi.web.clerk import Round, amounts_of, clerk_frame, need_key, new_key, round_of, staff_names, who
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.rendering import short_day
from dezhi.web.respond import see_other, show, tell
from dezhi.web.views import work
from dezhi.web.views.frame import Option, Tell
from dezhi.web.visitors import AnyRequest, Visitor, need_entry

_BATCH = re.compile(r"(\d{1,15})-(b[0-9a-f]{20})", re.ASCII)

WHY = (N_("记串了户"), N_("记错了事"), N_("记重了"), N_("查明没有这回事"))
WHY_HANDED_OVER = (N_("东西没有拿走"), N_("拿错了东西"), N_("记串了户"))


class ReverseForm(Form):
    """Why, chosen or written."""

    reason: str = ""
    note: str = ""
    key: str = ""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What would be taken back: one action's entries, or a batch."""

    ref: str
    book: int
    batch: str
    entry: EntryRef
    kind: Kind
    who: str
    sentence: str
    amounts: Mapping[int, int]
    booked_at: int
    by: int
    households: int = 1
    household: int = 0  # whose, where it is one award of moral points
    undone: bool = False


class UndoForm(Form):
    """One tap: the address says what."""


class Undo(Controller):
    """Taking back in one tap what one has just recorded (AW-16)."""

    path = "/round/undo"

    @post("/{ref:str}")
    async def undo(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        ref: FromPath[str],
        data: URLEncodedBody[UndoForm],
    ) -> Redirect:
        """Back to the day's list; to the reversal's page, which asks for a reason, where it is too late."""
        del data  # a form without fields
        actor = visitor.need_staff(Role.CLERK)
        target = await _target(house, visitor, ref)
        try:
            if target.batch:
                await house.undoing.batch(target.book, target.batch, actor, f"undo:{ref}")
            else:
                await house.undoing.entry(target.entry, actor, f"undo:{target.entry}")
        except Problem as problem:
            tell(request, Tell(text=problem.say(_), kind="wrong"))
            return see_other(f"/round/reverse/{target.ref}")
        told = _("撤回了：%(what)s") % {"what": f"{target.who} {target.sentence}"}
        tell(request, Tell(text=told, more=(_("账上两笔都留着，加起来和没记过一样。"),)))
        return see_other("/round")


class Reversals(Controller):
    """Taking back."""

    path = "/round/reverse"

    @get("/{ref:str}")
    async def page(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, ref: FromPath[str]) -> Template:
        target = await _target(house, visitor, ref)
        return await _reverse_page(request, house, visitor, target)

    @post("/{ref:str}")
    async def reverse(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        ref: FromPath[str],
        data: URLEncodedBody[ReverseForm],
    ) -> Template | Redirect:
        """Book the opposite of everything that was booked together."""
        actor = visitor.need_staff(Role.CLERK)
        target = await _target(house, visitor, ref)
        reason = "：".join(part for part in (data.reason.strip(), data.note.strip()) if part)
        try:
            key = need_key(data.key)
            if target.batch:
                await house.journal.reverse_batch(target.book, target.batch, reason, actor, key)
            else:
                await house.journal.reverse(target.entry, reason, actor, key)
        except Problem as problem:
            return await _reverse_page(request, house, visitor, target, typed=data, problem=problem)
        tell(request, Tell(text=_("冲正好了：%(what)s") % {"what": f"{target.who} {target.sentence}"}))
        return see_other("/round")


async def _target(house: House, visitor: Visitor, ref: str) -> Target:
    """What a reference names, if it is of the clerk's villages. Raises `Problem` 404 otherwise."""
    batch = _BATCH.fullmatch(ref)
    if batch:
        return await _batch(house, await round_of(house, visitor), int(batch[1]), batch[2])
    told = await need_entry(house, visitor, ref, Role.CLERK)
    together = [await house.journal.entry(one) for one in await house.journal.together(told.ref)]
    meant = [one for one in together if one.kind in (Kind.AWARD, Kind.CAPTURE)] or [told]
    return await _action(house, told, meant)


async def _action(house: House, told: Told, meant: Sequence[Told]) -> Target:
    amounts: dict[int, int] = {}
    for one in meant:
        for asset, value in one.amounts.items():
            amounts[asset] = amounts.get(asset, 0) + value
    entry = told.entry
    home = (await house.people.households([entry.household])).get(entry.household) if entry.household else None
    person = next((one.entry.person for one in meant if one.entry.person is not None), None)
    member = next((one for one in home.members if one.person == person), None) if home else None
    name = words.household(home.label) if home else _("一户（已不在册）")
    return Target(
        ref=str(told.ref),
        book=told.ref.book,
        batch="",
        entry=told.ref,
        kind=meant[0].kind,
        who=f"{name} {member.name}" if member else name,
        sentence=_sentence(entry.event_day, _(meant[0].title), amounts),
        amounts=amounts,
        booked_at=entry.posted_at,
        by=entry.actor,
        household=(entry.household or 0) if meant[0].kind is Kind.AWARD and amounts.get(AssetId.MORAL) else 0,
        undone=all(one.entry.reversed_by is not None for one in meant),
    )


async def _batch(house: House, clerk: Round, book: int, name: str) -> Target:
    villages = (await clerk.by_book(house)).get(book, [])
    found = await house.journal.slips(book, villages, batch=name)
    if not found:
        raise no_entry()
    slip = found[0]
    sheet = await house.sheets.version(slip.version)
    home = (await house.people.households([slip.household])).get(slip.household)
    return Target(
        ref=f"{book}-{name}",
        book=book,
        batch=name,
        entry=EntryRef(book, slip.period, slip.seq),
        kind=Kind.AWARD,
        who=who(home, slip),
        sentence=_sentence(slip.event_day, _(sheet.title(slip.item)) if sheet else slip.item, slip.amounts),
        amounts=slip.amounts,
        booked_at=slip.posted_at,
        by=slip.actor,
        households=slip.households,
        undone=slip.undone == slip.entries,
    )


def _sentence(event_day: int, title: str, amounts: Mapping[int, int]) -> str:
    spent = -amounts.get(AssetId.MORAL, 0)
    if spent > 0:
        return words.sentence((short_day(to_date(event_day)), title, _(counted("用了%(n)s分", spent))))
    said = words.said((AssetId(asset), value) for asset, value in sorted(amounts.items()))
    return words.sentence((short_day(to_date(event_day)), title, said))


async def _reverse_page(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    target: Target,
    *,
    typed: ReverseForm | None = None,
    problem: Problem | None = None,
) -> Template:
    typed = typed or ReverseForm()
    error = problem.say(_) if problem else _("这一笔已经冲正过了，没有再冲。") if target.undone else ""
    reasons = WHY_HANDED_OVER if target.kind is Kind.CAPTURE else WHY
    names = await staff_names(house, visitor, [target.by])
    view = work.Reverse(
        seq_id=target.ref,
        sentence=target.sentence,
        amounts=amounts_of(target.amounts),
        booked_at=from_micros(target.booked_at),
        by=names[target.by],
        key=new_key(),
        households=target.households,
        who=target.who,
        reasons=tuple(Option(value=text, text=_(text), chosen=text == typed.reason) for text in reasons),
        note=typed.note,
        freeze_href=f"/desk/{target.household}/freeze?entry={target.ref}" if target.household else "",
        done=target.undone,
        error=error,
    )
    page = await clerk_frame(request, house, visitor, "/round", (await round_of(house, visitor)).only())
    return show("work/reverse.html", page, view, status=problem.status if problem else 200)
