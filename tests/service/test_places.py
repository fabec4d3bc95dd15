from datetime import date

import pytest

from dezhi.core.errors import Problem
from dezhi.core.people import NewMember
from dezhi.core.staff import Post, Role, StaffMember
from township import Township


async def test_set_up_of_a_township_fills_in_what_is_above_it(town: Township) -> None:
    path = await town.places.path(town.grid.id)
    assert [one.name for one in path] == ["甘肃省", "酒泉市", "肃州区", "上坝镇", "营尔村", "第一网格"]
    again = await town.places.create_township("620902102000", ("甘肃省", "酒泉市", "肃州区", "下河清镇"))
    assert [one.id for one in (await town.places.path(again.id))[:3]] == [one.id for one in path[:3]]
    assert [one.name for one in await town.places.townships()] == ["上坝镇", "下河清镇"]
    assert [one.name for one in await town.places.villages(town.township.id)] == ["营尔村", "下坝村"]


@pytest.mark.row("HH-01")
@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("62090210120", "region-code"),  # 11 digits
        ("620902101600", "region-code"),  # no village number
        ("620902102203", "region-code"),  # another township's village
        ("620902101000", "region-code"),  # a township's code
        ("620902101201", "region-taken"),
    ],
)
async def test_a_bad_village_code_is_refused(town: Township, code: str, problem: str) -> None:
    with pytest.raises(Problem) as refused:
        await town.places.create_village(town.township.id, code, "旧墩村")
    assert refused.value.code == problem
    assert len(await town.places.villages(town.township.id)) == 2


@pytest.mark.row("HH-01")
async def test_a_merged_village_keeps_its_history(town: Township) -> None:
    home = await town.family()
    taken = await town.people.open_household(
        town.xiaba.id, None, "012", [NewMember(name="赵国", relation="户主")], on=date(2024, 1, 1)
    )
    merger = date(2026, 6, 1)
    await town.places.merge_villages(town.yinger.id, town.xiaba.id, merger)

    before = await town.people.household(home.id, date(2026, 5, 31))
    assert (before.village_name, before.grid_name, before.number) == ("营尔村", "第一网格", "012")
    now = await town.people.household(home.id)
    assert (now.village_name, now.grid_name, now.number) == ("下坝村", "第一网格", "201-012")
    assert (await town.people.household(taken.id)).number == "012"

    assert (await town.places.village_on(town.yinger.id, date(2026, 5, 31))).name == "营尔村"
    assert (await town.places.village_on(town.yinger.id, merger)).name == "下坝村"
    assert [one.name for one in await town.places.villages(town.township.id)] == ["下坝村"]
    was = await town.places.tree(town.township.id, date(2026, 5, 31))
    assert [one.name for one in was if one.level == "village"] == ["营尔村", "下坝村"]
    # The code is free for whatever the statistics office gives it to next.
    await town.places.create_village(town.township.id, "620902101201", "新上村")


@pytest.mark.parametrize("target", ["itself", "grid"])
async def test_only_two_present_villages_merge(town: Township, target: str) -> None:
    other = town.yinger.id if target == "itself" else town.grid.id
    with pytest.raises(Problem, match="merge-refused"):
        await town.places.merge_villages(town.yinger.id, other)


async def test_a_role_reaches_what_lies_below_its_region(town: Township) -> None:
    clerk = StaffMember(
        id=1, login="w", name="王军", person=None, must_change=False, posts=(Post(Role.CLERK, town.yinger.id),)
    )
    assert await town.places.in_scope(town.grid.id, clerk, Role.CLERK)
    assert not await town.places.in_scope(town.xiaba.id, clerk, Role.CLERK)
    assert not await town.places.in_scope(town.township.id, clerk, Role.CLERK)
    assert not await town.places.in_scope(town.grid.id, clerk, Role.SUPERVISOR)


async def test_a_post_can_be_limited_to_one_grid(town: Township) -> None:
    other = await town.places.create_grid(town.yinger.id, "02", "第二网格")
    steward = StaffMember(
        id=1, login="g", name="陈芳", person=None, must_change=False, posts=(Post(Role.CLERK, town.grid.id),)
    )
    assert await town.places.in_scope(town.grid.id, steward, Role.CLERK)
    assert not await town.places.in_scope(other.id, steward, Role.CLERK)
    assert not await town.places.in_scope(town.yinger.id, steward, Role.CLERK)
