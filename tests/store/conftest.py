"""A migrated database for every test, and a book in it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from booking import NOW, asking, check_book
from dezhi.core.events import Event, Outcome
from dezhi.store.books import open_book
from dezhi.store.database import Database
from dezhi.store.poster import Poster
from homes import Home


@pytest.fixture
async def database(home: Home) -> AsyncIterator[Database]:
    opened = await home.connect()
    try:
        yield opened
    finally:
        await opened.close()


class Desk:
    """A book with a poster before it. The time stands still."""

    def __init__(self, home: Home, database: Database, book: int) -> None:
        self.home = home
        self.database = database
        self.book = book
        self.poster = Poster(database.engine, lambda: NOW)

    async def post(self, *events: Event, key: str = "", source: str = "staff-1") -> Outcome:
        """Post all of `events`, or none, as one request."""
        return await self.poster.post(self.book, asking(*events, key=key, source=source))

    async def count(self, table: str) -> int:
        (row,) = await self.database.rows(f"SELECT count(*) AS number FROM {table}")
        number: int = row["number"]
        return number

    async def account(self, holder: int, asset: int = 1, role: int = 1) -> dict[str, Any]:
        row = await self.database.row(
            "SELECT *, credits - debits AS balance FROM account WHERE holder_id = {} AND asset = {} AND role = {}",
            holder,
            asset,
            role,
        )
        return row or {"balance": 0, "held": 0}

    async def balance(self, holder: int, asset: int = 1, role: int = 1) -> int:
        balance: int = (await self.account(holder, asset, role))["balance"]
        return balance

    def check(self) -> None:
        """Recompute the book from what is stored."""
        with self.home.look() as db:
            check_book(db, self.book)


@pytest.fixture
async def desk(home: Home, database: Database) -> AsyncIterator[Desk]:
    opened = Desk(home, database, await open_book(database, region=520))
    yield opened
    await opened.poster.close()
    opened.check()
