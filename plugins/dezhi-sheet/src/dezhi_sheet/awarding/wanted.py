"""What has to be known of the past, by the names under which it is asked for and read again."""

from collections.abc import Iterator
from typing import Final

from dezhi.plugin import Asset, Fact, HolderKind, Measure, Subject, Window

from ..outline import Outline
from ..parts import Base, Limit, Milestone, Reminder, Row
from .precedence import after

_SUBJECT: Final = {HolderKind.HOUSEHOLD: Subject.HOUSEHOLD, HolderKind.PERSON: Subject.PERSON}


def facts(sheet: Outline) -> tuple[Fact, ...]:
    """Every fact the sheet's rules need; rows that need none add none, so a plain sheet costs no query."""
    found: dict[str, Fact] = {}
    for row in sheet.items:
        found.update((fact.name, fact) for fact in _of_row(sheet, row))
    for base in sheet.bases:
        found.update((fact.name, fact) for fact in (_reminded(base, one) for one in base.reminders))
    for milestone in sheet.milestones:
        found.update((fact.name, fact) for fact in _of_milestone(sheet, milestone))
    return tuple(found.values())


def name(kind: str, code: str, number: int = 0) -> str:
    """A fact's name: a Python identifier. Codes hold no underscores, so no two codes give one name."""
    return f"{kind}_{code.replace('-', '_')}" + (f"_{number}" if number else "")


def holder_of(row: Row) -> HolderKind:
    """Whose the row's points are; hours are always a person's."""
    return HolderKind.PERSON if row.asset is Asset.HOURS else row.holder


def limit_asset(row: Row, limit: Limit) -> Asset:
    """What a limit on an amount counts."""
    return Asset.HOURS if limit.minutes else row.asset


def holder_of_milestone(milestone: Milestone) -> HolderKind:
    """Whose sum a milestone watches."""
    return HolderKind.PERSON if milestone.counts is Asset.HOURS else milestone.holder


def counted_by(milestone: Milestone, row: Row) -> bool:
    """Tell whether what a row gives counts for a milestone."""
    if milestone.rows and row.code not in milestone.rows:
        return False
    if milestone.counts not in {row.asset, *(one.asset for one in row.beside)}:
        return False
    holder = HolderKind.PERSON if milestone.counts is Asset.HOURS else row.holder
    return holder is holder_of_milestone(milestone)


def same_group(sheet: Outline, row: Row) -> tuple[Row, ...]:
    """The rows of which together only the highest counts."""
    if row.highest is None or not row.highest.group:
        return (row,)
    return tuple(one for one in sheet.items if one.highest and one.highest.group == row.highest.group)


def _of_row(sheet: Outline, row: Row) -> Iterator[Fact]:
    of = _SUBJECT[holder_of(row)]
    for number, limit in enumerate(row.caps, start=1):
        if limit.fill:
            items: tuple[str, ...] = (row.code,)
            if limit.share:
                items = tuple(one.code for one in sheet.items if any(cap.share == limit.share for cap in one.caps))
            yield Fact(
                name=name("cap", row.code, number),
                measure=Measure.SUM,
                items=items,
                asset=limit_asset(row, limit),
                window=limit.window,
                of=limit.of or of,
            )
    if row.highest is not None:
        yield Fact(
            name=name("highest", row.code),
            measure=Measure.SUM,
            items=tuple(one.code for one in same_group(sheet, row)),
            asset=row.asset,
            window=row.highest.window,
            of=of,
        )
    if row.event:
        yield from _of_event(sheet, row, of)


def _of_event(sheet: Outline, row: Row, of: Subject) -> Iterator[Fact]:
    """Whether the same deed was recorded that day under this row or one that goes first, and what those after gave."""
    rows = [one for one in sheet.items if one.event == row.event]
    later = after(rows)
    first = tuple(one.code for one in rows if one is row or row.code in later[one.code])
    second = tuple(one.code for one in rows if one.code in later[row.code])
    yield Fact(name=name("first", row.code), measure=Measure.COUNT, items=first, window=Window.DAY, of=of)
    if second:
        yield Fact(
            name=name("second", row.code),
            measure=Measure.SUM,
            items=second,
            asset=row.asset,
            window=Window.DAY,
            of=of,
        )


def _reminded(base: Base, reminder: Reminder) -> Fact:
    return Fact(
        name=name("reminded", reminder.code),
        measure=Measure.SUM,
        items=(reminder.code,),
        asset=Asset.COUNT,
        window=base.window,
    )


def _of_milestone(sheet: Outline, milestone: Milestone) -> Iterator[Fact]:
    of = _SUBJECT[holder_of_milestone(milestone)]
    counted = tuple(row.code for row in sheet.items if counted_by(milestone, row))
    yield Fact(
        name=name("sum", milestone.code),
        measure=Measure.SUM,
        items=counted or (milestone.code,),
        asset=milestone.counts,
        window=milestone.window,
        of=of,
    )
    yield Fact(
        name=name("had", milestone.code),
        measure=Measure.COUNT,
        items=(milestone.code,),
        window=milestone.window,
        of=of,
    )
