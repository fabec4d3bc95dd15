"""A wholly new sheet: items of the past go on as the rows a person says, and what nobody was asked is told in words."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from dezhi.core.backtest import Cover, Judged, Outcome, Played, Record, Replay
from dezhi.core.backtest_answers import answer
from dezhi.core.backtest_pairs import Old, paired, suggested
from dezhi.core.backtest_result import Backtest, Left, Pair
from dezhi.core.backtest_tally import Home, Tally
from dezhi.core.backtest_words import findings, title_word, why_left
from dezhi.core.errors import Problem
from dezhi.core.scoring import accept
from dezhi.core.text import as_it_is
from dezhi.plugin import Asset, Deed, Facts, Item, Line, Question, QuestionKind, awards

NEW_YEAR = date(2026, 1, 1)


def item(code: str, title: str, points: int, **more: Any) -> Item:
    lines = (Line(asset=Asset.MORAL, amount_min=points, amount_max=points),)
    return Item(code=code, title=title, category="c", asset=Asset.MORAL, lines=lines, how="做。", **more)


def play(items: Mapping[str, Item], code: str, title: str, pairs: Mapping[str, str]) -> list[Played]:
    """One deed of each of nine households, under items that give what their line says."""

    def score(deed: Deed, facts: Mapping[str, Facts]) -> Judged:
        del facts
        line = items[deed.item].lines[0]
        said = awards(items[deed.item], {line.asset: line.amount_min})
        return Judged(accept(items, [(deed.plugin, said)], deed, 1).proposals)

    replay = Replay(items, score, pairs=pairs)
    return [
        replay.play(
            Record(
                seq=n, id=n, item=code, title=title, on=NEW_YEAR, recorded_at=datetime(2026, 1, 2, tzinfo=UTC),
                household=n, person=None, village=9, grid=8, minutes=None, points=None, gave=((n, Asset.MORAL, 5),),
            )
        )
        for n in range(9)
    ]  # fmt: skip


def told(played: Sequence[Played], row: Item) -> Backtest:
    tally = Tally()
    for one in played:
        tally.add(one, row)
    homes = {key: Home("1", "alone", "") for key in range(9)}
    return tally.result(
        homes, draft="d", villages=["v"], since=NEW_YEAR, until=NEW_YEAR, seed=None, cost=None, goods=()
    )


NEW_ROWS = {
    f"s/{code}": item(code, title, 3)
    for code, title in (("item-1", "参加卫生清扫"), ("item-2", "看望孤寡老人"), ("item-3", "文艺演出"))
}
OLDS = [Old("o/sweep", ("环境清扫",)), Old("o/visit", ("老人看望",)), Old("o/blood", ("献血",))]


def test_rows_are_suggested_for_items_without_one_and_none_is_applied() -> None:
    found = suggested(OLDS, NEW_ROWS, Cover(NEW_ROWS))
    assert found == {"o/sweep": "s/item-1", "o/visit": "s/item-2"}
    assert play(NEW_ROWS, "o/sweep", "环境清扫", {})[0].outcome is Outcome.UNCOVERED
    # One row for one item, unless a second one is much alike; what has a row already gets no other.
    more = [*OLDS, Old("o/road", ("道路清扫",)), Old("o/again", ("卫生清扫",)), Old("o/show", ("文艺演出",))]
    again = suggested(more, NEW_ROWS, Cover(NEW_ROWS))
    assert again["o/again"] == "s/item-1"
    assert "o/show" not in again
    assert suggested([Old("o/x", ("x",), quiet=True)], NEW_ROWS, Cover(NEW_ROWS)) == {}


def test_a_pair_is_written_by_code_or_title_and_what_is_unknown_names_the_nearest() -> None:
    said = [("环境 清扫", "参加卫生清扫"), ("visit", "s/item-2")]
    assert paired(said, OLDS, NEW_ROWS) == {"o/sweep": "s/item-1", "o/visit": "s/item-2"}
    for pairs, says in (
        ([("清扫环境", "参加卫生清扫")], "过去没有记过“清扫环境”，对不上。相近的有：“环境清扫”（o/sweep）"),
        ([("献血", "卫生")], "新办法里没有“卫生”，对不上。相近的有：“参加卫生清扫”（s/item-1）"),
        ([("献血", "item-1"), ("o/blood", "item-2")], "“献血”对了新办法里的两条"),
    ):
        with pytest.raises(Problem, match="pair-") as raised:
            paired(pairs, OLDS, NEW_ROWS)
        assert says in raised.value.say()
    with pytest.raises(Problem, match="pair-many"):
        paired([("献血", "item-1")], [*OLDS, Old("p/blood", ("献血",))], NEW_ROWS)


def test_deeds_of_a_pair_are_counted_under_the_new_row_and_the_result_says_so() -> None:
    played = play(NEW_ROWS, "o/sweep", "环境清扫", {"o/sweep": "s/item-1"})
    assert {(one.item, one.paired, one.gives[0][2]) for one in played} == {("s/item-1", True, 3)}
    pair = Pair(old="o/sweep", old_title="环境清扫", new="s/item-1", new_title="参加卫生清扫")
    found = msgspec.structs.replace(told(played, NEW_ROWS["s/item-1"]), pairs=(pair,))
    said = [as_it_is(one) for one in findings(found)]
    assert "按“环境清扫”=“参加卫生清扫”算的。" in said
    assert not any("按编号对上" in one for one in said)
    assert as_it_is(title_word(found.items[0])) == "参加卫生清扫（原来是“环境清扫”，人工对上）"
    assert found.items[0].after == 27


def test_how_many_took_part_is_taken_for_one_and_told_in_words() -> None:
    many = Question(name="people", title="几人参加", kind=QuestionKind.NUMBER, least=1, most=20, unit="人")
    marks = Question(name="own", title="自评分", kind=QuestionKind.NUMBER, most=10, unit="分")
    drill = item("drill", "防火演练", 5, questions=(many, marks))
    assert dict(answer(drill, 7, None, None, {}, seed=None).answers) == {"people": 1, "own": 5}
    found = told(play({"new/drill": drill}, "new/drill", "防火演练", {}), drill)
    assert "“几人参加”当时没有问，按1人算。" in [as_it_is(one) for one in findings(found)]
    assert [as_it_is(why_left(one)) for one in found.guesses] == ["自评分：当时没有问", "几人参加：当时没有问"]
    missing = Left(code="people-missing", item="x", title="x")
    assert as_it_is(why_left(missing)) == "新办法还要写明有谁一起做，当时没有写够"
