"""Suspending and withdrawing before a version that was adopted has begun, over HTTP (ADR 0089)."""

from datetime import date

import pytest

from dezhi.core.errors import Problem
from villages import Village
from visiting import Visit

TODAY = date(2026, 11, 22)
FIRST_DAY = date(2027, 5, 1)
HERE = "/township/v/620902101201"
RULES = "/v/620902101201/rules"
pytestmark = pytest.mark.sqlite  # the dates are asked of both databases in tests/service
WHY = {"reason": "第三条写错了", "decided_by": "村民代表会议"}


async def announce(village: Village) -> None:
    """Adopt a second version that begins on 1 May."""
    house = village.house
    plugins = {"dezhi-yinger": house.plugins.enabled("dezhi-yinger", {"goal_points": 4000})}
    await house.programmes.adopt(
        village.yinger.id, plugins, title="新办法", effective_from=FIRST_DAY, staff=village.admin.id
    )


@pytest.mark.row("RU-02")
async def test_a_village_stops_before_a_coming_version_and_chooses_one_when_it_goes_on(
    village: Village, visit: Visit
) -> None:
    browser, anybody = await visit("liu"), await visit()
    await announce(village)
    assert "2027年5月1日起改用第2版" in (await browser.get(HERE)).text
    asked = (await browser.get(f"{HERE}/suspend")).text
    assert f'min="{TODAY}"' in asked
    assert "它不会自己开始；恢复时由村里选用哪一版" in asked
    form = {"version": "2", "since": TODAY.isoformat(), **WHY}
    looked = (await browser.post(f"{HERE}/suspend", form)).text
    assert "原定2027年5月1日起的新办法（第2版）不会自己开始。它还留在各版里：恢复记分时，由村里选用哪一版。" in looked
    assert (await browser.post(f"{HERE}/suspend", {**form, "sure": "yes"})).status_code == 303
    with pytest.raises(Problem, match="programme-suspended"):
        await village.award(village.family, "neighbour-help")
    told = "原定2027年5月1日起的新办法（第2版）不会自己开始：2026年11月22日起方案暂停。"
    for page in (await anybody.get(RULES), await anybody.get(f"{RULES}/2/changes"), await browser.get(HERE)):
        assert told in page.text
    assert "改用第2版" not in (await anybody.get(RULES)).text

    asked = (await browser.get(f"{HERE}/return/2")).text
    assert (f'min="{FIRST_DAY}"' in asked, "改为恢复第1版" in asked) == (True, True)
    soon = await browser.post(f"{HERE}/return/2", {"version": "3", "since": TODAY.isoformat()})
    assert "第2版定的是2027年5月1日起用，不能提前" in soon.text
    looked = (await browser.post(f"{HERE}/return/1", {"version": "3", "since": TODAY.isoformat()})).text
    assert "从这天起恢复记分" in looked
    assert "（第2版）不会自己开始。它还留在各版里，要用的时候再恢复它。" in looked
    form = {"version": "3", "since": FIRST_DAY.isoformat()}
    assert "从这天起恢复记分" in (await browser.post(f"{HERE}/return/2", form)).text
    assert (await browser.post(f"{HERE}/return/2", {**form, "sure": "yes"})).status_code == 303
    rules = (await anybody.get(RULES)).text
    assert ("2027年5月1日起改用第4版" in rules, "不会自己开始" in rules) == (True, False)
    assert "11月22日起暂停记分" in (await browser.get(HERE)).text


async def test_a_coming_version_is_withdrawn_in_two_steps_and_everybody_reads_why(
    village: Village, visit: Visit
) -> None:
    browser, anybody = await visit("liu"), await visit()
    await announce(village)
    assert "第1版接着用" in (await browser.get(f"{HERE}/withdraw/2")).text
    form = {"version": "2", **WHY}
    assert (await browser.post(f"{HERE}/withdraw/2", {**form, "reason": ""})).status_code == 422
    looked = (await browser.post(f"{HERE}/withdraw/2", form)).text
    assert "第2版撤回，不起用：第1版的办法接着用。" in looked
    assert len(await village.house.programmes.history(village.yinger.id)) == 2
    assert (await browser.post(f"{HERE}/withdraw/2", {**form, "sure": "yes"})).status_code == 303
    told = "原定2027年5月1日起的新办法（第2版）已撤回：第三条写错了。决定的是：村民代表会议。"
    for page in (await anybody.get(RULES), await anybody.get(f"{RULES}/2/changes"), await browser.get(HERE)):
        assert told in page.text
    assert "第2版撤回，不起用" in (await anybody.get(f"{RULES}/3/changes")).text
    await village.award(village.family, "neighbour-help")
    assert (await browser.get(f"{HERE}/withdraw/2")).status_code == 409
    # What is changed now begins today again, and carries nothing of the withdrawal.
    papers = {"version": "3", "title": "新名字"}
    assert (await browser.post(f"{HERE}/papers", papers)).status_code == 303
    (latest, *_) = await village.house.programmes.history(village.yinger.id)
    assert (latest.version, latest.effective_from, latest.document.withdrawn) == (4, TODAY, None)
    assert told in (await anybody.get(RULES)).text


async def test_a_first_version_that_was_withdrawn_leaves_a_village_that_can_begin_anew(
    village: Village, visit: Visit
) -> None:
    browser, anybody, house = await visit("liu"), await visit(), village.house
    here = f"/township/v/{village.xiaba.code}"
    plugins = {"dezhi-yinger": house.plugins.enabled("dezhi-yinger")}
    for step in ("suspend", "return/1", "withdraw/1"):
        empty = await browser.get(f"{here}/{step}")
        assert (empty.status_code, f'href="{here}/start"' in empty.text) == (200, True)
        assert "这个村还没有方案，没有什么可以暂停、恢复或撤回" in empty.text
        assert (await browser.post(f"{here}/{step}", {"version": "1"})).status_code == 409
    await house.programmes.adopt(
        village.xiaba.id, plugins, title="积分", effective_from=FIRST_DAY, staff=village.admin.id
    )
    gone = await browser.post(f"{here}/withdraw/1", {"version": "1", **WHY, "sure": "yes"})
    assert gone.status_code == 303
    assert "已撤回：第三条写错了" in (await anybody.get(f"/v/{village.xiaba.code}/rules")).text
    assert (await anybody.get(f"/v/{village.xiaba.code}")).status_code == 200
    on = await browser.post(f"{here}/plugins/dezhi-yinger", {"version": "2", "on": "yes"})
    assert on.status_code == 303
    again = await house.programmes.in_force(village.xiaba.id)
    assert again is not None
    assert (again.version, list(again.document.plugins), again.document.withdrawn) == (3, ["dezhi-yinger"], None)
