"""A village's own workbook beside the rules in use: tried at once, and a draft that asks what becomes of them."""

import base64
import io
import re
from datetime import date, timedelta

import pytest
import xlsxwriter
from litestar import Litestar

from calling import Program, make_token
from dezhi.core.drafts import RowState
from dezhi.core.programmes import Enabled, Resolution
from dezhi.host import Directory
from dezhi.service.awards import Asked
from dezhi.service.house import House
from links import text
from villages import YINGER, Village
from visiting import Visit

CODE = "620902101201"
HERE = f"/township/v/{CODE}"


@pytest.fixture
def directory() -> Directory:
    """The village's plugin, and the one that reads workbooks."""
    return Directory(["dezhi_yinger", "dezhi_sheet"])


def book(*more: tuple[str, str, str]) -> bytes:
    """A village's sheet with an item that the village has already, another one, and what is asked for."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as workbook:
        sheet = workbook.add_worksheet("细则")
        lines = ("类别", "内容", "分值"), ("互助", "邻里帮扶", "每次7分"), ("环境", "扫雪", "每次2分"), *more
        for at, line in enumerate(lines):
            sheet.write_row(at, 0, line)
    return made.getvalue()


SHEET = "dezhi-sheet"
ROWS = [
    {"code": "serve", "title": "志愿服务", "category": "good", "points": 1, "per": "hour", "every": 60},
    {
        "code": "care",
        "title": "照料老人",
        "category": "good",
        "points": 2,
        "per": "hour",
        "coefficients": [{"code": "night", "title": "夜间", "percent": 200}],
        "caps": [{"window": "week", "points": 90, "fill": True}],
    },
    {
        "code": "sweep",
        "title": "集体大扫除",
        "category": "good",
        "points": 2,
        "per": "person",
        "caps": [{"window": "week", "points": 6}],
    },
    {
        "code": "rescue",
        "title": "见义勇为、抢险救灾",
        "category": "good",
        "least": 10,
        "most": 30,
        "caps": [{"window": "year", "points": 60, "fill": True}],
    },
]


async def adopt(village: Village, **more: object) -> None:
    """Let the village adopt a sheet of its own."""
    settings = {"categories": [{"code": "good", "title": "好事"}], "items": ROWS, **more}
    await village.house.programmes.adopt(
        village.yinger.id,
        {SHEET: Enabled(version="0.1.0", settings=settings)},
        title="试",
        effective_from=village.today,
        staff=village.admin.id,
        resolution=Resolution(number="决议一号", decided_on=village.today),
    )


@pytest.mark.row("RU-01")
@pytest.mark.parametrize(("code", "typed", "said"), [("serve", 120, "加2分"), ("care", 120, "加8分")])
async def test_hours_are_recorded_through_the_form_as_it_stands(
    village: Village, visit: Visit, code: str, typed: int, said: str
) -> None:
    await adopt(village)
    clerk, home = await visit("wang"), str(village.family.id)
    page = (await clerk.get("/round/award", params={"household": home})).text
    (button,) = re.findall(rf'<input type="radio" name="item" value="{SHEET}/{code}".*?>', page, re.DOTALL)
    told = dict(re.findall(r'data-(\w+)="(.*?)"', button))
    assert (told["asks"], int(told["least"]), int(told["most"])) == ("minutes", 1, 1_440)
    form = {"household": home, "key": f"hours-{code}-01", "item": f"{SHEET}/{code}", "minutes": str(typed)}
    if code == "care":
        form["answer.kind"] = "night"
    assert said in (await clerk.post("/round/award/preview", form, headers={"hx-request": "true"})).text
    done = await clerk.post("/round/award", form)
    assert (done.status_code, said in done.text) == (200, True), done.text


@pytest.mark.row("RU-10")
async def test_a_range_under_a_limit_is_offered_from_its_own_least(village: Village, visit: Visit) -> None:
    """The title has words of a red line that lint lets pass as a whole: so does the award's reason."""
    await adopt(village)
    clerk, home = await visit("wang"), str(village.family.id)
    page = (await clerk.get("/round/award", params={"household": home})).text
    assert re.search(rf'value="{SHEET}/rescue".*?data-least="10" data-most="30"', page, re.DOTALL)
    form = {"household": home, "key": "range-under-01", "item": f"{SHEET}/rescue", "points": "20", "note": "跳水救人"}
    assert "加20分" in (await clerk.post("/round/award", form)).text


