"""The difference between two versions, in sentences for people (B-14)."""

import pytest
from msgspec.structs import replace

from dezhi.core.differences import Change, Difference, differences
from dezhi.core.keeping import Keeping, Lapse
from dezhi.core.programmes import Document, Enabled
from dezhi.core.text import as_it_is
from dezhi.plugin import Ask, Asset, Cap, HolderKind, Item, Line, Subject, Window

pytestmark = pytest.mark.sqlite  # no database in it: once is enough


def test_a_new_row_is_told_with_what_its_sentence_on_the_rules_page_adds() -> None:
    helped = replace(item("帮人", 5, cap(20)), how="每次5分；被帮的每户另记2分；每月最多20分。")
    plain = replace(item("清扫", 5, cap(20)), how="每次5分；每月最多20分。")
    told = "新增：帮人 5分，每月最多20分。怎么记：每次5分；被帮的每户另记2分；每月最多20分。"
    assert said(differences({}, {"s/help": helped, "s/sweep": plain})) == [told, "新增：清扫 5分，每月最多20分"]


def item(title: str, points: int, *caps: Cap, code: str = "sweep") -> Item:
    line = Line(asset=Asset.MORAL, amount_min=points, amount_max=points)
    return Item(code=code, title=title, category="c", asset=Asset.MORAL, lines=(line,), how="怎么记。", caps=caps)


def cap(most: int, window: Window = Window.MONTH, of: Subject | None = None) -> Cap:
    return Cap(window=window, asset=Asset.MORAL, amount_max=most, of=of)


def said(found: tuple[Difference, ...]) -> list[str]:
    return [as_it_is(each.sentence) for each in found]


@pytest.mark.row("B-14")
def test_a_new_version_is_told_as_what_is_new_changed_and_gone() -> None:
    before = {
        "s/sweep": item("清扫", 5, cap(20)),
        "s/old": item("旧事", 2, code="old"),
    }
    after = {
        "s/sweep": item("清扫", 3, cap(30)),
        "s/fraud": item("反诈", 5, cap(10, of=Subject.VILLAGE), code="fraud"),
    }

    found = differences(before, after)

    assert said(found) == [
        "新增：反诈 5分，全村合计每月最多10分。怎么记：怎么记。",
        "清扫：5分→3分",
        "清扫的上限：每月最多20分→每月最多30分",
        "不再记：旧事（原来2分）",
    ]
    assert [(each.kind, each.code, each.field) for each in found] == [
        (Change.NEW, "s/fraud", ""),
        (Change.CHANGED, "s/sweep", "lines"),
        (Change.CHANGED, "s/sweep", "caps"),
        (Change.GONE, "s/old", ""),
    ]
    assert (as_it_is(found[1].before), as_it_is(found[1].after)) == ("5分", "3分")


@pytest.mark.row("B-14")
def test_a_row_that_keeps_its_code_was_renamed() -> None:
    assert said(differences({"s/sweep": item("清扫", 5)}, {"s/sweep": item("扫街", 5)})) == ["改名：清扫→扫街"]


@pytest.mark.row("B-14")
def test_a_figure_is_told_once() -> None:
    old, new = replace(item("清扫", 5), how="每次5分。"), replace(item("清扫", 3), how="每次3分。")

    assert said(differences({"s/sweep": old}, {"s/sweep": new})) == ["清扫：5分→3分"]


@pytest.mark.row("B-14")
def test_everything_a_villager_notices_is_told_and_nothing_else() -> None:
    old = item("巡查", 5)
    hours = Line(asset=Asset.HOURS, amount_min=30, amount_max=90)
    new = replace(
        old,
        lines=(*old.lines, hours),
        holder=HolderKind.PERSON,
        how="改了。",
        hint="看照片。",
        ask=Ask.MINUTES,
        caps=(Cap(window=Window.DAY, times_max=2),),
        symbol="巡",
        source="S-1",
        category="d",
    )

    assert said(differences({"s/sweep": old}, {"s/sweep": new})) == [
        "巡查：5分→5分、志愿时30分钟到1小时30分",
        "巡查的上限：不设上限→每天最多2次",
        "巡查：记到户→记到人",
        "巡查怎么记：“怎么记。”→“改了。”",
        "巡查看什么：“无”→“看照片。”",
        "巡查要填的：无→时长",
    ]
    assert differences({"s/sweep": new}, {"s/sweep": replace(new, symbol="", source="", category="c")}) == ()


@pytest.mark.row("B-14")
def test_plugins_settings_and_keeping_are_compared_too() -> None:
    before = Document(plugins={"a": Enabled(version="1", settings={"late": 0}), "b": Enabled(version="1")})
    after = Document(
        plugins={"a": Enabled(version="2", settings={"late": 3, "loud": True}), "c": Enabled(version="1")},
        notice_days=5,
        privacy_notice="告知",
        keeping=Keeping(lapse=Lapse.YEAR, hours_limit=600, fen=50),
    )

    assert said(differences({}, {}, before, after)) == [
        "开始用：c（1版）",
        "插件 a：1版→2版",
        "a的设置“late”：0→3",
        "a的设置“loud”：无→是",
        "公示天数：0天→5天",
        "个人信息处理告知书有改动",
        "道德积分什么时候到期：不过期→年终清零",
        "每人最多存几小时：0分钟→10小时",
        "一分折合多少元：0.00→0.50",
        "不再用：b（1版）",
    ]


