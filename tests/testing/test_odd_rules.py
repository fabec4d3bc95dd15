"""Three odd rules of different kinds, which the contract had to carry before it was frozen (issue: plugin platform).

A streak with reset and pause; one about who helped whom, and what they did next; a group's target that unlocks a split
among its members. Each is declared facts and pure functions, and each is held to the same four words: explainable,
replayable, reversible, backtestable.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from dezhi.core.backtest import Given
from dezhi.plugin import Asset
from dezhi.service.backtest_rules import Change
from dezhi.testing.village import LONG_AGO, Village
from workshop import MANIFEST, Workshop

pytestmark = pytest.mark.sqlite

Opening = Callable[..., Village]
MONDAY = date(2026, 10, 12)

ODD = """
from typing import Annotated

from msgspec import Meta

from dezhi.plugin import (
    Asset, Award, Cap, Category, Declaration, Fact, Item, Line, Measure, Past, People, Role, Settings, Subject, Window,
    hook,
)


class Choices(Settings):
    most: Annotated[int, Meta(title="连着最多多加", description="分", ge=0, le=4)] = 4
    thanks: Annotated[int, Meta(title="传下去加", description="分", ge=1, le=5)] = 1
    target: Annotated[int, Meta(title="全组攒到", description="分", ge=10, le=90)] = 30


def item(code, asset, least, most, **more):
    line = Line(asset=asset, amount_min=least, amount_max=most)
    return Item(code=code, title=code, category="odd", asset=asset, lines=(line,), how="试。", **more)


GROUP = People(role=Role.GROUP, title="哪个组", of=Subject.GRID, most=200)
ITEMS = [
    item("watch", Asset.MORAL, 2, 6),
    item("away", Asset.COUNT, 1, 1, caps=(Cap(window=Window.WEEK, times_max=1),)),
    item("help", Asset.MORAL, 1, 5, people=(People(role=Role.HELPED, title="帮了谁家"),)),
    item("sweep", Asset.MORAL, 10, 10),
    item("together", Asset.MORAL, 1, 50, people=(GROUP,)),
]
PLUGIN = Declaration(
    settings=Choices,
    categories=(Category(code="odd", title="特别"),),
    facts=(
        Fact(name="weeks", measure=Measure.STREAK, items=("watch",), window=Window.WEEK, pause=("away",)),
        Fact(
            name="swept", measure=Measure.SUM, items=("sweep",), asset=Asset.MORAL, window=Window.QUARTER,
            of=Subject.GRID,
        ),
    ),
    past=(Past(name="helped_us", role=Role.HELPED, items=("help",), window_days=30, most=1),),
)


@hook
def items():
    return ITEMS


def give(code, amount, why, to=None, asset=Asset.MORAL):
    return Award(item=code, asset=asset, amount=amount, reason=f"{why}：{amount}", to=to)


@hook
def score(settings, deed, facts):
    match deed.code:
        case "watch":
            return [give("watch", 2 + min(settings.most, facts.weeks), f"连着{facts.weeks}个星期")]
        case "away":
            return [give("away", 1, "不在家", asset=Asset.COUNT)]
        case "help":
            past, points = facts.past("helped_us"), settings.thanks
            thanks = [give("help", points, "您帮过的人家又帮了别人", before.doer) for before in past]
            return [give("help", 5, "帮邻居"), *thanks]
        case "sweep":
            return [give("sweep", 10, "清扫")]
        case "together" if facts.swept >= settings.target:
            share = 50 // len(deed.participants)
            return [give("together", share, "全组平分50分", home) for home in deed.participants]
