"""What a village decided by analogy, read from its deeds, and the drafts of rules that could become of it."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from dezhi.core.calendar import day, to_date
from dezhi.core.draftrows import fresh_code
from dezhi.core.drafts import Draft, DraftRow, RowState
from dezhi.core.errors import Problem
from dezhi.core.precedents import Precedent, Proposal, by_analogy, decided, proposals
from dezhi.core.text import N_
from dezhi.plugin import Item
from dezhi.service.drafts import Drafts
from dezhi.service.programmes import Programmes
from dezhi.service.sheets import Sheets
from dezhi.store import backtests as store, programmes
from dezhi.store.database import Database

YEAR = timedelta(days=364)
"""Before a day, which is the last of a year of decisions."""


class Precedents:
    """The log of analogies (RU-19): derived from the deeds, so that nothing is written down twice."""

    def __init__(self, database: Database, sheets: Sheets) -> None:
        self._database = database
        self._sheets = sheets

    async def of(self, village: int, since: date, until: date) -> Sequence[Precedent]:
        """Return what was decided of deeds of these days, both included, in their order; reversed ones are left out."""
        history = await programmes.history(self._database, village)
        items = {
            one.id: {entry["code"]: msgspec.convert(entry["item"], Item) for entry in one.items} for one in history
        }
        numbers = {one.id: one.version for one in history}
        alike = sorted({code for known in items.values() for code, item in known.items() if by_analogy(item)})
        if not alike:
            return ()
        book = await self._sheets.book(village)
        found = []
        for deed in await store.deeds(self._database, book, village, day(since), day(until), alike):
            if not deed.stands or deed.answers is None:
                continue
            answers = msgspec.json.decode(deed.answers, type=dict)
            likened = decided(deed.item, items.get(deed.version, {}), answers)
            if likened is None:
                continue
            like, why = likened
            found.append(
                Precedent(
                    seq=deed.seq,
                    by=deed.recorded_by,
                    on=to_date(deed.event_day),
                    version=numbers[deed.version],
                    item=deed.item,
                    like=f"{deed.item.partition('/')[0]}/{like.code}",
                    like_title=like.title,
                    category=like.category,
                    why=why,
                    asset=items[deed.version][deed.item].asset,
                    points=max((amount for _, _, amount in deed.gave), default=0),
                )
            )
        return found


class Proposing:
    """Makes a draft of a rule of what was decided by analogy."""

    def __init__(self, precedents: Precedents, drafts: Drafts, programmes: Programmes) -> None:
        self._precedents = precedents
        self._drafts = drafts
        self._programmes = programmes

    async def lately(self, village: int) -> Sequence[Precedent]:
        """Return what was decided within a year, in the order of the days."""
        today = self._programmes.today()
        return await self._precedents.of(village, today - YEAR, today)

    async def drafts(self, village: int) -> Sequence[Draft]:
        """Return the open drafts that a row can be put into, the last saved first."""
        return [one for one in await self._drafts.open(village) if one.field]

    async def propose(self, village: int, seq: int, draft: int | None, staff: int) -> Draft:
        """Put what was first decided by entry `seq` as a row into a draft, to be confirmed there like any other.

        Without a draft, one is begun with the rules of the newest version. Raises Problem `precedent-unknown` (404),
        `precedent-there`, `precedent-plugin` or `no-programme` (409), or as `Drafts.change` and `find`.
        """
        found = next((one for one in proposals(await self.lately(village)) if one.first.seq == seq), None)
        if found is None:
            raise Problem("precedent-unknown", N_("没有找到这条比照记录，可能刚刚冲正了。"), status=404)
        if draft is not None:
            seen = await self._drafts.find(village, draft)
        else:
            seen = await self._begun(village, found, staff)
        return await self._drafts.change(village, seen.id, seen.edition, lambda one: with_proposal(one, found))

    async def _begun(self, village: int, found: Proposal, staff: int) -> Draft:
        latest = next(iter(await self._programmes.history(village)), None)
        if latest is None:
            raise Problem("no-programme", N_("这个村还没有方案，请先选一套办法。"), status=409)
        title = found.row("")["title"]
        if any(entry["item"]["title"] == title for entry in latest.items):
            raise _there(title)
        return await self._drafts.from_version(village, latest, staff)


def with_proposal(draft: Draft, found: Proposal) -> Draft:
    """The draft with a row for what was decided by analogy, beside the first of the decisions.

    Raises Problem `precedent-there` or `precedent-plugin` (409).
    """
    first = found.first
    if draft.plugin != first.item.partition("/")[0]:
        text = N_("这份草稿不是那套细则的，放不进去。请另选一份，或者新做一份。")
        raise Problem("precedent-plugin", text, status=409)
    row = found.row(fresh_code("row", [str(one.row.get("code")) for one in draft.rows]))
    if any(one.title == row["title"] and one.state is not RowState.DROPPED for one in draft.rows):
        raise _there(row["title"])
    at = first.on.isoformat()
    doubt = N_("这是比照着定过的事。要不要写成规则、给几分，请村民议一议。")
    return draft.proposed(
        DraftRow(id=0, row=row, title=row["title"], at=at, text=first.why, beside=(first.like_title,), doubts=(doubt,))
    )


def _there(title: str) -> Problem:
    text = N_("里面已经有“%(title)s”这一条了，没有再添。")
    return Problem("precedent-there", text, status=409, title=title)
