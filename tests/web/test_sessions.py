from datetime import timedelta

import pytest

from dezhi.web.sessions import DatabaseStore
from township import Township


async def test_a_session_lives_until_its_end_and_no_longer(town: Township) -> None:
    store = DatabaseStore(town.sessions)
    await store.set("key", "text", expires_in=60)
    assert (await store.get("key"), await store.exists("key"), await store.expires_in("key")) == (b"text", True, 60)
    town.clock.pass_by(timedelta(seconds=60))
    assert (await store.get("key"), await store.exists("key"), await store.expires_in("key")) == (None, False, None)


@pytest.mark.parametrize("days", [1, 14])
async def test_a_used_session_is_renewed(town: Township, days: int) -> None:
    """Whole days among them: Litestar's own Redis store deletes the key then."""
    store, span = DatabaseStore(town.sessions), timedelta(days=days)
    await store.set("key", b"1", expires_in=span)
    await store.set("endless", b"2")
    for _ in range(3):
        town.clock.pass_by(span * 0.9)
        assert await store.get("key", renew_for=span) == b"1"
    assert await store.get("endless", renew_for=span) == b"2"
    assert await store.expires_in("endless") is None


async def test_a_value_is_replaced_deleted_and_purged(town: Township) -> None:
    store = DatabaseStore(town.sessions)
    for key in ("a", "b", "c"):
        await store.set(key, b"1", expires_in=10)
    await store.set("a", b"2", expires_in=timedelta(days=1))
    assert await store.get("a") == b"2"
    await store.delete("b")
    await store.delete("b")
    assert not await store.exists("b")
    town.clock.pass_by(timedelta(seconds=11))
    await town.sessions.purge()
    assert [row["data"] for row in await town.database.rows("SELECT data FROM session")] == [b"2"]
    await store.delete_all()
    assert not await store.exists("a")


async def test_the_table_holds_no_key_that_opens_anything(town: Township) -> None:
    await town.sessions.put("a-cookie's-key", b"1", None)
    (row,) = await town.database.rows("SELECT key FROM session")
    assert "cookie" not in row["key"]
    assert await town.sessions.get(row["key"]) is None


async def test_a_session_that_did_not_change_is_not_written_again(town: Township) -> None:
    store = DatabaseStore(town.sessions)

    async def kept() -> object:
        return await town.database.rows("SELECT data, expires_at FROM session")

    await store.set("key", b"1", expires_in=1000)
    before = await kept()
    town.clock.pass_by(timedelta(seconds=50))
    await store.set("key", b"1", expires_in=1000)
    await store.get("key", renew_for=1000)
    assert await kept() == before
    town.clock.pass_by(timedelta(seconds=1))
    await store.set("key", b"1", expires_in=1000)
    assert await kept() != before
    await store.set("key", b"2", expires_in=1000)
    assert await store.get("key") == b"2"


async def test_a_new_session_sweeps_out_the_old(town: Township) -> None:
    store = DatabaseStore(town.sessions)
    await store.set("old", b"1", expires_in=10)
    town.clock.pass_by(timedelta(seconds=11))
    await store.set("new", b"2", expires_in=10)
    assert [row["data"] for row in await town.database.rows("SELECT data FROM session")] == [b"2"]
