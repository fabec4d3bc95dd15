"""Commands for a book, with everything a test does not care about filled in."""

import itertools
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from dezhi.core.body import Body, decode
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
from homes import Raw

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


def check_book(db: Raw, book: int) -> None:
    """Recompute everything that can be recomputed of a book, and compare it with what is stored.

    It reads past Dezhi, in whichever driver `db` is one; rows must have names.
    """
    bodies = _check_history(db, book)
    _check_postings(db, book, bodies)
    _check_accounts(db, book, bodies)
    _check_holds(db, book, bodies)
    _check_caps(db, book)


def _rows(db: Raw, sql: str, book: int, columns: str = "") -> list[Any]:
    rows = db.execute(sql.format(book=book)).fetchall()
    return [tuple(row[name] for name in columns.split()) for row in rows] if columns else rows


def _check_history(db: Raw, book: int) -> list[Body]:
    """Numbers without a gap, times that never go back, columns and tree as the bodies say."""
    (head,) = _rows(db, "SELECT * FROM book WHERE book_id = {book}", book)
    txns = _rows(db, "SELECT * FROM txn WHERE book_id = {book} ORDER BY seq", book)
    assert [txn["seq"] for txn in txns] == list(range(1, head["next_seq"]))
    frontier: list[bytes] = []
    bodies = [decode(txn["body"]) for txn in txns]
    for size, (txn, body) in enumerate(zip(txns, bodies, strict=True)):
        assert txn["leaf"] == leaf_hash(txn["body"])
        frontier = append(frontier, size, txn["leaf"])
        for column in set(txn.keys()) - {"book_id", "order_ref", "body", "leaf"}:
            assert txn[column] == getattr(body, column), f"column {column} of event {body.seq}"
        assert (txn["book_id"], txn["order_ref"]) == (body.book, body.order)
    assert (head["head"], head["frontier"]) == (root(frontier), b"".join(frontier))
    times = [body.posted_at for body in bodies]
    assert times == sorted(times)
    return bodies


def _check_postings(db: Raw, book: int, bodies: list[Body]) -> None:
    """Every posting is a line of a body, with the balance of a holder's account right after it."""
    holders = {opening.account for body in bodies for opening in body.opened if opening.holder_kind}
    balances: Counter[int] = Counter()
    lines = []
    for body in bodies:
        for number, line in enumerate(body.lines):
            balances[line.dr] -= line.amount
            balances[line.cr] += line.amount
            after = [balances[account] if account in holders else None for account in line[:2]]
            lines.append((body.seq, number, *line, *after, body.kind, body.event_day, body.household, body.person))
    columns = "seq line dr_account cr_account asset amount dr_after cr_after kind event_day household person"
    assert _rows(db, "SELECT * FROM posting WHERE book_id = {book} ORDER BY seq, line", book, columns) == lines


def _check_accounts(db: Raw, book: int, bodies: list[Body]) -> None:
    """Every account was opened by a body and holds what the lines say; all together hold nothing."""
    sql = "SELECT * FROM account WHERE book_id = {book} ORDER BY account_id"
    openings = [tuple(opening) for body in bodies for opening in body.opened]
    assert _rows(db, sql, book, "account_id programme holder_kind holder_id asset role") == openings
    paid_in, paid_out = Counter[int](), Counter[int]()
    for body in bodies:
        for line in body.lines:
            paid_out[line.dr] += line.amount
            paid_in[line.cr] += line.amount
    totals = [(account, paid_in[account], paid_out[account]) for account, *_ in openings]
    assert _rows(db, sql, book, "account_id credits debits") == totals
    for asset in AssetId:
        assert sum(row["credits"] - row["debits"] for row in _rows(db, sql, book) if row["asset"] == asset) == 0


def _check_holds(db: Raw, book: int, bodies: list[Body]) -> None:
    """Every hold is as its body says, and what is set aside is the sum of the open ones."""
    placed = [(body.order, body.seq, body.held_from, body.held) for body in bodies if body.held_from]
    sql = "SELECT * FROM hold WHERE book_id = {book} ORDER BY hold_seq"
    assert _rows(db, sql, book, "order_ref hold_seq account_id amount") == placed
    sql = "SELECT account_id, sum(amount) AS held FROM hold WHERE book_id = {book} AND state = 1 GROUP BY 1 ORDER BY 1"
    held = _rows(db, sql, book, "account_id held")
    sql = "SELECT account_id, held FROM account WHERE book_id = {book} AND held > 0 ORDER BY 1"
    assert _rows(db, sql, book, "account_id held") == held


def _check_caps(db: Raw, book: int) -> None:
    """Every allowance is used up by the entries that stand."""
    columns = "rule subject period_key used"
    sql = (
        "SELECT rule, subject, period_key, sum(added) AS used FROM cap_use u WHERE book_id = {book} AND NOT EXISTS"
        " (SELECT 1 FROM reversal r WHERE r.book_id = u.book_id AND r.target_seq = u.seq)"
        " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    used = _rows(db, sql, book, columns)
    assert (
        _rows(db, "SELECT * FROM cap_counter WHERE book_id = {book} AND used > 0 ORDER BY 2, 3, 4", book, columns)
        == used
    )
