"""What the migrations build is what the table classes say."""

import pytest
from piccolo.table import Table

from dezhi.store.database import Database
from dezhi.store.tables import TABLES

# Migrations say BIGINT for both databases; Piccolo calls it INTEGER on SQLite.
SAME_TYPE = {"BIGINT": "INTEGER"}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table._meta.tablename)
async def test_migration_builds_the_table(database: Database, table: type[Table]) -> None:
    built = await table.raw(f"SELECT * FROM pragma_table_info('{table._meta.tablename}')")
    in_database = {
        row["name"]: (SAME_TYPE.get(row["type"], row["type"]), bool(row["notnull"]), bool(row["pk"])) for row in built
    }
    in_code = {
        column._meta.db_column_name: (
            column.column_type,
            not column._meta.null,
            column._meta.primary_key,
        )
        for column in table._meta.columns
    }
    assert in_database == in_code
