"""What the migrations build is what the table classes say."""

import pytest
from piccolo.table import Table

from dezhi.store.database import Database
from dezhi.store.tables import TABLES
from homes import Home

COLUMNS = {
    "sqlite": "SELECT name, type, \"notnull\" AS filled, pk AS key FROM pragma_table_info('{}')",
    "postgres": (
        "SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS filled,"
        " i.indrelid IS NOT NULL AS key FROM pg_attribute a"
        " LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)"
        " WHERE a.attrelid = '{}'::regclass AND a.attnum > 0 AND NOT a.attisdropped"
    ),
}
# Migrations say BIGINT for both databases; Piccolo calls it INTEGER on SQLite. PostgreSQL says its types in full.
SAME_TYPE = {
    "sqlite": {"BIGINT": "INTEGER"},
    "postgres": {"character varying": "VARCHAR", "timestamp with time zone": "TIMESTAMPTZ"},
}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table._meta.tablename)
async def test_migration_builds_the_table(home: Home, database: Database, table: type[Table]) -> None:
    engine = database.engine.engine_type

    def plain(type_: str) -> str:
        for name, same in SAME_TYPE[engine].items():
            type_ = type_.replace(name, same)
        return type_.upper()

    rows = home.rows(COLUMNS[engine].format(table._meta.tablename))
    in_database = {name: (plain(type_), bool(filled), bool(key)) for name, type_, filled, key in rows}
    in_code = {
        column._meta.db_column_name: (
            column.column_type,
            not column._meta.null,
            column._meta.primary_key,
        )
        for column in table._meta.columns
    }
    assert in_database == in_code
