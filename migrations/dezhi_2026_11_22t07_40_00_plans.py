"""How big the ledger's tables become, told to SQLite beforehand, so that it looks entries up by their keys.

Every key begins with the book. Knowing nothing of the tables, SQLite takes a book for ten rows and reads the whole of
it where an index would give one row. These are the figures of a township's few years; SQLite's manual describes giving
them by hand ("Fixed Results of ANALYZE"), so that plans neither wait for an ANALYZE nor change with one.
PostgreSQL finds such figures by itself.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build, dialect

ID = "2026-11-22T07:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "sizes of the ledger's tables for SQLite's planner"

# Of each index: rows in all, then rows alike in the first column, the first two, and so on. A table's key has its name.
SIZES = {
    "account": {
        "account": "20000 20000 1",
        "account_holder": "20000 20000 2",
        "sqlite_autoindex_account_2": "20000 20000 1000 350 2 1 1",
    },
    "request": {"request": "100000 100000 2000 1"},
    "txn": {
        "txn": "100000 100000 8000 1",
        "txn_seq": "100000 100000 1",
        "txn_household": "100000 100000 15 1",
        "txn_actor": "100000 100000 2000 1",
    },
    "txn_text": {"txn_text": "100000 100000 1"},
    "posting": {
        "posting": "100000 100000 8000 1 1",
        "posting_credit": "100000 100000 8 1",
        "posting_debit": "5000 5000 3 1",
        "posting_household": "100000 100000 15 1",
        "posting_village_day": "100000 100000 5000 15",
    },
    "reversal": {"reversal": "500 500 1"},
    "hold": {"hold": "5000 5000 1", "hold_open": "100 100 1", "sqlite_autoindex_hold_2": "5000 5000 1"},
    "cap_counter": {"cap_counter": "100000 100000 2500 2 1"},
    "cap_use": {"cap_use": "100000 100000 1 1 1 1"},
    "deed": {
        "deed": "100000 100000 2000 1",
        "deed_batch": "100000 100000 10",
        "deed_village_day": "100000 100000 5000 15",
        "deed_recorder": "100000 100000 2000 2",
    },
    "redemption": {
        "redemption": "5000 5000 1",
        "redemption_code": "5000 5000 1",
        "redemption_household": "5000 5000 3",
    },
}


def statements() -> list[str]:
    rows = [f"('{table}', '{index}', '{sizes}')" for table, of in SIZES.items() for index, sizes in of.items()]
    return [
        "ANALYZE",  # makes the table that the figures go into
        "DELETE FROM sqlite_stat1",
        f"INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES {', '.join(rows)}",
        "ANALYZE sqlite_schema",  # has this connection read them; others do when they open
    ]


async def forwards() -> MigrationManager:
    """Give SQLite the figures."""
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description=DESCRIPTION)

    async def give() -> None:
        if dialect() == "sqlite":
            await build(statements())

    manager.add_raw(give)
    return manager
