from datetime import date

import pytest

from dezhi.plugin import (
    Amount,
    Asset,
    Entry,
    Facts,
    HolderKind,
    Notice,
    Page,
    Participant,
    QuestionKind,
    Role,
    Total,
    Visit,
)
from dezhi.testing import A_DAY, A_HOLDER, Conformance, a_deed
from dezhi.testing.english import chinese_left
from dezhi_sanxian import PLUGIN, items, notices, page, reports, score
from dezhi_sanxian.settings import Choices

DEFAULT = Choices()


class TestConformance(Conformance):
    package = "dezhi_sanxian"
    settings = ({"group_size": 30, "month_households": 0}, {"group_size": 5})


def homes(role: Role, *households: int) -> tuple[Participant, ...]:
    return tuple(Participant(role=role, household=one, grid=70) for one in households)


def counted(code: str, participants: tuple[Participant, ...] = (), **answers: str | bool) -> list[tuple[Asset, int]]:
    deed = a_deed(f"dezhi-sanxian/{code}", participants=participants, **answers)
    return [(one.asset, one.amount) for one in score(DEFAULT, deed)]


@pytest.mark.parametrize("code", ["party-visit", "deputy-visit", "centre-visit"])
def test_score_counts_the_households_visited(code: str) -> None:
    assert counted(code, homes(Role.HELPED, 1, 2, 3), about="safety") == [(Asset.COUNT, 3)]
    assert counted(code, homes(Role.HELPED, 1, 1), about="safety") == [(Asset.COUNT, 1)]
    assert counted(code, homes(Role.WITNESS, 1), about="safety") == []


def test_a_round_counts_its_grid() -> None:
    assert counted("centre-round", homes(Role.GROUP, *range(48))) == [(Asset.COUNT, 48)]


def test_a_matter_is_settled_when_its_owner_was_told() -> None:
    assert counted("raised") == [(Asset.COUNT, 1)]
    assert counted("settled", told_back=True) == [(Asset.COUNT, 1)]
    assert counted("settled", told_back=False) == []


@pytest.mark.row("HO-10")
def test_nothing_pays_and_nothing_is_written_down_about_people() -> None:
    for item in items(DEFAULT):
        assert {line.asset for line in item.lines} == {Asset.COUNT}
        assert all(one.kind is not QuestionKind.TEXT for one in item.questions)


def entry(code: str) -> Entry:
    lines = (Amount(asset=Asset.COUNT, amount=3),)
    return Entry(item=code, date=A_DAY, holder=A_HOLDER, holder_kind=HolderKind.PERSON, lines=lines)


def test_notices_tell_a_centre_household_how_far_its_month_is() -> None:
    assert notices(DEFAULT, entry("centre-visit"), Facts({"homes_this_month": 7})) == [
        Notice(text="这个月走访了7户次，还差3户次。")
    ]
    assert notices(DEFAULT, entry("centre-round"), Facts({"homes_this_month": 48})) == [
        Notice(text="这个月走访了48户次，够了。辛苦。")
    ]
    assert notices(DEFAULT, entry("party-visit"), Facts({"homes_this_month": 0})) == []
    assert notices(Choices(month_households=0), entry("centre-visit"), Facts({"homes_this_month": 0})) == []


def total(item: str, month: int, amount: int) -> Total:
    day = date(2026, month, 1)
    return Total(item=item, month=day, asset=Asset.COUNT, times=amount, amount=amount, households=9)


TOTALS = [
    total("centre-visit", 9, 30),
    total("party-visit", 9, 12),
    total("centre-visit", 10, 20),
    total("raised", 9, 6),
    total("settled", 9, 5),
    total("gone", 9, 5),
]


def test_reports_are_by_month_and_name_nobody() -> None:
    walked, matters = reports(TOTALS)
    assert walked.rows == (("2026-09", 12, "–", 30, "–", 42), ("2026-10", "–", "–", 20, "–", 20))
    assert matters.rows == (("2026-09", 6, 5),)


def test_page_says_what_a_centre_household_does() -> None:
    main, duties = page(DEFAULT, Visit()), page(DEFAULT, Visit(path="duties"))
    assert isinstance(main, Page)
    assert isinstance(duties, Page)
    assert duties.title == "中心户长做什么"
    assert page(DEFAULT, Visit(path="ranking")) is None


def test_every_text_has_its_english() -> None:
    said = [
        items(DEFAULT),
        [page(DEFAULT, Visit(path=path)) for path in ("", "duties")],
        reports(TOTALS),
        [notices(DEFAULT, entry("centre-visit"), Facts({"homes_this_month": n})) for n in (3, 30)],
        score(DEFAULT, a_deed("dezhi-sanxian/raised")),
        score(DEFAULT, a_deed("dezhi-sanxian/centre-visit", participants=homes(Role.HELPED, 1, 2))),
    ]
    assert chinese_left(PLUGIN, said) == []
