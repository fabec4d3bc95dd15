"""Passbook cards of a village: issued to whoever has none, printed with their PINs this once."""

from litestar import Controller, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Template
from markupsafe import Markup

from dezhi.core.acts import ActKind
from dezhi.core.errors import Problem
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.service.cards import SheetLine
from dezhi.service.house import House
from dezhi.web import words
from dezhi.web.addresses import own_address
from dezhi.web.doors import Form
from dezhi.web.drawn import qr
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.respond import show
from dezhi.web.township import desk
from dezhi.web.views import setup as views
from dezhi.web.visitors import AnyRequest, Visitor, need_village, whole


class IssueForm(Form):
    """For which grid; empty for the whole village."""

    grid: str = ""


class CardPages(Controller):
    """The cards of one village."""

    path = "/township/v/{code:str}/cards"

    @get("/")
    async def home(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        return await _home(request, house, visitor, village)

    @post("/")
    async def issue(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        data: URLEncodedBody[IssueForm],
    ) -> Template:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        region = village.id
        if data.grid:
            grids = {grid.id: grid for grid in await house.places.grids(village.id)}
            grid = grids.get(whole(data.grid))
            if grid is None:
                raise Problem("region-unknown", N_("没有找到这个网格，没有发卡。"), status=404)
            region = grid.id
        lines = await house.cards.issue_sheet(region)
        if not lines:
            nobody = Problem("cards-none", N_("这里的户都已经有卡了，没有再发。丢卡、忘密码到服务台办。"), status=409)
            return await _home(request, house, visitor, village, nobody)
        actor = visitor.need_staff(Role.TOWNSHIP)
        await house.acts.note(actor, ActKind.CARDS_ISSUED, village.id, village.id)
        programme = await house.programmes.in_force(village.id)
        address = own_address(request)
        view = views.Sheet(
            village=village.name,
            programme=_(programme.title) if programme else "",
            strips=tuple(strip(village.name, line, address) for line in lines),
            address=address,
        )
        return show("cards/sheet.html", await desk(request, house, visitor, village), view)


def strip(village: str, line: SheetLine, address: str) -> views.CardStrip:
    """One card for printing. Its QR code holds the token; behind a `#`, which browsers never send to a server."""
    text = f"{address}/card#/{line.issued.token}" if address else line.issued.token
    return views.CardStrip(
        village=village,
        household=words.household(line.household.label),
        number=line.household.number,
        card=line.issued.printed_number,
        pin=line.issued.pin,
        qr_svg=Markup(qr(text)),  # noqa: S704 - our own drawing
    )


async def _home(
    request: AnyRequest, house: House, visitor: Visitor, village: Region, problem: Problem | None = None
) -> Template:
    waiting = await house.cards.without_card(village.id)
    grids = [(grid, await house.cards.without_card(grid.id)) for grid in await house.places.grids(village.id)]
    view = views.Cards(
        village=village.name,
        code=village.code,
        households=await house.people.count_below(village.id),
        waiting=waiting,
        grids=tuple(views.GridCards(id=str(grid.id), name=grid.name, waiting=left) for grid, left in grids),
        error=problem.say(_) if problem else "",
    )
    page = await desk(request, house, visitor, village)
    return show("cards/home.html", page, view, status=problem.status if problem else 200)
