"""A village's rules in a browser, from its own Excel to the public page: confirmed, decided, adopted, stopped."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xlsxwriter
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page

from dezhi.app import furnish
from engines import run_apart
from homes import Home, Homes
from running import Running, dezhi
from villages import PASSWORD, build_village

Keep = Callable[[Page, str], Path]
VILLAGE = "620902101202"
HERE = f"/township/v/{VILLAGE}"
NO_CONTENT = 204
SIZES = ({"width": 360, "height": 800}, {"width": 1280, "height": 800})


async def prepare(home: Home) -> None:
    house = await furnish(home.settings())
    try:
        await build_village(house)
    finally:
        await house.close()


@pytest.fixture(scope="module")
def served(homes: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with homes.home(tmp_path_factory.mktemp("rules")) as home:
        run_apart(prepare(home))
        with dezhi("serve", home) as running:
            yield running


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A village's sheet as villages make them: a title over everything, merged categories, points in words."""
    path = tmp_path / "下坝村积分表（定稿）.xlsx"
    rows = (
        ("环境卫生", "主动打扫门前屋后卫生", "每次2分，每月最多20分"),
        ("", "参加村里组织的大扫除", "每人次5分"),
        ("公益事业", "参加义务修路、清淤", "5-10分"),
        ("", "调解邻里纠纷成功", "每次10分"),
        ("社会治安", "检举揭发邻居", "奖励50分"),
        ("移风易俗", "红事白事简办", "每次20分"),
    )
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("积分表")
        page.merge_range("A1:D1", "下坝村2027年道德积分细则")
        page.write_row("A2", ("序号", "类别", "内容", "分值"))
        for number, (category, what, points) in enumerate(rows, 1):
            page.write_row(number + 1, 0, (number, category, what, points))
        for first, last, category in ((3, 4, "环境卫生"), (5, 6, "公益事业")):
            page.merge_range(f"B{first}:B{last}", category)
    return path


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "决议.png"
    Image.new("RGB", (120, 160), "white").save(path)
    return path


class Desk:
    """The township's browser. Every page is kept in two widths, and axe finds nothing serious on it."""

    def __init__(self, page: Page, url: str, keep: Keep) -> None:
        self.page, self.url, self.keep, self.shown = page, url, keep, 0

    def go(self, path: str) -> None:
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def press(self, name: str, *, sure: bool = False) -> None:
        """Press the button or link of that name, say yes where it asks, and wait for the next page."""
        found = self.page.locator("main").get_by_role("button", name=name, exact=True)
        if not found.count():
            found = self.page.locator("main").get_by_role("link", name=name, exact=True)
        with self.page.expect_navigation():
            found.first.click()
            if sure:
                self.page.locator("dialog[open] [data-yes]").click()

    def look(self, what: str, *shows: str) -> None:
        self.shown += 1
        for size in SIZES:
            self.page.set_viewport_size({"width": size["width"], "height": size["height"]})
            self.keep(self.page, f"{self.shown:02}-{what}")
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size["width"], f"{what} is {wide} wide"
        said = self.page.locator("main").inner_text()
        assert [text for text in shows if text not in said] == [], said
        found = [
            (one["id"], [node["html"] for node in one["nodes"]][:3])
            for one in Axe().run(self.page).response["violations"]
            if one["impact"] in {"serious", "critical"}
        ]
        assert found == []


@pytest.mark.sqlite
@pytest.mark.row("RU-02")
@pytest.mark.row("B-08")
@pytest.mark.row("B-14")
@pytest.mark.row("RU-14")
def test_a_village_takes_its_own_rules_from_its_excel_to_the_wall(
    served: Running, desk: Page, keep: Keep, sheet: Path, paper: Path
) -> None:
    clerk = Desk(desk, served.url, keep)
    clerk.go("/staff")
    desk.fill("[name=login]", "liu")
    desk.fill("[name=password]", PASSWORD)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/township*")
    upload_and_confirm(clerk, sheet)
    mend(clerk)
    decide(clerk, paper)
    publish(clerk)
    stop_and_return(clerk)


