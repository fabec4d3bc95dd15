"""Reading and writing a book: what a batch touches in, what was decided out, as steps that either database runs.

Only the poster runs `post`; nothing else writes a ledger table. The rules are in `dezhi.core.ledger`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from dezhi.core import tree
from dezhi.core.body import Line
from dezhi.core.book import Account, AccountKey, Book, Decision, Held, Remembered, State, Target, Touch, touches
from dezhi.core.events import Command, HoldState, Outcome, Place
from dezhi.core.ledger import decide, refusal
from dezhi.store.steps import Add, Fetch, Pick, Row, Save, Steps


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


def _read_book(book_id: int) -> Steps[Book]:
    """The head of a book, which is ours from here to the end of the transaction."""
    sql = "SELECT next_seq, next_account, frontier, last_posted_at, closed_through FROM book WHERE book_id = ?"
    rows = yield Fetch(sql, [book_id], locking=True)
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
    )


def _one_each(values: Iterable[Any]) -> list[tuple[Any]]:
    return [(value,) for value in sorted(values)]


def _read_accounts(state: State, column: str, values: Iterable[int]) -> Steps[None]:
    sql = "SELECT * FROM account WHERE book_id = ? AND {among}"
    rows = yield Pick(sql, state.book.id, column, "i", _one_each(values))
    for row in rows:
        account = _account(row)
        state.accounts[account.key] = state.by_id[account.id] = account


def _place(row: Row) -> Place:
    return Place(household=row["household"], village=row["village"], grid=row["grid"], person=row["person"])


def _read_requests(state: State, keys: Iterable[tuple[str, str]]) -> Steps[None]:
    sql = "SELECT source, key, digest, result FROM request WHERE book_id = ? AND {among}"
    rows = yield Pick(sql, state.book.id, "source, key", "tt", sorted(keys))
    for row in rows:
        outcome = msgspec.json.decode(row["result"], type=Outcome)
        state.requests[(row["source"], row["key"])] = Remembered(row["digest"], outcome)


def _read_holds(state: State, orders: Iterable[str]) -> Steps[set[int]]:
    sql = (
        "SELECT h.*, t.programme, t.version, t.item, t.household, t.person, t.grid, t.village FROM hold h"
        " JOIN txn t ON t.book_id = h.book_id AND t.seq = h.hold_seq WHERE h.book_id = ? AND {among}"
    )
    accounts = set()
    rows = yield Pick(sql, state.book.id, "h.order_ref", "t", _one_each(orders))
    for row in rows:
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


def _read_targets(state: State, seqs: Iterable[int]) -> Steps[tuple[set[int], set[tuple[str, int, str]]]]:
    lines: dict[int, list[Line]] = defaultdict(list)
    caps: dict[int, list[tuple[str, int, str, int]]] = defaultdict(list)
    book, wanted = state.book.id, _one_each(seqs)
    txns = yield Pick("SELECT * FROM txn WHERE book_id = ? AND {among}", book, "seq", "i", wanted)
    # A posting's key has the month before the number.
    keys = sorted((row["period"], row["seq"]) for row in txns)
    sql = "SELECT * FROM posting WHERE book_id = ? AND {among} ORDER BY seq, line"
    for row in (yield Pick(sql, book, "period, seq", "ii", keys)):
        lines[row["seq"]].append(Line(row["dr_account"], row["cr_account"], row["asset"], row["amount"]))
    for row in (yield Pick("SELECT * FROM cap_use WHERE book_id = ? AND {among}", book, "seq", "i", wanted)):
        caps[row["seq"]].append((row["rule"], row["subject"], row["period_key"], row["added"]))
    reversals = yield Pick("SELECT * FROM reversal WHERE book_id = ? AND {among}", book, "target_seq", "i", wanted)
    done = {row["target_seq"]: row["seq"] for row in reversals}
    for row in txns:
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


def _read_caps(state: State, keys: Iterable[tuple[str, int, str]]) -> Steps[None]:
    sql = "SELECT rule, subject, period_key, used FROM cap_counter WHERE book_id = ? AND {among}"
    rows = yield Pick(sql, state.book.id, "rule, subject, period_key", "tit", sorted(keys))
    for row in rows:
        state.caps[(row["rule"], row["subject"], row["period_key"])] = row["used"]


def _read_state(book_id: int, touch: Touch) -> Steps[State]:
    """Everything that a batch touches, as it stands in the book."""
    state = State(book=(yield from _read_book(book_id)))
    yield from _read_requests(state, touch.requests)
    accounts = yield from _read_holds(state, touch.orders)
    caps = set(touch.caps)
    if touch.targets:
        target_accounts, target_caps = yield from _read_targets(state, touch.targets)
        accounts |= target_accounts
        caps |= target_caps
    yield from _read_accounts(state, "holder_id", touch.holders)
    yield from _read_accounts(state, "account_id", accounts)
    yield from _read_caps(state, caps)
    return state


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


def _history(decision: Decision) -> Iterator[Add]:
    """The rows of a decided batch which stay as they are for ever."""
    book = decision.book.id
    bodies = {row.body.seq: row.body for row in decision.txns}
    yield Add(
        "txn",
        "iiiiiittiitiiiiiiiiitbbb",
        [
            (
                book, b.period, b.seq, b.kind, b.event_day, b.posted_at, b.source, b.key, b.programme, b.version,
                b.item, b.actor, b.proposer_person, b.proposer_household, b.approver_person, b.household, b.person,
                b.grid, b.village, b.reverses, b.order, b.salt, data, leaf,
            )
            for b, data, leaf, _ in decision.txns
        ],
    )  # fmt: skip
    yield Add("txn_text", "iit", [(book, row.body.seq, row.text) for row in decision.txns if row.text])
    postings = []
    for row in decision.postings:
        b = bodies[row.seq]
        postings.append(
            (
                book, b.period, row.seq, row.line, row.dr, row.cr, row.asset, row.amount, row.dr_after, row.cr_after,
                b.kind, b.event_day, b.programme, b.item, b.household, b.person, b.grid, b.village,
            )
        )  # fmt: skip
    yield Add("posting", "iiiiiiiiiiiiitiiii", postings)
    yield Add("reversal", "iii", [(book, target, seq) for target, seq in decision.reversals])
    yield Add("cap_use", "iititi", [(book, *use) for use in decision.cap_uses])


def _rows(decision: Decision) -> Iterator[Add]:
    """All rows of a decided batch but the book's own."""
    book = decision.book
    yield Add(
        "request",
        "ittbtiibi",
        [
            (
                book.id, r.source, r.key, r.digest, r.outcome.code, r.outcome.seqs[0] if r.outcome.seqs else None,
                r.outcome.seqs[-1] if r.outcome.seqs else None, msgspec.json.encode(r.outcome), decision.at,
            )
            for r in decision.requests
        ],
    )  # fmt: skip
    yield from _history(decision)
    yield Add(
        "account",
        "iiiiiiiiiiiii",
        [
            (book.id, a.id, *a.key, a.credits, a.debits, a.held, a.debt_limit, int(a.has_floor), a.last_seq)
            for a in decision.accounts
        ],
        conflict=_ACCOUNT_MOVED,
    )
    yield Add(
        "cap_counter",
        "ititi",
        [(book.id, *key, used) for key, used in decision.caps.items()],
        conflict=_CAP_MOVED,
    )
    yield Add(
        "hold",
        "itiiiiiii",
        [
            (book.id, h.order, h.seq, h.account, h.asset, h.amount, h.captured, h.state, h.resolved_seq)
            for h in decision.holds
        ],
        conflict=_HOLD_RESOLVED,
    )


