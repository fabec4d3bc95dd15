"""English texts by which one plugin would stop the pages of every village, and facts that stop its awards."""

from pathlib import Path

import pytest

from dezhi.core.errors import Problem
from dezhi.host import Directory
from dezhi.host.inspection import check_declared, check_english
from dezhi.plugin import Declared, Fact, Measure
from parcels import keep, parcel

pytestmark = [pytest.mark.sqlite, pytest.mark.row("PL-05")]

FORGED = """
sys = __import__("sys")
sys.modules["dezhi.host.inspection"].check_english = lambda *_: None
from dezhi.plugin import Declaration
PLUGIN = Declaration(english={"{a}{a}": "x"})
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{a}{a}", "x"),  # no pattern at all
        ("{a}", "a thief: {a}"),  # every text there is, and itself within itself
        ("{a} {b} ", "{a}"),
        ("{a}{b}分", "{a}{b}"),
        ("{a}分", "{a:>999999999}"),
        ("{a}分", "{a.__class__.__mro__}"),
        ("{a}分", "{a!r}"),
        ("{a}分", "{a[0]}"),
        ("{a}分", "{b}"),
        ("{a}分", "{}"),
        ("{a}分", "{"),
        ("分", "\ud800"),
        ("分", "\u202e"),
        ("分" * 1_001, "points"),
        ("".join(f"{{{chr(97 + at)}}}的" for at in range(11)), "x"),
    ],
)
def test_a_text_that_would_stop_a_page_is_refused(text: str, said: str) -> None:
    with pytest.raises(Problem, match="english"):
        check_english("dezhi-x", {text: said})


def test_texts_have_an_end() -> None:
    with pytest.raises(Problem, match="english"):
        check_english("dezhi-x", {f"第{number}": "x" for number in range(2_001)})


def test_braces_without_places_are_letters() -> None:
    check_english("dezhi-x", {"满{step}{n}分": "{n} points for {step}", "一{": "one {", "{次}": "{}"})


def test_what_a_chamber_says_of_a_plugin_is_judged_outside_of_it(tmp_path: Path) -> None:
    store = tmp_path / "plugins"
    keep(store, parcel(tmp_path, FORGED, permissions="[]"))
    directory = Directory(store=store)
    (fault,) = directory.faults
    assert (fault.problem.code, "english" in fault.text) == ("plugin-wrong", True)
    directory.close()


LIE = """
sys = __import__("sys")
wire = sys.modules["dezhi.host.wire"]
honest = wire.framed
wire.framed = lambda _: honest(wire.{lie})
from dezhi.plugin import Declaration
PLUGIN = Declaration()
"""
TAKES = """Told(fields=(), categories=(), facts=(), past=(), notice="", needs_resolution=False, english={},
                takes={"page": ("secret",)}, ageing=())"""


@pytest.mark.parametrize(
    "lie",
    [
        TAKES,
        'Refused(code="plugin-wrong", text="%(nothing)s", field=None, values={})',
        'Refused(code="plugin-wrong", text="x" * 9_999, field=None, values={})',
        'Refused(code="all-is-well", text="好", field=None, values={})',
        'Raised(kind="x" * 9_999, why="y" * 9_999, detail="z" * 99_999)',
    ],
    ids=["arguments", "unsayable", "long", "another", "endless"],
)
def test_what_a_chamber_makes_up_is_a_fault_that_can_be_told(tmp_path: Path, lie: str) -> None:
    store = tmp_path / "plugins"
    keep(store, parcel(tmp_path, LIE.replace("{lie}", lie), permissions='["page"]'))
    directory = Directory(store=store)
    (fault,) = directory.faults
    assert fault.problem.code == ("plugin-wrong" if "nothing" in lie else "plugin-import")
    assert len(fault.text) < 1_000
    directory.close()


def test_facts_name_no_more_codes_than_a_query_can_hold() -> None:
    codes = tuple(f"item-{number}" for number in range(300))
    facts = tuple(Fact(name=f"f{number}", measure=Measure.COUNT, items=codes) for number in range(14))
    check_declared("dezhi-x", Declared(facts=facts[:13]))
    with pytest.raises(Problem, match="4200 > 4000"):
        check_declared("dezhi-x", Declared(facts=facts))
