"""What everybody may see: the public page of a village or township, its wall and its rules (PU, HO)."""

from collections.abc import Sequence

import msgspec
from litestar import Controller, MediaType, Response, get
from litestar.params import FromPath
from litestar.response import ServerSentEvent, Template

from dezhi.core import lineages
from dezhi.core.calendar import today
from dezhi.core.errors import Problem
from dezhi.core.periods import WINDOW_WORDS
from dezhi.core.programmes import Programme
from dezhi.core.regions import Level, Region
from dezhi.core.text import N_
from dezhi.plugin import Category, Heading, HolderKind, Item, Onward, Paragraph, Reward, Rows
from dezhi.service.boards import Goal, GoodDeed, Honour
from dezhi.service.house import House
from dezhi.service.public import PublicPage
from dezhi.service.sheets import Sheet
from dezhi.web import drawn, words
from dezhi.web.addresses import own_address
from dezhi.web.adopting import sent
from dezhi.web.changes import OBJECTIONS, changes_of, compared_of, resolution_of
from dezhi.web.draftwords import campaigns_said
from dezhi.web.given import TheHouse, TheLive, TheVisitor
from dezhi.web.heads import BODILESS
from dezhi.web.languages import translate as _
from dezhi.web.lineages import comes, did_not_come, told
from dezhi.web.respond import frame, show
from dezhi.web.seals import mark
from dezhi.web.versions import suspended_of
from dezhi.web.views import public
from dezhi.web.views.frame import Amount, Link, Part
from dezhi.web.visitors import AnyRequest, Visitor

WAYS = 5
GOODS = 6

WHAT = N_("做了好事，村里给您家存一笔；攒够了，凭卡换用得上的东西。每一笔都查得到是谁记的、按哪一条。")
BANK = N_("道德存折")
"""What the page is called where no programme gives it a name."""

DEMO_DOORS = (
    ("resident", N_("我是村民"), N_("看存折、换东西")),
    ("clerk", N_("我是村干部"), N_("记分、发奖品")),
    ("supervisor", N_("我是监督员"), N_("每一笔都能查")),
    ("township", N_("我是乡镇"), N_("方案和人员")),
)


