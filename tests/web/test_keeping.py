"""How points are kept: a page whose every change is a version, and a rate that only the liability line knows."""

import re

import pytest
from litestar import Litestar

from calling import Program, make_token
from dezhi.core.keeping import Keeping, Lapse
from dezhi.service.house import House
from homes import Home
from links import text
from villages import Village
from visiting import Visit

PAGE = "/township/v/620902101201/keeping"
FORM = {
    "version": "1", "lapse": "year", "lapse_months": "12", "clearing_days": "10", "pick_up_days": "14",
    "overdraft": "0", "to_kin": "yes", "hours": "1500", "yuan": "0.5",
}  # fmt: skip


async def kept(village: Village) -> Keeping:
    return (await village.house.programmes.history(village.yinger.id))[0].document.keeping


async def test_everything_is_off_at_first_and_a_change_is_a_version(village: Village, visit: Visit) -> None:
    assert await kept(village) == Keeping()
    township = await visit("liu")
    page = (await township.get(PAGE)).text
    assert re.search(r'value="never" required checked', page)
    assert (await township.post(PAGE, FORM)).status_code == 303
    assert await kept(village) == Keeping(
        lapse=Lapse.YEAR, clearing_days=10, pick_up_days=14, to_kin=True, hours_limit=90_000, fen=50
    )
    programme = text((await township.get("/township/v/620902101201")).text)
    assert "第 2 版" in programme
    assert "改积分的保管办法" in programme
    # A change of anything else leaves it as it is.
    form = {"version": "2", "title": "道德存折"}
    assert (await township.post("/township/v/620902101201/papers", form)).status_code == 303
    assert (await kept(village)).pick_up_days == 14


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("lapse", "", "请选积分什么时候到期"),
        ("clearing_days", "6", "提前7到90天公告"),
        ("pick_up_days", "-3", "要填整数"),
        ("yuan", "0.505", "钱最多写到分"),
        ("hours", "99999", "志愿时上限"),
        ("version", "0", "您打开这一页以后"),
    ],
)
async def test_what_cannot_be_is_refused_and_shown_again(
    village: Village, visit: Visit, field: str, typed: str, says: str
) -> None:
    township = await visit("liu")
    answer = await township.post(PAGE, {**FORM, field: typed})
    assert answer.status_code in {409, 422}
    assert says in text(answer.text)
    assert await kept(village) == Keeping()


@pytest.mark.row("LE-13")
@pytest.mark.row("RU-01")
async def test_another_rate_changes_the_liability_line_and_no_entry(
    village: Village, visit: Visit, home: Home, empty: tuple[House, Litestar]
) -> None:
    for _ in range(3):
        await village.award(village.family, "neighbour-help")
    order = await village.house.redemptions.place(village.family.id, "dezhi-yinger/soap", source="card:1", key="soap-1")
    township, supervisor = await visit("liu"), await visit("zhao")

    def ledger() -> list[list[tuple[object, ...]]]:
        with home.look() as db:
            names = ("book", "txn", "posting", "account", "request", "hold", "reversal")
            return [sorted(map(tuple, db.execute(f"SELECT * FROM {name}").fetchall())) for name in names]

    before = ledger()
    assert "未兑换积分 30 分" in text((await township.get("/township")).text)
    assert "折合" not in text((await township.get("/township")).text)
    for version, (rate, yuan) in enumerate((("0.50", "15.00"), ("1.2", "36.00")), start=1):
        form = {**FORM, "lapse": "never", "pick_up_days": "0", "to_kin": "", "hours": "0", "yuan": rate}
        assert (await township.post(PAGE, {**form, "version": str(version)})).status_code == 303
        for page in (await township.get("/township"), await supervisor.get("/journal")):
            assert f"未兑换积分 30 分，折合约 {yuan} 元" in text(page.text)
        async with Program(empty[1], await make_token(empty[0], village.supervisor)) as program:
            told = (await program.get("/villages/620902101201/liability")).json()
        assert (told["points"], told["yuan"]) == (30, yuan)
        assert ledger() == before
    await village.house.redemptions.hand_over(1, order.order, village.actor, "hand-over")
    assert "未兑换积分 20 分" in text((await township.get("/township")).text)
