"""From the address that `dezhi serve` prints to a village that can record its first deed, over HTTP."""

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import xlsxwriter
from litestar import Litestar

from dezhi.core.staff import Post, Role
from dezhi.service.house import House
from township import Hands
from villages import PASSWORD
from visiting import Browser, Visit

FOUND = {
    "province": "甘肃省",
    "city": "酒泉市",
    "county": "肃州区",
    "township": "上坝镇",
    "code": "620902101",
    "name": "刘芳",
    "login": "liu",
    "password": PASSWORD,
}
VILLAGE = {"name": "营尔村", "code": "620902101201", "grids": "第一网格\n\n第二网格\n第一网格"}
CODE = VILLAGE["code"]
HEADER = "户号,网格,地址,姓名,与户主关系,出生日期\n"
ROSTER = HEADER + "012,第一网格,营尔村1号,李小明,户主,1956-03-02\n012,第一网格,营尔村1号,王秀兰,妻,1958-07-09\n"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(rows: list[list[Any]]) -> bytes:
    """Write an Excel file."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return held.getvalue()


async def upload(browser: Browser, data: bytes, name: str = "花名册.csv") -> Any:
    """Send a roster, as the form does."""
    return await browser.post(f"/township/v/{CODE}/roster", files={"file": (name, data, XLSX)})


@pytest.fixture
async def township(empty: tuple[House, Litestar], visit: Visit) -> Browser:
    """Found the township and its village; the browser is its administrator's."""
    browser = await visit()
    token = await empty[0].setup.new_token()
    assert (await browser.post(f"/setup/{token}", FOUND)).status_code == 303
    answer = await browser.post("/township/villages/new", VILLAGE)
    assert answer.headers["location"] == f"/township/v/{CODE}/roster"
    return browser


async def test_the_address_works_once(empty: tuple[House, Litestar], visit: Visit) -> None:
    token = await empty[0].setup.new_token()
    browser, late = await visit(), await visit()
    assert "只能用一次" in (await browser.get(f"/setup/{token}")).text
    wrong = await browser.post(f"/setup/{token}", FOUND | {"password": "short"})
    assert wrong.status_code == 422
    assert "密码至少要" in wrong.text
    assert 'value="上坝镇"' in wrong.text
    assert "short" not in wrong.text
    answer = await browser.post(f"/setup/{token}", FOUND)
    assert answer.headers["location"] == "/township/villages/new"
    assert (await browser.get("/township")).status_code == 200
    for again in (await late.get(f"/setup/{token}"), await late.post(f"/setup/{token}", FOUND | {"login": "eve"})):
        assert again.status_code == 404
    assert (await late.get("/setup/anything")).status_code == 404
    assert len(await empty[0].staff.everybody((await empty[0].places.townships())[0].id)) == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"code": "620902000"}, "最后3位是000"),
        ({"code": "999999999"}, "省级代码"),
        ({"code": "６２０９０２１０１"}, "12位数字"),
        ({"city": ""}, "省、市、县、乡镇"),
        ({"login": "刘 芳"}, "英文字母"),
        ({"name": ""}, "姓名"),
    ],
)
async def test_a_refused_founding_leaves_nothing_and_the_address_open(
    empty: tuple[House, Litestar], visit: Visit, change: dict[str, str], says: str
) -> None:
    house, browser = empty[0], await visit()
    token = await house.setup.new_token()
    answer = await browser.post(f"/setup/{token}", FOUND | change)
    assert answer.status_code == 422
    assert says in answer.text
    assert not await house.places.townships()
    assert (await browser.post(f"/setup/{token}", FOUND)).status_code == 303


async def test_a_village_from_nothing_but_a_roster(
    empty: tuple[House, Litestar], township: Browser, visit: Visit
) -> None:
    house = empty[0]
    assert [grid.name for grid in await house.places.grids((await _village(house)).id)] == ["第一网格", "第二网格"]
    looked = await upload(township, ROSTER.encode())
    assert looked.status_code == 200
    assert "还没有存" in looked.text
    assert await house.people.count_below((await _village(house)).id) == 0
    preview = re.search(r'name="preview" value="([^"]+)"', looked.text)
    assert preview
    assert preview[1] not in str(looked.url)
    taken = await township.post(f"/township/v/{CODE}/roster/confirm", {"preview": preview[1]})
    assert taken.headers["location"] == f"/township/v/{CODE}/start"
    again = await township.post(f"/township/v/{CODE}/roster/confirm", {"preview": preview[1]})
    assert again.status_code == 410
    assert await house.people.count_below((await _village(house)).id) == 1

    assert "道德储蓄银行" in (await township.get(f"/township/v/{CODE}/start")).text
    started = await township.post(f"/township/v/{CODE}/start", {"plugin": ["dezhi-yinger", "dezhi-hello"]})
    assert started.headers["location"] == f"/township/v/{CODE}/done"
    assert "1 户" not in (await township.get(f"/township/v/{CODE}/done")).text
    page = await township.get(f"/township/v/{CODE}")
    assert "没有附村民会议" in page.text
    assert "告知书" in page.text

    new = {"name": "王秀兰", "login": "wangxl", "role": "clerk", "scope": str((await _village(house)).id)}
    which = await township.post("/township/staff", new)
    assert which.status_code == 422
    person = re.search(r'name="person" value="(\d{5,})"', which.text)
    assert person
    added = await township.post("/township/staff", new | {"person": person[1]})
    secret = re.search(r'class="pickup__code[^>]*>([a-z0-9-]+)<', added.text)
    assert secret
    clerk = await visit("wangxl", secret[1])
    assert (await clerk.get("/staff/password")).status_code == 200

    assert "还没有卡" in (await township.get(f"/township/v/{CODE}/cards")).text
    sheet = await township.post(f"/township/v/{CODE}/cards")
    assert sheet.status_code == 200
    card, pin = re.search(r"strip__number\">([\d ]+)<.*?strip__secret\">(\d{6})<", sheet.text, re.DOTALL).groups()
    assert "<svg" in sheet.text
    assert 'style="' not in sheet.text
    resident = await visit()
    await resident.show_card(card, pin)
    none_left = await township.post(f"/township/v/{CODE}/cards")
    assert none_left.status_code == 409
    assert pin not in none_left.text


