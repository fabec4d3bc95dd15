"""Plugins are asked through a roster: labelled, isolated, with their own settings, in the order of names."""

import itertools
import sys
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from dezhi.core.errors import Problem
from dezhi.core.offers import offer_items
from dezhi.core.scoring import accept
from dezhi.host import Answer, Directory, Failure, Roster, Rosters
from dezhi.host.deadline import ASK_SECONDS
from dezhi.host.directory import OURS
from dezhi.plugin import Amount, Asset, Facts, HolderKind, Intent, IntentKind, Participant, Quote, Role
from dezhi.testing import A_DAY, A_HOLDER, a_deed, a_programme
from workshop import Workshop

HELLO, YINGER = "dezhi-hello", "dezhi-yinger"
ASK = {"programme": a_programme(), "facts": {}}
INTENT = Intent(
    kind=IntentKind.AWARD,
    code="dezhi-hello/sweep",
    holder=A_HOLDER,
    holder_kind=HolderKind.HOUSEHOLD,
    date=A_DAY,
    lines=(Amount(asset=Asset.MORAL, amount=5),),
)
HEAD = """
from dezhi.plugin import *
time = __import__("time")
PLUGIN = Declaration(categories=(Category(code="some", title="试"),))
LINE = Line(asset=Asset.MORAL, amount_min=3, amount_max=3)
"""


def roster_of(*packages: str, enabled: Mapping[str, Mapping[str, object]] | None = None) -> Roster:
    directory = Directory(modules=packages)
    assert [fault.text for fault in directory.faults] == []
    return Roster(directory, {name: {} for name in directory.plugins} if enabled is None else enabled)


def value(answer: Answer | Failure) -> Any:
    assert isinstance(answer, Answer), answer
    return answer.value


@pytest.fixture(scope="module")
def bundled() -> Directory:
    return Directory(modules=["dezhi_hello", "dezhi_yinger"])


def test_items_are_offered_under_the_plugins_names(bundled: Directory) -> None:
    roster = Roster(bundled, {YINGER: {}, HELLO: {}})
    answers = roster.ask_each("items", programme=a_programme())
    assert [(answer.name, len(value(answer))) for answer in answers] == [(HELLO, 1), (YINGER, 37)]


def test_score_is_asked_of_each_plugin(bundled: Directory) -> None:
    answers = Roster(bundled, {YINGER: {}, HELLO: {}}).ask_each("score", deed=a_deed("dezhi-hello/sweep"), **ASK)
    assert [(answer.name, bool(value(answer))) for answer in answers] == [(HELLO, True), (YINGER, False)]


def test_check_is_asked_only_where_it_is_implemented(bundled: Directory) -> None:
    answers = Roster(bundled, {YINGER: {}, HELLO: {}}).ask_each("check", intent=INTENT, **ASK)
    assert answers == [Answer(name=YINGER, value=None)]


def test_quote_is_asked_of_the_owner_alone(bundled: Directory) -> None:
    roster = Roster(bundled, {YINGER: {"thanks_times": 2}, HELLO: {}})
    soap = value(roster.ask_owner(YINGER, "rewards", programme=a_programme()))[0]
    facts = {YINGER: {"savings_this_quarter": 2}}
    quoted = value(
        roster.ask_owner(YINGER, "quote", programme=a_programme(), reward=soap, holder=A_HOLDER, facts=facts)
    )
    assert isinstance(quoted, Quote)
    assert quoted.price == 9
    assert value(roster.ask_owner(HELLO, "quote", reward=soap, holder=A_HOLDER, **ASK)) is None


def test_rewards_of_a_plugin_without_any_are_none(bundled: Directory) -> None:
    assert value(Roster(bundled, {HELLO: {}}).ask_owner(HELLO, "rewards", programme=a_programme())) == ()


def test_boards_come_from_the_plugins_that_have_them(bundled: Directory) -> None:
    answers = Roster(bundled, {YINGER: {"goal_points": 500}, HELLO: {}}).ask_each("boards", programme=a_programme())
    assert [(answer.name, [board.target for board in value(answer)]) for answer in answers] == [(YINGER, [None, 500])]


