"""What a line of a file of deeds may say."""

from datetime import date

import pytest

from dezhi.core.deedlines import COLUMNS, column_of, read_line
from dezhi.core.errors import Problem
from dezhi.plugin import Role

LINE = {"village": "620902101201", "number": "012", "item": "dezhi-yinger/oil", "day": "2026-11-22"}


@pytest.mark.parametrize(
    "text", ["2026-11-22", "2026/11/22", "2026.11.22", "20261122", "2026年11月22日", " 2026-11-22 "]
)
def test_days_are_read_as_people_write_them(text: str) -> None:
    assert read_line({**LINE, "day": text}).on == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("day", ""),
        ("day", "2026-02-30"),
        ("day", "22.11.2026"),
        ("number", ""),
        ("village", "6209021012"),
        ("item", ""),
        ("minutes", "-5"),
        ("minutes", "1.5"),
        ("points", "１０"),
        ("points", "9" * 400),
        ("household", "x"),
        ("note", "好" * 101),
        ("answers", "300"),
        ("people", "朋友=101"),
        ("key", "编号"),
        ("key", "k" * 65),
    ],
)
def test_what_is_wrong_is_said_of_its_field(field: str, value: str) -> None:
    with pytest.raises(Problem) as wrong:
        read_line({**LINE, field: value})
    assert wrong.value.field == field


def test_answers_and_people_are_read_as_people_write_them() -> None:
    line = read_line({**LINE, "answers": "数量=300； 级别：镇级", "people": "受帮助=101、102;见证=103/李四; group"})
    assert line.answers == (("数量", "300"), ("级别", "镇级"))
    assert line.people == (
        (Role.HELPED, "101", ""),
        (Role.HELPED, "102", ""),
        (Role.WITNESS, "103", "李四"),
        (Role.GROUP, "", ""),
    )


def test_a_household_by_its_id_needs_no_village() -> None:
    line = read_line({"household": "5", "item": "a/b", "day": "20261122", "points": "3"})
    assert (line.household, line.points, line.minutes, line.key) == (5, 3, None, "")


def test_every_column_has_its_names() -> None:
    for name, others in COLUMNS.items():
        assert {column_of(one) for one in (name, f" {name.upper()} ", *others)} == {name}
    assert column_of("problem") is None
    with pytest.raises(Problem):
        column_of("鼻子")
