"""What the database itself keeps, whoever opens it with the rights of a served Dezhi."""

import re
import sqlite3
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest

from booking import TODAY, award, capture, confirm, hold, reverse
from dezhi.core.events import Cap, Lot
from homes import Raw

HISTORY = ["txn", "posting", "request", "reversal", "confirmation", "cap_use"]
LEDGER = [*HISTORY, "book", "account", "hold", "cohort", "cap_counter", "txn_text", "deed", "redemption"]


@pytest.fixture
async def file(desk: Any) -> AsyncIterator[Raw]:
    """The database in the hands of a stranger; every table has a row."""
    await desk.post(award(amount=20, caps=(Cap(rule="day", period=str(TODAY), add=1, limit=9),)))
    await desk.post(hold("soap", 5), capture("soap"))
    await desk.post(award(), reverse(1))
    await desk.post(award(pending=True))
    await desk.post(confirm(6, lot=Lot(until=20261231, lapses=True)))
    # Releases before format 2 noted here what an entry had used of an allowance.
    await desk.database.rows("INSERT INTO cap_use VALUES ({}, 1, 'old', 1, 'life', 0)", desk.book)
    with desk.home.look() as db:
        yield db


@pytest.mark.sqlite
@pytest.mark.row("LE-04")
def test_no_number_of_the_schema_is_a_fraction(file: Raw) -> None:
    names = [row["name"] for row in file.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    assert set(LEDGER) <= set(names)
    for name in names:
        types = {row["name"]: row["type"] for row in file.execute(f"PRAGMA table_info({name})")}
        broken = {column for column, type_ in types.items() if re.search("REAL|FLOA|DOUB|NUMERIC|DECIMAL|ANY", type_)}
        assert broken == set(), name


@pytest.mark.sqlite
@pytest.mark.row("LE-04")
@pytest.mark.parametrize("table", LEDGER)
def test_a_ledger_table_takes_whole_numbers_only(file: Raw, table: str) -> None:
    (listed,) = file.execute(f"SELECT strict FROM pragma_table_list WHERE name = '{table}'").fetchall()
    assert listed["strict"] == 1
    columns = file.execute(f"PRAGMA table_info({table})").fetchall()
    assert {column["type"] for column in columns} <= {"INTEGER", "TEXT", "BLOB"}
    values = ", ".join(["0.5"] * len(columns))
    with pytest.raises(sqlite3.IntegrityError, match="cannot store REAL"):
        file.execute(f"INSERT INTO {table} VALUES ({values})")


ATTACKS = [
    "UPDATE {0} SET book_id = 7",
    "DELETE FROM {0}",
    pytest.param("REPLACE INTO {0} SELECT * FROM {0}", marks=pytest.mark.sqlite),
    pytest.param("TRUNCATE {0} CASCADE", marks=pytest.mark.postgres),
]
REFUSED = (sqlite3.IntegrityError, psycopg.Error)


@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.row("LE-01")
def test_history_cannot_be_changed(file: Raw, table: str, attack: str) -> None:
    before = file.execute(f"SELECT * FROM {table}").fetchall()
    assert before
    with pytest.raises(REFUSED, match=f"history cannot be changed: {table}|permission denied for table"):
        file.execute(attack.format(table))
    assert file.execute(f"SELECT * FROM {table}").fetchall() == before


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE account SET debits = credits + 1 WHERE has_floor = 1",
        "UPDATE account SET held = credits - debits + 1 WHERE has_floor = 1",
        "UPDATE account SET has_floor = 0 WHERE has_floor = 1",
        "UPDATE account SET credits = -1",
        "UPDATE hold SET captured = amount + 1",
        "UPDATE hold SET state = 1",
        "UPDATE cap_counter SET used = -1",
        "UPDATE cohort SET used = granted + 1",
        "UPDATE cohort SET reserved = granted - used + 1",
        "UPDATE account SET overdraft = -1",
        (
            "INSERT INTO posting SELECT book_id, period, seq, 99, dr_account, cr_account, asset, 0, NULL, NULL, kind,"
            " event_day, programme, item, household, person, grid, village FROM posting LIMIT 1"
        ),
        (
            "INSERT INTO posting SELECT book_id, period, seq, 99, cr_account, cr_account, asset, 5, NULL, NULL, kind,"
            " event_day, programme, item, household, person, grid, village FROM posting LIMIT 1"
        ),
    ],
)
@pytest.mark.row("LE-07")
def test_no_statement_can_overdraw_or_unbalance(file: Raw, attack: str) -> None:
    with pytest.raises(REFUSED, match=r"CHECK constraint failed|violates check constraint"):
        file.execute(attack)


def test_free_text_can_be_erased(file: Raw) -> None:
    """The text lies outside the history: deleting it leaves every body and every sum as it was (checked afterwards)."""
    assert file.execute("DELETE FROM txn_text").rowcount > 0
