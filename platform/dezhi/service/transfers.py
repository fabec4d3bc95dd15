"""Passing volunteer hours on, where the programme allows it: to family of 60 and above, or the village's pool (LE-11).

Whoever is family is known only inside a household: to anybody else nothing can be passed.
"""

from collections.abc import Sequence
from datetime import date

from dezhi.core import events as ledger
from dezhi.core.calendar import Clock, day as day_number, today
from dezhi.core.errors import Problem
from dezhi.core.events import AssetId, HolderId
from dezhi.core.people import Household, Member
from dezhi.core.text import N_
from dezhi.service.actors import Actor
from dezhi.service.refusals import problem
from dezhi.service.sheets import Sheet, Sheets
from dezhi.store import statements
from dezhi.store.database import Database
from dezhi.store.ledger import Submission
from dezhi.store.poster import Poster

OLD = 60
TO_KIN, TO_POOL = "transfer:kin", "transfer:pool"


class Transfers:
    """Passes hours on."""

    def __init__(self, database: Database, poster: Poster, sheets: Sheets, clock: Clock) -> None:
        self._database = database
        self._poster = poster
        self._sheets = sheets
        self._clock = clock

    async def takers(self, home: Household) -> tuple[Sequence[Member], bool]:
        """To whom of a household hours may be passed, and whether to the pool."""
        sheet = await self._sheets.find(home.village, self._today())
        if sheet is None:
            return [], False
        kept = sheet.programme.document.keeping
        return [one for one in home.members if kept.to_kin and _is_old(one, self._today())], kept.to_pool

    async def pool(self, village: int) -> int:
        """The minutes in a village's pool."""
        sheet = await self._sheets.in_force(village, self._today())
        found = await statements.accounts_of(self._database, sheet.book, [village], [ledger.Role.POOL])
        mine = [one.account for one in found if one.programme == sheet.lineage and one.holder_kind == HolderId.REGION]
        balances = await statements.balances_at(self._database, sheet.book, mine, statements.EVERYTHING)
        return sum(balances.values())

    async def give(
        self, home: Household, giver: int, taker: int | None, minutes: int, actor: Actor, key: str
    ) -> tuple[int, ...]:
        """Pass minutes of one member to another, or to the pool (None); returns both entries. Raises `Problem`."""
        sheet = await self._sheets.in_force(home.village, self._today())
        if all(one.person != giver for one in home.members):
            raise Problem("person-elsewhere", N_("没有转：这个人不在这一户。请重新选人。"), field="giver")
        await self._check(home, giver, taker)
        if minutes < 1:
            raise Problem("amount", N_("没有转：请写转几分钟，要大于0。"), field="minutes")
        event = self._event(sheet, home, giver, taker, minutes)
        asked = f"transfer {home.id} {giver} {taker} {minutes}".encode()
        command = ledger.Command(source=actor.source, key=key, actor=actor.staff, events=(event,), asked=asked)
        outcome = await self._poster.post(sheet.book, Submission(command))
        if outcome.code == "short":
            text = N_("没有转：志愿时不够，能转的是%(left)s分钟。什么都没有动。")
            raise Problem("short", text, status=409, left=outcome.left or 0)
        if not outcome.booked:
            raise problem(outcome)
        return outcome.seqs

    async def _check(self, home: Household, giver: int, taker: int | None) -> None:
        kin, pool = await self.takers(home)
        if taker is None and not pool:
            text = N_("没有转：这个村的方案不许把志愿时捐给村里。")
            raise Problem("transfer-pool", text, status=409)
        if taker == giver:
            raise Problem("transfer-self", N_("没有转：转出和转给的是同一个人。请重新选。"), field="taker")
        if taker is not None and all(one.person != taker for one in kin):
            text = N_("没有转：志愿时只能转给同一户里60岁以上的亲人，而且要方案许可。")
            raise Problem("transfer-kin", text, status=409)

    def _event(self, sheet: Sheet, home: Household, giver: int, taker: int | None, minutes: int) -> ledger.Transfer:
        to = ledger.Holder(HolderId.REGION, home.village) if taker is None else ledger.Holder(HolderId.PERSON, taker)
        return ledger.Transfer(
            programme=sheet.lineage,
            version=sheet.id,
            item=TO_POOL if taker is None else TO_KIN,
            asset=AssetId.HOURS,
            amount=minutes,
            giver=ledger.Holder(HolderId.PERSON, giver),
            giver_place=ledger.Place(household=home.id, village=home.village, grid=home.grid, person=giver),
            taker=to,
            taker_place=ledger.Place(
                household=home.id if taker is not None else 0,
                village=home.village,
                grid=home.grid if taker is not None else None,
                person=taker,
            ),
            event_day=day_number(self._today()),
            reason="",
        )

    def _today(self) -> date:
        return today(self._clock())


def _is_old(one: Member, on: date) -> bool:
    born = one.birth_date
    return born is not None and on.year - born.year - ((on.month, on.day) < (born.month, born.day)) >= OLD
