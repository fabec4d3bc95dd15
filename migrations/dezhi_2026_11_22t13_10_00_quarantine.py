"""Plugins that are not asked for now, and what a version offered beside its items when it was adopted."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build

ID = "2026-11-22T13:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "quarantine of plugins"

STATEMENTS = (
    """
    CREATE TABLE quarantine (
        quarantine_id {int} NOT NULL,
        plugin TEXT NOT NULL,
        version TEXT NOT NULL,
        sha TEXT NOT NULL,
        hook TEXT NOT NULL,
        reason TEXT NOT NULL,
        held_at {int} NOT NULL,
        released_by {int},
        released_at {int},
        PRIMARY KEY (quarantine_id)
    ) {tail}
    """,
    "CREATE INDEX quarantine_held ON quarantine (held_at) WHERE released_at IS NULL",
    # Rewards, headings and notices: they stay readable when the plugin is gone. Older versions have none.
    "ALTER TABLE programme ADD COLUMN kept TEXT NOT NULL DEFAULT ''",
)


async def forwards() -> MigrationManager:
    """Make the table and the column."""
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description=DESCRIPTION)

    async def create() -> None:
        await build(STATEMENTS)

    manager.add_raw(create)
    return manager
