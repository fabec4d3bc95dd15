"""Places and scores: highest first, equals together."""

import itertools

import pytest
from hypothesis import given, strategies as st

from dezhi.core.ranking import Place, Top, places, top, weigh
from dezhi.plugin import Asset, Tie, Weight

SCORES = [("li", 241), ("wang", 268), ("zhao", 241), ("chen", 90), ("liu", 268)]


@pytest.mark.row("HO-02")
@pytest.mark.parametrize(
    ("tie", "expected"),
    [(Tie.COMPETITION, [1, 1, 3, 3, 5]), (Tie.DENSE, [1, 1, 2, 2, 3]), (Tie.ORDINAL, [1, 2, 3, 4, 5])],
)
def test_equal_points_have_the_place_the_rule_says(tie: Tie, expected: list[int]) -> None:
    placed = places(SCORES, tie)
    assert [entry.place for entry in placed] == expected
    assert [entry.key for entry in placed] == ["wang", "liu", "li", "zhao", "chen"]


def test_nobody_has_no_place() -> None:
    assert places([], Tie.COMPETITION) == []
    assert top([], 10) == Top(places=())


@pytest.mark.row("HO-02")
@given(st.lists(st.tuples(st.integers(), st.integers(-5, 5)), max_size=30), st.sampled_from(Tie))
def test_places_never_invert_scores_and_only_ordinal_parts_equals(scores: list[tuple[int, int]], tie: Tie) -> None:
    placed = places(scores, tie)
    assert sorted((entry.key, entry.score) for entry in placed) == sorted(scores)
    for before, after in itertools.pairwise(placed):
        assert before.score >= after.score
        assert (before.place == after.place) == (before.score == after.score and tie is not Tie.ORDINAL)
        assert before.place <= after.place


@pytest.mark.row("HO-09")
@given(st.lists(st.integers(-5, 40), max_size=60), st.integers(1, 10), st.sampled_from(Tie))
def test_top_never_goes_up_shows_no_minus_and_parts_no_equals(scores: list[int], size: int, tie: Tie) -> None:
    placed = places(enumerate(scores), tie)
    shown = top(placed, size)
    listed = [entry.score for entry in shown.places]
    assert listed == sorted(listed, reverse=True)
    assert all(score > 0 for score in listed)
    assert len(listed) <= 2 * size
    shown_places = {entry.place for entry in shown.places}
    assert not [entry for entry in placed[len(listed) :] if entry.place in shown_places and entry.score > 0]


def test_top_shows_all_who_share_the_last_place() -> None:
    placed = places([("a", 9), ("b", 5), ("c", 5), ("d", 5), ("e", 1)], Tie.COMPETITION)
    assert [entry.key for entry in top(placed, 2).places] == ["a", "b", "c", "d"]


def test_top_counts_a_group_too_large_to_show() -> None:
    placed = places([("first", 9), *((number, 5) for number in range(40))], Tie.COMPETITION)
    assert top(placed, 3) == Top(places=(Place(place=1, key="first", score=9),), tied=40, tied_place=2)


def test_weights_add_assets_by_category() -> None:
    earned = {(Asset.MORAL, "friend"): 30, (Asset.MORAL, "honest"): 5, (Asset.HOURS, "volunteer"): 150}
    assert weigh([Weight(asset=Asset.MORAL)], earned) == 35
    assert weigh([Weight(asset=Asset.MORAL, categories=("honest",))], earned) == 5
    assert weigh([Weight(asset=Asset.HOURS, per=60, times=3)], earned) == 6
    assert weigh([Weight(asset=Asset.MORAL), Weight(asset=Asset.HOURS, per=60)], earned) == 37
    assert weigh([Weight(asset=Asset.SAFE)], earned) == 0
