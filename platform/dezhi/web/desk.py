"""The desk, for whoever has no phone: read the book aloud, change points for goods, replace a card.

Nobody is asked for a PIN here. The clerk looks at the card, or at the person, and everything is recorded as done at the
desk and by whom.
"""

from collections.abc import Sequence

from litestar import Controller, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.acts import ActKind
from dezhi.core.cards import print_number
from dezhi.core.errors import Problem
from dezhi.core.people import Household
from dezhi.core.staff import Role
from dezhi.core.text import N_, counted
from dezhi.service.cards import SheetLine
from dezhi.service.house import House
from dezhi.service.journal import EntryRef
from dezhi.service.passbooks import Passbook
from dezhi.web import words
from dezhi.web.addresses import own_address
from dezhi.web.cards import strip
from dezhi.web.clerk import clerk_frame, need_key, new_key, round_of, search
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.lapsing import lapsing
from dezhi.web.lines import line_view, spoken
from dezhi.web.passbook import offer_view, reward_symbol
from dezhi.web.respond import see_other, show, tell
from dezhi.web.views import desk
from dezhi.web.views.frame import Page, Tell
from dezhi.web.views.passbook import Waiting
from dezhi.web.views.setup import Sheet
from dezhi.web.visitors import AnyRequest, Visitor, need_household
from dezhi.web.work import found_line

TAB = "/desk"
LINES = 10
TOLD_LINES = 3
"""Of so many of the newest lines a slip says what their plugins say."""


class FindForm(Form):
    """A card, or what else tells a household."""

    card: str = ""


class RedeemForm(Form):
    """A reward to hand over now."""

    reward: str = ""
    key: str = ""


class BoardForm(Form):
    """Whether the household wants to be on the honour board."""

    board: str = ""


class Desk(Controller):
    """The desk."""

    path = TAB

    @get()
    async def home(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor) -> Template:
        await round_of(house, visitor)
        return await _home_page(request, house, visitor, desk.Home())

    @post()
    async def find(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, data: URLEncodedBody[FindForm]
    ) -> Template | Redirect:
        """Find whose card it is. Another village's card is no card here."""
        await round_of(house, visitor)
        try:
            found = await search(house, visitor, data.card)
        except Problem as problem:
            view = desk.Home(text=data.card, error=problem.say(_))
            return await _home_page(request, house, visitor, view, problem.status)
        if len(found) == 1:
            return see_other(f"{TAB}/{found[0].household}")
        if found:
            view = desk.Home(text=data.card, found=tuple(map(found_line, found)))
            return await _home_page(request, house, visitor, view)
        error = _("没有找到。请核对卡号，或者报户号、姓名、拼音首字母。")
        return await _home_page(request, house, visitor, desk.Home(text=data.card, error=error), 404)

    @get("/{ref:str}")
    async def visit(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, ref: FromPath[str]) -> Template:
        home = await need_household(house, visitor, ref, Role.CLERK)
        return await _visit_page(request, house, visitor, home)

    @get("/{ref:str}/slip")
    async def slip(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, ref: FromPath[str]) -> Template:
        """The passbook slip to print and take home."""
        actor = visitor.need_staff(Role.CLERK)
        home = await need_household(house, visitor, ref, Role.CLERK)
        visit = await _visit(house, home)
        notices = await _notices(house, [line.seq_id for line in visit.lines if not line.undone][:TOLD_LINES])
        view = desk.Slip(visit=visit, printed_at=house.clock(), by=actor.member.name, notices=notices)
        return show("desk/slip.html", await _frame(request, house, visitor, home), view)

    @post("/{ref:str}/redeem")
    async def redeem(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        ref: FromPath[str],
        data: URLEncodedBody[RedeemForm],
    ) -> Template | Redirect:
        """Choose, pay and hand over in one visit."""
        actor = visitor.need_staff(Role.CLERK)
        home = await need_household(house, visitor, ref, Role.CLERK)
        try:
            order = await house.redemptions.hand_over_at_desk(home.id, data.reward, actor, need_key(data.key))
        except Problem as problem:
            return await _visit_page(request, house, visitor, home, problem)
        given = {"title": _(order.title), "who": words.household(home.label)}
        done = counted("换好了：%(title)s给了%(who)s，用了%(n)s分。记作服务台办理，经手人是您。", order.price, **given)
        tell(request, Tell(text=_(done)))
        return see_other(f"{TAB}/{ref}")

    @post("/{ref:str}/lost")
    async def lost(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, ref: FromPath[str]) -> Template:
        """End the card at once and issue another, whose PIN is shown on this one answer."""
        actor = visitor.need_staff(Role.CLERK)
        home = await need_household(house, visitor, ref, Role.CLERK)
        await house.acts.note(actor, ActKind.CARD_REISSUED, home.village, home.id)
        issued = await house.cards.reissue(home.id)
        sheet = await house.sheets.find(home.village, home.on)
        title = _(sheet.programme.title) if sheet else ""
        address = own_address(request)
        card = strip(home.village_name, SheetLine(issued=issued, household=home), address)
        view = Sheet(village=home.village_name, programme=title, strips=(card,), address=address)
        return show("cards/sheet.html", await _frame(request, house, visitor, home), view)

    @post("/{ref:str}/pin")
    async def pin(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, ref: FromPath[str]) -> Template:
        """Give the card a new PIN, shown on this one answer."""
        actor = visitor.need_staff(Role.CLERK)
        home = await need_household(house, visitor, ref, Role.CLERK)
        card = await house.cards.card_of(home.id)
        if card is None:
            problem = Problem("card-none", N_("这一户现在没有可用的卡。请换发一张新卡，新密码印在卡上。"), status=409)
            return await _visit_page(request, house, visitor, home, problem)
        await house.acts.note(actor, ActKind.PIN_RESET, home.village, home.id)
        pin = await house.cards.reset_pin(card.id)
        view = desk.NewSecret(household=words.household(home.label), what=_("新密码"), ref=ref, pin=pin)
        return show("desk/secret.html", await _frame(request, house, visitor, home), view)

    @post("/{ref:str}/board")
    async def board(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        ref: FromPath[str],
        data: URLEncodedBody[BoardForm],
    ) -> Redirect:
        """Keep what the household said about the honour board."""
        actor = visitor.need_staff(Role.CLERK)
        home = await need_household(house, visitor, ref, Role.CLERK)
        wants = data.board == "yes"
        await house.people.choose_board(home.id, f"staff:{actor.staff}", opted_in=wants)
        told = _("%(who)s愿意上光荣榜，记下了。") if wants else _("%(who)s不上光荣榜了，榜上马上看不到。")
        tell(request, Tell(text=told % {"who": words.household(home.label)}))
        return see_other(f"{TAB}/{ref}")


