"""What migrations are written in: one text for both databases."""

import re
from collections.abc import Iterable, Sequence

from piccolo.apps.migrations.tables import Migration

_TEXT = re.compile(r"\b(TEXT|VARCHAR\(\d+\))")
_TOKENS = {
    "sqlite": {"{int}": "INTEGER", "{bytes}": "BLOB", "{tail}": "STRICT, WITHOUT ROWID"},
    "postgres": {"{int}": "BIGINT", "{bytes}": "BYTEA", "{tail}": ""},
}


def dialect() -> str:
    """`sqlite` or `postgres`: what the open database is. For use inside a migration."""
    # Piccolo's own table is the one that is surely bound to the engine there.
    return Migration._meta.db.engine_type


async def build(statements: Iterable[str]) -> None:
    """Run statements of a migration in its transaction.

    `{bytes}` is filled in, and for the ledger's tables, whose types SQLite shall enforce, `{int}` and `{tail}`. On
    PostgreSQL text sorts by its code points whatever the database was created with, as on SQLite: a list must not
    change its order with the server.
    """
    kind = dialect()
    for statement in statements:
        text = statement
        for token, word in _TOKENS[kind].items():
            text = text.replace(token, word)
        await Migration.raw(_TEXT.sub(r'\1 COLLATE "C"', text) if kind == "postgres" else text)


_GUARD = """
CREATE TRIGGER {table}_no_{name} BEFORE {verb} ON {table} {when}
BEGIN SELECT RAISE(ABORT, 'history cannot be changed: {table}'); END
"""


def kept_as_it_was(table: str, key: Sequence[str]) -> list[str]:
    """Triggers for SQLite with which a table can only be added to, whoever opens the file; `key` is its primary key."""
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    # INSERT OR REPLACE deletes the old row without asking a DELETE trigger.
    exists = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
    return [
        _GUARD.format(table=table, name="update", verb="UPDATE", when=""),
        _GUARD.format(table=table, name="delete", verb="DELETE", when=""),
        _GUARD.format(table=table, name="replace", verb="INSERT", when=exists),
    ]
