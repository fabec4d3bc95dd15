from datetime import date
from typing import Any

import msgspec
import pytest

from dezhi.plugin import (
    Amount,
    Assessment,
    Asset,
    Deed,
    Due,
    Entry,
    HolderKind,
    Notice,
    Page,
    QuestionKind,
    Total,
    Visit,
    Window,
)
from dezhi.testing import A_DAY, A_HOLDER, Conformance, a_deed
from dezhi.testing.english import chinese_left
from dezhi_safe_family import PLUGIN, assess, items, notices, page, reports, schedule, score
from dezhi_safe_family.assessing import a_year_on
from dezhi_safe_family.settings import Choices

DEFAULT = Choices()
BASE = Choices(base_points=20)
FULL = {"preconditions": True, "protection": 30, "dwelling": 20, "harmony": 25, "taking_part": 25}


class TestConformance(Conformance):
    package = "dezhi_safe_family"
    settings = ({"base_points": 20, "year_points_max": 10}, {"three_from": 30, "five_points": 100})


def a_round(day: date = A_DAY, **said: Any) -> Deed:
    """An assessment with full marks but for what is said."""
    deed = a_deed("dezhi-safe-family/assessment", day=day)
    return msgspec.structs.replace(deed, answers=tuple({**FULL, **said}.items()))


def result(**said: Any) -> Assessment:
    found = assess(DEFAULT, a_round(**said))
    assert found is not None
    return found


@pytest.mark.row("PF-01")
@pytest.mark.parametrize(
    ("said", "stars", "points"),
    [
        ({}, 5, 30),
        ({"protection": 20}, 5, 30),
        ({"protection": 19}, 4, 20),
        ({"protection": 5}, 4, 20),
        ({"protection": 4}, 3, 10),
        ({"protection": 0, "dwelling": 10}, 3, 10),
        ({"protection": 0, "dwelling": 9}, 0, 0),
    ],
)
def test_assess_gives_stars_by_the_sum_of_the_sections(said: dict[str, int], stars: int, points: int) -> None:
    found = result(**said)
    assert found.stars == stars
    assert [one.amount for one in score(DEFAULT, a_round(**said))] == ([points] if points else [])


@pytest.mark.row("PF-01")
def test_assess_names_sections_and_the_day_it_ends() -> None:
    found = result()
    assert [(one.title, one.met, one.points, one.most) for one in found.sections] == [
        ("七无", True, 0, 0),
        ("安全防范", True, 30, 30),
        ("居室环境", True, 20, 20),
        ("家庭邻里", True, 25, 25),
        ("参与平安", True, 25, 25),
    ]
    assert found.until == date(2027, 10, 12)
    [award] = score(DEFAULT, a_round())
    assert award.reason == found.reason
    assert "评为五星平安家庭" in found.reason


@pytest.mark.row("PF-05")
def test_preconditions_are_one_answer_and_never_say_why() -> None:
    [asked] = [one for one in items(DEFAULT)[0].questions if one.kind in {QuestionKind.YES, QuestionKind.TEXT}]
    assert asked.name == "preconditions"
    found = result(preconditions=False)
    assert found.stars == 0
    assert [(one.title, one.met, one.most) for one in found.sections] == [("七无", False, 0)]
    assert score(DEFAULT, a_round(preconditions=False)) == []
    for word in ("毒", "赌", "暴力", "纠纷", "邪教", "事故", "犯罪"):
        assert word not in found.reason


def test_assess_is_asked_of_nothing_else() -> None:
    assert assess(DEFAULT, a_deed("dezhi-safe-family/drill")) is None


def test_thresholds_and_credits_are_the_villages() -> None:
    choices = Choices(three_from=40, four_from=50, five_from=100, three_points=5)
    assert [one.amount for one in score(choices, a_round(protection=0, dwelling=0, harmony=20))] == [5]
    with pytest.raises(msgspec.ValidationError, match="一级比一级高"):
        msgspec.convert({"three_from": 80, "four_from": 75}, Choices)


def test_a_year_on_is_the_same_day() -> None:
    assert a_year_on(date(2028, 2, 29)) == date(2029, 2, 28)
    assert a_year_on(date(2027, 3, 1)) == date(2028, 3, 1)


def test_all_year_items_follow_the_sheets_and_share_one_limit() -> None:
    daily = items(DEFAULT)[1:]
    assert {one.source for one in daily} == {"K-01", "K-02", "K-03", "K-12"}
    assert [[award.amount for award in score(DEFAULT, a_deed(f"dezhi-safe-family/{one.code}"))] for one in daily] == [
        [3], [10], [5], [5]
    ]  # fmt: skip
    assert {(one.caps[1].window, one.caps[1].amount_max, one.caps[1].share) for one in daily} == {
        (Window.YEAR, 60, "all-year")
    }
    assert items(DEFAULT)[0].caps[0].times_max == 1


@pytest.mark.row("RU-08")
def test_schedule_gives_the_base_on_new_years_day_where_chosen() -> None:
    assert schedule(BASE, date(2027, 1, 1)) == [Due(item="family-base")]
    assert schedule(BASE, date(2027, 1, 2)) == []
    assert schedule(DEFAULT, date(2027, 1, 1)) == []
    assert [one.amount for one in score(BASE, a_deed("dezhi-safe-family/family-base"))] == [20]


def entry(code: str) -> Entry:
    lines = (Amount(asset=Asset.SAFE, amount=20),)
    return Entry(item=code, date=A_DAY, holder=A_HOLDER, holder_kind=HolderKind.HOUSEHOLD, lines=lines)


def test_notices_say_until_when_it_holds() -> None:
    assert notices(entry("assessment")) == [Notice(text="这次评定管到2027年10月12日，到期前再评一次就接上。")]
    assert notices(entry("drill")) == []


TOTALS = [
    Total(item="assessment", month=date(2026, 9, 1), asset=Asset.SAFE, times=7, amount=140, households=7),
    Total(item="drill", month=date(2026, 9, 1), asset=Asset.SAFE, times=30, amount=150, households=30),
    Total(item="drill", month=date(2026, 10, 1), asset=Asset.SAFE, times=10, amount=50, households=9),
]


def test_reports_count_who_was_assessed_and_what_was_done() -> None:
    assessed, daily = reports(DEFAULT, TOTALS)
    assert assessed.rows == (("2026-09", 7, 140),)
    assert daily.rows == (("参加消防、地震、防汛演练", 40, 200),)


def test_page_explains_the_assessment() -> None:
    main = page(DEFAULT, Visit())
    assert isinstance(main, Page)
    rows = [row for block in main.blocks for row in getattr(block, "rows", ())]
    assert rows[:3] == [("三星", "60分", "10分"), ("四星", "75分", "20分"), ("五星", "90分", "30分")]
    assert page(DEFAULT, Visit(path="sections")) is not None
    assert page(DEFAULT, Visit(path="other")) is None


def test_every_text_has_its_english() -> None:
    said = [
        items(BASE),
        [page(DEFAULT, Visit(path=path)) for path in ("", "sections")],
        reports(DEFAULT, TOTALS),
        notices(entry("assessment")),
        [result(**said) for said in ({}, {"preconditions": False}, {"protection": 0, "dwelling": 0, "harmony": 0})],
    ]
    assert chinese_left(PLUGIN, said) == []
