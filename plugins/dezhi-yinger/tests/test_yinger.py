from collections import Counter
from datetime import date, timedelta

import pytest

from dezhi.core.redlines import crossed
from dezhi.plugin import (
    Amount,
    Asset,
    BoardKind,
    Cap,
    Facts,
    HolderKind,
    Intent,
    IntentKind,
    Item,
    Refusal,
    RewardKind,
    Total,
    Visit,
    Window,
)
from dezhi.testing import A_DAY, A_HOLDER, Conformance, a_deed, a_programme
from dezhi.testing.english import chinese_left
from dezhi.testing.samples import deeds_of
from dezhi_yinger import PLUGIN, boards, check, items, page, quote, reports, rewards, score
from dezhi_yinger.rewards import share
from dezhi_yinger.rows import COMPOSED
from dezhi_yinger.settings import Choices
from dezhi_yinger.sheet import sheet

DEFAULT = Choices()
SHEET = sheet(DEFAULT)


class TestConformance(Conformance):
    package = "dezhi_yinger"
    settings = (
        {"board_counts": "只算孝顺", "price_percent": 50, "month_times_max": 1, "late_days": 30},
        {"thanks_times": 3, "price_percent": 300, "goal_points": 100, "board_size": 30},
    )


def earned(code: str, *, minutes: int | None = None, points: int | None = None) -> dict[Asset, int]:
    deed = a_deed(f"dezhi-yinger/{code}", minutes=minutes, points=points)
    return {award.asset: award.amount for award in score(DEFAULT, deed)}


def of_category(code: str) -> list[Item]:
    return [item for item in items(DEFAULT) if item.category == code]


def test_sheet_has_three_savings_hours_and_safety() -> None:
    assert Counter(item.category for item in items(DEFAULT)) == {
        "friend": 10,
        "filial": 6,
        "honest": 5,
        "volunteer": 10,
        "safety": 6,
    }


