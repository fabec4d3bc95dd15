"""Drafts that run beside the programme in force for a while, and where they would have given something else.

A difference names an entry and no household: whoever may read the book may look it up there.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build

ID = "2026-11-22T13:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "shadows"

STATEMENTS = (
    """
    CREATE TABLE shadow (
        shadow_id {int} NOT NULL,
        village {int} NOT NULL,
        state {int} NOT NULL CHECK (state BETWEEN 1 AND 3),
        title TEXT NOT NULL,
        document TEXT NOT NULL,
        since {int} NOT NULL,
        until {int} NOT NULL,
        started_by {int} NOT NULL,
        started_at {int} NOT NULL,
        reached {int} NOT NULL,
        deeds {int} NOT NULL,
        trouble TEXT NOT NULL,
        PRIMARY KEY (shadow_id)
    ) {tail}
    """,
    "CREATE INDEX shadow_village ON shadow (village, started_at)",
    "CREATE UNIQUE INDEX shadow_running ON shadow (village) WHERE state = 1",
    """
    CREATE TABLE shadow_difference (
        shadow_id {int} NOT NULL,
        seq {int} NOT NULL,
        asset {int} NOT NULL,
        event_day {int} NOT NULL,
        item TEXT NOT NULL,
        title TEXT NOT NULL,
        outcome TEXT NOT NULL,
        before {int} NOT NULL,
        after {int} NOT NULL,
        PRIMARY KEY (shadow_id, seq, asset)
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
