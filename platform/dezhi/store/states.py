"""Reading what a batch of commands touches in a book, as steps that either database runs."""

from collections.abc import Iterable
from typing import Any

import msgspec

from dezhi.core import tree
from dezhi.core.body import Body, CapMove, decode
from dezhi.core.book import (
    Account,
    AccountKey,
    Book,
    Cohort,
    Remembered,
    State,
    Target,
    held_of,
)
from dezhi.core.events import HoldState, Outcome
from dezhi.core.touches import Touch, accounts_behind, holders_behind, lots_touched
from dezhi.store.steps import Fetch, Gather, Pick, Row, Rows, Steps


def _read_book(book_id: int, *, locking: bool) -> Steps[Book]:
    """The head of a book, which is ours from here to the end of the transaction if it is locked."""
    sql = "SELECT next_seq, next_account, frontier, last_posted_at, closed_through, region_id FROM book"
    rows = yield Fetch(f"{sql} WHERE book_id = ?", [book_id], locking=locking)
    if not rows:
        raise LookupError(f"no book {book_id}")
    (row,) = rows
    return Book(
        id=book_id,
        next_seq=row["next_seq"],
        next_account=row["next_account"],
        frontier=tuple(tree.unpack(row["frontier"])),
        last_posted_at=row["last_posted_at"],
        closed_through=row["closed_through"],
        region=row["region_id"],
    )


def _account(row: Row) -> Account:
    return Account(
        id=row["account_id"],
        key=AccountKey(row["programme"], row["holder_kind"], row["holder_id"], row["asset"], row["role"]),
        credits=row["credits"],
        debits=row["debits"],
        held=row["held"],
        debt_limit=row["debt_limit"],
        last_seq=row["last_seq"],
        overdraft=row["overdraft"],
        frozen=row["frozen"],
    )


def _one_each(values: Iterable[Any]) -> list[tuple[Any]]:
    return [(value,) for value in sorted(values)]


def _read_accounts(state: State, column: str, values: Iterable[int]) -> Steps[None]:
    sql = "SELECT * FROM account WHERE book_id = ? AND {among}"
    rows = yield Pick(sql, state.book.id, column, "i", _one_each(values))
    for row in rows:
        state.add(_account(row))


def _keep_requests(state: State, rows: Iterable[Row]) -> None:
    for row in rows:
        outcome = msgspec.json.decode(row["result"], type=Outcome)
        state.requests[(row["source"], row["key"])] = Remembered(row["digest"], outcome)


def _keep_caps(state: State, rows: Iterable[Row]) -> None:
    for row in rows:
        state.caps[(row["rule"], row["subject"], row["period_key"])] = row["used"]


def _read_named(state: State, touch: Touch) -> Steps[None]:
    """What the commands name themselves: all that most batches need."""
    wanted = [
        Rows("request", "source, key", "tt", sorted(touch.requests)),
        Rows("account", "holder_id", "i", _one_each(touch.holders)),
        Rows("cap_counter", "rule, subject, period_key", "tit", sorted(touch.caps)),
    ]
    (found,) = yield Gather(state.book.id, wanted)
    _keep_requests(state, found["request"])
    for row in found["account"]:
        state.add(_account(row))
    _keep_caps(state, found["cap_counter"])


_HOLD = (
    "SELECT h.*, t.body FROM hold h JOIN txn t ON t.book_id = h.book_id AND t.seq = h.hold_seq"
    " WHERE h.book_id = ? AND {among}"
)


def _keep_holds(state: State, rows: Iterable[Row]) -> None:
    for row in rows:
        state.holds[row["order_ref"]] = held_of(
            decode(row["body"]),
            row["asset"],
            state=HoldState(row["state"]),
            captured=row["captured"],
            resolved_seq=row["resolved_seq"],
        )


def _read_holds(state: State, orders: Iterable[str]) -> Steps[None]:
    _keep_holds(state, (yield Pick(_HOLD, state.book.id, "h.order_ref", "t", _one_each(orders))))


def _read_timed_holds(state: State, wallets: Iterable[int]) -> Steps[None]:
    """The open holds of some wallets which have a time: it may be over."""
    sql = f"{_HOLD} AND h.state = {HoldState.OPEN:d} AND h.expires_at IS NOT NULL"
    _keep_holds(state, (yield Pick(sql, state.book.id, "h.account_id", "i", _one_each(wallets))))


