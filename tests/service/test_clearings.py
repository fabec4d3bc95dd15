"""Clearing a year: announced days before, equal to its preview, stopped and gone on with, undone as one (LE-06)."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from dezhi.app import furnish
from dezhi.core.calendar import ZONE
from dezhi.core.clearings import Clearing, ClearingState
from dezhi.core.errors import Problem
from dezhi.core.events import Kind
from dezhi.core.keeping import Keeping, Lapse
from dezhi.core.people import Household
from dezhi.host import Directory
from dezhi.service import clearings
from dezhi.service.actors import Actor
from dezhi.service.deeds import Asked
from homes import Home
from township import Hands
from villages import YINGER, Village, build_village

NEW_YEAR = datetime(2027, 1, 10, 9, tzinfo=ZONE)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def village(home: Home, hands: Hands) -> AsyncIterator[Village]:
    """Two families with points of a year that ends: moral, honour, and hours."""
    house = await furnish(home.settings(), hands, Directory(["dezhi_yinger"]))
    built = await build_village(house)
    await keep(built, Keeping(lapse=Lapse.YEAR, clearing_days=10))
    for item in ("neighbour-help", "neighbour-help", "disaster-help"):
        await built.award(built.family, item)
    await built.award(built.family, "snow-clearing", minutes=60, person=built.family.members[0].person)
    for number in range(101, 104):
        await built.award(await built.open_family(f"{number}"), "neighbour-help")
    yield built
    await house.close()


async def keep(village: Village, keeping: Keeping) -> None:
    """Adopt a version which keeps points so."""
    await village.house.programmes.adopt(
        village.yinger.id,
        (await village.sheet()).programme.document.plugins,
        title="道德储蓄银行",
        effective_from=village.today,
        staff=village.admin.id,
        keeping=keeping,
    )


def admin(village: Village) -> Actor:
    return Actor(member=village.admin, household=None)


async def announced(village: Village, hands: Hands) -> Clearing:
    """Announce 2026's clearing for the first possible day, and let that day come."""
    made = await village.house.clearings.announce(village.yinger, 2026, None, admin(village))
    hands.now = NEW_YEAR
    return made


def balances(home: Home) -> dict[tuple[Any, ...], tuple[int, int]]:
    """What every holder's wallet has, and what its lots have left, by holder and asset."""
    with home.look() as db:
        rows = db.execute(
            "SELECT a.holder_id, a.asset, a.credits - a.debits AS balance, (SELECT coalesce(sum(granted - used), 0)"
            " FROM cohort c WHERE c.book_id = a.book_id AND c.account_id = a.account_id) AS lots"
            " FROM account a WHERE role = 1"
        ).fetchall()
    return {(row["holder_id"], row["asset"]): (row["balance"], row["lots"]) for row in rows}


@pytest.mark.row("LE-06")
@pytest.mark.row("RU-01")
async def test_what_was_previewed_is_taken_to_the_point_and_nothing_else(
    village: Village, hands: Hands, home: Home
) -> None:
    house = village.house
    clearing = await announced(village, hands)
    assert clearing.due == date(2026, 12, 31)
    new = await village.open_family("104")
    await village.award(new, "neighbour-help")  # in 2027: of another year
    preview = await house.clearings.preview(clearing)
    before = balances(home)
    assert {share.holder for share in preview.shares} == {key[0] for key in before if key[1] == 1} - {new.id}
    made = await house.clearings.execute(clearing, preview.mark, admin(village))
    assert made.state is ClearingState.DONE
    after = balances(home)
    taken = {(share.holder, 1): share.amount for share in preview.shares}
    assert {key: before[key][0] - after[key][0] for key in before if before[key] != after[key]} == taken
    assert any(key[1] == 2 for key in before), "honour is there"
    assert any(key[1] == 3 for key in before), "hours are there"
    told = await house.journal.entries(clearing.book, [village.yinger.id], kind=Kind.EXPIRY)
    assert {(one.entry.household, -sum(one.amounts.values())) for one in told} == {
        (share.holder, share.amount) for share in preview.shares
    }
    assert {one.entry.actor for one in told} == {village.admin.id}
    assert (await house.clearings.preview(made)).mark == preview.mark, "the log tells what was taken"


