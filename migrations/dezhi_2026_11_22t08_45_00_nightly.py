"""What is done by itself at night: who does it, and what came of it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build

ID = "2026-11-22T08:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "nightly work and its results"

STATEMENTS = (
    """
    CREATE TABLE nightly (
        job TEXT NOT NULL,
        night {int} NOT NULL,
        began_at {int} NOT NULL,
        beat_at {int} NOT NULL,
        ended_at {int},
        trouble TEXT NOT NULL,
        result TEXT NOT NULL,
        PRIMARY KEY (job, night)
    ) {tail}
    """,
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description=DESCRIPTION)

    async def create() -> None:
        await build(STATEMENTS)

    manager.add_raw(create)
    return manager