"""


@pytest.fixture
def village(open_village: Opening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Village]:
    folder = tmp_path / "plugins"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    workshop = Workshop(folder)
    manifest = MANIFEST.replace('"holder"]', '"holder", "participants", "history"]')
    yield open_village(workshop.write("odd_rules", ODD, manifest))
    workshop.forget()


BeforeAndAfter = tuple[Sequence[Given], Sequence[Given]]
"""What was booked for a deed, and what the rule would give."""


def replayed(village: Village, **settings: int) -> list[BeforeAndAfter]:
    """Play every deed that still stands again, under other settings where they are named."""
    backtests, changed = village._house.backtests, Change(plugin="odd-rules", settings=settings)

    async def play() -> list[BeforeAndAfter]:
        region = await village._house.places.region(village._village)
        ready = await backtests.seat(region, changed, LONG_AGO, village.today)
        told = [played async for _, played in backtests.replay(ready, LONG_AGO, village.today) if played is not None]
        return [(sorted(one.record.gave), sorted(one.gives)) for one in told]

    return village._run(play())


def points(played: list[BeforeAndAfter]) -> list[int]:
    """What each deed would have given."""
    return [sum(amount for _, _, amount in after) for _, after in played]


@pytest.mark.row("RU-07")
@pytest.mark.row("PL-07")
def test_a_streak_resets_and_pauses(village: Village) -> None:
    home = village.family()
    entries = []
    for week, item in enumerate(["watch", "watch", "away", "watch", "", "watch"]):
        village.today = MONDAY + timedelta(weeks=week)
        entries += [village.record(f"odd-rules/{item}", home)] if item else []
    assert [entry.points for entry in entries] == [2, 3, 1, 4, 2]
    assert [entry.reason for entry in entries] == [
        "连着0个星期：2",
        "连着1个星期：3",
        "不在家：1",
        "连着2个星期：4",
        "连着0个星期：2",
    ]
    played = replayed(village)
    assert points(played) == [2, 3, 1, 4, 2]
    assert all(before == after for before, after in played)
    assert points(replayed(village, most=1)) == [2, 3, 1, 3, 2]
    village.today += timedelta(weeks=1)
    village.reverse(entries[4])
    assert village.record("odd-rules/watch", home).points == 2, "a reversed week is none"
    assert points(replayed(village)) == [2, 3, 1, 4, 2], "nor is it one in the replay"


@pytest.mark.row("RU-07")
@pytest.mark.row("PL-07")
def test_who_was_helped_helps_on(village: Village) -> None:
    li, wang, zhao, ma = (village.family() for _ in range(4))
    assert village.record("odd-rules/help", li, helped=[wang]).points == 5
    village.today += timedelta(days=10)
    entry = village.record("odd-rules/help", wang, helped=[zhao])
    assert entry.points == 6
    assert entry.reason == "帮邻居：5；您帮过的人家又帮了别人：1"
    played = replayed(village)
    assert all(before == after for before, after in played)
    assert set(played[1][0]) == {(wang.id, Asset.MORAL, 5), (li.id, Asset.MORAL, 1)}
    assert points(replayed(village, thanks=3)) == [5, 8]
    assert (village.balance(li), village.balance(wang), village.balance(zhao)) == (6, 5, 0)
    village.reverse(entry)
    assert (village.balance(li), village.balance(wang)) == (5, 0), "all of a deed is reversed together"
    village.today += timedelta(days=31)
    assert village.record("odd-rules/help", zhao, helped=[ma]).points == 5
    assert points(replayed(village)) == [5, 5], "what was reversed thanks nobody in the replay either"


@pytest.mark.row("RU-07")
@pytest.mark.row("PL-07")
def test_a_groups_target_unlocks_a_split(village: Village) -> None:
    homes = [village.family(grid=1) for _ in range(3)]
    stranger = village.family(grid=0)
    grid = village.grid(1)
    for number, home in enumerate(homes):
        refused = village.refusal("odd-rules/together", homes[0], group=grid)
        assert refused.code == "no-award", f"unlocked after {number} sweeps"
        village.record("odd-rules/sweep", home)
    entry = village.record("odd-rules/together", homes[0], group=grid)
    assert [amount for _, _, amount in entry.amounts] == [16, 16, 16]
    assert entry.reason == "全组平分50分：16"
    played = replayed(village)
    assert points(played) == [10, 10, 10, 48]
    assert all(before == after for before, after in played)
    assert points(replayed(village, target=40)) == [10, 10, 10, 0], "a higher target stays locked"
    assert [village.balance(home) for home in (*homes, stranger)] == [26, 26, 26, 0]
    assert village.balance(homes[0], Asset.COUNT) == 0
    village.reverse(entry)
    assert [village.balance(home) for home in homes] == [10, 10, 10]
    assert points(replayed(village)) == [10, 10, 10]
