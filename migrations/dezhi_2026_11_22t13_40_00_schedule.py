"""What the calendar made due in which village on which day, and what an assessment came to.

A day's row is written when it was asked about, so that a night on which nothing ran is caught up with. See
docs/adr/0087-calendar-reports-pages.md.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build

ID = "2026-11-22T13:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "days of the calendar, and assessments"

STATEMENTS = (
    """
    CREATE TABLE schedule_day (
        village {int} NOT NULL,
        day {int} NOT NULL,
        version {int} NOT NULL,
        asked_at {int} NOT NULL,
        sound {int} NOT NULL CHECK (sound IN (0, 1)),
        told TEXT NOT NULL,
        PRIMARY KEY (village, day)
    ) {tail}
    """,
    "ALTER TABLE deed ADD COLUMN assessment TEXT",
)


async def _change() -> None:
    await build(STATEMENTS)


async def forwards() -> MigrationManager:
    """Add the table of days, and the column of assessments."""
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description=DESCRIPTION)
    manager.add_raw(_change)
    return manager
