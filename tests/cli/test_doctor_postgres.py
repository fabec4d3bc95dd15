"""What the doctor finds at a real PostgreSQL, as the role that serves."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex

import pytest

from dezhi.core.findings import Finding, Level
from dezhi.service import doctor
from dezhi.settings import Settings
from dezhi.store.database import upgrade
from servers import CARELESS, OWNER, RUNTIME, PostgresServer, postgres


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres() as started:
        yield started


@pytest.fixture
async def county(server: PostgresServer, tmp_path: Path) -> Settings:
    """A migrated database with the rights of a served Dezhi."""
    name = f"county_{token_hex(6)}"
    server.address.create(name)
    await upgrade(server.address.url(name, OWNER), server.address.url(name))
    return Settings(data_dir=tmp_path, database_url=server.address.url(name))


async def look(settings: Settings, now: datetime | None = None) -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    async for one in doctor.look(settings, now or datetime.now(UTC)):
        if one.code not in found or found[one.code].level is Level.OK:
            found[one.code] = one
    return found


def assert_bad(finding: Finding, level: Level) -> None:
    assert (finding.level, bool(finding.step)) == (level, True), finding


def changed(settings: Settings, *, server: PostgresServer, sql: str) -> None:
    with server.address.open(settings.database_url.rpartition("/")[2]) as db:
        db.execute(sql)


async def test_nothing_wrong_is_found_where_nothing_is(county: Settings) -> None:
    found = await look(county)
    usual = {"backup", "plugin", "plugins"}
    assert {code: one for code, one in found.items() if one.level is not Level.OK and code not in usual} == {}
    assert {"database", "migrations", "clock", "clock-server"} <= set(found)


async def test_tables_that_are_not_there_yet_or_are_newer(county: Settings, server: PostgresServer) -> None:
    server.address.create(empty := f"empty_{token_hex(6)}")
    settings = Settings(data_dir=county.data_dir, database_url=server.address.url(empty))
    assert_bad((await look(settings))["migrations"], Level.ERROR)
    sql = "INSERT INTO migration (name, app_name, ran_on) VALUES ('2099-01-01T00:00:00:000000', 'dezhi', '2099-01-01')"
    changed(county, server=server, sql=sql)
    finding = (await look(county))["migrations"]
    assert_bad(finding, Level.ERROR)
    assert "2099" in str(finding.text)


async def test_rights_too_few_and_too_many(county: Settings, server: PostgresServer) -> None:
    changed(county, server=server, sql=f"GRANT UPDATE ON txn TO {RUNTIME}")
    assert_bad((await look(county))["grants"], Level.WARNING)
    changed(county, server=server, sql=f"REVOKE UPDATE ON txn FROM {RUNTIME}; REVOKE INSERT ON posting FROM {RUNTIME}")
    finding = (await look(county))["grants"]
    assert_bad(finding, Level.ERROR)
    assert "posting" in str(finding.text)
    changed(county, server=server, sql=f"REVOKE SELECT ON book FROM {RUNTIME}")
    assert_bad((await look(county))["grants"], Level.ERROR)


async def test_clocks_that_differ(county: Settings) -> None:
    for apart, level in ((timedelta(seconds=20), Level.WARNING), (timedelta(minutes=10), Level.ERROR)):
        finding = (await look(county, datetime.now(UTC) + apart))["clock-server"]
        assert_bad(finding, level)


async def test_more_workers_than_connections(county: Settings) -> None:
    settings = Settings(data_dir=county.data_dir, database_url=county.database_url, workers=64)
    assert_bad((await look(settings))["connections"], Level.WARNING)


async def test_a_server_that_forgets_at_a_power_cut(tmp_path: Path) -> None:
    with postgres(CARELESS) as careless:
        finding = (await look(Settings(data_dir=tmp_path, database_url=careless.address.url("postgres"))))["durability"]
    assert_bad(finding, Level.ERROR)
    assert "fsync" in str(finding.text)


async def test_a_server_that_cannot_be_used(county: Settings, server: PostgresServer, tmp_path: Path) -> None:
    right = server.address.password
    port = str(server.address.port)
    for url in (
        county.database_url.replace(right, "a-secret-word"),
        county.database_url.replace(f":{port}", ":9").replace(right, "a-secret-word"),
        "postgresql://dezhi:a-secret-word@127.0.0.1:port/none",
        county.database_url.rpartition("/")[0].replace(RUNTIME, "stranger", 1) + "/nowhere",
    ):
        finding = (await look(Settings(data_dir=tmp_path, database_url=url)))["database"]
        assert_bad(finding, Level.ERROR)
        assert "a-secret-word" not in str(finding)
        assert right not in str(finding)
