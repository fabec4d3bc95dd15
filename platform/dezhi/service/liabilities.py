"""What a village would owe if every household spent its points today: for the township and the supervisor (LE-13).

A figure of a report and nothing else: points are no money, and no entry knows of the rate.
"""

import msgspec

from dezhi.core.calendar import Clock, today
from dezhi.core.regions import Region
from dezhi.service.sheets import Sheets
from dezhi.store import accounts
from dezhi.store.database import Database


class Liability(msgspec.Struct, frozen=True, kw_only=True):
    """Points that were not spent yet, and what the programme in force counts a point for, in hundredths of a yuan."""

    points: int
    fen: int

    @property
    def cents(self) -> int:
        """All of it in hundredths of a yuan; 0 where the programme names no rate."""
        return self.points * self.fen

    @property
    def yuan(self) -> str:
        """All of it in yuan: `1234.50`."""
        return f"{self.cents // 100}.{self.cents % 100:02}"


class Liabilities:
    """Adds up what was not spent."""

    def __init__(self, database: Database, sheets: Sheets, clock: Clock) -> None:
        self._database = database
        self._sheets = sheets
        self._clock = clock

    async def of(self, village: Region) -> Liability | None:
        """A village's; None before its first programme."""
        sheet = await self._sheets.find(village.id, today(self._clock()))
        if sheet is None:
            return None
        points = await accounts.unspent(self._database, sheet.book, sheet.lineage)
        return Liability(points=points, fen=sheet.programme.document.keeping.fen)
