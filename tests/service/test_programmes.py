from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from dezhi.core.errors import Problem
from dezhi.core.programmes import Document, Enabled, Programme, Resolution
from dezhi.plugin import Asset, Board, BoardKind, Item, Line, Reward, RewardKind, Weight, Window
from dezhi.service.programmes import Offered, Programmes
from dezhi.service.stopping import Stopping
from township import Township

TODAY = date(2026, 11, 22)
FIVE = Line(asset=Asset.MORAL, amount_min=5, amount_max=5)
HELP = Item(code="neighbour-help", title="邻里帮扶", category="c", asset=Asset.MORAL, lines=(FIVE,), how="搭把手。")


def ask_items(programme: Programme, _before: Programme | None = None) -> Offered:
    for name, plugin in programme.document.plugins.items():
        if plugin.settings.get("points", 0) < 0:
            raise Problem("plugin-settings", "负数", field=name)
    return Offered(items={f"{name}/neighbour-help": HELP for name in programme.document.plugins})


YINGER = {"dezhi-yinger": Enabled(version="1.0", settings={"points": 5})}


@pytest.fixture
def programmes(town: Township) -> Programmes:
    return Programmes(town.database, town.clock, ask_items)


async def test_a_change_is_a_new_version_and_each_day_keeps_its_own(town: Township, programmes: Programmes) -> None:
    village = town.yinger.id
    assert await programmes.in_force(village) is None
    first = await programmes.adopt(village, YINGER, title="道德储蓄银行", effective_from=date(2025, 11, 1), staff=None)
    second = await programmes.adopt(village, {}, title="道德储蓄银行", effective_from=TODAY, staff=None)
    third = await programmes.adopt(
        village, YINGER, title="道德储蓄银行", effective_from=TODAY + timedelta(days=9), staff=None
    )
    assert [one.version for one in await programmes.history(village)] == [3, 2, 1]
    assert {first.lineage} == {second.lineage, third.lineage}
    assert second.derived_from == first.id
    days = [date(2025, 10, 31), date(2025, 11, 1), date(2026, 11, 21), TODAY, TODAY + timedelta(days=9)]
    ruling = [await programmes.in_force(village, day) for day in days]
    assert [one and one.version for one in ruling] == [None, 1, 1, 2, 3]
    kept = await programmes.version(first.id)
    assert msgspec.json.encode(kept) == msgspec.json.encode(
        first
    )  # nothing of it was lost on the way to the database and back
    assert [(entry["code"], entry["item"]["title"]) for entry in first.items] == [
        ("dezhi-yinger/neighbour-help", "邻里帮扶")
    ]
    assert first.document.plugins["dezhi-yinger"].settings == {"points": 5}


async def test_of_two_versions_of_one_day_the_later_rules(town: Township, programmes: Programmes) -> None:
    for title in ("一", "二"):
        await programmes.adopt(town.yinger.id, {}, title=title, effective_from=TODAY, staff=None)
    ruling = await programmes.in_force(town.yinger.id)
    assert ruling is not None
    assert ruling.title == "二"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"effective_from": TODAY - timedelta(days=1)}, "programme-retroactive"),
        ({"effective_from": TODAY.replace(year=2206)}, "programme-far"),
        ({"notice_days": -1}, "programme-notice"),
        ({"notice_days": 10**9}, "programme-notice"),
        ({"title": " "}, "programme-title"),
        ({"plugins": {"dezhi-yinger": Enabled(version="1.0", settings={"points": -1})}}, "plugin-settings"),
    ],
)
async def test_a_refused_version_leaves_nothing(
    town: Township, programmes: Programmes, change: dict[str, Any], problem: str
) -> None:
    await programmes.adopt(town.yinger.id, {}, title="试行", effective_from=date(2025, 1, 1), staff=None)
    asked: dict[str, Any] = {"plugins": YINGER, "title": "新", "effective_from": TODAY} | change
    with pytest.raises(Problem, match=problem):
        await programmes.adopt(town.yinger.id, staff=None, **asked)
    assert len(await programmes.history(town.yinger.id)) == 1


async def test_a_copy_shares_nothing_with_its_model(town: Township, programmes: Programmes) -> None:
    resolution = Resolution(number="营尔村〔2026〕3号", decided_on=date(2026, 10, 1))
    model = await programmes.adopt(
        town.yinger.id, YINGER, title="储蓄", effective_from=TODAY, staff=None, resolution=resolution
    )
    assert model.resolution == resolution
    copy = await programmes.copy(model.id, town.xiaba.id, effective_from=TODAY, staff=None)
    assert (copy.derived_from, copy.version, copy.resolution) == (model.id, 1, None)
    assert copy.lineage != model.lineage
    await programmes.adopt(town.yinger.id, {}, title="储蓄", effective_from=TODAY, staff=None)
    ruling = await programmes.in_force(town.xiaba.id)
    assert ruling is not None
    assert ruling.document == model.document


async def test_what_is_still_to_settle_is_said(town: Township, programmes: Programmes) -> None:
    bare = await programmes.adopt(town.yinger.id, {}, title="试行", effective_from=TODAY, staff=None)
    assert [text[:4] for text in bare.warnings()] == ["这个方案", "还没有个", "没有公示"]
    full = await programmes.adopt(
        town.xiaba.id,
        {},
        title="试行",
        effective_from=TODAY,
        staff=None,
        notice_days=5,
        privacy_notice="只收姓名和出生日期。",
        resolution=Resolution(number="1", decided_on=TODAY),
    )
    assert full.warnings() == ()


