"""The village that authors try their plugins in is the real house."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from dezhi.core.errors import Problem
from dezhi.plugin import Asset, HolderKind
from dezhi.testing.village import Village
from workshop import Workshop

pytestmark = pytest.mark.sqlite

SWEEP = "dezhi-hello/sweep"
Opening = Callable[..., Village]


@pytest.mark.row("PL-10")
def test_a_deed_is_booked_and_reversed(open_village: Opening) -> None:
    village = open_village("dezhi_hello")
    home = village.family()
    entry = village.record(SWEEP, home)
    assert entry.amounts == ((HolderKind.HOUSEHOLD, Asset.MORAL, 5),)
    assert (entry.points, entry.reason) == (5, "清扫村道：道德积分加5分")
    assert (village.balance(home), village.balance(village.family())) == (5, 0)
    village.reverse(entry)
    assert village.balance(home) == 0


def test_time_passes_and_settings_change(open_village: Opening) -> None:
    village = open_village("dezhi_yinger", settings={"dezhi-yinger": {"month_times_max": 1}})
    home = village.family()
    village.record("dezhi-yinger/elder-care", home)
    assert village.refusal("dezhi-yinger/elder-care", home).code == "cap-reached"
    village.today = date(2026, 11, 2)
    village.record("dezhi-yinger/elder-care", home)
    village.adopt({"dezhi-yinger": {"month_times_max": 2}})
    village.record("dezhi-yinger/elder-care", home)
    assert village.balance(home) == 30
    assert village.refusal("dezhi-yinger/elder-care", home, on=village.today + timedelta(days=1)).code == "future"


def test_hours_are_a_persons(open_village: Opening) -> None:
    village = open_village("dezhi_yinger")
    home = village.family(persons=3, grid=1)
    village.record("dezhi-yinger/homework", home, person=home.people[2], minutes=90)
    assert village.balance(home, Asset.HOURS, home.people[2]) == 90
    assert len(village.items) > 30


def test_settings_of_nobody_are_told(open_village: Opening) -> None:
    with pytest.raises(KeyError, match="dezhi-hello"):
        open_village("dezhi_hello", settings={"most": {}})


def test_what_is_booked_is_no_refusal(open_village: Opening) -> None:
    village = open_village("dezhi_hello")
    with pytest.raises(AssertionError, match="was booked"):
        village.refusal(SWEEP, village.family())


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    monkeypatch.syspath_prepend(tmp_path)
    made = Workshop(tmp_path)
    yield made
    made.forget()


def test_a_refused_plugin_says_why(tmp_path: Path, workshop: Workshop) -> None:
    package = workshop.write("lying", permissions='["award", "board"]')
    with pytest.raises(Problem, match="permissions"):
        Village(tmp_path / "village", package)
