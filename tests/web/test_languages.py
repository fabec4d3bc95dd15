"""Whose language a page is in: the cookie's, else the browser's, else Chinese; and how it is changed."""

import time

import pytest

from dezhi.core.errors import Problem
from dezhi.core.text import N_, counted, phrase
from dezhi.web.languages import PluginTexts, choose, current, speaking, translate
from villages import Village
from visiting import Visit

TYPED = {
    "张三": ["zhangsan", "zs", "ZS", "Zhang San", "ｚｓ", "张三"],
    "单小军": ["shanxiaojun", "danxiaojun", "SXJ"],
    "曾强": ["zengqiang", "zq"],
    "仇英": ["qiuying", "qy"],
}


@pytest.mark.parametrize(
    ("kept", "asked_for", "expected"),
    [
        ("", "", "zh-Hans"),
        ("en", "zh-CN", "en"),
        ("zh-Hans", "en", "zh-Hans"),
        ("tlh", "en-GB,en;q=0.9", "en"),
        ("", "fr;q=0.9,en;q=0.2,zh;q=0.1", "en"),
        ("", "en;q=0.5,zh-TW;q=0.8", "zh-Hans"),
        ("", "en;q=0, fr", "zh-Hans"),
        ("", "*", "zh-Hans"),
        ("", "en;q=often, ;;==,zh;q=", "zh-Hans"),
    ],
)
def test_the_cookie_decides_then_the_browser_then_chinese(kept: str, asked_for: str, expected: str) -> None:
    assert choose(kept, asked_for) == expected


def test_outside_of_a_request_texts_stay_as_they_are_written() -> None:
    assert current() == "zh-Hans"
    assert translate(phrase(N_("%(who)s最多 %(most)s"), who="每户", most=counted("%(n)s分", 60))) == "每户最多 60分"
    assert translate("") == ""


@pytest.mark.sqlite
async def test_a_page_is_in_the_language_of_its_reader(village: Village, visit: Visit) -> None:
    browser = await visit()
    assert '<html lang="zh-CN"' in (await browser.get("/card")).text
    assert '<html lang="en"' in (await browser.get("/card", headers={"accept-language": "en-GB,en"})).text
    answer = await browser.post("/lang", {"lang": "en", "back": "/card"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/card")
    assert '<html lang="en"' in (await browser.get("/card")).text
    await browser.post("/lang", {"lang": "zh-Hans", "back": "/"})
    assert '<html lang="zh-CN"' in (await browser.get("/card", headers={"accept-language": "en"})).text


@pytest.mark.sqlite
async def test_an_error_is_in_the_language_of_its_reader_too(village: Village, visit: Visit) -> None:
    english = {"accept-language": "en"}
    browser = await visit()
    for path in ("/nowhere", "/v/999999999999", "/demo/enter/x"):
        assert '<html lang="en"' in (await browser.get(path, headers=english)).text, path
        assert '<html lang="zh-CN"' in (await browser.get(path)).text, path


async def test_the_choice_of_staff_follows_them_to_another_computer(village: Village, visit: Visit) -> None:
    office = await visit("wang")
    await office.post("/lang", {"lang": "en", "back": "/"})
    home = await visit("wang")
    assert '<html lang="en"' in (await home.get("/card")).text
    await home.post("/lang", {"lang": "zh-Hans", "back": "/"})
    assert '<html lang="zh-CN"' in (await (await visit("wang")).get("/card")).text
    assert '<html lang="zh-CN"' in (await (await visit()).get("/card")).text


@pytest.mark.sqlite
async def test_switching_leads_nowhere_else(village: Village, visit: Visit) -> None:
    browser = await visit()
    for back in ("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", ""):
        answer = await browser.post("/lang", {"lang": "en", "back": back})
        assert answer.headers["location"] == "/", back


def test_a_problem_can_be_said_in_any_language() -> None:
    problem = Problem("x", N_("没有找到这个村，或者它不归您管。"))
    with speaking("en"):
        assert problem.say() == "没有找到这个村，或者它不归您管。"
        assert problem.say(translate) == translate(problem.text, "en")


@pytest.mark.row("AC-05")
@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_pinyin_and_initials_find_a_household(village: Village, visit: Visit, language: str) -> None:
    for number, head in enumerate(("张三", "单小军", "曾强", "仇英"), start=101):
        await village.open_family(str(number), head)
    browser = await visit("wang")
    headers = {"accept-language": language, "hx-request": "true"}
    for name, words in TYPED.items():
        for typed in words:
            found = await browser.post("/round/find", {"q": typed}, headers=headers)
            assert name in found.text, typed


@pytest.mark.sqlite
@pytest.mark.parametrize("text", ["。" * 2_000, "：" * 2_000, "；" * 2_000, "分" * 2_000, "甲的" * 1_000])
def test_a_plugins_sentence_without_end_stops_no_page(text: str) -> None:
    plugin = PluginTexts({"{n}分": "{n} points", "{a}分": "{a}.", "{a}的{b}的{c}的{d}的{e}x": "{a}", "x": "y"})
    began = time.process_time()
    plugin.find(text)
    assert time.process_time() - began < 1  # of work, whatever else the machine does


def test_a_plugins_sentence_is_put_together_of_its_parts_in_any_order_of_plugins() -> None:
    texts = {
        "记{n}分": "{n} points",
        "{what}共记{n}分": "{n} points in all for {what}",
        "今年还能记{left}": "{left} left",
    }
    for order in (texts, dict(reversed(texts.items()))):
        plugin = PluginTexts({**order, "{n}分": "{n} points", "扫雪": "clearing snow"})
        assert plugin.find("扫雪共记8分") == "8 points in all for clearing snow"
        assert plugin.find("扫雪：记3分；今年还能记7分。") == "clearing snow: 3 points; 7 points left."
        assert plugin.find("没有人知道的话：随便；写写") == "没有人知道的话：随便；写写"


def test_a_villages_own_title_is_left_as_it_is_where_a_plugin_speaks_of_figures() -> None:
    plugin = PluginTexts({"{points}分": "{points} points", "{hours}小时{minutes}分": "{hours} h {minutes} min"})
    assert plugin.find("10～20分") == "10～20 points"
    assert plugin.find("2小时30分") == "2 h 30 min"
    for title in ("家庭基础分", "助老服务每小时1分", "积分"):
        assert plugin.find(title) == title
