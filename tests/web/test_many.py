import re
import time
from datetime import date

import pytest

from dezhi.core.people import Household, NewMember
from villages import Village
from visiting import Browser, Visit

SWEEP = "dezhi-yinger/street-cleaning"
TIDY = "dezhi-yinger/tidy-yard"  # once a month
PAGE = "/round/many/620902101201"


async def settle(village: Village, count: int) -> list[Household]:
    """Register so many more households."""
    since, people = date(2024, 1, 1), village.house.people
    return [
        await people.open_household(
            village.yinger.id, village.grid.id, f"5{n:04}", [NewMember(name="陈桂芳", relation="户主")], on=since
        )
        for n in range(count)
    ]


async def form_of(clerk: Browser) -> tuple[str, list[str]]:
    """The key of the tick grid and the households ticked on it."""
    page = (await clerk.get(PAGE)).text
    key = re.search(r'name="key" value="(\w+)"', page)
    assert key
    return key[1], re.findall(r'name="household" value="(\d+)" checked', page)


async def spendable(village: Village, household: int) -> int:
    return (await village.house.passbooks.open(household)).spendable


async def test_all_are_ticked_and_only_items_of_households_are_offered(village: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    assert (await clerk.get("/round/many")).headers["location"] == PAGE
    page = (await clerk.get(PAGE)).text
    assert set((await form_of(clerk))[1]) == {str(village.family.id), str(village.neighbours.id)}
    assert SWEEP in page
    assert "dezhi-yinger/clinic-company" not in page


async def test_refused_households_are_named_and_cost_the_others_nothing(village: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    (home,) = await settle(village, 1)
    key, refs = await form_of(clerk)
    answer = await clerk.post(PAGE, {"key": key, "item": SWEEP, "household": [*refs, "77", "x"]})
    assert answer.status_code == 200
    assert "记好了 2 户" in answer.text
    assert "王军家" in answer.text
    assert "不能给自己家加分" in answer.text
    assert "不在名单上的 2 户" in answer.text
    assert [await spendable(village, one) for one in (home.id, village.family.id, village.neighbours.id)] == [5, 5, 0]
    slips = re.findall(r"<b>2 户</b>", (await clerk.get("/round")).text)
    assert len(slips) == 1, "a batch stands as one"


async def test_a_batch_sent_again_books_nothing_and_one_action_takes_it_back(village: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    homes = await settle(village, 3)
    form = {"key": (await form_of(clerk))[0], "item": TIDY, "household": [str(home.id) for home in homes]}
    first, second = await clerk.post(PAGE, form), await clerk.post(PAGE, form)
    assert "记好了 3 户" in first.text
    assert "先前已经记过" in second.text
    assert "没有重复加" in second.text
    assert [await spendable(village, home.id) for home in homes] == [3, 3, 3]
    other = await clerk.post(PAGE, {**form, "item": SWEEP})
    assert "一户也没有记上" in other.text
    assert "内容却不一样" in other.text
    full = await clerk.post(PAGE, {**form, "key": "c" * 24})
    assert "一户也没有记上" in full.text
    assert "最多1次" in full.text
    path = re.search(r"/round/reverse/\d+-b\w+", first.text)
    assert path
    page = (await clerk.get(path[0])).text
    assert "冲正这一批 3 户" in page
    assert "道德积分加9分" in page
    assert (await clerk.post(path[0], {"key": "d" * 24, "reason": "记错了事"})).status_code == 303
    assert [await spendable(village, home.id) for home in homes] == [0, 0, 0]
    assert "已经冲正过" in (await clerk.get(path[0])).text
    stranger = await visit("liu")
    assert (await stranger.get(path[0])).status_code == 403


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"item": ""}, "还没有选做了什么"),
        ({"item": "dezhi-yinger/clinic-company"}, "要写明是谁做的"),
        ({"household": []}, "一户也没有勾"),
        ({"household": ["77"]}, "一户也没有勾"),
        ({"key": "short"}, "不完整"),
        ({"day": "22.11."}, "日期看不懂"),
    ],
)
async def test_bad_input_books_nothing_and_keeps_the_ticks(
    village: Village, visit: Visit, changes: dict[str, object], says: str
) -> None:
    clerk = await visit("wang")
    form = {"key": (await form_of(clerk))[0], "item": SWEEP, "household": [str(village.family.id)], **changes}
    answer = await clerk.post(PAGE, form)
    assert answer.status_code in {400, 422}
    assert says in answer.text, answer.text
    assert f'value="{village.neighbours.id}" checked' not in answer.text
    assert await spendable(village, village.family.id) == 0


@pytest.mark.alone
@pytest.mark.row("AW-02")
async def test_a_thousand_households_are_booked_within_five_seconds(village: Village, visit: Visit) -> None:
    homes = await settle(village, 1_000)
    clerk = await visit("wang")
    key, refs = await form_of(clerk)
    assert len(refs) == 1_002
    began = time.perf_counter()
    answer = await clerk.post(PAGE, {"key": key, "item": SWEEP, "household": refs})
    took = time.perf_counter() - began
    assert "记好了 1001 户" in answer.text
    assert await spendable(village, homes[-1].id) == 5
    assert took <= 5
