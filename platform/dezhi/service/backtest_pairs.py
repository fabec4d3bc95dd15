"""What a village recorded, item by item, beside the rows of a draft: which have none, and which row each may be."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

import msgspec

from dezhi.core.backtest import Cover, Outcome
from dezhi.core.backtest_grid import counted_months, in_fives
from dezhi.core.backtest_pairs import Old, suggested
from dezhi.core.backtest_result import Backtest, Pair, Unmatched
from dezhi.core.calendar import day
from dezhi.core.suppression import hidden
from dezhi.plugin import Item
from dezhi.service.sheets import Sheet, Sheets
from dezhi.store import backtests as store
from dezhi.store.backtests import Recorded
from dezhi.store.database import Database


class Pairing(NamedTuple):
    """Items of the past without a row, those with most deeds first, and titles of all rows by their codes."""

    unmatched: tuple[Unmatched, ...]
    rows: Mapping[str, str]


class Olds:
    """The items that villages recorded in some days, by full code."""

    def __init__(self, database: Database, sheets: Sheets) -> None:
        self._database = database
        self._sheets = sheets
        self.found: dict[str, Old] = {}

    async def read(self, book: int, village: int, since: date, until: date) -> list[Recorded]:
        """Read what one village recorded, and return how often it still stands, by item, version and month."""
        done = await store.recorded(self._database, book, village, day(since), day(until))
        for one in sorted(done, key=lambda one: one.version):
            sheet = await self._sheets.version(one.version)
            if sheet is not None:
                self._keep(one.item, sheet)
        return done

    def _keep(self, code: str, sheet: Sheet) -> None:
        title, item = sheet.title(code), sheet.items.get(code)
        before = self.found.get(code)
        titles = tuple(dict.fromkeys((*(each for each in (before.titles if before else ()) if each != title), title)))
        self.found[code] = Old(code, titles, item.how if item else "", quiet=item.quiet if item else False)


def suggested_rows(
    olds: Iterable[Old], items: Mapping[str, Item], pairs: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """Codes and titles of the rows that are suggested, by old code."""
    found = suggested(olds, items, Cover(items, pairs))
    return {old: (code, items[code].title) for old, code in found.items()}


def with_pairs(
    found: Backtest, olds: Mapping[str, Old], items: Mapping[str, Item], pairs: Mapping[str, str]
) -> Backtest:
    """A result with the pairs it was counted by, and with suggestions for what has no row."""
    rows = suggested_rows(olds.values(), items, pairs)
    done = {row.item for row in found.items}
    return msgspec.structs.replace(
        found,
        pairs=tuple(
            Pair(old=old, old_title=olds[old].title, new=new, new_title=items[new].title)
            for old, new in pairs.items()
            if old in done
        ),
        unmatched=tuple(
            _unmatched(one.item, one.title, one.times, rows) for one in found.left if one.code == Outcome.UNCOVERED
        ),
    )


def _unmatched(code: str, title: str, times: int | None, rows: Mapping[str, tuple[str, str]]) -> Unmatched:
    new, new_title = rows.get(code, ("", ""))
    return Unmatched(item=code, title=title, times=times, new=new, new_title=new_title)


async def pairing(
    database: Database, sheets: Sheets, items: Mapping[str, Item], at: tuple[int, int], days: tuple[date, date]
) -> Pairing:
    """Which items of a village (`at`: book and village) have no row. Deeds are counted as a backtest counts them."""
    (book, village), (since, until) = at, days
    olds = Olds(database, sheets)
    done = await olds.read(book, village, since, until)
    did = await store.did(database, book, village, day(until))
    counted = counted_months(did, since, until)
    times: dict[str, int] = {}
    for one in done:
        if (one.item, one.month) in counted:
            times[one.item] = times.get(one.item, 0) + one.times
    cover = Cover(items)
    alone = [old for old in olds.found.values() if not old.is_covered(cover) and times.get(old.code)]
    alone.sort(key=lambda old: (-times[old.code], old.code))
    homes: dict[str, set[int]] = {}
    for each in did:
        if (each.item, each.month) in counted:
            homes.setdefault(each.item, set()).add(each.household)
    shut = hidden([homes[old.code] for old in alone], [times[old.code] for old in alone])
    rows = suggested_rows(olds.found.values(), items, {})
    return Pairing(
        unmatched=tuple(
            _unmatched(old.code, old.title, None if place in shut else in_fives(times[old.code]), rows)
            for place, old in enumerate(alone)
        ),
        rows={code: item.title for code, item in items.items()},
    )
