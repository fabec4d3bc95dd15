"""Changing the tables of a PostgreSQL: by the owner alone, one at a time, whole or not at all; and what he hands on."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest

from dezhi.core.errors import Problem
from dezhi.store import grants, migrations
from dezhi.store.database import connect, upgrade
from homes import Home, Homes
from servers import OWNER

HALF = """
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from dezhi.store.ddl import build
ID = "2099-01-01T00:00:00:000000"
async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="dezhi", description="")
    async def create():
        await build(["CREATE TABLE half (id BIGINT NOT NULL PRIMARY KEY)", {second!r}])
    manager.add_raw(create)
    return manager
"""

pytestmark = pytest.mark.postgres

SECRET = "topsecret"


@pytest.fixture
def bare(homes: Homes, tmp_path: Path) -> Iterator[Home]:
    """An installation whose database has no tables yet."""
    server = homes.postgres
    assert server is not None
    name = f"bare_{token_hex(8)}"
    server.create(name)
    yield Home(tmp_path / "data", server.url(name), server.url(name, OWNER))
    server.drop(name)


def dezhi(home: Home, *words: str) -> subprocess.Popen[str]:
    """A command of the program, as an operator would start it."""
    return subprocess.Popen(
        [sys.executable, "-m", "dezhi", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={
            **os.environ,
            **home.environment,
            "DEZHI_MIGRATE_URL": home.migrate_url,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "COLUMNS": "200",
        },
    )


def later(folder: Path, second: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program know one migration more, of two statements."""
    path = folder / "dezhi_half.py"
    path.write_text(HALF.format(second=second))
    known = {**migrations.known(), "2099-01-01T00:00:00:000000": path}
    monkeypatch.setattr(migrations, "known", lambda: known)


async def test_opening_changes_nothing_and_says_what_to_do(bare: Home) -> None:
    for _ in range(2):
        with pytest.raises(Problem, match="dezhi migrate") as refused:
            await bare.connect()
        assert refused.value.code == "not_migrated"
    assert bare.tables() == []


async def test_two_upgrades_at_once_do_everything_once(bare: Home) -> None:
    both = [dezhi(bare, "migrate") for _ in range(2)]
    told = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    for name in migrations.known():
        assert sum(text.count(name) for text in told) == 1
    database = await bare.connect()
    assert await database.pending() == []
    assert await grants.wrong(database.engine) == []
    await database.close()


