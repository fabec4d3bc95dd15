"""Cards: issued, replaced, ended. PINs come with the first answer and are kept nowhere."""

from typing import Annotated

from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta, structs

from dezhi.core.acts import ActKind
from dezhi.core.cards import print_number
from dezhi.core.errors import Problem
from dezhi.core.people import Household
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.core.tokens import Scope
from dezhi.service.cards import DrawnSheet, IssuedCard
from dezhi.service.house import House
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import read, write
from dezhi.web.api.kinds import Answer, Body, GridId, HouseholdId, HouseholdPath, Key, Reason, VillagePath, id_of
from dezhi.web.api.writes import known, once
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.visitors import need_household, need_village

CardNumber = Annotated[str, Meta(description="As printed.", examples=["4071 3356"])]
Secret = Annotated[
    str, Meta(description="Shown in the first answer only; null when the answer is repeated.", examples=["604182"])
]


class NewCards(Body, frozen=True, kw_only=True):
    """For whom cards are wanted: the households of a village, or of one grid, that have none."""

    grid: GridId | None = None


class CardEnd(Body, frozen=True, kw_only=True):
    """Why a card is ended."""

    reason: Reason


class CardOf(Answer, frozen=True, kw_only=True):
    """A card and its PIN, to be printed and handed over now."""

    household: HouseholdId
    number: CardNumber
    token: Annotated[str | None, Meta(description="What its QR code says; it opens nothing. Null when repeated.")]
    pin: Secret | None


class CardsOf(Answer, frozen=True, kw_only=True):
    """The cards that were issued, by household number."""

    cards: list[CardOf]


class CardCount(Answer, frozen=True, kw_only=True):
    """How far a village has cards."""

    households: Annotated[int, Meta(description="Households of the village.", examples=[2])]
    without: Annotated[int, Meta(description="Of them without a card.", examples=[1])]


class CardState(Answer, frozen=True, kw_only=True):
    """A household's card in use, if it has one."""

    household: HouseholdId
    number: CardNumber | None


class NewPin(Answer, frozen=True, kw_only=True):
    """A card's new PIN."""

    household: HouseholdId
    pin: Secret | None


class VillageCardCalls(Controller):
    """The cards of a village."""

    path = "/villages/{village:str}/cards"
    tags = ("Cards",)

    @read("/", Scope.READ, "count_cards", "How many households have no card")
    async def count(self, house: TheHouse, visitor: TheVisitor, village: VillagePath) -> CardCount:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)
        return CardCount(
            households=await house.people.count_below(place.id), without=await house.cards.without_card(place.id)
        )

    @write("/", Scope.CARD, "issue_cards", "Issue a card to each household that has none")
    async def issue(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        data: JSONBody[NewCards],
        key: Key,
    ) -> Response[CardsOf]:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)
        actor = visitor.need_staff(Role.TOWNSHIP)
        region = place.id
        if data.grid is not None:
            region = id_of(data.grid)
            if region not in {grid.id for grid in await house.places.grids(place.id)}:
                raise Problem("region-unknown", N_("没有找到这个网格，没有发卡。"), status=404, field="grid")
        # Hashing a village's PINs takes seconds, in which nobody else should wait for the writer.
        again = await known(request, house, key, data)
        drawn = DrawnSheet((), ()) if again else await house.cards.draw_sheet(region)

        async def work() -> CardsOf:
            lines = await house.cards.keep_sheet(drawn)
            if not lines:
                text = N_("这里的户都已经有卡了，没有再发。丢卡、忘密码到服务台办。")
                raise Problem("cards-none", text, status=409)
            await house.acts.note(actor, ActKind.CARDS_ISSUED, place.id, place.id)
            return CardsOf(cards=[_card(line.issued) for line in lines])

        return await once(request, house, key, data, work, keep=_without_all)


class CardCalls(Controller):
    """The card of one household."""

    path = "/households/{household:str}/card"
    tags = ("Cards",)

    @read("/", Scope.READ, "get_card", "A household's card in use")
    async def one(self, house: TheHouse, visitor: TheVisitor, household: HouseholdPath) -> CardState:
        home = await need_household(house, visitor, household, Role.CLERK)
        return await _state(house, home)

    @write("/reissue", Scope.CARD, "reissue_card", "End the card in use and issue another")
    async def reissue(
        self, request: Call, house: TheHouse, visitor: TheVisitor, household: HouseholdPath, key: Key
    ) -> Response[CardOf]:
        async def work() -> CardOf:
            home = await need_household(house, visitor, household, Role.CLERK)
            await house.acts.note(visitor.need_staff(Role.CLERK), ActKind.CARD_REISSUED, home.village, home.id)
            return _card(await house.cards.reissue(home.id))

        return await once(request, house, key, None, work, keep=_without)

    @write("/pin", Scope.CARD, "reset_pin", "Give the card another PIN")
    async def pin(
        self, request: Call, house: TheHouse, visitor: TheVisitor, household: HouseholdPath, key: Key
    ) -> Response[NewPin]:
        async def work() -> NewPin:
            home = await need_household(house, visitor, household, Role.CLERK)
            card = await house.cards.card_of(home.id)
            if card is None:
                text = N_("这一户现在没有可用的卡。请换发一张新卡，新密码印在卡上。")
                raise Problem("card-none", text, status=409)
            await house.acts.note(visitor.need_staff(Role.CLERK), ActKind.PIN_RESET, home.village, home.id)
            return NewPin(household=household, pin=await house.cards.reset_pin(card.id))

        return await once(request, house, key, None, work, keep=lambda one: structs.replace(one, pin=None))

    @write("/revoke", Scope.CARD, "revoke_card", "End the card in use, without another")
    async def revoke(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        household: HouseholdPath,
        data: JSONBody[CardEnd],
        key: Key,
    ) -> Response[CardState]:
        async def work() -> CardState:
            home = await need_household(house, visitor, household, Role.CLERK)
            await house.acts.note(visitor.need_staff(Role.CLERK), ActKind.CARD_REVOKED, home.village, home.id)
            await house.cards.revoke(home.id, data.reason)
            return await _state(house, home)

        return await once(request, house, key, data, work)


async def _state(house: House, home: Household) -> CardState:
    card = await house.cards.card_of(home.id)
    return CardState(household=str(home.id), number=print_number(card.number) if card else None)


def _card(issued: IssuedCard) -> CardOf:
    return CardOf(household=str(issued.holder), number=issued.printed_number, token=issued.token, pin=issued.pin)


def _without(card: CardOf) -> CardOf:
    return structs.replace(card, token=None, pin=None)


def _without_all(cards: CardsOf) -> CardsOf:
    return CardsOf(cards=[_without(one) for one in cards.cards])
