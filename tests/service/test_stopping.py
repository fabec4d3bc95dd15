"""Suspending, returning and withdrawing while a version is adopted that has not begun (ADR 0089)."""

from datetime import date, timedelta

import pytest

from dezhi.core.errors import Problem
from dezhi.core.programmes import Enabled, Programme, Resolution, Suspension, Withdrawal
from dezhi.plugin import Asset, Item, Line
from dezhi.service.programmes import Offered, Programmes
from dezhi.service.stopping import Stopping
from township import Township

TODAY = date(2026, 11, 22)
FIRST_DAY = date(2027, 5, 1)
PAUSE = Suspension(reason="第三条写错了", decided_by="村民代表会议")
VOTED = Resolution(number="营尔村〔2026〕5号", decided_on=TODAY)


class Desk:
    """A village with a version in force and one that begins on 1 May."""

    def __init__(self, town: Township) -> None:
        self.broken = False
        self.programmes = Programmes(town.database, town.clock, self._ask)
        self.stopping = Stopping(town.database, town.clock, self.programmes)
        self.village = town.yinger.id

    def _ask(self, programme: Programme, _before: Programme | None) -> Offered:
        if self.broken:
            raise Problem("plugin-broken", "坏了")
        line = Line(asset=Asset.MORAL, amount_min=5, amount_max=5)
        how = Item(code="help", title="帮忙", category="c", asset=Asset.MORAL, lines=(line,), how="帮。")
        return Offered(items={f"{name}/help": how for name in programme.document.plugins})

    async def adopt(self, plugin: str, begins: date) -> Programme:
        plugins = {plugin: Enabled(version="1.0")}
        return await self.programmes.adopt(
            self.village, plugins, title=plugin, effective_from=begins, staff=None, resolution=VOTED
        )

    async def suspend(self, since: date, follows: int) -> Programme:
        return await self.stopping.suspend(self.village, PAUSE, since=since, staff=None, follows=follows)

    async def go_back(self, number: int, since: date, follows: int) -> Programme:
        return await self.stopping.go_back(self.village, number, since=since, staff=None, follows=follows)

    async def withdraw(self, number: int, follows: int) -> Programme:
        words = Withdrawal(version=number, reason="写错了", decided_by="村民代表会议")
        return await self.stopping.withdraw(self.village, words, staff=None, follows=follows)

    async def ruling(self, day: date) -> tuple[int, str] | None:
        found = await self.programmes.in_force(self.village, day)
        return (found.version, "".join(found.document.plugins)) if found else None


@pytest.fixture
async def desk(town: Township) -> Desk:
    found = Desk(town)
    await found.adopt("old", TODAY - timedelta(days=30))
    await found.adopt("new", FIRST_DAY)
    return found


async def test_a_suspension_begins_before_a_coming_version_and_has_the_rewards_of_its_own_day(desk: Desk) -> None:
    paused = await desk.suspend(TODAY, 2)
    assert (list(paused.document.plugins), paused.items, paused.title) == (["old"], (), "old")
    assert [await desk.ruling(day) for day in (TODAY, FIRST_DAY, FIRST_DAY + timedelta(days=90))] == [(3, "old")] * 3
    assert await desk.ruling(TODAY - timedelta(days=1)) == (1, "old")
    with pytest.raises(Problem, match="programme-early") as early:
        await desk.go_back(2, TODAY, 3)
    assert "2027年5月1日" in early.value.say()
    for since in (TODAY - timedelta(days=1), date(2025, 1, 1)):
        with pytest.raises(Problem, match="programme-retroactive"):
            await desk.suspend(since, 3)
    back = await desk.go_back(2, FIRST_DAY, 3)
    assert (back.resolution, back.document.suspended) == (VOTED, None)
    assert await desk.ruling(FIRST_DAY - timedelta(days=1)) == (3, "old")
    assert await desk.ruling(FIRST_DAY) == (4, "new")
    assert [one.version for one in await desk.programmes.history(desk.village)] == [4, 3, 2, 1]


