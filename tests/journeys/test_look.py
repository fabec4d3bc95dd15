"""The samples in a real browser: sizes, targets, contrast, paper, dark, and what works without script."""

from collections.abc import Callable, Iterator
from gzip import compress
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from dezhi.web.rendering import BUILT
from preview import Preview, render
from samples.pages import PAGES

SHOWN = sorted(name for name in PAGES if not name.startswith("wall"))
PHONE = 360
LIMIT = 150 * 1024
SMALL_TARGETS = """least => [...document.querySelectorAll('a, button, summary, select, input:not([type=hidden])')]
  .filter(e => e.offsetParent && !e.closest('p, .choice, .tick, .switch, .skip, caption, td small'))
  .filter(e => !(e.tagName === 'A' && getComputedStyle(e).display === 'inline'))
  .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, box]) => box.height < least - 0.5 || box.width < least - 0.5)
  .map(([html, box]) => `${html} ${box.width}×${box.height}`)"""
SERIOUS = {"serious", "critical"}


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[..., Preview]]:
    opened: list[Preview] = []

    def open_window(width: int = PHONE, height: int = 800, **more: bool) -> Preview:
        opened.append(Preview(browser, width, height, **more))
        return opened[-1]

    yield open_window
    for one in opened:
        one.context.close()


def test_nothing_is_wider_than_the_phone(window: Callable[..., Preview]) -> None:
    preview = window()
    too_wide = []
    for name in SHOWN:
        preview.show(name)
        if preview.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(name)
    assert too_wide == []


@pytest.mark.parametrize(("large", "letters", "target"), [(False, 17, 44), (True, 24, 60)])
def test_letters_and_targets_are_large_enough(
    window: Callable[..., Preview], large: bool, letters: int, target: int
) -> None:
    preview = window()
    small = {}
    for name in SHOWN:
        preview.show(name)
        preview.page.evaluate("large => { document.documentElement.dataset.size = large ? 'large' : '' }", large)
        assert preview.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= letters
        if found := preview.page.evaluate(SMALL_TARGETS, target):
            small[name] = found
    assert small == {}


@pytest.mark.parametrize(("width", "dark"), [(PHONE, False), (1280, True)])
def test_axe_finds_nothing_serious(window: Callable[..., Preview], width: int, dark: bool) -> None:
    preview = window(width, dark=dark)
    axe = Axe()
    found = {}
    # What is the same at every width and in every light is looked at once.
    everything = width == PHONE and not dark
    for name in SHOWN if everything else ("home", "book", "award", "desk-visit", "programme", "journal"):
        preview.show(name)
        violations = axe.run(preview.page).response["violations"]
        serious = [(one["id"], one["nodes"][0]["html"][:120]) for one in violations if one["impact"] in SERIOUS]
        if serious:
            found[name] = serious
    assert found == {}


def test_the_wall_shows_one_panel_at_a_time_and_all_of_it(window: Callable[..., Preview]) -> None:
    preview = window(1920, 1080, dark=True)
    preview.show("wall")
    panels = preview.page.locator("[data-panel]")
    assert [panels.nth(n).is_visible() for n in range(panels.count())] == [True] + [False] * (panels.count() - 1)
    assert preview.page.evaluate("document.documentElement.scrollHeight") == 1080
    assert preview.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 248, 242)"
    assert preview.page.evaluate(
        "[...document.querySelectorAll('.wall *')].filter(e => e.offsetParent && [...e.childNodes].some(n => "
        "n.nodeType === 3 && n.textContent.trim())).every(e => parseFloat(getComputedStyle(e).fontSize) >= 28)"
    )


def test_the_wall_s_board_keeps_every_place(window: Callable[..., Preview]) -> None:
    for width, height in ((1920, 1080), (1280, 720), (1366, 768)):
        preview = window(width, height)
        preview.show("wall#3")
        places = preview.page.locator(".places > li")
        assert places.count() == 8
        assert all(places.nth(number).is_visible() for number in range(8))


def test_the_wall_renews_itself_each_minute_and_goes_on_without_a_network(window: Callable[..., Preview]) -> None:
    preview = window(1920, 1080)
    page = preview.page
    page.clock.install()
    preview.show("wall")
    state, shown = page.locator("[data-state]"), page.locator("[data-panel]:visible h2")
    first = shown.inner_text()
    preview.cut = True
    page.clock.run_for(61_000)
    expect(state).to_have_text("网络断了，显示的是断网前的内容")
    assert shown.count() == 1
    assert shown.inner_text() != first, "it goes on showing one panel after the other"
    preview.cut = False
    page.clock.run_for(61_000)
    expect(state).to_contain_text("的数")


def test_paper_carries_the_demo_mark_and_no_buttons(window: Callable[..., Preview]) -> None:
    preview = window(1280)
    preview.page.emulate_media(media="print")
    for name in ("home", "book", "desk-slip", "journal", "cards"):
        preview.show(name)
        assert preview.page.get_by_text("演示数据，人物均为虚构").filter(visible=True).count()
        assert not preview.page.locator("button:visible, .bar:visible").count()


def test_without_script_an_award_can_still_be_saved(window: Callable[..., Preview]) -> None:
    preview = window(script=False)
    preview.show("award")
    assert preview.page.get_by_label("做了多久（分钟）").is_visible()
    assert preview.page.get_by_role("button", name="记上").is_enabled()


def test_the_sentence_follows_the_taps(window: Callable[..., Preview]) -> None:
    page = (preview := window()).page
    preview.show("award")
    sentence = page.locator("[data-sentence-here]")
    page.locator(".choice", has_text="参加村道清扫").first.click()
    assert sentence.inner_text() == "今天，陈桂芳家参加村道清扫，加 5 分。"
    assert not page.get_by_label("做了多久（分钟）").is_visible()
    page.locator(".choice", has_text="陪同就医").first.click()
    page.get_by_role("button", name="1 小时 30 分").click()
    assert sentence.inner_text() == "今天，陈桂芳家陪同就医，志愿时记 1 小时 30 分。"


def test_the_draft_outlives_a_closed_tab_and_a_lost_link(window: Callable[..., Preview]) -> None:
    preview = window()
    page = preview.page
    preview.show("many")
    count = page.locator("[data-count]")
    assert count.inner_text() == "记 88 户"
    page.get_by_role("button", name="全去掉").first.click()
    assert count.inner_text() == "记 45 户"
    page.evaluate("document.querySelector('[name=key]').value = 'another'")
    sent: list[str] = []
    page.route("**/round/many/*", lambda route: (sent.append(route.request.post_data or ""), route.abort())[1])
    page.get_by_role("button", name="给这些户记上").click()
    page.get_by_text("没有网，已存在手机上").wait_for()
    page.unroute("**/round/many/*")
    answer = render(PAGES["many-done"])
    page.route(
        "**/round/many/*", lambda route: (sent.append(route.request.post_data or ""), route.fulfill(body=answer))[1]
    )
    preview.show("many")  # the tab was closed and is opened again: what was sent is sent again, under the same key
    page.get_by_role("heading", name="记好了 86 户").wait_for()
    assert [parse_qs(body)["key"] for body in sent] == [["another"], ["another"]]
    assert page.evaluate("localStorage.length") == 0


def test_a_first_visit_is_light() -> None:
    files = [file for file in BUILT.iterdir() if file.name.startswith("app-")]
    assets = sum(len(compress(file.read_bytes())) for file in files)
    heaviest = max(len(compress(render(PAGES[name]).encode())) for name in SHOWN)
    assert assets + heaviest < LIMIT
