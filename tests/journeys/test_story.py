"""The whole story in a real browser, twice: in the demo, and in a village set up from nothing but a roster.

A clerk awards moral points, volunteer hours and 平安 credits; the resident sees why and redeems; the clerk hands over;
the board and the common goal move; one entry is reversed and they move back.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from homes import Home
from running import Running, dezhi

Keep = Callable[[Page, str], Path]
PHONE = {"width": 360, "height": 800}
DESK = {"width": 1280, "height": 800}
PASSWORD = "a long enough one 9"
AWARDS = (("邻里帮扶", "10 分"), ("交通劝导岗", "1 小时"), ("公共隐患上报并查实", "5 分"))


class Visit:
    """Somebody at the site with a browser of their own. Every page they see is kept and scanned."""

    def __init__(self, browser: Browser, url: str, size: Any, keep: Keep, name: str) -> None:
        self.context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
        self.page = self.context.new_page()
        self.url, self.keep, self.name, self.shown = url, keep, name, 0
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        # A refused form answers 422, which Chromium reports as a failed load; what was refused stands on the page.
        self.page.on(
            "console",
            lambda said: self.faults.append(said.text) if said.type == "error" and "422" not in said.text else None,
        )

    def go(self, path: str) -> Page:
        """Open a page of the site."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        return self.page

    def look(self, what: str) -> None:
        """Keep a picture of the page as it is, and let axe find nothing serious on it."""
        self.shown += 1
        self.keep(self.page, f"{self.name}-{self.shown:02}-{what}")
        found = [
            (one["id"], [node["html"] for node in one["nodes"]][:3])
            for one in Axe().run(self.page).response["violations"]
            if one["impact"] in {"serious", "critical"}
        ]
        assert found == []
        assert self.faults == []

    def press(self, name: str) -> None:
        """Press the button of that name and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).first.click()

    def enter(self, who: str) -> None:
        """Come in through the demo's door."""
        self.go("/")
        with self.page.expect_navigation():
            self.page.locator(f'form[action="/demo/enter/{who}"] button').click()

    def log_in(self, login: str, password: str) -> None:
        """Come in as staff."""
        self.go("/staff")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", password)
        self.press("登录")


@pytest.fixture
def visit(browser: Browser, keep: Keep) -> Iterator[Callable[..., Visit]]:
    """Let somebody visit; everybody leaves at the end."""
    visits: list[Visit] = []

    def come(served: Running, name: str, size: Any = DESK) -> Visit:
        visits.append(Visit(browser, served.url, size, keep, name))
        return visits[-1]

    yield come
    for one in visits:
        one.context.close()


def goal_and_board(visitor: Visit, village: str, household: str) -> tuple[int, int]:
    """What the public page says: the common goal's figure, and the household's on the board (0: not there)."""
    page = visitor.go(f"/v/{village}")
    reached = int(page.locator(".goal__figures b").first.inner_text().replace(",", ""))
    row = page.locator(".places li", has_text=household)
    score = int(re.findall(r"(\d[\d,]*)\s*分", row.first.inner_text())[-1].replace(",", "")) if row.count() else 0
    return reached, score


def award(clerk: Visit, household: str, title: str) -> None:
    """One award by name: type, tap the household, tap the item, save."""
    page = clerk.go("/round")
    page.fill("#f-q", household)
    page.locator("#found a.cell").first.click()
    page.wait_for_url("**/round/award*")
    choice = page.locator("label.choice", has_text=title).first
    closed = page.locator("details:not([open])", has=choice)
    if not choice.is_visible() and closed.count():
        closed.first.locator("summary").click()
    choice.click()
    people = page.locator("[data-ask=person] label.choice")
    if people.count() and people.first.is_visible() and not page.locator("[name=person]:checked").count():
        people.first.click()
    page.wait_for_selector("#preview .sentence, #preview p")
    clerk.press("记上")


def tell_the_story(clerk: Visit, resident: Visit, anybody: Visit, village: str, household: str, shown: str) -> None:
    """From an award to the board and back. `household` as the clerk types it, `shown` as the public sees it."""
    goal, score = goal_and_board(anybody, village, shown)
    for title, much in AWARDS:
        award(clerk, household, title)
        clerk.look(f"awarded-{title}")
        assert much in clerk.page.locator("main").inner_text()
        assert "未经公示" in clerk.page.locator("main").inner_text()
    raised = goal_and_board(anybody, village, shown)
    assert raised == (goal + 10, score + 10)
    anybody.look("board")

    page = resident.go("/me")
    resident.look("passbook")
    for title, _ in AWARDS:
        assert page.locator("main li", has_text=title).first.is_visible()
    spendable = int(page.locator(".balance__figure").inner_text().replace(",", "").removesuffix("分"))
    page.locator("main li a", has_text=AWARDS[0][0]).first.click()
    page.wait_for_url("**/me/entry/*")
    resident.look("why")
    assert "邻里帮扶" in page.locator("main").inner_text()
    resident.go("/me/rewards")
    resident.look("rewards")
    page.locator("[name=reward]:not([disabled])").first.check(force=True)
    resident.press("换这一样")
    resident.look("pick-up")
    code = re.findall(r"\b\d{6}\b", page.locator("main").inner_text().replace(" ", ""))[0]

    page = clerk.go("/round/hand-over")
    page.fill("[name=code]", code)
    clerk.press("查")
    clerk.look("hand-over")
    clerk.press("东西交到手了")
    clerk.look("handed-over")
    assert (
        int(resident.go("/me").locator(".balance__figure").inner_text().replace(",", "").removesuffix("分")) < spendable
    )

    page = clerk.go("/round")
    clerk.look("today")
    # Ten minutes long one tap takes back what was just recorded.
    page.locator(".slips li", has_text=AWARDS[0][0]).first.get_by_role("button", name="撤回").click()
    page.wait_for_selector(".slips__undone")
    clerk.look("taken-back")
    assert goal_and_board(anybody, village, shown) == (goal, score)
    resident.go("/me")
    assert resident.page.locator("main li", has_text="冲正").first.is_visible()
    resident.look("reversed")


