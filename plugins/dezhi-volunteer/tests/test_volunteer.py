from datetime import date
from typing import Any, ClassVar

import pytest

from dezhi.plugin import (
    Amount,
    Asset,
    Entry,
    Facts,
    HolderKind,
    Intent,
    IntentKind,
    Notice,
    Page,
    Refusal,
    Total,
    Visit,
)
from dezhi.testing import A_DAY, A_HOLDER, Conformance, a_deed
from dezhi.testing.english import chinese_left
from dezhi_volunteer import PLUGIN, boards, check, items, notices, page, reports, score
from dezhi_volunteer.settings import Choices
from dezhi_volunteer.stars import STARS
from dezhi_volunteer.telling import hours

DEFAULT = Choices()
PAID = Choices(points_per_hour=3)
ENOUGH = 1_500 * 60


class TestConformance(Conformance):
    package = "dezhi_volunteer"
    settings = ({"points_per_hour": 20, "percent_urgent": 300}, {"activity_hours_max": 1, "day_hours_max": 4})
    facts: ClassVar[dict[str, int]] = {"minutes": ENOUGH}


def facts(minutes: int = 0, today: int = 0, *, had: int = 0) -> Facts:
    return Facts(
        {"minutes": minutes, "minutes_today": today, **{star.fact: int(n < had) for n, star in enumerate(STARS)}}
    )


def earned(code: str, choices: Choices = DEFAULT, given: Facts | None = None, **asked: Any) -> dict[str, int]:
    deed = a_deed(f"dezhi-volunteer/{code}", **asked)
    return {f"{one.item} {one.asset}": one.amount for one in score(choices, deed, given or facts())}


def test_minutes_are_those_served() -> None:
    assert earned("errands", minutes=75) == {"errands hours": 75}


def test_visits_count_half_an_hour_each() -> None:
    assert earned("haircut") == {"haircut hours": 30}
    deed = a_deed("dezhi-volunteer/haircut")
    several = type(deed)(
        **{**{name: getattr(deed, name) for name in deed.__struct_fields__}, "answers": (("people", 4),)}
    )
    assert [one.amount for one in score(DEFAULT, several, facts())] == [120]


def test_fire_watch_and_snow_add_what_the_sheets_say() -> None:
    assert earned("fire-watch", minutes=119) == {"fire-watch hours": 119, "fire-watch safe": 2}
    assert earned("snow-clearing", minutes=60) == {"snow-clearing hours": 60, "snow-clearing moral": 2}


@pytest.mark.row("TB-12")
def test_score_converts_hours_only_where_the_village_decided_so() -> None:
    assert earned("clinic-company", minutes=120) == {"clinic-company hours": 120}
    # 2 hours × 3 points × 120 %, and what is over is left away
    assert earned("clinic-company", PAID, minutes=120) == {"clinic-company hours": 120, "clinic-company moral": 7}
    assert earned("errands", PAID, minutes=120)["errands moral"] == 6
    assert earned("snow-clearing", PAID, minutes=120)["snow-clearing moral"] == 2 + 9


@pytest.mark.row("TB-08")
@pytest.mark.parametrize(
    ("before", "had", "given"),
    [
        (99 * 60 - 1, 0, []),
        (99 * 60, 0, ["star-1"]),
        (150 * 60, 1, []),
        (150 * 60, 0, ["star-1"]),  # one that was taken back, or came with the old book
        (299 * 60, 1, ["star-2"]),
        (1_499 * 60, 4, ["star-5"]),
        (1_500 * 60, 5, []),
    ],
)
def test_star_comes_once_when_its_hours_are_reached(before: int, had: int, given: list[str]) -> None:
    deed = a_deed("dezhi-volunteer/errands", minutes=60)
    found = score(DEFAULT, deed, facts(before, had=had))
    assert [one.item for one in found if one.item.startswith("star")] == given
    assert all(one.asset is Asset.COUNT and one.amount == 1 for one in found if one.item in given)


@pytest.mark.row("TB-08")
def test_star_chosen_by_hand_needs_its_hours_too() -> None:
    assert earned("star-2", given=facts(299 * 60, had=1)) == {}
    assert earned("star-2", given=facts(300 * 60, had=1)) == {"star-2 count": 1}
    assert earned("star-2", given=facts(300 * 60, had=2)) == {}


