"""Orders for rewards. An order's state is its hold's state in the ledger."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from dezhi.core.calendar import from_micros
from dezhi.core.events import HolderId, HoldKind, HoldState
from dezhi.store.accounts import marks
from dezhi.store.database import Database


class Order(NamedTuple):
    """A redemption and what became of it.

    `resolved_by` is the staff member who handed over or cancelled, 0 the resident; times are microseconds since 1970.
    From `expires_at` on it cannot be handed over any more.
    """

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
    placed_at: int
    state: HoldState
    hold_seq: int
    resolved_seq: int | None
    resolved_at: int | None
    resolved_by: int | None
    expires_at: int | None

    @property
    def until(self) -> date | None:
        """The last day on which it can be picked up."""
        return None if self.expires_at is None else from_micros(self.expires_at - 1).date()


_ORDER = (
    "SELECT r.*, h.state, h.hold_seq, h.resolved_seq, h.expires_at, t.posted_at AS resolved_at, t.actor AS resolved_by"
    " FROM redemption r JOIN hold h ON h.book_id = r.book_id AND h.order_ref = r.order_ref"
    " LEFT JOIN txn t ON t.book_id = h.book_id AND t.seq = h.resolved_seq"
)


def _order(row: dict[str, Any]) -> Order:
    return Order(
        order=row["order_ref"],
        code=row["code"],
        village=row["village"],
        household=row["household"],
        version=row["version"],
        reward=row["reward"],
        title=row["title"],
        price=row["price"],
        at_desk=bool(row["at_desk"]),
        placed_by=row["placed_by"],
        placed_at=row["placed_at"],
        state=HoldState(row["state"]),
        hold_seq=row["hold_seq"],
        resolved_seq=row["resolved_seq"],
        resolved_at=row["resolved_at"],
        resolved_by=row["resolved_by"],
        expires_at=row["expires_at"],
    )


async def by_ref(database: Database, book: int, order: str) -> Order | None:
    """One order by its own name."""
    row = await database.row(f"{_ORDER} WHERE r.book_id = {{}} AND r.order_ref = {{}}", book, order)
    return None if row is None else _order(row)


async def by_code(database: Database, book: int, code: str, villages: Sequence[int]) -> list[Order]:
    """Open orders with a pick-up code in some villages; almost always one."""
    wanted = list(villages)
    rows = await database.rows(
        f"{_ORDER} WHERE r.book_id = {{}} AND r.code = {{}} AND h.state = {HoldState.OPEN:d}"
        f" AND r.village IN ({marks(wanted)}) ORDER BY h.hold_seq",
        book,
        code,
        *wanted,
    )
    return [_order(row) for row in rows]


async def of_household(database: Database, book: int, household: int, limit: int = 20) -> list[Order]:
    """A household's orders, newest first."""
    rows = await database.rows(
        f"{_ORDER} WHERE r.book_id = {{}} AND r.household = {{}} ORDER BY h.hold_seq DESC LIMIT {{}}",
        book,
        household,
        limit,
    )
    return [_order(row) for row in rows]


async def count_waiting(database: Database, book: int, household: int) -> tuple[int, int]:
    """How many orders of a household are open, and the last event of the book when they were counted."""
    rows = await database.rows(
        "SELECT next_seq - 1 AS seen, (SELECT count(*) FROM account a JOIN hold h ON h.book_id = a.book_id"
        f" AND h.account_id = a.account_id AND h.state = {HoldState.OPEN:d} AND h.kind = {HoldKind.ORDER:d}"
        f" WHERE a.book_id = {{}} AND a.holder_id = {{}} AND a.holder_kind = {HolderId.HOUSEHOLD:d}) AS waiting"
        " FROM book WHERE book_id = {}",
        book,
        household,
        book,
    )
    return rows[0]["waiting"], rows[0]["seen"]


async def waiting(database: Database, book: int, villages: Sequence[int], limit: int = 200) -> list[Order]:
    """Open orders of some villages, oldest first: what the clerk still has to hand over."""
    wanted = list(villages)
    rows = await database.rows(
        f"{_ORDER} WHERE r.book_id = {{}} AND r.village IN ({marks(wanted)}) AND h.state = {HoldState.OPEN:d}"
        " ORDER BY h.hold_seq LIMIT {}",
        book,
        *wanted,
        limit,
    )
    return [_order(row) for row in rows]
