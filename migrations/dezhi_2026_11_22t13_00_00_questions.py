"""Counts as a fifth asset, a deed's answers, and who else was in it.

A CHECK cannot be changed in place on SQLite, so its accounts are built anew and filled from the old ones, with their
indexes and planner figures; on PostgreSQL the constraint is exchanged. Of one deed in the same table the rows lie
together, and a household finds the deeds it had a part in by role and day. See docs/adr/0080-questions-and-people.md.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build, dialect

ID = "2026-11-22T13:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "counts, answers, and people in deeds"

STATEMENTS = (
    "ALTER TABLE deed ADD COLUMN answers TEXT",
    """
    CREATE TABLE deed_participant (
        book_id {int} NOT NULL,
        source TEXT NOT NULL,
        key TEXT NOT NULL,
        number {int} NOT NULL,
        role TEXT NOT NULL,
        household {int} NOT NULL,
        person {int},
        grid {int},
        event_day {int} NOT NULL,
        PRIMARY KEY (book_id, source, key, number)
    ) {tail}
    """,
    "CREATE INDEX deed_participant_household ON deed_participant (book_id, household, role, event_day)",
)

ACCOUNT = """
CREATE TABLE account_new (
    book_id {int} NOT NULL,
    account_id {int} NOT NULL,
    programme {int} NOT NULL,
    holder_kind {int} NOT NULL CHECK (holder_kind BETWEEN 0 AND 3),
    holder_id {int} NOT NULL,
    asset {int} NOT NULL CHECK (asset BETWEEN 1 AND 5),
    role {int} NOT NULL CHECK (role BETWEEN 1 AND 8),
    credits {int} NOT NULL CHECK (credits >= 0),
    debits {int} NOT NULL CHECK (debits >= 0),
    held {int} NOT NULL CHECK (held >= 0),
    debt_limit {int} NOT NULL CHECK (debt_limit >= 0),
    has_floor {int} NOT NULL CHECK (has_floor IN (0, 1)),
    last_seq {int} NOT NULL,
    overdraft {int} NOT NULL CHECK (overdraft >= 0),
    frozen {int} NOT NULL CHECK (frozen >= 0),
    PRIMARY KEY (book_id, account_id),
    UNIQUE (book_id, programme, holder_kind, holder_id, asset, role),
    CHECK (has_floor = 0 OR credits - debits - held + debt_limit >= 0),
    CHECK ((holder_kind = 0) = (has_floor = 0))
) {tail}
"""
SQLITE = (
    ACCOUNT,
    "INSERT INTO account_new SELECT * FROM account",
    "DROP TABLE account",
    "ALTER TABLE account_new RENAME TO account",
    "CREATE INDEX account_holder ON account (book_id, holder_id)",
)
POSTGRES = ("ALTER TABLE account DROP CONSTRAINT account_asset_check, ADD CHECK (asset BETWEEN 1 AND 5)",)

SIZES = {
    ("account", "account"): "20000 20000 1",
    ("account", "account_holder"): "20000 20000 2",
    ("account", "sqlite_autoindex_account_2"): "20000 20000 1000 350 2 1 1",
    ("deed_participant", "deed_participant"): "20000 20000 2000 2 1",
    ("deed_participant", "deed_participant_household"): "20000 20000 10 5 1",
}
"""For SQLite's planner, as in the migration of 07:40; a table that is dropped takes its figures along."""


async def _change() -> None:
    await build(STATEMENTS)
    if dialect() == "postgres":
        await build(POSTGRES)
        return
    await build(SQLITE)
    rows = [f"('{table}', '{index}', '{sizes}')" for (table, index), sizes in SIZES.items()]
    await build(
        [
            "DELETE FROM sqlite_stat1 WHERE tbl = 'account'",
            f"INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES {', '.join(rows)}",
            "ANALYZE sqlite_schema",  # has this connection read them; others do when they open
        ]
    )


async def forwards() -> MigrationManager:
    """Widen the accounts and the deeds, and add the table of people."""
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description=DESCRIPTION)
    manager.add_raw(_change)
    return manager
