"""The public page, the wall and the rules: masked, by consent, and of this installation alone."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from litestar import Litestar

from dezhi.app import build
from dezhi.core.people import Household, NewMember
from dezhi.core.programme_files import read_programme_file
from dezhi.core.programmes import Enabled, Resolution
from dezhi.host import Directory
from dezhi.service.deeds import Asked
from dezhi.service.house import House
from dezhi.web.rendering import BUILT
from homes import Home
from links import addresses, inline, text
from township import Hands
from villages import SINCE, Village
from visiting import Browser, Visit

YINGER, XIABA = "/v/620902101201", "/v/620902101202"
PUBLIC = ("/", "/wall", YINGER, f"{YINGER}/wall", f"{YINGER}/rules", XIABA, f"{XIABA}/wall", f"{XIABA}/rules")
HEADS = ("张大山", "李秀英", "马得福", "赵国强", "欧阳春花")


async def deed(village: Village, home: Household, item: str = "neighbour-help", **asked: object) -> tuple[int, ...]:
    """Record a deed of today."""
    asked = {"item": f"dezhi-yinger/{item}", "on": village.house.people.today(), **asked}
    key = f"k-{home.id}-{item}-{asked}"
    return (await village.house.awards.record(Asked(household=home.id, **asked), village.actor, key)).seqs  # type: ignore[arg-type]


async def settle(village: Village, heads: Sequence[str] = HEADS) -> list[Household]:
    """Let families move in; each is on the boards and has one good deed more than the next one."""
    homes = []
    for number, head in enumerate(heads):
        home = await village.house.people.open_household(
            village.yinger.id, village.grid.id, f"1{number}", [NewMember(name=head, relation="户主")], on=SINCE
        )
        await village.house.people.choose_board(home.id, "test", opted_in=True)
        for day in range(len(heads) - number):
            await deed(village, home, "street-cleaning", on=date(2026, 11, 20 - day))
        homes.append(home)
    return homes


async def test_an_empty_installation_says_how_to_begin(visit: Visit) -> None:
    browser = await visit()
    for path in ("/", "/wall"):
        page = await browser.get(path)
        assert page.status_code == 200
        assert "只能用一次的初始设置地址" in text(page.text)


async def test_the_front_page_is_the_only_village_s_or_the_township_s(
    empty: tuple[House, Litestar], visit: Visit
) -> None:
    places, browser = empty[0].places, await visit()
    township = await places.create_township("620902101000", ("甘肃省", "酒泉市", "肃州区", "上坝镇"), SINCE)
    assert "乡镇还没有建村" in (await browser.get("/")).text
    await places.create_village(township.id, "620902101202", "下坝村", SINCE)
    assert "下坝村 道德存折" in text((await browser.get("/")).text)
    await places.create_village(township.id, "620902101201", "营尔村", SINCE)
    page = text((await browser.get("/")).text)
    assert "上坝镇 道德存折" in page
    assert page.index("营尔村") < page.index("下坝村"), "villages stand in the order of their codes"


async def test_an_operator_chooses_the_village_at_the_front(village: Village, home: Home, hands: Hands) -> None:
    await village.house.close()
    settings = home.settings(home="620902101201", demo=True)
    house, app = await build(settings, hands, Directory(["dezhi_hello", "dezhi_yinger"]))
    async with Browser(app) as browser:
        page = (await browser.get("/")).text
    await house.close()
    assert "营尔村 道德储蓄银行" in text(page)
    assert re.findall(r'action="/demo/enter/(\w+)"', page) == ["resident", "clerk", "supervisor", "township"]
    assert "演示数据" in page


async def test_without_the_demo_there_are_no_one_tap_doors(village: Village, visit: Visit) -> None:
    browser = await visit()
    for path in PUBLIC:
        page = (await browser.get(path)).text
        assert "/demo" not in page
        assert "演示数据" not in page


async def test_a_village_tells_its_month_in_figures_that_the_entries_give(village: Village, visit: Visit) -> None:
    homes = await settle(village)
    person = homes[0].members[0].person
    await deed(village, homes[0], "clinic-company", person=person, minutes=90)
    seqs = await deed(village, homes[1], "neighbour-help")
    told = await village.house.journal.at(1, seqs[0])
    await village.house.journal.reverse(told.ref, "记错了", village.actor, "undo")
    page = text((await (await visit()).get(YINGER)).text).replace(" ", "")
    deeds = sum(range(1, len(HEADS) + 1))
    assert f"件好事{deeds + 1}志愿时1小时30分" in page
    assert f"已有{deeds * 5}分目标3000分" in page
    assert f"这一条是{deeds}笔记录加起来的数" in page


@pytest.mark.row("HO-01")
async def test_a_household_is_on_the_board_masked_and_by_consent_and_gone_at_once(
    village: Village, visit: Visit
) -> None:
    browser, people, family = await visit(), village.house.people, village.family
    await deed(village, family)
    await settle(village, HEADS[:2])
    shown = (YINGER, f"{YINGER}/wall")
    for path in shown:
        page = text((await browser.get(path)).text)
        assert "李×明" not in page, "nobody is shown without having said so"
        assert "一位村民 邻里帮扶" in page
    await people.choose_board(family.id, "test", opted_in=True)
    for path in shown:
        page = (await browser.get(path)).text
        assert "李×明家" in text(page)
        assert "1李×明家10 分" in re.sub(r"[\s第名]", "", text(page)).replace("10分", "10 分")
    await people.choose_board(family.id, "test", opted_in=False)
    for path in shown:
        assert "李×明" not in (await browser.get(path)).text, "gone with the next look, not after a minute"


async def test_no_public_page_holds_a_full_name(village: Village, visit: Visit) -> None:
    browser, homes = await visit(), await settle(village)
    names = [member.name for home in (*homes, village.family, village.neighbours) for member in home.members]
    for path in PUBLIC:
        page = (await browser.get(path)).text
        assert not [name for name in names if name in page]
        assert not [home for home in homes if str(home.id) in page], "ids of households are nobody's business"


@pytest.mark.row("HO-09")
async def test_nothing_public_ranks_upwards_or_lists_what_was_taken_back(village: Village, visit: Visit) -> None:
    browser, homes = await visit(), await settle(village)
    lowest = homes[-1]
    seqs = await deed(village, lowest, "neighbour-help")
    told = await village.house.journal.at(1, seqs[0])
    await village.house.journal.reverse(told.ref, "查明没有这回事", village.actor, "undo")
    for path in PUBLIC:
        page = (await browser.get(path)).text
        boards = re.findall(r'<ol class="places">(.*?)</ol>', page, re.DOTALL)
        assert bool(boards) == (path in {YINGER, f"{YINGER}/wall"})
        for board in boards:
            scores = [int(score) for score in re.findall(r'<span class="amount">(\d+)', board)]
            places = [int(place) for place in re.findall(r'<span aria-hidden="true">(\d+)<', board)]
            assert scores == sorted(scores, reverse=True) == [25, 20, 15, 10, 5]
            assert places == [1, 2, 3, 4, 5]
        said = text(page)
        for word in ("冲正", "查明没有这回事", "−", "倒数", "末位", "扣分", "黑榜"):
            assert word not in said


async def test_no_address_sorts_by_what_it_is_asked(village: Village, visit: Visit) -> None:
    """Nobody turns a board round by writing into the address."""
    browser = await visit()
    await settle(village)
    plain = (await browser.get(YINGER)).text
    for query in ("?order=asc", "?sort=points", "?reverse=1", "?limit=100"):
        answer = await browser.get(YINGER + query)
        assert re.findall(r"家</span>", answer.text) == re.findall(r"家</span>", plain)
        assert text(answer.text) == text(plain)


@pytest.mark.row("SE-10")
async def test_pages_refer_to_nothing_outside_the_installation(village: Village, visit: Visit) -> None:
    browser = await visit()
    await settle(village)
    await browser.show_card(village.card.number, village.card.pin)
    for path in (*PUBLIC, "/card", "/staff", "/me", "/me/rewards", "/me/choices"):
        answer = await browser.get(path)
        assert answer.status_code == 200
        for address in addresses(answer.text):
            assert address.startswith(("/", "#", "data:")), f"{path} refers to {address}"
            assert not address.startswith("//"), f"{path} refers to {address}"
        assert inline(answer.text) == []
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"https?:|\*", policy)


@pytest.mark.row("SE-10")
def test_built_scripts_and_styles_call_nobody() -> None:
    # Swagger's script names sites in its messages; test_api_page.py watches what its page asks for.
    for built in (file for file in BUILT.iterdir() if not file.name.startswith("api.")):
        outside = re.findall(
            r"""(?:url\(|import\s*\(?|fetch\(|["'`(])\s*["']?(?:https?:)?//[^\s"'`)]+""", built.read_text("utf-8")
        )
        assert [one for one in outside if "www.w3.org" not in one] == [], built.name


async def test_search_engines_are_asked_to_stay_away(village: Village, visit: Visit) -> None:
    browser = await visit()
    robots = await browser.get("/robots.txt")
    assert (robots.headers["content-type"].split(";")[0], robots.text) == ("text/plain", "User-agent: *\nDisallow: /\n")
    for path in PUBLIC:
        answer = await browser.get(path)
        assert answer.headers["x-robots-tag"] == "noindex"
        assert '<meta name="robots" content="noindex">' in answer.text


@pytest.mark.parametrize("code", ["620902101299", "620902101000", "1", "--", "营尔村", "6" * 400])
async def test_an_unknown_village_is_a_page_that_says_so(village: Village, visit: Visit, code: str) -> None:
    browser = await visit()
    for page in ("", "/wall", "/rules"):
        answer = await browser.get(f"/v/{code}{page}")
        assert answer.status_code == 404
        assert "没有找到这个村" in answer.text


async def test_the_rules_say_what_is_in_force_and_what_is_missing(village: Village, visit: Visit) -> None:
    browser = await visit()
    page = text((await browser.get(f"{YINGER}/rules")).text)
    for said in (
        "道德储蓄银行 · 第 1 版，2024年1月1日起",
        "示例细则，非营尔村原文",
        "未经公示，试运行",
        "还没有附上村民会议的决议",
        "邻里帮扶",
        "+10 分",
        "每户每月最多 10 次",
        "每小时记 1 小时",
        "每人每天最多",
    ):
        assert said in page
    headings = [page.index(title) for title in ("储蓄友爱", "储蓄孝顺", "储蓄诚信", "志愿时")]
    assert headings == sorted(headings)


async def test_a_new_version_is_what_the_rules_show_from_its_day_on(village: Village, visit: Visit) -> None:
    plugins = {"dezhi-yinger": Enabled(version="0.1.0"), "dezhi-hello": Enabled(version="0.1.0")}
    await village.house.programmes.adopt(
        village.yinger.id,
        plugins,
        title="道德储蓄银行",
        effective_from=village.house.people.today(),
        staff=village.admin.id,
        resolution=Resolution(number="营村决〔2026〕3号", decided_on=date(2026, 11, 1)),
    )
    page = text((await (await visit()).get(f"{YINGER}/rules")).text)
    assert "第 2 版，2026年11月22日起" in page
    assert "村民会议决议：营村决〔2026〕3号" in page
    assert "清扫村道" in page


async def test_a_village_without_a_programme_is_no_empty_promise(village: Village, visit: Visit) -> None:
    browser = await visit()
    assert "细则还没有启用" in (await browser.get(XIABA)).text
    rules = await browser.get(f"{XIABA}/rules")
    assert "细则还没有启用" in rules.text
    assert "第 0 版" not in rules.text


class TestCards:
    """A house with the sheet plugin."""

    @pytest.fixture
    def directory(self) -> Directory:
        return Directory(["dezhi_sheet", "dezhi_yinger"])

    @pytest.mark.row("RU-16")
    async def test_every_item_is_a_card_to_print_with_its_plain_sentence_and_rhyme(
        self, village: Village, visit: Visit
    ) -> None:
        sample = Path(__file__).resolve().parents[2] / "plugins/dezhi-sheet/samples/households.toml"
        file = read_programme_file(sample.read_bytes())
        await village.house.programmes.adopt(
            village.xiaba.id,
            {"dezhi-sheet": village.house.plugins.enabled("dezhi-sheet", file.plugins["dezhi-sheet"].settings)},
            title="住户积分",
            effective_from=village.today,
            staff=village.admin.id,
            resolution=Resolution(number="下坝村〔2026〕1号", decided_on=date(2026, 11, 1)),
        )
        browser = await visit()
        rules = f"/v/{village.xiaba.code}/rules"
        assert f'href="{rules}/cards"' in (await browser.get(rules)).text
        page = (await browser.get(f"{rules}/cards")).text
        items = (await village.house.sheets.in_force(village.xiaba.id, village.today)).items.values()
        assert page.count('<article class="item-card') == len(items) == 10
        shown = text(page)
        assert [item.title for item in items if item.title not in shown or text(item.how) not in shown] == []
        assert "每人次5分；你扫一段我扫一段，村里村外都好看。" in shown
        assert "data-print" in page
