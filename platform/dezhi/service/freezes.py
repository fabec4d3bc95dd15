"""Freezing points while something is looked into, and giving them free again (LE-14).

Nothing is taken: the points stay the household's and cannot be spent. The household reads why, whom to ask and how to
object; nobody else does.
"""

import hashlib
from collections.abc import Sequence

from dezhi.core import events as ledger
from dezhi.core.calendar import Clock, day as day_number, today
from dezhi.core.errors import Problem
from dezhi.core.events import AssetId, Outcome
from dezhi.core.people import Household
from dezhi.core.text import N_
from dezhi.service.actors import Actor
from dezhi.service.journal import Told
from dezhi.service.refusals import problem
from dezhi.service.sheets import Sheets
from dezhi.store import freezes as store
from dezhi.store.database import Database
from dezhi.store.freezes import Frozen
from dezhi.store.ledger import Submission
from dezhi.store.poster import Poster

REASON_MAX = 200


class Freezes:
    """Freezes and frees a household's moral points."""

    def __init__(self, database: Database, poster: Poster, sheets: Sheets, clock: Clock) -> None:
        self._database = database
        self._poster = poster
        self._sheets = sheets
        self._clock = clock

    async def of_household(self, home: Household) -> Sequence[Frozen]:
        """What of a household's is frozen, oldest first."""
        return await store.of_holders(self._database, await self._sheets.book(home.village), [home.id])

    async def freeze(
        self, home: Household, reason: str, actor: Actor, key: str, *, about: Told | None = None
    ) -> Frozen:
        """Freeze what an entry gave, or without one everything that a household has and will get. Raises `Problem`."""
        _check(home, actor)
        why = _reason(reason)
        day = today(self._clock())
        sheet = await self._sheets.in_force(home.village, day)
        event = ledger.Freeze(
            order=_order(actor, key),
            programme=sheet.lineage,
            version=sheet.id,
            holder=ledger.Holder(ledger.HolderId.HOUSEHOLD, home.id),
            place=ledger.Place(household=home.id, village=home.village, grid=home.grid),
            event_day=day_number(day),
            asset=AssetId.MORAL,
            amount=None if about is None else _gained(home, about),
            about=None if about is None else about.entry.seq,
            reason=why,
        )
        asked = f"freeze {home.id} {event.about} {why}".encode()
        command = ledger.Command(source=actor.source, key=key, actor=actor.staff, events=(event,), asked=asked)
        if about is not None:
            await self._check_entry(home, sheet.book, about.entry.seq, event.order)
        await self._post(sheet.book, command)
        frozen = next((one for one in await self.of_household(home) if one.order == event.order), None)
        if frozen is None:
            raise problem(Outcome(code="resolved"))
        return frozen

    async def unfreeze(self, home: Household, order: str, reason: str, actor: Actor, key: str) -> None:
        """Give free again what one freeze keeps, in one step. Raises `Problem`."""
        _check(home, actor)
        if all(one.order != order for one in await self.of_household(home)):
            raise Problem("freeze-unknown", N_("没有找到这一次冻结，可能已经解冻了。"), status=404)
        event = ledger.Void(order=order, event_day=day_number(today(self._clock())), reason=reason.strip()[:REASON_MAX])
        command = ledger.Command(source=actor.source, key=key, actor=actor.staff, events=(event,))
        await self._post(await self._sheets.book(home.village), command)

    async def _check_entry(self, home: Household, book: int, seq: int, order: str) -> None:
        """Keep what a freeze of an entry sets aside from being other points than those it gave."""
        if any(one.about == seq and one.order != order for one in await self.of_household(home)):
            raise Problem("freeze-twice", N_("没有冻结：这一笔已经冻结着。"), status=409)
        if await store.is_pending(self._database, book, seq):
            text = N_("没有冻结：这一笔还在公示，没有入账，本来就不能用。记错了请冲正。")
            raise Problem("freeze-pending", text, status=409)

    async def _post(self, book: int, command: ledger.Command) -> None:
        outcome = await self._poster.post(book, Submission(command))
        if outcome.code == "short":
            text = N_("没有冻结：这一笔的分已经用掉，只剩%(left)s分能用了。要冻结，可以冻结整个账户。")
            raise Problem("freeze-short", text, status=409, left=outcome.left or 0)
        if not outcome.booked:
            raise problem(outcome)


def _check(home: Household, actor: Actor) -> None:
    if actor.household == home.id:
        raise Problem("self_freeze", N_("没有办：自己家的分，请另一位工作人员来冻结或解冻。"), status=403)


def _gained(home: Household, told: Told) -> int:
    """The moral points an entry gave a household. Raises `Problem` for an entry of somebody else's, or none such."""
    points = told.amounts.get(AssetId.MORAL, 0)
    if told.entry.household != home.id or points <= 0 or told.entry.reversed_by is not None:
        raise Problem("freeze-entry", N_("没有冻结：只能冻结这一户得过道德积分、又没有冲正的一笔。"))
    return points


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise Problem("reason-missing", N_("没有冻结：请写一句为什么，这户人家看得到。"), field="reason")
    return reason[:REASON_MAX]


def _order(actor: Actor, key: str) -> str:
    """A freeze's name: the same request always names the same one."""
    return "freeze-" + hashlib.sha256(f"{actor.source} {key}".encode()).hexdigest()[:20]
