import time
from datetime import date, timedelta

import msgspec
import pytest

from dezhi.plugin import Asset, Award, Fact, Facts, Measure, Subject, Window
from dezhi.testing import a_deed
from dezhi_sheet import boards, declares, items, schedule, score
from dezhi_sheet.model import Sheet

pytestmark = pytest.mark.sqlite


def sheet(**fields: object) -> Sheet:
    plain = {"categories": [{"code": "good", "title": "好事", "symbol": "好"}], **fields}
    return msgspec.convert(plain, Sheet)


def row(code: str = "sweep", **fields: object) -> dict[str, object]:
    return {"code": code, "title": "参加环境清扫", "category": "good", **fields}


def test_declares_the_headings_of_the_sheet_and_only_the_facts_its_rules_need() -> None:
    plain = declares(sheet(notice="村民会议通过", items=[row(points=5)]))
    assert ([heading.title for heading in plain.categories], plain.notice, plain.facts) == (
        ["好事"],
        "村民会议通过",
        (),
    )
    filling = row(points=5, caps=[{"window": "year", "points": 10, "fill": True}, {"window": "day", "times": 1}])
    assert declares(sheet(items=[filling])).facts == (
        Fact(
            name="cap_sweep_1",
            measure=Measure.SUM,
            items=("sweep",),
            asset=Asset.MORAL,
            window=Window.YEAR,
            of=Subject.HOUSEHOLD,
        ),
    )


def test_sheet_without_rows_is_valid() -> None:
    assert items(Sheet()) == []


def given(of: Sheet, code: str, **facts: int) -> list[Award]:
    known = {fact.name: 0 for fact in declares(of).facts}
    return score(of, a_deed(f"dezhi-sheet/{code}"), Facts(known | facts))


CLEANING = (
    row(points=5, event="cleaning", before=["attend"]),
    row("labour", points=8, event="cleaning", before=["sweep"]),
    row("attend", points=2, event="cleaning"),
)


@pytest.mark.row("RU-06")
def test_of_two_rows_for_one_deed_the_declared_one_wins_whichever_was_recorded_first() -> None:
    """Labour goes before sweeping and sweeping before attending; a household gets the first of them a day."""
    of = sheet(items=CLEANING)
    [again] = given(of, "attend", first_attend=1)
    assert (again.asset, again.amount) == (Asset.COUNT, 1)
    assert "同一件事当天已经记过" in again.reason
    [rest] = given(of, "labour", second_labour=5)
    assert (rest.amount, "同一件事当天已记5分，只补差额" in rest.reason) == (3, True)
    assert [award.amount for award in given(of, "sweep")] == [5]
    assert {fact.name: fact.items for fact in declares(of).facts} == {
        "first_sweep": ("sweep", "labour"),
        "second_sweep": ("attend",),
        "first_labour": ("labour",),
        "second_labour": ("sweep", "attend"),
        "first_attend": ("sweep", "labour", "attend"),
    }


@pytest.mark.row("RU-06")
def test_the_order_of_rows_in_the_file_decides_nothing() -> None:
    for rows in (CLEANING, CLEANING[::-1]):
        assert [award.amount for award in given(sheet(items=rows), "labour", second_labour=2)] == [6]


@pytest.mark.row("RU-11")
def test_a_row_without_points_counts() -> None:
    [counted] = given(sheet(items=[row(asset="count")]), "sweep")
    assert (counted.asset, counted.amount, counted.reason) == (Asset.COUNT, 1, "参加环境清扫：记1次，不加分")


def test_what_goes_beside_is_told_in_the_same_sentence() -> None:
    brave = row(points=50, beside=[{"asset": "honour", "points": 50}])
    awards = given(sheet(items=[brave]), "sweep")
    assert [(award.asset, award.amount) for award in awards] == [(Asset.MORAL, 50), (Asset.HONOUR, 50)]
    assert {award.reason for award in awards} == {"参加环境清扫：记50分；记荣誉积分50分"}


def test_boards_are_there_where_the_village_wants_one() -> None:
    assert boards(Sheet()) == []
    [board] = boards(Sheet(board=True, board_size=5))
    assert (board.size_max, board.unit_label) == (5, "分")


def test_the_largest_sheet_answers_at_once() -> None:
    """Nothing of a sheet is worked out again for a deed but its own row."""
    rows = [row(f"row-{number}", points=5, caps=[{"window": "year", "times": 3}]) for number in range(300)]
    of = sheet(items=rows)
    deed = a_deed("dezhi-sheet/row-299")
    taken = []
    for _ in range(20):
        began = time.perf_counter()
        score(of, deed, Facts())
        taken.append(time.perf_counter() - began)
    assert min(taken) < 0.001


def base(window: str) -> dict[str, object]:
    return {"code": f"base-{window}", "title": "基础分", "category": "good", "points": 100, "window": window}


@pytest.mark.row("RU-08")
@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 12, 31), ["day", "month", "quarter", "year"]),
        (date(2026, 9, 30), ["day", "month", "quarter"]),
        (date(2028, 2, 29), ["day", "month"]),
        (date(2026, 11, 22), ["day", "week"]),
        (date(2027, 1, 1), ["day"]),
    ],
)
def test_schedule_makes_a_base_due_at_the_end_of_its_window(day: date, due: list[str]) -> None:
    of = sheet(bases=[base(window) for window in ("day", "week", "month", "quarter", "year")])
    assert [one.item for one in schedule(of, day)] == [f"base-{window}" for window in due]


def yearly(on: str) -> dict[str, object]:
    return {"code": "feast", "title": "佳节", "category": "good", "points": 5, "on": on}


@pytest.mark.row("RU-08")
@pytest.mark.parametrize(
    ("on", "days"),
    [
        ("重阳", [date(2025, 10, 29), date(2026, 10, 18), date(2027, 10, 8)]),
        ("除夕", [date(2025, 1, 28), date(2026, 2, 16), date(2027, 2, 5)]),
        ("国庆", [date(2025, 10, 1), date(2026, 10, 1), date(2027, 10, 1)]),
        ("7-1", [date(2025, 7, 1), date(2026, 7, 1), date(2027, 7, 1)]),
        # A leap sixth month followed the sixth in 2025: the feast is not kept twice.
        ("农历6-6", [date(2025, 6, 30), date(2026, 7, 19), date(2027, 7, 9)]),
    ],
)
def test_schedule_knows_festivals(on: str, days: list[date]) -> None:
    of = sheet(bases=[yearly(on)])
    every = (date(2025, 1, 1) + timedelta(days=count) for count in range(3 * 365))
    assert [day for day in every if schedule(of, day)] == days


@pytest.mark.row("RU-08")
def test_a_festival_says_when_it_comes() -> None:
    of = sheet(bases=[yearly("重阳")])
    [award] = score(of, a_deed("dezhi-sheet/feast"), Facts())
    assert (award.amount, award.reason) == (5, "佳节：基础5分；每年重阳记一次；记荣誉积分5分")
