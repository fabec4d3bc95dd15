"""The plugins' own tables, made from a village's sums by item and month.

Sums of fewer than `HOUSEHOLDS_LEAST` households never reach a plugin: they would be somebody's own (SU-09), and of a
grid with one centre household its own work (HO-10).
"""

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from dezhi.core.calendar import Clock, today
from dezhi.core.errors import Problem
from dezhi.core.events import ASSET_OF
from dezhi.core.regions import Region
from dezhi.core.schedules import Day
from dezhi.core.text import N_
from dezhi.host import Failure
from dezhi.plugin import Table, Total
from dezhi.service.people import People
from dezhi.service.sheets import Sheets
from dezhi.store import schedules, totals as store
from dezhi.store.database import Database

HOUSEHOLDS_LEAST: Final = 5
DAYS_SHOWN: Final = 12
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
"""What some spreadsheet takes for the beginning of a formula, wherever white space stands before it."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What one plugin made, or why it made nothing."""

    plugin: str
    tables: tuple[Table, ...] = ()
    problem: Problem | None = None


class Reports:
    """Asks the plugins for their tables."""

    def __init__(self, database: Database, sheets: Sheets, people: People, clock: Clock) -> None:
        self._database = database
        self._sheets = sheets
        self._people = people
        self._clock = clock

    async def of(self, village: Region, year: int, grid: Region | None = None) -> Sequence[Report]:
        """The tables of a village's plugins for a year, or of what the households now living in one grid did.

        Nothing in a village without a programme.
        """
        now = today(self._clock())
        sheet = await self._sheets.find(village.id, now)
        if sheet is None:
            return ()
        homes = None if grid is None else [home.id for home in await self._people.list_below(grid.id)]
        span = date(year, 1, 1), date(year, 12, 31)
        found = await store.by_item(
            self._database, sheet.book, village.id, sheet.lineage, span, least=HOUSEHOLDS_LEAST, households=homes
        )
        by_plugin: dict[str, list[Total]] = defaultdict(list)
        for one in found:
            plugin, _, code = one.item.partition("/")
            by_plugin[plugin].append(
                Total(
                    item=code,
                    month=date(one.month // 100, one.month % 100, 1),
                    asset=ASSET_OF[one.asset],
                    times=one.times,
                    amount=one.amount,
                    households=one.households,
                )
            )
        reports = [Report(plugin=name, problem=problem) for name, problem in sheet.roster.absent.items()]
        for name in sheet.roster.names:
            # Each gets the sums of its own items and no others.
            answer = await sheet.roster.owner(
                name, "reports", programme=sheet.context(now), totals=tuple(by_plugin.get(name, ()))
            )
            if isinstance(answer, Failure):
                reports.append(Report(plugin=name, problem=answer.problem))
            elif answer.value:
                reports.append(Report(plugin=name, tables=answer.value))
        return sorted(reports, key=lambda one: one.plugin)

    async def table(self, village: Region, year: int, grid: Region | None, plugin: str, code: str) -> Table:
        """One table. Raises `Problem` 404 where there is none."""
        for report in await self.of(village, year, grid):
            for table in report.tables:
                if (report.plugin, table.code) == (plugin, code):
                    return table
        raise Problem("report-unknown", N_("没有这张表。可能插件已经换了一版。"), status=404)

    async def days(self, village: Region) -> Sequence[Day]:
        """The newest days on which the calendar made something due in a village, or a plugin failed to say."""
        return await schedules.recent(self._database, village.id, DAYS_SHOWN)


def csv_of(table: Table) -> bytes:
    """A table as a file that a spreadsheet opens, in which no cell is taken for a formula."""
    lines = io.StringIO()
    writer = csv.writer(lines)
    for row in (table.columns, *table.rows):
        writer.writerow([f"'{cell}" if isinstance(cell, str) and _is_formula(cell) else cell for cell in row])
    return lines.getvalue().encode("utf-8-sig")


def _is_formula(cell: str) -> bool:
    return cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA)
