"""Past deeds played again under a draft: limits, facts, guesses, what the draft has no item for, and small cells."""

import random
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from dezhi.core.backtest import Judged, Outcome, Played, Record, Replay
from dezhi.core.backtest_answers import Guess, GuessKind, answer
from dezhi.core.backtest_facts import FactMemory
from dezhi.core.backtest_result import Backtest
from dezhi.core.backtest_tally import Home, Tally, kind_of
from dezhi.core.backtest_words import findings, notes
from dezhi.core.people import Household, Member
from dezhi.core.periods import period_span
from dezhi.core.scoring import Proposal, accept
from dezhi.core.suppression import CELL_MIN, hidden, hidden_counts
from dezhi.core.text import as_it_is
from dezhi.plugin import (
    Ask,
    Asset,
    Cap,
    Deed,
    Fact,
    Facts,
    Holder,
    HolderKind,
    Item,
    Line,
    Measure,
    Option,
    Participant,
    Past,
    Question,
    QuestionKind,
    Role,
    Subject,
    Window,
    awards,
)

AT = datetime(2026, 11, 1, tzinfo=UTC)
NEW_YEAR = date(2026, 1, 1)


def item(code: str, title: str, least: int, most: int = 0, **more: Any) -> Item:
    lines = (Line(asset=Asset.MORAL, amount_min=least, amount_max=most or least),)
    return Item(code=code, title=title, category="c", asset=Asset.MORAL, lines=lines, how="做。", **more)


SWEEP = item("sweep", "扫路", 5, caps=(Cap(window=Window.MONTH, times_max=2),))
GIVE = item("give", "捐款 捐物", 5, 10, ask=Ask.POINTS)
ITEMS = {"new/sweep": SWEEP, "new/give": GIVE}


def score_by(items: Mapping[str, Item]) -> Any:
    """What a plain plugin does: give the least, or what the clerk said."""

    def score(deed: Deed, facts: Mapping[str, Facts]) -> Judged:
        del facts
        mine = items[deed.item]
        line = mine.lines[0]
        said = awards(mine, {line.asset: deed.points or line.amount_min})
        return Judged(accept(items, [(deed.plugin, said)], deed, 1).proposals)

    return score


def record(number: int, code: str = "new/sweep", **changed: Any) -> Record:
    told = Record(
        seq=number,
        id=number,
        item=code,
        title="扫路",
        on=NEW_YEAR + timedelta(days=number),
        recorded_at=AT,
        household=1,
        person=None,
        village=9,
        grid=8,
        minutes=None,
        points=None,
        gave=((1, Asset.MORAL, 5),),
    )
    return told._replace(**changed)


def played(records: list[Record], seed: int | None = None, items: Mapping[str, Item] = ITEMS) -> list[Played]:
    replay = Replay(items, score_by(items), seed=seed)
    return [replay.play(one) for one in records]


@pytest.mark.row("B-01")
def test_limits_are_counted_anew_for_each_household_and_period() -> None:
    days = [record(number) for number in range(4)] + [record(4, household=2), record(40)]
    told = played(days)
    assert [one.outcome for one in told] == [
        Outcome.GIVEN, Outcome.GIVEN, Outcome.CAPPED, Outcome.CAPPED, Outcome.GIVEN, Outcome.GIVEN,
    ]  # fmt: skip
    assert told[0].gives == ((1, Asset.MORAL, 5),)
    assert told[2].cap is not None
    assert (told[2].cap.limit, told[2].gives) == (2, ())


@pytest.mark.row("B-01")
def test_an_item_is_found_by_its_code_in_another_plugin_or_by_its_title() -> None:
    codes = [("new/sweep", "x"), ("old/sweep", "x"), ("old/donate", "捐款捐物"), ("old/gone", "别的")]
    found = played([record(40 * number, code, title=title) for number, (code, title) in enumerate(codes)])
    assert [one.item for one in found] == ["new/sweep", "new/sweep", "new/give", None]
    assert found[3].outcome is Outcome.UNCOVERED
    # A code that two plugins have decides nothing.
    both = {**ITEMS, "other/sweep": msgspec.structs.replace(SWEEP, title="扫一扫")}
    assert played([record(1, "old/sweep", title="?")], items=both)[0].item is None


