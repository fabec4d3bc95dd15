"""Freezes: what of whose wallet cannot be used, since when and why. A freeze is a hold without an order."""

from typing import NamedTuple

from dezhi.core.body import decode
from dezhi.core.events import HoldKind, HoldState, Role
from dezhi.store.accounts import marks
from dezhi.store.database import Database


class Frozen(NamedTuple):
    """An open freeze. `amount` is set aside; `whole` freezes the account, with what comes later. `at` in microseconds.

    `about` is the entry that gave the reason.
    """

    order: str
    holder: int
    asset: int
    amount: int
    whole: bool
    about: int | None
    reason: str
    by: int
    at: int
    seq: int


async def of_holders(database: Database, book: int, holders: list[int]) -> list[Frozen]:
    """The open freezes of some holders, oldest first."""
    rows = await database.rows(
        "SELECT h.order_ref, a.holder_id, h.asset, h.amount, t.body, t.actor, t.posted_at, h.hold_seq, x.text"
        " FROM account a JOIN hold h ON h.book_id = a.book_id AND h.account_id = a.account_id"
        f" AND h.state = {HoldState.OPEN:d} AND h.kind = {HoldKind.FREEZE:d}"
        " JOIN txn t ON t.book_id = h.book_id AND t.seq = h.hold_seq"
        " LEFT JOIN txn_text x ON x.book_id = h.book_id AND x.seq = h.hold_seq"
        f" WHERE a.book_id = {{}} AND a.holder_id IN ({marks(holders)}) ORDER BY h.hold_seq",
        book,
        *holders,
    )
    found = []
    for row in rows:
        body = decode(row["body"])
        found.append(
            Frozen(
                order=row["order_ref"],
                holder=row["holder_id"],
                asset=row["asset"],
                amount=row["amount"],
                whole=body.frozen is not None,
                about=body.about,
                reason=row["text"] or "",
                by=row["actor"],
                at=row["posted_at"],
                seq=row["hold_seq"],
            )
        )
    return found


async def is_pending(database: Database, book: int, seq: int) -> bool:
    """Whether what an entry gave is under public notice still."""
    return bool(
        await database.rows(
            "SELECT 1 AS found FROM txn t"
            " JOIN posting p ON p.book_id = t.book_id AND p.period = t.period AND p.seq = t.seq"
            f" JOIN account a ON a.book_id = p.book_id AND a.account_id = p.cr_account AND a.role = {Role.PENDING:d}"
            " WHERE t.book_id = {} AND t.seq = {} AND NOT EXISTS"
            " (SELECT 1 FROM confirmation c WHERE c.book_id = t.book_id AND c.target_seq = t.seq) LIMIT 1",
            book,
            seq,
        )
    )
