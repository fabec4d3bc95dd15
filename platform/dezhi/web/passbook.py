"""A household's own pages, opened with its card: the passbook, why a line is there, redeeming, its own choices."""

import secrets
from collections.abc import Sequence
from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.calendar import from_micros
from dezhi.core.errors import Problem
from dezhi.core.events import HoldState
from dezhi.core.text import N_, counted
from dezhi.service.house import House
from dezhi.service.journal import EntryRef, no_entry
from dezhi.service.passbooks import Passbook as Book
from dezhi.service.redemptions import Offer
from dezhi.service.sheets import Sheet
from dezhi.store.redemptions import Order
from dezhi.web import drawn, words
from dezhi.web.doors import Form
from dezhi.web.freezes import frozen_view
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import joined, translate as _
from dezhi.web.lapsing import lapsing
from dezhi.web.lines import entry_view, line_view, spoken
from dezhi.web.respond import frame, see_other, show, tell
from dezhi.web.views import passbook
from dezhi.web.views.frame import Page, Pager, Tell
from dezhi.web.visitors import AnyRequest, Resident, Visitor

CURSOR_DIGITS = 19

Key = Annotated[str, msgspec.Meta(min_length=8, max_length=64)]


class RedeemForm(Form):
    """Choose a reward; `key` makes a form sent twice one redemption."""

    key: Key
    reward: Annotated[str, msgspec.Meta(max_length=200)] = ""


class CancelForm(Form):
    """Take a redemption back before its goods are handed over."""

    key: Key


class ChoicesForm(Form):
    """`on_board` is "yes" for a ticked box."""

    on_board: str = ""


class Passbook(Controller):
    """The household's own pages; each shows the household of the card and no other."""

    path = "/me"

    @get("/")
    async def home(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, before: FromQuery[str] = ""
    ) -> Template:
        resident = visitor.need_resident()
        view = await home_view(house, resident, before)
        return show("passbook/home.html", await self._frame(request, house, visitor, resident), view)

    @get("/entry/{ref:str}")
    async def entry(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, ref: FromPath[str]) -> Template:
        resident = visitor.need_resident()
        told = await house.journal.entry(EntryRef.parse(ref))
        if told.entry.household != resident.home.id:
            # As if it did not exist: that somebody else has an entry of this number is nobody's business.
            raise no_entry()
        view = await entry_view(house, resident, told)
        return show("passbook/entry.html", await self._frame(request, house, visitor, resident), view)

    @get("/rewards")
    async def rewards(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor) -> Template:
        return await self._rewards(request, house, visitor, visitor.need_resident())

    @post("/redemptions")
    async def redeem(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        data: URLEncodedBody[RedeemForm],
    ) -> Template | Redirect:
        resident = visitor.need_resident()
        try:
            order = await house.redemptions.place(resident.home.id, data.reward, source=resident.source, key=data.key)
        except Problem as problem:
            return await self._rewards(request, house, visitor, resident, data.reward, problem)
        return see_other(f"/me/redemptions/{order.order}")

    @get("/redemptions/{order:str}")
    async def redemption(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, order: FromPath[str]
    ) -> Template:
        resident = visitor.need_resident()
        view = await redemption_view(house, await own_order(house, resident, order))
        return show("passbook/redemption.html", await self._frame(request, house, visitor, resident), view)

    @post("/redemptions/{order:str}/cancel")
    async def cancel(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        order: FromPath[str],
        data: URLEncodedBody[CancelForm],
    ) -> Redirect:
        resident = visitor.need_resident()
        own = await own_order(house, resident, order)
        book = await house.sheets.book(resident.home.village)
        try:
            await house.redemptions.cancel(book, own.order, source=resident.source, actor=None, key=data.key)
        except Problem as problem:
            # It was handed over or cancelled meanwhile: the page shows which.
            tell(request, Tell(text=problem.say(_), kind="wrong"))
        return see_other(f"/me/redemptions/{own.order}")

    @get("/choices")
    async def choices(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor) -> Template:
        resident = visitor.need_resident()
        view = passbook.Choices(
            on_board=resident.home.id in await house.people.on_board(resident.home.village),
            shown_as=words.household(resident.home.masked_label),
        )
        return show("passbook/choices.html", await self._frame(request, house, visitor, resident), view)

    @post("/choices")
    async def choose(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        data: URLEncodedBody[ChoicesForm],
    ) -> Redirect:
        resident = visitor.need_resident()
        joins = data.on_board == "yes"
        await house.people.choose_board(resident.home.id, resident.source, opted_in=joins)
        done = (
            _("记下了：您家愿意上光荣榜，分数够了就会出现。")
            if joins
            else _("记下了：您家不上光荣榜，榜上已经没有了。")
        )
        tell(request, Tell(text=done))
        return see_other("/me/choices")

    async def _rewards(
        self,
        request: AnyRequest,
        house: House,
        visitor: Visitor,
        resident: Resident,
        chosen: str = "",
        problem: Problem | None = None,
    ) -> Template:
        book = await house.passbooks.open(resident.home.id, lines=0)
        offers = await house.redemptions.offers(book.home, book.sheet) if book.sheet else []
        view = passbook.Rewards(
            spendable=book.spendable,
            frozen=book.frozen,
            offers=tuple(offer_view(offer, book.spendable) for offer in offers),
            # A refusal is remembered under its key, so that another try needs another one.
            key=secrets.token_urlsafe(12),
            chosen=chosen,
            error=problem.say(_) if problem else "",
        )
        page = await self._frame(request, house, visitor, resident)
        return show("passbook/rewards.html", page, view, status=problem.status if problem else 200)

    @staticmethod
    async def _frame(request: AnyRequest, house: House, visitor: Visitor, resident: Resident) -> Page:
        return await frame(request, house, visitor, await house.places.region(resident.home.village))