def intent(minutes: int, code: str = "dezhi-volunteer/errands", asset: Asset = Asset.HOURS) -> Intent:
    return Intent(
        kind=IntentKind.AWARD,
        code=code,
        holder=A_HOLDER,
        holder_kind=HolderKind.PERSON,
        date=A_DAY,
        lines=(Amount(asset=asset, amount=minutes),),
    )


@pytest.mark.row("TB-09")
def test_check_refuses_the_thirteenth_hour_of_a_day() -> None:
    assert check(DEFAULT, intent(120), facts(today=10 * 60)) is None
    refused = check(DEFAULT, intent(180), facts(today=10 * 60))
    assert isinstance(refused, Refusal)
    assert "13.0小时，超过12小时" in refused.reason
    assert check(Choices(day_hours_max=16), intent(180), facts(today=10 * 60)) is None


def test_check_minds_only_its_own_hours() -> None:
    assert check(DEFAULT, intent(900, code="another/thing"), facts()) is None
    assert check(DEFAULT, intent(900, asset=Asset.MORAL), facts()) is None


def entry(code: str, *lines: Amount, kind: HolderKind = HolderKind.PERSON) -> Entry:
    return Entry(item=code, date=A_DAY, holder=A_HOLDER, holder_kind=kind, lines=lines)


HOUR = Amount(asset=Asset.HOURS, amount=60)


def test_notices_tell_how_far_somebody_has_come() -> None:
    assert notices(entry("errands", HOUR), facts(90 * 60)) == [
        Notice(text="志愿时累计90小时，再服务10小时就是一星志愿者。")
    ]
    assert notices(entry("errands", HOUR), facts(100 * 60 + 30))[0] == Notice(text="您已满100小时，是一星志愿者。")
    assert len(notices(entry("errands", HOUR), facts(ENOUGH))) == 1
    assert notices(entry("snow-clearing", kind=HolderKind.HOUSEHOLD), facts()) == []


@pytest.mark.row("TB-08")
def test_notices_say_when_a_star_rests_on_hours_that_were_corrected() -> None:
    star = entry("star-1", Amount(asset=Asset.COUNT, amount=1))
    assert notices(star, facts(100 * 60, had=1)) == []
    [told] = notices(star, facts(98 * 60, had=1))
    assert "现在是98小时" in told.text


def test_reports_add_up_hours_by_month_and_kind() -> None:
    month = date(2026, 9, 1)
    totals = [
        Total(item="errands", month=month, asset=Asset.HOURS, times=4, amount=250, households=5),
        Total(item="clinic-company", month=month, asset=Asset.HOURS, times=1, amount=90, households=5),
        Total(item="clinic-company", month=month, asset=Asset.MORAL, times=1, amount=9, households=5),
    ]
    of_month, of_service = reports(DEFAULT, totals)
    assert of_month.rows == (("2026-09", "4.1", "1.5", "–", "–", "–", "5.6"),)
    assert of_service.rows == (("代购代取、送餐", 4, "4.1"), ("陪同就医", 1, "1.5"))


def test_hours_are_shown_with_what_is_over_left_away() -> None:
    assert [hours(minutes) for minutes in (0, 5, 6, 59, 95)] == ["0.0", "0.0", "0.1", "0.9", "1.5"]


def test_page_explains_stars_and_how_time_is_counted() -> None:
    stars, counting = page(DEFAULT, Visit()), page(PAID, Visit(path="counting"))
    assert isinstance(stars, Page)
    assert isinstance(counting, Page)
    assert ("一星志愿者", "100小时") in [row for block in stars.blocks for row in getattr(block, "rows", ())]
    assert page(DEFAULT, Visit(path="nothing")) is None


def test_every_text_has_its_english() -> None:
    said = [
        items(PAID),
        boards(DEFAULT),
        [page(choices, Visit(path=path)) for choices in (DEFAULT, PAID) for path in ("", "counting")],
        reports(DEFAULT, [Total(item="errands", month=A_DAY, asset=Asset.HOURS, times=4, amount=250, households=5)]),
        [notices(entry("errands", HOUR), facts(minutes)) for minutes in (90, 59, 6_500, ENOUGH)],
        notices(entry("star-1", HOUR), facts(95)),
        check(DEFAULT, intent(900), facts()),
        score(PAID, a_deed("dezhi-volunteer/errands", minutes=95), facts(99 * 60)),
    ]
    assert chinese_left(PLUGIN, said) == []
