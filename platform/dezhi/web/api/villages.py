"""Villages: which there are, setting them up, their rules, and what everybody may see of them."""

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta

from dezhi.core.questions import needs_note, schema_of
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.plugin import Ask, BoardKind, Cap, HolderKind, Item, Subject
from dezhi.service.house import House
from dezhi.service.sheets import Sheet
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import read, write
from dezhi.web.api.kinds import (
    DAY,
    AmountOf,
    Answer,
    AssetWord,
    Body,
    Cursor,
    GridId,
    ItemCode,
    Key,
    Limit,
    RegionId,
    RewardCode,
    RoleWord,
    VillageCode,
    VillagePath,
)
from dezhi.web.api.paging import LIMIT, Page, page_of
from dezhi.web.api.writes import once
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate
from dezhi.web.township import GRIDS_MAX, township_of
from dezhi.web.visitors import need_village, villages_of

Count = Annotated[int, Meta(ge=0, description="How many.", examples=[2])]
VillageName = Annotated[
    str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00]*$", description="A village's name.", examples=["新坝村"])
]
GridName = Annotated[
    str, Meta(min_length=1, max_length=60, pattern=r"^[^\x00]*$", description="A grid's name.", examples=["第三网格"])
]


class NewVillage(Body, frozen=True, kw_only=True):
    """A village to be set up, with its grids."""

    code: Annotated[str, Meta(pattern=r"^[0-9]{12}$", description="Its 12-digit code.", examples=["620902101209"])]
    name: VillageName
    grids: Annotated[
        list[GridName], Meta(max_length=GRIDS_MAX, description="Their names; numbered 01, 02, … in this order.")
    ] = msgspec.field(default_factory=list)


class NewGrid(Body, frozen=True, kw_only=True):
    """A grid to be added."""

    name: GridName


class Grid(Answer, frozen=True, kw_only=True):
    """A grid of a village."""

    id: GridId
    code: Annotated[str, Meta(description="Its number in the village.", examples=["01"])]
    name: GridName


class InForce(Answer, frozen=True, kw_only=True):
    """The version of the programme that rules today."""

    title: Annotated[str, Meta(description="What the village calls it.", examples=["道德储蓄银行"])]
    version: Annotated[int, Meta(description="Its number.", ge=1, examples=[1])]
    since: Annotated[date, Meta(description="Its first day.", examples=[DAY])]


class Village(Answer, frozen=True, kw_only=True):
    """A village within reach."""

    code: VillageCode
    id: RegionId
    name: VillageName
    households: Count
    programme: InForce | None
    grids: list[Grid]


class CapOf(Answer, frozen=True, kw_only=True):
    """At most so often, or so much of an asset, in a window."""

    of: Annotated[
        Subject | None, Meta(description="Who shares it: all households of a grid or village.", examples=[None])
    ]
    share: Annotated[str, Meta(description="Items with the same word count together.", examples=[""])]

    window: Annotated[str, Meta(description="day, week, month, quarter, year or life.", examples=["month"])]
    times: Annotated[int | None, Meta(description="At most so often.", examples=[10])]
    asset: AssetWord | None
    amount: Annotated[int | None, Meta(description="At most so much of the asset.", examples=[None])]


class LineOf(Answer, frozen=True, kw_only=True):
    """What an item gives of one asset."""

    asset: AssetWord
    least: Annotated[int, Meta(description="At least.", examples=[10])]
    most: Annotated[int, Meta(description="At most.", examples=[10])]


class PeopleOf(Answer, frozen=True, kw_only=True):
    """Whom an item asks for besides the one who did it."""

    role: RoleWord
    title: Annotated[str, Meta(description="As asked, in Chinese.", examples=["帮了谁家"])]
    of: Annotated[Subject, Meta(description="Households, persons, or one whole grid or village.")]
    least: Annotated[int, Meta(description="At least so many.", examples=[1])]
    most: Annotated[int, Meta(description="At most so many.", examples=[1])]


