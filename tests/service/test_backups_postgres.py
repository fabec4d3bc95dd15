"""The same backup fills a SQLite file and a PostgreSQL, and comes back from either with every byte."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import pytest

import releases
from booking import asking, award
from copies import NOW, RELEASE, silent
from dezhi.app import furnish
from dezhi.core.errors import Problem
from dezhi.host import Directory, stored
from dezhi.service import backups
from dezhi.service.backups import Place
from dezhi.settings import Settings
from dezhi.store.books import open_book
from dezhi.store.database import connect, upgrade
from dezhi.store.poster import Poster
from parcels import keep, parcel
from servers import CARELESS, OWNER, PostgresServer, postgres
from township import Hands


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres(CARELESS) as started:
        yield started


@pytest.fixture
def county(server: PostgresServer, tmp_path: Path) -> Iterator[Place]:
    """An empty database of a county, which belongs to the owner of the tables to be."""
    address, name = server.address, f"county_{token_hex(6)}"
    address.create(name)
    yield Place(data_dir=tmp_path / "county", database_url=address.url(name), migrate_url=address.url(name, OWNER))
    address.drop(name)


def tables_in(file: Path) -> dict[str, tuple[int, str]]:
    manifest = backups.check(file, silent)
    return {kept.table.name: (kept.rows, kept.sha256) for kept in manifest.tables}


async def test_a_village_moves_to_the_county_and_back(old: Path, county: Place, tmp_path: Path) -> None:
    keys, backup = tmp_path / "village.keys", tmp_path / "with-plugin.dezhi"
    plugin = keep(old / "plugins", parcel(tmp_path)).record
    await backups.back_up(Place(data_dir=old), backup, NOW, silent)
    backups.back_up_keys(old, keys, NOW)
    restored = await backups.restore(county, backup, keys, silent)
    assert (restored.manifest.database, restored.other_keys) == ("sqlite", ())
    hands, said = Hands(), releases.said(RELEASE)
    hands.now = releases.END
    house = await furnish(
        Settings(data_dir=county.data_dir, database_url=county.database_url), hands, Directory(releases.PLUGINS)
    )
    try:
        expected = {name: said[name] for name in ("books", "households", "villages")}
        assert releases.missing(expected, await releases.observe(house)) == []
        for number, pin in said["cards"].items():
            assert (await house.cards.open(number, pin)).number == number
        await house.sessions.purge()
    finally:
        await house.close()

    # A look at the county changes no row, but an opened card forgets its failed tries.
    back = tmp_path / "county.dezhi"
    done = await backups.back_up(county, back, NOW, silent)
    assert (done.manifest.database, done.audited.count) == ("postgresql", 0)
    again = tmp_path / "again"
    await backups.restore(Place(data_dir=again), back, keys, silent)
    third = tmp_path / "again.dezhi"
    await backups.back_up(Place(data_dir=again), third, NOW, silent)
    for place in (county.data_dir, again):
        (found,) = stored.find(place / "plugins")
        assert isinstance(found[2], stored.Stored)
        assert found[2].record == plugin
    first, second = tables_in(backup), tables_in(back)
    assert {name for name in first if first[name] != second[name]} <= {"login_guard"}
    assert second == tables_in(third)


async def test_what_is_not_empty_is_left_alone(backup: Path, county: Place) -> None:
    await backups.restore(county, backup, None, silent)
    before = await backups.back_up(county, backup.with_name("before.dezhi"), NOW, silent)
    with pytest.raises(Problem) as refused:
        await backups.restore(county, backup, None, silent)
    assert refused.value.code == "restore-not-empty"
    after = await backups.back_up(county, backup.with_name("after.dezhi"), NOW, silent)
    assert after.manifest.tables == before.manifest.tables


async def test_a_restore_that_fails_leaves_nothing(backup: Path, county: Place, server: PostgresServer) -> None:
    with pytest.raises(Problem) as refused:  # the serving role owns nothing and may make nothing
        await backups.restore(Place(data_dir=county.data_dir, database_url=county.database_url), backup, None, silent)
    assert refused.value.code == "storage"
    broken = backup.with_name("broken.keys")
    broken.write_text("{}")
    with pytest.raises(Problem) as refused:  # at the very end, when all rows are in
        await backups.restore(county, backup, broken, silent)
    assert refused.value.code == "keys-damaged"
    with server.address.open(county.database_url.rpartition("/")[2]) as db:
        assert db.execute("SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'public'").fetchall() == [{"n": 0}]
    assert (await backups.restore(county, backup, None, silent)).manifest.rows > 1_000


async def test_the_serving_role_may_back_up_and_work_afterwards(backup: Path, county: Place) -> None:
    await backups.restore(county, backup, None, silent)
    database = await connect(county.data_dir, county.database_url)
    poster = Poster(database.engine, lambda: datetime.now(UTC))
    book = await open_book(database, 777)
    stop, heads = asyncio.Event(), []

    async def keep_booking(household: int) -> None:
        while not stop.is_set():
            await poster.post(book, asking(award(household, 5)))

    writers = [asyncio.create_task(keep_booking(household)) for household in range(2_000, 2_004)]
    try:
        for number in range(3):
            await asyncio.sleep(0.2)
            done = await backups.back_up(county, backup.with_name(f"busy-{number}.dezhi"), NOW, silent)
            assert done.audited.is_clean
            heads.append(done.manifest.heads[-1].events)
    finally:
        stop.set()
        await asyncio.gather(*writers)
        await poster.close()
        await database.close()
    assert 0 < heads[0] < heads[1] < heads[2]


async def test_a_server_that_is_gone_is_said(backup: Path, tmp_path: Path) -> None:
    place = Place(data_dir=tmp_path / "gone", database_url="postgresql://dezhi:wrong-word@127.0.0.1:9/none")
    with pytest.raises(Problem) as refused:
        await backups.back_up(place, tmp_path / "gone.dezhi", NOW, silent)
    assert refused.value.code == "storage"
    with pytest.raises(Problem) as refused:
        await backups.restore(place, backup, None, silent)
    assert refused.value.code == "storage"
    assert "wrong-word" not in refused.value.say()
    assert not list(tmp_path.glob("gone*"))


async def test_an_empty_server_has_nothing_to_back_up(county: Place, tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused:
        await backups.back_up(county, tmp_path / "nothing.dezhi", NOW, silent)
    assert refused.value.code == "backup-nothing"
    await upgrade(county.migrate_url, county.database_url)
    assert (await backups.back_up(county, tmp_path / "empty.dezhi", NOW, silent)).manifest.rows == 0
