"""The language a member of staff chose, kept with the account: it follows them to every computer of the office."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build

ID = "2026-11-22T08:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "languages of staff"


async def forwards() -> MigrationManager:
    """Add the column; empty is no choice."""
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description=DESCRIPTION)

    async def add() -> None:
        await build(["ALTER TABLE staff ADD COLUMN language VARCHAR(12) NOT NULL DEFAULT ''"])

    manager.add_raw(add)
    return manager
