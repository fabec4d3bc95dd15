"""What staff did outside the ledger, and who."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build

ID = "2026-11-22T04:45:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "acts of staff outside the ledger"

STATEMENTS = (
    """
    CREATE TABLE act (
        id BIGINT NOT NULL PRIMARY KEY,
        done_at TIMESTAMPTZ NOT NULL,
        staff BIGINT NOT NULL REFERENCES staff (id),
        kind VARCHAR(24) NOT NULL CHECK (kind <> ''),
        region BIGINT NOT NULL REFERENCES region (id),
        subject BIGINT NOT NULL
    )
    """,
    "CREATE INDEX act_of_region ON act (region, done_at)",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description=DESCRIPTION)

    async def create() -> None:
        await build(STATEMENTS)

    manager.add_raw(create)
    return manager
