"""Deeds that nobody did, to hear what a plugin says of them: each answers whatever its item asks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

import msgspec

from dezhi.plugin import Answer, Ask, Deed, Fact, Holder, Item, Measure, Participant, Question, QuestionKind

A_DAY: Final = date(2026, 10, 12)
A_MOMENT: Final = datetime(2026, 10, 12, 2, 30, tzinfo=UTC)
A_HOLDER: Final = Holder(household=101, village=7, person=1001, grid=70)
MUCH: Final = 1_000  # of what was given before: more than nearly every limit


def deeds_of(code: str, item: Item, on: date = A_DAY) -> list[Deed]:
    """Return deeds under an item with the least and the most a clerk may answer, and one for each option of a choice.

    One deed if nothing is asked.
    """
    least, most = _answered(code, item, on, most=False), _answered(code, item, on, most=True)
    found = [least] if least == most else [least, most]
    for question in item.questions:
        for option in question.options:
            answers = tuple((name, option.code if name == question.name else answer) for name, answer in most.answers)
            found.append(msgspec.structs.replace(most, answers=answers))
    return found


def pasts_of(facts: Iterable[Fact]) -> Sequence[Mapping[str, int]]:
    """Return what may have been before, in which explanations differ: nothing, one of everything, and much."""
    told = tuple(facts)
    nothing = {fact.name: 0 for fact in told}
    if not told:
        return [nothing]
    sums = {fact.name: MUCH if fact.measure is Measure.SUM else 0 for fact in told}
    return [nothing, dict.fromkeys(nothing, 1), sums]


def an_answer(question: Question, *, most: bool) -> Answer | None:
    """Answer a question with the least or the most it allows; None for a text, which plugins are not shown."""
    number = question.most if most else question.least
    match question.kind:
        case QuestionKind.NUMBER:
            return number
        case QuestionKind.NUMBERS:
            return (number,) * (question.count_most if most else question.count_least)
        case QuestionKind.CHOICE:
            return question.options[-1 if most else 0].code
        case QuestionKind.YES:
            return most
        case QuestionKind.TEXT:
            return None


def _answered(code: str, item: Item, on: date, *, most: bool) -> Deed:
    asked = item.asked or (1, 1)
    given = [(question.name, an_answer(question, most=most)) for question in item.questions]
    participants = [
        Participant(role=people.role, household=200 + number, person=2_000 + number, grid=A_HOLDER.grid)
        for people in item.people
        for number in range(people.most if most else max(1, people.least))
    ]
    return Deed(
        id=501,
        item=code,
        date=on,
        doer=A_HOLDER,
        recorded_at=A_MOMENT,
        minutes=asked[most] if item.ask is Ask.MINUTES else None,
        points=asked[most] if item.ask is Ask.POINTS else None,
        answers=tuple((name, answer) for name, answer in given if answer is not None),
        participants=tuple(participants),
    )
