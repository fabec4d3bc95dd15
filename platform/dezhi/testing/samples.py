"""Questions to ask a plugin in a test: a programme, and deeds that answer whatever an item asks."""

from datetime import UTC, date, datetime

from dezhi.plugin import MINUTES_MAX, Ask, Asset, Deed, Holder, Item, Programme

A_DAY = date(2026, 10, 12)
A_MOMENT = datetime(2026, 10, 12, 2, 30, tzinfo=UTC)
A_HOLDER = Holder(household=101, village=7, person=1001, grid=70)


def a_programme(today: date = A_DAY) -> Programme:
    """Return the first version of some village's programme."""
    return Programme(id=1, version=1, village=7, today=today)


def a_deed(
    item: str,
    *,
    minutes: int | None = None,
    points: int | None = None,
    day: date = A_DAY,
    doer: Holder = A_HOLDER,
) -> Deed:
    """Return a deed under a full code, `plugin/code`."""
    return Deed(id=501, item=item, date=day, doer=doer, recorded_at=A_MOMENT, minutes=minutes, points=points)


def deeds_of(code: str, item: Item) -> list[Deed]:
    """Return deeds under an item with the least and with the most a clerk may answer; one if nothing is asked."""
    if item.ask is Ask.MINUTES:
        line = item.line(Asset.HOURS)
        least, most = (line.amount_min, line.amount_max) if line else (1, MINUTES_MAX)
        return [a_deed(code, minutes=least), a_deed(code, minutes=most)]
    if item.ask is Ask.POINTS:
        line = item.line(item.asset)
        least, most = (line.amount_min, line.amount_max) if line else (1, 1)
        return [a_deed(code, points=least), a_deed(code, points=most)]
    return [a_deed(code)]
