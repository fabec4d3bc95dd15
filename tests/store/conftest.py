"""A migrated database in a directory of its own for every test, and a book in it."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from booking import NOW, asking, check_book
from dezhi.core.events import Event, Outcome
from dezhi.store.books import open_book
from dezhi.store.database import FILE, Database, connect
from dezhi.store.poster import Poster


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await connect(tmp_path / "data")
    try:
        yield opened
    finally:
        await opened.close()


class Desk:
    """A book with a poster before it. The time stands still."""

    def __init__(self, database: Database, book: int) -> None:
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

    def open_file(self) -> sqlite3.Connection:
        """The database's file as somebody else would open it."""
        db = sqlite3.connect(self.database.data_dir / FILE, isolation_level=None)
        db.row_factory = sqlite3.Row
        return db

    def check(self) -> None:
        """Recompute the book from what is on disk."""
        db = self.open_file()
        try:
            check_book(db, self.book)
        finally:
            db.close()


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    opened = Desk(database, await open_book(database, region=520))
    yield opened
    await opened.poster.close()
    opened.check()
