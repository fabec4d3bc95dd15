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
    Confirm,
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


def confirm(seq: int, **changes: Any) -> Confirm:
    """Book pending award `seq`; `changes` are fields of `Confirm`."""
    return Confirm(**{"seq": seq, "event_day": TODAY, **changes})


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
    _check_caps(db, book, bodies)
    _check_lots(db, book, bodies)
    _check_links(db, book, bodies)


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
    placed = [(body.order, body.seq, body.held_from, body.held) for body in bodies if body.held is not None]
    sql = "SELECT * FROM hold WHERE book_id = {book} ORDER BY hold_seq"
    assert _rows(db, sql, book, "order_ref hold_seq account_id amount") == placed
    open_ones = "FROM hold WHERE book_id = {book} AND state = 1 AND amount > 0"
    sql = f"SELECT account_id, sum(amount) AS held {open_ones} GROUP BY 1 ORDER BY 1"
    held = _rows(db, sql, book, "account_id held")
    sql = "SELECT account_id, held FROM account WHERE book_id = {book} AND held > 0 ORDER BY 1"
    assert _rows(db, sql, book, "account_id held") == held


def _check_caps(db: Raw, book: int, bodies: list[Body]) -> None:
    """Every allowance is used up by the entries that stand: as bodies say, and the table of those before format 2."""
    used = Counter[tuple[str, int, str]]()
    for body in bodies:
        for cap in body.caps:
            used[cap.rule, cap.subject, cap.period] += cap.add
    undone = {body.reverses for body in bodies if body.region is None}
    told = {body.reverses for body in bodies if body.caps}
    for row in _rows(db, "SELECT * FROM cap_use WHERE book_id = {book}", book):
        if row["seq"] not in undone - told:
            used[row["rule"], row["subject"], row["period_key"]] += row["added"]
    sql = "SELECT * FROM cap_counter WHERE book_id = {book} AND used > 0"
    found = {tuple(row[:3]): row[3] for row in _rows(db, sql, book, "rule subject period_key used")}
    assert found == {key: number for key, number in used.items() if number}


def _check_lots(db: Raw, book: int, bodies: list[Body]) -> None:
    """Every lot is the sum of what bodies say of it, and no account has more in lots than in all."""
    lots: dict[tuple[int, int, int], list[int]] = {}
    for body in bodies:
        for move in body.cohorts:
            lot = lots.setdefault(move[:3], [0, 0, 0])
            lot[:] = [was + change for was, change in zip(lot, move[3:], strict=True)]
    sql = "SELECT * FROM cohort WHERE book_id = {book}"
    columns = "account_id until lapses granted used reserved"
    assert {row[:3]: list(row[3:]) for row in _rows(db, sql, book, columns)} == lots
    for row in _rows(db, "SELECT * FROM account WHERE book_id = {book}", book):
        of = [lot for key, lot in lots.items() if key[0] == row["account_id"]]
        assert sum(reserved for _, _, reserved in of) <= row["held"]
        owed = sum(granted - used for granted, used, _ in of) - (row["credits"] - row["debits"])
        assert not of or owed <= 0 or not any(granted - used - reserved for granted, used, reserved in of)


def _check_links(db: Raw, book: int, bodies: list[Body]) -> None:
    """What was reversed and confirmed, frozen, overdrawn and closed, as bodies say."""
    for table, field in ("reversal", "reverses"), ("confirmation", "confirms"):
        rows = _rows(db, f"SELECT * FROM {table} WHERE book_id = {{book}} ORDER BY seq", book, "target_seq seq")
        assert rows == [(getattr(body, field), body.seq) for body in bodies if getattr(body, field) is not None]
    overdrafts = {body.held_from: body.overdraft for body in bodies if body.overdraft is not None}
    froze = {body.order: body.held_from for body in bodies if body.held is not None}
    frozen = Counter[Any]()
    for body in bodies:
        frozen[froze.get(body.order)] += body.frozen or 0
    for row in _rows(db, "SELECT * FROM account WHERE book_id = {book}", book):
        assert row["overdraft"] == (overdrafts.get(row["account_id"]) or 0)
        assert row["frozen"] == frozen[row["account_id"]]
        free = row["credits"] - row["debits"] - row["held"]
        assert row["debt_limit"] == (max(row["overdraft"], -free) if row["has_floor"] else 0)
    (head,) = _rows(db, "SELECT * FROM book WHERE book_id = {book}", book)
    closed = [body.closes for body in bodies if body.closes is not None]
    assert not closed or head["closed_through"] == closed[-1]
