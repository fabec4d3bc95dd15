import re

import pytest

from dezhi.core.events import HoldState
from dezhi.service.deeds import Asked
from villages import Village
from visiting import Visit

SOAP = "dezhi-yinger/soap"  # ten points
OIL = "dezhi-yinger/oil"  # sixty


@pytest.fixture
async def rich(village: Village) -> Village:
    """李小明家 with twenty points."""
    for key, item in (("k" * 24, "dezhi-yinger/neighbour-help"), ("l" * 24, "dezhi-yinger/elder-care")):
        asked = Asked(household=village.family.id, item=item, on=village.house.people.today())
        await village.house.awards.record(asked, village.actor, key)
    return village


async def spendable(village: Village) -> int:
    return (await village.house.passbooks.open(village.family.id)).spendable


def key_of(html: str) -> str:
    found = re.search(r'name="key" value="(\w+)"', html)
    assert found
    return found[1]


@pytest.mark.parametrize("typed", ["card", "012", "李小明", "lxm"])
async def test_a_card_opens_the_book_to_read_aloud(rich: Village, visit: Visit, typed: str) -> None:
    clerk = await visit("wang")
    answer = await clerk.post("/desk", {"card": rich.card.number if typed == "card" else typed})
    assert answer.headers["location"] == f"/desk/{rich.family.id}"
    page = (await clerk.get(answer.headers["location"])).text
    assert "您家现在能用20分" in page
    assert page.count('class="line"') == 2
    slip = (await clerk.get(f"/desk/{rich.family.id}/slip")).text
    assert "邻里帮扶" in slip
    assert "王军在服务台打印" in slip


async def test_points_become_goods_in_one_visit_recorded_as_at_the_desk(rich: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    path = f"/desk/{rich.family.id}"
    form = {"key": key_of((await clerk.get(path)).text), "reward": SOAP}
    for _ in range(3):
        assert (await clerk.post(f"{path}/redeem", form)).status_code == 303
    assert await spendable(rich) == 10
    assert "香皂给了李小明家" in (await clerk.get(path)).text
    book = await rich.house.sheets.book(rich.yinger.id)
    (order,) = await rich.house.redemptions.of_household(book, rich.family.id)
    assert (order.at_desk, order.placed_by, order.state) == (True, rich.clerk.id, HoldState.CAPTURED)


@pytest.mark.parametrize(
    ("form", "status", "says"),
    [
        ({"reward": OIL}, 409, "分不够"),
        ({"reward": "dezhi-yinger/moon"}, 404, "现在换不了"),
        ({"reward": ""}, 404, "现在换不了"),
        ({"reward": SOAP, "key": ""}, 400, "不完整"),
    ],
)
async def test_what_cannot_be_had_is_said_and_costs_nothing(
    rich: Village, visit: Visit, form: dict[str, str], status: int, says: str
) -> None:
    answer = await (await visit("wang")).post(f"/desk/{rich.family.id}/redeem", {"key": "m" * 24, **form})
    assert (answer.status_code, says in answer.text) == (status, True), answer.text
    assert await spendable(rich) == 20


async def test_a_lost_card_dies_at_once_and_the_new_one_shows_its_pin_once(rich: Village, visit: Visit) -> None:
    clerk, resident = await visit("wang"), await visit()
    await resident.show_card(rich.card.number, rich.card.pin)
    assert (await resident.get("/me")).status_code == 200
    answer = await clerk.post(f"/desk/{rich.family.id}/lost")
    pin = re.search(r"strip__secret\">(\d{6})<", answer.text)
    number = re.search(r"strip__number\">([\d ]+)<", answer.text)
    assert pin
    assert number
    assert (await resident.get("/me")).status_code == 303
    assert (await clerk.post("/desk", {"card": rich.card.number})).status_code == 410
    await (await visit()).show_card(number[1], pin[1])
    assert await spendable(rich) == 20


async def test_a_pin_is_set_anew(rich: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    answer = await clerk.post(f"/desk/{rich.family.id}/pin")
    pin = re.search(r"pickup__code\">(\d{6})<", answer.text)
    assert pin
    await (await visit()).show_card(rich.card.number, pin[1])
    await rich.house.cards.revoke(rich.family.id, "丢了")
    none = await clerk.post(f"/desk/{rich.family.id}/pin")
    assert none.status_code == 409
    assert "没有可用的卡" in none.text


async def test_a_household_without_a_phone_chooses_the_board_at_the_desk(rich: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    for answer, there in (("yes", True), ("no", False), ("", False)):
        assert (await clerk.post(f"/desk/{rich.family.id}/board", {"board": answer})).status_code == 303
        assert (rich.family.id in await rich.house.people.on_board(rich.yinger.id)) is there


async def test_a_code_is_handed_over_once(rich: Village, visit: Visit) -> None:
    house, clerk = rich.house, await visit("wang")
    order = await house.redemptions.place(rich.family.id, SOAP, source="card:1", key="n" * 24)
    assert "等着来取的奖品" in (await clerk.get("/round")).text
    found = await clerk.post("/round/hand-over", {"code": f" {order.code[:3]} {order.code[3:]} "})
    path = found.headers["location"]
    page = (await clerk.get(path)).text
    assert "李小明家" in page
    form = {"key": key_of(page)}
    assert [(await clerk.post(path, form)).status_code for _ in range(2)] == [303, 303]
    again = await clerk.post(path, {"key": "o" * 24})
    assert again.status_code == 409
    assert "已经办过了" in again.text
    assert (await clerk.post("/round/hand-over", {"code": order.code})).status_code == 404
    assert await spendable(rich) == 10


async def test_a_cancelled_order_gives_the_points_back(rich: Village, visit: Visit) -> None:
    house, clerk = rich.house, await visit("wang")
    order = await house.redemptions.place(rich.family.id, SOAP, source="card:1", key="n" * 24)
    path = (await clerk.post("/round/hand-over", {"code": order.code})).headers["location"]
    assert await spendable(rich) == 10
    assert (await clerk.post(path, {"key": "p" * 24, "cancel": "yes"})).status_code == 303
    assert await spendable(rich) == 20
    assert "10分退回去了" in (await clerk.get("/round/hand-over")).text


async def test_another_villages_code_is_not_found(rich: Village, visit: Visit) -> None:
    house = rich.house
    order = await house.redemptions.place(rich.family.id, SOAP, source="card:1", key="n" * 24)
    book = await house.sheets.book(rich.yinger.id)
    # The same clerk, now of the other village.
    for post in rich.clerk.posts:
        await house.staff.take(rich.clerk.id, post)
        await house.staff.give(rich.clerk.id, type(post)(post.role, rich.xiaba.id))
    clerk = await visit("wang")
    assert (await clerk.post("/round/hand-over", {"code": order.code})).status_code == 404
    for path in (f"/round/hand-over/{book}-{order.order}", f"/round/hand-over/9-{order.order}", "/round/hand-over/x"):
        assert (await clerk.get(path)).status_code == 404
        assert (await clerk.post(path, {"key": "q" * 24})).status_code == 404
    assert order.code not in (await clerk.get("/round/hand-over")).text
    assert (await house.redemptions.order(book, order.order)).state is HoldState.OPEN
