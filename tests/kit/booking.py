"""Commands for a book, with everything a test does not care about filled in."""

import itertools
import sqlite3
from datetime import UTC, datetime
from typing import Any

from dezhi.core.body import Opening, decode
from dezhi.core.events import (
    AssetId,
    Award,
    Capture,
    Command,
    Event,
    Hold,
    Holder,
    HolderId,
    Place,
    Reverse,
    Void,
)
from dezhi.core.tree import append, leaf_hash, root
from dezhi.store.ledger import Submission

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = 20261122
VILLAGE = 520
CHEN, WANG = 1001, 1002  # two households

_numbers = itertools.count(1)


def award(household: int = CHEN, amount: Any = 5, **changes: Any) -> Award:
    """Moral points for a household; `changes` are fields of `Award`."""
    fields: dict[str, Any] = {
        "programme": 1,
        "version": 1,
        "item": "dezhi-yinger/neighbour-help",
        "holder": Holder(HolderId.HOUSEHOLD, household),
        "place": Place(household=household, village=VILLAGE),
        "event_day": TODAY,
        "lines": ((AssetId.MORAL, amount),),
        "reason": "帮邻居收稻谷",
        "proposer_person": None,
        "proposer_household": None,
    }
    return Award(**{**fields, **changes})


def hold(order: str, amount: Any = 5, household: int = CHEN, **changes: Any) -> Hold:
    """Points set aside for an order; `changes` are fields of `Hold`."""
    fields: dict[str, Any] = {
        "order": order,
        "programme": 1,
        "version": 1,
        "item": "dezhi-yinger/soap",
        "holder": Holder(HolderId.HOUSEHOLD, household),
        "place": Place(household=household, village=VILLAGE),
        "event_day": TODAY,
        "asset": AssetId.MORAL,
        "amount": amount,
        "reason": "",
    }
    return Hold(**{**fields, **changes})


def capture(order: str) -> Capture:
    """Hand over what was held for an order."""
    return Capture(order=order, event_day=TODAY)


def void(order: str) -> Void:
    """Give back what was held for an order."""
    return Void(order=order, event_day=TODAY)


def reverse(seq: int, **changes: Any) -> Reverse:
    """Correct event `seq`; `changes` are fields of `Reverse`."""
    return Reverse(**{"seq": seq, "event_day": TODAY, "reason": "记错了", **changes})


def command(*events: Event, key: str = "", source: str = "staff-1") -> Command:
    """One request; without a key it gets one of its own."""
    return Command(source=source, key=key or f"key-{next(_numbers)}", actor=1, events=events)


def asking(*events: Event, key: str = "", source: str = "staff-1") -> Submission:
    """One request as the poster takes it."""
    return Submission(command(*events, key=key, source=source))


def check_book(db: sqlite3.Connection, book: int) -> None:
    """Recompute everything that can be recomputed of a book, and compare it with what is stored.

    `db` hands out rows by name (`sqlite3.Row` or a dictionary).
    """
    (head,) = db.execute("SELECT * FROM book WHERE book_id = ?", [book]).fetchall()
    txns = db.execute("SELECT * FROM txn WHERE book_id = ? ORDER BY seq", [book]).fetchall()
    postings = db.execute("SELECT * FROM posting WHERE book_id = ? ORDER BY seq, line", [book]).fetchall()
    accounts = db.execute("SELECT * FROM account WHERE book_id = ?", [book]).fetchall()
    assert [txn["seq"] for txn in txns] == list(range(1, head["next_seq"])), "numbers without a gap"

    frontier: list[bytes] = []
    moved: dict[int, list[int]] = {}
    openings: list[Opening] = []
    lines = []
    last_at = 0
    for size, txn in enumerate(txns):
        body = decode(txn["body"])
        assert txn["leaf"] == leaf_hash(txn["body"])
        frontier = append(frontier, size, txn["leaf"])
        for column in set(txn.keys()) - {"book_id", "order_ref", "body", "leaf"}:
            assert txn[column] == getattr(body, column), f"column {column} of event {body.seq}"
        assert (txn["book_id"], txn["order_ref"]) == (body.book, body.order)
        assert body.posted_at >= last_at
        last_at = body.posted_at
        openings += body.opened
        for number, line in enumerate(body.lines):
            lines.append((body.seq, number, *line, body.kind, body.event_day, body.household, body.person))
            moved.setdefault(line.dr, [0, 0])[1] += line.amount
            moved.setdefault(line.cr, [0, 0])[0] += line.amount
    assert head["head"] == root(frontier)
    assert head["frontier"] == b"".join(frontier)
    columns = ["seq", "line", "dr_account", "cr_account", "asset", "amount", "kind", "event_day", "household", "person"]
    assert [tuple(row[name] for name in columns) for row in postings] == lines, "postings are the bodies' lines"

    columns = ["account_id", "programme", "holder_kind", "holder_id", "asset", "role"]
    assert sorted(tuple(row[name] for name in columns) for row in accounts) == sorted(openings)
    assert {row["account_id"]: [row["credits"], row["debits"]] for row in accounts if row["last_seq"]} == moved
    for asset in AssetId:
        assert sum(row["credits"] - row["debits"] for row in accounts if row["asset"] == asset) == 0
    sql = "SELECT account_id, sum(amount) AS held FROM hold WHERE book_id = ? AND state = 1 GROUP BY account_id"
    held = {row["account_id"]: row["held"] for row in db.execute(sql, [book]).fetchall()}
    assert {row["account_id"]: row["held"] for row in accounts if row["held"]} == held
    sql = (
        "SELECT rule, subject, period_key, sum(added) AS used FROM cap_use u WHERE book_id = ? AND NOT EXISTS"
        " (SELECT 1 FROM reversal r WHERE r.book_id = u.book_id AND r.target_seq = u.seq) GROUP BY 1, 2, 3"
    )
    used = {tuple(row.values()) for row in map(dict, db.execute(sql, [book]).fetchall())}
    sql = "SELECT rule, subject, period_key, used FROM cap_counter WHERE book_id = ? AND used > 0"
    assert {tuple(row.values()) for row in map(dict, db.execute(sql, [book]).fetchall())} == used