def upload_and_confirm(clerk: Desk, sheet: Path) -> None:
    page = clerk.page
    clerk.go(f"{HERE}/start")
    page.get_by_text("村里有自己的积分细则").click()
    page.wait_for_url("**/draft")
    clerk.look("begin", "传村里自己的细则表", "从空白开始")
    page.set_input_files("[name=file]", sheet)
    clerk.press("读一读")
    clerk.look("rows", "主动打扫门前屋后卫生", "每次2分，每月最多20分", "检举揭发邻居", "要的 0 条")
    for row in page.locator(".draft").all():
        # Each tick is kept at once: whoever leaves finds them again.
        with page.expect_response(lambda answer: answer.status == NO_CONTENT):
            row.locator("[value=keep]").check()
    page.reload()
    clerk.look("ticked", "要的 6 条")
    with page.expect_navigation():
        page.locator(".draft", has_text="参加义务修路").get_by_role("button").first.click()
    clerk.look("row", "参加义务修路", "5-10分")
    page.fill("[name=most]", "4")
    clerk.press("存下这一条")
    clerk.look("row-wrong", "“最少”要比“最多”小")
    page.fill("[name=most]", "12")
    clerk.press("存下这一条")
    clerk.look("confirmed", "要的 6 条，不要的 0 条，还没看的 0 条")
    clerk.press("存下，下一步")


def mend(clerk: Desk) -> None:
    clerk.look("findings", "不能用", "检举揭发邻居", "依据：")
    clerk.press("去掉这一条 检举揭发邻居")
    clerk.look("findings-none", "5 条都查过了")
    clerk.press("下一步：拿过去的事试算")
    clerk.look("try", "要是早就用这份细则")
    clerk.press("下一步：附决议")


def decide(clerk: Desk, paper: Path) -> None:
    page = clerk.page
    page.fill("[name=title]", "下坝村道德积分细则")
    page.get_by_text("村民代表会议", exact=True).click()
    page.fill("[name=resolution]", "下坝村〔2026〕3号")
    page.fill("[name=decided_on]", "2026-01-05")
    for name, votes in {"present": "31", "agreed": "15", "against": "15", "abstained": "1"}.items():
        page.fill(f"[name={name}]", votes)
    clerk.press("存下，看最后一遍")
    clerk.look("resolution-not-passed", "没有超过到会人数的一半")
    page.fill("[name=agreed]", "28")
    page.fill("[name=against]", "2")
    page.set_input_files("[name=paper]", paper)
    page.locator("[name=paper_public]").check()
    clerk.press("存下，看最后一遍")
    clerk.look("review", "新增：参加义务修路", "村民代表会议", "赞成28")
    clerk.press("印出来，开会、上墙用")
    clerk.look("changes-draft", "草稿，还没有启用", "有意见找谁")
    clerk.press("回到草稿")
    clerk.press("启用", sure=True)
    clerk.look("adopted", "第1版定下了")


def publish(clerk: Desk) -> None:
    clerk.go(f"/v/{VILLAGE}/rules")
    clerk.look("public", "主动打扫门前屋后卫生", "到会31人：赞成28，反对2，弃权1", "村务监督委员会")
    assert "检举揭发邻居" not in clerk.page.content()
    clerk.press("这一版改了什么")
    clerk.look("public-changes", "新增：红事白事简办 20分", "下坝村〔2026〕3号", "村务监督委员会", "看决议")


def stop_and_return(clerk: Desk) -> None:
    page = clerk.page
    clerk.go(HERE)
    clerk.press("暂停")
    clerk.look("suspend", "从选的这天起不记分")
    page.fill("[name=reason]", "公示栏重修")
    page.fill("[name=decided_by]", "村民代表会议")
    clerk.press("下一步：看看会变什么")
    clerk.look("suspend-sure", "公示栏重修", "从这天起不记分")
    clerk.press("确定，从这天起暂停")
    clerk.go(f"/v/{VILLAGE}/rules")
    clerk.look("public-suspended", "暂停记分", "公示栏重修")
    clerk.go(HERE)
    clerk.press("恢复这一版 1")
    clerk.press("下一步：看看会变什么")
    clerk.look("return-sure", "从这天起恢复记分")
    clerk.press("确定，恢复第1版")
    clerk.look("returned", "恢复第1版", "在用")
