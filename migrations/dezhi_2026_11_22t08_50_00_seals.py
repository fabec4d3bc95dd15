"""Seals: signed notes of where every book stood, and hashes of the books' trees by which proofs are found fast."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from dezhi.store.ddl import build, dialect, kept_as_it_was

ID = "2026-11-22T08:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "seals"

STATEMENTS = (
    """
    CREATE TABLE checkpoint (
        checkpoint_id {int} NOT NULL CHECK (checkpoint_id > 0),
        day {int} NOT NULL,
        sealed_at {int} NOT NULL,
        note TEXT NOT NULL,
        verifier TEXT NOT NULL,
        code TEXT NOT NULL,
        PRIMARY KEY (checkpoint_id)
    ) {tail}
    """,
    """
    CREATE TABLE checkpoint_book (
        checkpoint_id {int} NOT NULL,
        book_id {int} NOT NULL,
        size {int} NOT NULL CHECK (size >= 0),
        root {bytes} NOT NULL,
        PRIMARY KEY (checkpoint_id, book_id)
    ) {tail}
    """,
    # Derived from the leaves: `hashes` are 256 of one level, `root` is the hash over them.
    """
    CREATE TABLE tile (
        book_id {int} NOT NULL,
        level {int} NOT NULL CHECK (level >= 0),
        idx {int} NOT NULL CHECK (idx >= 0),
        root {bytes} NOT NULL,
        hashes {bytes} NOT NULL CHECK (length(hashes) = 8192),
        PRIMARY KEY (book_id, level, idx)
    ) {tail}
    """,
)

HISTORY = {
    "checkpoint": ("checkpoint_id",),
    "checkpoint_book": ("checkpoint_id", "book_id"),
    "tile": ("book_id", "level", "idx"),
}
"""What can only be added to, with its key."""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description=DESCRIPTION)

    async def create() -> None:
        await build(STATEMENTS)
        if dialect() == "sqlite":
            # On PostgreSQL the running role may not change history.
            await build(guard for table, key in HISTORY.items() for guard in kept_as_it_was(table, key))

    manager.add_raw(create)
    return manager
