"""No two answers of a backtest differ by what one to four households did (ADR 0090)."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings, strategies as st

from dezhi.core.backtest_grid import Did, counted_months, in_fives, last_whole, signs_in_fives, whole_months, year_to
from dezhi.core.errors import Problem
from dezhi.core.suppression import CELL_MIN

TODAY = date(2026, 11, 22)


@pytest.mark.row("B-01")
@pytest.mark.parametrize(
    ("since", "until", "used"),
    [
        (date(2026, 9, 1), date(2026, 10, 31), (date(2026, 9, 1), date(2026, 10, 31))),
        (date(2026, 9, 14), date(2026, 10, 2), (date(2026, 9, 1), date(2026, 10, 31))),
        (date(2026, 9, 14), TODAY, (date(2026, 9, 1), date(2026, 10, 31))),
        (date(2026, 9, 14), date(2027, 3, 1), (date(2026, 9, 1), date(2026, 10, 31))),
        (date(2026, 10, 31), date(2026, 10, 31), (date(2026, 10, 1), date(2026, 10, 31))),
    ],
)
def test_days_are_made_whole_months_that_are_over(since: date, until: date, used: tuple[date, date]) -> None:
    assert whole_months(since, until, TODAY) == used


def test_days_without_a_whole_month_or_the_wrong_way_round_are_refused() -> None:
    for since, until, problem in (
        (date(2026, 11, 1), TODAY, "span-month"),
        (date(2027, 1, 1), date(2027, 2, 1), "span-month"),
        (date(2026, 10, 2), date(2026, 10, 1), "span"),
    ):
        with pytest.raises(Problem, match=problem):
            whole_months(since, until, TODAY)


def test_where_nobody_says_otherwise_it_is_the_last_twelve_whole_months() -> None:
    assert last_whole(TODAY) == date(2026, 10, 31)
    for until, since in (
        (date(2026, 10, 31), date(2025, 11, 1)),
        (date(2026, 2, 28), date(2025, 3, 1)),
        (date(2028, 2, 29), date(2027, 3, 1)),
        (date(2026, 12, 31), date(2026, 1, 1)),
    ):
        assert year_to(until) == since
    assert last_whole(date(2027, 1, 1)) == date(2026, 12, 31)


DEEDS = st.lists(
    st.builds(Did, st.sampled_from("ab"), st.integers(202601, 202608), st.integers(1, 9)), max_size=60, unique=True
)
WINDOWS = st.tuples(st.integers(1, 8), st.integers(1, 8)).map(sorted)
DRAFTS = st.fixed_dictionaries({"a": st.integers(0, 3), "b": st.integers(0, 3)})


def told_of(deeds: Sequence[Did], months: Sequence[int]) -> set[Did]:
    """The deeds that an answer about some months counts."""
    first, last = months
    # Later deeds are known or not, as when the same is asked again a year later.
    known = [one for one in deeds if one.month % 100 <= last]
    found = counted_months(known, date(2026, first, 1), date(2026, last, 28))
    assert found == counted_months(deeds, date(2026, first, 1), date(2026, last, 28))
    return {one for one in deeds if (one.item, one.month) in found}


@pytest.mark.row("B-01")
@settings(max_examples=150, deadline=None)
@given(deeds=DEEDS, one=WINDOWS, other=WINDOWS, drafts=st.tuples(DRAFTS, DRAFTS))
def test_no_difference_of_two_answers_speaks_of_fewer_than_five_households(
    deeds: list[Did], one: list[int], other: list[int], drafts: tuple[dict[str, int], dict[str, int]]
) -> None:
    """Of any two spans of months, under any two drafts that give items other points or none."""
    first, second = told_of(deeds, one), told_of(deeds, other)
    for item in "ab":
        for more, fewer in ((first, second), (second, first)):
            differ = {deed.household for deed in more - fewer if deed.item == item}
            assert len(differ) == 0 or len(differ) >= CELL_MIN
    # The totals under both drafts: whose deeds weigh otherwise in one than in the other.
    for item in "ab":
        weighs = [
            {deed: draft[item] for deed in answer if deed.item == item}
            for answer, draft in zip((first, second), drafts, strict=True)
        ]
        differ = {deed.household for deed in deeds if weighs[0].get(deed, 0) != weighs[1].get(deed, 0)}
        assert len(differ) == 0 or len(differ) >= CELL_MIN


def test_numbers_of_households_are_told_in_fives() -> None:
    assert [in_fives(count) for count in (0, 5, 7, 8, 12, 13, 100)] == [0, 5, 5, 10, 10, 15, 100]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_who_gains_loses_and_stays_adds_up_and_never_differs_by_one(better: int, worse: int, same: int) -> None:
    households = better + worse + same
    told = signs_in_fives(households, better, worse)
    assert sum(told) == households
    assert all(count >= 0 for count in told)
    assert (told[0] % CELL_MIN, told[1] % CELL_MIN) == (0, 0)
    assert all(abs(shown - true) < CELL_MIN for shown, true in zip(told, (better, worse), strict=False))
