"""Handing rewards over: a pick-up code typed or scanned, asked once more, handed over once."""

import re

from litestar import Controller, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.calendar import from_micros
from dezhi.core.errors import Problem
from dezhi.core.events import HoldState
from dezhi.core.staff import Role
from dezhi.core.text import N_, counted
from dezhi.service.house import House
from dezhi.store.redemptions import Order
from dezhi.web import words
from dezhi.web.clerk import Round, clerk_frame, need_key, new_key, round_of
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.respond import see_other, show, tell
from dezhi.web.views import work
from dezhi.web.views.frame import Tell
from dezhi.web.visitors import AnyRequest, Visitor

TAB = "/round/hand-over"

_REF = re.compile(r"(\d{1,15})-([0-9a-f]{20})", re.ASCII)


class CodeForm(Form):
    """A pick-up code."""

    code: str = ""


class HandOverForm(Form):
    """Handing over, or giving the points back (`cancel`)."""

    cancel: str = ""
    key: str = ""


class HandOver(Controller):
    """Orders that wait."""

    path = TAB

    @get()
    async def page(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor) -> Template:
        clerk = await round_of(house, visitor)
        view = work.HandOver(waiting=await _waiting(house, clerk))
        return show("work/hand_over.html", await clerk_frame(request, house, visitor, TAB, clerk.only()), view)

    @post()
    async def find(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        data: URLEncodedBody[CodeForm],
    ) -> Template | Redirect:
        """Find the order of a code. Another village's code is no code here."""
        clerk = await round_of(house, visitor)
        found = [
            await _ready(house, book, order)
            for book, villages in (await clerk.by_book(house)).items()
            for order in await house.redemptions.find(book, data.code, villages)
        ]
        if len(found) == 1:
            return see_other(f"{TAB}/{found[0].id}")
        page = await clerk_frame(request, house, visitor, TAB, clerk.only())
        if found:
            view = work.HandOver(code=data.code, waiting=tuple(found), several=True)
            return show("work/hand_over.html", page, view)
        error = _("没有这个领取码，或者已经领走、取消了。请看看是不是输错一位。")
        view = work.HandOver(code=data.code[:20], error=error, waiting=await _waiting(house, clerk))
        return show("work/hand_over.html", page, view, status=404)

    @get("/{ref:str}")
    async def ask(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, ref: FromPath[str]) -> Template:
        book, order = await need_order(house, await round_of(house, visitor), ref)
        return await _ask_page(request, house, visitor, book, order)

    @post("/{ref:str}")
    async def hand_over(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        ref: FromPath[str],
        data: URLEncodedBody[HandOverForm],
    ) -> Template | Redirect:
        """Hand over once, or cancel: the points are free again."""
        actor = visitor.need_staff(Role.CLERK)
        book, order = await need_order(house, await round_of(house, visitor), ref)
        ready = await _ready(house, book, order)
        try:
            key = need_key(data.key)
            if data.cancel:
                source = f"staff:{actor.staff}"
                await house.redemptions.cancel(book, order.order, source=source, actor=actor, key=key)
            else:
                await house.redemptions.hand_over(book, order.order, actor, key)
        except Problem as problem:
            order = await house.redemptions.order(book, order.order)
            return await _ask_page(request, house, visitor, book, order, problem=problem)
        given = {"who": ready.who, "title": ready.title}
        done = (
            counted("取消了：%(who)s的%(title)s，%(n)s分退回去了。", ready.price, **given)
            if data.cancel
            else counted("交好了：%(title)s给了%(who)s，%(n)s分。", ready.price, **given)
        )
        tell(request, Tell(text=_(done)))
        return see_other(TAB)


async def need_order(house: House, clerk: Round, ref: str) -> tuple[int, Order]:
    """An order of the clerk's villages. Raises `Problem` 404 otherwise."""
    match = _REF.fullmatch(ref)
    books = await clerk.by_book(house)
    unknown = Problem("no_order", N_("没有找到这张兑换单。请核对领取码。"), status=404)
    if match is None or int(match[1]) not in books:
        raise unknown
    book = int(match[1])
    order = await house.redemptions.order(book, match[2])
    if order.village not in books[book]:
        raise unknown
    return book, order


async def _ready(house: House, book: int, order: Order) -> work.Ready:
    home = (await house.people.households([order.household])).get(order.household)
    sheet = await house.sheets.version(order.version)
    reward = sheet.rewards.get(order.reward) if sheet else None
    return work.Ready(
        id=f"{book}-{order.order}",
        code=order.code,
        title=_(order.title),
        who=words.household(home.label) if home else _("一户（已不在册）"),
        price=order.price,
        symbol=reward.symbol if reward else "",
        since=from_micros(order.placed_at).date(),
        until=order.until,
    )


async def _waiting(house: House, clerk: Round) -> tuple[work.Ready, ...]:
    return tuple(
        [
            await _ready(house, book, order)
            for book, villages in (await clerk.by_book(house)).items()
            for order in await house.redemptions.waiting(book, villages)
        ]
    )


async def _ask_page(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    book: int,
    order: Order,
    *,
    problem: Problem | None = None,
) -> Template:
    error = problem.say(_) if problem else ""
    if not error and order.state is not HoldState.OPEN:
        error = _("这张兑换单已经办过了（领走或取消），没有再动分。")
    view = work.HandOver(
        found=await _ready(house, book, order), key=new_key(), error=error, open=order.state is HoldState.OPEN
    )
    page = await clerk_frame(request, house, visitor, TAB, await house.places.region(order.village))
    return show("work/hand_over.html", page, view, status=problem.status if problem else 200)
