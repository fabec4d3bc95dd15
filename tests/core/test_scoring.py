"""What plugins propose and what may be booked of it."""

import itertools
from typing import Any

import msgspec
import pytest
from hypothesis import given, strategies as st

from dezhi.core.caps import CapUse, cap_refusal, remaining
from dezhi.core.errors import Problem
from dezhi.core.scoring import (
    AWARDS_PER_ANSWER_MAX,
    Proposal,
    accept,
    check_deed,
    fault_of,
    intent_of,
)
from dezhi.core.text import as_it_is
from dezhi.plugin import (
    Ask,
    Asset,
    Award,
    Cap,
    Deed,
    Holder,
    HolderKind,
    Item,
    Line,
    Participant,
    Role,
    Subject,
    Window,
    awards,
)
from dezhi.testing import A_HOLDER, a_deed

HELP = Item(
    code="help",
    title="邻里帮扶",
    category="friend",
    asset=Asset.MORAL,
    lines=(Line(asset=Asset.MORAL, amount_min=5, amount_max=10), Line(asset=Asset.HONOUR, amount_min=1, amount_max=50)),
    ask=Ask.POINTS,
    how="帮一把。",
    caps=(
        Cap(window=Window.WEEK, asset=Asset.MORAL, amount_max=60),
        Cap(window=Window.YEAR, times_max=20),
        Cap(window=Window.LIFE, asset=Asset.HONOUR, amount_max=100),
    ),
)
SNOW = Item(
    code="snow",
    title="清雪",
    category="volunteer",
    asset=Asset.HOURS,
    lines=(Line(asset=Asset.MORAL, amount_min=2, amount_max=2), Line(asset=Asset.HOURS, amount_min=10, amount_max=480)),
    ask=Ask.MINUTES,
    how="清一次雪。",
    caps=(Cap(window=Window.DAY, asset=Asset.HOURS, amount_max=480), Cap(window=Window.MONTH, times_max=5)),
)
ITEMS = {"a/help": HELP, "a/snow": SNOW, "b/help": HELP}
DEED = a_deed("a/help", points=7)
REASON = "邻里帮扶：道德积分加7分"


def moral(**changed: Any) -> Award:
    told: dict[str, Any] = {"item": "help", "asset": Asset.MORAL, "amount": 7, "reason": REASON}
    return Award(**{**told, **changed})


def codes(*proposed: object, deed: Deed = DEED) -> list[str]:
    """Refusals of one plugin's answer that has no sound award; each must name the plugin."""
    accepted = accept(ITEMS, [("a", proposed)], deed, version=3)
    assert accepted.proposals == ()
    assert all("插件 a 的加分没有采用" in problem.say() for problem in accepted.refusals)
    return [problem.code for problem in accepted.refusals]


def test_sound_award_becomes_a_proposal_with_its_counters() -> None:
    accepted = accept(ITEMS, [("a", [moral()])], DEED, version=3)
    assert accepted.refusals == ()
    assert accepted.proposals == (
        Proposal(
            plugin="a",
            item="a/help",
            version=3,
            holder_kind=HolderKind.HOUSEHOLD,
            lines=((Asset.MORAL, 7),),
            reason=REASON,
            caps=(
                CapUse(rule="a/help", metric="moral", window=Window.WEEK, period_key="w2026-42", add=7, limit=60),
                CapUse(rule="a/help", metric="times", window=Window.YEAR, period_key="y2026", add=1, limit=20),
            ),
        ),
    )


def test_assets_of_one_holder_are_lines_of_one_proposal_in_the_declared_order() -> None:
    both = [moral(asset=Asset.HONOUR, amount=3, reason="荣誉"), moral()]
    (proposal,) = accept(ITEMS, [("a", both)], DEED, version=1).proposals
    assert proposal.lines == ((Asset.MORAL, 7), (Asset.HONOUR, 3))
    assert proposal.reason == f"{REASON}；荣誉"
    assert [(use.metric, use.add) for use in proposal.caps] == [("moral", 7), ("times", 1), ("honour", 3)]


def test_hours_go_to_the_person_and_points_to_the_household() -> None:
    deed = a_deed("a/snow", minutes=90)
    household, person = accept(
        ITEMS, [("a", awards(SNOW, {Asset.HOURS: 90, Asset.MORAL: 2}))], deed, version=1
    ).proposals
    assert (household.holder_kind, household.lines, household.caps) == (
        HolderKind.HOUSEHOLD,
        ((Asset.MORAL, 2),),
        (),
    )
    assert (person.holder_kind, person.lines) == (HolderKind.PERSON, ((Asset.HOURS, 90),))
    assert [(use.metric, use.period_key, use.add, use.limit) for use in person.caps] == [
        ("hours", "d2026-10-12", 90, 480),
        ("times", "m2026-10", 1, 5),
    ]
    assert household.reason == person.reason == "清雪：志愿时记1小时30分、道德积分加2分"