@pytest.mark.row("HH-12")
async def test_500_rows_with_20_errors(empty: tuple[House, Litestar], township: Browser) -> None:
    rows: list[list[Any]] = [["户号", "网格", "地址", "姓名", "与户主关系", "出生日期"]]
    rows += [[f"{n:03}", "第一网格", f"{n}号", "李小明", "户主", "1956-03-02"] for n in range(1, 501)]
    broken = list(range(10, 410, 20))
    for row in broken:
        rows[row][5] = "很久以前"
    looked = await upload(township, workbook(rows), "花名册.xlsx")
    assert looked.status_code == 200
    assert "共 500 行：能收 480 行，20 行有问题。" in looked.text
    told = re.findall(r'<td class="num" data-label="行">(\d+)</td><td data-label="怎么了">([^<]+)', looked.text)
    assert [int(row) for row, _ in told] == [row + 1 for row in broken]
    assert all("日" in text for _, text in told)
    preview = re.search(r'name="preview" value="([^"]+)"', looked.text)
    assert preview
    await township.post(f"/township/v/{CODE}/roster/confirm", {"preview": preview[1]})
    assert await empty[0].people.count_below((await _village(empty[0])).id) == 480


def bomb() -> bytes:
    """Make a workbook of some kilobytes that unpacks to 64 MB."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        with packed.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(64):
                sheet.write(b"0" * 2**20)
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(b"", 422, id="empty"),
        pytest.param(b"\x00\xff" * 500, 422, id="noise"),
        pytest.param(b"PK\x03\x04 broken", 422, id="broken-zip"),
        pytest.param(bomb(), 413, id="zip-bomb"),
        pytest.param(b"a" * (5 * 1024 * 1024 + 1), 413, id="over-5-MB"),
        pytest.param(b"a" * (6 * 1024 * 1024), 413, id="6-MB"),
        pytest.param((HEADER + "012,一,1号,李小明,户主,620902195603021234\n").encode(), 422, id="identity-number"),
        pytest.param((HEADER.strip() + ",电话\n012,一,1号,李小明,户主,,13812345678\n").encode(), 422, id="telephone"),
        pytest.param("姓名,年龄\n李小明,70\n".encode(), 422, id="no-header"),
    ],
)
async def test_a_roster_with_a_bomb_in_it_is_refused_in_words(
    empty: tuple[House, Litestar], township: Browser, data: bytes, status: int
) -> None:
    answer = await upload(township, data, "花名册.xlsx")
    assert answer.status_code == status
    assert 'role="alert"' in answer.text or "没有收下" in answer.text
    assert "620902195603021234" not in answer.text
    assert "13812345678" not in answer.text
    assert await empty[0].people.count_below((await _village(empty[0])).id) == 0


async def test_a_formula_stays_out_and_is_explained(empty: tuple[House, Litestar], township: Browser) -> None:
    looked = await upload(township, (ROSTER + '013,第一网格,2号,"=CMD|calc",户主,\n').encode())
    assert looked.status_code == 200
    assert "1 行有问题" in looked.text


async def test_a_preview_is_its_uploaders_and_its_villages_and_ends(
    empty: tuple[House, Litestar], township: Browser, visit: Visit, hands: Hands
) -> None:
    other = {"name": "下坝村", "code": "620902101202", "grids": ""}
    await township.post("/township/villages/new", other)
    looked = await upload(township, ROSTER.encode())
    found = re.search(r'name="preview" value="([^"]+)"', looked.text)
    assert found
    preview = {"preview": found[1]}
    assert (await township.post("/township/v/620902101202/roster/confirm", preview)).status_code == 410
    top = (await empty[0].places.townships())[0]
    await empty[0].staff.create_with("chen", "陈强", [Post(Role.TOWNSHIP, top.id)], PASSWORD)
    colleague = await visit("chen")
    assert (await colleague.post(f"/township/v/{CODE}/roster/confirm", preview)).status_code == 410
    hands.pass_by(timedelta(minutes=30, seconds=1))
    assert (await township.post(f"/township/v/{CODE}/roster/confirm", preview)).status_code == 410


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"code": "620902102201"}, "前9位"),
        ({"code": "620902101"}, "12位"),
        ({"code": "620902101000"}, "不是这一级"),
        ({"code": "620902101201"}, "已经是"),
        ({"name": " "}, "名称"),
        ({"grids": "网" * 61}, "60个字"),
        ({"grids": "\n".join(f"第{n}网格" for n in range(201))}, "200"),
    ],
)
async def test_a_refused_village_keeps_what_was_typed(
    empty: tuple[House, Litestar], township: Browser, change: dict[str, str], says: str
) -> None:
    typed = {"name": "下坝村", "code": "620902101202", "grids": "第一网格"} | change
    answer = await township.post("/township/villages/new", typed)
    assert answer.status_code in {409, 422}
    assert says in answer.text
    assert typed["code"] in answer.text
    assert len(await empty[0].places.villages((await empty[0].places.townships())[0].id)) == 1


async def _village(house: House) -> Any:
    return await house.places.by_code(CODE)