async def own_order(house: House, resident: Resident, order: str) -> Order:
    """An order of the household itself. Raises `Problem` 404 for anybody else's, as for none."""
    found = await house.redemptions.order(await house.sheets.book(resident.home.village), order)
    if found.household != resident.home.id:
        raise Problem("no_order", N_("没有找到这张兑换单。请核对领取码。"), status=404)
    return found


async def home_view(house: House, resident: Resident, before: str = "") -> passbook.Home:
    """The open page; `before` is the cursor of the page before, `seq-line`."""
    cursor = _cursor(before)
    book = await house.passbooks.open(resident.home.id, before=cursor)
    offers = await house.redemptions.offers(book.home, book.sheet) if book.sheet else []
    return passbook.Home(
        household=words.household(book.home.masked_label),
        card=resident.card.number[-4:],
        where=joined((book.home.village_name, book.home.grid_name or "")),
        spendable=book.spendable,
        minutes=book.minutes,
        safe=book.safe,
        honour=book.honour,
        held=book.held,
        savings=tuple(passbook.Saving(title=_(category.title), value=value) for category, value in book.savings),
        lines=tuple(line_view(line) for line in book.lines),
        next_good=_next([offer for offer in offers if not offer.refusal], book.spendable),
        waiting=tuple(_waiting(book, order) for order in book.waiting),
        pager=Pager(
            newer="/me" if cursor else "",
            older="/me?before={}-{}".format(*book.lines[-1].cursor) if book.more else "",
        ),
        spoken=spoken(book),
        lapsing=lapsing(book),
        frozen=tuple([await frozen_view(house, book.home, one) for one in await house.freezes.of_household(book.home)]),
        elsewhere=tuple(_elsewhere(one.points, one.village) for one in book.left_behind),
    )


def _elsewhere(points: int, village: str) -> str:
    return _(counted("另有 %(n)s 分留在%(village)s的账上，要转过来请到服务台说一声。", points, village=village))


def _cursor(text: str) -> tuple[int, int] | None:
    seq, _, line = text.partition("-")
    readable = all(part.isascii() and part.isdecimal() and len(part) < CURSOR_DIGITS for part in (seq, line))
    return (int(seq), int(line)) if readable else None


def _next(offers: Sequence[Offer], spendable: int) -> passbook.NextGood | None:
    """The cheapest offer that is still too dear; the dearest where all are within reach."""
    found = next((offer for offer in offers if offer.price > spendable), offers[-1] if offers else None)
    if found is None:
        return None
    return passbook.NextGood(
        title=_(found.reward.title),
        price=found.price,
        missing=max(0, found.price - spendable),
        symbol=found.reward.symbol,
    )


def _waiting(book: Book, order: Order) -> passbook.Waiting:
    return passbook.Waiting(
        id=order.order,
        title=_(order.title),
        code=order.code,
        until=order.until,
        symbol=reward_symbol(book.sheet, order.reward),
    )


def reward_symbol(sheet: Sheet | None, reward: str) -> str:
    """A reward's symbol, as it was in a version."""
    found = sheet.rewards.get(reward) if sheet else None
    return found.symbol if found else ""


def offer_view(offer: Offer, spendable: int) -> passbook.Offer:
    """A reward at this household's price, and what is missing for it."""
    return passbook.Offer(
        code=offer.code,
        title=_(offer.reward.title),
        price=offer.price,
        missing=max(0, offer.price - spendable),
        symbol=offer.reward.symbol,
        about=_(offer.reward.about),
        refusal=offer.refusal,
        note=offer.reason if offer.price != offer.reward.price else "",
    )


STATES = {
    HoldState.OPEN: "waiting",
    HoldState.CAPTURED: "done",
    HoldState.VOIDED: "cancelled",
    HoldState.LAPSED: "lapsed",
}


async def redemption_view(house: House, order: Order) -> passbook.Redemption:
    """One redemption; the code and its square only while it waits."""
    waits = order.state is HoldState.OPEN
    return passbook.Redemption(
        id=order.order,
        title=_(order.title),
        price=order.price,
        code=order.code if waits else "",
        state=STATES[order.state],
        qr_svg=drawn.qr(order.code) if waits else "",
        symbol=reward_symbol(await house.sheets.version(order.version), order.reward),
        until=order.until,
        done_at=from_micros(order.resolved_at) if order.resolved_at is not None else None,
        key=secrets.token_urlsafe(12) if waits else "",
    )