@pytest.mark.row("RU-05")
async def test_the_preview_says_what_saving_would(village: Village, visit: Visit) -> None:
    await adopt(village)
    clerk, home = await visit("wang"), str(village.family.id)
    form = {"household": home, "key": "over-cap-01", "item": f"{SHEET}/sweep", "answer.people": "4"}
    said = text((await clerk.post("/round/award/preview", form, headers={"hx-request": "true"})).text)
    assert "加8分" not in said
    assert "这样记不上：“集体大扫除”本周最多6分，已经有0分，这一次是8分。还能记6分：请把人数" in said
    assert (await clerk.post("/round/award", form)).status_code == 409
    form = {**form, "key": "over-cap-02", "answer.people": "3"}
    assert "加6分" in (await clerk.post("/round/award/preview", form, headers={"hx-request": "true"})).text
    assert (await clerk.post("/round/award", form)).status_code == 200
    form = {**form, "key": "over-cap-03", "answer.people": "1"}
    assert "已经满了" in (await clerk.post("/round/award/preview", form, headers={"hx-request": "true"})).text


@pytest.mark.row("RU-18")
async def test_a_base_stands_apart_from_what_a_clerk_records_every_day(village: Village, visit: Visit) -> None:
    """The calendar records it; for a household it left out (ADR 0087) a clerk still can."""
    base = {"code": "base", "title": "家庭基础分", "category": "good", "points": 100}
    await adopt(village, bases=[base])
    clerk, home = await visit("wang"), str(village.family.id)
    page = (await clerk.get("/round/award", params={"household": home})).text
    everyday, _, apart = page.partition("自动记的")
    assert ("家庭基础分" in everyday, "家庭基础分" in apart, "见义勇为" in apart) == (False, True, False)
    assert "家庭基础分" not in (await clerk.get(f"/round/many/{village.yinger.code}")).text
    form = {"household": home, "key": "base-missed-01", "item": f"{SHEET}/base"}
    assert "荣誉积分加100分" in (await clerk.post("/round/award", form)).text


async def live(village: Village) -> None:
    """Nine households, each with two deeds of helping a neighbour and one that the sheet has not."""
    homes = [await village.open_family(f"1{number:02}") for number in range(9)]
    for number, home in enumerate(homes):
        for turn, item in enumerate(("neighbour-help", "neighbour-help", "tidy-yard")):
            on = date(2026, 10, 20 + turn)  # a month that is over
            asked = Asked(household=home.id, item=f"{YINGER}/{item}", on=on)
            await village.house.awards.record(asked, village.actor, f"live-{number}-{turn}")


async def test_a_villages_own_workbook_is_tried_with_one_upload_and_not_kept(
    village: Village, visit: Visit, empty: tuple[House, Litestar]
) -> None:
    await live(village)
    house, township = village.house, await visit("liu")
    days = {"since": str(village.today - timedelta(days=90)), "until": str(village.today)}
    answer = await township.post(f"{HERE}/backtest", {**days, "what": "file"}, files={"file": ("细则.xlsx", book())})
    assert answer.status_code == 303, text(answer.text)
    file = {"name": "细则.xlsx", "content": base64.b64encode(book()).decode()}
    async with Program(empty[1], await make_token(house, village.admin)) as program:
        begun = await program.post(f"/villages/{CODE}/backtests/begin", {**days, "file": file})
        assert begun.status_code == 200, begun.text
        await house.trials.finished()
        told = (await program.get(f"/villages/{CODE}/backtests/{begun.json()['id']}")).json()
    page = text((await township.get(answer.headers["location"])).text)
    # 18 deeds of helping a neighbour, at 7 points; the other 9 have no such item.
    assert (told["result"]["totals"][0]["after"], told["result"]["uncovered"]) == (18 * 7, 9)
    assert told["notes"][0].endswith("试算只用过完的整月，用的是2026年8月1日到2026年10月31日。")
    assert text(told["notes"][0]) in page
    assert text(told["findings"][0]) in page
    assert "有9笔在新办法里找不到同名的条目" in page
    assert await house.drafts.open(village.yinger.id) == []


