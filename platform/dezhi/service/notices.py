"""The end of a public notice (公示): awards that nobody objected to go from pending to the wallets.

Each award is confirmed by a command of its own, under a key made of its number: a run that was cut off is begun again,
by whichever process, and books nothing twice.
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import msgspec

from dezhi.core import events as ledger
from dezhi.core.calendar import ZONE, Clock, day, micros, to_date, today
from dezhi.core.programmes import Programme
from dezhi.service.sheets import Sheets
from dezhi.store import pending, programmes
from dezhi.store.database import Database
from dezhi.store.ledger import Submission
from dezhi.store.pending import Pending
from dezhi.store.poster import Poster

log = logging.getLogger("dezhi.closing")

SOURCE = "notice"
"""Whose requests these are. The key is the award's number."""

PAGE = 2_000
"""Awards confirmed at a time: some batches of the poster's, and half of its queue."""

_SETTLED = frozenset({"", "confirmed", "reversed"})
"""Confirmed now or before, or taken back by an objection meanwhile."""


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: awards that are in the wallets now, and those that could not be brought there."""

    confirmed: int = 0
    refused: int = 0

    def __add__(self, other: "Closed") -> "Closed":
        return Closed(confirmed=self.confirmed + other.confirmed, refused=self.refused + other.refused)


class Notices:
    """Closes public notices."""

    def __init__(self, database: Database, poster: Poster, sheets: Sheets, clock: Clock) -> None:
        self._database = database
        self._poster = poster
        self._sheets = sheets
        self._clock = clock

    async def close_due(self) -> Closed:
        """Close what is due in every village: nightly work."""
        closed = Closed()
        for village in await pending.villages(self._database):
            closed += await self.close(village, today(self._clock()))
        return closed

    async def close(self, village: int, on: date) -> Closed:
        """Confirm the awards of a village whose notice is over on a day: it ran for all of its days before that.

        Raises `Problem` where the poster does (`storage`, `busy`); what was confirmed by then stays so.
        """
        closed = Closed()
        by_lineage: dict[tuple[int, int], list[Programme]] = {}
        for version in await programmes.history(self._database, village):
            by_lineage.setdefault((version.lineage, version.document.notice_days), []).append(version)
        for (lineage, days), versions in by_lineage.items():
            closed += await self._close(village, lineage, versions, on - timedelta(days=days))
        return closed

    async def _close(self, village: int, lineage: int, versions: Sequence[Programme], until: date) -> Closed:
        """Confirm what versions with the same notice booked before a day."""
        book = await self._sheets.book(village)
        by_id = {version.id: version for version in versions}
        closed, after = Closed(), 0
        while found := await pending.due(
            self._database,
            book,
            lineage,
            list(by_id),
            until=micros(datetime.combine(until, time(), ZONE)),
            after=after,
            limit=PAGE,
        ):
            outcomes = await self._poster.post_many(book, [self._confirming(one, by_id[one.version]) for one in found])
            settled = sum(outcome.code in _SETTLED for outcome in outcomes)
            closed += Closed(confirmed=settled, refused=len(found) - settled)
            for one, outcome in zip(found, outcomes, strict=True):
                if outcome.code not in _SETTLED:
                    log.error("award not confirmed", extra={"book": book, "seq": one.seq, "code": outcome.code})
            after = found[-1].seq
        return closed

    def _confirming(self, award: Pending, version: Programme) -> Submission:
        now = today(self._clock())
        keeping = version.document.keeping
        deed = to_date(award.event_day)
        lot = keeping.lot(deed, now)
        if lot is not None and lot[0] < now:
            lot = keeping.lot(now, now)  # the deed's own year is over, and may have been cleared
        ceiling = None
        if keeping.hours_limit:
            ceiling = ledger.Ceiling(asset=ledger.AssetId.HOURS, limit=keeping.hours_limit, pool=version.village)
        event = ledger.Confirm(
            seq=award.seq,
            event_day=award.event_day,
            lot=None if lot is None else ledger.Lot(until=day(lot[0]), lapses=lot[1]),
            ceiling=ceiling,
        )
        # The request is the award's number: begun again on another day it may name another lot.
        asked = str(award.seq).encode()
        return Submission(ledger.Command(source=SOURCE, key=str(award.seq), actor=0, events=(event,), asked=asked))
