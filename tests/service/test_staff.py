import asyncio
from datetime import timedelta

import pytest

from dezhi.core.errors import Problem
from dezhi.core.staff import Post, Role
from township import Township

PASSWORD = "渠水长流 2026 春"


async def test_a_new_account_starts_with_a_temporary_password(town: Township) -> None:
    home = await town.family()
    clerk = Post(Role.CLERK, town.yinger.id)
    made = await town.staff.create("WangJun", "王军", [clerk], person=home.members[0].person)
    member = await town.staff.log_in("wangjun", made.password)
    assert (member.must_change, member.posts, member.person) == (True, (clerk,), home.members[0].person)
    await town.staff.change_password(member.id, made.password, PASSWORD)
    assert not (await town.staff.log_in(" WANGJUN ", PASSWORD)).must_change
    with pytest.raises(Problem, match="login-wrong"):
        await town.staff.log_in("wangjun", made.password)


async def test_five_wrong_passwords_lock_known_and_unknown_names_alike(town: Township) -> None:
    made = await town.staff.create("wangjun", "王军", [Post(Role.CLERK, town.yinger.id)])
    for login in ("wangjun", "nobody"):
        codes = []
        for _ in range(6):
            with pytest.raises(Problem) as refused:
                await town.staff.log_in(login, "wrong")
            codes.append(refused.value.code)
        assert codes == ["login-wrong"] * 5 + ["locked"]
    town.clock.pass_by(timedelta(minutes=5))
    assert (await town.staff.log_in("wangjun", made.password)).name == "王军"


async def test_a_disabled_account_is_out_and_comes_back_with_another_password(town: Township) -> None:
    made = await town.staff.create("wangjun", "王军", [Post(Role.CLERK, town.yinger.id)])
    await town.staff.disable(made.staff)
    assert await town.staff.active(made.staff) is None
    with pytest.raises(Problem, match="login-wrong"):
        await town.staff.log_in("wangjun", made.password)
    again = await town.staff.enable(made.staff)
    assert (await town.staff.log_in("wangjun", again.password)).must_change


async def test_somebody_must_stay_who_can_let_others_in(town: Township) -> None:
    boss = await town.staff.create("boss", "赵敏", [Post(Role.TOWNSHIP, town.township.id)])
    with pytest.raises(Problem, match="last-township"):
        await town.staff.disable(boss.staff)
    await town.staff.create("second", "钱进", [Post(Role.TOWNSHIP, town.township.id)])
    await town.staff.disable(boss.staff)


async def test_two_who_take_each_others_post_leave_one(town: Township) -> None:
    """Each may take the other's; that it is not the last is looked up where it is taken."""
    key, desk = Post(Role.TOWNSHIP, town.township.id), Post(Role.CLERK, town.yinger.id)
    one = await town.staff.create("one", "赵敏", [key, desk])
    other = await town.staff.create("other", "钱敏", [key, desk])
    done = await asyncio.gather(*(town.staff.take(each.staff, key) for each in (one, other)), return_exceptions=True)
    assert [each.code for each in done if isinstance(each, Problem)] == ["last-township"]
    left = [await town.staff.member(each.staff) for each in (one, other)]
    assert sorted(len(each.regions(Role.TOWNSHIP)) for each in left) == [0, 1]


async def test_a_post_is_given_and_taken_without_forgetting_the_day(town: Township) -> None:
    post = Post(Role.SUPERVISOR, town.yinger.id)
    made = await town.staff.create("jian", "孙督", [])
    await town.staff.give(made.staff, post)
    await town.staff.give(made.staff, post)
    assert (await town.staff.member(made.staff)).posts == (post,)
    assert [one.login for one in await town.staff.everybody(town.yinger.id)] == ["jian"]
    assert await town.staff.everybody(town.xiaba.id) == []
    await town.staff.take(made.staff, post)
    assert (await town.staff.member(made.staff)).posts == ()
    await town.staff.give(made.staff, post)
    (rows,) = await town.database.rows("SELECT count(*) AS n FROM staff_role")
    assert rows["n"] == 2


@pytest.mark.parametrize(
    ("login", "name", "region", "person", "problem"),
    [
        ("王军", "王军", None, None, "login-form"),
        ("w", "王军", None, None, "login-form"),
        ("boss", "王军", None, None, "login-taken"),
        ("wangjun", "王1", None, None, "name-strange"),
        ("wangjun", "王军", 7, None, "post-place"),
        ("wangjun", "王军", None, 7, "person-unknown"),
    ],
)
async def test_a_bad_account_is_refused(
    town: Township, login: str, name: str, region: int | None, person: int | None, problem: str
) -> None:
    await town.staff.create("boss", "赵敏", [])
    with pytest.raises(Problem) as refused:
        await town.staff.create(login, name, [Post(Role.CLERK, region or town.yinger.id)], person)
    assert refused.value.code == problem


@pytest.mark.parametrize("password", ["short", "1" * 12, "wangjun-2026", "王军王军王军2026年", "x" * 300])
async def test_a_weak_password_is_refused(town: Township, password: str) -> None:
    made = await town.staff.create("wangjun", "王军", [])
    with pytest.raises(Problem, match="password-"):
        await town.staff.change_password(made.staff, made.password, password)


async def test_set_up_happens_once(town: Township) -> None:
    first, second = await town.setup.new_token(), await town.setup.new_token()
    with pytest.raises(Problem, match="setup-closed"):
        await town.setup.check(first)
    names = ("甘肃省", "酒泉市", "肃州区", "西峰镇")
    form = {"names": names, "login": "boss", "name": "赵敏", "password": PASSWORD}
    with pytest.raises(Problem, match="password-weak"):
        await town.setup.found(second, code="620902103000", **form | {"password": "1"})
    assert await town.places.by_code("620902103000") is None  # nothing half-made
    founded = await town.setup.found(second, code="620902103000", **form)
    assert founded.township.name == "西峰镇"
    assert (await town.staff.log_in("boss", PASSWORD)).posts == (Post(Role.TOWNSHIP, founded.township.id),)
    assert await town.setup.new_token() is None
    with pytest.raises(Problem, match="setup-closed"):
        await town.setup.found(second, code="620902104000", **form)
