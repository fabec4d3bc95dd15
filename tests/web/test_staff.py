"""Staff over HTTP: added, sent away and let in again by their own township, and by nobody else."""

import re

import pytest

from dezhi.core.staff import Post, Role, StaffMember
from villages import PASSWORD, SINCE, Village
from visiting import Visit

STAFF = "/township/staff"


async def employ(village: Village, login: str, name: str, *posts: Post) -> StaffMember:
    """Let somebody work."""
    return await village.house.staff.create_with(login, name, list(posts), PASSWORD)


@pytest.fixture
async def elsewhere(village: Village) -> StaffMember:
    """The administrator of another township of this installation, 泉湖镇."""
    names = ("甘肃省", "酒泉市", "肃州区", "泉湖镇")
    other = await village.house.places.create_township("620902102000", names, SINCE)
    await village.house.places.create_village(other.id, "620902102201", "四坝村", SINCE)
    return await employ(village, "qian", "钱进", Post(Role.TOWNSHIP, other.id))


async def test_somebody_is_added_disabled_enabled_and_reset(village: Village, visit: Visit) -> None:
    browser = await visit("liu")
    new = {"name": "赵勇", "login": "ZhaoYong", "role": "clerk", "scope": str(village.grid.id)}
    added = await browser.post(STAFF, new)
    secret = re.search(r"pickup__code[^>]*>([a-z0-9-]+)<", added.text)
    assert secret
    assert "营尔村 第一网格" in added.text
    found = await village.house.staff.log_in("zhaoyong", secret[1])
    assert found.must_change
    assert secret[1] not in (await browser.get(STAFF)).text
    taken = await browser.post(STAFF, new)
    assert taken.status_code == 409
    assert 'value="ZhaoYong"' in taken.text
    clerk = await visit("wang")
    key = village.clerk.id
    assert (await browser.post(f"{STAFF}/{key}/disable")).status_code == 303
    assert (await clerk.get("/staff/home")).headers["location"] == "/"
    assert "已停用" in (await browser.get(STAFF)).text
    again = await browser.post(f"{STAFF}/{key}/enable")
    assert again.status_code == 200
    reset = await browser.post(f"{STAFF}/{key}/reset")
    passwords = [re.search(r"pickup__code[^>]*>([a-z0-9-]+)<", one.text) for one in (again, reset)]
    assert passwords[0]
    assert passwords[1]
    assert passwords[0][1] != passwords[1][1]
    assert (await village.house.staff.log_in("wang", passwords[1][1])).id == key


async def test_a_clerk_is_chosen_from_the_register(village: Village, visit: Visit) -> None:
    browser = await visit("liu")
    new = {"name": "李小明", "login": "lixm", "role": "clerk", "scope": str(village.yinger.id)}
    asked = await browser.post(STAFF, new)
    assert asked.status_code == 422
    assert "李小明，营尔村第一网格012号" in asked.text
    foreign = await browser.post(STAFF, new | {"person": str(village.neighbours.members[0].person)})
    assert foreign.status_code == 404
    added = await browser.post(STAFF, new | {"person": str(village.family.members[0].person)})
    assert "不能给自己家加分" in added.text
    outside = await browser.post(STAFF, new | {"login": "lixm2", "person": "0"})
    assert outside.status_code == 200
    people = {one.login: one.person for one in await village.house.staff.everybody(village.township.id)}
    assert (people["lixm"], people["lixm2"]) == (village.family.members[0].person, None)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"scope": ""}, 422),
        ({"scope": "1"}, 422),
        ({"scope": "9" * 30}, 422),
        ({"scope": "-1"}, 422),
        ({"role": "god"}, 422),
        ({"role": "township"}, 422),  # of a village
        ({"login": "刘"}, 422),
        ({"name": "=1+1"}, 422),
        ({"name": ""}, 422),
    ],
)
async def test_bad_input_is_told_and_nobody_is_added(
    village: Village, visit: Visit, change: dict[str, str], status: int
) -> None:
    new = {"name": "赵勇", "login": "zhaoyong", "role": "clerk", "scope": str(village.yinger.id)}
    browser = await visit("liu")
    answer = await browser.post(STAFF, new | change)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text or "field__error" in answer.text
    assert len(await village.house.staff.everybody(village.township.id)) == 3


async def test_a_township_cannot_lock_itself_out(village: Village, visit: Visit) -> None:
    browser, admin = await visit("liu"), village.admin.id
    for action in ("disable", "reset", "enable"):
        answer = await browser.post(f"{STAFF}/{admin}/{action}")
        assert answer.status_code == 409
        assert "关在门外" in answer.text
    post = {"role": "township", "scope": str(village.township.id)}
    await browser.post(f"{STAFF}/{admin}/give", {"role": "supervisor", "scope": str(village.township.id)})
    assert (await browser.post(f"{STAFF}/{admin}/take", post)).status_code == 409
    assert (await browser.get(STAFF)).status_code == 200


