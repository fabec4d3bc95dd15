"""The odd shapes as TOML and as Python, asked by the host in the same way, give the same (PL-13)."""

import pytest

from dezhi.core.programme_files import read_programme_file
from dezhi.core.scoring import accept
from dezhi.host import Answer, Directory, Roster
from dezhi.plugin import Award
from dezhi.testing import a_programme
from dezhi_sheet import NAME as SHEET
from python_rules import ITEMS, NAME as PYTHON
from shapes import CASES, Case, deed_of, given, toml_of

pytestmark = pytest.mark.sqlite

DIRECTORY = Directory(modules=["dezhi_sheet", "python_rules"])
ODD = ("R11", "R12", "R16", "R17", "R18", "R20", "R26")


def asked(roster: Roster, plugin: str, case: Case) -> tuple[Award, ...]:
    deed = deed_of(case, plugin)
    answer = roster.ask_owner(plugin, "score", programme=a_programme(), deed=deed, facts={plugin: case.facts})
    assert isinstance(answer, Answer), answer
    return tuple(answer.value)


@pytest.mark.row("PL-13")
@pytest.mark.row("RU-01")
@pytest.mark.parametrize("shape", ODD)
def test_a_sheet_without_python_gives_what_the_same_rule_in_python_gives(shape: str) -> None:
    assert [fault.text for fault in DIRECTORY.faults] == []
    settings = read_programme_file(toml_of(shape)).plugins[SHEET].settings
    roster = Roster(DIRECTORY, {SHEET: settings, PYTHON: {}})
    offered = {f"{PYTHON}/{item.code}": item for item in ITEMS}
    for case in CASES[shape]:
        as_toml, as_python = asked(roster, SHEET, case), asked(roster, PYTHON, case)
        assert given(as_toml) == given(as_python) == case.gives
        judged = accept(offered, [(PYTHON, as_python)], deed_of(case, PYTHON), version=1)
        assert [str(refusal) for refusal in judged.refusals] == []
