"""Freezes of a household's points: the household reads why, nobody else does."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta

from dezhi.core.calendar import from_micros
from dezhi.core.errors import Problem
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.core.tokens import Scope
from dezhi.store.freezes import Frozen
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import read, write
from dezhi.web.api.kinds import Answer, Body, EntryId, HouseholdPath, Key, Reason, StaffId
from dezhi.web.api.paging import Page
from dezhi.web.api.writes import entered
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.visitors import need_entry, need_household


class NewFreeze(Body, frozen=True, kw_only=True):
    """Why, and what: an entry's points, or without one everything the household has and will get."""

    reason: Reason
    entry: EntryId | None = None


class Unfreeze(Body, frozen=True, kw_only=True):
    """Which freeze ends: its number is that of its entry. Null ends every one of the household's."""

    freeze: Annotated[EntryId | None, Meta(description="Null: all of them.", examples=[None])]


class FreezeOf(Answer, frozen=True, kw_only=True):
    """Points that cannot be spent for the time being. They stay the household's."""

    freeze: Annotated[EntryId, Meta(description="The entry that froze them.")]
    points: Annotated[int, Meta(ge=0, description="Moral points set aside.", examples=[10])]
    whole: Annotated[bool, Meta(description="The whole account, with what comes later.", examples=[True])]
    about: Annotated[EntryId | None, Meta(description="The entry that is looked into.")]
    reason: Reason
    by: StaffId
    since: Annotated[datetime, Meta(description="When.", examples=["2026-11-22T09:00:00+08:00"])]


class FreezeCalls(Controller):
    """The freezes of one household."""

    path = "/households/{household:str}/freezes"
    tags = ("Households",)

    @read("/", Scope.READ, "list_freezes", "What of a household's points is frozen")
    async def everything(self, house: TheHouse, visitor: TheVisitor, household: HouseholdPath) -> Page[FreezeOf]:
        home = await need_household(house, visitor, household, Role.CLERK)
        book = await house.sheets.book(home.village)
        return Page(items=[_told(book, one) for one in await house.freezes.of_household(home)])

    @write("/", Scope.AWARD, "freeze_points", "Keep points from being spent while something is looked into")
    async def freeze(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        household: HouseholdPath,
        data: JSONBody[NewFreeze],
        key: Key,
    ) -> Response[FreezeOf]:
        async def work() -> FreezeOf:
            actor = visitor.need_staff(Role.CLERK)
            home = await need_household(house, visitor, household, Role.CLERK)
            about = await need_entry(house, visitor, data.entry, Role.CLERK) if data.entry else None
            frozen = await house.freezes.freeze(home, data.reason, actor, key, about=about)
            return _told(await house.sheets.book(home.village), frozen)

        return await entered(request, house, key, data, work)

    @write("/end", Scope.AWARD, "unfreeze_points", "Give frozen points free again")
    async def unfreeze(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        household: HouseholdPath,
        data: JSONBody[Unfreeze],
        key: Key,
    ) -> Response[Page[FreezeOf]]:
        async def work() -> Page[FreezeOf]:
            actor = visitor.need_staff(Role.CLERK)
            home = await need_household(house, visitor, household, Role.CLERK)
            book = await house.sheets.book(home.village)
            found = await house.freezes.of_household(home)
            meant = [one for one in found if data.freeze in {None, f"{book}-{one.seq}"}]
            if data.freeze is not None and not meant:
                raise Problem("freeze-unknown", N_("没有找到这一次冻结，可能已经解冻了。"), status=404)
            for one in meant:
                await house.freezes.unfreeze(home, one.order, "", actor, f"{key}:{one.seq}")
            return Page(items=[_told(book, one) for one in found if one not in meant])

        return await entered(request, house, key, data, work)


def _told(book: int, one: Frozen) -> FreezeOf:
    return FreezeOf(
        freeze=f"{book}-{one.seq}",
        points=one.amount,
        whole=one.whole,
        about=None if one.about is None else f"{book}-{one.about}",
        reason=one.reason,
        by=str(one.by),
        since=from_micros(one.at),
    )
