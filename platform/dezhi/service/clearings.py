"""Clearing a village's year: announced days before, equal to its preview, one batch, undone as one (LE-06).

A decision is kept before anything is booked, wallet by wallet, and every wallet's entry has its own key: whatever
stops the work, whoever goes on with it books the rest and nothing twice.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from dezhi.core import events as ledger
from dezhi.core.calendar import Clock, day as day_number, micros, today
from dezhi.core.clearings import Clearing, ClearingState, Preview, Share
from dezhi.core.errors import Problem
from dezhi.core.events import HolderId, Place
from dezhi.core.keeping import Lapse
from dezhi.core.people import Household
from dezhi.core.regions import Region
from dezhi.core.text import N_, dated
from dezhi.service.actors import Actor
from dezhi.service.people import People
from dezhi.service.sheets import Sheets
from dezhi.store import clearings as store
from dezhi.store.database import Database
from dezhi.store.ids import new_id
from dezhi.store.ledger import Submission
from dezhi.store.poster import Poster

CHUNK = 256
"""Entries sent at once: between two of them others get their turn."""

REASON = "%(year)s年度清零"
REASON_MAX = 200

Progress = Callable[[int, int], None]


class Clearings:
    """Announces, previews, makes and undoes clearings."""

    def __init__(self, database: Database, poster: Poster, sheets: Sheets, people: People, clock: Clock) -> None:
        self._database = database
        self._poster = poster
        self._sheets = sheets
        self._people = people
        self._clock = clock

    async def one(self, village: int, clearing: int) -> Clearing:
        """A clearing of a village. Raises `Problem` 404 for any other's."""
        found = await store.by_id(self._database, clearing)
        if found is None or found.village != village:
            raise Problem("clearing-unknown", N_("没有找到这次清零。"), status=404)
        return found

    async def of_village(self, village: int) -> Sequence[Clearing]:
        """A village's clearings, newest first."""
        return await store.of_village(self._database, village)

    async def announced(self, village: int) -> Clearing | None:
        """The clearing that a village's households have been told of, and which is still to come."""
        return next((one for one in await self.of_village(village) if one.state is ClearingState.ANNOUNCED), None)

    async def earliest(self, village: Region, year: int) -> date:
        """The first day on which a year's clearing announced today can be made. Raises `Problem`."""
        sheet = await self._sheets.in_force(village.id, self._today())
        notice = timedelta(days=sheet.programme.document.keeping.clearing_days)
        return max(self._today() + notice, date(year, 12, 31))

    async def announce(self, village: Region, year: int, due: date | None, actor: Actor) -> Clearing:
        """Say that a year's points will end on a day; without one on the first possible. Nothing is taken yet.

        Raises `Problem`: the programme clears no years, the day is too early, another clearing is still open.
        """
        sheet = await self._sheets.in_force(village.id, self._today())
        if sheet.programme.document.keeping.lapse is not Lapse.YEAR:
            text = N_("没有公告：这个村的方案没有选年终清零。请先在“积分的保管办法”里选上。")
            raise Problem("clearing-off", text, status=409)
        if not self._today().year - 5 <= year <= self._today().year:
            raise Problem("clearing-year", N_("没有公告：请选今年或以前的年份。"), field="year")
        earliest = await self.earliest(village, year)
        when = due or earliest
        if not earliest <= when <= earliest + timedelta(days=366):
            text = N_("没有公告：最早%(earliest)s办，要给大家留出兑换的时间。")
            raise Problem("clearing-early", text, field="due", earliest=dated(earliest))
        if any(one.state.is_open and one.year == year for one in await self.of_village(village.id)):
            text = N_("没有公告：那一年的清零已经公告过，还没有办完。请先办完或取消它。")
            raise Problem("clearing-open", text, status=409)
        announced = Clearing(
            id=new_id(),
            book=sheet.book,
            programme=sheet.lineage,
            village=village.id,
            through=date(year, 12, 31),
            due=when,
            state=ClearingState.ANNOUNCED,
            announced_by=actor.staff,
            announced_at=self._clock(),
        )
        await store.add(self._database, announced)
        return announced

    async def preview(self, clearing: Clearing) -> Preview:
        """What it would take now; of one that was made, what it took."""
        if clearing.state in {ClearingState.ANNOUNCED, ClearingState.CALLED_OFF}:
            found = await store.due(self._database, clearing.book, clearing.programme, day_number(clearing.through))
        elif clearing.state is ClearingState.RUNNING:
            found = await store.shares(self._database, clearing.id)
        else:
            found = await store.taken(self._database, clearing.book, clearing.id)
        return Preview(shares=tuple(found))

    async def homes(self, shares: Sequence[Share]) -> Mapping[int, Household]:
        """The households among the holders, as they are today."""
        return await self._people.households(
            [share.holder for share in shares if share.holder_kind == HolderId.HOUSEHOLD]
        )

    async def execute(self, clearing: Clearing, mark: str, actor: Actor, progress: Progress | None = None) -> Clearing:
        """Take exactly what the preview named `mark` showed. Raises `Problem`, also where it would be another now."""
        if clearing.state is not ClearingState.ANNOUNCED:
            raise _moved_on()
        if self._today() < clearing.due:
            text = N_("没有清：公告的日子是%(due)s，还没有到。")
            raise Problem("clearing-early", text, status=409, due=dated(clearing.due))
        async with self._database.engine.transaction():
            preview = await self.preview(clearing)
            if preview.mark != mark:
                text = N_("没有清：有人家的分刚刚有变化，和您看到的不一样了。请再核对一遍新的数。")
                raise Problem("clearing-changed", text, status=409)
            if not await store.move(
                self._database,
                clearing.id,
                ClearingState.ANNOUNCED,
                ClearingState.RUNNING,
                decided_by=actor.staff,
                decided_at=micros(self._clock()),
            ):
                raise _moved_on()
            await store.put_shares(self._database, clearing.id, preview.shares)
        return await self.go_on(await self.one(clearing.village, clearing.id), progress)

    async def go_on(self, clearing: Clearing, progress: Progress | None = None) -> Clearing:
        """Book what was decided and is not booked yet; of an undoing, give back what was not; else nothing.

        A wallet that moved in the very moment is left as it is: the clearing is open again then, and its preview shows
        what is left.
        """
        if clearing.state is ClearingState.UNDOING:
            return await self._give_back(clearing, progress)
        if clearing.state is not ClearingState.RUNNING:
            return clearing
        shares = await store.shares(self._database, clearing.id)
        homes = await self.homes(shares)
        changed = []
        for start in range(0, len(shares), CHUNK):
            some = shares[start : start + CHUNK]
            sent = [self._submission(clearing, share, homes.get(share.holder)) for share in some]
            outcomes = await self._poster.post_many(clearing.book, sent)
            changed += [share for share, outcome in zip(some, outcomes, strict=True) if not outcome.booked]
            if progress:
                progress(start + len(some), len(shares))
        async with self._database.engine.transaction():
            if changed:
                await store.drop_shares(self._database, clearing.id)
            after = ClearingState.ANNOUNCED if changed else ClearingState.DONE
            await store.move(self._database, clearing.id, ClearingState.RUNNING, after)
        return await self.one(clearing.village, clearing.id)

    async def undo(self, clearing: Clearing, reason: str, actor: Actor, progress: Progress | None = None) -> Clearing:
        """Give back everything a clearing took, lot by lot, with a reason that every household reads.

        Before anything was taken it is called off. Raises `Problem`.
        """
        if not reason.strip():
            text = N_("没有撤销：请写一句为什么，每户人家都看得到。")
            raise Problem("reason-missing", text, field="reason")
        if clearing.state not in {ClearingState.ANNOUNCED, ClearingState.DONE}:
            raise _moved_on()
        taken = await store.booked(self._database, clearing.book, clearing.id)
        if not await store.move(
            self._database,
            clearing.id,
            clearing.state,
            ClearingState.UNDOING if taken else ClearingState.CALLED_OFF,
            undone_by=actor.staff,
            undone_at=micros(self._clock()),
            undo_reason=reason.strip()[:REASON_MAX],
        ):
            raise _moved_on()
        return await self.go_on(await self.one(clearing.village, clearing.id), progress)

    async def finish(self) -> int:
        """Go on with whatever was stopped half way; returns how many there were."""
        found = await store.unfinished(self._database)
        for one in found:
            await self.go_on(one)
        return len(found)

    async def _give_back(self, clearing: Clearing, progress: Progress | None) -> Clearing:
        seqs = await store.booked(self._database, clearing.book, clearing.id)
        for start in range(0, len(seqs), CHUNK):
            some = seqs[start : start + CHUNK]
            # One that was corrected by itself before is refused as `reversed`, which is as good.
            await self._poster.post_many(clearing.book, [self._reversal(clearing, seq) for seq in some])
            if progress:
                progress(start + len(some), len(seqs))
        await store.move(self._database, clearing.id, ClearingState.UNDOING, ClearingState.UNDONE)
        return await self.one(clearing.village, clearing.id)

    def _submission(self, clearing: Clearing, share: Share, home: Household | None) -> Submission:
        event = ledger.Expire(
            account=share.account,
            through=day_number(clearing.through),
            event_day=_day_of(clearing),
            reason=REASON % {"year": clearing.year},
            expect=share.amount,
            clearing=True,
            place=_place(clearing, share, home),
        )
        command = ledger.Command(
            source=store.SOURCE,
            key=store.key(clearing, share),
            actor=clearing.decided_by or 0,
            events=(event,),
            # Where the household lives may change before the work goes on; what is asked does not.
            asked=f"clear {clearing.id} {share.account} {share.amount}".encode(),
        )
        return Submission(command)

    def _reversal(self, clearing: Clearing, seq: int) -> Submission:
        event = ledger.Reverse(seq=seq, event_day=_day_of(clearing), reason=clearing.undo_reason)
        key = f"undo:{clearing.id}:{seq}"
        command = ledger.Command(source=store.SOURCE, key=key, actor=clearing.undone_by or 0, events=(event,))
        return Submission(command)

    def _today(self) -> date:
        return today(self._clock())


def _place(clearing: Clearing, share: Share, home: Household | None) -> Place | None:
    """Where the entry counts: in the village that is cleared, wherever the household lives by now."""
    if share.holder_kind != HolderId.HOUSEHOLD:
        return None
    grid = home.grid if home is not None and home.village == clearing.village else None
    return Place(household=share.holder, village=clearing.village, grid=grid)


def _day_of(clearing: Clearing) -> int:
    """The day of its entries: that of the decision, also for what is booked or given back later."""
    return day_number(today(clearing.decided_at or clearing.announced_at))


def _moved_on() -> Problem:
    return Problem("clearing-state", N_("没有办：这次清零的状态已经变了。请刷新页面看一看。"), status=409)