async def test_posts_are_given_and_taken_but_never_the_last(village: Village, visit: Visit) -> None:
    browser, key = await visit("liu"), village.clerk.id
    post = {"role": "clerk", "scope": str(village.xiaba.id)}
    assert (await browser.post(f"{STAFF}/{key}/give", post)).status_code == 303
    assert "村干部 · 下坝村" in (await browser.get(f"{STAFF}/{key}")).text
    assert (await browser.post(f"{STAFF}/{key}/take", post)).status_code == 303
    last = await browser.post(f"{STAFF}/{key}/take", post | {"scope": str(village.yinger.id)})
    assert last.status_code == 409
    assert "停用这个账号" in last.text
    assert (await browser.post(f"{STAFF}/{key}/take", post)).status_code == 404


async def test_nobody_reaches_into_another_township_by_its_ids(
    village: Village, elsewhere: StaffMember, visit: Visit
) -> None:
    stranger, house = await visit("qian"), village.house
    here = "/township/v/620902101201"
    before = [await house.staff.everybody(village.township.id), await house.programmes.history(village.yinger.id)]
    tries = [
        await stranger.get(here),
        await stranger.get(f"{here}/roster"),
        await stranger.get(f"{here}/cards"),
        await stranger.post(f"{here}/cards"),
        await stranger.post(f"{here}/grids", {"name": "第九网格"}),
        await stranger.post(f"{here}/plugins/dezhi-yinger", {"version": "1", "on": "no"}),
        await stranger.post(f"{here}/settings/dezhi-yinger", {"version": "1", "set.goal_points": "4000"}),
        await stranger.post(f"{here}/papers", {"version": "1", "title": "x"}),
        await stranger.get(f"{STAFF}/{village.clerk.id}"),
        *[await stranger.post(f"{STAFF}/{village.clerk.id}/{action}") for action in ("reset", "disable", "enable")],
        await stranger.post(f"{STAFF}/{village.clerk.id}/give", {"role": "township", "scope": str(elsewhere.id)}),
    ]
    assert {answer.status_code for answer in tries} == {404}
    scopes = [
        await stranger.post(STAFF, {"name": "甲乙", "login": "jia", "role": role, "scope": str(village.township.id)})
        for role in ("township", "supervisor")
    ]
    own = await stranger.post(f"{STAFF}/{elsewhere.id}/give", {"role": "township", "scope": str(village.township.id)})
    assert {answer.status_code for answer in (*scopes, own)} == {422}
    wrong_code = {"name": "新村", "code": "620902101205", "grids": ""}
    assert (await stranger.post("/township/villages/new", wrong_code)).status_code == 422
    assert "王军" not in (await stranger.get(STAFF)).text
    assert "营尔村" not in (await stranger.get("/township")).text
    after = [await house.staff.everybody(village.township.id), await house.programmes.history(village.yinger.id)]
    assert after == before


async def test_whoever_works_elsewhere_too_is_not_ours_to_reset(
    village: Village, elsewhere: StaffMember, visit: Visit
) -> None:
    await village.house.staff.give(elsewhere.id, Post(Role.CLERK, village.yinger.id))
    browser = await visit("liu")
    assert "别处" in (await browser.get(f"{STAFF}/{elsewhere.id}")).text
    for action in ("reset", "disable", "enable"):
        assert (await browser.post(f"{STAFF}/{elsewhere.id}/{action}")).status_code == 403
    assert (await village.house.staff.log_in("qian", PASSWORD)).is_active


async def test_a_clerk_who_was_not_in_the_register_is_matched_later(village: Village, visit: Visit) -> None:
    browser = await visit("liu")
    member = await employ(village, "lixm", "李小明", Post(Role.CLERK, village.yinger.id))
    page = f"{STAFF}/{member.id}"
    assert "现在不能记分" in (await browser.get(page)).text
    assert (await browser.post(f"{page}/person", {"find": "没有这个人"})).status_code == 404
    found = await browser.post(f"{page}/person", {"find": "lxm"})
    assert "012号" in found.text
    foreign = await browser.post(f"{page}/person", {"find": "lxm", "person": str(village.clerk.person)})
    assert "是哪一位" in foreign.text
    chosen = {"find": "lxm", "person": str(village.family.members[0].person)}
    assert (await browser.post(f"{page}/person", chosen)).status_code == 303
    assert "不能给自己家加分" in (await browser.get(page)).text
    assert (await browser.post(f"{STAFF}/{village.admin.id}/person", chosen)).status_code == 409
