"""Reading and writing a book: what a batch touches in, what was decided out, as steps that either database runs.

Only the poster runs `post`; nothing else writes a ledger table. The rules are in `dezhi.core.ledger`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from dezhi.core import tree
from dezhi.core.book import Book, Decision
from dezhi.core.events import Command, Outcome
from dezhi.core.ledger import decide, refusal
from dezhi.core.touches import touches
from dezhi.store.states import read_state
from dezhi.store.steps import Add, Fetch, Save, Steps


class InDeed(NamedTuple):
    """Somebody who had a part in a deed, beside the one it is recorded under; `grid` as of the deed's day."""

    role: str
    household: int
    person: int | None
    grid: int | None


class Deed(NamedTuple):
    """What somebody did, as recorded. Written with the awards it earned, or not at all. Days are 20261122.

    `answers` and `assessment` are JSON, None where nothing was asked or assessed.
    """

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
    answers: str | None = None
    people: tuple[InDeed, ...] = ()
    assessment: str | None = None


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


# Upserts and not REPLACE: that would silently delete another row which collides on a unique key.
_ACCOUNT_MOVED = (
    "ON CONFLICT (book_id, account_id) DO UPDATE SET credits = excluded.credits, debits = excluded.debits,"
    " held = excluded.held, debt_limit = excluded.debt_limit, last_seq = excluded.last_seq,"
    " overdraft = excluded.overdraft, frozen = excluded.frozen"
)
_LOT_MOVED = (
    "ON CONFLICT (book_id, account_id, until, lapses) DO UPDATE SET granted = excluded.granted, used = excluded.used,"
    " reserved = excluded.reserved"
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
    yield Add("confirmation", "iii", [(book, target, seq) for target, seq in decision.confirmations])


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
        "iiiiiiiiiiiiiii",
        [
            (
                book.id, a.id, *a.key, a.credits, a.debits, a.held, a.debt_limit, int(a.has_floor), a.last_seq,
                a.overdraft, a.frozen,
            )
            for a in decision.accounts
        ],
        conflict=_ACCOUNT_MOVED,
    )  # fmt: skip
    yield Add(
        "cohort",
        "iiiiiii",
        [(book.id, c.account, c.until, c.lapses, c.granted, c.used, c.reserved) for c in decision.cohorts],
        conflict=_LOT_MOVED,
    )
    yield Add(
        "cap_counter",
        "ititi",
        [(book.id, *key, used) for key, used in decision.caps.items()],
        conflict=_CAP_MOVED,
    )
    yield Add(
        "hold",
        "itiiiiiiiii",
        [
            (
                book.id, h.order, h.seq, h.account, h.asset, h.amount, h.captured, h.state, h.resolved_seq, h.kind,
                h.expires_at,
            )
            for h in decision.holds
        ],
        conflict=_HOLD_RESOLVED,
    )  # fmt: skip


def _write(before: Book, decision: Decision, records: Sequence[Add]) -> Steps[None]:
    """Write a decided batch and what is kept with it, the book with its compare-and-set.

    Raises `BookMoved` when the book is no longer as it was read; the driver's integrity error when the database's own
    checks find what the state machine should have (a bug). The caller's transaction is then rolled back.
    """
    book = decision.book
    head = tree.root(book.frontier)
    moved = Fetch(
        "UPDATE book SET next_seq = ?, next_account = ?, frontier = ?, head = ?, last_posted_at = ?, closed_through = ?"
        " WHERE book_id = ? AND next_seq = ? RETURNING book_id",
        [
            book.next_seq,
            book.next_account,
            tree.pack(book.frontier),
            head,
            book.last_posted_at,
            book.closed_through,
            book.id,
            before.next_seq,
        ],
    )
    changed = yield Save([*_rows(decision), *records], moved)
    if len(changed) != 1:
        raise BookMoved(f"book {book.id} moved while a batch was decided")


def _records(book: int, submissions: Sequence[Submission], outcomes: Sequence[Outcome], at: int) -> Sequence[Add]:
    """What is kept with the commands that were booked now."""
    deeds, people, orders = [], [], []
    for submission, outcome in zip(submissions, outcomes, strict=True):
        if not outcome.booked or outcome.replay:
            continue
        record, command = submission.record, submission.command
        if isinstance(record, Deed):
            name = (book, command.source, command.key)
            deeds.append((*name, *record[:-3], at, record.answers, record.assessment))
            people += [(*name, number, *one, record.event_day) for number, one in enumerate(record.people)]
        elif isinstance(record, Redemption):
            orders.append((book, *record[:-2], int(record.at_desk), record.placed_by, at))
    return [
        Add("deed", "itttiiitiiiitiitt", deeds),
        Add("deed_participant", "ittitiiii", people),
        Add("redemption", "ittiiittiiii", orders),
    ]


def _post_sound(book_id: int, submissions: Sequence[Submission], clock: int, entropy: bytes) -> Steps[list[Outcome]]:
    commands = [submission.command for submission in submissions]
    state = yield from read_state(book_id, touches(commands))
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


def dry_run(book_id: int, commands: Sequence[Command], clock: int, entropy: bytes) -> Steps[Decision]:
    """What posting would decide now, without a lock and without writing anything; a command that is none is left out.

    Raises `LookupError` when there is no such book.
    """
    sound = [command for command in commands if refusal(command) is None]
    state = yield from read_state(book_id, touches(sound), locking=False)
    return decide(state, sound, clock, entropy)