async def test_a_sheet_stands_beside_what_is_used_now_or_takes_its_place(
    village: Village, visit: Visit, empty: tuple[House, Litestar]
) -> None:
    browser, house, here = await visit("liu"), village.house, HERE
    file = {"name": "细则.xlsx", "content": base64.b64encode(book()).decode()}
    async with Program(empty[1], await make_token(house, village.admin)) as program:
        begun = await program.post(f"/villages/{CODE}/drafts", {"file": file})
        assert begun.status_code == 201, begun.text
        assert [row["title"] for row in begun.json()["rows"]] == ["邻里帮扶", "扫雪"]
        draft = f"{here}/draft/{(key := begun.json()['id'])}"
        rows = (await browser.get(f"{draft}/rows")).text
        assert "有1条两边都有：邻里帮扶" in rows
        assert "也接着用" in (await browser.get(f"{draft}/try")).text
        form = {"edition": re.findall(r'name="edition" value="(\d+)"', rows)[0], "others": "no"}
        assert (await browser.post(f"{draft}/others", form)).status_code == 303
        assert set((await house.drafts.find(village.yinger.id, int(key))).document.plugins) == {"dezhi-sheet"}
        assert "还是接着用" in (await browser.get(f"{draft}/rows")).text
        back = await program.post(
            f"/villages/{CODE}/drafts/{key}/others", {"edition": begun.json()["edition"] + 1, "wanted": True}
        )
        assert back.status_code == 201, back.text
    again = await house.drafts.find(village.yinger.id, int(key))
    (latest,) = await house.programmes.history(village.yinger.id)
    assert again.document.plugins["dezhi-yinger"] == latest.document.plugins["dezhi-yinger"]


async def test_a_person_says_which_row_an_item_of_the_past_is_now(
    village: Village, visit: Visit, empty: tuple[House, Litestar]
) -> None:
    await live(village)
    township, house = await visit("liu"), village.house
    file = {"name": "细则.xlsx", "content": base64.b64encode(book(("环境", "庭院卫生整洁", "每次2分"))).decode()}
    days = {"since": "2026-10-01", "until": "2026-10-31"}
    async with Program(empty[1], await make_token(house, village.admin)) as program:
        begun = (await program.post(f"/villages/{CODE}/drafts", {"file": file})).json()
        draft = await house.drafts.find(village.yinger.id, key := int(begun["id"]))
        rows = [row.id for row in draft.rows]
        await house.drafts.change(village.yinger.id, key, draft.edition, lambda one: one.decided(rows, RowState.KEPT))
        page = (await township.get(f"{HERE}/draft/{key}/rows")).text
        form = {"edition": re.findall(r'name="edition" value="(\d+)"', page)[0], "others": "no"}
        assert (await township.post(f"{HERE}/draft/{key}/others", form)).status_code == 303
        page = (await township.get(f"{HERE}/draft/{key}/try")).text
        assert "自家庭院干净整洁" in page
        assert "约10笔" in page  # nine, told in fives
        (name,) = re.findall(r'name="(pair:.*?)"', page)
        ((row, title),) = re.findall(r'<option value="([^"]+)" selected>(.*?)</option>', page)
        assert (name, title) == (f"pair:{YINGER}/tidy-yard", "庭院卫生整洁")
        answer = await township.post(f"{HERE}/backtest", {**days, "what": "draft", "draft": str(key), name: row})
        plain = await township.post(f"{HERE}/backtest", {**days, "what": "draft", "draft": str(key), name: ""})
        asked = {**days, "draft": str(key), "pairs": {"自家庭院干净整洁": "庭院卫生整洁"}}
        begun = (await program.post(f"/villages/{CODE}/backtests/begin", asked)).json()
        await house.trials.finished()
        found = (await program.get(f"/villages/{CODE}/backtests/{begun['id']}")).json()["result"]
        wrong = await program.post(f"/villages/{CODE}/backtests/begin", {**asked, "pairs": {"自家庭院": "x"}})
    assert (found["totals"][0]["after"], found["unmatched"]) == (18 * 7 + 9 * 2, [])
    assert "按“自家庭院干净整洁”=“庭院卫生整洁”算的。" in text((await township.get(answer.headers["location"])).text)
    page = text((await township.get(plain.headers["location"])).text)
    assert "把名称变了的对上" in page
    assert "庭院卫生整洁" in page  # a suggestion, and nothing is counted by it
    assert "对上的条目" not in page
    assert (wrong.status_code, "自家庭院干净整洁" in wrong.text) == (422, True)