@pytest.mark.row("RU-18")
def test_no_plugin_of_ours_takes_anything_away_until_a_village_says_so() -> None:
    """Under their defaults none offers a reminder, the only row from which a minus can come."""
    ours = Directory(modules=sorted(name.replace("-", "_") for name in OURS))
    assert ours.plugins.keys() == OURS
    answers = Roster(ours, {name: {} for name in OURS}).ask_each("items", programme=a_programme())
    assert len(answers) == len(OURS) - 1, "dezhi-store has no items"
    assert [item.code for answer in answers for item in value(answer) if item.quiet] == []


@pytest.mark.row("PL-03")
def test_two_villages_have_two_sets_of_plugins_in_one_process(bundled: Directory) -> None:
    rosters = Rosters(bundled)
    here = rosters.of(1, {YINGER: {}, HELLO: {}})
    there = rosters.of(2, {HELLO: {}})
    deed = a_deed("dezhi-yinger/neighbour-help")
    assert [answer.name for answer in here.ask_each("score", deed=deed, **ASK)] == [HELLO, YINGER]
    assert [answer.name for answer in there.ask_each("score", deed=deed, **ASK)] == [HELLO]
    assert [answer.name for answer in here.ask_each("boards", programme=a_programme())] == [YINGER]
    assert there.ask_each("boards", programme=a_programme()) == []
    assert there.ask_owner(YINGER, "rewards", programme=a_programme()).code == "plugin-not-enabled"


@pytest.mark.row("PL-03")
def test_each_village_has_its_own_settings(bundled: Directory) -> None:
    rosters = Rosters(bundled)
    prices = [
        {
            reward.code: reward.price
            for reward in value(
                rosters.of(i, {YINGER: {"price_percent": percent}}).ask_owner(
                    YINGER, "rewards", programme=a_programme()
                )
            )
        }["oil"]
        for i, percent in enumerate((50, 100, 200))
    ]
    assert prices == [30, 60, 120]


def test_roster_is_made_once_for_a_version_and_the_least_used_is_forgotten(bundled: Directory) -> None:
    rosters = Rosters(bundled, size_max=2)
    first, second = rosters.of(1, {HELLO: {}}), rosters.of(2, {HELLO: {}})
    assert rosters.of(1, {HELLO: {}}) is first
    rosters.of(3, {HELLO: {}})
    assert rosters.of(1, {HELLO: {}}) is first
    assert rosters.of(2, {HELLO: {}}) is not second


def test_enabled_plugin_that_is_not_installed_says_so(bundled: Directory) -> None:
    roster = Roster(bundled, {HELLO: {}, "gone": {}})
    answers = roster.ask_each("items", programme=a_programme())
    assert [(answer.name, isinstance(answer, Failure)) for answer in answers] == [(HELLO, False), ("gone", True)]
    failure = answers[1]
    assert isinstance(failure, Failure)
    assert (failure.code, failure.hook) == ("plugin-missing", "items")
    assert failure.text.startswith("方案里启用了插件 gone，但这里没有安装它。")


def test_unknown_absentee_stops_what_it_might_have_refused(bundled: Directory) -> None:
    answers = Roster(bundled, {HELLO: {}, "gone": {}}).ask_each("check", intent=INTENT, **ASK)
    assert [answer.name for answer in answers] == ["gone"]


def test_broken_plugin_that_never_refuses_stops_no_award(workshop: Workshop) -> None:
    directory = Directory(modules=["dezhi_hello", workshop.write("broken", code="raise RuntimeError('boom')")])
    roster = Roster(directory, {HELLO: {}, "broken": {}})
    assert roster.ask_each("check", intent=INTENT, **ASK) == []
    assert roster.absent["broken"].code == "plugin-import"
    assert [answer.name for answer in roster.ask_each("items", programme=a_programme())] == ["broken", HELLO]


@pytest.mark.parametrize(
    ("settings", "named"),
    [({"goal_points": 1}, "$.goal_points"), ({"old": 1}, "old"), ({"board_size": "3"}, "$.board")],
)
def test_settings_that_no_longer_fit_are_told(bundled: Directory, settings: dict[str, object], named: str) -> None:
    roster = Roster(bundled, {YINGER: settings, HELLO: {}})
    assert roster.names == (HELLO,)
    assert named in str(roster.absent[YINGER])
    # It may refuse awards, so nothing is let through while it cannot be asked.
    assert [answer.name for answer in roster.ask_each("check", intent=INTENT, **ASK)] == [YINGER]


