"""The demo's doors: one tap enters as each. Registered only where the demo is served."""

from litestar import Controller, post
from litestar.params import FromPath
from litestar.response import Redirect

from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.service.demo import mark
from dezhi.web.given import TheHouse
from dezhi.web.respond import see_other
from dezhi.web.visitors import AnyRequest, enter_card, enter_staff

STAFF_HOMES = {"clerk": "/round", "supervisor": "/journal", "township": "/township"}


class DemoDoors(Controller):
    """Enter as somebody invented, without a card or a password."""

    @post("/demo/enter/{who:str}")
    async def enter(self, request: AnyRequest, house: TheHouse, who: FromPath[str]) -> Redirect:
        """`who` is resident, clerk, supervisor or township. Raises `Problem` `no-door` for anybody else."""
        note = mark.read(house.database.data_dir)
        if note is not None and who == "resident":
            card = await house.cards.card_of(note.home)
            if card is not None:
                enter_card(request, house, card)
                return see_other("/me")
        if note is not None and who in STAFF_HOMES:
            member = await house.staff.active(note.staff[who])
            if member is not None:
                await enter_staff(request, house, member.id)
                return see_other(STAFF_HOMES[who])
        raise Problem("no-door", N_("演示里没有这扇门，或者有人把它关上了。请从公开页再选一扇。"), status=404)