class ItemOf(Answer, frozen=True, kw_only=True):
    """One way to earn."""

    code: ItemCode
    title: Annotated[str, Meta(description="What it is called, in Chinese.", examples=["邻里帮扶"])]
    how: Annotated[str, Meta(description="One sentence, in Chinese.", examples=["帮邻居做事"])]
    category: Annotated[str, Meta(description="The plugin's code of its heading.", examples=["friend"])]
    asks: Annotated[Ask, Meta(description="What the clerk must say besides.", examples=["nothing"])]
    needs_person: Annotated[bool, Meta(description="Something of it is credited to a person.", examples=[False])]
    lines: list[LineOf]
    caps: list[CapOf]
    note_needed: Annotated[bool, Meta(description="The clerk must say why so many points.", examples=[False])]
    questions: Annotated[
        dict[str, Any],
        Meta(description="JSON Schema of the `answers` to send.", examples=[schema_of(())]),
    ]
    people: Annotated[list[PeopleOf], Meta(description="Whom to name besides.")]
    quiet: Annotated[bool, Meta(description="A reminder: told to the household alone.", examples=[False])]


class RewardOf(Answer, frozen=True, kw_only=True):
    """Something to be had."""

    code: RewardCode
    title: Annotated[str, Meta(description="What it is, in Chinese.", examples=["食用油"])]
    price: Annotated[int, Meta(description="Moral points; the plugin may ask less of a household.", examples=[60])]


class SheetOf(Answer, frozen=True, kw_only=True):
    """The rules in force today."""

    programme: InForce
    on_trial: Annotated[bool, Meta(description="Entries are booked without a public notice.", examples=[True])]
    items: list[ItemOf]
    rewards: list[RewardOf]


class PublicDeed(Answer, frozen=True, kw_only=True):
    """A deed for the public."""

    on: Annotated[date, Meta(description="Its day.", examples=[DAY])]
    who: Annotated[str, Meta(description="Masked; empty for a household that did not opt in.", examples=["李×明家"])]
    title: Annotated[str, Meta(description="What was done, in Chinese.", examples=["邻里帮扶"])]
    earned: AmountOf


class PublicPlace(Answer, frozen=True, kw_only=True):
    """A place on a board of honour; equal points, equal place."""

    place: Annotated[int, Meta(description="The place.", ge=1, examples=[1])]
    who: Annotated[str, Meta(description="Masked.", examples=["李×明家"])]
    score: Annotated[int, Meta(description="The board's own sum.", examples=[10])]


class PublicBoard(Answer, frozen=True, kw_only=True):
    """A board of those who opted in, or a collective goal, whose `places` are empty."""

    title: Annotated[str, Meta(description="What it is called, in Chinese.", examples=["光荣榜"])]
    kind: Annotated[BoardKind, Meta(description="honour or goal.", examples=["honour"])]
    places: list[PublicPlace]
    reached: Annotated[int | None, Meta(description="What counts towards a goal so far.", examples=[None])]
    target: Annotated[int | None, Meta(description="A goal's end.", examples=[None])]


class PublicMonth(Answer, frozen=True, kw_only=True):
    """What anybody may see of a village without logging in: this month, masked and by consent."""

    deeds: Count
    minutes: Annotated[int, Meta(description="Minutes of volunteer time.", examples=[90])]
    safe: Count
    handed_over: Count
    latest: list[PublicDeed]
    boards: list[PublicBoard]


