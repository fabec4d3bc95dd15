"""What the rules decide on a database is what they decide on a book in memory, to the byte of every event."""

from typing import Any

import pytest

from booking import CHEN, NOW, TODAY, VILLAGE, WANG, award, capture, command, confirm, hold, reverse, void
from dezhi.core.calendar import micros
from dezhi.core.events import (
    FOREVER,
    AssetId,
    Cap,
    Capture,
    Ceiling,
    Close,
    Command,
    Holder,
    HolderId,
    Lapse,
    Lot,
    Place,
)
from dezhi.core.memory import MemoryBook
from dezhi.store.ledger import Submission, dry_run, post
from ledgers import KEPT_APART, LAST_YEAR, THIS_YEAR, expire, freeze, limit, transfer

NEXT_YEAR = Lot(until=20271231, lapses=True)
CEILING = Ceiling(asset=AssetId.HOURS, limit=100, pool=VILLAGE)
ONCE = Cap(rule="day", period="2026", add=1, limit=2)
CLOCK = micros(NOW)
SOON = CLOCK + 25
POOL = Holder(HolderId.REGION, VILLAGE), Place(household=0, village=VILLAGE)

WALLET = 2
"""The number of the first wallet: its award opens the issue's account and then this one."""

HISTORY = [
    [award(amount=20, lot=THIS_YEAR, caps=(ONCE,)), award(amount=10, lot=NEXT_YEAR), award(amount=5)],
    [award(WANG, 7, pending=True, caps=(ONCE,)), award(lines=((AssetId.HOURS, 130),), ceiling=CEILING)],
    [hold("soap", 24), hold("rice", 3, expires_at=SOON), award(WANG, 4, lot=LAST_YEAR)],
    [capture("soap"), capture("rice"), confirm(4, lot=KEPT_APART), hold("oil", 2), hold("tea", 2, WANG)],
    [reverse(9), award(amount=3, opening=True, event_day=20260101, lot=KEPT_APART)],
    [freeze(), hold("salt", 1), transfer(30, *POOL), Lapse(order="oil", event_day=TODAY)],
    [void("freeze"), Capture(order="oil", event_day=TODAY, amount=1), reverse(1), reverse(4)],
    [limit(10), freeze("part", amount=2, about=2), expire(WALLET, 20261231, clearing=True)],
    [hold("debt", 6), capture("debt"), award(amount=4, lot=THIS_YEAR)],
    [award(amount=40, lot=NEXT_YEAR), Close(through=20261031, event_day=TODAY)],
    [reverse(3, event_day=20261030, if_spent="debt"), expire(WALLET, FOREVER, clearing=True, expect=0)],
    [void("part"), hold("last", 1, WANG), expire(WALLET, FOREVER, clearing=True)],
]


def batches() -> list[list[Command]]:
    return [
        [command(event, key=f"{number}:{place}") for place, event in enumerate(batch)]
        for number, batch in enumerate(HISTORY)
    ]


@pytest.mark.row("AW-12")
@pytest.mark.row("LE-05")
@pytest.mark.row("LE-14")
async def test_a_database_and_a_book_in_memory_come_to_the_same_head(desk: Any) -> None:
    memory = MemoryBook(desk.book, region=520)
    codes = []
    for number, batch in enumerate(batches()):
        clock, entropy = CLOCK + 10 * number, bytes([number]) * 32
        foreseen = await desk.database.engine.carry_out(dry_run(desk.book, batch, clock, entropy))
        asked = [Submission(one) for one in batch]
        outcomes = await desk.database.engine.carry_out(post(desk.book, asked, clock, entropy))
        assert outcomes == memory.post(batch, clock, entropy) == foreseen.outcomes
        codes += [outcome.code for outcome in outcomes]
        (head,) = await desk.database.rows("SELECT * FROM book")
        assert (head["next_seq"], head["frontier"]) == (memory.head.next_seq, b"".join(memory.head.frontier))
        assert (head["closed_through"], head["next_account"]) == (memory.head.closed_through, memory.head.next_account)
        desk.check()
    rows = await desk.database.rows("SELECT * FROM cohort ORDER BY account_id, until, lapses")
    names = ("account_id", "until", "lapses", "granted", "used", "reserved")
    assert [tuple(row[name] for name in names) for row in rows] == [
        (*key, lot.granted, lot.used, lot.reserved) for key, lot in sorted(memory.cohorts.items())
    ]
    assert codes.count("") > 2 * len(codes) / 3, codes
    assert {"lapsed", "frozen", "stale"} <= set(codes), codes


@pytest.mark.row("LE-05")
async def test_overdue_points_and_orders_are_swept_before_a_hold(desk: Any) -> None:
    await desk.post(award(amount=6, lot=LAST_YEAR), award(amount=5))
    await desk.post(hold("soap", 5, expires_at=micros(NOW) + 2))
    # The desk's clock stands still, but every batch has a time of its own.
    outcome = await desk.post(hold("rice", 5))
    kinds = [row["kind"] for row in await desk.database.rows("SELECT kind FROM txn ORDER BY seq")]
    assert (outcome.code, kinds) == ("", [1, 1, 8, 2, 7, 2])
    assert (await desk.account(CHEN))["balance"] == 5
