"""What a plugin, or whoever adopts it, tries with reminders: each stays in its house and takes nothing (RU-18)."""

import secrets
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dezhi.app import furnish
from dezhi.core.errors import Problem
from dezhi.core.programmes import Enabled
from dezhi.host import Directory
from dezhi.plugin import Asset, Subject
from dezhi.service.deeds import Asked, Recorded
from dezhi.store import facts
from homes import Home
from township import Hands
from villages import Village, build_village
from workshop import MANIFEST, Workshop

pytestmark = [pytest.mark.sqlite, pytest.mark.row("RU-18")]

SLY = """
from dezhi.plugin import (
    Asset, Board, BoardKind, Category, Declaration, Declared, Due, Fact, Item, Line, Measure, Past, Quote, Reward,
    RewardKind, Role, Weight, Window, awards, hook,
)

PLUGIN = Declaration(
    categories=(Category(code="some", title="试"),),
    facts=(
        Fact(name="reminded", measure=Measure.COUNT, items=("untidy",)),
        Fact(name="everything", measure=Measure.COUNT),
    ),
    past=(Past(name="reminders", role=Role.DOER, items=("untidy",), window_days=365),),
)
QUIET = True
PRICE = 2
NOTICE = "大家商量着定。"
TITLE = "次数"

def item(code, title, asset, quiet=False):
    lines = (Line(asset=asset, amount_min=1, amount_max=1 if asset is Asset.COUNT else 30),)
    return Item(code=code, title=title, category="some", asset=asset, lines=lines, how=title, quiet=quiet)

@hook
def declares():
    return Declared(notice=NOTICE)

@hook
def items():
    return [item("help", "帮邻里", Asset.MORAL), item("untidy", "门前不净", Asset.COUNT, quiet=QUIET)]

@hook
def score(deed, facts):
    # It would remember reminders for ever, and give less for everything.
    asset, amount = (Asset.MORAL, 30 - facts.reminded) if deed.code == "help" else (Asset.COUNT, 1)
    return awards(item(deed.code, "记一次", asset), {asset: amount})

@hook
def rewards():
    return [Reward(code="soap", title="肥皂", price=PRICE, kind=RewardKind.GOOD)]

@hook
def quote(reward, facts):
    off = facts.reminded + facts.everything + len(facts.past("reminders"))
    return Quote(reward="soap", price=2 + 10 * off, reason=f"肥皂{2 + 10 * off}分。")

@hook
def schedule(day):
    return [Due(item="untidy")]

@hook
def boards():
    return [Board(code="worst", title=TITLE, kind=BoardKind.HONOUR, weights=(Weight(asset=Asset.COUNT),),
                  window=Window.YEAR, unit_label="次")]
"""


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    folder = tmp_path / "workshop"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    made = Workshop(folder)
    yield made
    made.forget()


@pytest.fixture
async def village(home: Home, hands: Hands, workshop: Workshop) -> AsyncIterator[Village]:
    manifest = MANIFEST.replace('"holder"]', '"holder", "history"]')
    package = workshop.write("a_sly", SLY, manifest, permissions='["award", "reward", "schedule", "board"]')
    house = await furnish(home.settings(), hands, Directory(["dezhi_yinger", package]))
    built = await build_village(house)
    await adopt(built)
    yield built
    await house.close()


async def adopt(village: Village) -> None:
    await village.house.programmes.adopt(
        village.yinger.id,
        {"a-sly": Enabled(version="1.0.0")},
        title="试",
        effective_from=village.today,
        staff=village.admin.id,
    )


async def record(village: Village, code: str) -> Recorded:
    asked = Asked(household=village.family.id, item=f"a-sly/{code}", on=village.today)
    return await village.house.awards.record(asked, village.actor, secrets.token_hex(8))


async def test_a_reminder_makes_nothing_dearer(village: Village) -> None:
    await record(village, "help")
    sheet = await village.sheet()
    home = await village.house.people.household(village.family.id, village.today)
    [before] = await village.house.redemptions.offers(home, sheet)
    await record(village, "untidy")
    [after] = await village.house.redemptions.offers(home, sheet)
    assert (await village.house.passbooks.open(home.id)).spendable == 30
    assert (before.price, after.price) == (12, 12), "what was earned counts, reminders do not"


async def test_a_reminder_is_not_remembered_for_ever(village: Village) -> None:
    await record(village, "untidy")
    done = await record(village, "help")
    assert done.scored is not None
    assert done.scored.proposals[0].lines == ((Asset.MORAL, 30),)


async def test_twice_on_a_day_is_one_reminder_also_after_it_was_taken_back(village: Village) -> None:
    journal = village.house.journal
    done = await record(village, "untidy")
    with pytest.raises(Problem, match="当天最多1次"):
        await record(village, "untidy")
    first = await journal.at(done.book, done.seqs[0])
    await journal.reverse(first.ref, "看错了门", village.actor, "back")
    await record(village, "untidy")
    lines = (await village.house.passbooks.open(village.family.id)).lines
    assert [(line.amount, line.undone) for line in lines if not line.reversal] == [(1, False), (1, True)]


async def test_the_calendar_reminds_nobody(village: Village, hands: Hands) -> None:
    hands.now += timedelta(days=1)
    ran = await village.house.schedules.run()
    assert (ran.booked, ran.troubles) == (0, ran.days)
    [day, *_] = await village.house.reports.days(village.yinger)
    assert "只能由工作人员当面记" in day.told.troubles[0]


async def test_what_was_a_reminder_can_not_be_told_to_all_afterwards(village: Village) -> None:
    await village.house.people.choose_board(village.family.id, "test", opted_in=True)
    await record(village, "untidy")
    [honour] = await village.house.boards.honours(await village.sheet())
    assert honour.places == ()
    sys.modules["a_sly"].QUIET = False  # type: ignore[attr-defined]
    with pytest.raises(Problem) as caught:
        await adopt(village)
    assert caught.value.code == "item-was-quiet"
    assert "门前不净" in caught.value.say()


async def test_a_notice_above_the_rules_is_read_before_it_is_adopted(village: Village) -> None:
    sys.modules["a_sly"].NOTICE = "家里有人上访的，全家积分清零。"  # type: ignore[attr-defined]
    with pytest.raises(Problem) as caught:
        await adopt(village)
    assert caught.value.code == "red-line"


async def test_a_plugin_that_changes_its_mind_changes_nothing_that_was_adopted(village: Village) -> None:
    adopted = await village.sheet()
    sly: Any = sys.modules["a_sly"]
    sly.PRICE, sly.TITLE = 99, "后进户黑榜"
    village.house.sheets._rosters.directory.renew()
    sheet = await village.sheet()
    assert sheet is not adopted
    assert [reward.price for reward in sheet.rewards.values()] == [2]
    assert sheet.boards == {}


@pytest.mark.row("PL-05")
async def test_many_plugins_with_many_facts_stop_no_award(village: Village) -> None:
    await record(village, "help")
    sheet = await village.sheet()
    codes = tuple(f"a-sly/{code}" for code in ("help", *map(str, range(30))))
    wanted = [
        facts.Wanted("a-sly", f"f{number}", "count", codes, None, of, 0, 99999999)
        for of in (Subject.HOUSEHOLD, Subject.VILLAGE)
        for number in range(2_100)
    ]
    whose = facts.Whose(sheet.lineage, village.family.id, None, village.yinger.id, None)
    found, seen = await facts.look_up(village.house.database, sheet.book, whose, wanted)
    assert len(found) == 2_100
    assert set(found.values()) == {1}
    assert seen > 0
