"""What accounts held at a moment or on a day, and their movements in between: always looked up by account.

An account's own postings are few (a household's years are some hundred), so sums over them need no copy to keep right.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from dezhi.core.events import Role
from dezhi.store.accounts import marks
from dezhi.store.database import Database

EVERYTHING = 2**62
"""Later than every event's number and every time."""


class HeldAccount(NamedTuple):
    """An account of a holder, by its number in the book."""

    account: int
    programme: int
    holder_kind: int
    holder: int
    asset: int
    role: int


class Move(NamedTuple):
    """One movement of an account. `amount` is signed from its side; `reversed_by` as known at the asked-for event."""

    account: int
    seq: int
    line: int
    kind: int
    amount: int
    event_day: int
    posted_at: int
    item: str
    version: int
    person: int | None
    text: str
    reverses: int | None
    reversed_by: int | None


class Pooled(NamedTuple):
    """What a person's deed brought to the village's pool, because it was above what one person may keep."""

    seq: int
    person: int
    asset: int
    amount: int
    event_day: int
    posted_at: int
    item: str
    version: int


async def pooled(
    database: Database, book: int, household: int, since: int, until: int, seq: int = EVERYTHING
) -> list[Pooled]:
    """What a household's people brought to the pool by deeds of some days."""
    rows = await database.rows(
        "SELECT p.seq, p.person, p.asset, p.amount, p.event_day, t.posted_at, p.item, t.version FROM posting p"
        f" JOIN account a ON a.book_id = p.book_id AND a.account_id = p.cr_account AND a.role = {Role.POOL:d}"
        " JOIN txn t ON t.book_id = p.book_id AND t.period = p.period AND t.seq = p.seq"
        " WHERE p.book_id = {} AND p.household = {} AND p.seq <= {} AND p.event_day >= {} AND p.event_day <= {}"
        " AND p.person IS NOT NULL ORDER BY p.event_day, p.seq",
        book,
        household,
        seq,
        since,
        until,
    )
    return [Pooled(**row) for row in rows]


async def last_known(database: Database, book: int, at: int) -> int:
    """The number of the newest event booked up to a time (microseconds since 1970); 0 before the first.

    Times never go back along the numbers, which have no gap: some twenty look-ups find it among millions.
    """
    row = await database.row(
        "WITH RECURSIVE around (low, high) AS ("
        " SELECT CAST(0 AS BIGINT), next_seq FROM book WHERE book_id = {}"
        " UNION ALL SELECT CASE WHEN t.posted_at <= {} THEN t.seq ELSE s.low END,"
        " CASE WHEN t.posted_at <= {} THEN s.high ELSE t.seq END"
        " FROM around s JOIN txn t ON t.book_id = {} AND t.seq = (s.low + s.high) / 2 WHERE s.high - s.low > 1"
        ") SELECT max(low) AS seq FROM around",
        book,
        at,
        at,
        book,
    )
    return int(row["seq"] or 0) if row else 0


async def accounts_of(
    database: Database, book: int, holders: Sequence[int], roles: Sequence[Role] = (Role.WALLET, Role.PENDING)
) -> list[HeldAccount]:
    """The accounts of some households and persons in some roles, under all programmes; unused ones do not exist."""
    rows = await database.rows(
        "SELECT account_id, programme, holder_kind, holder_id, asset, role FROM account"
        f" WHERE book_id = {{}} AND holder_id IN ({marks(holders)}) AND holder_kind <> 0"
        f" AND role IN ({', '.join(f'{role:d}' for role in roles)})"
        " ORDER BY holder_kind, holder_id, asset, programme, role",
        book,
        *holders,
    )
    return [HeldAccount(*row.values()) for row in rows]


async def balances_at(database: Database, book: int, accounts: Sequence[int], seq: int) -> Mapping[int, int]:
    """What accounts held right after event `seq`, from the last posting of each up to there."""
    found = {}
    for account in accounts:
        row = await database.row(
            "SELECT seq, line, after FROM ("
            " SELECT * FROM (SELECT seq, line, cr_after AS after FROM posting WHERE book_id = {} AND cr_account = {}"
            " AND seq <= {} ORDER BY seq DESC, line DESC LIMIT 1) AS credit UNION ALL"
            " SELECT * FROM (SELECT seq, line, dr_after AS after FROM posting WHERE book_id = {} AND dr_account = {}"
            " AND dr_after IS NOT NULL AND seq <= {} ORDER BY seq DESC, line DESC LIMIT 1) AS debit"
            ") AS last ORDER BY seq DESC, line DESC LIMIT 1",
            *(book, account, seq),
            *(book, account, seq),
        )
        found[account] = row["after"] if row else 0
    return found


async def balances_on(
    database: Database, book: int, accounts: Collection[int], day: int, seq: int = EVERYTHING
) -> Mapping[int, int]:
    """What accounts held at the end of a day by the days of the deeds, as far as events up to `seq` tell."""
    wanted = list(accounts)
    if not wanted:
        return {}
    rows = await database.rows(
        "SELECT account, CAST(sum(amount) AS BIGINT) AS balance FROM ("
        f" SELECT cr_account AS account, amount FROM posting WHERE book_id = {{}} AND cr_account IN ({marks(wanted)})"
        " AND seq <= {} AND event_day <= {} UNION ALL"
        f" SELECT dr_account, -amount FROM posting WHERE book_id = {{}} AND dr_account IN ({marks(wanted)})"
        " AND dr_after IS NOT NULL AND seq <= {} AND event_day <= {}"
        ") AS moves GROUP BY account",
        *(book, *wanted, seq, day),
        *(book, *wanted, seq, day),
    )
    return dict.fromkeys(wanted, 0) | {row["account"]: row["balance"] for row in rows}


async def moves(
    database: Database, book: int, accounts: Collection[int], since: int, until: int, seq: int = EVERYTHING
) -> list[Move]:
    """The movements of accounts whose deeds are of `since` to `until`, both included, in the order of those days."""
    wanted = list(accounts)
    if not wanted:
        return []
    rows = await database.rows(
        "SELECT m.account, m.seq, m.line, m.kind, m.amount, m.event_day, t.posted_at, m.item, t.version, m.person,"
        " x.text, t.reverses, r.seq AS reversed_by FROM ("
        " SELECT cr_account AS account, period, seq, line, kind, amount, event_day, item, person FROM posting"
        f" WHERE book_id = {{}} AND cr_account IN ({marks(wanted)}) AND seq <= {{}}"
        " AND event_day >= {} AND event_day <= {} UNION ALL"
        " SELECT dr_account, period, seq, line, kind, -amount, event_day, item, person FROM posting"
        f" WHERE book_id = {{}} AND dr_account IN ({marks(wanted)}) AND dr_after IS NOT NULL AND seq <= {{}}"
        " AND event_day >= {} AND event_day <= {}) AS m"
        " JOIN txn t ON t.book_id = {} AND t.period = m.period AND t.seq = m.seq"
        " LEFT JOIN txn_text x ON x.book_id = t.book_id AND x.seq = t.seq"
        " LEFT JOIN reversal r ON r.book_id = t.book_id AND r.target_seq = t.seq AND r.seq <= {}"
        " ORDER BY m.event_day, m.seq, m.line",
        *(book, *wanted, seq, since, until),
        *(book, *wanted, seq, since, until),
        book,
        seq,
    )
    return [Move(**{**row, "text": row["text"] or ""}) for row in rows]
