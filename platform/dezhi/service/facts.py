"""The facts a programme's plugins declared, for one holder on one day."""

from collections.abc import Mapping, Sequence
from datetime import date

from dezhi.core.calendar import day, to_date
from dezhi.core.events import ASSETS
from dezhi.core.periods import fact_span
from dezhi.plugin import Measure, Subject
from dezhi.service.sheets import Sheet
from dezhi.store import facts as store
from dezhi.store.database import Database


async def look_up(
    database: Database, sheet: Sheet, hooks: Sequence[str], household: int, person: int | None, on: date
) -> tuple[Mapping[str, Mapping[str, int]], int | None]:
    """Every fact these hooks want, by plugin and name, and the last event they saw (None: nothing was asked)."""
    declared = [(plugin, fact) for plugin, facts in sheet.roster.facts_for(*hooks).items() for fact in facts]
    if not declared:
        return {}, None
    wanted = []
    for plugin, fact in declared:
        since, until = fact_span(fact, on)
        wanted.append(
            store.Wanted(
                plugin=plugin,
                name=fact.name,
                measure=fact.measure.value,
                items=tuple(f"{plugin}/{code}" for code in fact.items),
                asset=None if fact.asset is None else ASSETS[fact.asset],
                holder_is_person=fact.of is Subject.PERSON,
                since=day(since),
                until=day(until),
            )
        )
    found, seen_at = await store.look_up(database, sheet.book, sheet.lineage, household, person, wanted)
    by_plugin: dict[str, dict[str, int]] = {}
    for plugin, fact in declared:
        value = found[(plugin, fact.name)]
        # Plugins count days by their ordinal, so that the difference of two is a number of days.
        if fact.measure is Measure.LAST and value:
            value = to_date(value).toordinal()
        by_plugin.setdefault(plugin, {})[fact.name] = value
    return by_plugin, seen_at
