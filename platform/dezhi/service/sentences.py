"""What plugins have to say to people: sentences under an entry, and pages of their own."""

import logging
import re
from collections.abc import Sequence
from typing import Final

from dezhi.core.calendar import Clock, to_date, today
from dezhi.core.errors import Problem
from dezhi.core.events import ASSET_OF, Kind
from dezhi.core.text import N_
from dezhi.host import Failure
from dezhi.plugin import Amount, Assessment, Entry, Holder, Page, Visit
from dezhi.plugin.manifest import NAME_PATTERN
from dezhi.service.facts import look_up
from dezhi.service.journal import Told
from dezhi.service.sheets import Sheet
from dezhi.store import journal
from dezhi.store.database import Database

log = logging.getLogger("dezhi.sentences")

BOOKED: Final = frozenset({Kind.AWARD, Kind.CONFIRMATION})
_PATH: Final = re.compile(NAME_PATTERN)


class Sentences:
    """Asks the plugins for words."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def under(self, told: Told) -> Sequence[str]:
        """What the item's plugin says under an entry that stands; facts are as of the deed's day, the deed included."""
        sheet, item, entry = told.sheet, told.item, told.entry
        if (
            sheet is None
            or item is None
            or entry.household is None
            or told.kind not in BOOKED
            or entry.reversed_by is not None
        ):
            return ()
        plugin, _, code = entry.item.partition("/")
        amounts = [(ASSET_OF[asset], value) for asset, value in told.amounts.items() if value > 0]
        if not amounts:
            return ()
        on = to_date(entry.event_day)
        holder = Holder(household=entry.household, village=entry.village or 0, person=entry.person, grid=entry.grid)
        facts, _ = await look_up(self._database, sheet, ("notices",), holder, on)
        answer = await sheet.roster.owner(
            plugin,
            "notices",
            programme=sheet.context(on),
            entry=Entry(
                item=code,
                date=on,
                holder=holder,
                holder_kind=item.holder_of(amounts[0][0]),
                lines=tuple(Amount(asset=asset, amount=value) for asset, value in amounts),
            ),
            facts=facts,
        )
        if isinstance(answer, Failure):
            self._tell(answer)
            return ()
        return [notice.text for notice in answer.value]

    async def assessed(self, told: Told) -> Assessment | None:
        """What the deed of an entry was assessed to come to, as it was kept that day, whatever became of its plugin."""
        return await journal.assessment(self._database, told.ref.book, told.entry.source, told.entry.key)

    async def page(self, sheet: Sheet | None, plugin: str, path: str) -> Page:
        """A page of a plugin that the village uses. Raises `Problem` 404 for none, 503 where the plugin failed."""
        known = sheet is not None and plugin in sheet.roster.names and (not path or _PATH.match(path))
        if sheet is not None and known:
            answer = await sheet.roster.owner(
                plugin, "page", programme=sheet.context(today(self._clock())), visit=Visit(path=path)
            )
            if isinstance(answer, Failure):
                self._tell(answer)
                raise Problem("page-failed", N_("这一页现在显示不了，村里的账没有受影响。请过一会儿再看。"), status=503)
            if answer.value is not None:
                found: Page = answer.value
                return found
        raise Problem("page-unknown", N_("没有这一页。可能村里换了办法，或者地址抄错了一个字。"), status=404)

    async def pages(self, sheet: Sheet) -> dict[str, str]:
        """The titles of the plugins' first pages, by plugin."""
        found = {}
        for name in sheet.roster.names:
            answer = await sheet.roster.owner(
                name, "page", programme=sheet.context(today(self._clock())), visit=Visit()
            )
            if isinstance(answer, Failure):
                self._tell(answer)
            elif answer.value is not None:
                found[name] = answer.value.title
        return found

    @staticmethod
    def _tell(failure: Failure) -> None:
        log.warning("plugin fault", extra={"code": failure.code, "plugin": failure.name})
