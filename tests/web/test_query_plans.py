"""SQLite looks entries up by their keys: no page or booking reads a whole book for a few rows of it."""

import re

import pytest

from dezhi.store.engine import KeptEngine
from homes import Home
from villages import Village
from visiting import Visit

LEDGER = (
    *("account", "request", "txn", "posting", "hold", "cohort", "cap_counter", "cap_use", "deed", "redemption"),
    *("reversal", "confirmation"),
)
PAGES = ("/round", "/handover", "/journal", "/desk")
WHOLE = (
    "sum(debits - credits)",  # what a book has given out in all
    "h.state = 1 ORDER BY",  # every order that waits: as many as there are
)


def reads_a_book(step: str) -> bool:
    """Whether a step of a plan knows of a ledger's table no more than the book."""
    return "USING" in step and step.removesuffix(" LEFT-JOIN").endswith("(book_id=?)")


@pytest.mark.sqlite
async def test_entries_are_looked_up_by_their_keys(village: Village, visit: Visit, home: Home) -> None:
    said: set[str] = set()
    house = village.house
    engine = house.database.engine
    assert isinstance(engine, KeptEngine)
    for lane in (engine.writer, *engine._readers):
        await lane.run(lambda db: db.set_trace_callback(said.add))

    family = await house.people.household(village.family.id)
    first = await village.award(family, "neighbour-help")
    sheet = await village.sheet()
    await house.journal.reverse(
        (await house.journal.at(sheet.book, first.seqs[0])).ref, "记错了", village.actor, "back"
    )
    clerk = await visit("wang")
    for page in PAGES:
        await clerk.get(page)
    await house.passbooks.open(family.id)
    await house.passbooks.balances(family)
    await house.redemptions.waiting(sheet.book, [village.yinger.id])
    await house.redemptions.of_household(sheet.book, family.id)
    await house.redemptions.find(sheet.book, "1234", [village.yinger.id])
    await house.public.page(village.yinger)

    found = {}
    with home.look() as db:
        for sql in said:
            if re.match(r"(SELECT|WITH)\b", sql) and any(f" {table} " in sql for table in LEDGER):
                plan = [row["detail"] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
                found[sql] = [step for step in plan if reads_a_book(step) and " book " not in step]
    assert len(found) > 20
    assert {sql: steps for sql, steps in found.items() if steps and not any(text in sql for text in WHOLE)} == {}
