"""Rewards and redemptions: what can be had, setting points aside, handing over, giving back."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta

from dezhi.core.calendar import from_micros
from dezhi.core.events import HoldState
from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.service.redemptions import Offer
from dezhi.store.redemptions import Order
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import ask, read, write
from dezhi.web.api.kinds import (
    Answer,
    Body,
    Cursor,
    HouseholdId,
    HouseholdPath,
    Key,
    Limit,
    RedemptionId,
    RedemptionPath,
    RewardCode,
    StaffId,
    VillagePath,
)
from dezhi.web.api.paging import LIMIT, Page, page_of
from dezhi.web.api.writes import booked
from dezhi.web.clerk import round_of
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.handover import need_order
from dezhi.web.visitors import need_household, need_village

Moment = Annotated[datetime, Meta(description="When.", examples=["2026-11-22T09:00:00+08:00"])]


class RedemptionState(StrEnum):
    """Where a redemption stands. It is resolved once and stays so."""

    WAITING = "waiting"
    HANDED_OVER = "handed-over"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


_STATES = {
    HoldState.OPEN: RedemptionState.WAITING,
    HoldState.CAPTURED: RedemptionState.HANDED_OVER,
    HoldState.VOIDED: RedemptionState.CANCELLED,
    HoldState.LAPSED: RedemptionState.LAPSED,
}


class NewRedemption(Body, frozen=True, kw_only=True):
    """A reward for a household, at what it costs this household today."""

    household: HouseholdId
    reward: RewardCode
    handed_over: Annotated[
        bool, Meta(description="The goods change hands now; otherwise the points are set aside.", examples=[False])
    ] = False


class PickUp(Body, frozen=True, kw_only=True):
    """A pick-up code, as it is read out at the counter."""

    code: Annotated[str, Meta(pattern=r"^[0-9]{6}$", description="Six digits.", examples=["482715"])]


class OfferOf(Answer, frozen=True, kw_only=True):
    """A reward at this household's price."""

    reward: RewardCode
    title: Annotated[str, Meta(description="What it is, in Chinese.", examples=["食用油"])]
    price: Annotated[int, Meta(description="Moral points.", examples=[60])]
    reason: Annotated[str, Meta(description="Why this price.", examples=["食用油"])]
    refusal: Annotated[str, Meta(description="Why it cannot be had now; empty where it can.", examples=[""])]


class Redemption(Answer, frozen=True, kw_only=True):
    """A redemption and what became of it."""

    id: RedemptionId
    household: HouseholdId
    reward: RewardCode
    title: Annotated[str, Meta(description="What it is, in Chinese.", examples=["食用油"])]
    price: Annotated[int, Meta(description="Moral points.", examples=[60])]
    state: Annotated[RedemptionState, Meta(description="Where it stands.", examples=["waiting"])]
    code: Annotated[str | None, Meta(description="The pick-up code, while it waits.", examples=["482715"])]
    placed_at: Moment
    pick_up_by: Annotated[
        date | None, Meta(description="The last day to fetch it; after it the points go back.", examples=[None])
    ]
    resolved_at: Moment | None
    resolved_by: StaffId | None


class HouseholdRedemptionCalls(Controller):
    """What one household can have and has asked for."""

    path = "/households/{household:str}"
    tags = ("Redemptions",)

    @read("/rewards", Scope.READ, "list_rewards", "What can be had, at this household's prices, cheapest first")
    async def rewards(self, house: TheHouse, visitor: TheVisitor, household: HouseholdPath) -> Page[OfferOf]:
        home = await need_household(house, visitor, household, Role.CLERK)
        sheet = await house.sheets.in_force(home.village, home.on)
        return Page(items=[_offer(one) for one in await house.redemptions.offers(home, sheet)])

    @read("/redemptions", Scope.READ, "list_household_redemptions", "A household's latest redemptions, newest first")
    async def theirs(self, house: TheHouse, visitor: TheVisitor, household: HouseholdPath) -> Page[Redemption]:
        home = await need_household(house, visitor, household, Role.CLERK)
        book = await house.sheets.book(home.village)
        return Page(items=[_told(book, one) for one in await house.redemptions.of_household(book, home.id)])