BAD_SCORES = {
    "raises": ("raise ValueError('boom')", "plugin-raised"),
    "exits": ("raise SystemExit", "plugin-raised"),
    "recurses": ("return score(deed)", "plugin-raised"),
    "eats_memory": ("raise MemoryError", "plugin-raised"),
    "loops": ("while True: pass", "plugin-slow"),
    "loops_and_swallows": (
        "while True:\n        try:\n            time.sleep(9)\n        except Exception:\n            pass",
        "plugin-slow",
    ),
    "text": ("return 'five points'", "plugin-nonsense"),
    "number": ("return 5", "plugin-nonsense"),
    "mapping": ("return {'points': 5}", "plugin-nonsense"),
    "generator": ("return (i for i in ())", "plugin-nonsense"),
    "mutates": ("deed.points = 100", "plugin-raised"),
    "mutates_facts": ("facts['n'] = 1", "plugin-raised"),
    "mutates_settings": ("settings.points = 1", "plugin-raised"),
}


@pytest.mark.parametrize("name", BAD_SCORES)
def test_score_that_fails_leaves_the_others_answers(workshop: Workshop, name: str) -> None:
    body, code = BAD_SCORES[name]
    package = workshop.write(name, code=f"{HEAD}@hook\ndef score(deed, facts, settings):\n    {body}\n")
    answers = roster_of(package, "dezhi_hello").ask_each("score", deed=a_deed("dezhi-hello/sweep"), **ASK)
    mine = next(answer for answer in answers if answer.name != HELLO)
    assert isinstance(mine, Failure)
    assert mine.code == code
    assert f"插件 {mine.name} " in mine.text
    assert len(value(next(answer for answer in answers if answer.name == HELLO))) == 1


def test_traceback_is_kept_for_the_log_and_not_for_the_page(workshop: Workshop) -> None:
    package = workshop.write("raises", code=f"{HEAD}@hook\ndef score():\n    raise ValueError('the secret reason')\n")
    (answer,) = roster_of(package).ask_each("score", deed=a_deed("raises/thing"), **ASK)
    assert isinstance(answer, Failure)
    assert "the secret reason" in answer.detail
    assert "the secret reason" not in answer.text


BOARD = "[Board(code='a', title='一', kind={}, weights=(Weight(asset=Asset.MORAL),), window={}, unit_label='分')]"
BAD_ANSWERS = {
    "wrong_kind": ("items", "[1]"),
    "half_typed": ("items", "[Item(code='a', title='一', category='b', asset=Asset.MORAL, lines=[LINE], how=3)]"),
    "no_list": ("items", "LINE"),
    "float_price": ("rewards", "[Reward(code='a', title='一', price=2.0, kind=RewardKind.GOOD)]"),
    "bought_honour": ("rewards", "[Reward(code='a', title='一', price=2, kind=RewardKind.HONOUR)]"),
    "goal_without_target": ("boards", BOARD.format("BoardKind.GOAL", "Window.YEAR")),
    "unknown_window": ("boards", BOARD.format("BoardKind.HONOUR", "'forever'")),
}


@pytest.mark.parametrize("name", BAD_ANSWERS)
def test_rubbish_is_a_failure_that_names_the_plugin(workshop: Workshop, name: str) -> None:
    hook, answer = BAD_ANSWERS[name]
    permission = {"items": "award", "rewards": "reward", "boards": "board"}[hook]
    code = f"{HEAD}@hook\ndef {hook}():\n    return {answer}\n"
    roster = roster_of(workshop.write(name, code=code, permissions=f'["{permission}"]'))
    (failed,) = roster.ask_each(hook, programme=a_programme())
    assert isinstance(failed, Failure)
    assert failed.code in {"plugin-nonsense", "plugin-raised"}
    assert f"插件 {name.replace('_', '-')} " in failed.text


def test_answers_are_copies_a_plugin_cannot_change_later(workshop: Workshop) -> None:
    code = f"""{HEAD}
LINES = [LINE]
@hook
def items():
    return [Item(code='a', title='一', category='some', asset=Asset.MORAL, lines=LINES, how='做。')]
"""
    roster = roster_of(workshop.write("keeper", code=code))
    (item,) = value(roster.ask_owner("keeper", "items", programme=a_programme()))
    sys.modules["keeper"].LINES.clear()
    assert [line.amount_max for line in item.lines] == [3]