@pytest.mark.row("RU-07")
def test_what_nobody_was_asked_is_guessed_and_counted_the_same_for_one_seed() -> None:
    asked = [record(number, "new/give", title="?") for number in range(30)]
    usual = played(asked)
    assert {one.gives[0][2] for one in usual} == {7}
    assert usual[0].guesses == (Guess("points", GuessKind.GUESSED),)
    drawn = [one.gives for one in played(asked, seed=3)]
    assert drawn == [one.gives for one in played(asked, seed=3)]
    assert drawn != [one.gives for one in played(asked, seed=4)]
    assert {amount for ((_, _, amount),) in drawn} == {5, 6, 7, 8, 9, 10}
    (moved,) = played([record(1, "new/give", points=50)])
    assert (moved.gives, moved.guesses) == (((1, Asset.MORAL, 10),), (Guess("points", GuessKind.MOVED),))
    # Nothing is drawn for whom was asked, and an answer the draft does not ask for is left out.
    assert played([record(1, "new/give", points=6)], seed=3)[0].gives == ((1, Asset.MORAL, 6),)
    assert played([record(1, points=6, minutes=5)])[0].outcome is Outcome.GIVEN


def test_questions_are_answered_as_they_were_or_in_the_stated_way() -> None:
    asked = item(
        "q", "问", 1,
        questions=(
            Question(name="level", title="几级", kind=QuestionKind.CHOICE,
                     options=(Option(code="a", title="甲"), Option(code="b", title="乙"))),
            Question(name="many", title="几处", kind=QuestionKind.NUMBER, least=1, most=9),
            Question(name="sure", title="真的", kind=QuestionKind.YES),
            Question(name="marks", title="打分", kind=QuestionKind.NUMBERS, most=10, count_least=2, count_most=3),
            Question(name="words", title="说明", kind=QuestionKind.TEXT, needed=False),
        ),
    )  # fmt: skip
    was = {"level": "b", "many": 4, "sure": True, "marks": (1, 2)}
    told = answer(asked, 7, None, None, was, seed=None)
    assert dict(told.answers) == was
    assert not told.guesses
    other = answer(asked, 7, None, None, {"level": "gone", "many": 99}, seed=None)
    assert dict(other.answers) == {"level": "a", "many": 9, "sure": False, "marks": (5, 5)}
    assert {one.name for one in other.guesses} == {"level", "many", "sure", "marks"}
    assert answer(asked, 7, None, None, {}, seed=1) == answer(asked, 7, None, None, {}, seed=1)


def test_a_deed_of_nobody_in_particular_cannot_be_given_to_a_person() -> None:
    hours = Item(
        code="walk", title="陪伴", category="c", asset=Asset.HOURS, how="做。", holder=HolderKind.PERSON,
        lines=(Line(asset=Asset.HOURS, amount_min=30, amount_max=30),),
    )  # fmt: skip
    (told,) = played([record(1, "new/walk")], items={"new/walk": hours})
    assert told.outcome is Outcome.UNASKED
    assert told.problem is not None
    assert told.problem.code == "person-missing"


# ── facts ──

FACTS = (
    Fact(name="month", measure=Measure.COUNT, window=Window.MONTH),
    Fact(name="week", measure=Measure.SUM, asset=Asset.MORAL, window_days=7),
    Fact(name="most", measure=Measure.MAX, asset=Asset.MORAL, window=Window.YEAR, items=("a",)),
    Fact(name="last", measure=Measure.LAST, window_days=30),
    Fact(name="grid", measure=Measure.COUNT, of=Subject.GRID, window_days=3),
    Fact(name="village", measure=Measure.SUM, asset=Asset.MORAL, of=Subject.VILLAGE, window=Window.QUARTER),
    Fact(name="streak", measure=Measure.STREAK, window=Window.WEEK, items=("a",), pause=("b",)),
    Fact(name="met", measure=Measure.DISTINCT, role=Role.HELPED, items=("a",), window=Window.MONTH),
    Fact(name="met_lately", measure=Measure.DISTINCT, role=Role.HELPED, window_days=20),
)
Given = tuple[date, int, str, int]
"""Each deed also helps the household that has its amount for an id."""


def naive(fact: Fact, given: list[Given], on: date, household: int) -> int:
    """A fact counted by looking through everything."""
    first = on - timedelta(days=fact.window_days - 1) if fact.window_days else period_span(fact.window, on)[0]
    everybody = fact.of in {Subject.GRID, Subject.VILLAGE}
    mine = [one for one in given if everybody or one[1] == household]
    if fact.measure is Measure.STREAK:
        counts = {one[0] - timedelta(days=one[0].weekday()) for one in mine if one[2] in fact.items}
        pauses = {one[0] - timedelta(days=one[0].weekday()) for one in mine if one[2] in fact.pause}
        found, monday = 0, on - timedelta(days=on.weekday() + 7)
        while monday in counts | pauses:
            found += monday in counts
            monday -= timedelta(days=7)
        return found
    inside = [one for one in mine if first <= one[0] and (not fact.items or one[2] in fact.items)]
    match fact.measure:
        case Measure.COUNT:
            return len(inside)
        case Measure.SUM:
            return sum(one[3] for one in inside)
        case Measure.DISTINCT:
            return len({one[3] for one in inside})
        case Measure.MAX:
            return max((one[3] for one in inside), default=0)
        case _:
            return max((one[0].toordinal() for one in inside), default=0)


