"""Year clearings: what was announced, what was decided, and what each wallet lost."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build

ID = "2026-11-22T09:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "year clearings"

STATEMENTS = (
    """
    CREATE TABLE clearing (
        clearing_id {int} NOT NULL,
        book_id {int} NOT NULL,
        programme {int} NOT NULL,
        village {int} NOT NULL,
        through {int} NOT NULL,
        due {int} NOT NULL,
        state {int} NOT NULL CHECK (state BETWEEN 1 AND 6),
        announced_by {int} NOT NULL,
        announced_at {int} NOT NULL,
        decided_by {int},
        decided_at {int},
        undone_by {int},
        undone_at {int},
        undo_reason TEXT NOT NULL,
        PRIMARY KEY (clearing_id)
    ) {tail}
    """,
    "CREATE INDEX clearing_village ON clearing (village, announced_at)",
    """
    CREATE TABLE clearing_share (
        clearing_id {int} NOT NULL,
        account_id {int} NOT NULL,
        holder_kind {int} NOT NULL,
        holder_id {int} NOT NULL,
        amount {int} NOT NULL CHECK (amount > 0),
        PRIMARY KEY (clearing_id, account_id)
    ) {tail}
    """,
)


async def forwards() -> MigrationManager:
    """Make the two tables."""
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description=DESCRIPTION)

    async def create() -> None:
        await build(STATEMENTS)

    manager.add_raw(create)
    return manager