@pytest.mark.parametrize("amount", [0, -1, -(10**30), 4, 11, 10**5, pytest.param(10**5000, id="too long to write")])
def test_whole_number_out_of_bounds_is_refused(amount: int) -> None:
    assert codes(moral(amount=amount)) == ["award-amount" if amount < 1 else "award-bounds"]


@pytest.mark.parametrize("amount", [7.0, 7.5, float("nan"), True, "7", None, [7], 7 + 0j])
def test_amount_that_is_no_whole_number_is_refused(amount: object) -> None:
    assert codes(moral(amount=amount)) == ["award-amount"]


@pytest.mark.parametrize("item", ["nothing", "", "a/help", "b/help", "../help", None, 7, ["help"]])
def test_item_that_is_not_its_own_is_refused(item: object) -> None:
    assert codes(moral(item=item)) == ["award-item"]


def test_award_under_another_plugins_item_is_refused() -> None:
    accepted = accept({"b/help": HELP}, [("a", [moral()])], DEED, version=1)
    assert [problem.code for problem in accepted.refusals] == ["award-item"]
    assert accepted.proposals == ()


@pytest.mark.parametrize("asset", [Asset.HOURS, Asset.SAFE, "moral", "gold", None, 1])
def test_asset_the_item_does_not_declare_is_refused(asset: object) -> None:
    assert codes(moral(asset=asset)) == ["award-asset"]


@pytest.mark.parametrize("holder", [HolderKind.PERSON, "household", 101, A_HOLDER])
def test_holder_the_item_does_not_name_is_refused(holder: object) -> None:
    assert codes(moral(holder=holder)) == ["award-holder"]


def test_holder_said_rightly_is_accepted() -> None:
    assert accept(ITEMS, [("a", [moral(holder=HolderKind.HOUSEHOLD)])], DEED, version=1).refusals == ()


@pytest.mark.parametrize("reason", ["", "  \n", "长" * 401, None, 5])
def test_award_without_a_reason_is_refused(reason: object) -> None:
    assert codes(moral(reason=reason)) == ["award-reason"]


@pytest.mark.parametrize("thing", [None, 5, "five points", {"item": "help", "amount": 5}, HELP, object()])
def test_answer_that_is_no_award_is_refused(thing: object) -> None:
    assert codes(thing) == ["award-shape"]


def test_hours_without_a_person_are_refused() -> None:
    deed = a_deed("a/snow", minutes=90, doer=Holder(household=101, village=7))
    hours = Award(item="snow", asset=Asset.HOURS, amount=90, reason="清雪")
    assert codes(hours, deed=deed) == ["award-person"]


def test_two_awards_of_one_asset_are_refused_together() -> None:
    assert codes(moral(), moral()) == ["award-twice"]


def test_one_bad_award_drops_its_whole_item_and_nothing_else() -> None:
    hours = Award(item="snow", asset=Asset.HOURS, amount=90, reason="清雪")
    accepted = accept(ITEMS, [("a", [hours, moral(), moral(asset=Asset.HONOUR, amount=99)])], DEED, version=1)
    assert [proposal.item for proposal in accepted.proposals] == ["a/snow"]
    assert [problem.code for problem in accepted.refusals] == ["award-bounds"]


def test_other_plugins_awards_stand() -> None:
    accepted = accept(ITEMS, [("b", [moral()]), ("a", [moral(amount=0), "rubbish"])], DEED, version=1)
    assert [proposal.item for proposal in accepted.proposals] == ["b/help"]
    assert [problem.code for problem in accepted.refusals] == ["award-amount", "award-shape"]


def test_flood_of_awards_is_refused_whole() -> None:
    accepted = accept(ITEMS, [("a", [moral()] * (AWARDS_PER_ANSWER_MAX + 1))], DEED, version=1)
    assert accepted.proposals == ()
    assert [problem.code for problem in accepted.refusals] == ["awards-too-many"]


def test_order_of_answers_changes_nothing() -> None:
    answers: list[tuple[str, list[object]]] = [("b", [moral()]), ("a", [moral()]), ("c", [moral()])]
    results = [accept(ITEMS, list(order), DEED, version=1).proposals for order in itertools.permutations(answers)]
    assert all(result == results[0] for result in results)
    assert [proposal.plugin for proposal in results[0]] == ["a", "b"]


