"""Reads and writes cards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from dezhi.core.cards import HolderKind, Scan
from dezhi.store.accounts import marks
from dezhi.store.database import Database
from dezhi.store.tables import Card as CardRow


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A card as it is kept; `pin_hash` opens nothing without the key that lies outside the database."""

    id: int
    number: str
    token: str
    holder_kind: HolderKind
    holder: int
    pin_hash: str
    state: str
    issued_at: datetime
    revoked_at: datetime | None = None
    reason: str = ""

    @property
    def is_active(self) -> bool:
        """Whether the card may still be used."""
        return self.state == "active"


def _card(row: dict[str, Any]) -> Card:
    return Card(**{**row, "holder_kind": HolderKind(row["holder_kind"])})


async def by_scan(database: Database, scan: Scan) -> Card | None:
    """Return the card with this number or token, dead or alive."""
    row = await database.row(f"SELECT * FROM card WHERE {scan.kind.value} = {{}}", scan.value)
    return _card(row) if row else None


async def by_id(database: Database, key: int) -> Card | None:
    """Return one card, dead or alive."""
    row = await database.row("SELECT * FROM card WHERE id = {}", key)
    return _card(row) if row else None


async def active_of(database: Database, kind: HolderKind, holder: int) -> Card | None:
    """Return the holder's card in use."""
    row = await database.row(
        "SELECT * FROM card WHERE holder_kind = {} AND holder = {} AND state = 'active'", kind.value, holder
    )
    return _card(row) if row else None


async def numbers_taken(database: Database, wanted: Sequence[str]) -> frozenset[str]:
    """Return which of these numbers some card, dead or alive, already has."""
    rows = await database.rows(f"SELECT number FROM card WHERE number IN ({marks(wanted)})", *wanted)
    return frozenset(row["number"] for row in rows)


async def revoke(database: Database, kind: HolderKind, holder: int, at: datetime, reason: str) -> int:
    """End the holder's card in use; return how many there were (0 or 1)."""
    rows = await database.rows(
        "UPDATE card SET state = 'revoked', revoked_at = {}, reason = {}"
        " WHERE holder_kind = {} AND holder = {} AND state = 'active' RETURNING id",
        at,
        reason,
        kind.value,
        holder,
    )
    return len(rows)


async def add(database: Database, cards: Sequence[Card], at: datetime, reason: str) -> None:
    """Write new cards and end the ones their holders had, all in one."""
    async with database.engine.transaction():
        for card in cards:
            await revoke(database, card.holder_kind, card.holder, at, reason)
        for first in range(0, len(cards), 500):
            await CardRow.insert(
                *(
                    CardRow(
                        id=card.id,
                        number=card.number,
                        token=card.token,
                        holder_kind=card.holder_kind.value,
                        holder=card.holder,
                        pin_hash=card.pin_hash,
                        issued_at=card.issued_at,
                    )
                    for card in cards[first : first + 500]
                )
            )


async def change_pin(database: Database, key: int, pin_hash: str) -> None:
    """Give a card another PIN."""
    await database.rows("UPDATE card SET pin_hash = {} WHERE id = {}", pin_hash, key)


async def holders_with_card(database: Database, kind: HolderKind, holders: Sequence[int]) -> frozenset[int]:
    """Return which of these holders have a card in use."""
    found: set[int] = set()
    for first in range(0, len(holders), 500):
        some = holders[first : first + 500]
        rows = await database.rows(
            f"SELECT holder FROM card WHERE state = 'active' AND holder_kind = {{}} AND holder IN ({marks(some)})",
            kind.value,
            *some,
        )
        found.update(row["holder"] for row in rows)
    return frozenset(found)
