"""How a village keeps points, and what it has not spent of them."""

from typing import Annotated

import msgspec
from litestar import Controller
from msgspec import Meta

from dezhi.core.keeping import Keeping, Lapse
from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.service.sheets import no_programme
from dezhi.web.api.calls import read
from dezhi.web.api.kinds import Answer, Body, VillageCode, VillagePath
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.visitors import need_village


class KeepingOf(Body, frozen=True, kw_only=True):
    """How points are kept. Everything is off where nothing is said; what was booked stays as it was booked."""

    lapse: Annotated[
        Lapse,
        Meta(
            description="When moral points end: never, by an announced year clearing, or some months after the deed.",
            examples=["year"],
        ),
    ] = Lapse.NEVER
    lapse_months: Annotated[int, Meta(ge=1, le=60, description="Of `months`.", examples=[12])] = 12
    clearing_days: Annotated[
        int, Meta(ge=7, le=90, description="Days from a clearing's announcement to the clearing.", examples=[7])
    ] = 7
    pick_up_days: Annotated[
        int,
        Meta(ge=0, le=180, description="Days until an order not fetched goes back; 0: none.", examples=[0]),
    ] = 0
    overdraft: Annotated[
        int, Meta(ge=0, le=1_000, description="The most a household may be let owe; 0: none.", examples=[0])
    ] = 0
    to_kin: Annotated[bool, Meta(description="Hours may go to kin of 60 and above.", examples=[False])] = False
    to_pool: Annotated[bool, Meta(description="Hours may go to the village's pool.", examples=[False])] = False
    hours_limit: Annotated[
        int, Meta(ge=0, le=600_000, description="Minutes above which hours go to the pool; 0: none.", examples=[0])
    ] = 0
    fen: Annotated[
        int,
        Meta(ge=0, le=100_000, description="A point's worth in reports, in 1/100 yuan; 0: none.", examples=[5]),
    ] = 0


class LiabilityOf(Answer, frozen=True, kw_only=True):
    """Points a village has not spent yet, and what they come to at the programme's rate. No entry knows the rate."""

    village: VillageCode
    points: Annotated[int, Meta(description="Moral points not spent, set aside or not.", examples=[1234])]
    fen: Annotated[int, Meta(ge=0, description="A point's worth in hundredths of a yuan; 0: not said.", examples=[5])]
    yuan: Annotated[str, Meta(description="All of it.", examples=["61.70"])]


class LiabilityCalls(Controller):
    """What was not spent."""

    path = "/villages/{village:str}"
    tags = ("Programmes",)

    @read("/liability", Scope.READ, "get_liability", "Points not spent yet, and what they come to in yuan")
    async def liability(self, house: TheHouse, visitor: TheVisitor, village: VillagePath) -> LiabilityOf:
        place = await need_village(house, visitor, village, Role.TOWNSHIP, Role.SUPERVISOR)
        found = await house.liabilities.of(place)
        if found is None:
            raise no_programme()
        return LiabilityOf(village=village, points=found.points, fen=found.fen, yuan=found.yuan)


def keeping_of(kept: Keeping) -> KeepingOf:
    """The settings as the API tells them."""
    return msgspec.convert(msgspec.structs.asdict(kept), KeepingOf)


def kept_of(asked: KeepingOf | None) -> Keeping | None:
    """The settings that were sent; None where they stay as they were."""
    return None if asked is None else Keeping(**msgspec.structs.asdict(asked))