@pytest.mark.row("LE-06")
async def test_it_is_undone_as_one_and_everything_is_as_it_was(village: Village, hands: Hands, home: Home) -> None:
    house = village.house
    clearing = await announced(village, hands)
    before = balances(home)
    preview = await house.clearings.preview(clearing)
    made = await house.clearings.execute(clearing, preview.mark, admin(village))
    with pytest.raises(Problem, match="reason-missing"):
        await house.clearings.undo(made, " ", admin(village))
    undone = await house.clearings.undo(made, "公告的日子写错了", admin(village))
    assert undone.state is ClearingState.UNDONE
    assert balances(home) == before
    reversals = await house.journal.entries(clearing.book, [village.yinger.id], kind=Kind.REVERSAL)
    assert {one.entry.text for one in reversals} == {"公告的日子写错了"}
    # It can be announced and made again: the lots are what they were.
    again = await house.clearings.announce(village.yinger, 2026, None, admin(village))
    assert (await house.clearings.preview(again)).mark == preview.mark


@pytest.mark.row("LE-06")
async def test_nothing_is_taken_before_its_day_or_unlike_its_preview(
    village: Village, hands: Hands, home: Home
) -> None:
    house = village.house
    clearing = await house.clearings.announce(village.yinger, 2026, date(2027, 1, 5), admin(village))
    preview = await house.clearings.preview(clearing)
    before = balances(home)
    with pytest.raises(Problem, match="clearing-early"):
        await house.clearings.execute(clearing, preview.mark, admin(village))
    hands.now = NEW_YEAR
    await house.redemptions.hand_over_at_desk(village.family.id, f"{YINGER}/soap", village.actor, "soap")
    with pytest.raises(Problem, match="clearing-changed"):
        await house.clearings.execute(clearing, preview.mark, admin(village))
    assert sum(balance for balance, _ in balances(home).values()) == sum(balance for balance, _ in before.values()) - 10
    assert (await house.clearings.one(village.yinger.id, clearing.id)).state is ClearingState.ANNOUNCED


@pytest.mark.row("LE-06")
async def test_what_is_set_aside_or_frozen_for_an_order_stays(village: Village, hands: Hands, home: Home) -> None:
    house = village.house
    await house.redemptions.place(village.family.id, f"{YINGER}/soap", source="card:1", key="soap")
    clearing = await announced(village, hands)
    preview = await house.clearings.preview(clearing)
    (mine,) = [share for share in preview.shares if share.holder == village.family.id]
    had = balances(home)[village.family.id, 1][0]
    assert mine.amount == had - 10
    await house.clearings.execute(clearing, preview.mark, admin(village))
    assert balances(home)[village.family.id, 1][0] == 10


class Stopped(Exception):
    """The machine is gone."""


