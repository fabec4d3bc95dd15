"""Which version rules a day when one that was adopted later begins earlier (ADR 0089)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec
from hypothesis import given, settings, strategies as st

from dezhi.core.lineages import coming, followed, ruling, set_aside
from dezhi.core.programmes import Document, Programme, Suspension, Withdrawal

TODAY = date(2026, 11, 22)
PAUSE = Document(suspended=Suspension(reason="公示栏坏了", decided_by="村民代表会议"))


def version(number: int, begins: int, after: int | None = -1, document: Document | None = None) -> Programme:
    """One that was adopted on TODAY and begins so many days later; `after` is the number it was taken from."""
    return Programme(
        id=number * 10,
        lineage=1,
        village=1,
        version=number,
        title="积分",
        effective_from=TODAY + timedelta(days=begins),
        document=document or Document(),
        items=(),
        derived_from=None if after is None or number == 1 else (number - 1 if after < 0 else after) * 10,
        resolution=None,
        created_by=None,
        created_at=datetime.combine(TODAY, time(4), tzinfo=UTC),
    )


def withdrawn(number: int) -> Document:
    return Document(withdrawn=Withdrawal(version=number, reason="写错了", decided_by="村民代表会议"))


def numbers(found: Sequence[Programme]) -> list[int]:
    return [one.version for one in found]


def aside(history: Sequence[Programme]) -> list[tuple[int, int]]:
    return [(pair.version.version, pair.by.version) for pair in set_aside(history)]


def test_a_suspension_keeps_a_coming_version_from_beginning_until_it_is_taken_again() -> None:
    first, new, pause = version(1, -30), version(2, 160), version(3, 0, 1, PAUSE)
    history = [pause, new, first]
    for days in (0, 159, 160, 300):
        assert ruling(history, TODAY + timedelta(days=days)) == pause
    assert (numbers(coming(history, TODAY)), aside(history)) == ([], [(2, 3)])
    again = version(4, 160, 2)
    history = [again, *history]
    assert (numbers(coming(history, TODAY)), aside(history)) == ([4], [])
    assert ruling(history, TODAY + timedelta(days=159)) == pause
    assert ruling(history, TODAY + timedelta(days=160)) == again


def test_a_later_suspension_lets_the_coming_version_begin_first() -> None:
    history = [version(3, 200, 2, PAUSE), version(2, 160), version(1, -30)]
    assert (numbers(coming(history, TODAY)), aside(history)) == ([2, 3], [])
    assert aside([version(3, 160, 2, PAUSE), *history[1:]]) == [(2, 3)]


def test_a_former_version_from_today_sets_the_coming_one_aside() -> None:
    history = [version(4, 0, 1), version(3, 160), version(2, -5), version(1, -30)]
    assert (numbers(coming(history, TODAY)), aside(history)) == ([], [(3, 4)])
    compared = followed(history, history[0])
    assert compared is not None
    assert compared.version == 2


def test_a_version_that_was_changed_before_it_began_is_not_set_aside() -> None:
    history = [version(3, 160), version(2, 160), version(1, -30)]
    assert (numbers(coming(history, TODAY)), aside(history)) == ([3], [])
    compared = followed(history, history[0])
    assert compared is not None
    assert compared.version == 2
    gone = [version(4, 0, 1, withdrawn(3)), *history]
    assert (numbers(coming(gone, TODAY)), aside(gone)) == ([], [(3, 4)])


def test_what_goes_on_in_place_of_a_withdrawn_one_is_not_set_aside() -> None:
    paused = msgspec.structs.replace(withdrawn(3), suspended=PAUSE.suspended)
    for before, after in ((Document(), withdrawn(3)), (PAUSE, paused)):
        history = [version(4, 100, 2, after), version(3, 160), version(2, 100, 1, before), version(1, -30)]
        assert (numbers(coming(history, TODAY)), aside(history)) == ([4], [(3, 4)])


def test_a_first_version_can_be_withdrawn_and_suspended_too() -> None:
    for document, after in ((withdrawn(1), None), (PAUSE, 1)):
        history = [version(2, 0, after, document), version(1, 160)]
        assert (numbers(coming(history, TODAY)), aside(history)) == ([], [(1, 2)])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-3, 12), min_size=1, max_size=8))
def test_what_is_told_of_the_days_to_come_is_what_will_rule_them(begins: list[int]) -> None:
    history = [version(number, days) for number, days in enumerate(begins, 1)][::-1]
    now, later = ruling(history, TODAY), coming(history, TODAY)
    for days in range(15):
        day = TODAY + timedelta(days=days)
        begun = [one for one in later if one.effective_from <= day]
        assert ruling(history, day) == (begun[-1] if begun else now)
    assert not {pair.version.version for pair in set_aside(history)} & {one.version for one in later}