@pytest.mark.sqlite  # tests/service/test_demo.py makes its year on both databases
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_story_in_the_demo(demo: Running, visit: Callable[..., Visit], size: Any) -> None:
    clerk, resident, anybody = (visit(demo, name, size) for name in ("clerk", "resident", "anybody"))
    resident.enter("resident")
    shown = resident.page.locator("h1").inner_text().strip()
    anybody.go("/")
    anybody.look("front")
    village = re.findall(r"/v/(\d{12})/rules", anybody.page.content())[0]
    clerk.enter("clerk")
    clerk.look("home")
    tell_the_story(clerk, resident, anybody, village, "陈桂芳", shown)


def roster(path: Path) -> Path:
    """A village's own list: thirty households of two."""
    rows = ["户号,网格,地址,姓名,与户主关系,出生日期"]
    for number in range(1, 31):
        head = "李小明" if number == 2 else f"王大{'一二三四五六七八九十'[number % 10]}"
        rows.append(f"{number:03},第一网格,一组{number}号,{head},户主,1956-03-02")
        rows.append(f"{number:03},第一网格,一组{number}号,赵秀兰,配偶,1958-07-09")
    path.write_text("\n".join(rows), encoding="utf-8-sig")
    return path


def set_up(admin: Visit, served: Running, file: Path) -> tuple[str, str, str]:
    """A township with nothing but a roster starts its own; returns the clerk's password, a card and its PIN."""
    token = re.findall(r"/setup/(\S+)$", served.printed(), re.MULTILINE)[0]
    page = admin.go(f"/setup/{token}")
    admin.look("welcome")
    fields = {"province": "甘肃省", "city": "酒泉市", "county": "肃州区", "township": "上坝镇", "code": "620902101000"}
    for name, value in (fields | {"name": "孙丽", "login": "sunli", "password": PASSWORD}).items():
        page.fill(f"[name={name}]", value)
    admin.press("立好管理员")
    admin.look("village")
    page.fill("[name=code]", "620902101201")
    page.fill("[name=name]", "营尔村")
    page.fill("[name=grids]", "第一网格\n第二网格")
    admin.press("建好")
    page.set_input_files("[name=file]", file)
    admin.press("先看一遍")
    admin.look("preview")
    admin.press("收下这")
    page.locator("[name=plugin][value=dezhi-yinger]").check(force=True)
    admin.look("programme")
    admin.press("就用这些")
    admin.look("done")
    admin.go("/township/staff")
    page.fill("[name=name]", "王大一")
    page.fill("[name=login]", "wang")
    page.select_option("[name=role]", "clerk")
    page.select_option("[name=scope]", label=re.compile("营尔村").pattern)
    admin.press("加上")
    if page.locator("[name=person]").count():
        page.locator("[name=person]").first.check(force=True)
        admin.press("加上")
    admin.look("password")
    secret = page.locator(".pickup__code").inner_text().strip()
    admin.go("/township/v/620902101201/cards")
    admin.press("发卡")
    admin.look("cards")
    strip = page.locator(".strip", has_text="李小明").first
    card = strip.locator(".strip__number").inner_text().replace(" ", "")
    return secret, card, strip.locator(".strip__secret").inner_text().strip()


def test_the_story_in_a_village_set_up_from_a_roster(home: Home, tmp_path: Path, visit: Callable[..., Visit]) -> None:
    with dezhi("serve", home) as served:
        admin, clerk, anybody = (visit(served, name) for name in ("admin", "clerk", "anybody"))
        resident = visit(served, "resident", PHONE)
        secret, card, pin = set_up(admin, served, roster(tmp_path / "花名册.csv"))
        clerk.log_in("wang", secret)
        for name, value in (("old", secret), ("password", PASSWORD), ("again", PASSWORD)):
            clerk.page.fill(f"[name={name}]", value)
        clerk.press("换好了")
        resident.go("/card")
        resident.page.fill("[name=card]", card)
        resident.page.fill("[name=pin]", pin)
        resident.press("打开存折")
        resident.go("/me/choices")
        resident.page.locator("[name=on_board]").check(force=True)
        resident.press("就这样")
        tell_the_story(clerk, resident, anybody, "620902101201", "李小明", "李×明家")
