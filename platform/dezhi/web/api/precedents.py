"""What a village decided by analogy with its sheet (RU-19)."""

from datetime import date
from typing import Annotated

from litestar import Controller
from msgspec import Meta

from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.service.house import House
from dezhi.web.api.calls import read
from dezhi.web.api.kinds import DAY, ITEM, Answer, AssetWord, StaffId, VillagePath
from dezhi.web.api.paging import Page
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.visitors import need_village


class PrecedentOf(Answer, frozen=True, kw_only=True):
    """One decision: what was likened to which item, why, and who decided. No villager's name."""

    decision: Annotated[int, Meta(ge=1, description="The number of its first entry.", examples=[17])]
    on: Annotated[date, Meta(description="The deed's day.", examples=[DAY])]
    version: Annotated[int, Meta(ge=1, description="Of the programme then.", examples=[1])]
    item: Annotated[str, Meta(description="What it was recorded under.", examples=[ITEM])]
    like: Annotated[str, Meta(description="What it was likened to.", examples=[ITEM])]
    like_title: Annotated[str, Meta(description="What that is called.", examples=["参加环境清扫"])]
    why: Annotated[str, Meta(description="In the clerk's words.", examples=["帮着清渠"])]
    asset: AssetWord
    amount: Annotated[int, Meta(ge=0, description="What it gave.", examples=[5])]
    by: StaffId


class PrecedentCalls(Controller):
    """The log of analogies."""

    path = "/villages/{village:str}/precedents"
    tags = ("Programmes",)

    @read(
        "", Scope.READ, "list_precedents", "What was decided by analogy within a year; `begin_draft` makes rules of it"
    )
    async def everything(self, house: TheHouse, visitor: TheVisitor, village: VillagePath) -> Page[PrecedentOf]:
        place = await need_village(house, visitor, village, Role.TOWNSHIP, Role.CLERK, Role.SUPERVISOR)
        return Page(items=await _told(house, place.id))


async def _told(house: House, village: int) -> list[PrecedentOf]:
    return [
        PrecedentOf(
            decision=one.seq,
            on=one.on,
            version=one.version,
            item=one.item,
            like=one.like,
            like_title=one.like_title,
            why=one.why,
            asset=AssetWord(one.asset.value),
            amount=one.points,
            by=str(one.by),
        )
        for one in await house.precedents.lately(village)
    ]
