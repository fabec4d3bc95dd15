"""Suspending a programme, and taking a former version's rules again: new versions like any other."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta

from dezhi.core.errors import Problem
from dezhi.core.programmes import REASON_MAX, Document, Programme, Suspension
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.core.tokens import Scope
from dezhi.service.house import House
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import write
from dezhi.web.api.kinds import DAY, Body, Key, VillagePath
from dezhi.web.api.programmes import VersionNumber, VersionOf, VersionPath, told_version
from dezhi.web.api.writes import once
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.visitors import Visitor, need_village

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


class StoppingCalls(Controller):
    """Both are versions, so that what was recorded stays under the rules of its day."""

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
        async def work() -> VersionOf:
            latest = await _version(house, visitor, village, None)
            words = Suspension(reason=data.reason.strip(), decided_by=data.decided_by.strip())
            document = msgspec.structs.replace(latest.document, suspended=words)
            return await _adopted(house, visitor, latest, document, data)

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
        async def work() -> VersionOf:
            former = await _version(house, visitor, village, version)
            return await _adopted(house, visitor, former, former.document, data)

        return await once(request, house, key, data, work)


async def _version(house: House, visitor: Visitor, village: str, number: int | None) -> Programme:
    place = await need_village(house, visitor, village, Role.TOWNSHIP)
    for one in await house.programmes.history(place.id):
        if number is None or (one.version == number and one.document.suspended is None):
            return one
    raise Problem("programme-unknown", N_("没有这个方案。"), status=404)


async def _adopted(
    house: House, visitor: Visitor, source: Programme, document: Document, data: Suspending | Returning
) -> VersionOf:
    adopted = await house.programmes.adopt_whole(
        source.village,
        document,
        title=source.title,
        effective_from=data.since,
        staff=visitor.need_staff(Role.TOWNSHIP).staff,
        resolution=source.resolution,
        follows=data.follows,
    )
    return await told_version(house, adopted)