@pytest.mark.row("LE-06")
async def test_what_was_stopped_half_way_is_gone_on_with_and_nothing_is_done_twice(
    village: Village, hands: Hands, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = village.house
    monkeypatch.setattr(clearings, "CHUNK", 1)
    clearing = await announced(village, hands)
    before, preview = balances(home), await house.clearings.preview(clearing)

    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        await house.clearings.execute(clearing, preview.mark, admin(village), stop)
    half = await house.clearings.one(village.yinger.id, clearing.id)
    assert half.state is ClearingState.RUNNING
    assert await house.clearings.finish() == 1
    made = await house.clearings.one(village.yinger.id, clearing.id)
    assert made.state is ClearingState.DONE
    after = balances(home)
    assert sum(before[key][0] - after[key][0] for key in before) == preview.total
    with pytest.raises(Stopped):
        await house.clearings.undo(made, "办错了", admin(village), stop)
    assert await house.clearings.finish() == 1
    assert balances(home) == before
    assert await house.clearings.finish() == 0


async def test_a_wallet_that_moves_in_the_very_moment_keeps_its_points_and_is_shown_anew(
    village: Village, hands: Hands, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = village.house
    clearing = await announced(village, hands)
    preview = await house.clearings.preview(clearing)
    before = balances(home)
    homes = house.clearings.homes

    async def meanwhile(shares: Any) -> Any:
        await house.redemptions.hand_over_at_desk(village.family.id, f"{YINGER}/soap", village.actor, "soap")
        return await homes(shares)

    monkeypatch.setattr(house.clearings, "homes", meanwhile)
    reopened = await house.clearings.execute(clearing, preview.mark, admin(village))
    monkeypatch.undo()
    assert reopened.state is ClearingState.ANNOUNCED
    left = await house.clearings.preview(reopened)
    (mine,) = left.shares
    assert mine.holder == village.family.id
    assert mine.amount == before[village.family.id, 1][0] - 10
    made = await house.clearings.execute(reopened, left.mark, admin(village))
    assert made.state is ClearingState.DONE
    await house.clearings.undo(made, "办错了", admin(village))
    after = balances(home)
    assert {key for key in before if before[key] != after[key]} == {(village.family.id, 1)}


async def test_what_comes_before_it_is_decided_again_is_taken_too(
    village: Village, hands: Hands, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = village.house
    clearing = await announced(village, hands)
    preview = await house.clearings.preview(clearing)
    homes = house.clearings.homes

    async def meanwhile(shares: Any) -> Any:
        await house.redemptions.hand_over_at_desk(village.family.id, f"{YINGER}/soap", village.actor, "soap")
        return await homes(shares)

    monkeypatch.setattr(house.clearings, "homes", meanwhile)
    reopened = await house.clearings.execute(clearing, preview.mark, admin(village))
    monkeypatch.undo()
    # A wallet that was cleared gets the same again, of a deed of that year which is recorded late.
    other = next(one for one in preview.shares if one.holder != village.family.id and one.amount == 10)
    late = Asked(household=other.holder, item=f"{YINGER}/neighbour-help", on=date(2026, 12, 30))
    await house.awards.record(late, village.actor, "late")
    again = await house.clearings.preview(reopened)
    assert {share.holder for share in again.shares} == {village.family.id, other.holder}
    before = balances(home)
    hands.pass_by(timedelta(minutes=1))
    made = await house.clearings.execute(reopened, again.mark, admin(village))
    assert made.state is ClearingState.DONE
    after = balances(home)
    assert {(share.holder, 1): share.amount for share in again.shares} == {
        key: before[key][0] - after[key][0] for key in before if before[key] != after[key]
    }


@pytest.mark.parametrize(
    ("year", "due", "code"),
    [
        (2026, date(2026, 12, 30), "clearing-early"),
        (2025, date(2026, 11, 30), "clearing-early"),
        (2026, date(2029, 1, 1), "clearing-early"),
        (2027, None, "clearing-year"),
    ],
)
async def test_odd_announcements_are_refused(village: Village, year: int, due: date | None, code: str) -> None:
    with pytest.raises(Problem, match=code):
        await village.house.clearings.announce(village.yinger, year, due, admin(village))


async def test_one_that_is_announced_can_be_called_off_and_there_is_no_second(village: Village) -> None:
    house = village.house
    first = await house.clearings.announce(village.yinger, 2026, None, admin(village))
    with pytest.raises(Problem, match="clearing-open"):
        await house.clearings.announce(village.yinger, 2026, None, admin(village))
    assert (await house.clearings.undo(first, "不清了", admin(village))).state is ClearingState.CALLED_OFF
    await keep(village, Keeping())
    with pytest.raises(Problem, match="clearing-off"):
        await house.clearings.announce(village.yinger, 2026, None, admin(village))


async def test_hundreds_of_households_are_cleared_and_told_how_far(village: Village, hands: Hands) -> None:
    house = village.house
    homes: list[Household] = [await village.open_family(f"{number}") for number in range(1000, 1300)]
    for home in homes:
        await village.award(home, "tidy-yard")
    clearing = await announced(village, hands)
    preview = await house.clearings.preview(clearing)
    told: list[tuple[int, int]] = []
    made = await house.clearings.execute(clearing, preview.mark, admin(village), lambda *far: told.append(far))
    assert made.state is ClearingState.DONE
    assert told == [(256, len(preview.shares)), (len(preview.shares), len(preview.shares))]
    assert hands.now - NEW_YEAR == timedelta()
