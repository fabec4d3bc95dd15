"""Would the model test find a wrong rule? Faults are planted one at a time, and each must be found soon."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from dezhi.core import awards, draft, holds, ledger, lots, reversals
from dezhi.core.book import Account
from dezhi.core.events import Command
from proof import Disagreement, tell

pytestmark = pytest.mark.row("LE-15")

SOON = 400
"""Within so many histories, a twenty-fifth of what the model test tells."""

FAULTS: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "the newest lot is spent first": (draft, "_age", lambda lot: (-lot.until, lot.lapses)),
    "a lot that is over can still be spent": (lots, "past", lambda *_: False),
    "a spent lot does not come back": (reversals, "restore", lambda *_: None),
    "lots do not pay what is owed": (lots, "settle", lambda *_: None),
    "a debt is never paid": (Account, "ease", lambda _: None),
    "an allowance does not come back": (draft.Draft, "give_back", lambda *_: None),
    "a reversal can be repeated in one batch": (
        draft.Draft,
        "reversed",
        lambda _, target: target.reversed_by is not None,
    ),
    "what is overdue stays": (ledger, "_due", lambda *_: ()),
    "a ceiling is passed": (awards, "_below", lambda _, lines, *__: lines),
    "he who proposes also approves": (awards, "check_persons", lambda _: None),
    "a late order is handed over": (holds, "_spent", lambda event, held, **_: event.amount or held.amount),
    "a key can be used for something else": (Command, "digest", lambda _: bytes(32)),
}


def first_found() -> int:
    """Which history finds that something is wrong."""
    for seed in count():
        if seed == SOON:
            pytest.fail(f"not found in {SOON} histories")
        try:
            tell(seed, shrink=False)
        except Disagreement:
            return seed
    return 0


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_rule_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name, wrong = FAULTS[fault]
    monkeypatch.setattr(owner, name, wrong)
    assert first_found() < SOON


def test_a_wrong_rule_is_shown_by_the_shortest_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(awards, "_below", lambda _, lines, *__: lines)
    with pytest.raises(Disagreement) as found:
        tell(first_found())
    steps = [line for line in str(found.value).splitlines() if "Command(" in line]
    assert len(steps) <= 5
    assert "ceiling=Ceiling(asset=AssetId." in steps[-1]
