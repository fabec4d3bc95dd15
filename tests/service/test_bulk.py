"""All or none of several deeds, where plugins look at what a household did before."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from dezhi.app import furnish
from dezhi.core.programmes import Enabled
from dezhi.host import Directory
from dezhi.service.deeds import Asked
from homes import Home
from township import Hands
from villages import Village, build_village
from workshop import MANIFEST, Workshop

LESS_EACH_TIME = """
from dezhi.plugin import Asset, Award, Category, Declaration, Fact, Item, Line, Measure, Window, hook

PLUGIN = Declaration(
    categories=(Category(code="some", title="试"),),
    facts=(Fact(name="before", measure=Measure.COUNT, asset=Asset.MORAL, window=Window.YEAR),),
)
ITEM = Item(
    code="thing", title="一件事", category="some", asset=Asset.MORAL,
    lines=(Line(asset=Asset.MORAL, amount_min=1, amount_max=10),), how="做一件事。",
)

@hook
def items():
    return [ITEM]

@hook
def score(deed, facts):
    return [Award(item="thing", asset=Asset.MORAL, amount=10 - facts["before"], reason="一件事")]
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    folder = tmp_path / "plugins"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    workshop = Workshop(folder)
    manifest = MANIFEST.replace('"holder"]', '"holder", "history"]')
    yield workshop.write("less_each_time", LESS_EACH_TIME, manifest)
    workshop.forget()


@pytest.fixture
async def village(home: Home, plugin: str) -> AsyncIterator[Village]:
    house = await furnish(home.settings(), Hands(), Directory(["dezhi_yinger", plugin]))
    built = await build_village(house)
    await house.programmes.adopt(
        built.yinger.id,
        {"less-each-time": Enabled(version="1.0.0")},
        title="试",
        effective_from=built.today,
        staff=None,
    )
    yield built
    await house.close()


def asked(village: Village, household: int = 0) -> Asked:
    return Asked(household=household or village.family.id, item="less-each-time/thing", on=village.today)


async def test_two_deeds_of_a_household_that_depend_on_each_other_are_no_group(village: Village, home: Home) -> None:
    bulk = village.house.bulk
    first, second = await bulk.record_whole([asked(village)] * 2, village.actor, ["a", "b"])
    assert (first.problem, second.problem and second.problem.code) == (None, "whole-household")
    assert home.rows("SELECT * FROM txn") == []
    done = await bulk.record_each([asked(village)] * 2, village.actor, ["a", "b"])
    amounts = [line[1] for one in done if one.scored for line in one.scored.proposals[0].lines]
    assert sorted(amounts) == [9, 10], "the second counts the first"
    other = await village.open_family("101")
    whole = await bulk.record_whole([asked(village), asked(village, other.id)], village.actor, ["c", "d"])
    assert [one.problem for one in whole] == [None, None]
