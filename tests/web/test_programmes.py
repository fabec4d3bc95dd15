"""A village's programme over HTTP: plugins per village, settings from Structs, versions, and plugins that fail."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from litestar import Litestar

from dezhi.app import build
from dezhi.core.errors import Problem
from dezhi.host import Directory, roster, settings_form
from dezhi.host.deadline import ASK_SECONDS
from dezhi.service.deeds import Asked
from dezhi.service.house import House
from dezhi_yinger.settings import Choices
from homes import Home
from township import Hands
from villages import Village, build_village
from visiting import Browser, Visit
from workshop import GOOD, Workshop

YINGER, XIABA = "/township/v/620902101201", "/township/v/620902101202"
TODAY = date(2026, 11, 22)


async def version_of(browser: Browser, page: str) -> str:
    """Read which version a page shows, as its forms will send it."""
    found = re.search(r'name="version" value="(\d+)"', (await browser.get(page)).text)
    assert found
    return found[1]


async def settings_of(village: Village) -> dict[str, object]:
    """Return what dezhi-yinger is set to in 营尔村."""
    ruling = await village.house.programmes.in_force(village.yinger.id)
    assert ruling
    return dict(ruling.document.plugins["dezhi-yinger"].settings)


@pytest.mark.row("PL-03")
async def test_a_plugin_is_on_in_one_village_and_off_in_another(village: Village, visit: Visit) -> None:
    browser, house = await visit("liu"), village.house
    assert (await browser.get(XIABA)).headers["location"] == f"{XIABA}/start"
    await browser.post(f"{XIABA}/start", {"plugin": "dezhi-hello"})
    page = (await browser.get(YINGER)).text
    for field in settings_form(Choices):
        assert field.title in page
        assert f'name="set.{field.name}"' in page
    assert 'name="set.price_percent" type="number" inputmode="numeric" step="1" value="100" min="50" max="300"' in page
    answer = await browser.post(
        f"{YINGER}/settings/dezhi-yinger",
        {"version": await version_of(browser, YINGER), "set.goal_points": "5000", "set.goal_title": "村口添一座亭子"},
    )
    assert answer.status_code == 303
    assert (await settings_of(village))["goal_points"] == 5000
    assert "存成第2版" in (await browser.get(YINGER)).text
    here, there = [await house.sheets.in_force(one.id, TODAY) for one in (village.yinger, village.xiaba)]
    assert (here.roster.names, there.roster.names) == (("dezhi-yinger",), ("dezhi-hello",))
    assert {code.partition("/")[0] for code in there.items} == {"dezhi-hello"}
    old = await house.programmes.history(village.yinger.id)
    assert [one.version for one in old] == [2, 1]
    assert old[1].document.plugins["dezhi-yinger"].settings == {}


@pytest.mark.row("PL-02")
async def test_a_refused_plugin_is_shown_with_the_reason_and_cannot_be_switched_on(
    empty: tuple[House, Litestar], village: Village, visit: Visit
) -> None:
    browser = await visit("liu")
    page = (await browser.get(YINGER)).text
    assert "清扫村道" in page  # sound, and off
    for name in ("no-such-plugin", "../etc", "dezhi_yinger"):
        answer = await browser.post(f"{YINGER}/plugins/{name}", {"version": "1", "on": "yes"})
        assert answer.status_code == 404
    assert len(await village.house.programmes.history(village.yinger.id)) == 1


async def test_wrong_settings_are_told_at_their_fields_and_nothing_is_lost(village: Village, visit: Visit) -> None:
    browser = await visit("liu")
    answer = await browser.post(
        f"{YINGER}/settings/dezhi-yinger",
        {"version": "1", "set.goal_points": "99", "set.goal_title": "亭", "set.board_counts": "全都不算"},
    )
    assert answer.status_code == 422
    assert "“心愿要攒多少分”要填100到1000000之间的整数。" in answer.text
    assert "要写2到20个字" in answer.text
    assert "请从列出的几项里选一项" in answer.text
    assert 'value="99"' in answer.text
    assert 'value="亭"' in answer.text
    assert answer.text.count('class="field__error"') == 3
    for odd in ("1.5", "-1", "9" * 40, "<script>", "五千", ""):
        wrong = await browser.post(f"{YINGER}/settings/dezhi-yinger", {"version": "1", "set.goal_points": odd})
        assert wrong.status_code == 422
        assert "<script>" not in wrong.text
    stray = await browser.post(f"{YINGER}/settings/dezhi-yinger", {"version": "1", "set.secret_door": "1"})
    assert stray.status_code == 422
    assert await settings_of(village) == {}


async def test_of_two_tabs_the_second_is_told_and_keeps_what_was_typed(village: Village, visit: Visit) -> None:
    browser = await visit("liu")
    seen = await version_of(browser, YINGER)
    first = {"version": seen, "set.goal_points": "4000"}
    assert (await browser.post(f"{YINGER}/settings/dezhi-yinger", first)).status_code == 303
    second = await browser.post(f"{YINGER}/settings/dezhi-yinger", {"version": seen, "set.goal_points": "7000"})
    assert second.status_code == 409
    assert "方案已经改成第2版" in second.text
    assert 'value="7000"' in second.text
    assert 'name="version" value="2"' in second.text
    assert (await settings_of(village))["goal_points"] == 4000
    stale = [
        await browser.post(f"{YINGER}/plugins/dezhi-yinger", {"version": seen, "on": "no"}),
        await browser.post(f"{YINGER}/papers", {"version": seen, "title": "新名字"}),
        await browser.post(f"{YINGER}/papers", {"version": "⑵", "title": "新名字"}),
    ]
    assert [one.status_code for one in stale] == [409, 409, 409]
    assert "新名字" in stale[1].text
    assert len(await village.house.programmes.history(village.yinger.id)) == 2


async def test_the_papers_of_a_version_and_what_they_still_lack(village: Village, visit: Visit) -> None:
    browser, house = await visit("liu"), village.house
    assert (await browser.get("/township")).text.count("没有附村民会议") == 1
    papers = {"title": "道德储蓄银行", "privacy_notice": "只收姓名和出生日期。", "resolution": "营尔村〔2026〕3号"}
    for wrong, says in (
        ({"decided_on": ""}, "文号和日期"),
        ({"decided_on": "上个月"}, "文号和日期"),
        ({"decided_on": "2026-11-23"}, "不能晚于今天"),
        ({"decided_on": "2026-10-01", "resolution": ""}, "文号或名称"),
        ({"decided_on": "2026-10-01", "title": ""}, "方案要有名称"),
        ({"decided_on": "2026-10-01", "privacy_notice": "长" * 4001}, "4000"),
    ):
        answer = await browser.post(f"{YINGER}/papers", papers | {"version": "1"} | wrong)
        assert answer.status_code == 422
        assert says in answer.text
    saved = await browser.post(f"{YINGER}/papers", papers | {"version": "1", "decided_on": "2026-10-01"})
    assert saved.status_code == 303
    page = (await browser.get(YINGER)).text
    assert "附上决议营尔村〔2026〕3号" in page
    assert "没有附村民会议" not in page
    assert "没有公示期" in page
    same = await browser.post(f"{YINGER}/papers", papers | {"version": "2", "decided_on": "2026-10-01"})
    assert same.status_code == 303
    assert len(await house.programmes.history(village.yinger.id)) == 2
    await browser.post(f"{YINGER}/settings/dezhi-yinger", {"version": "2", "set.goal_points": "4000"})
    page = (await browser.get(YINGER)).text
    assert "原来的决议不再算数" in page
    assert "没有附村民会议" in page
    ruling = await house.programmes.in_force(village.yinger.id)
    assert ruling
    assert (ruling.resolution, ruling.document.privacy_notice) == (None, "只收姓名和出生日期。")


async def test_grids_are_added_later(village: Village, visit: Visit) -> None:
    browser = await visit("liu")
    assert (await browser.post(f"{YINGER}/grids", {"name": "第二网格"})).status_code == 303
    assert "营尔村添了第二网格" in (await browser.get(YINGER)).text
    await browser.post(f"{YINGER}/grids", {"name": "第二网格"})
    assert "已经有叫“第二网格”的网格" in (await browser.get(YINGER)).text
    grids = await village.house.places.grids(village.yinger.id)
    assert [(grid.code, grid.name) for grid in grids] == [("01", "第一网格"), ("02", "第二网格")]


# ── plugins that fail ──

RAISES = GOOD.replace("    return [ITEM]", "    raise RuntimeError('boom')")
RUBBISH = GOOD.replace("    return [ITEM]", "    return [{'code': 'thing'}, 7]")
STRAY = GOOD.replace('category="some"', 'category="other"')
SLEEPS = GOOD.replace("    return [ITEM]", "    import itertools\n    for _ in itertools.count(): pass")
SCORE_RAISES = GOOD.replace("    return awards_as_declared(ITEM, deed)", "    raise RuntimeError('boom')")
SCORE_RUBBISH = GOOD.replace("    return awards_as_declared(ITEM, deed)", "    return 'five'")
SCORE_STRAY = GOOD.replace(
    "    return awards_as_declared(ITEM, deed)",
    "    from dezhi.plugin import Award\n"
    "    return [Award(item='not-mine', asset=Asset.MORAL, amount=3, reason='三分')]",
)
SCORE_TOO_MUCH = GOOD.replace(
    "    return awards_as_declared(ITEM, deed)",
    "    from dezhi.plugin import Award\n"
    "    return [Award(item='thing', asset=Asset.MORAL, amount=3000, reason='三千分')]",
)


@pytest.fixture
def workshop(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    made = Workshop(tmp_path / "plugins")
    made.folder.mkdir()
    monkeypatch.syspath_prepend(str(made.folder))
    # One of them sleeps: here the real limit counts again.
    monkeypatch.setattr(roster, "ASK_SECONDS", ASK_SECONDS)
    yield made
    made.forget()


class TestFailing:
    """A house whose plugins were written for one test."""

    @pytest.fixture
    def directory(self, workshop: Workshop) -> Directory:
        for name, code in {
            "odd_raises": RAISES,
            "odd_rubbish": RUBBISH,
            "odd_stray": STRAY,
            "odd_sleeps": SLEEPS,
            "odd_score_raises": SCORE_RAISES,
            "odd_score_rubbish": SCORE_RUBBISH,
            "odd_score_stray": SCORE_STRAY,
            "odd_score_much": SCORE_TOO_MUCH,
            "odd_import": "raise RuntimeError",
        }.items():
            workshop.write(name, code)
        workshop.write("odd_manifest", manifest=None)
        return Directory(["dezhi_hello", "dezhi_yinger", *workshop._written])

    @pytest.mark.parametrize(
        ("plugin", "says"),
        [
            ("odd-raises", "出错了"),
            ("odd-rubbish", "看不懂"),
            ("odd-stray", "没有归到已声明的类别"),
            ("odd-sleeps", "想得太久"),
        ],
    )
    async def test_a_plugin_that_cannot_say_its_items_is_not_adopted(
        self, village: Village, visit: Visit, plugin: str, says: str
    ) -> None:
        browser = await visit("liu")
        answer = await browser.post(f"{YINGER}/plugins/{plugin}", {"version": "1", "on": "yes"})
        assert answer.status_code == 422
        assert says in answer.text
        assert len(await village.house.programmes.history(village.yinger.id)) == 1
        assert (await browser.post(f"{YINGER}/plugins/dezhi-hello", {"version": "1", "on": "yes"})).status_code == 303

    @pytest.mark.row("PL-02")
    @pytest.mark.parametrize(("plugin", "says"), [("odd-import", "一打开就出错"), ("odd-manifest", "没有 plugin.toml")])
    async def test_a_plugin_that_was_refused_says_why(
        self, village: Village, visit: Visit, plugin: str, says: str
    ) -> None:
        browser = await visit("liu")
        assert says in (await browser.get(YINGER)).text
        assert says in (await browser.get(f"{XIABA}/start")).text
        for answer in (
            await browser.post(f"{YINGER}/plugins/{plugin}", {"version": "1", "on": "yes"}),
            await browser.post(f"{XIABA}/start", {"plugin": plugin}),
        ):
            assert answer.status_code in {404, 422}
            assert says in answer.text
        assert await village.house.programmes.in_force(village.xiaba.id) is None

    @pytest.mark.parametrize("plugin", ["odd-score-raises", "odd-score-rubbish", "odd-score-stray", "odd-score-much"])
    async def test_a_plugin_that_cannot_score_books_nothing_and_stops_nobody_else(
        self, village: Village, visit: Visit, plugin: str
    ) -> None:
        browser, house = await visit("liu"), village.house
        turned_on = await browser.post(f"{YINGER}/plugins/{plugin}", {"version": "1", "on": "yes"})
        assert turned_on.status_code == 303
        odd = Asked(household=village.family.id, item=f"{plugin}/thing", on=TODAY)
        with pytest.raises(Problem, match=f"插件 {plugin} "):
            await house.awards.record(odd, village.actor, "k-1")
        book = await house.sheets.book(village.yinger.id)
        assert await house.journal.entries(book, [village.yinger.id]) == []
        sheet = await house.sheets.in_force(village.yinger.id, TODAY)
        item = next(code for code, one in sheet.items.items() if one.ask == "nothing" and "yinger" in code)
        sound = Asked(household=village.family.id, item=item, on=TODAY, person=village.family.members[0].person)
        assert (await house.awards.record(sound, village.actor, "k-2")).seqs


async def test_a_plugin_that_is_gone_is_named_and_can_be_switched_off(home: Home, hands: Hands) -> None:
    house, _ = await build(home.settings(), hands, Directory(["dezhi_hello", "dezhi_yinger"]))
    village = await build_village(house)
    await house.close()
    house, app = await build(home.settings(), hands, Directory(["dezhi_hello"]))
    async with Browser(app) as browser:
        await browser.log_in("liu", "油菜花开满山坡上2026")
        assert "没有安装它" in (await browser.get("/township")).text
        assert "dezhi-yinger" in (await browser.get(YINGER)).text
        unset = await browser.post(f"{YINGER}/settings/dezhi-yinger", {"version": "1", "set.goal_points": "5000"})
        assert unset.status_code == 404
        beside = await browser.post(f"{YINGER}/plugins/dezhi-hello", {"version": "1", "on": "yes"})
        assert beside.status_code == 303
        assert "没有安装它" in (await browser.get("/township")).text
        ruling = await house.programmes.in_force(village.yinger.id)
        assert ruling
        assert {one["code"].partition("/")[0] for one in ruling.items} == {"dezhi-hello", "dezhi-yinger"}
        off = await browser.post(f"{YINGER}/plugins/dezhi-yinger", {"version": "2", "on": "no"})
        assert off.status_code == 303
    ruling = await house.programmes.in_force(village.yinger.id)
    assert ruling
    assert list(ruling.document.plugins) == ["dezhi-hello"]
    await house.close()