class WaitingCalls(Controller):
    """What a village still has to hand over."""

    path = "/villages/{village:str}/redemptions"
    tags = ("Redemptions",)

    @read("/", Scope.READ, "list_waiting_redemptions", "What waits to be handed over, oldest first")
    async def waiting(
        self,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        limit: Limit = LIMIT,
        cursor: Cursor = None,
    ) -> Page[Redemption]:
        place = await need_village(house, visitor, village, Role.CLERK)
        book = await house.sheets.book(place.id)
        found = await house.redemptions.waiting(book, [place.id])
        shown, following = page_of("waiting", found, lambda one: f"{one.hold_seq:019}", cursor, limit)
        return Page(items=[_told(book, one) for one in shown], next=following)


class RedemptionCalls(Controller):
    """Redemptions."""

    path = "/redemptions"
    tags = ("Redemptions",)

    @write("/", Scope.REDEEM, "place_redemption", "Set a reward's points aside, or hand it over at once")
    async def place(
        self, request: Call, house: TheHouse, visitor: TheVisitor, data: JSONBody[NewRedemption], key: Key
    ) -> Response[Redemption]:
        actor = visitor.need_staff(Role.CLERK)
        home = await need_household(house, visitor, data.household, Role.CLERK)
        book = await house.sheets.book(home.village)
        again = await house.journal.knows(book, actor, key)
        if data.handed_over:
            order = await house.redemptions.hand_over_at_desk(home.id, data.reward, actor, key)
        else:
            order = await house.redemptions.place(home.id, data.reward, source=actor.source, key=key, actor=actor)
        return booked(request, _told(book, order), again=again)

    @ask("/search", Scope.REDEEM, "search_redemptions", "Find what waits under a pick-up code")
    async def find(self, house: TheHouse, visitor: TheVisitor, data: JSONBody[PickUp]) -> Page[Redemption]:
        clerk = await round_of(house, visitor)
        found = [
            _told(book, order)
            for book, villages in (await clerk.by_book(house)).items()
            for order in await house.redemptions.find(book, data.code, villages)
        ]
        return Page(items=found)

    @read("/{redemption:str}", Scope.READ, "get_redemption", "A redemption and what became of it")
    async def one(self, house: TheHouse, visitor: TheVisitor, redemption: RedemptionPath) -> Redemption:
        book, order = await need_order(house, await round_of(house, visitor), redemption)
        return _told(book, order)

    @write("/{redemption:str}/hand-over", Scope.REDEEM, "hand_over", "The goods left the counter: spend the points")
    async def hand_over(
        self, request: Call, house: TheHouse, visitor: TheVisitor, redemption: RedemptionPath, key: Key
    ) -> Response[Redemption]:
        actor = visitor.need_staff(Role.CLERK)
        book, order = await need_order(house, await round_of(house, visitor), redemption)
        again = await house.journal.knows(book, actor, key)
        done = await house.redemptions.hand_over(book, order.order, actor, key)
        return booked(request, _told(book, done), again=again)

    @write("/{redemption:str}/cancel", Scope.REDEEM, "cancel_redemption", "Give the points back")
    async def cancel(
        self, request: Call, house: TheHouse, visitor: TheVisitor, redemption: RedemptionPath, key: Key
    ) -> Response[Redemption]:
        actor = visitor.need_staff(Role.CLERK)
        book, order = await need_order(house, await round_of(house, visitor), redemption)
        again = await house.journal.knows(book, actor, key)
        done = await house.redemptions.cancel(book, order.order, source=actor.source, actor=actor, key=key)
        return booked(request, _told(book, done), again=again)


def _offer(offer: Offer) -> OfferOf:
    return OfferOf(
        reward=offer.code, title=offer.reward.title, price=offer.price, reason=offer.reason, refusal=offer.refusal
    )


def _told(book: int, order: Order) -> Redemption:
    return Redemption(
        id=f"{book}-{order.order}",
        household=str(order.household),
        reward=order.reward,
        title=order.title,
        price=order.price,
        state=_STATES[order.state],
        code=order.code if order.state is HoldState.OPEN else None,
        placed_at=from_micros(order.placed_at),
        pick_up_by=order.until,
        resolved_at=from_micros(order.resolved_at) if order.resolved_at is not None else None,
        resolved_by=str(order.resolved_by) if order.resolved_by else None,
    )
