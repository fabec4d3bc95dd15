"""Shadows of a village: what a draft would have given beside the programme in force (B-15)."""

from datetime import date
from typing import Annotated

from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta

from dezhi.core.shadows import DAYS_LEAST, DAYS_MOST, DAYS_USUAL, Shadow
from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.service.house import House
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import read, write
from dezhi.web.api.kinds import DAY, ID_PATTERN, SHADOW, Answer, AssetWord, Body, Key, VillagePath, id_of
from dezhi.web.api.paging import Page
from dezhi.web.api.writes import once
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.shadows import proposed_of
from dezhi.web.visitors import need_village

DIFFERENCES_MAX = 2_000


class NewShadow(Body, frozen=True, kw_only=True):
    """A version of the village's, or a draft, that is to run beside."""

    version: Annotated[int, Meta(ge=0, le=100_000, description="A version; 0 for the draft.", examples=[1])]
    draft: Annotated[
        Annotated[str, Meta(pattern=ID_PATTERN)] | None, Meta(description="A draft, where version is 0.")
    ] = None
    days: Annotated[int, Meta(ge=DAYS_LEAST, le=DAYS_MOST, description="Until it ends.", examples=[30])] = DAYS_USUAL


class StopShadow(Body, frozen=True, kw_only=True):
    """Which one ends."""

    shadow: Annotated[str, Meta(pattern=ID_PATTERN, description="Its id.", examples=[SHADOW])]


class DifferenceOf(Answer, frozen=True, kw_only=True):
    """A deed for which it would have given something else. No names."""

    seq: Annotated[int, Meta(description="The number of its first entry.", examples=[17])]
    on: Annotated[date, Meta(description="The deed's day.", examples=[DAY])]
    item: Annotated[str, Meta(description="What it was recorded under.", examples=["dezhi-yinger/neighbour-help"])]
    asset: AssetWord
    before: Annotated[int, Meta(description="What it gave.", examples=[10])]
    after: Annotated[int, Meta(description="What it would have given.", examples=[0])]
    outcome: Annotated[str, Meta(description="given, nothing, capped, refused, …", examples=["capped"])]


class ShadowOf(Answer, frozen=True, kw_only=True):
    """A draft beside the programme in force. The differences are compared each night."""

    id: Annotated[str, Meta(description="Its id.", examples=[SHADOW])]
    title: Annotated[str, Meta(description="What it is called.", examples=["道德储蓄银行"])]
    state: Annotated[str, Meta(description="running, ended or stopped.", examples=["running"])]
    since: Annotated[date, Meta(description="Its first day.", examples=[DAY])]
    until: Annotated[date, Meta(description="Its last day.", examples=[DAY])]
    deeds: Annotated[int, Meta(description="Deeds compared so far.", examples=[0])]
    differences: Annotated[list[DifferenceOf], Meta(description="The newest 2,000, newest first.")]


class ShadowCalls(Controller):
    """The shadows of one village."""

    path = "/villages/{village:str}/shadows"
    tags = ("Programmes",)

    @read("", Scope.READ, "list_shadows", "Drafts that run beside a village's programme, and what they would change")
    async def shadows(self, house: TheHouse, visitor: TheVisitor, village: VillagePath) -> Page[ShadowOf]:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)
        return Page(items=[await _told(house, one) for one in await house.shadows.of(place)])

    @write("", Scope.PROGRAMME, "begin_shadow", "Let a draft run beside the programme in force; books stay as they are")
    async def begin(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        data: JSONBody[NewShadow],
        key: Key,
    ) -> Response[ShadowOf]:
        async def work() -> ShadowOf:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            what = "version" if data.version else "draft"
            proposed = await proposed_of(house, place, what, id_of(data.draft or "0"), data.version)
            staff = visitor.need_staff(Role.TOWNSHIP).staff
            return await _told(house, await house.shadows.begin(place, proposed, staff, data.days))

        return await once(request, house, key, data, work)

    @write("/stop", Scope.PROGRAMME, "stop_shadow", "End the one that runs before its time")
    async def stop(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        data: JSONBody[StopShadow],
        key: Key,
    ) -> Response[ShadowOf]:
        async def work() -> ShadowOf:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            await house.shadows.stop(place, id_of(data.shadow))
            return await _told(house, await house.shadows.find(place, id_of(data.shadow)))

        return await once(request, house, key, data, work)


async def _told(house: House, shadow: Shadow) -> ShadowOf:
    found = await house.shadows.differences(shadow)
    return ShadowOf(
        id=str(shadow.id),
        title=shadow.title,
        state=shadow.state.name.lower(),
        since=shadow.since,
        until=shadow.until,
        deeds=shadow.deeds,
        differences=[
            DifferenceOf(
                seq=one.seq,
                on=one.on,
                item=one.item,
                asset=one.asset,
                before=one.before,
                after=one.after,
                outcome=one.outcome.value,
            )
            for one in found[:DIFFERENCES_MAX]
        ],
    )
