"""Awards by which a plugin would hurt a book, or somebody: each is refused, and so is all of its item."""

import msgspec
import pytest

from dezhi.core.scoring import accept
from dezhi.plugin import Asset, Award, Deed, Item, Line, Participant, Role
from dezhi.testing import a_deed

pytestmark = pytest.mark.sqlite

LINES = (Line(asset=Asset.COUNT, amount_min=1, amount_max=1),)
HELP = Item(code="help", title="邻里帮扶", category="friend", asset=Asset.COUNT, lines=LINES, how="帮一把。")
UNTIDY = Item(
    code="untidy", title="门前不净", category="friend", asset=Asset.COUNT, lines=LINES, how="提醒一声。", quiet=True
)
ITEMS = {"a/help": HELP, "a/untidy": UNTIDY}
OTHER = Participant(role=Role.HELPED, household=77)
HELPED = a_deed("a/help", participants=(OTHER,))
REMINDED = a_deed("a/untidy", participants=(OTHER,))


def refusals(deed: Deed, award: Award) -> list[str]:
    return [problem.code for problem in accept(ITEMS, [("a", [award])], deed, version=3).refusals]


@pytest.mark.parametrize("letter", ["\0", "\ud800", "\x1b", "\u202e", "\u2067"])
def test_a_reason_that_no_database_keeps_or_that_shows_something_else_is_refused(letter: str) -> None:
    award = Award(item="help", asset=Asset.COUNT, amount=1, reason=f"邻里帮扶：记1次{letter}")
    assert refusals(HELPED, award) == ["award-reason"]


@pytest.mark.row("RU-18")
def test_nobody_is_reminded_but_the_house_a_person_recorded_it_for() -> None:
    award = Award(item="untidy", asset=Asset.COUNT, amount=1, reason="门前不净：今年第1次提醒")
    given = msgspec.structs.replace(award, to=OTHER)
    assert refusals(REMINDED, award) == []
    assert refusals(REMINDED, given) == ["award-quiet"], "nobody who only stood by"
    assert refusals(HELPED, award) == ["award-quiet"], "and by no rule of itself"
    assert refusals(HELPED, given) == ["award-quiet"]


@pytest.mark.row("RU-18")
def test_a_reminder_counts_once_a_day_whatever_its_item_says() -> None:
    award = Award(item="untidy", asset=Asset.COUNT, amount=1, reason="门前不净：今年第1次提醒")
    [proposal] = accept(ITEMS, [("a", [award])], REMINDED, version=3).proposals
    assert [(use.metric, use.window, use.limit) for use in proposal.caps] == [("times", "day", 1)]
    with pytest.raises(ValueError, match="one at a time"):
        msgspec.structs.replace(UNTIDY, lines=(Line(asset=Asset.COUNT, amount_min=1, amount_max=9),)).__post_init__()
