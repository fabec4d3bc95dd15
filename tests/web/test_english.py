"""Switching to English leaves nothing Chinese on any page but what people and places are called, and what is booked."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from litestar import Litestar

from addresses import address, form, routes
from dezhi.service.house import House
from dezhi.web.languages import speaking
from preview import render
from samples.pages import PAGES
from villages import Village
from visiting import Browser, Visit

ENGLISH = {"accept-language": "en-GB,en;q=0.9"}
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef][^<>]*")
UNFILLED = re.compile(r"%\(\w+\)|\{(?!(?:hours|minutes|points|amount|n)\})\w+\}")

CHECKING = "/verify"
"""Says everything in either language by its own script, also without us: tests/journeys/test_verify.py."""

DATA = (
    "道德储蓄银行", "上坝镇", "营尔村", "下坝村", "第一网格", "第九网格", "甘肃省", "酒泉市", "肃州区",
    "李小明", "李×明", "王秀兰", "王×兰", "王军", "王×", "刘芳", "赵敏", "马大山", "马×山",
    "改了名的方案", "试一试", "中文",
)  # fmt: skip
"""What the village's people and places are called, and what the tests type into its forms."""

BOOKED = r"装上烟感、燃气报警器：平安积分加10分|香皂标价10分。|[^<>]*：(?:道德积分加10分|志愿时记1小时30分)"
"""Reasons that stand in the book: they stay in the language they were booked in."""

SOURCES = ("旌阳三合", "徐塘", "罗峪", "黄门", "老贾")
"""Villages whose sheets a rule was taken from."""


def leftovers(html: str, data: Iterator[str] | tuple[str, ...]) -> list[str]:
    """Return what is still Chinese of a page, its data taken out; a placeholder that was not filled too."""
    # A symbol may be a carved character, a language calls itself by its own name, a form keeps what was chosen.
    apart = r'<i class="carved".*?</i>|<button[^>]*name="lang".*?</button>| value="[^"]*"'
    shown = re.sub(f"{apart}|{BOOKED}", "", html, flags=re.DOTALL)
    for known in sorted(data, key=len, reverse=True):
        shown = shown.replace(known, "")
    return CHINESE.findall(shown) + UNFILLED.findall(shown)


def texts(value: Any) -> Iterator[str]:
    """Yield every text of a view."""
    if isinstance(value, str):
        yield value
        # As it stands in a page.
        yield value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;")
    elif isinstance(value, msgspec.Struct):
        yield from texts(tuple(msgspec.structs.asdict(value).values()))
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)


@pytest.mark.row("AC-05")
@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_template_is_english_around_what_it_is_given(name: str) -> None:
    shown = PAGES[name]
    given = {text for part in (shown.view, shown.page) for text in texts(part) if text}
    with speaking("en"):
        html = render(shown)
    # A template cuts a label in two where it names the household.
    assert leftovers(html, tuple(given)) == []


LOGINS = {"anonymous": "", "resident": "", "clerk": "wang", "supervisor": "zhao", "township": "liu"}


async def enter(visit: Visit, village: Village, who: str) -> Browser:
    """Open the browser of one kind of visitor."""
    browser = await visit(LOGINS[who])
    if who == "resident":
        await browser.show_card(village.card.number, village.card.pin)
    return browser


async def settle(village: Village) -> None:
    """Book what the pages tell: awards, one of them taken back, a reward that waits, and a seal over it."""
    house = village.house
    await house.people.choose_board(village.family.id, "test", opted_in=True)
    for number in range(5):
        await village.award(village.family, "neighbour-help", f"help-{number}")
    person = village.family.members[1].person
    await village.award(village.family, "clinic-company", person=person, minutes=90)
    done = await village.award(village.family, "smoke-alarm")
    told = await house.journal.at(1, done.seqs[0])
    await house.journal.reverse(told.ref, "was not there", village.actor, "take-back")
    await house.redemptions.place(village.family.id, "dezhi-yinger/soap", source="card:1", key="soap-1-key")
    await house.seals.seal()


async def chinese_of(browser: Browser, method: str, path: str, fields: dict[str, str]) -> list[str]:
    if method == "GET":
        answer = await browser.get(path, headers=ENGLISH)
    else:
        answer = await browser.post(path, fields, headers=ENGLISH)
    if not answer.headers.get("content-type", "").startswith("text/html") or path == CHECKING:
        return []
    assert '<html lang="en"' in answer.text or "<html" not in answer.text, path
    assert answer.status_code < 500, path
    return leftovers(answer.text, (*DATA, *SOURCES))


@pytest.mark.row("AC-05")
@pytest.mark.parametrize("who", LOGINS)
async def test_every_page_and_every_refusal_is_english(
    empty: tuple[House, Litestar], village: Village, visit: Visit, who: str
) -> None:
    await settle(village)
    browser = await enter(visit, village, who)
    left = {}
    for method, path in routes(empty[1]):
        # Leaving, or choosing a language, would end the test; what tells of moved figures never ends.
        if path in {"/logout", "/lang"} or path.endswith("/moved") or (method, path) == ("POST", "/staff"):
            continue
        for fields in (form(village), {}):
            found = await chinese_of(browser, method, address(path, village), fields)
            if found:
                left[method, path] = found
    assert left == {}


@pytest.mark.row("AC-05")
async def test_what_the_switch_does_holds_on_the_next_pages(village: Village, visit: Visit) -> None:
    await settle(village)
    browser = await enter(visit, village, "clerk")
    await browser.post("/lang", {"lang": "en", "back": "/round"})
    page = (await browser.post("/round/find", {"q": "lxm"})).text
    assert "李小明 household" in page
    assert "Helping a neighbour" in page
    answer = await browser.post("/desk", {"card": "nobody"})
    assert "Not found. Please check the card number" in answer.text
    await browser.post("/lang", {"lang": "zh-Hans", "back": "/round"})
    assert "没有找到。请核对卡号" in (await browser.post("/desk", {"card": "nobody"})).text
