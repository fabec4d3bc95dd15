"""Scores by day, which boards, goals and totals are made of, and how far they have been read from each book.

Both are derived: whoever empties them has them back with the next look. An index for adding entries up goes.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build

ID = "2026-11-22T09:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "scores by day"

STATEMENTS = (
    """
    CREATE TABLE score_day (
        book_id {int} NOT NULL,
        village {int} NOT NULL,
        day {int} NOT NULL,
        programme {int} NOT NULL,
        household {int} NOT NULL,
        person {int} NOT NULL,
        item TEXT NOT NULL,
        asset {int} NOT NULL,
        earned {int} NOT NULL,
        entries {int} NOT NULL,
        reached {int} NOT NULL,
        PRIMARY KEY (book_id, village, day, programme, household, person, item, asset)
    ) {tail}
    """,
    "CREATE INDEX score_day_household ON score_day (book_id, household)",
    """
    CREATE TABLE projection (
        book_id {int} NOT NULL,
        name TEXT NOT NULL,
        seq {int} NOT NULL,
        PRIMARY KEY (book_id, name)
    ) {tail}
    """,
    "DROP INDEX IF EXISTS posting_village_day",
)


async def forwards() -> MigrationManager:
    """Create the tables; the first look at a board fills them."""
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description=DESCRIPTION)

    async def create() -> None:
        await build(STATEMENTS)

    manager.add_raw(create)
    return manager
