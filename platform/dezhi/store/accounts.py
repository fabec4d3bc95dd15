"""Reading what holders have: figures, passbook lines and what was earned. Everything comes from the ledger."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from dezhi.core.calendar import from_micros
from dezhi.core.events import AssetId, HolderId, Role
from dezhi.store.database import Database

REWARD_PREFIX = "reward:"
"""Before the code of a reward in an entry's `item`, so that it can never be taken for an item of the same name."""


class Figure(NamedTuple):
    """One holder's account: `balance` in the book, of which `held` is set aside; `pending` is not yet booked.

    `ended` of the balance has ended by itself and was not swept yet: nobody can spend it any more.
    """

    holder_kind: int
    holder: int
    asset: int
    balance: int
    held: int
    pending: int
    ended: int
    last_seq: int
    frozen: int = 0  # freezes of the whole account


class PassbookLine(NamedTuple):
    """One movement of a household's or its person's account. `amount` is signed, `after` the balance right after."""

    seq: int
    line: int
    kind: int
    asset: int
    amount: int
    after: int
    event_day: int
    posted_at: int
    item: str
    version: int
    person: int | None
    text: str
    reverses: int | None
    reversed_by: int | None


def period(posted_at: int) -> int:
    """The month of posting (202611), which is part of an entry's number."""
    local = from_micros(posted_at)
    return local.year * 100 + local.month


def marks(values: Sequence[Any]) -> str:
    """As many `{}` as there are values, for an `IN (…)`; nothing is among none."""
    return ", ".join(["{}"] * len(values)) or "NULL"


def padded(values: Collection[Any]) -> Sequence[Any]:
    """The values, the last one repeated up to a power of two: an `IN (…)` finds the same, in one of few texts.

    For what is asked together, where every number of keys comes up: PostgreSQL keeps a hundred prepared statements for
    each connection.
    """
    found = list(values)
    return found + found[-1:] * ((1 << (len(found) - 1).bit_length()) - len(found)) if found else found


async def figures(database: Database, book: int, programme: int, holders: Iterable[int], on: int) -> list[Figure]:
    """The figures of some households and persons under one programme on a day (20261122): today.

    An account that was never used is left out.
    """
    wanted = tuple(sorted(set(holders)))
    if not wanted:
        return []
    return await database.one(_figures, (book, programme, wanted, on)) or []


_Holders = tuple[int, int, tuple[int, ...], int]
"""A book, a programme, holders of accounts, and the day."""


async def _figures(database: Database, asked: Collection[_Holders]) -> dict[_Holders, list[Figure]]:
    by_book: dict[tuple[int, int], set[int]] = {}
    for book, _, holders, on in asked:
        by_book.setdefault((book, on), set()).update(holders)
    found: dict[tuple[int, int, int, int], list[Figure]] = {}
    for (book, on), wanted in by_book.items():
        for programme, figure in await _of_holders(database, book, padded(wanted), on):
            found.setdefault((book, programme, figure.holder, on), []).append(figure)
    return {
        (book, programme, holders, on): sorted(
            figure for holder in holders for figure in found.get((book, programme, holder, on), ())
        )
        for book, programme, holders, on in asked
    }


async def _of_holders(database: Database, book: int, holders: Sequence[int], on: int) -> list[tuple[int, Figure]]:
    """Their figures under all programmes, each with its programme."""
    rows = await database.rows(
        "SELECT programme, holder_kind, holder_id, asset, role, credits - debits AS balance, held, last_seq, frozen,"
        " (SELECT CAST(coalesce(sum(c.granted - c.used - c.reserved), 0) AS BIGINT) FROM cohort c"
        " WHERE c.book_id = a.book_id AND c.account_id = a.account_id AND c.lapses = 1 AND c.until < {}) AS ended"
        f" FROM account a WHERE book_id = {{}} AND holder_id IN ({marks(holders)})",
        on,
        book,
        *holders,
    )
    found: dict[tuple[int, int, int, int], dict[str, int]] = {}
    for row in rows:
        key = (row["programme"], row["holder_kind"], row["holder_id"], row["asset"])
        figure = found.setdefault(key, {"balance": 0, "held": 0, "pending": 0, "ended": 0, "last_seq": 0, "frozen": 0})
        if row["role"] == Role.PENDING:
            figure["pending"] = row["balance"]
        else:
            figure |= {name: row[name] for name in ("balance", "held", "ended", "frozen")}
        figure["last_seq"] = max(figure["last_seq"], row["last_seq"])
    return [(programme, Figure(*key, **figure)) for (programme, *key), figure in found.items()]