async def _home_page(
    request: AnyRequest, house: House, visitor: Visitor, view: desk.Home, status: int = 200
) -> Template:
    clerk = await round_of(house, visitor)
    page = await clerk_frame(request, house, visitor, TAB, clerk.only())
    return show("desk/home.html", page, view, status=status)


async def _visit_page(
    request: AnyRequest, house: House, visitor: Visitor, home: Household, problem: Problem | None = None
) -> Template:
    view = await _visit(house, home, error=problem.say(_) if problem else "")
    page = await _frame(request, house, visitor, home)
    return show("desk/visit.html", page, view, status=problem.status if problem else 200)


async def _notices(house: House, refs: Sequence[str]) -> tuple[str, ...]:
    """What the plugins say under some entries, each sentence once."""
    told = [await house.journal.entry(EntryRef.parse(ref)) for ref in refs]
    return tuple(dict.fromkeys([_(text) for one in told for text in await house.sentences.under(one)]))


async def _visit(house: House, home: Household, error: str = "") -> desk.Visit:
    book = await house.passbooks.open(home.id, lines=LINES)
    card = await house.cards.card_of(home.id)
    offers = await house.redemptions.offers(home, book.sheet) if book.sheet else []
    return desk.Visit(
        ref=str(home.id),
        card=print_number(card.number) if card else "",
        household=words.household(home.label),
        number=home.number,
        where=words.where(home.village_name, home.grid_name),
        spendable=book.spendable,
        minutes=book.minutes,
        safe=book.safe,
        honour=book.honour,
        held=book.held,
        spoken=spoken(book),
        lapsing=lapsing(book),
        frozen=book.frozen,
        lines=tuple(line_view(line) for line in book.lines),
        offers=tuple(offer_view(offer, book.spendable) for offer in offers),
        waiting=await _waiting(house, home, book),
        on_board=home.id in await house.people.on_board(home.village),
        shown_as=words.household(home.masked_label),
        key=new_key(),
        error=error,
    )


async def _waiting(house: House, home: Household, book: Passbook) -> tuple[Waiting, ...]:
    number = await house.sheets.book(home.village)
    return tuple(
        Waiting(
            id=f"{number}-{order.order}",
            title=_(order.title),
            code=order.code,
            symbol=reward_symbol(book.sheet, order.reward),
        )
        for order in book.waiting
    )


async def _frame(request: AnyRequest, house: House, visitor: Visitor, home: Household) -> Page:
    return await clerk_frame(request, house, visitor, TAB, await house.places.region(home.village))