@pytest.mark.row("B-14")
def test_a_sheet_in_the_settings_is_told_by_its_items_alone() -> None:
    def document(points: int) -> Document:
        return Document(plugins={"s": Enabled(version="1", settings={"items": [{"code": "sweep", "points": points}]})})

    told = differences({"s/sweep": item("清扫", 5)}, {"s/sweep": item("清扫", 3)}, document(5), document(3))

    assert said(told) == ["清扫：5分→3分"]
    assert said(differences({}, {}, document(5), document(3))) == ["条目“sweep”：给多少 5→给多少 3"]


@pytest.mark.row("B-14")
def test_an_entry_of_a_sheet_is_told_in_words_and_not_in_names_of_fields() -> None:
    def sheet(minus: int, *more: dict[str, object], asset: str = "honour") -> Document:
        base = {"code": "base", "title": "基础分", "category": "home", "points": 100, "asset": asset}
        base["reminders"] = [{"code": "pile", "title": "占道堆放", "category": "home", "minus": minus, "most": 30}]
        home = {"code": "home", "title": "家庭"}
        return Document(
            plugins={
                "s": Enabled(version="1", settings={"categories": [home, *more], "bases": [base], "notice": minus})
            }
        )

    help_ = {"code": "help", "title": "田间互助"}
    assert said(differences({}, {}, sheet(5), sheet(10, help_, asset="safe"))) == [
        "新增类别“田间互助”",
        "基础分“基础分”：积分种类 荣誉积分、提醒 占道堆放 每次减 5→积分种类 平安积分、提醒 占道堆放 每次减 10",
        "s的设置“细则前面的话”：5→10",
    ]
    campaign = {"code": "double", "title": "首月双倍", "percent": 200, "rows": ["sweep"], "category": "home"}
    was, now = sheet(5), sheet(5)
    now.plugins["s"].settings["campaigns"] = [campaign]  # type: ignore[index]
    assert said(differences({}, {}, was, now)) == [
        "新增活动期“首月双倍”：百分之 200、管哪些条目 sweep、类别 家庭",
    ]


@pytest.mark.row("B-14")
@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (
            {"coefficients": [{"code": "night", "title": "夜间", "percent": 200}]},
            {"coefficients": [{"code": "night", "title": "夜间", "percent": 190}]},
            "条目“清扫”：系数 夜间 百分之 200→系数 夜间 百分之 190",
        ),
        (
            {"people": [{"role": "helped", "title": "受助户", "points": 1}]},
            {"people": [{"role": "helped", "title": "受助户", "points": 2}]},
            "条目“清扫”：还有谁 受助户 给多少 1→还有谁 受助户 给多少 2",
        ),
        ({"group": {"of": "grid", "split": True}}, {"group": {"of": "grid"}}, "条目“清扫”：一起得 平分 是→无"),
        (
            {"caps": [{"window": "year", "points": 20, "share": "gift"}]},
            {"caps": [{"window": "year", "points": 20}]},
            "条目“清扫”：上限 合着算的一组 gift→无",
        ),
        (
            {"caps": [{"window": "year", "points": 20}]},
            {"caps": [{"window": "year", "points": 20, "fill": True}]},
            "条目“清扫”：无→上限 只记到满 是",
        ),
        (
            {"judges": {"count_least": 5}},
            {"judges": {"count_least": 3}},
            "条目“清扫”：评委 最少几位 5→评委 最少几位 3",
        ),
    ],
)
def test_what_an_item_s_bounds_do_not_say_is_told_of_the_sheet(
    was: dict[str, object], now: dict[str, object], told: str
) -> None:
    """The bounds, the sentence made from the numbers and the questions all change with it, and are not told."""

    def document(more: dict[str, object]) -> Document:
        row = {"code": "sweep", "title": "清扫", "points": 5, **more}
        return Document(plugins={"s": Enabled(version="1", settings={"items": [row]})})

    old, new = replace(item("清扫", 5), worth="每小时5分"), replace(item("清扫", 4), worth="每小时5分", how="另一句9。")
    assert said(differences({"s/sweep": old}, {"s/sweep": new}, document(was), document(now))) == [told]


@pytest.mark.row("B-14")
def test_how_much_is_told_in_the_items_own_words() -> None:
    old, new = replace(item("清扫", 5), worth="每人5分"), replace(item("清扫", 5), worth="每人3分")
    assert said(differences({"s/sweep": old}, {"s/sweep": new})) == ["清扫：每人5分→每人3分"]
