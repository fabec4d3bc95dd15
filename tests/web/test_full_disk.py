"""A full disk while a clerk saves: said in words, nothing half booked, and the same tap works once there is room."""

import sqlite3
from collections.abc import Callable

import pytest

from villages import Village
from visiting import Visit

HELP = "dezhi-yinger/neighbour-help"


def pages(most: int | None) -> Callable[[sqlite3.Connection], None]:
    """Let the file grow to `most` pages; None: no further than it is now."""

    def limit(db: sqlite3.Connection) -> None:
        # A large note fills what is left in the last pages, so that the next entry needs a new one.
        now = db.execute("PRAGMA page_count").fetchone()["page_count"]
        db.execute(f"PRAGMA max_page_count = {most or now}")

    return limit


@pytest.mark.sqlite
async def test_a_full_disk_is_said_and_the_same_tap_works_later(village: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    form = {"household": str(village.family.id), "item": HELP}
    writer = village.house.database.engine.writer
    await writer.run(pages(None))
    refused = None
    for number in range(200):
        answer = await clerk.post("/round/award", {**form, "key": f"tap-key-{number:04}", "note": "满" * 100})
        if answer.status_code != 200:
            refused = answer
            break
    assert refused is not None
    assert refused.status_code == 503
    assert "硬盘" in refused.text
    assert "账没有动" in refused.text
    before = (await village.house.passbooks.open(village.family.id)).spendable
    assert before == 10 * number
    await writer.run(pages(1_000_000))
    again = await clerk.post("/round/award", {**form, "key": f"tap-key-{number:04}", "note": "满" * 100})
    assert again.status_code == 200, again.text
    assert (await village.house.passbooks.open(village.family.id)).spendable == before + 10
