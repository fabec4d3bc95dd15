from datetime import date

import pytest

from dezhi.core.errors import Problem
from dezhi.core.regions import Level, Region, ancestor_codes, check_code, level_of, village_on


@pytest.mark.row("HH-01")
@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("620000000000", Level.PROVINCE),
        ("620900000000", Level.CITY),
        ("620902000000", Level.COUNTY),
        ("620902001000", Level.TOWNSHIP),  # street
        ("620902101000", Level.TOWNSHIP),  # town
        ("620902201000", Level.TOWNSHIP),  # rural township
        ("620902401000", Level.TOWNSHIP),  # a farm, alike
        ("620902101001", Level.VILLAGE),  # residents' committee
        ("620902101399", Level.VILLAGE),  # villagers' committee
        ("441900003000", Level.TOWNSHIP),  # of a city without counties
    ],
)
def test_a_code_tells_its_level(code: str, level: Level) -> None:
    assert level_of(code) is level


@pytest.mark.row("HH-01")
@pytest.mark.parametrize(
    "code",
    [
        "",
        "62090210120",
        "6209021012011",
        "62090210120x",
        "６20902101201",  # a full-width digit
        " 20902101201",
        "160902101201",  # no such province
        "620002101201",  # no city, but a county
        "620902000201",  # no township, but a village
        "620902600000",  # township numbers end at 599
        "620902101600",  # village numbers too
    ],
)
def test_a_bad_code_is_refused(code: str) -> None:
    with pytest.raises(Problem, match="region-code"):
        level_of(code)


def region(code: str, level: Level, **more: object) -> Region:
    given = {"id": 1, "name": "某地", "parent": None, "valid_from": date(2020, 1, 1)} | more
    return Region(code=code, level=level, **given)


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("620000000000", Level.PROVINCE, None),
        ("620902101201", Level.VILLAGE, region("620902101000", Level.TOWNSHIP)),
        ("441900003000", Level.TOWNSHIP, region("441900000000", Level.CITY)),
        ("01", Level.GRID, region("620902101201", Level.VILLAGE)),
        ("A-1", Level.GROUP, region("01", Level.GRID)),
        ("1", Level.GROUP, region("620902101201", Level.VILLAGE)),
    ],
)
def test_a_region_stands_below_its_parent(code: str, level: Level, parent: Region | None) -> None:
    check_code(code, level, parent)


@pytest.mark.parametrize(
    ("code", "level", "parent", "problem"),
    [
        ("620902101201", Level.TOWNSHIP, region("620902000000", Level.COUNTY), "region-code"),
        ("620902101201", Level.VILLAGE, region("620902102000", Level.TOWNSHIP), "region-code"),
        ("620902101201", Level.VILLAGE, region("620902000000", Level.COUNTY), "region-parent"),
        ("620902101201", Level.VILLAGE, None, "region-parent"),
        ("620902101000", Level.TOWNSHIP, region("620900000000", Level.CITY), "region-parent"),
        ("620000000000", Level.PROVINCE, region("620000000000", Level.PROVINCE), "region-parent"),
        ("01", Level.GRID, region("620902101000", Level.TOWNSHIP), "region-parent"),
        ("", Level.GRID, region("620902101201", Level.VILLAGE), "region-code"),
        ("第一", Level.GRID, region("620902101201", Level.VILLAGE), "region-code"),
        ("1" * 33, Level.GRID, region("620902101201", Level.VILLAGE), "region-code"),
    ],
)
def test_a_region_stands_nowhere_else(code: str, level: Level, parent: Region | None, problem: str) -> None:
    with pytest.raises(Problem) as refused:
        check_code(code, level, parent)
    assert refused.value.code == problem
    assert refused.value.say()


def test_the_codes_above_are_told_by_the_code() -> None:
    assert ancestor_codes("620902101201") == ("620000000000", "620900000000", "620902000000", "620902101000")
    assert ancestor_codes("441900003000") == ("440000000000", "441900000000")


def test_a_twice_merged_village_is_found_on_each_day() -> None:
    first, second = date(2022, 1, 1), date(2024, 1, 1)
    chain = {
        1: region("620902101201", Level.VILLAGE, valid_to=first, merged_into=2),
        2: region("620902101202", Level.VILLAGE, id=2, valid_to=second, merged_into=3),
        3: region("620902101203", Level.VILLAGE, id=3),
    }
    days = [date(2021, 12, 31), first, date(2023, 12, 31), second]
    assert [village_on(chain, 1, day).id for day in days] == [1, 2, 2, 3]
