"""The facts a programme's plugins declared, for whoever did a deed, on its day."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import TypeVar

import msgspec

from dezhi.core.calendar import ZONE, day, micros, to_date
from dezhi.core.events import ASSET_OF, ASSETS
from dezhi.core.periods import fact_span, streak
from dezhi.plugin import Amount, Fact, Facts, Holder, Measure, Participant, Past, PastDeed, Role, Window
from dezhi.service.sheets import Sheet
from dezhi.store import facts as store, pasts
from dezhi.store.database import Database
from dezhi.store.ledger import InDeed

DAYS = "days"
PRICED = "quote"
REMINDER_DAYS = 366
"""A reminder lapses after a year."""
Asked = TypeVar("Asked", Fact, Past)
PAUSE = ":pause"
"""Behind a streak's name: the days that pause it. No fact can be called so."""


async def look_up(
    database: Database, sheet: Sheet, hooks: Sequence[str], doer: Holder, on: date
) -> tuple[Mapping[str, Facts], int | None]:
    """Every fact and past deed these hooks want, by plugin, and the last event seen (None: nothing was asked).

    Facts of the doer's household and person are of that moment. Of others (a grid, a village, the people of past
    deeds) more may be booked before this deed is: what must hold for them is a cap of the item, kept by the ledger.
    """
    declared = [(plugin, fact) for plugin, facts in sheet.roster.facts_for(*hooks).items() for fact in facts]
    past: Mapping[str, Sequence[Past]] = sheet.roster.past_for(*hooks)
    named = past
    if quiet := {code for code, item in sheet.items.items() if item.quiet}:
        # What somebody was reminded of is no matter of what they may have for their points, and lapses (L-02).
        priced = PRICED in hooks
        open_facts = [(plugin, _without(quiet, sheet, plugin, fact, priced=priced)) for plugin, fact in declared]
        declared = [(plugin, fact) for plugin, fact in open_facts if fact is not None]
        open_past = {
            plugin: [_without(quiet, sheet, plugin, one, priced=priced) for one in some]
            for plugin, some in past.items()
        }
        past = {plugin: [one for one in some if one is not None] for plugin, some in open_past.items()}
    if not (declared or past):
        return {}, None
    whose = store.Whose(sheet.lineage, doer.household, doer.person, doer.village, doer.grid)
    wanted = [one for plugin, fact in declared for one in _wanted(plugin, fact, on)]
    found, seen_at = await store.look_up(database, sheet.book, whose, wanted)
    values: dict[str, dict[str, int]] = {}
    for plugin, fact in declared:
        values.setdefault(plugin, {})[fact.name] = _value(plugin, fact, on, found)
    found_deeds = await _past(database, sheet, past, doer.household, on) if past else {}
    deeds = {
        plugin: {one.name: found_deeds.get(plugin, {}).get(one.name, ()) for one in some}
        for plugin, some in named.items()
    }
    return {name: Facts(values.get(name), deeds.get(name)) for name in {*values, *deeds}}, seen_at


def past_people(sheet: Sheet, facts: Mapping[str, Facts]) -> dict[str, tuple[Participant, ...]]:
    """Everybody in the past deeds that were handed over to score, by plugin."""
    if not facts:
        return {}
    return {
        plugin: tuple(
            who
            for past in declared
            for deed in facts[plugin].past(past.name)
            for who in (deed.doer, *deed.participants)
        )
        for plugin, declared in sheet.roster.past_for("score").items()
    }


def _without(quiet: Collection[str], sheet: Sheet, plugin: str, asked: Asked, *, priced: bool) -> Asked | None:
    """What was asked, of all items but reminders that may not count in it; None where that is nothing."""
    if getattr(asked, "reward", None) is not None or not (priced or _lasting(asked)):
        return asked
    codes = asked.items or [code.partition("/")[2] for code in sheet.items if code.startswith(f"{plugin}/")]
    items = tuple(code for code in codes if f"{plugin}/{code}" not in quiet)
    return msgspec.structs.replace(asked, items=items) if items else None


def _lasting(asked: Fact | Past) -> bool:
    """Whether it goes back further than a reminder lasts."""
    if asked.window_days is not None:
        return asked.window_days > REMINDER_DAYS
    return getattr(asked, "window", None) is Window.LIFE or getattr(asked, "measure", None) is Measure.STREAK


def _wanted(plugin: str, fact: Fact, on: date) -> Iterator[store.Wanted]:
    since, until = fact_span(fact, on)
    spanned = store.Wanted(
        plugin=plugin,
        name=fact.name,
        measure=fact.measure.value,
        items=tuple(f"{plugin}/{code}" for code in fact.items),
        asset=None if fact.asset is None else ASSETS[fact.asset],
        of=fact.of,
        since=day(since),
        until=day(until),
        role=fact.role,
    )
    if fact.reward is not None:
        # Orders are kept by the moment they were placed.
        yield spanned._replace(
            reward=f"{plugin}/{fact.reward}",
            since=micros(datetime.combine(since, time(), ZONE)),
            until=micros(datetime.combine(until, time.max, ZONE)),
        )
    elif fact.measure is Measure.STREAK:
        yield spanned._replace(measure=DAYS)
        if fact.pause:
            pause = tuple(f"{plugin}/{code}" for code in fact.pause)
            yield spanned._replace(measure=DAYS, name=fact.name + PAUSE, items=pause, asset=None)
    else:
        yield spanned


def _value(plugin: str, fact: Fact, on: date, found: Mapping[tuple[str, str, str], store.Found]) -> int:
    if fact.measure is Measure.STREAK:
        days, pauses = (_days(found.get((plugin, name, DAYS), ())) for name in (fact.name, fact.name + PAUSE))
        return streak(fact.window, on, days, pauses)
    value = found[plugin, fact.name, fact.measure.value]
    number = value if isinstance(value, int) else 0
    # Plugins count days by their ordinal, so that the difference of two is a number of days.
    return to_date(number).toordinal() if fact.measure is Measure.LAST and number else number


def _days(value: store.Found) -> list[date]:
    return [] if isinstance(value, int) else [to_date(one) for one in value]


async def _past(
    database: Database, sheet: Sheet, declared: Mapping[str, Sequence[Past]], household: int, on: date
) -> dict[str, dict[str, tuple[PastDeed, ...]]]:
    wanted = [
        pasts.Wanted(
            plugin=plugin,
            name=past.name,
            role=past.role,
            items=tuple(f"{plugin}/{code}" for code in past.items),
            since=day(date.fromordinal(max(1, on.toordinal() - past.window_days + 1))),
            until=day(on),
            most=past.most,
        )
        for plugin, some in declared.items()
        for past in some
    ]
    found = await pasts.look_up(database, sheet.book, sheet.lineage, household, wanted)
    by_plugin: dict[str, dict[str, tuple[PastDeed, ...]]] = {}
    for (plugin, name), deeds in found.items():
        by_plugin.setdefault(plugin, {})[name] = tuple(_deed(one) for one in deeds)
    return by_plugin


def _deed(past: pasts.Past) -> PastDeed:
    return PastDeed(
        item=past.item.partition("/")[2],
        date=to_date(past.event_day),
        doer=_participant(past.doer),
        participants=tuple(_participant(one) for one in past.participants),
        earned=tuple(Amount(asset=ASSET_OF[asset], amount=amount) for asset, amount in past.earned.items()),
    )


def _participant(one: InDeed) -> Participant:
    return Participant(role=Role(one.role), household=one.household, person=one.person, grid=one.grid)