def test_sheet_takes_only_what_was_found_fit() -> None:
    """No row of the red-line set, no title (K-15), no assessment (K-19); what was composed says so."""
    sources = {item.source for item in items(DEFAULT)}
    assert sources == {
        *{COMPOSED, "S-007", "S-012", "S-013", "S-015", "S-068", "S-070", "S-072", "S-076", "S-077", "S-078", "S-082"},
        *{"S-092", "S-108", "K-14", "K-16"},
        *{f"K-{number:02}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 17, 20)},
    }


def test_codes_are_unique() -> None:
    assert len(SHEET) == len(items(DEFAULT)) == 37


@pytest.mark.parametrize(
    ("code", "amounts"),
    [
        ("neighbour-help", {Asset.MORAL: 10}),
        ("lost-property", {Asset.MORAL: 5}),
        ("simple-feast", {Asset.MORAL: 10}),
        ("elder-care", {Asset.MORAL: 10}),
        ("brave-deed", {Asset.MORAL: 50, Asset.HONOUR: 50}),
        ("long-care", {Asset.MORAL: 20, Asset.HONOUR: 20}),
        ("elder-greeting", {Asset.HOURS: 30}),
        ("home-check", {Asset.SAFE: 3}),
        ("smoke-alarm", {Asset.SAFE: 10}),
        ("hazard-report", {Asset.SAFE: 5}),
        ("patrol", {Asset.SAFE: 10}),
    ],
)
def test_fixed_items_earn_what_the_sheet_says(code: str, amounts: dict[Asset, int]) -> None:
    assert earned(code) == amounts


def test_hours_are_the_minutes_it_took() -> None:
    assert earned("errands", minutes=75) == {Asset.HOURS: 75}


def test_snow_clearing_adds_two_points() -> None:
    assert earned("snow-clearing", minutes=120) == {Asset.HOURS: 120, Asset.MORAL: 2}


@pytest.mark.parametrize(
    ("minutes", "amounts"),
    [
        (30, {Asset.HOURS: 30}),
        (60, {Asset.HOURS: 60, Asset.SAFE: 2}),
        (119, {Asset.HOURS: 119, Asset.SAFE: 2}),
        (480, {Asset.HOURS: 480, Asset.SAFE: 16}),
    ],
)
def test_fire_watch_adds_safety_for_each_full_hour(minutes: int, amounts: dict[Asset, int]) -> None:
    assert earned("fire-watch", minutes=minutes) == amounts


def test_points_in_a_range_are_the_clerks_choice() -> None:
    assert earned("public-good", points=7) == {Asset.MORAL: 7}


def test_reason_names_item_and_amounts() -> None:
    awards = score(DEFAULT, a_deed("dezhi-yinger/snow-clearing", minutes=90))
    assert {award.reason for award in awards} == {"道路清雪、清障：志愿时记1小时30分、道德积分加2分"}


@pytest.mark.parametrize(
    ("code", "cap"),
    [
        ("home-check", Cap(window=Window.QUARTER, times_max=1)),
        ("smoke-alarm", Cap(window=Window.LIFE, times_max=1)),
        ("drill", Cap(window=Window.YEAR, times_max=4)),
        ("fire-watch", Cap(window=Window.DAY, asset=Asset.HOURS, amount_max=480)),
        ("hazard-report", Cap(window=Window.MONTH, times_max=10)),
        ("water-patrol", Cap(window=Window.DAY, asset=Asset.HOURS, amount_max=240)),
        ("clinic-company", Cap(window=Window.DAY, asset=Asset.HOURS, amount_max=600)),
        ("village-talk", Cap(window=Window.MONTH, times_max=1)),
    ],
)
def test_limits_are_those_found(code: str, cap: Cap) -> None:
    assert SHEET[code].caps == (cap,)


def test_monthly_limit_is_the_townships_choice() -> None:
    assert sheet(Choices(month_times_max=4))["neighbour-help"].caps == (Cap(window=Window.MONTH, times_max=4),)


def test_rewards_are_goods_and_services_with_a_symbol() -> None:
    offered = rewards(DEFAULT)
    assert Counter(reward.kind for reward in offered) == {RewardKind.GOOD: 10, RewardKind.SERVICE: 3}
    assert [reward.code for reward in offered if not reward.symbol or not reward.source or not reward.about] == []
    assert {reward.code: reward.price for reward in offered}["oil"] == 60


def test_price_level_is_the_townships_choice() -> None:
    prices = {reward.code: reward.price for reward in rewards(Choices(price_percent=150))}
    assert (prices["oil"], prices["soap"], prices["cooker"]) == (90, 15, 330)


@pytest.mark.parametrize(("points", "percent", "expected"), [(10, 50, 5), (1, 50, 1), (15, 50, 8), (60, 90, 54)])
def test_share_rounds_half_up_and_is_never_free(points: int, percent: int, expected: int) -> None:
    assert share(points, percent) == expected


def test_quote_is_the_listed_price_unless_thanks_are_chosen() -> None:
    oil = next(reward for reward in rewards(DEFAULT) if reward.code == "oil")
    busy, idle = Facts({"savings_this_quarter": 10}), Facts({"savings_this_quarter": 9})
    assert quote(DEFAULT, oil, busy).price == 60
    assert quote(Choices(thanks_times=10), oil, idle).price == 60
    thanked = quote(Choices(thanks_times=10), oil, busy)
    assert (thanked.price, thanked.reason) == (54, "菜油标价60分。您家本季已存10次，打九折，54分。")


def intent(days_ago: int, kind: IntentKind = IntentKind.AWARD, code: str = "dezhi-yinger/elder-care") -> Intent:
    return Intent(
        kind=kind,
        code=code,
        holder=A_HOLDER,
        holder_kind=HolderKind.HOUSEHOLD,
        date=A_DAY - timedelta(days=days_ago),
        lines=(Amount(asset=Asset.MORAL, amount=10),),
    )


def test_late_deeds_are_sent_to_the_village_talk_where_chosen() -> None:
    strict, programme = Choices(late_days=30), a_programme()
    assert isinstance(check(programme, strict, intent(31)), Refusal)
    assert check(programme, strict, intent(30)) is None
    assert check(programme, DEFAULT, intent(365)) is None


def test_late_check_minds_only_its_own_awards() -> None:
    strict, programme = Choices(late_days=30), a_programme()
    assert check(programme, strict, intent(99, code="dezhi-hello/sweep")) is None
    assert check(programme, strict, intent(99, kind=IntentKind.REDEMPTION, code="dezhi-yinger/oil")) is None


def test_boards_are_an_honour_board_and_a_common_wish() -> None:
    honour, wish = boards(Choices(goal_title="给幸福院添取暖炉", goal_points=2_000, board_counts="只算诚信"))
    assert (honour.kind, honour.size_max, honour.weights[0].categories) == (BoardKind.HONOUR, 10, ("honest",))
    assert (wish.kind, wish.title, wish.target) == (BoardKind.GOAL, "给幸福院添取暖炉", 2_000)


def test_page_shows_the_prices_in_force() -> None:
    shown = page(Choices(price_percent=200), Visit(path="giving-back"))
    assert shown is not None
    [rows] = [block.rows for block in shown.blocks if hasattr(block, "rows")]
    assert ("香皂", "一块。", "20分") in rows
    assert chinese_left(PLUGIN, [shown, page(DEFAULT, Visit())]) == []
    assert page(DEFAULT, Visit(path="more")) is None


def test_reports_add_up_savings_by_month() -> None:
    month = date(2026, 9, 1)
    totals = [
        Total(item="elder-care", month=month, asset=Asset.MORAL, times=6, amount=60, households=5),
        Total(item="fire-watch", month=month, asset=Asset.SAFE, times=5, amount=20, households=5),
        Total(item="errands", month=month, asset=Asset.HOURS, times=7, amount=450, households=6),
        Total(item="gone", month=month, asset=Asset.MORAL, times=7, amount=450, households=6),
    ]
    by_month, by_item = reports(DEFAULT, totals)
    assert by_month.rows == (("2026-09", "–", 60, "–", 7, 20),)
    assert by_item.rows == (("关爱老人", 6), ("代购代取、送餐", 7), ("森林防火值守", 5))
    assert chinese_left(PLUGIN, [by_month, by_item]) == []


def test_no_award_of_the_sheet_crosses_a_red_line() -> None:
    """Helping in a disaster (参与抢险救灾, S-076) is no public service made a stake."""
    said = [
        award.reason
        for item in items(DEFAULT)
        for deed in deeds_of(f"dezhi-yinger/{item.code}", item)
        for award in score(DEFAULT, deed)
    ]
    assert [reason for reason in said if crossed(reason)] == []
