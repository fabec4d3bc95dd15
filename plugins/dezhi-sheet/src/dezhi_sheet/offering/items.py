"""What the sheet offers: every row as an item of the contract, with the limits the core will keep."""

from collections.abc import Iterator

from dezhi.plugin import (
    MINUTES_MAX,
    Ask,
    Asset,
    Board,
    BoardKind,
    Cap,
    Item,
    Line,
    People,
    Role,
    Weight,
    Window,
)

from ..awarding.precedence import covers
from ..awarding.reckoning import HOUR, percent_of
from ..awarding.speech import EVERY
from ..awarding.wanted import holder_of_milestone, limit_asset
from ..outline import Outline
from ..parts import Base, Limit, Milestone, Per, Reminder, Row
from .how import how_of, how_of_base, how_of_reminder, worth_of, worth_of_base
from .questions import questions
from .spans import GROUP_MAX, Span, analogous, span


def offered(sheet: Outline) -> list[Item]:
    """Return everything that can be recorded, in the sheet's order."""
    found = [item_of(sheet, row) for row in sheet.items]
    for base in sheet.bases:
        found.append(_base(base))
        found += [_reminder(base, one) for one in base.reminders]
    return found + [_milestone(one) for one in sheet.milestones]


def boards_of(sheet: Outline) -> list[Board]:
    """The honour board, where the village wants one."""
    if not sheet.board:
        return []
    return [
        Board(
            code="honour",
            title="积分光荣榜",
            kind=BoardKind.HONOUR,
            weights=(Weight(asset=Asset.MORAL),),
            window=Window.QUARTER,
            unit_label="分",
            size_max=sheet.board_size,
            about="本季按细则挣到的道德积分；自愿上榜，分数相同名次相同。",
        )
    ]


def item_of(sheet: Outline, row: Row) -> Item:
    """Make the item of one row. Raises ValueError where the contract does not take it."""
    ask, (least, most) = _ask(row), _asked(row)
    return Item(
        code=row.code,
        title=row.title,
        category=row.category,
        asset=row.asset,
        lines=tuple(_lines(sheet, row)),
        how=how_of(sheet, row),
        worth=worth_of(row, exact=bounds(sheet, row) == span(row)),
        holder=row.holder,
        ask=ask,
        asked_least=least,
        asked_most=most,
        caps=tuple(_caps(row)),
        symbol=row.symbol,
        source=row.source,
        hint=row.hint,
        questions=questions(row, sheet.items),
        people=tuple(_people(row)),
    )


def _lines(sheet: Outline, row: Row) -> Iterator[Line]:
    """The row's own asset, what goes beside it, and a count where the amount may be nothing."""
    limits = bounds(sheet, row)
    if limits.most:
        yield Line(asset=row.asset, amount_min=max(1, limits.least), amount_max=limits.most)
        hours = MINUTES_MAX // (row.every or HOUR)
        for one in row.beside:
            most = one.points * (hours if one.per is Per.HOUR else 1)
            yield Line(asset=one.asset, amount_min=one.points, amount_max=most)
    if row.asset is Asset.COUNT or not limits.least:
        yield Line(asset=Asset.COUNT, amount_min=1, amount_max=1)


def bounds(sheet: Outline, row: Row) -> Span:
    """What one award of the row's asset can be in the end, whoever gets it."""
    if row.asset is Asset.COUNT:
        return Span(0, 0)
    least, most = analogous(row, sheet.items) if row.analogy else span(row)
    if row.event_most:
        least, most = min(least, row.event_most), min(most, row.event_most)
    if row.group is not None and row.group.split:
        least = 0
    if row.highest is not None or row.event:
        least = 0
    given = [one.points for one in row.people if one.points]
    least, most = min([least, *given]), max([most, *given])
    percents = [100, *(one.percent for one in sheet.campaigns if covers(one, row))]
    least, most = percent_of(least, min(percents)), percent_of(most, max(percents))
    filled = [limit.points or limit.minutes for limit in row.caps if limit.fill]
    if filled:
        least, most = min(least, 1), min(most, *filled)
    return Span(least, most)


def _ask(row: Row) -> Ask:
    if row.per is Per.HOUR:
        return Ask.MINUTES
    return Ask.POINTS if row.most else Ask.NOTHING


def _asked(row: Row) -> Span:
    """What the clerk may answer: limits, campaigns and the shares of others bound what is given, not what was done."""
    if row.per is Per.HOUR:
        return Span(1, MINUTES_MAX)
    return Span(row.least or 1, row.most) if row.most else Span(0, 0)


def _caps(row: Row) -> Iterator[Cap]:
    for limit in row.caps:
        yield _cap(row, limit)
    daily = any(limit.window is Window.DAY and limit.times and limit.of is None for limit in row.caps)
    if row.per is Per.HOUSEHOLD and not daily:
        yield Cap(window=Window.DAY, times_max=1)


def _cap(row: Row, limit: Limit) -> Cap:
    if limit.times:
        return Cap(window=limit.window, times_max=limit.times, of=limit.of, share=limit.share)
    return Cap(
        window=limit.window,
        asset=limit_asset(row, limit),
        amount_max=limit.points or limit.minutes,
        of=limit.of,
        share=limit.share,
    )


def _people(row: Row) -> Iterator[People]:
    for one in row.people:
        yield People(role=one.role, title=one.title, of=one.of, least=one.least, most=one.most)
    if row.group is not None:
        yield People(role=Role.GROUP, title="哪一组", of=row.group.of, least=1, most=GROUP_MAX)


def _base(base: Base) -> Item:
    return Item(
        code=base.code,
        title=base.title,
        category=base.category,
        asset=base.asset,
        lines=(
            Line(asset=base.asset, amount_min=1, amount_max=base.points),
            Line(asset=Asset.COUNT, amount_min=1, amount_max=1),
        ),
        how=how_of_base(base),
        worth=worth_of_base(base),
        caps=(Cap(window=base.window, times_max=1),),
        automatic=True,
    )


def _reminder(base: Base, one: Reminder) -> Item:
    return Item(
        code=one.code,
        title=one.title,
        category=one.category,
        asset=Asset.COUNT,
        lines=(Line(asset=Asset.COUNT, amount_min=1, amount_max=1),),
        how=how_of_reminder(base, one),
        hint=one.hint or f"期末看“{base.title}”",
        quiet=True,
    )


def _milestone(one: Milestone) -> Item:
    asset, amount = (one.asset, one.points) if one.points else (Asset.COUNT, 1)
    least = f"{one.least // HOUR}小时" if one.counts is Asset.HOURS and one.least % HOUR == 0 else f"{one.least}分"
    return Item(
        code=one.code,
        title=one.title,
        category=one.category,
        asset=asset,
        lines=(Line(asset=asset, amount_min=amount, amount_max=amount),),
        how=f"{EVERY[one.window]}累计满{least}时另记一次",
        holder=holder_of_milestone(one),
        caps=(Cap(window=one.window, times_max=1),),
        automatic=True,
    )
