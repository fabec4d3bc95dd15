"""An audit that was ended goes on where it stood, and never on a state that is not this book's."""

import sqlite3
from pathlib import Path
from typing import Any

import msgspec
import pytest

from booking import NOW, TODAY, WANG, award, capture, hold, reverse
from dezhi.core import audit as rules
from dezhi.core.body import Body, decode
from dezhi.core.deriving import Standing
from dezhi.core.errors import Problem
from dezhi.core.events import Cap
from dezhi.core.faults import Audited
from dezhi.service import audits
from dezhi.service.backups import Place
from dezhi.store import aside, audit, snapshots
from tampering import quiet, vandal

EVENTS = 61
AT = int(NOW.timestamp())


class Ended(Exception):
    """As good as killed: nothing is tidied up."""


def stop_late(done: int, total: int) -> None:
    if done >= total * 0.7:
        raise Ended


@pytest.fixture
async def place(desk: Any, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A book which is read in small pieces, and where an audit is saved at every one of them."""
    monkeypatch.setattr(snapshots, "CHUNK", 7)
    monkeypatch.setattr(audit, "DRAIN_EVENTS", 7)
    monkeypatch.setattr(aside, "SAVE_SECONDS", 0)
    day = Cap(rule="day", period=str(TODAY), add=1, limit=99)
    for number in range(20):
        await desk.post(award(amount=9, caps=(day,)), hold(f"order-{number}", 2))
        await desk.post(capture(f"order-{number}") if number < 15 else award(WANG))
    await desk.post(reverse(7))
    return Place(data_dir=desk.home.data_dir, database_url=desk.home.database_url)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the events whose bodies were read."""
    seqs: list[int] = []

    def noted(data: bytes) -> Body:
        body = decode(data)
        seqs.append(body.seq)
        return body

    monkeypatch.setattr(rules, "decode", noted)
    return seqs


async def go(place: Place, progress: Any = quiet) -> Audited:
    return await audits.run(place, NOW, progress)


async def end_it(place: Place) -> Path:
    with pytest.raises(Ended):
        await go(place, stop_late)
    return place.data_dir / aside.FILE


@pytest.mark.row("LE-02")
async def test_an_ended_audit_goes_on(place: Place, read: list[int]) -> None:
    whole = await go(place)
    assert (whole.is_clean, whole.events, len(read)) == (True, EVENTS, EVENTS)
    read.clear()
    state = await end_it(place)
    before = len(read)
    assert before > EVENTS // 2
    read.clear()
    assert await go(place) == whole
    assert 0 < len(read) <= EVENTS - before + 7, "only what was not read before, and the last piece"
    assert not state.exists()


async def test_what_was_booked_meanwhile_is_audited_too(place: Place, desk: Any, read: list[int]) -> None:
    await end_it(place)
    await desk.post(award(amount=3), hold("late", 1))
    read.clear()
    found = await go(place)
    assert (found.is_clean, found.events) == (True, EVENTS + 2)
    assert min(read) > 1


async def test_a_state_of_another_tree_is_not_trusted(place: Place, read: list[int]) -> None:
    state = await end_it(place)
    db = sqlite3.connect(state)
    (data,) = db.execute("SELECT data FROM standing").fetchone()
    standing = msgspec.msgpack.decode(data, type=Standing)
    standing.frontier[0] = bytes(32)
    db.execute("UPDATE standing SET data = ?", (msgspec.msgpack.encode(standing),))
    db.commit()
    db.close()
    read.clear()
    assert (await go(place)).is_clean
    assert len(read) == EVENTS


@pytest.mark.parametrize("broken", ["cut", "another release", "old"])
async def test_a_state_that_is_none_is_begun_anew(place: Place, broken: str, read: list[int]) -> None:
    state = await end_it(place)
    if broken == "cut":
        state.write_bytes(state.read_bytes()[:3_000])
    else:
        db = sqlite3.connect(state)
        db.execute(
            "UPDATE made SET release = '0'" if broken == "another release" else "UPDATE made SET at = at - 90000"
        )
        db.commit()
        db.close()
    read.clear()
    assert (await go(place)).is_clean
    assert len(read) == EVENTS


async def test_a_difference_is_found_again_after_the_end(place: Place, desk: Any) -> None:
    """In what the ended audit had read, as well as in what it had not."""
    for which in (2, -2):
        async with vandal(desk.home) as stranger:
            row = (await stranger.rows("posting"))[which]
            await stranger.set("posting", row, amount=row["amount"] + 1)
            with pytest.raises(Ended), aside.in_folder(place.data_dir, "x", AT) as kept:
                await audit.of_snapshot(stranger.snapshot, kept, stop_late)
            with aside.in_folder(place.data_dir, "x", AT) as kept:
                found = await audit.of_snapshot(stranger.snapshot, kept, quiet)
            assert [fault.key["seq"] for fault in found.faults] == [row["seq"]]


async def test_two_audits_of_one_place_do_not_mix(place: Place) -> None:
    with aside.in_folder(place.data_dir, "x", AT), pytest.raises(Problem) as refused:
        await go(place)
    assert refused.value.code == "audit-running"
    assert (await go(place)).is_clean