async def test_a_suspension_of_a_later_day_has_what_rules_that_day(desk: Desk) -> None:
    later = FIRST_DAY + timedelta(days=10)
    assert list((await desk.suspend(later, 2)).document.plugins) == ["new"]
    assert [await desk.ruling(day) for day in (TODAY, FIRST_DAY, later)] == [(1, "old"), (2, "new"), (3, "new")]
    await desk.go_back(1, TODAY, 3)
    assert [await desk.ruling(day) for day in (TODAY, FIRST_DAY, later)] == [(4, "old")] * 3


async def test_a_coming_version_is_withdrawn_and_nothing_of_today_changes(desk: Desk) -> None:
    desk.broken = True  # no plugin is asked on the way
    first = await desk.programmes.in_force(desk.village)
    on = await desk.withdraw(2, 2)
    assert first is not None
    assert (on.items, on.kept, on.resolution, on.title, on.document.rules()) == (
        first.items,
        first.kept,
        first.resolution,
        first.title,
        first.document,
    )
    kept = await desk.programmes.version(on.id)
    assert kept == on
    assert kept.document.withdrawn == Withdrawal(version=2, reason="写错了", decided_by="村民代表会议")
    assert await desk.ruling(FIRST_DAY) == (3, "old")
    assert await desk.programmes.earliest(desk.village) == TODAY
    for number, problem in ((1, "programme-begun"), (2, "programme-begun"), (9, "programme-unknown")):
        with pytest.raises(Problem, match=problem):
            await desk.withdraw(number, 3)
    desk.broken = False
    moved = await desk.go_back(2, FIRST_DAY + timedelta(days=31), 3)
    assert moved.document.withdrawn is None
    assert await desk.ruling(moved.effective_from) == (4, "new")


async def test_of_two_coming_versions_the_later_goes_alone_and_the_earlier_takes_it_along(desk: Desk) -> None:
    third = FIRST_DAY + timedelta(days=31)
    await desk.adopt("newest", third)
    with pytest.raises(Problem, match="programme-coming"):
        await desk.go_back(2, third, 3)
    await desk.withdraw(3, 3)
    assert [await desk.ruling(day) for day in (TODAY, FIRST_DAY, third)] == [(1, "old"), (4, "new"), (4, "new")]
    await desk.adopt("newest", third)
    await desk.withdraw(4, 5)
    assert [await desk.ruling(day) for day in (TODAY, FIRST_DAY, third)] == [(6, "old")] * 3


async def test_a_first_version_that_has_not_begun_is_withdrawn_or_suspended(town: Township) -> None:
    desk = Desk(town)
    with pytest.raises(Problem, match="no-programme"):
        await desk.suspend(TODAY, 0)
    await desk.adopt("first", FIRST_DAY)
    assert await desk.ruling(TODAY) is None
    assert (await desk.suspend(TODAY, 1)).document.suspended == PAUSE
    assert await desk.ruling(FIRST_DAY) == (2, "")
    await desk.go_back(1, FIRST_DAY, 2)
    gone = await desk.withdraw(3, 3)
    assert (gone.document.suspended, gone.resolution) == (PAUSE, None)
    assert await desk.ruling(FIRST_DAY) == (4, "")


async def test_words_and_an_older_view_are_refused_and_leave_nothing(desk: Desk) -> None:
    words = Withdrawal(version=2, reason="", decided_by="村委会")
    with pytest.raises(Problem, match="withdrawal-words") as wrong:
        await desk.stopping.withdraw(desk.village, words, staff=None, follows=2)
    assert wrong.value.field == "reason"
    with pytest.raises(Problem, match="programme-changed"):
        await desk.withdraw(2, 1)
    with pytest.raises(Problem, match="programme-changed"):
        await desk.suspend(TODAY, 1)
    looked = await desk.stopping.suspend(desk.village, PAUSE, since=TODAY, staff=None, follows=2, look=True)
    assert looked.version == 3
    assert len(await desk.programmes.history(desk.village)) == 2