async def test_a_migration_that_fails_half_way_leaves_nothing(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = home.tables()
    later(tmp_path, "CREATE TABLE staff (id BIGINT)", monkeypatch)
    with pytest.raises(Exception, match="already exists"):
        await upgrade(home.migrate_url, home.database_url)
    assert home.tables() == before
    with pytest.raises(Problem, match="还差 1 步"):
        await home.connect()
    later(tmp_path, "CREATE INDEX half_id ON half (id)", monkeypatch)
    assert await upgrade(home.migrate_url, home.database_url) == ["2099-01-01T00:00:00:000000"]
    database = await home.connect()
    assert await database.rows("INSERT INTO half VALUES (1) RETURNING id") == [{"id": 1}], "granted with the upgrade"
    await database.close()


async def test_only_the_owner_upgrades(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    as_owner = home.migrate_url
    with pytest.raises(Problem, match="not_owner"):
        await upgrade(home.database_url, as_owner)
    with pytest.raises(Problem, match="role_unknown"):
        await upgrade(as_owner, home.database_url.replace("//dezhi:", "//nobody:"))
    later(tmp_path, "CREATE INDEX half_id ON half (id)", monkeypatch)
    with pytest.raises(Problem, match="permission denied"):
        await upgrade(home.database_url, as_owner)


async def test_a_newer_database_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(migrations.known())
    newest = list(known)[-1]
    monkeypatch.setattr(migrations, "known", lambda: {name: known[name] for name in known if name != newest})
    for work in (home.connect(), upgrade(home.migrate_url, home.database_url)):
        with pytest.raises(Problem, match=newest) as refused:
            await work
        assert refused.value.code == "database_newer"


@pytest.mark.parametrize(
    "attack",
    [
        *(
            f"UPDATE {table} SET book_id = 0"
            for table in ("txn", "posting", "request", "reversal", "confirmation", "cap_use")
        ),
        *(f"DELETE FROM {table}" for table in ("txn", "posting", "request", "reversal", "cap_use", "account", "book")),
        *(f"TRUNCATE {table}" for table in ("txn", "posting", "deed")),
        "UPDATE act SET kind = 'x'",
        "UPDATE programme SET title = 'x'",
        "DELETE FROM migration",
        "DROP TABLE txn",
        "CREATE TABLE mine (id BIGINT)",
        "CREATE TRIGGER t AFTER INSERT ON txn EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ],
)
async def test_history_cannot_be_changed_by_the_role_that_serves(home: Home, attack: str) -> None:
    database = await home.connect()
    with pytest.raises(Problem, match=r"permission denied|must be owner") as refused:
        await database.rows(attack)
    assert refused.value.code == "storage"
    await database.close()


async def test_wrong_grants_are_found_and_an_upgrade_puts_them_right(home: Home) -> None:
    database = await home.connect()
    assert await grants.wrong(database.engine) == []
    with home.look(owner=True) as owner:
        owner.execute("GRANT UPDATE, TRUNCATE ON txn TO dezhi")
        owner.execute("REVOKE INSERT ON session FROM dezhi")
    found = await grants.wrong(database.engine)
    assert [(problem.code, problem.values) for problem in found] == [
        ("grant_missing", {"table": "session", "privilege": "INSERT"}),
        ("grant_extra", {"table": "txn", "privilege": "TRUNCATE"}),
        ("grant_extra", {"table": "txn", "privilege": "UPDATE"}),
    ]
    await database.close()
    await upgrade(home.migrate_url, home.database_url)
    database = await home.connect()
    assert await grants.wrong(database.engine) == []
    await database.close()


@pytest.mark.row("LE-01")
@pytest.mark.parametrize("attack", ["UPDATE {0} SET {1} = 0 WHERE false", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
def test_not_even_the_owner_changes_history_by_mistake(home: Home, attack: str) -> None:
    """Every table that the running role may only add to, so that none is forgotten."""
    of_the_ledger = {table for table, may in grants.MAY.items() if may == grants.ADD} - {"act", "programme"}
    assert {"txn", "posting", "request", "reversal", "confirmation"} < of_the_ledger
    for table in of_the_ledger:
        with (
            home.look(owner=True) as owner,
            pytest.raises(psycopg.errors.RestrictViolation, match=f"history cannot be changed: {table}"),
        ):
            owner.execute(attack.format(table, "checkpoint_id" if table == "checkpoint" else "book_id"))


async def test_an_owner_who_serves_is_told_that_nothing_guards_history(home: Home) -> None:
    database = await connect(home.data_dir, home.migrate_url)
    found = await grants.wrong(database.engine)
    assert ("grant_extra", "txn", "UPDATE") in {(p.code, p.values["table"], p.values["privilege"]) for p in found}
    await database.close()


def test_a_wrong_password_ends_the_command_in_words(home: Home) -> None:
    wrong = Home(home.data_dir, *(url.replace("@", "x@") for url in (home.database_url, home.migrate_url)))
    for command in ("migrate", "serve"):
        process = dezhi(wrong, command)
        text = process.communicate(timeout=60)[0]
        assert process.returncode == 1
        assert "password authentication failed" in text
        assert wrong.database_url.split(":")[2].split("@")[0] not in text


def test_a_server_that_is_not_there_ends_the_command_in_words(home: Home) -> None:
    gone = Home(home.data_dir, f"postgresql://dezhi:{SECRET}@127.0.0.1:1/dezhi")
    process = dezhi(gone, "serve")
    text = process.communicate(timeout=60)[0]
    assert (process.returncode, "连不上" in text, SECRET in text) == (1, True, False)


async def test_upgrading_waits_for_writers(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables never change under somebody's feet: an upgrade takes the lock of every transaction of the register."""
    database = await home.connect()
    async with database.engine.transaction():
        process = dezhi(home, "migrate")
        await asyncio.sleep(1.5)
        assert process.poll() is None
    assert "没有要做的" in (await asyncio.to_thread(process.communicate, timeout=60))[0]
    await database.close()
