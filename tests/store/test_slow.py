"""The slow-query log, with statements that really are slow."""

import pytest

from dezhi.core.watch import Watch
from dezhi.store.database import Database, connect
from homes import Home
from logging_here import logged

SLOW = (
    "WITH RECURSIVE steps(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM steps WHERE n < {})"
    " SELECT count(*) AS number FROM steps WHERE CAST(n AS TEXT) <> {}"
)
MANY = 3_000_000  # a second or so of counting; below a fifth of one on no machine we know


class Counting(Watch):
    def __init__(self) -> None:
        self.slow = 0

    def slow_query(self) -> None:
        self.slow += 1


@pytest.mark.row("SE-12")
async def test_a_slow_statement_is_logged_once_without_its_values(home: Home) -> None:
    watch = Counting()
    with logged() as lines:
        database = await connect(home.data_dir, home.database_url, watch=watch)
        try:
            assert await database.rows(SLOW, MANY, "陈桂芳") == [{"number": MANY}]
            async with database.engine.transaction():
                await database.rows(SLOW, MANY, "陈桂芳")
            await database.rows("SELECT {} AS quick", "陈桂芳")
        finally:
            await database.close()
    found = lines.all("slow query")
    assert len(found) == watch.slow == 2
    for line in found:
        assert line["ms"] >= 200
        assert "WITH RECURSIVE" in line["sql"]
        assert line["level"] == "warning"
    assert "陈桂芳" not in lines.text()
    assert str(MANY) not in lines.text()


async def test_ordinary_statements_are_not_logged(database: Database) -> None:
    with logged() as lines:
        await database.rows("SELECT 1 AS one")
    assert lines.all() == []