@given(
    st.lists(
        st.builds(
            Award,
            item=st.sampled_from(["help", "snow", "none", ""]) | st.none(),
            asset=st.sampled_from([*Asset, "moral", None]),
            amount=st.integers() | st.floats() | st.booleans() | st.text(max_size=3),
            reason=st.text(max_size=5) | st.none(),
            holder=st.sampled_from([*HolderKind, None, "x"]),
        )
        | st.integers(),
        max_size=8,
    )
)
def test_whatever_a_plugin_says_only_lines_inside_the_bounds_pass(proposed: list[object]) -> None:
    for proposal in accept(ITEMS, [("a", proposed)], a_deed("a/help"), version=1).proposals:
        item = ITEMS[proposal.item]
        assert proposal.plugin == "a"
        assert proposal.reason
        for asset, amount in proposal.lines:
            line = item.line(asset)
            assert line is not None
            assert type(amount) is int
            assert line.amount_min <= amount <= line.amount_max
            assert item.holder_of(asset) is proposal.holder_kind


@pytest.mark.parametrize(
    ("deed", "code", "field"),
    [
        (a_deed("a/gone", points=7), "item-unknown", "item"),
        (a_deed("help", points=7), "item-unknown", "item"),
        (a_deed("a/help"), "points-missing", "points"),
        (a_deed("a/help", points=4), "points-range", "points"),
        (a_deed("a/help", points=11), "points-range", "points"),
        (a_deed("a/help", points=True), "points-range", "points"),
        (a_deed("a/help", points=7, minutes=5), "minutes-not-asked", "minutes"),
        (a_deed("a/snow"), "minutes-missing", "minutes"),
        (a_deed("a/snow", minutes=9), "minutes-range", "minutes"),
        (a_deed("a/snow", minutes=481), "minutes-range", "minutes"),
        (a_deed("a/snow", minutes=90, points=1), "points-not-asked", "points"),
        (a_deed("a/snow", minutes=90, doer=Holder(household=101, village=7)), "person-missing", "person"),
    ],
)
def test_wrong_deed_is_refused_at_the_field_to_mend(deed: Deed, code: str, field: str) -> None:
    with pytest.raises(Problem) as refused:
        check_deed(ITEMS, deed)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.say().startswith("没有记上：")


def test_right_deed_gives_its_item() -> None:
    assert check_deed(ITEMS, DEED) is HELP
    assert check_deed(ITEMS, a_deed("a/snow", minutes=10)) is SNOW


def test_minutes_of_an_item_without_hours_are_those_of_a_day() -> None:
    lines = (Line(asset=Asset.SAFE, amount_min=1, amount_max=24),)
    watch = msgspec.structs.replace(SNOW, code="watch", asset=Asset.SAFE, lines=lines, caps=())
    household_only = Holder(household=101, village=7)
    assert check_deed({"a/watch": watch}, a_deed("a/watch", minutes=1_440, doer=household_only)) is watch
    with pytest.raises(Problem, match="minutes-range"):
        check_deed({"a/watch": watch}, a_deed("a/watch", minutes=1_441, doer=household_only))


def test_intent_shows_the_proposal_without_its_counters() -> None:
    (proposal,) = accept(ITEMS, [("a", [moral()])], DEED, version=1).proposals
    intent = intent_of(proposal, DEED)
    assert (intent.code, intent.holder, intent.holder_kind, intent.date) == (
        "a/help",
        A_HOLDER,
        HolderKind.HOUSEHOLD,
        DEED.date,
    )
    assert [(line.asset, line.amount) for line in intent.lines] == [(Asset.MORAL, 7)]


def use(metric: str, limit: int) -> CapUse:
    return CapUse(rule="a/help", metric=metric, window=Window.MONTH, period_key="m2026-10", add=1, limit=limit)


@pytest.mark.parametrize(
    ("metric", "limit", "used", "words"),
    [
        ("moral", 60, 20, "本月还能记40分（最多60分）"),
        ("moral", 60, 60, "本月还能记0分（最多60分）"),
        ("moral", 60, 70, "本月还能记0分（最多60分）"),
        ("times", 4, 1, "本月还能记3次（最多4次）"),
        ("hours", 480, 90, "本月还能记6小时30分（最多8小时）"),
    ],
)
def test_rest_of_a_limit_is_told_before_saving(metric: str, limit: int, used: int, words: str) -> None:
    assert as_it_is(remaining(use(metric, limit), used)) == words


def test_refusal_by_a_limit_says_what_is_left() -> None:
    problem = cap_refusal(HELP, use("moral", 60), 55)
    assert problem.status == 409
    assert problem.say() == "没有记上：“邻里帮扶”本月最多60分，已经有55分，还剩5分。"


# ── several people ──

