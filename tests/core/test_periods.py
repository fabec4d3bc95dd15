"""Calendar periods of the village."""

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from dezhi.core.periods import fact_span, period_key, period_span
from dezhi.plugin import Fact, Measure, Window

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("window", "day", "key", "first", "last"),
    [
        (Window.DAY, date(2026, 11, 22), "d2026-11-22", date(2026, 11, 22), date(2026, 11, 22)),
        (Window.WEEK, date(2026, 11, 22), "w2026-47", date(2026, 11, 16), date(2026, 11, 22)),
        (Window.WEEK, date(2027, 1, 1), "w2026-53", date(2026, 12, 28), date(2027, 1, 3)),
        (Window.MONTH, date(2028, 2, 29), "m2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        (Window.MONTH, date(2026, 12, 31), "m2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        (Window.QUARTER, date(2026, 11, 22), "q2026-4", date(2026, 10, 1), date(2026, 12, 31)),
        (Window.QUARTER, date(2026, 3, 31), "q2026-1", date(2026, 1, 1), date(2026, 3, 31)),
        (Window.YEAR, date(2026, 11, 22), "y2026", date(2026, 1, 1), date(2026, 12, 31)),
        (Window.LIFE, date(2026, 11, 22), "life", date(1949, 10, 1), date(9999, 12, 31)),
    ],
)
def test_period_has_a_name_a_first_and_a_last_day(window: Window, day: date, key: str, first: date, last: date) -> None:
    assert (period_key(window, day), *period_span(window, day)) == (key, first, last)


@given(DAYS, st.sampled_from(Window))
def test_every_day_lies_in_its_period_and_the_next_day_after_it_in_another(day: date, window: Window) -> None:
    first, last = period_span(window, day)
    assert first <= day <= last
    assert period_key(window, first) == period_key(window, last) == period_key(window, day)
    if window is not Window.LIFE:
        assert period_key(window, last + timedelta(days=1)) != period_key(window, day)
        assert period_key(window, first - timedelta(days=1)) != period_key(window, day)


def test_fact_counts_nothing_after_the_deed() -> None:
    day = date(2026, 11, 22)
    quarter = Fact(name="n", measure=Measure.COUNT, window=Window.QUARTER)
    rolling = Fact(name="n", measure=Measure.COUNT, window_days=7)
    assert fact_span(quarter, day) == (date(2026, 10, 1), day)
    assert fact_span(rolling, day) == (date(2026, 11, 16), day)
