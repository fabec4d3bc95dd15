"""Suspending a programme, taking a former version's rules again, withdrawing one to come: new versions like any."""

from datetime import date
from typing import Annotated

from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta

from dezhi.core.programmes import REASON_MAX, Suspension, Withdrawal
from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import write
from dezhi.web.api.kinds import DAY, Body, Key, VillagePath
from dezhi.web.api.programmes import VersionNumber, VersionOf, VersionPath, told_version
from dezhi.web.api.writes import once
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.visitors import need_village

_Follows = Annotated[VersionNumber, Meta(description="The number of the newest version you saw.", examples=[1])]
_Since = Annotated[date, Meta(description="The first day; never a past one.", examples=[DAY])]
_Words = Annotated[str, Meta(min_length=1, max_length=REASON_MAX, pattern=r"^[^\x00]*$")]


class Suspending(Body, frozen=True, kw_only=True):
    """From when nothing is recorded, why, and by whose decision: everybody can read both."""

    follows: _Follows
    since: _Since
    reason: Annotated[_Words, Meta(description="Why.", examples=["公示栏坏了"])]
    decided_by: Annotated[_Words, Meta(description="Who decided.", examples=["村民代表会议"])]


class Returning(Body, frozen=True, kw_only=True):
    """From when a former version's rules hold again."""

    follows: _Follows
    since: _Since


class Withdrawing(Body, frozen=True, kw_only=True):
    """Why a version that has not begun never will, and by whose decision: everybody can read both."""

    follows: Annotated[VersionNumber, Meta(description="The number of the newest version you saw.", examples=[3])]
    reason: Annotated[_Words, Meta(description="Why.", examples=["第三条写错了"])]
    decided_by: Annotated[_Words, Meta(description="Who decided.", examples=["村民代表会议"])]


class StoppingCalls(Controller):
    """All are versions, so that what was recorded stays under the rules of its day."""

    path = "/villages/{village:str}/versions"
    tags = ("Programmes",)

    @write("/suspend", Scope.PROGRAMME, "suspend_programme", "Record nothing from a day on; balances stay")
    async def suspend(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        data: JSONBody[Suspending],
        key: Key,
    ) -> Response[VersionOf]:
        """Versions that have not begun by that day are set aside: they begin only when they are taken again."""

        async def work() -> VersionOf:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            words = Suspension(reason=data.reason.strip(), decided_by=data.decided_by.strip())
            staff = visitor.need_staff(Role.TOWNSHIP).staff
            adopted = await house.stopping.suspend(place.id, words, since=data.since, staff=staff, follows=data.follows)
            return told_version(house, await house.programmes.history(place.id), adopted)

        return await once(request, house, key, data, work)

    @write("/{version:int}/return", Scope.PROGRAMME, "return_to_version", "Take a former version's rules again")
    async def go_back(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        version: VersionPath,
        data: JSONBody[Returning],
        key: Key,
    ) -> Response[VersionOf]:
        """Also one that was set aside or withdrawn, but never before the day it was decided for."""

        async def work() -> VersionOf:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            staff = visitor.need_staff(Role.TOWNSHIP).staff
            adopted = await house.stopping.go_back(
                place.id, version, since=data.since, staff=staff, follows=data.follows
            )
            return told_version(house, await house.programmes.history(place.id), adopted)

        return await once(request, house, key, data, work)

    @write("/{coming:int}/withdraw", Scope.PROGRAMME, "withdraw_version", "Withdraw a version that has not begun")
    async def withdraw(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        coming: VersionPath,
        data: JSONBody[Withdrawing],
        key: Key,
    ) -> Response[VersionOf]:
        """And those that were to follow it. What comes back is the version that goes on in its place."""

        async def work() -> VersionOf:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            words = Withdrawal(version=coming, reason=data.reason.strip(), decided_by=data.decided_by.strip())
            staff = visitor.need_staff(Role.TOWNSHIP).staff
            adopted = await house.stopping.withdraw(place.id, words, staff=staff, follows=data.follows)
            return told_version(house, await house.programmes.history(place.id), adopted)

        return await once(request, house, key, data, work)