TWO = Item(
    code="two",
    title="调解",
    category="friend",
    asset=Asset.MORAL,
    lines=(Line(asset=Asset.MORAL, amount_min=1, amount_max=10), Line(asset=Asset.HOURS, amount_min=10, amount_max=60)),
    how="调解一次。",
    caps=(Cap(window=Window.YEAR, times_max=1, of=Subject.GRID), Cap(window=Window.WEEK, times_max=2, share="peace")),
)
FIRST, SECOND = (Participant(role=Role.HELPED, household=n, person=n * 10, grid=None) for n in (201, 202))
SEEN = Participant(role=Role.WITNESS, household=203, person=2030)
OLD = Participant(role=Role.DOER, household=204, person=2040, grid=71)
TOGETHER = msgspec.structs.replace(a_deed("a/two"), participants=(FIRST, SECOND, SEEN))


def two(amount: int = 3, to: Any = None, asset: Asset = Asset.MORAL) -> Award:
    return Award(item="two", asset=asset, amount=amount, reason="调解", to=to)


@pytest.mark.row("RU-12")
@pytest.mark.parametrize(("doer", "uses"), [((two(5),), [1, 0]), ((), [1])])
def test_being_helped_takes_nothing_of_a_limit_on_times(doer: tuple[Award, ...], uses: list[int]) -> None:
    accepted = accept({"a/two": TWO}, [("a", [*doer, two(2, FIRST)])], TOGETHER, 1)
    assert [sum(use.of is None for use in one.caps) for one in accepted.proposals] == uses


@pytest.mark.row("RU-12")
def test_each_of_several_gets_a_proposal_in_the_order_they_were_named() -> None:
    given = [two(4, OLD), two(2, SECOND), two(10, SECOND, Asset.HOURS), two(2, FIRST), two(5)]
    accepted = accept({"a/two": TWO}, [("a", given)], TOGETHER, 1, {"a": (OLD,)})
    assert accepted.refusals == ()
    assert [(one.to, one.holder_kind, one.lines[0][1]) for one in accepted.proposals] == [
        (None, HolderKind.HOUSEHOLD, 5),
        (FIRST, HolderKind.HOUSEHOLD, 2),
        (SECOND, HolderKind.HOUSEHOLD, 2),
        (OLD, HolderKind.HOUSEHOLD, 4),
        (SECOND, HolderKind.PERSON, 10),
    ]
    # The doer's grid, the village of those who belong to none, the grid of the past deed's doer.
    assert [one.caps[0].subject for one in accepted.proposals[:4]] == [70, 7, 7, 71]
    assert accepted.proposals[0].caps[0].counter == "a/two#times#year#grid"
    assert [use.counter for one in accepted.proposals for use in one.caps if use.share] == ["a/&peace#times#week"] * 2
    intent = intent_of(accepted.proposals[3], TOGETHER)
    assert (intent.holder.household, intent.holder.grid, intent.holder.village) == (204, 71, 7)


@pytest.mark.parametrize(
    "to",
    [
        SEEN,
        OLD,
        msgspec.structs.replace(FIRST, role=Role.GROUP),
        msgspec.structs.replace(FIRST, person=None),
        msgspec.structs.replace(FIRST, household=[201]),
        msgspec.structs.replace(FIRST, role="helped"),
        201,
        "somebody",
    ],
    ids=str,
)
def test_nobody_else_gets_an_award_and_then_nobody_does(to: object) -> None:
    accepted = accept({"a/two": TWO}, [("a", [two(), two(2, to)])], TOGETHER, 1)
    assert (accepted.proposals, [one.code for one in accepted.refusals]) == ((), ["award-to"])


def test_one_household_gets_one_proposal_however_it_is_named() -> None:
    own = Participant(role=Role.GROUP, household=A_HOLDER.household, grid=70)
    deed = msgspec.structs.replace(TOGETHER, participants=(own, FIRST))
    assert [one.code for one in accept({"a/two": TWO}, [("a", [two(), two(2, own)])], deed, 1).refusals] == [
        "award-twice"
    ]
    (proposal,) = accept({"a/two": TWO}, [("a", [two(2, own)])], deed, 1).proposals
    assert proposal.to == own


@pytest.mark.row("RU-13")
def test_a_shared_limit_says_who_shares_it() -> None:
    village = CapUse(
        rule="a/two", metric="times", window=Window.YEAR, period_key="y2026", add=1, limit=3, of=Subject.VILLAGE
    )
    assert as_it_is(remaining(village, 1)) == "今年全村合起来还能记2次（最多3次）"
    assert cap_refusal(TWO, msgspec.structs.replace(village, of=Subject.GRID), 3).say() == (
        "没有记上：“调解”今年全组合起来最多3次，已经有3次，还剩0次。"
    )


def test_a_deed_is_refused_for_its_own_plugin_and_for_no_other() -> None:
    held, own = Problem("plugin-held", "", plugin="b"), Problem("award-amount", "", plugin="a")
    assert fault_of(DEED, [held, own]) is own
    assert fault_of(DEED, [held]) is None
