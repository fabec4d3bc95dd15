"""What an author reads who erred: the place, and what to do about it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dezhi.testing import Conformance
from workshop import GOOD, MANIFEST, Workshop

pytestmark = pytest.mark.sqlite

EARNS = "test_every_item_can_be_earned"
ACCEPTED = "test_plugin_is_accepted"
AWARDS = "awards_as_declared(ITEM, deed)"


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    monkeypatch.syspath_prepend(str(tmp_path))
    shop = Workshop(tmp_path)
    yield shop
    shop.forget()


@pytest.mark.parametrize(
    ("promise", "was", "now", "said"),
    [
        (ACCEPTED, "def score(", "def scores(", "unknown hook 'scores' → score"),
        (ACCEPTED, "score(deed)", "score(dead)", "score(dead) → score(programme, settings, deed, facts)"),
        (EARNS, AWARDS, "5", "score, __init__.py:12: Nonsense: a list was expected, not int"),
        (EARNS, AWARDS, "[{}]", "dict"),
        (EARNS, AWARDS, "[deed.nothing]", "score, __init__.py:14: AttributeError: 'Deed' object has no attribute"),
        (
            EARNS,
            AWARDS,
            "setattr(deed, 'points', 4)",
            "__init__.py:14: AttributeError: immutable type: 'Deed' (给插件看的",
        ),
        (EARNS, AWARDS, "[]", "trial-errors/thing：记分员怎么答都挣不到，请看 `score`"),
        ("test_offers_have_no_fault", "return [ITEM]", "return [ITEM, ITEM]", "请看 `items` 返回了什么"),
        ("test_plugin_reads_no_clock_and_no_file", AWARDS, "print(deed)", "__init__.py:14 print (日子随问题给出"),
        (ACCEPTED, AWARDS, "deed.date.today()", "__init__.py:14 today"),
        (ACCEPTED, "LINES = (", "LINES = 1 / 0, (", "__init__.py:5 ZeroDivisionError: division by zero"),
    ],
)
def test_an_error_names_its_place_and_remedy(workshop: Workshop, promise: str, was: str, now: str, said: str) -> None:
    assert was in GOOD

    class Promised(Conformance):
        package = workshop.write("trial_errors", GOOD.replace(was, now, 1))

    with pytest.raises(AssertionError) as caught:
        getattr(Promised(), promise)()
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("permissions", "said"),
    [("[]", 'award: items, score → permissions = [… "award"]'), ('["award", "page"]', "page: no @hook page")],
)
def test_an_untrue_manifest_says_what_to_write(workshop: Workshop, permissions: str, said: str) -> None:
    class Promised(Conformance):
        package = workshop.write("trial_errors", GOOD, MANIFEST, permissions)

    with pytest.raises(AssertionError) as caught:
        Promised().test_plugin_is_accepted()
    assert said in str(caught.value)
