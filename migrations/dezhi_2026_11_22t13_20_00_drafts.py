"""Drafts of a village's programme, and the papers its resolutions are attached as."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build

ID = "2026-11-22T13:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "drafts and papers"

STATEMENTS = (
    """
    CREATE TABLE programme_draft (
        draft_id {int} NOT NULL,
        village {int} NOT NULL,
        state {int} NOT NULL CHECK (state BETWEEN 1 AND 3),
        edition {int} NOT NULL,
        saved_at {int} NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (draft_id)
    ) {tail}
    """,
    "CREATE INDEX programme_draft_village ON programme_draft (village, state, saved_at)",
    """
    CREATE TABLE resolution_paper (
        paper_id {int} NOT NULL,
        village {int} NOT NULL,
        name TEXT NOT NULL,
        media TEXT NOT NULL,
        content {bytes} NOT NULL,
        added_by {int} NOT NULL,
        added_at {int} NOT NULL,
        PRIMARY KEY (paper_id)
    )
    """,
)


async def forwards() -> MigrationManager:
    """Make the two tables."""
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description=DESCRIPTION)

    async def create() -> None:
        await build(STATEMENTS)

    manager.add_raw(create)
    return manager
