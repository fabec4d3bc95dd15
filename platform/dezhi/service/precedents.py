"""What a village decided by analogy, read from its deeds."""

from collections.abc import Sequence
from datetime import date

import msgspec

from dezhi.core.calendar import day, to_date
from dezhi.core.precedents import Precedent, decided
from dezhi.plugin import Item
from dezhi.service.sheets import Sheets
from dezhi.store import backtests as store, programmes
from dezhi.store.database import Database


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
        book = await self._sheets.book(village)
        found = []
        for deed in await store.deeds(self._database, book, village, day(since), day(until)):
            if not deed.stands or deed.answers is None:
                continue
            answers = msgspec.json.decode(deed.answers, type=dict)
            likened = decided(deed.item, items.get(deed.version, {}), answers)
            if likened is None:
                continue
            like, why = likened
            found.append(
                Precedent(
                    on=to_date(deed.event_day),
                    version=numbers[deed.version],
                    item=deed.item,
                    like=f"{deed.item.partition('/')[0]}/{like.code}",
                    like_title=like.title,
                    category=like.category,
                    why=why,
                    points=max((amount for _, _, amount in deed.gave), default=0),
                )
            )
        return found
