"""The pages of a year clearing: announce, print, look, do, take back; and what a household reads of it."""

import re
from datetime import datetime

import pytest
from litestar import Litestar

from calling import Program, make_token
from dezhi.core.calendar import ZONE
from dezhi.core.keeping import Keeping, Lapse
from dezhi.service.house import House
from links import text
from township import Hands
from villages import Village
from visiting import Visit

PAGE = "/township/v/620902101201/clearing"


async def keep(village: Village, keeping: Keeping) -> None:
    await village.house.programmes.adopt(
        village.yinger.id,
        (await village.sheet()).programme.document.plugins,
        title="道德储蓄银行",
        effective_from=village.today,
        staff=village.admin.id,
        keeping=keeping,
    )


async def test_a_village_that_clears_no_years_is_told_how(village: Village, visit: Visit) -> None:
    township = await visit("liu")
    assert "这个村的积分不按年清零" in text((await township.get(PAGE)).text)
    refused = await township.post(PAGE, {"year": "2026", "due": ""})
    assert refused.status_code == 409


@pytest.mark.row("LE-06")
async def test_from_the_announcement_to_the_undoing(village: Village, visit: Visit, hands: Hands) -> None:
    await keep(village, Keeping(lapse=Lapse.YEAR))
    await village.award(village.family, "neighbour-help")
    township = await visit("liu")
    answer = await township.post(PAGE, {"year": "2026", "due": ""})
    assert answer.status_code == 303
    notice = text((await township.get(answer.headers["location"])).text)
    assert "关于2026年道德积分年终清零的公告" in notice
    assert "到2026年12月31日清零" in notice
    assert "李小明" not in notice, "no household's figure goes on the wall"
    early = (await township.get(PAGE)).text
    assert "2026年12月31日才能办" in text(early)
    assert "/execute" not in early

    home = await visit()
    await home.show_card(village.card.number, village.card.pin)
    assert "12月31日要清零10分" in text((await home.get("/me")).text)

    hands.now = datetime(2027, 1, 2, 9, tzinfo=ZONE)
    township = await visit("liu")
    page = (await township.get(PAGE)).text
    assert "李小明家" in text(page)
    (action,) = re.findall(r'action="([^"]+/execute)"', page)
    (mark,) = re.findall(r'name="mark" value="(\w+)"', page)
    assert (await township.post(action, {"mark": "0" * 32})).status_code == 409
    assert (await township.post(action, {"mark": mark})).status_code == 303
    done = text((await township.get(PAGE)).text)
    assert "清好了：1 户，一共 10 分" in done
    assert (await village.house.passbooks.open(village.family.id)).spendable == 0
    supervisor = text((await (await visit("zhao")).get("/journal")).text)
    assert "办年终清零" in supervisor
    assert "2026年度清零" in supervisor

    undo = action.replace("execute", "undo")
    assert (await township.post(undo, {"reason": ""})).status_code == 422
    assert (await township.post(undo, {"reason": "公告没有贴够天数"})).status_code == 303
    assert "公告没有贴够天数" in text((await township.get(PAGE)).text)
    assert (await village.house.passbooks.open(village.family.id)).spendable == 10


async def test_months_are_told_long_before_they_end(village: Village, visit: Visit, hands: Hands) -> None:
    await keep(village, Keeping(lapse=Lapse.MONTHS, lapse_months=3))
    await village.award(village.family, "neighbour-help")
    home = await visit()
    await home.show_card(village.card.number, village.card.pin)
    assert "10分到2027年2月28日过期" in text((await home.get("/me")).text)


@pytest.mark.row("LE-06")
async def test_a_program_clears_and_takes_back_and_may_send_it_twice(
    village: Village, empty: tuple[House, Litestar], hands: Hands
) -> None:
    await keep(village, Keeping(lapse=Lapse.YEAR))
    await village.award(village.family, "neighbour-help")
    async with Program(empty[1], await make_token(empty[0], village.admin, days=200)) as program:
        path = f"/villages/{village.yinger.code}/clearings"
        made = (await program.post(path, {"year": 2026, "due": "2027-01-02"})).json()
        assert (made["state"], made["points"], made["shares"][0]["points"]) == ("announced", 10, 10)
        decision = {"mark": made["mark"]}
        early = await program.post(f"{path}/{made['id']}/make", decision)
        assert (early.status_code, early.json()["code"]) == (409, "clearing-early")
        hands.now = datetime(2027, 1, 2, 9, tzinfo=ZONE)
        first = await program.post(f"{path}/{made['id']}/make", decision, key="do-it")
        assert (first.status_code, first.json()["state"]) == (201, "done"), first.text
        again = await program.post(f"{path}/{made['id']}/make", decision, key="do-it")
        assert (again.json(), again.headers["idempotent-replayed"]) == (first.json(), "true")
        assert (await village.house.passbooks.open(village.family.id)).spendable == 0
        reason = {"reason": "公告没有贴够天数"}
        for _ in range(2):
            undone = (await program.post(f"{path}/{made['id']}/undo", reason, key="undo-it")).json()
            assert (undone["state"], undone["undo_reason"]) == ("undone", "公告没有贴够天数")
        assert (await village.house.passbooks.open(village.family.id)).spendable == 10
        assert [one["state"] for one in (await program.get(path)).json()["items"]] == ["undone"]
