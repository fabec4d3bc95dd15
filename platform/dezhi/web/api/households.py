"""Households: what they have."""

from typing import Annotated

from litestar import Controller
from msgspec import Meta

from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.web.api.calls import read
from dezhi.web.api.kinds import Answer, HouseholdId, HouseholdPath
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.visitors import need_household


class HouseholdBalances(Answer, frozen=True, kw_only=True):
    """What a household has now, as on the first page of its passbook."""

    household: HouseholdId
    spendable: Annotated[int, Meta(description="Moral points that can be spent now.", examples=[10])]
    held: Annotated[int, Meta(description="Moral points set aside for redemptions that wait.", examples=[0])]
    pending: Annotated[int, Meta(description="Moral points under public notice, not booked yet.", examples=[0])]
    honour: Annotated[int, Meta(description="Honour points, never spent.", examples=[0])]
    safe: Annotated[int, Meta(description="Safety points.", examples=[0])]
    minutes: Annotated[int, Meta(description="Volunteer time of its members, in minutes.", examples=[0])]


class HouseholdCalls(Controller):
    """One household."""

    path = "/households"
    tags = ("Households",)

    @read("/{household:str}/balances", Scope.READ, "get_balances", "What a household has")
    async def balances(self, house: TheHouse, visitor: TheVisitor, household: HouseholdPath) -> HouseholdBalances:
        home = await need_household(house, visitor, household, Role.CLERK)
        found = await house.passbooks.balances(home)
        return HouseholdBalances(
            household=household,
            spendable=found.spendable,
            held=found.held,
            pending=found.pending,
            honour=found.honour,
            safe=found.safe,
            minutes=found.minutes,
        )
