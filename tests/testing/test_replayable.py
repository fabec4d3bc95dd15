"""What would give another answer tomorrow is found in a plugin, with its place (PL-07)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dezhi.testing import Conformance
from workshop import GOOD, Workshop

pytestmark = [pytest.mark.sqlite, pytest.mark.row("PL-07")]

LINE = len(GOOD.splitlines())
"""On which a plugin does what it should not: where the answer stood."""


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    monkeypatch.syspath_prepend(str(tmp_path))
    made = Workshop(tmp_path)
    yield made
    made.forget()


def doing(workshop: Workshop, package: str, line: str, before: str = "") -> Conformance:
    """The promises of a plugin that does this before it scores."""
    code = GOOD.replace("    return awards_as_declared", f"    {line}\n    return awards_as_declared") + before
    tested = Conformance()
    tested.package = workshop.write(package, code)  # type: ignore[misc]  # as a subclass would say it
    return tested


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("import datetime; datetime.datetime.now()", "now"),
        ("import datetime; datetime.date.today()", "today"),
        ("import datetime; datetime.datetime.fromtimestamp(0)", "fromtimestamp"),
        ("open('notes.txt')", "open"),
        ("print(deed)", "print"),
        ("eval('1')", "eval"),
        ("__import__('time')", "__import__"),
    ],
)
def test_a_clock_and_a_file_are_named_with_their_line(workshop: Workshop, line: str, named: str) -> None:
    tested = doing(workshop, f"reads_{named.strip('_')}", line)
    with pytest.raises(AssertionError) as told:
        tested.test_plugin_reads_no_clock_and_no_file()
    assert f"__init__.py:{LINE} {named}" in str(told.value)


@pytest.mark.parametrize("module", ["time", "random", "secrets", "uuid", "os", "socket", "sqlite3", "importlib"])
def test_a_module_of_chance_or_of_the_world_is_named_with_its_line(workshop: Workshop, module: str) -> None:
    tested = doing(workshop, f"imports_{module}", f"import {module}")
    with pytest.raises(AssertionError) as told:
        tested.test_plugin_imports_nothing_but_the_contract()
    assert f"__init__.py:{LINE} {module}" in str(told.value)


def test_an_answer_that_depends_on_the_one_before_is_no_answer(workshop: Workshop) -> None:
    tested = doing(workshop, "remembers", "TIMES.append(1)\n    if len(TIMES) % 2: return []", "\n\nTIMES = []\n")
    with pytest.raises(AssertionError):
        tested.test_same_question_has_the_same_answer()


def test_a_plugin_that_asks_the_question_alone_keeps_all_of_them(workshop: Workshop) -> None:
    tested = doing(workshop, "keeps_them", "pass")
    tested.test_plugin_reads_no_clock_and_no_file()
    tested.test_plugin_imports_nothing_but_the_contract()
    tested.test_same_question_has_the_same_answer()
