"""The ledger's tables: composite keys that start with the book, so Piccolo's own migrations cannot make them.

One text serves both databases. Days are whole numbers (20261122), times are microseconds since 1970. History (txn,
posting, request, reversal, cap_use) is guarded against change: by triggers on SQLite, by grants on PostgreSQL.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build, dialect

ID = "2026-11-22T01:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "ledger"

TABLES = """
CREATE TABLE book (
    book_id {int} NOT NULL,
    region_id {int} NOT NULL UNIQUE,
    format {int} NOT NULL,
    next_seq {int} NOT NULL CHECK (next_seq > 0),
    next_account {int} NOT NULL CHECK (next_account > 0),
    frontier {bytes} NOT NULL,
    head {bytes} NOT NULL,
    last_posted_at {int} NOT NULL,
    closed_through {int} NOT NULL,
    PRIMARY KEY (book_id)
) {tail};

CREATE TABLE account (
    book_id {int} NOT NULL,
    account_id {int} NOT NULL,
    programme {int} NOT NULL,
    holder_kind {int} NOT NULL CHECK (holder_kind BETWEEN 0 AND 2),
    holder_id {int} NOT NULL,
    asset {int} NOT NULL CHECK (asset BETWEEN 1 AND 4),
    role {int} NOT NULL CHECK (role BETWEEN 1 AND 5),
    credits {int} NOT NULL CHECK (credits >= 0),
    debits {int} NOT NULL CHECK (debits >= 0),
    held {int} NOT NULL CHECK (held >= 0),
    debt_limit {int} NOT NULL CHECK (debt_limit >= 0),
    has_floor {int} NOT NULL CHECK (has_floor IN (0, 1)),
    last_seq {int} NOT NULL,
    PRIMARY KEY (book_id, account_id),
    UNIQUE (book_id, programme, holder_kind, holder_id, asset, role),
    CHECK (has_floor = 0 OR credits - debits - held + debt_limit >= 0),
    CHECK ((holder_kind = 0) = (has_floor = 0))
) {tail};
CREATE INDEX account_holder ON account (book_id, holder_id);

CREATE TABLE request (
    book_id {int} NOT NULL,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    digest {bytes} NOT NULL,
    code TEXT NOT NULL,
    first_seq {int},
    last_seq {int},
    result {bytes} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (book_id, source, key)
) {tail};

CREATE TABLE txn (
    book_id {int} NOT NULL,
    period {int} NOT NULL,
    seq {int} NOT NULL,
    kind {int} NOT NULL CHECK (kind BETWEEN 1 AND 5),
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
    CHECK (kind <> 1 OR proposer_person IS NULL OR person IS NULL OR proposer_person <> person),
    CHECK (kind <> 1 OR proposer_household IS NULL OR proposer_household <> household),
    CHECK (kind <> 1 OR approver_person IS NULL OR approver_person <> proposer_person),
    CHECK ((kind = 5) = (reverses IS NOT NULL))
) {tail};
CREATE INDEX txn_seq ON txn (book_id, seq);
CREATE INDEX txn_household ON txn (book_id, household, seq);
CREATE INDEX txn_actor ON txn (book_id, actor, seq);

CREATE TABLE txn_text (
    book_id {int} NOT NULL,
    seq {int} NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (book_id, seq)
) {tail};

CREATE TABLE posting (
    book_id {int} NOT NULL,
    period {int} NOT NULL,
    seq {int} NOT NULL,
    line {int} NOT NULL,
    dr_account {int} NOT NULL,
    cr_account {int} NOT NULL,
    asset {int} NOT NULL,
    amount {int} NOT NULL CHECK (amount > 0),
    dr_after {int},
    cr_after {int},
    kind {int} NOT NULL,
    event_day {int} NOT NULL,
    programme {int} NOT NULL,
    item TEXT NOT NULL,
    household {int},
    person {int},
    grid {int},
    village {int},
    PRIMARY KEY (book_id, period, seq, line),
    CHECK (dr_account <> cr_account)
) {tail};
CREATE INDEX posting_credit ON posting (book_id, cr_account, seq);
CREATE INDEX posting_debit ON posting (book_id, dr_account, seq) WHERE dr_after IS NOT NULL;
CREATE INDEX posting_household ON posting (book_id, household, seq);
CREATE INDEX posting_village_day ON posting (book_id, village, event_day);

CREATE TABLE reversal (
    book_id {int} NOT NULL,
    target_seq {int} NOT NULL,
    seq {int} NOT NULL,
    PRIMARY KEY (book_id, target_seq)
) {tail};