def test_check_that_is_not_a_refusal_is_a_failure(workshop: Workshop) -> None:
    code = f"{HEAD}@hook\ndef check():\n    return 'no'\n"
    roster = roster_of(workshop.write("mumbles", code=code, permissions='["refuse"]'))
    (answer,) = roster.ask_each("check", intent=INTENT, **ASK)
    assert isinstance(answer, Failure)
    assert answer.code == "plugin-nonsense"


def test_facts_are_the_plugins_own_and_zero_where_nothing_is_known(workshop: Workshop) -> None:
    code = """
from dezhi.plugin import Declaration, Fact, Measure, Refusal, hook
PLUGIN = Declaration(facts=(Fact(name="a", measure=Measure.COUNT), Fact(name="b", measure=Measure.COUNT)))
@hook
def check(facts):
    return Refusal(reason=f"{facts.a} {facts['b']} {len(facts)}")
"""
    manifest = (
        'name="{name}"\nversion="1.0.0"\napi=[1,1]\nscope="village"\nauthor="t"\nlicence="x"\npermissions=["refuse"]\n'
        'data=["holder","history"]\n[title]\nzh="试"\nen="t"\n[summary]\nzh="试"\nen="t"\n'
    )
    package = workshop.write("curious", code=code, manifest=manifest)
    roster = roster_of(package)
    assert [fact.name for fact in roster.facts_for("check")["curious"]] == ["a", "b"]
    facts = {"curious": Facts({"a": 4}), "other": Facts({"b": 9})}
    (answer,) = roster.ask_each("check", programme=a_programme(), intent=INTENT, facts=facts)
    assert value(answer).reason == "4 0 2"


def test_facts_are_looked_up_only_for_hooks_that_take_them(bundled: Directory) -> None:
    roster = Roster(bundled, {YINGER: {}, HELLO: {}})
    assert roster.facts_for("score", "check") == {}
    assert [fact.name for fact in roster.facts_for("quote")[YINGER]] == ["savings_this_quarter"]


def test_participants_are_shown_only_to_a_plugin_that_names_them(workshop: Workshop) -> None:
    code = f"{HEAD}@hook\ndef score(deed):\n    return [len(deed.participants)]\n"
    shy = workshop.write("shy", code=code)
    deed = msgspec.structs.replace(
        a_deed("shy/thing"), participants=(Participant(role=Role.HELPED, household=5, person=6),)
    )
    (answer,) = roster_of(shy).ask_each("score", deed=deed, **ASK)
    assert value(answer) == (0,)


@pytest.mark.row("PL-04")
def test_plugin_gets_values_it_cannot_change_and_answers_only_proposals(bundled: Directory) -> None:
    """Everything handed over is frozen, and what comes back is judged by the core and carries no way to book."""
    deed = a_deed("dezhi-hello/sweep")
    for frozen, field in ((deed, "points"), (deed.doer, "household"), (ASK["programme"], "today"), (INTENT, "lines")):
        with pytest.raises(AttributeError, match="immutable"):
            setattr(frozen, field, 1)
    with pytest.raises(TypeError):
        Facts({"n": 1})["n"] = 2
    roster = Roster(bundled, {HELLO: {}})
    items = offer_items([(HELLO, value(roster.ask_owner(HELLO, "items", programme=a_programme())))], roster.categories)
    forged = [award for answer in roster.ask_each("score", deed=deed, **ASK) for award in value(answer)]
    signed_for_another = accept(items.items, [(YINGER, forged)], deed, version=1)
    assert signed_for_another.proposals == ()
    assert [problem.code for problem in signed_for_another.refusals] == ["award-item"]


def test_order_of_plugins_changes_nothing(workshop: Workshop) -> None:
    packages = [workshop.write(name) for name in ("zeta", "alpha", "mid")]
    answers = [
        roster_of(*order).ask_each("score", deed=a_deed("alpha/thing"), **ASK)
        for order in itertools.permutations(packages)
    ]
    assert all(each == answers[0] for each in answers)
    assert [answer.name for answer in answers[0]] == ["alpha", "mid", "zeta"]


def test_misasked_hook_is_the_callers_error(bundled: Directory) -> None:
    with pytest.raises(KeyError):
        Roster(bundled, {HELLO: {}}).ask_each("score", programme=a_programme())


def test_absence_is_a_problem_in_words(bundled: Directory) -> None:
    problem = Roster(bundled, {"gone": {}}).absent["gone"]
    assert isinstance(problem, Problem)
    assert ASK_SECONDS < 1, "a clerk waits for it"
