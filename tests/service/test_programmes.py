from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from dezhi.core.errors import Problem
from dezhi.core.programmes import Enabled, Programme, Resolution
from dezhi.service.programmes import Programmes
from township import Township

TODAY = date(2026, 11, 22)


class Offered(msgspec.Struct):
    code: str


def ask_items(programme: Programme) -> Sequence[Any]:
    for name, plugin in programme.document.plugins.items():
        if plugin.settings.get("points", 0) < 0:
            raise Problem("plugin-settings", "负数", field=name)
    return [Offered(f"{name}/neighbour-help") for name in programme.document.plugins]


YINGER = {"dezhi-yinger": Enabled(version="1.0", settings={"points": 5})}


@pytest.fixture
def programmes(town: Township) -> Programmes:
    return Programmes(town.database, town.clock, ask_items)


async def test_a_change_is_a_new_version_and_each_day_keeps_its_own(town: Township, programmes: Programmes) -> None:
    village = town.yinger.id
    assert await programmes.in_force(village) is None
    first = await programmes.adopt(village, YINGER, title="道德储蓄银行", effective_from=date(2025, 11, 1), staff=None)
    second = await programmes.adopt(village, {}, title="道德储蓄银行", effective_from=TODAY, staff=None)
    third = await programmes.adopt(
        village, YINGER, title="道德储蓄银行", effective_from=TODAY + timedelta(days=9), staff=None
    )
    assert [one.version for one in await programmes.history(village)] == [3, 2, 1]
    assert {first.lineage} == {second.lineage, third.lineage}
    assert second.derived_from == first.id
    days = [date(2025, 10, 31), date(2025, 11, 1), date(2026, 11, 21), TODAY, TODAY + timedelta(days=9)]
    ruling = [await programmes.in_force(village, day) for day in days]
    assert [one and one.version for one in ruling] == [None, 1, 1, 2, 3]
    assert await programmes.version(first.id) == first  # nothing of it was lost on the way to the database and back
    assert first.items == ({"code": "dezhi-yinger/neighbour-help"},)
    assert first.document.plugins["dezhi-yinger"].settings == {"points": 5}


async def test_of_two_versions_of_one_day_the_later_rules(town: Township, programmes: Programmes) -> None:
    for title in ("一", "二"):
        await programmes.adopt(town.yinger.id, {}, title=title, effective_from=TODAY, staff=None)
    ruling = await programmes.in_force(town.yinger.id)
    assert ruling is not None
    assert ruling.title == "二"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"effective_from": TODAY - timedelta(days=1)}, "programme-retroactive"),
        ({"title": " "}, "programme-title"),
        ({"plugins": {"dezhi-yinger": Enabled(version="1.0", settings={"points": -1})}}, "plugin-settings"),
    ],
)
async def test_a_refused_version_leaves_nothing(
    town: Township, programmes: Programmes, change: dict[str, Any], problem: str
) -> None:
    await programmes.adopt(town.yinger.id, {}, title="试行", effective_from=date(2025, 1, 1), staff=None)
    asked: dict[str, Any] = {"plugins": YINGER, "title": "新", "effective_from": TODAY} | change
    with pytest.raises(Problem, match=problem):
        await programmes.adopt(town.yinger.id, staff=None, **asked)
    assert len(await programmes.history(town.yinger.id)) == 1


async def test_a_copy_shares_nothing_with_its_model(town: Township, programmes: Programmes) -> None:
    resolution = Resolution(number="营尔村〔2026〕3号", decided_on=date(2026, 10, 1))
    model = await programmes.adopt(
        town.yinger.id, YINGER, title="储蓄", effective_from=TODAY, staff=None, resolution=resolution
    )
    assert model.resolution == resolution
    copy = await programmes.copy(model.id, town.xiaba.id, effective_from=TODAY, staff=None)
    assert (copy.derived_from, copy.version, copy.resolution) == (model.id, 1, None)
    assert copy.lineage != model.lineage
    await programmes.adopt(town.yinger.id, {}, title="储蓄", effective_from=TODAY, staff=None)
    ruling = await programmes.in_force(town.xiaba.id)
    assert ruling is not None
    assert ruling.document == model.document


async def test_what_is_still_to_settle_is_said(town: Township, programmes: Programmes) -> None:
    bare = await programmes.adopt(town.yinger.id, {}, title="试行", effective_from=TODAY, staff=None)
    assert [text[:4] for text in bare.warnings()] == ["这个方案", "还没有个", "没有公示"]
    full = await programmes.adopt(
        town.xiaba.id,
        {},
        title="试行",
        effective_from=TODAY,
        staff=None,
        notice_days=5,
        privacy_notice="只收姓名和出生日期。",
        resolution=Resolution(number="1", decided_on=TODAY),
    )
    assert full.warnings() == ()
