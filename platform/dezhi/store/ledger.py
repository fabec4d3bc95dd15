"""Reading and writing a book on SQLite: what a batch touches in, what was decided out, in one thread hop.

Only the poster calls `post`; nothing else writes a ledger table. The rules are in `dezhi.core.ledger`.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from dezhi.core import tree
from dezhi.core.body import Line
from dezhi.core.book import Account, AccountKey, Book, Decision, Held, Remembered, State, Target, Touch, touches
from dezhi.core.events import Command, HoldState, Outcome, Place
from dezhi.core.ledger import decide, refusal

CHUNK = 500
"""Values in one `IN (…)`; SQLite allows 32,766."""


class Deed(NamedTuple):
    """What somebody did, as recorded. Written with the awards it earned, or not at all. Days are 20261122."""

    batch: str
    village: int
    household: int
    person: int | None
    item: str
    version: int
    event_day: int
    minutes: int | None
    points: int | None
    note: str
    recorded_by: int


class Redemption(NamedTuple):
    """An order for a reward. Its state is that of its hold. `placed_by` is the staff member at the desk, else 0."""

    order: str
    code: str
    village: int
    household: int
    version: int
    reward: str
    title: str
    price: int
    at_desk: bool
    placed_by: int


class Submission(NamedTuple):
    """A command, and the row outside the ledger that is kept exactly if the command is booked."""

    command: Command
    record: Deed | Redemption | None = None


class BookMoved(RuntimeError):
    """Another writer moved the book under us. Nothing was written."""


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    ordered = sorted(values)
    for at in range(0, len(ordered), CHUNK):
        yield ordered[at : at + CHUNK]


def _select(db: sqlite3.Connection, sql: str, book: int, values: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for some in _chunks(values):
        yield from db.execute(sql.format(", ".join("?" * len(some))), [book, *some])


def read_book(db: sqlite3.Connection, book_id: int) -> Book:
    """The head of a book. Raises `LookupError` when there is none of that number."""
    row = db.execute("SELECT * FROM book WHERE book_id = ?", [book_id]).fetchone()
    if row is None:
        raise LookupError(f"no book {book_id}")
    return Book(
        id=book_id,
        next_seq=row["next_seq"],
        next_account=row["next_account"],
        frontier=tuple(tree.unpack(row["frontier"])),
        last_posted_at=row["last_posted_at"],
        closed_through=row["closed_through"],
    )


def _account(row: dict[str, Any]) -> Account:
    return Account(
        id=row["account_id"],
        key=AccountKey(row["programme"], row["holder_kind"], row["holder_id"], row["asset"], row["role"]),
        credits=row["credits"],
        debits=row["debits"],
        held=row["held"],
        debt_limit=row["debt_limit"],
        last_seq=row["last_seq"],
    )


def _read_accounts(db: sqlite3.Connection, state: State, column: str, values: Iterable[int]) -> None:
    sql = f"SELECT * FROM account WHERE book_id = ? AND {column} IN ({{}})"
    for row in _select(db, sql, state.book.id, values):
        account = _account(row)
        state.accounts[account.key] = state.by_id[account.id] = account


def _place(row: dict[str, Any]) -> Place:
    return Place(household=row["household"], village=row["village"], grid=row["grid"], person=row["person"])


def _read_requests(db: sqlite3.Connection, state: State, keys: set[tuple[str, str]]) -> None:
    by_source: dict[str, list[str]] = defaultdict(list)
    for source, key in keys:
        by_source[source].append(key)
    for source, wanted in by_source.items():
        for some in _chunks(wanted):
            marks = ", ".join("?" * len(some))
            sql = f"SELECT key, digest, result FROM request WHERE book_id = ? AND source = ? AND key IN ({marks})"
            for row in db.execute(sql, [state.book.id, source, *some]):
                outcome = msgspec.json.decode(row["result"], type=Outcome)
                state.requests[(source, row["key"])] = Remembered(row["digest"], outcome)


def _read_holds(db: sqlite3.Connection, state: State, orders: set[str]) -> set[int]:
    sql = (
        "SELECT h.*, t.programme, t.version, t.item, t.household, t.person, t.grid, t.village FROM hold h"
        " JOIN txn t ON t.book_id = h.book_id AND t.seq = h.hold_seq WHERE h.book_id = ? AND h.order_ref IN ({})"
    )
    accounts = set()
    for row in _select(db, sql, state.book.id, orders):
        accounts.add(row["account_id"])
        state.holds[row["order_ref"]] = Held(
            seq=row["hold_seq"],
            order=row["order_ref"],
            account=row["account_id"],
            asset=row["asset"],
            amount=row["amount"],
            programme=row["programme"],
            version=row["version"],
            item=row["item"],
            place=_place(row),
            state=HoldState(row["state"]),
            captured=row["captured"],
            resolved_seq=row["resolved_seq"],
        )
    return accounts


def _read_targets(db: sqlite3.Connection, state: State, seqs: set[int]) -> tuple[set[int], set[tuple[str, int, str]]]:
    lines: dict[int, list[Line]] = defaultdict(list)
    caps: dict[int, list[tuple[str, int, str, int]]] = defaultdict(list)
    book = state.book.id
    sql = "SELECT * FROM posting WHERE book_id = ? AND seq IN ({}) ORDER BY seq, line"
    for row in _select(db, sql, book, seqs):
        lines[row["seq"]].append(Line(row["dr_account"], row["cr_account"], row["asset"], row["amount"]))
    for row in _select(db, "SELECT * FROM cap_use WHERE book_id = ? AND seq IN ({})", book, seqs):
        caps[row["seq"]].append((row["rule"], row["subject"], row["period_key"], row["added"]))
    done = {
        row["target_seq"]: row["seq"]
        for row in _select(db, "SELECT * FROM reversal WHERE book_id = ? AND target_seq IN ({})", book, seqs)
    }
    for row in _select(db, "SELECT * FROM txn WHERE book_id = ? AND seq IN ({})", book, seqs):
        state.targets[row["seq"]] = Target(
            seq=row["seq"],
            kind=row["kind"],
            programme=row["programme"],
            version=row["version"],
            item=row["item"],
            place=None if row["household"] is None else _place(row),
            lines=tuple(lines[row["seq"]]),
            caps=tuple(caps[row["seq"]]),
            reversed_by=done.get(row["seq"]),
        )
    accounts = {account for some in lines.values() for line in some for account in (line.dr, line.cr)}
    return accounts, {(rule, subject, period) for some in caps.values() for rule, subject, period, _ in some}


def _read_caps(db: sqlite3.Connection, state: State, keys: set[tuple[str, int, str]]) -> None:
    sql = "SELECT * FROM cap_counter WHERE book_id = ? AND subject IN ({})"
    for row in _select(db, sql, state.book.id, {subject for _, subject, _ in keys}):
        state.caps[(row["rule"], row["subject"], row["period_key"])] = row["used"]


def read_state(db: sqlite3.Connection, book_id: int, touch: Touch) -> State:
    """Everything that a batch touches, as it stands in the book."""
    state = State(book=read_book(db, book_id))
    _read_requests(db, state, touch.requests)
    accounts = _read_holds(db, state, touch.orders)
    caps = set(touch.caps)
    if touch.targets:
        target_accounts, target_caps = _read_targets(db, state, touch.targets)
        accounts |= target_accounts
        caps |= target_caps
    _read_accounts(db, state, "holder_id", touch.holders)
    _read_accounts(db, state, "account_id", accounts)
    _read_caps(db, state, caps)
    return state


def _insert(db: sqlite3.Connection, table: str, rows: Sequence[Sequence[Any]], conflict: str = "") -> None:
    if rows:
        db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))}) {conflict}", rows)


# Upserts and not REPLACE: that would silently delete another row which collides on a unique key.
_ACCOUNT_MOVED = (
    "ON CONFLICT (book_id, account_id) DO UPDATE SET credits = excluded.credits, debits = excluded.debits,"
    " held = excluded.held, debt_limit = excluded.debt_limit, last_seq = excluded.last_seq"
)
_CAP_MOVED = "ON CONFLICT (book_id, rule, subject, period_key) DO UPDATE SET used = excluded.used"
_HOLD_RESOLVED = (
    "ON CONFLICT (book_id, order_ref) DO UPDATE SET captured = excluded.captured, state = excluded.state,"
    " resolved_seq = excluded.resolved_seq"
)


def _write_history(db: sqlite3.Connection, decision: Decision) -> None:
    book = decision.book.id
    bodies = {row.body.seq: row.body for row in decision.txns}
    _insert(
        db,
        "txn",
        [
            (
                book, b.period, b.seq, b.kind, b.event_day, b.posted_at, b.source, b.key, b.programme, b.version,
                b.item, b.actor, b.proposer_person, b.proposer_household, b.approver_person, b.household, b.person,
                b.grid, b.village, b.reverses, b.order, b.salt, data, leaf,
            )
            for b, data, leaf, _ in decision.txns
        ],
    )  # fmt: skip
    _insert(db, "txn_text", [(book, row.body.seq, row.text) for row in decision.txns if row.text])
    postings = []
    for row in decision.postings:
        b = bodies[row.seq]
        postings.append(
            (
                book, b.period, row.seq, row.line, row.dr, row.cr, row.asset, row.amount, row.dr_after, row.cr_after,
                b.kind, b.event_day, b.programme, b.item, b.household, b.person, b.grid, b.village,
            )
        )  # fmt: skip
    _insert(db, "posting", postings)
    _insert(db, "reversal", [(book, target, seq) for target, seq in decision.reversals])
    _insert(db, "cap_use", [(book, *use) for use in decision.cap_uses])


def write_decision(db: sqlite3.Connection, before: Book, decision: Decision) -> None:
    """Write a decided batch: one statement for each table, the book last with its compare-and-set.

    Raises `BookMoved` when the book is no longer as it was read, `sqlite3.IntegrityError` when the database's own
    checks find what the state machine should have (a bug); the caller's transaction is then rolled back.
    """
    book = decision.book
    _insert(
        db,
        "request",
        [
            (
                book.id, r.source, r.key, r.digest, r.outcome.code, r.outcome.seqs[0] if r.outcome.seqs else None,
                r.outcome.seqs[-1] if r.outcome.seqs else None, msgspec.json.encode(r.outcome), decision.at,
            )
            for r in decision.requests
        ],
    )  # fmt: skip
    _write_history(db, decision)
    _insert(
        db,
        "account",
        [
            (book.id, a.id, *a.key, a.credits, a.debits, a.held, a.debt_limit, int(a.has_floor), a.last_seq)
            for a in decision.accounts
        ],
        conflict=_ACCOUNT_MOVED,
    )
    _insert(
        db,
        "cap_counter",
        [(book.id, *key, used) for key, used in decision.caps.items()],
        conflict=_CAP_MOVED,
    )
    _insert(
        db,
        "hold",
        [
            (book.id, h.order, h.seq, h.account, h.asset, h.amount, h.captured, h.state, h.resolved_seq)
            for h in decision.holds
        ],
        conflict=_HOLD_RESOLVED,
    )
    head = tree.root(book.frontier)
    changed = db.execute(
        "UPDATE book SET next_seq = ?, next_account = ?, frontier = ?, head = ?, last_posted_at = ?"
        " WHERE book_id = ? AND next_seq = ?",
        [
            book.next_seq,
            book.next_account,
            tree.pack(book.frontier),
            head,
            book.last_posted_at,
            book.id,
            before.next_seq,
        ],
    ).rowcount
    if changed != 1:
        raise BookMoved(f"book {book.id} moved while a batch was decided")


def _write_records(
    db: sqlite3.Connection, book: int, submissions: Sequence[Submission], outcomes: Sequence[Outcome], at: int
) -> None:
    deeds, orders = [], []
    for submission, outcome in zip(submissions, outcomes, strict=True):
        if not outcome.booked or outcome.replay:
            continue
        record, command = submission.record, submission.command
        if isinstance(record, Deed):
            deeds.append((book, command.source, command.key, *record, at))
        elif isinstance(record, Redemption):
            orders.append((book, *record[:-2], int(record.at_desk), record.placed_by, at))
    _insert(db, "deed", deeds)
    _insert(db, "redemption", orders)


def _post_sound(
    db: sqlite3.Connection, book_id: int, submissions: Sequence[Submission], clock: int, entropy: bytes
) -> list[Outcome]:
    commands = [submission.command for submission in submissions]
    state = read_state(db, book_id, touches(commands))
    before = state.book
    decision = decide(state, commands, clock, entropy)
    if decision.requests:
        write_decision(db, before, decision)
        _write_records(db, book_id, submissions, decision.outcomes, decision.at)
    return decision.outcomes


def post(
    db: sqlite3.Connection, book_id: int, submissions: Sequence[Submission], clock: int, entropy: bytes
) -> list[Outcome]:
    """Read, decide and write one batch inside the caller's transaction; answer in the order of the submissions.

    `clock` and `entropy` are those of `decide`. Raises `LookupError` when there is no such book.
    """
    refusals = [refusal(submission.command) for submission in submissions]
    sound = [submission for submission, refused in zip(submissions, refusals, strict=True) if refused is None]
    decided = iter(_post_sound(db, book_id, sound, clock, entropy))
    return [next(decided) if refused is None else refused for refused in refusals]