CREATE TABLE hold (
    book_id {int} NOT NULL,
    order_ref TEXT NOT NULL,
    hold_seq {int} NOT NULL,
    account_id {int} NOT NULL,
    asset {int} NOT NULL,
    amount {int} NOT NULL CHECK (amount > 0),
    captured {int} NOT NULL CHECK (captured BETWEEN 0 AND amount),
    state {int} NOT NULL CHECK (state BETWEEN 1 AND 3),
    resolved_seq {int},
    PRIMARY KEY (book_id, order_ref),
    UNIQUE (book_id, hold_seq),
    CHECK ((state = 1) = (resolved_seq IS NULL))
) {tail};
CREATE INDEX hold_open ON hold (book_id, account_id) WHERE state = 1;

CREATE TABLE cap_counter (
    book_id {int} NOT NULL,
    rule TEXT NOT NULL,
    subject {int} NOT NULL,
    period_key TEXT NOT NULL,
    used {int} NOT NULL CHECK (used >= 0),
    PRIMARY KEY (book_id, rule, subject, period_key)
) {tail};

CREATE TABLE cap_use (
    book_id {int} NOT NULL,
    seq {int} NOT NULL,
    rule TEXT NOT NULL,
    subject {int} NOT NULL,
    period_key TEXT NOT NULL,
    added {int} NOT NULL,
    PRIMARY KEY (book_id, seq, rule, subject, period_key)
) {tail};

CREATE TABLE deed (
    book_id {int} NOT NULL,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    batch TEXT NOT NULL,
    village {int} NOT NULL,
    household {int} NOT NULL,
    person {int},
    item TEXT NOT NULL,
    version {int} NOT NULL,
    event_day {int} NOT NULL,
    minutes {int},
    points {int},
    note TEXT NOT NULL,
    recorded_by {int} NOT NULL,
    recorded_at {int} NOT NULL,
    PRIMARY KEY (book_id, source, key)
) {tail};
CREATE INDEX deed_batch ON deed (book_id, batch);
CREATE INDEX deed_village_day ON deed (book_id, village, event_day);
CREATE INDEX deed_recorder ON deed (book_id, recorded_by, recorded_at);

CREATE TABLE redemption (
    book_id {int} NOT NULL,
    order_ref TEXT NOT NULL,
    code TEXT NOT NULL,
    village {int} NOT NULL,
    household {int} NOT NULL,
    version {int} NOT NULL,
    reward TEXT NOT NULL,
    title TEXT NOT NULL,
    price {int} NOT NULL,
    at_desk {int} NOT NULL CHECK (at_desk IN (0, 1)),
    placed_by {int} NOT NULL,
    placed_at {int} NOT NULL,
    PRIMARY KEY (book_id, order_ref)
) {tail};
CREATE INDEX redemption_code ON redemption (book_id, code);
CREATE INDEX redemption_household ON redemption (book_id, household);
"""

HISTORY = {
    "txn": ("book_id", "period", "seq"),
    "posting": ("book_id", "period", "seq", "line"),
    "request": ("book_id", "source", "key"),
    "reversal": ("book_id", "target_seq"),
    "cap_use": ("book_id", "seq", "rule", "subject", "period_key"),
}
"""What can only be added to, with its key."""

SQLITE = {"int": "INTEGER", "bytes": "BLOB", "text": "TEXT", "tail": "STRICT, WITHOUT ROWID"}
POSTGRES = {"int": "{int}", "bytes": "BYTEA", "text": "TEXT", "tail": ""}

SQLITE_GUARD = """
CREATE TRIGGER {table}_no_{name} BEFORE {verb} ON {table} {when}
BEGIN SELECT RAISE(ABORT, 'history cannot be changed: {table}'); END
"""


def _guards(table: str, key: tuple[str, ...]) -> list[str]:
    """Triggers that keep a table as it was, whoever opens the file."""
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    # INSERT OR REPLACE deletes the old row without asking a DELETE trigger.
    exists = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
    return [
        SQLITE_GUARD.format(table=table, name="update", verb="UPDATE", when=""),
        SQLITE_GUARD.format(table=table, name="delete", verb="DELETE", when=""),
        SQLITE_GUARD.format(table=table, name="replace", verb="INSERT", when=exists),
    ]


async def _create() -> None:
    await build(statement for statement in TABLES.split(";") if statement.strip())
    if dialect() == "sqlite":
        # On PostgreSQL the running role may not change history, and Citus has no triggers.
        await build(guard for table, key in HISTORY.items() for guard in _guards(table, key))


async def forwards() -> MigrationManager:
    """Create the ledger's tables."""
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description=DESCRIPTION)
    manager.add_raw(_create)
    return manager