class Public(Controller):
    """The public pages."""

    @get("/")
    async def front(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor) -> Template:
        place = await house.public.front()
        if place is None:
            return show("public/empty.html", await frame(request, house, visitor), Part())
        view = await home_view(house, place)
        return show("public/home.html", await frame(request, house, visitor, place), view)

    @get("/wall")
    async def front_wall(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor) -> Template:
        place = await house.public.front()
        if place is None:
            return show("public/empty.html", await frame(request, house, visitor), Part())
        return await _wall(request, house, visitor, place)

    @get("/v/{code:str}")
    async def village(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        place = await house.public.village(code)
        view = await home_view(house, place)
        return show("public/home.html", await frame(request, house, visitor, place), view)

    @get("/v/{code:str}/wall")
    async def wall(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        return await _wall(request, house, visitor, await house.public.village(code))

    @get("/v/{code:str}/rules")
    async def rules(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        place = await house.public.village(code)
        view = await rules_of(house, place)
        return show("public/rules.html", await frame(request, house, visitor, place), view)

    @get("/v/{code:str}/rules/cards")
    async def item_cards(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]
    ) -> Template:
        """Each item on a card of its own, to be printed and cut apart (RU-16)."""
        place = await house.public.village(code)
        view = rules_view(await house.public.sheet(place), Link(href=f"/v/{code}/rules", text=_("回到细则")))
        return show("public/item_cards.html", await frame(request, house, visitor, place), view)

    @get("/v/{code:str}/rules/{number:int}/changes")
    async def changes(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], number: FromPath[int]
    ) -> Template:
        """What a version changed, who decided it, where to object: nobody need take anybody's word for it."""
        place = await house.public.village(code)
        history, after = await _version(house, place, number)
        before, again = compared_of(history, after)
        aside = [did_not_come(pair, history) for pair in lineages.set_aside(history) if pair.version.id == after.id]
        shown = after.resolution is not None and after.resolution.paper_public and after.resolution.paper is not None
        view = changes_of(
            house,
            before,
            after,
            place.name,
            paper_href=f"/v/{code}/rules/{number}/paper" if shown else "",
            again=again,
            back=Link(href=f"/v/{code}/rules", text=_("回到细则")),
        )
        view = msgspec.structs.replace(view, pending="".join(aside))
        return show("public/changes.html", await frame(request, house, visitor, place), view)

    @get("/v/{code:str}/rules/{number:int}/paper")
    async def paper(self, house: TheHouse, code: FromPath[str], number: FromPath[int]) -> Response[bytes]:
        """The paper of a version's resolution, where the village made it public."""
        place = await house.public.village(code)
        _history, after = await _version(house, place, number)
        resolution = after.resolution
        if resolution is None or resolution.paper is None or not resolution.paper_public:
            raise Problem("paper-unknown", N_("没有这份文件。"), status=404)
        return sent(await house.papers.find(place.id, resolution.paper))

    @get(["/v/{code:str}/p/{plugin:str}", "/v/{code:str}/p/{plugin:str}/{path:str}"])
    async def plugin_page(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        plugin: FromPath[str],
        path: FromPath[str] = "",
    ) -> Template:
        place = await house.public.village(code)
        found = await house.sentences.page(await house.public.sheet(place), plugin, path)
        view = public.PluginPage(
            title=_(found.title),
            blocks=tuple(_block(one, f"/v/{code}/p/{plugin}") for one in found.blocks),
            back=Link(href=f"/v/{code}/rules", text=_("回到细则")),
        )
        return show("public/page.html", await frame(request, house, visitor, place), view)

    @get(["/moved", "/v/{code:str}/moved"], opt={"stream": True}, media_type="text/event-stream")
    async def moved(
        self, request: AnyRequest, house: TheHouse, live: TheLive, code: FromPath[str] = ""
    ) -> ServerSentEvent | Response[None]:
        """A stream that says when the book of a place moved; 204, which ends a browser's asking, if there is none."""
        place = await (house.public.village(code) if code else house.public.front())
        cursor = await house.public.cursor(place) if place else None
        if cursor is None or live.full or BODILESS in request.scope["state"]:
            return Response(None, status_code=204)
        # The second is nginx's word for passing each line on as it comes.
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return ServerSentEvent(live.follow(*cursor), headers=headers)

    @get("/robots.txt", media_type=MediaType.TEXT)
    async def robots(self) -> str:
        """People's points are for their neighbours, not for search engines."""
        return "User-agent: *\nDisallow: /\n"


async def _wall(request: AnyRequest, house: House, visitor: Visitor, place: Region) -> Template:
    own, path = own_address(request), f"/v/{place.code}" if place.level is Level.VILLAGE else "/"
    view = public.Wall(
        home=await home_view(house, place),
        made_at=house.clock(),
        live_href=f"/v/{place.code}/moved" if place.level is Level.VILLAGE else "/moved",
        address=own.partition("://")[2] + path if own else "",
        qr_svg=drawn.qr(own + path) if own else "",
    )
    return show("public/wall.html", await frame(request, house, visitor, place), view)


async def home_view(house: House, place: Region) -> public.Home:
    """The view of a place's page as it is now."""
    page = await house.public.page(place)
    code = place.code if place.level is Level.VILLAGE else ""
    titles = {sheet.programme.title for sheet in page.sheets}
    return public.Home(
        programme=_(titles.pop() if len(titles) == 1 else BANK),
        next_seq=page.next_seq,
        what=_(WHAT),
        totals=public.Totals(
            month=today(house.clock()),
            deeds=page.totals.deeds,
            minutes=page.totals.minutes,
            safe=page.totals.safe,
            goods=page.totals.handed_over,
        ),
        code=code,
        latest=tuple(_latest(deed) for deed in page.latest),
        deeds=tuple(_told(deed) for deed in page.notable),
        boards=tuple(_board(honour) for honour in page.honours),
        goals=tuple(_goal(goal) for goal in page.goals),
        ways=_ways(page),
        goods=_goods(page),
        villages=tuple(public.Village(code=one.code, name=one.name) for one in await house.public.villages()),
        demo_doors=_demo_doors() if house.demo else (),
        rules_href=f"/v/{code}/rules" if code else "",
        wall_href=f"/v/{code}/wall" if code else "/wall",
        seal=mark(await house.seals.shown()),
    )


def _block(block: Heading | Paragraph | Rows | Onward, base: str) -> public.Block:
    match block:
        case Rows():
            rows = tuple(tuple(map(_, row)) for row in block.rows)
            return public.Block(kind="rows", columns=tuple(map(_, block.columns)), rows=rows)
        case Onward():
            href = f"{base}/{block.path}" if block.path else base
            return public.Block(kind="onward", text=_(block.text), href=href)
        case Heading():
            return public.Block(kind="heading", text=_(block.text))
        case Paragraph():
            return public.Block(kind="paragraph", text=_(block.text))


def _demo_doors() -> tuple[public.DemoDoor, ...]:
    return tuple(public.DemoDoor(who=who, name=_(name), what=_(what)) for who, name, what in DEMO_DOORS)


def _called(who: str, kind: HolderKind) -> str:
    return words.household(who) if kind is HolderKind.HOUSEHOLD else who


def _latest(deed: GoodDeed) -> public.News:
    return public.News(
        day=deed.on,
        who=_called(deed.who, deed.of) or _("一位村民"),
        text=_(deed.title),
        amount=Amount(asset=deed.asset, value=deed.amount) if deed.amount else None,
        symbol=deed.symbol,
        trial=deed.on_trial,
    )


def _told(deed: GoodDeed) -> public.News:
    return public.News(day=deed.on, text=_(deed.title), symbol=deed.symbol, trial=deed.on_trial)


def _board(honour: Honour) -> public.Board:
    return public.Board(
        title=_(honour.board.title),
        window=_(WINDOW_WORDS[honour.board.window]),
        unit=words.unit(honour.board.unit_label),
        rows=tuple(
            public.Place(place=one.place, who=_called(one.who, honour.board.unit), score=one.score)
            for one in honour.places
        ),
        joined=honour.joined,
        households=honour.households,
    )


def _goal(goal: Goal) -> public.Goal:
    return public.Goal(
        title=_(goal.board.title),
        text=_(goal.board.about),
        reached=goal.reached,
        target=goal.target,
        entries=goal.entries,
        unit=words.unit(goal.board.unit_label),
    )


def _ways(page: PublicPage) -> tuple[public.Way, ...]:
    """A few ways to earn: the first of each heading, then whatever follows."""
    first: dict[tuple[str, str], Item] = {}
    rest: dict[str, Item] = {}
    for sheet in page.sheets:
        for code, item in sheet.items.items():
            heading = (code.partition("/")[0], item.category)
            if first.setdefault(heading, item).code != item.code:
                rest.setdefault(code, item)
    shown = [*first.values(), *rest.values()][:WAYS]
    return tuple(
        public.Way(
            title=_(item.title),
            amount=words.earns(item),
            asset=item.asset.value,
            symbol=item.symbol,
            how=_(item.how),
        )
        for item in shown
    )


def _goods(page: PublicPage) -> tuple[public.Good, ...]:
    """A few rewards, from the cheapest to the dearest, so that everybody sees one within reach."""
    priced = dict(pair for sheet in page.sheets for pair in sheet.spendable())
    found = sorted(priced.items(), key=lambda pair: (pair[1].price, pair[0]))
    return tuple(_good(reward) for _, reward in spread(found, GOODS))


def spread(found: Sequence[tuple[str, Reward]], count: int) -> list[tuple[str, Reward]]:
    """Up to `count` of a list, evenly from its first to its last."""
    if len(found) <= count:
        return list(found)
    return [found[number * (len(found) - 1) // (count - 1)] for number in range(count)]


def _good(reward: Reward) -> public.Good:
    return public.Good(title=_(reward.title), price=reward.price, symbol=reward.symbol, about=_(reward.about))


async def _version(house: House, place: Region, number: int) -> tuple[Sequence[Programme], Programme]:
    """All versions, and the one asked for. Raises `Problem` 404."""
    history = await house.programmes.history(place.id)
    after = next((one for one in history if one.version == number), None)
    if after is None:
        raise Problem("programme-unknown", N_("没有这个方案。"), status=404)
    return history, after


async def rules_of(house: House, place: Region) -> public.Rules:
    """The rules page of a village: what rules now, who decided it, and what was adopted for later (no secret rules)."""
    sheet = await house.public.sheet(place)
    pages = await house.sentences.pages(sheet) if sheet is not None else {}
    view = rules_view(sheet, Link(href=f"/v/{place.code}", text=_("回到公开页")))
    today = house.programmes.today()
    history = await house.programmes.history(place.id)
    ruling = lineages.ruling(history, today)
    resolution = ruling.resolution if ruling else None
    return msgspec.structs.replace(
        view,
        coming=tuple(
            public.Coming(text=comes(one), href=f"/v/{place.code}/rules/{one.version}/changes")
            for one in lineages.coming(history, today)
        ),
        aside=told(lineages.set_aside(history), history, today),
        suspended=suspended_of(ruling) if ruling else "",
        decided=resolution_of(resolution) if resolution and resolution.votes else (),
        changes_href=f"/v/{place.code}/rules/{ruling.version}/changes" if ruling else "",
        paper_href=f"/v/{place.code}/rules/{ruling.version}/paper"
        if ruling and resolution and resolution.paper_public and resolution.paper
        else "",
        campaigns=campaigns_said(ruling.document, today) if ruling and not view.suspended else (),
        objections=tuple(map(_, OBJECTIONS)) if ruling else (),
        pages=tuple(Link(href=f"/v/{place.code}/p/{name}", text=_(title)) for name, title in pages.items()),
    )


def rules_view(sheet: Sheet | None, back: Link) -> public.Rules:
    """The sheet in words, by the plugins' own headings; an item whose plugin is gone keeps its place at the end."""
    if sheet is None:
        return public.Rules(programme=_(BANK), back=back)
    programme = sheet.programme
    return public.Rules(
        programme=_(programme.title),
        version=programme.version,
        since=programme.effective_from,
        groups=_groups(sheet),
        label=_("；").join(dict.fromkeys(_(notice) for notice in sheet.notices.values() if notice)),
        goods=tuple(_good(reward) for _, reward in sheet.spendable()),
        resolution=words.resolution(programme.resolution),
        trial=sheet.on_trial,
        back=back,
    )


def _groups(sheet: Sheet) -> tuple[public.RuleGroup, ...]:
    grouped: dict[tuple[str, str], list[public.Rule]] = {
        (plugin, category.code): [] for plugin, declared in sheet.categories.items() for category in declared
    }
    headings = {
        (plugin, category.code): category for plugin, declared in sheet.categories.items() for category in declared
    }
    for code, item in sheet.items.items():
        grouped.setdefault((code.partition("/")[0], item.category), []).append(_rule(item))
    return tuple(_group(headings.get(heading), rules) for heading, rules in grouped.items() if rules)


def _group(heading: Category | None, rules: list[public.Rule]) -> public.RuleGroup:
    if heading is None:
        return public.RuleGroup(title=_("其他"), symbol="", rules=tuple(rules))
    return public.RuleGroup(title=_(heading.title), symbol=heading.symbol, rules=tuple(rules))


def _rule(item: Item) -> public.Rule:
    return public.Rule(
        title=_(item.title),
        how=_(item.how),
        amount=words.earns(item),
        asset=item.asset.value,
        caps=words.limits(item),
        symbol=item.symbol,
    )
