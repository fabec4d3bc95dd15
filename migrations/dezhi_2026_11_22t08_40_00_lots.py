"""Lots, holds that lapse, freezes, overdrafts, confirmations: new tables, and wider ones for what was there.

A CHECK cannot be changed in place on SQLite, so its tables are built anew and filled from the old ones, with their
indexes, guards and planner figures; on PostgreSQL columns and constraints are exchanged. No row of history changes.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build, dialect

ID = "2026-11-22T08:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "lots, freezes, overdrafts, confirmations"

NEW = [
    """
CREATE TABLE cohort (
    book_id {int} NOT NULL,
    account_id {int} NOT NULL,
    until {int} NOT NULL,
    lapses {int} NOT NULL CHECK (lapses IN (0, 1)),
    granted {int} NOT NULL CHECK (granted > 0),
    used {int} NOT NULL CHECK (used >= 0),
    reserved {int} NOT NULL CHECK (reserved >= 0),
    PRIMARY KEY (book_id, account_id, until, lapses),
    CHECK (used + reserved <= granted)
) {tail}""",
    "CREATE INDEX cohort_due ON cohort (book_id, until) WHERE granted > used",
    """
CREATE TABLE confirmation (
    book_id {int} NOT NULL,
    target_seq {int} NOT NULL,
    seq {int} NOT NULL,
    PRIMARY KEY (book_id, target_seq)
) {tail}""",
    "UPDATE book SET format = 2",
]

REBUILT = {
    "account": """
CREATE TABLE account_new (
    book_id {int} NOT NULL,
    account_id {int} NOT NULL,
    programme {int} NOT NULL,
    holder_kind {int} NOT NULL CHECK (holder_kind BETWEEN 0 AND 3),
    holder_id {int} NOT NULL,
    asset {int} NOT NULL CHECK (asset BETWEEN 1 AND 4),
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
) {tail}""",
    "txn": """
CREATE TABLE txn_new (
    book_id {int} NOT NULL,
    period {int} NOT NULL,
    seq {int} NOT NULL,
    kind {int} NOT NULL CHECK (kind BETWEEN 1 AND 14),
    event_day {int} NOT NULL,
    posted_at {int} NOT NULL,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    programme {int} NOT NULL,
    version {int} NOT NULL,
    item TEXT NOT NULL,
    actor {int} NOT NULL,
    proposer_person {int},
    proposer_household {int},
    approver_person {int},
    household {int},
    person {int},
    grid {int},
    village {int},
    reverses {int},
    order_ref TEXT NOT NULL,
    salt {bytes} NOT NULL,
    body {bytes} NOT NULL,
    leaf {bytes} NOT NULL,
    PRIMARY KEY (book_id, period, seq),
    CHECK (kind NOT IN (1, 13) OR proposer_person IS NULL OR person IS NULL OR proposer_person <> person),
    CHECK (kind NOT IN (1, 13) OR proposer_household IS NULL OR proposer_household <> household),
    CHECK (kind NOT IN (1, 13) OR approver_person IS NULL OR approver_person <> proposer_person),
    CHECK ((kind = 5) = (reverses IS NOT NULL))
) {tail}""",
    "hold": """
CREATE TABLE hold_new (
    book_id {int} NOT NULL,
    order_ref TEXT NOT NULL,
    hold_seq {int} NOT NULL,
    account_id {int} NOT NULL,
    asset {int} NOT NULL,
    amount {int} NOT NULL CHECK (amount >= 0),
    captured {int} NOT NULL CHECK (captured BETWEEN 0 AND amount),
    state {int} NOT NULL CHECK (state BETWEEN 1 AND 4),
    resolved_seq {int},
    kind {int} NOT NULL CHECK (kind BETWEEN 1 AND 2),
    expires_at {int},
    PRIMARY KEY (book_id, order_ref),
    UNIQUE (book_id, hold_seq),
    CHECK (amount > 0 OR kind = 2),
    CHECK ((state = 1) = (resolved_seq IS NULL))
) {tail}""",
}
FILL = {"account": ", 0, 0", "txn": "", "hold": ", 1, NULL"}
INDEXES = [
    "CREATE INDEX account_holder ON account (book_id, holder_id)",
    "CREATE INDEX txn_seq ON txn (book_id, seq)",
    "CREATE INDEX txn_household ON txn (book_id, household, seq)",
    "CREATE INDEX txn_actor ON txn (book_id, actor, seq)",
    "CREATE INDEX hold_open ON hold (book_id, account_id) WHERE state = 1",
]
DUE = "CREATE INDEX hold_due ON hold (book_id, expires_at) WHERE state = 1 AND expires_at IS NOT NULL"
GUARDED = {
    "txn": "book_id = NEW.book_id AND period = NEW.period AND seq = NEW.seq",
    "confirmation": "book_id = NEW.book_id AND target_seq = NEW.target_seq",
}
"""History on SQLite, by its key: it can only be added to. PostgreSQL has grants for that."""
GUARD = """
CREATE TRIGGER {table}_no_{name} BEFORE {verb} ON {table} {when}
BEGIN SELECT RAISE(ABORT, 'history cannot be changed: {table}'); END
"""
SIZES = {
    ("account", "account"): "20000 20000 1",
    ("account", "account_holder"): "20000 20000 2",
    ("account", "sqlite_autoindex_account_2"): "20000 20000 1000 350 2 1 1",
    ("txn", "txn"): "100000 100000 8000 1",
    ("txn", "txn_seq"): "100000 100000 1",
    ("txn", "txn_household"): "100000 100000 15 1",
    ("txn", "txn_actor"): "100000 100000 2000 1",
    ("hold", "hold"): "5000 5000 1",
    ("hold", "hold_open"): "100 100 1",
    ("hold", "hold_due"): "100 100 1",
    ("hold", "sqlite_autoindex_hold_2"): "5000 5000 1",
    ("cohort", "cohort"): "40000 40000 2 1 1",
    ("cohort", "cohort_due"): "20000 20000 2000",
    ("confirmation", "confirmation"): "100000 100000 1",
}
"""For SQLite's planner, as in the migration of 07:40; a table that is dropped takes its figures along."""