def _read_targets(state: State, seqs: Iterable[int]) -> Steps[None]:
    book, wanted = state.book.id, _one_each(seqs)
    bodies = yield from _read_bodies(book, wanted)
    reversals = yield Pick("SELECT * FROM reversal WHERE book_id = ? AND {among}", book, "target_seq", "i", wanted)
    reversed_by = {row["target_seq"]: row["seq"] for row in reversals}
    sql = "SELECT * FROM confirmation WHERE book_id = ? AND {among}"
    confirmations = yield Pick(sql, book, "target_seq", "i", wanted)
    confirmed: dict[int, Body] = {}
    if confirmations:
        found = yield from _read_bodies(book, _one_each(row["seq"] for row in confirmations))
        confirmed = {row["target_seq"]: found[row["seq"]] for row in confirmations}
    caps: dict[int, list[CapMove]] = {}
    # Format 1 had no allowances in its bodies.
    old = _one_each(seq for seq, body in bodies.items() if body.region is None)
    if old:
        uses = yield Pick("SELECT * FROM cap_use WHERE book_id = ? AND {among}", book, "seq", "i", old)
        for row in uses:
            use = CapMove(row["rule"], row["subject"], row["period_key"], row["added"])
            caps.setdefault(row["seq"], []).append(use)
    for seq, body in bodies.items():
        state.targets[seq] = Target(
            body=body,
            caps=body.caps or tuple(caps.get(seq, ())),
            reversed_by=reversed_by.get(seq),
            confirmed=confirmed.get(seq),
        )


def _read_bodies(book: int, seqs: list[tuple[int]]) -> Steps[dict[int, Body]]:
    rows = yield Pick("SELECT seq, body FROM txn WHERE book_id = ? AND {among}", book, "seq", "i", seqs)
    return {row["seq"]: decode(row["body"]) for row in rows}


def _read_caps(state: State, keys: Iterable[tuple[str, int, str]]) -> Steps[None]:
    wanted = [Rows("cap_counter", "rule, subject, period_key", "tit", sorted(keys))]
    (found,) = yield Gather(state.book.id, wanted)
    _keep_caps(state, found["cap_counter"])


def _keep_lots(state: State, rows: Iterable[Row]) -> None:
    for row in rows:
        state.put(Cohort(*[row[name] for name in _COHORT]))


_COHORT = ("account_id", "until", "lapses", "granted", "used", "reserved")


def _read_lots(state: State, touch: Touch) -> Steps[None]:
    lots = lots_touched(touch, state)
    sql = "SELECT * FROM cohort WHERE book_id = ? AND {among}"
    if lots.named:
        wanted = [Rows("cohort", "account_id, until, lapses", "iii", sorted(lots.named))]
        (found,) = yield Gather(state.book.id, wanted)
        _keep_lots(state, found["cohort"])
    if lots.whole:
        left = f"{sql} AND granted > used"
        _keep_lots(state, (yield Pick(left, state.book.id, "account_id", "i", _one_each(lots.whole))))


def _read_totals(state: State) -> Steps[None]:
    sql = (
        "SELECT asset, role, CAST(sum(credits) AS BIGINT) AS credits, CAST(sum(debits) AS BIGINT) AS debits"
        " FROM account WHERE book_id = ? GROUP BY asset, role"
    )
    for row in (yield Fetch(sql, [state.book.id])):
        state.totals[row["asset"], row["role"]] = (row["credits"], row["debits"])


def read_state(book_id: int, touch: Touch, *, locking: bool = True) -> Steps[State]:
    """Everything that a batch touches, as it stands in the book. Statements that nothing needs are not sent.

    Raises `LookupError` when there is no such book.
    """
    state = State(book=(yield from _read_book(book_id, locking=locking)))
    yield from _read_named(state, touch)
    if touch.targets:
        yield from _read_targets(state, touch.targets)
        caps = {(use.rule, use.subject, use.period) for target in state.targets.values() for use in target.caps}
        yield from _read_caps(state, caps - touch.caps)
        yield from _read_accounts(state, "account_id", accounts_behind(state))
        yield from _read_accounts(state, "holder_id", holders_behind(state) - touch.holders)
    if touch.spent:
        wallets = [account.id for account in state.by_id.values() if account.key.holder_id in touch.spent]
        yield from _read_timed_holds(state, wallets)
    if touch.orders:
        yield from _read_holds(state, touch.orders)
    missing = ({held.account for held in state.holds.values()} | touch.emptied) - state.by_id.keys()
    if missing:
        yield from _read_accounts(state, "account_id", missing)
    if touch.lots or touch.spent or touch.confirmed or touch.emptied or touch.undone or state.holds:
        yield from _read_lots(state, touch)
    if touch.totals:
        yield from _read_totals(state)
    return state