SHAMED = Item(code="list", title="黑榜上墙", category="c", asset=Asset.MORAL, lines=(FIVE,), how="张榜。")


@pytest.mark.row("RU-14")
@pytest.mark.row("B-02")
async def test_a_sheet_that_crosses_a_red_line_is_not_adopted_and_says_where_and_why(town: Township) -> None:
    offered = Offered(items={"p/neighbour-help": HELP, "p/list": SHAMED})
    desk = Programmes(town.database, town.clock, lambda *_: offered)

    with pytest.raises(Problem) as caught:
        await desk.adopt(town.yinger.id, YINGER, title="新", effective_from=TODAY, staff=None)

    assert (caught.value.code, caught.value.field) == ("red-line", "p/list")
    said = caught.value.say()
    assert "黑榜上墙" in said
    assert "RL-13" in said
    assert "第1034条" in said
    assert "光荣榜" in said  # what would be allowed instead
    assert await desk.in_force(town.yinger.id) is None


@pytest.mark.row("RU-14")
async def test_the_title_of_a_programme_is_read_too(town: Township) -> None:
    desk = Programmes(town.database, town.clock, lambda *_: Offered(items={}))

    with pytest.raises(Problem) as caught:
        await desk.adopt(town.yinger.id, YINGER, title="红黑榜办法", effective_from=TODAY, staff=None)

    assert (caught.value.code, caught.value.field) == ("red-line", "title")


@pytest.mark.row("RU-14")
@pytest.mark.row("RE-12")
@pytest.mark.parametrize("title", ["低保名额一个", "医保缴费", "优先入学", "现金红包"])
async def test_public_services_and_money_are_no_rewards(town: Township, title: str) -> None:
    reward = Reward(code="r", title=title, price=10, kind=RewardKind.GOOD)
    desk = Programmes(town.database, town.clock, lambda *_: Offered(items={}, rewards={"p/r": reward}))

    with pytest.raises(Problem) as caught:
        await desk.adopt(town.yinger.id, YINGER, title="新", effective_from=TODAY, staff=None)

    assert (caught.value.code, caught.value.field) == ("red-line", "p/r")


@pytest.mark.row("RU-14")
async def test_boards_and_texts_in_the_settings_are_read_too(town: Township) -> None:
    board = Board(
        code="b",
        title="扣分户名单张榜",
        kind=BoardKind.HONOUR,
        weights=(Weight(asset=Asset.MORAL),),
        window=Window.QUARTER,
        unit_label="分",
    )
    desk = Programmes(town.database, town.clock, lambda *_: Offered(items={}, boards={"p/b": board}))
    with pytest.raises(Problem, match="red-line"):
        await desk.adopt(town.yinger.id, YINGER, title="新", effective_from=TODAY, staff=None)

    desk = Programmes(town.database, town.clock, lambda *_: Offered(items={}))
    settings = {"rows": [{"rhyme": "转发点赞得一分"}]}
    with pytest.raises(Problem, match="red-line"):
        await desk.adopt(
            town.yinger.id,
            {"dezhi-yinger": Enabled(version="1.0", settings=settings)},
            title="新",
            effective_from=TODAY,
            staff=None,
        )


@pytest.mark.row("RU-14")
async def test_a_draft_may_be_looked_at_with_all_its_red_lines(town: Township) -> None:
    desk = Programmes(town.database, town.clock, lambda *_: Offered(items={"p/list": SHAMED}))

    draft = await desk.draft_whole(
        town.yinger.id, Document(), title="新", effective_from=TODAY, staff=None, undecided=True
    )

    assert [(one.code, one.at) for one in draft.findings()] == [("RL-13", "p/list")]


@pytest.mark.row("RU-17")
async def test_the_day_of_the_deed_decides_the_version_and_none_begins_in_the_past(
    town: Township, programmes: Programmes
) -> None:
    old = await programmes.adopt(
        town.yinger.id, YINGER, title="旧", effective_from=TODAY - timedelta(days=30), staff=None
    )
    new = await programmes.adopt(town.yinger.id, YINGER, title="新", effective_from=TODAY, staff=None)
    with pytest.raises(Problem, match="programme-retroactive"):
        await programmes.adopt(
            town.yinger.id, YINGER, title="倒回", effective_from=TODAY - timedelta(days=1), staff=None
        )

    yesterday = await programmes.in_force(town.yinger.id, TODAY - timedelta(days=1))
    today = await programmes.in_force(town.yinger.id, TODAY)

    assert yesterday is not None
    assert today is not None
    assert (yesterday.id, today.id) == (old.id, new.id)


@pytest.mark.row("RU-02")
async def test_what_the_villagers_voted_for_goes_by_no_tap(town: Township) -> None:
    desk = Programmes(town.database, town.clock, ask_items, "dezhi-yinger".__eq__)
    voted = Resolution(number="营尔村〔2026〕3号", decided_on=date(2026, 10, 1))
    village = town.yinger.id
    told: dict[str, Any] = {"title": "储蓄", "effective_from": TODAY, "staff": None}
    await desk.adopt(village, {"other": YINGER["dezhi-yinger"]}, **told)
    await desk.adopt(village, YINGER, resolution=voted, **told)
    with pytest.raises(Problem, match="暂停") as refused:
        await desk.adopt(village, {}, **told)
    assert refused.value.code == "resolution-dropped"
    stopping = Stopping(town.database, town.clock, desk)
    assert (await stopping.go_back(village, 1, since=TODAY, staff=None, follows=2, look=True)).version == 3
    assert (await desk.adopt(village, {}, resolution=voted, **told)).version == 3