class VillageCalls(Controller):
    """Villages."""

    path = "/villages"
    tags = ("Villages",)

    @read("/", Scope.READ, "list_villages", "The villages within reach, in the order of their codes")
    async def everything(
        self, house: TheHouse, visitor: TheVisitor, limit: Limit = LIMIT, cursor: Cursor = None
    ) -> Page[Village]:
        visitor.need_staff(*Role)
        found = await villages_of(house, visitor, *Role)
        shown, following = page_of("villages", found, lambda one: one.code, cursor, limit)
        return Page(items=[await _told(house, one) for one in shown], next=following)

    @write("/", Scope.REGION, "create_village", "Set a village up, with its grids")
    async def create(
        self, request: Call, house: TheHouse, visitor: TheVisitor, data: JSONBody[NewVillage], key: Key
    ) -> Response[Village]:
        visitor.need_staff(Role.TOWNSHIP)

        async def work() -> Village:
            township = await township_of(house, visitor, data.code)
            grids = list(dict.fromkeys(" ".join(name.split()) for name in data.grids))
            return await _told(house, await house.places.open_village(township.id, data.code, data.name, grids))

        return await once(request, house, key, data, work)

    @read("/{village:str}", Scope.READ, "get_village", "One village with its grids")
    async def one(self, house: TheHouse, visitor: TheVisitor, village: VillagePath) -> Village:
        return await _told(house, await need_village(house, visitor, village, *Role))

    @write("/{village:str}/grids", Scope.REGION, "create_grid", "Add a grid to a village")
    async def add_grid(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        data: JSONBody[NewGrid],
        key: Key,
    ) -> Response[Grid]:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)

        async def work() -> Grid:
            return _grid(await house.places.add_grid(place.id, data.name))

        return await once(request, house, key, data, work)

    @read("/{village:str}/sheet", Scope.READ, "get_sheet", "The rules in force: items and rewards")
    async def sheet(self, house: TheHouse, visitor: TheVisitor, village: VillagePath) -> SheetOf:
        place = await need_village(house, visitor, village, *Role)
        return _sheet(await house.sheets.in_force(place.id, house.people.today()))

    @read("/{village:str}/public", Scope.READ, "get_public_month", "What anybody may see of a village")
    async def public(self, house: TheHouse, visitor: TheVisitor, village: VillagePath) -> PublicMonth:
        page = await house.public.page(await need_village(house, visitor, village, *Role))
        honours = [
            PublicBoard(
                title=translate(one.board.title),
                kind=one.board.kind,
                places=[PublicPlace(place=each.place, who=each.who, score=each.score) for each in one.places],
                reached=None,
                target=None,
            )
            for one in page.honours
        ]
        goals = [
            PublicBoard(
                title=translate(one.board.title),
                kind=one.board.kind,
                places=[],
                reached=one.reached,
                target=one.target,
            )
            for one in page.goals
        ]
        return PublicMonth(
            deeds=page.totals.deeds,
            minutes=page.totals.minutes,
            safe=page.totals.safe,
            handed_over=page.totals.handed_over,
            latest=[
                PublicDeed(on=one.on, who=one.who, title=one.title, earned=AmountOf(asset=one.asset, amount=one.amount))
                for one in page.latest
            ],
            boards=[*honours, *goals],
        )


def _grid(grid: Region) -> Grid:
    return Grid(id=str(grid.id), code=grid.code, name=grid.name)


async def _told(house: House, village: Region) -> Village:
    sheet = await house.sheets.find(village.id, house.people.today())
    return Village(
        code=village.code,
        id=str(village.id),
        name=village.name,
        households=await house.people.count_below(village.id),
        programme=_in_force(sheet) if sheet else None,
        grids=[_grid(one) for one in await house.places.grids(village.id)],
    )


def _in_force(sheet: Sheet) -> InForce:
    programme = sheet.programme
    return InForce(title=programme.title, version=programme.version, since=programme.effective_from)


def _sheet(sheet: Sheet) -> SheetOf:
    return SheetOf(
        programme=_in_force(sheet),
        on_trial=sheet.on_trial,
        items=[item_of(code, item) for code, item in sheet.items.items()],
        rewards=[RewardOf(code=code, title=reward.title, price=reward.price) for code, reward in sheet.spendable()],
    )


def item_of(code: str, item: Item) -> ItemOf:
    """An item as programs read it."""
    return ItemOf(
        code=code,
        title=item.title,
        how=item.how,
        category=item.category,
        asks=item.ask,
        needs_person=any(item.holder_of(line.asset) is HolderKind.PERSON for line in item.lines),
        lines=[LineOf(asset=one.asset, least=one.amount_min, most=one.amount_max) for one in item.lines],
        caps=[_cap(one) for one in item.caps],
        note_needed=needs_note(item),
        questions=schema_of(item.questions),
        people=[
            PeopleOf(role=one.role, title=one.title, of=one.of, least=one.least, most=one.most) for one in item.people
        ],
        quiet=item.quiet,
    )


def _cap(cap: Cap) -> CapOf:
    return CapOf(
        window=cap.window.value,
        times=cap.times_max,
        asset=cap.asset,
        amount=cap.amount_max,
        of=cap.of,
        share=cap.share,
    )