def _write(before: Book, decision: Decision, records: Sequence[Add]) -> Steps[None]:
    """Write a decided batch and what is kept with it, the book with its compare-and-set.

    Raises `BookMoved` when the book is no longer as it was read; the driver's integrity error when the database's own
    checks find what the state machine should have (a bug). The caller's transaction is then rolled back.
    """
    book = decision.book
    head = tree.root(book.frontier)
    moved = Fetch(
        "UPDATE book SET next_seq = ?, next_account = ?, frontier = ?, head = ?, last_posted_at = ?"
        " WHERE book_id = ? AND next_seq = ? RETURNING book_id",
        [
            book.next_seq,
            book.next_account,
            tree.pack(book.frontier),
            head,
            book.last_posted_at,
            book.id,
            before.next_seq,
        ],
    )
    changed = yield Save([*_rows(decision), *records], moved)
    if len(changed) != 1:
        raise BookMoved(f"book {book.id} moved while a batch was decided")


def _records(book: int, submissions: Sequence[Submission], outcomes: Sequence[Outcome], at: int) -> Sequence[Add]:
    """What is kept with the commands that were booked now."""
    deeds, orders = [], []
    for submission, outcome in zip(submissions, outcomes, strict=True):
        if not outcome.booked or outcome.replay:
            continue
        record, command = submission.record, submission.command
        if isinstance(record, Deed):
            deeds.append((book, command.source, command.key, *record, at))
        elif isinstance(record, Redemption):
            orders.append((book, *record[:-2], int(record.at_desk), record.placed_by, at))
    return [Add("deed", "itttiiitiiiitii", deeds), Add("redemption", "ittiiittiiii", orders)]


def _post_sound(book_id: int, submissions: Sequence[Submission], clock: int, entropy: bytes) -> Steps[list[Outcome]]:
    commands = [submission.command for submission in submissions]
    state = yield from _read_state(book_id, touches(commands))
    before = state.book
    decision = decide(state, commands, clock, entropy)
    if decision.requests:
        yield from _write(before, decision, _records(book_id, submissions, decision.outcomes, decision.at))
    return decision.outcomes


def post(book_id: int, submissions: Sequence[Submission], clock: int, entropy: bytes) -> Steps[list[Outcome]]:
    """Read, decide and write one batch inside the runner's transaction; answer in the order of the submissions.

    `clock` and `entropy` are those of `decide`. Raises `LookupError` when there is no such book.
    """
    refusals = [refusal(submission.command) for submission in submissions]
    sound = [submission for submission, refused in zip(submissions, refusals, strict=True) if refused is None]
    decided = iter((yield from _post_sound(book_id, sound, clock, entropy)))
    return [next(decided) if refused is None else refused for refused in refusals]