POSTGRES = [
    "ALTER TABLE account ADD COLUMN overdraft {int} NOT NULL DEFAULT 0 CHECK (overdraft >= 0)",
    "ALTER TABLE account ADD COLUMN frozen {int} NOT NULL DEFAULT 0 CHECK (frozen >= 0)",
    "ALTER TABLE account ALTER COLUMN overdraft DROP DEFAULT, ALTER COLUMN frozen DROP DEFAULT",
    "ALTER TABLE account DROP CONSTRAINT account_holder_kind_check, ADD CHECK (holder_kind BETWEEN 0 AND 3)",
    "ALTER TABLE account DROP CONSTRAINT account_role_check, ADD CHECK (role BETWEEN 1 AND 8)",
    "ALTER TABLE txn DROP CONSTRAINT txn_kind_check, ADD CHECK (kind BETWEEN 1 AND 14)",
    "ALTER TABLE txn ADD CHECK (kind <> 13 OR proposer_person IS NULL OR person IS NULL OR proposer_person <> person)",
    "ALTER TABLE txn ADD CHECK (kind <> 13 OR proposer_household IS NULL OR proposer_household <> household)",
    "ALTER TABLE txn ADD CHECK (kind <> 13 OR approver_person IS NULL OR approver_person <> proposer_person)",
    "ALTER TABLE hold ADD COLUMN kind {int} NOT NULL DEFAULT 1 CHECK (kind BETWEEN 1 AND 2)",
    "ALTER TABLE hold ALTER COLUMN kind DROP DEFAULT",
    "ALTER TABLE hold ADD COLUMN expires_at {int}",
    "ALTER TABLE hold DROP CONSTRAINT hold_amount_check, ADD CHECK (amount >= 0), ADD CHECK (amount > 0 OR kind = 2)",
    "ALTER TABLE hold DROP CONSTRAINT hold_state_check, ADD CHECK (state BETWEEN 1 AND 4)",
    DUE,
]


def _rebuild() -> list[str]:
    statements = []
    for table, text in REBUILT.items():
        statements += [
            text,
            f"INSERT INTO {table}_new SELECT *{FILL[table]} FROM {table}",
            f"DROP TABLE {table}",
            f"ALTER TABLE {table}_new RENAME TO {table}",
        ]
    return [*statements, *INDEXES, DUE]


def _guards(table: str, same: str) -> list[str]:
    # INSERT OR REPLACE deletes the old row without asking a DELETE trigger.
    exists = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
    return [
        GUARD.format(table=table, name="update", verb="UPDATE", when=""),
        GUARD.format(table=table, name="delete", verb="DELETE", when=""),
        GUARD.format(table=table, name="replace", verb="INSERT", when=exists),
    ]


def _sizes() -> list[str]:
    rows = [f"('{table}', '{index}', '{sizes}')" for (table, index), sizes in SIZES.items()]
    return [
        "DELETE FROM sqlite_stat1 WHERE tbl IN ('account', 'txn', 'hold', 'cohort', 'confirmation')",
        f"INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES {', '.join(rows)}",
        "ANALYZE sqlite_schema",  # has this connection read them; others do when they open
    ]


async def _change() -> None:
    await build(NEW)
    if dialect() == "postgres":
        await build(POSTGRES)
        return
    await build(_rebuild())
    await build(guard for table, same in GUARDED.items() for guard in _guards(table, same))
    await build(_sizes())


async def forwards() -> MigrationManager:
    """Widen the ledger's tables and add the new ones."""
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description=DESCRIPTION)
    manager.add_raw(_change)
    return manager
