"""What of a household's points will end and when, months ahead, in plain words."""

from datetime import timedelta

from dezhi.core.calendar import day as day_number, to_date
from dezhi.core.keeping import Lapse
from dezhi.core.text import counted
from dezhi.service.passbooks import Passbook
from dezhi.web.languages import translate as _
from dezhi.web.rendering import day, short_day

AHEAD = timedelta(days=190)
"""So long before the day it is said: half a year, and what is left of the month."""


def lapsing(book: Passbook) -> tuple[str, ...]:
    """The sentences, the first to end first; none where nothing ends."""
    now = day_number(book.today)
    soon = day_number(book.today + AHEAD)
    said = [
        _(counted("%(n)s分到%(day)s过期，在那以前用掉就不会少。", lot.points, day=day(to_date(lot.until))))
        for lot in book.lots
        if lot.lapses and now <= lot.until <= soon
    ]
    if book.clearing is not None:
        through = day_number(book.clearing.through)
        points = sum(lot.points for lot in book.lots if lot.until <= through)
        values = {"year": book.clearing.year, "day": short_day(book.clearing.due)}
        text = counted(
            "村里公告了%(year)s年的年终清零：您家%(day)s要清零%(n)s分，在那以前兑换就不会少。", points, **values
        )
        return (*said, *([_(text)] if points else []))
    kept = book.sheet.programme.document.keeping if book.sheet else None
    points = sum(lot.points for lot in book.lots if not lot.lapses)
    if kept is not None and kept.lapse is Lapse.YEAR and points:
        text = counted("您家有%(n)s分按年算，年终可能清零。清零要提前%(days)s天公告。", points, days=kept.clearing_days)
        said.append(_(text))
    return tuple(said)