@pytest.mark.row("B-01")
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_facts_are_a_recount_of_what_the_replay_gave(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - the same days each time
    memory = FactMemory({"p": FACTS}, {"p": (Past(name="mine", role=Role.DOER, window_days=20, most=3),)})
    given: list[Given] = []
    on = NEW_YEAR
    for number in range(250):
        on += timedelta(days=rng.choice([0, 0, 1, 1, 2, 9]))
        household, code, amount = rng.randrange(1, 4), rng.choice("ab"), rng.randrange(1, 9)
        deed = Deed(
            id=number, item=f"p/{code}", date=on, doer=Holder(household=household, village=9, grid=8), recorded_at=AT,
            participants=tuple(
                Participant(role=role, household=one) for role, one in ((Role.HELPED, amount), (Role.WITNESS, 99))
            ),
        )  # fmt: skip
        facts = memory.look(deed)["p"]
        assert dict(facts) == {fact.name: naive(fact, given, on, household) for fact in FACTS}
        recent = [one for one in given if one[1] == household and (on - one[0]).days < 20]
        assert [(one.item, one.earned[0].amount) for one in facts.past("mine")] == [
            (one[2], one[3]) for one in reversed(recent[-3:])
        ]
        if rng.random() < 0.8:
            lines = ((Asset.MORAL, amount),)
            proposal = Proposal(
                plugin="p", item=f"p/{code}", version=1, holder_kind=HolderKind.HOUSEHOLD, lines=lines, reason="r",
                caps=(),
            )  # fmt: skip
            memory.keep(deed, [proposal])
            given.append((on, household, code, amount))


# ── small cells ──


def test_a_cell_of_few_households_is_hidden_with_another() -> None:
    assert hidden([set(range(9)), set(range(3)), set(range(20, 26))]) == {1, 2}
    assert hidden([{1, 2}, {1, 2}, set(range(30)), set(range(30, 50))]) == {0, 1, 3}
    assert hidden([set(range(5)), set(), set(range(7))]) == set()
    assert hidden([{1}]) == {0}


@pytest.mark.row("B-01")
@pytest.mark.parametrize("seed", range(40))
def test_no_hidden_count_can_be_worked_out_from_its_row_or_column(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - the same tables each time
    table = [[rng.choice([0, 1, 2, 3, 7, 12, 40]) for _ in range(3)] for _ in range(rng.randrange(1, 6))]
    shut = hidden_counts(table)
    lines = [(table[row], shut[row]) for row in range(len(table))]
    if len(table) > 1:
        lines += [([row[place] for row in table], [row[place] for row in shut]) for place in range(3)]
    for counts, closed in lines:
        assert all(out or not 0 < count < CELL_MIN for count, out in zip(counts, closed, strict=True))
        away = [count for count, out in zip(counts, closed, strict=True) if out and count]
        if away and any(not out for out in closed):
            assert sum(closed) > 1
            assert sum(away) >= CELL_MIN or all(out or not count for count, out in zip(counts, closed, strict=True))


# ── adding up ──


def result(homes: Mapping[int, Home], told: list[Played]) -> Backtest:
    tally = Tally()
    for one in told:
        tally.add(one, ITEMS.get(one.item or ""))
    return tally.result(
        homes, draft="草稿", villages=["村"], since=NEW_YEAR, until=date(2026, 12, 31), seed=None, cost=None, goods=[]
    )


@pytest.mark.row("B-01")
def test_deeds_of_another_title_that_only_the_code_brought_are_told() -> None:
    """A code used again for something else would otherwise compare what cannot be compared."""
    homes = {key: Home("1", "alone", "一格") for key in range(1, 21)}
    titles = ("植树", "扫 路")  # the second differs in a space alone
    told = played([record(key, household=key, title=titles[key % 2]) for key in range(1, 21)])
    found = result(homes, told)
    assert [(row.title, row.was) for row in found.items] == [("扫路", ("植树",))]
    assert any("扫路（原来叫“植树”，按编号对上）" in as_it_is(one) for one in findings(found))
    alike = result(homes, played([record(key, household=key) for key in range(1, 21)]))
    assert alike.items[0].was == ()
    assert not any("按编号" in as_it_is(one) for one in findings(alike))


@pytest.mark.row("B-01")
def test_the_tables_add_up_to_what_was_given() -> None:
    homes = {key: Home("1" if key <= 6 else "2", "alone" if key <= 6 else "young", "一格") for key in range(1, 21)}
    records = [
        record(number * 20 + key, household=key, gave=((key, Asset.MORAL, 5),), on=NEW_YEAR + timedelta(days=number))
        for number in range(4)
        for key in range(1, 11)
    ]
    found = result(homes, played(records))
    (total,) = found.totals
    assert (total.before, total.after) == (200, 100)
    everybody = found.everybody
    assert (everybody.households, everybody.better, everybody.worse, everybody.same) == (20, 0, 10, 10)
    assert (everybody.mean, everybody.median, everybody.low, everybody.high) == (-5.0, -10, -10, 0)
    assert [(one.code, one.households, one.mean) for one in found.by_size] == [("1", 6, -10.0), ("2", 14, -2.9)]
    # Four of the second kind lose: the number is hidden, and with it those it could be worked out from.
    assert [(one.worse, one.same) for one in found.by_size] == [(None, None), (None, None)]
    assert sum(one.households or 0 for one in found.spread) == 20
    (cap,) = found.caps
    assert (cap.times, cap.households, found.capped) == (20, 10, 20)
    said = [as_it_is(one) for one in findings(found)]
    assert said[0] == "按新办法，这段时间20户里，0户会多得，10户会少得，10户不变；道德积分平均每户少5分。"
    assert "独居老人家平均每户少10分，全部平均少5分。" in said
    assert "道德积分原来一共200分，按新办法一共100分，少100分（50%）。" in said
    assert "有20笔因为到了上限不加分；最多的是“扫路”（每月最多2次）：20笔，10户。" in said
    assert all(map(as_it_is, notes(found)))
    assert as_it_is(notes(found)[0]).startswith(f"把{found.since.year}年{found.since.month}月{found.since.day}日到")


@pytest.mark.row("B-01")
def test_that_most_deeds_found_no_row_is_told_before_who_gains_and_loses() -> None:
    homes = {key: Home("1", "alone", "一格") for key in range(1, 21)}
    found = result(homes, played([record(key, household=key) for key in range(1, 21)]))

    def first(uncovered: int, deeds: int) -> str:
        return as_it_is(findings(msgspec.structs.replace(found, uncovered=uncovered, deeds=deeds))[0])

    assert first(3399, 3436).startswith("过去的事有99%在新办法里没有对应的条目")
    assert first(999, 1000).startswith("过去的事有99%")
    assert first(20, 20).startswith("过去的事有100%")
    assert first(10, 20).startswith("按新办法")
    assert first(0, 0).startswith("按新办法")
    assert any("新办法自己到日子会给每户记的，没有算进去" in as_it_is(one) for one in notes(found))


@pytest.mark.row("B-01")
def test_25_000_deeds_cost_the_core_far_less_than_ten_seconds() -> None:
    """The whole way, with database and plugins, is measured by `make bench ONLY=backtest-25k`."""
    homes = {key: Home("3", "mixed", "一格") for key in range(2_000)}
    records = [record(n, household=n % 2_000, on=NEW_YEAR + timedelta(days=n // 70)) for n in range(25_000)]
    began = time.process_time()
    found = result(homes, played(records))
    assert time.process_time() - began < 10  # 0.7 s where it was measured
    assert found.deeds == 25_000


def test_an_item_of_few_households_is_hidden_and_so_is_a_small_village() -> None:
    homes = {key: Home("1", "alone", "") for key in range(1, 4)}
    found = result(homes, played([record(key, household=key, gave=((key, Asset.MORAL, 5),)) for key in homes]))
    assert found.everybody.households is None
    assert found.items[0].times_before is None
    assert found.totals[0].before == 15
    assert next(as_it_is(one) for one in findings(found)) == "户数太少，只能看总数。"


def test_of_what_kind_a_household_is() -> None:
    def of(*born: int | None) -> Home:
        members = tuple(
            Member(person=place, name="某", relation="户主", is_head=not place,
                   birth_date=None if year is None else date(year, 11, 23))
            for place, year in enumerate(born)
        )  # fmt: skip
        home = Household(
            id=1, on=date(2026, 11, 22), number="1", address="", village=9, village_name="村", grid=8,
            grid_name="一格", version=1, members=members,
        )  # fmt: skip
        return kind_of(home, "一格")

    assert of(1950) == Home("1", "alone", "一格")
    assert of(1966).age == "young"  # sixty tomorrow
    assert of(1950, 1951).age == "old"
    assert of(1950, None, 1990) == Home("3", "mixed", "一格")
    assert of(1950, None).age == "unknown"
    assert of(*[1990] * 7) == Home("5+", "young", "一格")
