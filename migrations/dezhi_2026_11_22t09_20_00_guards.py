"""On PostgreSQL, triggers that keep history as it was: for everybody whom no grant holds back, the owner among them.

A file has had its own from the start. Citus knows no such triggers on its tables; there the grants stand alone.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build, dialect

ID = "2026-11-22T09:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "guards of history on PostgreSQL"

TABLES = (
    "txn",
    "posting",
    "request",
    "reversal",
    "confirmation",
    "cap_use",
    "checkpoint",
    "checkpoint_book",
    "tile",
)

REFUSAL = """
CREATE FUNCTION history_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'history cannot be changed: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""

GUARD = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
        CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION history_stays();
    END IF;
END $$
"""


async def forwards() -> MigrationManager:
    """Make the triggers; a file has its own."""
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description=DESCRIPTION)

    async def guard() -> None:
        if dialect() == "postgres":
            await build([REFUSAL, *(GUARD.format(table=table) for table in TABLES)])

    manager.add_raw(guard)
    return manager