async def passbook(
    database: Database, book: int, household: int, *, before: tuple[int, int] | None = None, limit: int = 30
) -> list[PassbookLine]:
    """A household's lines, newest first: its own accounts and what its members earned while they lived there.

    `before` is the `(seq, line)` of the last line of the page before.
    """
    seq, line = before or (2**62, 0)
    rows = await database.rows(
        "SELECT p.seq, p.line, p.kind, p.asset, p.amount, p.dr_after, p.cr_after, p.event_day, t.posted_at, p.item,"
        " t.version, p.person, x.text, t.reverses, r.seq AS reversed_by FROM posting p"
        " JOIN txn t ON t.book_id = p.book_id AND t.period = p.period AND t.seq = p.seq"
        " LEFT JOIN txn_text x ON x.book_id = t.book_id AND x.seq = t.seq"
        " LEFT JOIN reversal r ON r.book_id = t.book_id AND r.target_seq = t.seq"
        " WHERE p.book_id = {} AND p.household = {} AND p.seq <= {} AND (p.seq < {} OR p.line < {})"
        " AND (p.dr_after IS NOT NULL OR p.cr_after IS NOT NULL)"
        " ORDER BY p.seq DESC, p.line DESC LIMIT {}",
        book,
        household,
        seq,
        seq,
        line,
        limit,
    )
    return [
        PassbookLine(
            seq=row["seq"],
            line=row["line"],
            kind=row["kind"],
            asset=row["asset"],
            amount=row["amount"] if row["cr_after"] is not None else -row["amount"],
            after=row["cr_after"] if row["cr_after"] is not None else row["dr_after"],
            event_day=row["event_day"],
            posted_at=row["posted_at"],
            item=row["item"],
            version=row["version"],
            person=row["person"],
            text=row["text"] or "",
            reverses=row["reverses"],
            reversed_by=row["reversed_by"],
        )
        for row in rows
    ]


async def wallets(
    database: Database, book: int, programme: int, asset: AssetId, holders: Sequence[int], on: int
) -> dict[int, int]:
    """What each household can spend of an asset today (`on`); one that has no account is left out."""
    rows = await figures(database, book, programme, holders, on)
    return {
        figure.holder: 0 if figure.frozen else figure.balance - figure.held - figure.ended
        for figure in rows
        if figure.asset == asset and figure.holder_kind == HolderId.HOUSEHOLD
    }


async def unspent(database: Database, book: int, programme: int) -> int:
    """The moral points that everybody together has under a programme, set aside or not."""
    row = await database.row(
        "SELECT CAST(coalesce(sum(credits - debits), 0) AS BIGINT) AS points FROM account WHERE book_id = {}"
        f" AND programme = {{}} AND holder_kind <> {HolderId.SYSTEM:d} AND asset = {AssetId.MORAL:d}"
        f" AND role = {Role.WALLET:d}",
        book,
        programme,
    )
    return int(row["points"]) if row else 0


class LotLeft(NamedTuple):
    """What is free of one lot of a wallet; `until` is its last day."""

    until: int
    lapses: bool
    points: int


async def lots(database: Database, book: int, programme: int, holder: int) -> list[LotLeft]:
    """The lots of a household's moral points that something is left of, the first to end first."""
    rows = await database.rows(
        "SELECT c.until, c.lapses, c.granted - c.used - c.reserved AS points FROM account a"
        " JOIN cohort c ON c.book_id = a.book_id AND c.account_id = a.account_id"
        " WHERE a.book_id = {} AND a.holder_id = {} AND a.programme = {}"
        f" AND a.holder_kind = {HolderId.HOUSEHOLD:d} AND a.asset = {AssetId.MORAL:d} AND a.role = {Role.WALLET:d}"
        " AND c.granted - c.used - c.reserved > 0 ORDER BY c.until, c.lapses DESC",
        book,
        holder,
        programme,
    )
    return [LotLeft(row["until"], bool(row["lapses"]), row["points"]) for row in rows]


class LeftBehind(NamedTuple):
    """Moral points a household still has under a programme it no longer lives under."""

    village: str
    title: str
    points: int


async def left_behind(database: Database, book: int, programme: int, household: int) -> list[LeftBehind]:
    """What a household that moved has in other villages' programmes of the same book. It cannot be spent here."""
    rows = await database.rows(
        "SELECT v.name AS village, max(p.title) AS title, a.credits - a.debits AS points FROM account a"
        " JOIN programme p ON p.lineage = a.programme JOIN region v ON v.id = p.village"
        " WHERE a.book_id = {} AND a.holder_id = {} AND a.holder_kind = {} AND a.asset = {} AND a.role = {}"
        " AND a.programme <> {} AND a.credits > a.debits GROUP BY a.programme, v.name, a.credits, a.debits"
        " ORDER BY v.name",
        book,
        household,
        int(HolderId.HOUSEHOLD),
        int(AssetId.MORAL),
        int(Role.WALLET),
        programme,
    )
    return [LeftBehind(**row) for row in rows]
