"""Questions to ask a plugin in a test: a programme, and deeds that answer whatever an item asks."""

from datetime import UTC, date, datetime

import msgspec

from dezhi.plugin import (
    Amount,
    Answer,
    Ask,
    Deed,
    Entry,
    Holder,
    HolderKind,
    Item,
    Participant,
    Programme,
    Question,
    QuestionKind,
)

A_DAY = date(2026, 10, 12)
A_MOMENT = datetime(2026, 10, 12, 2, 30, tzinfo=UTC)
A_HOLDER = Holder(household=101, village=7, person=1001, grid=70)


def a_programme(today: date = A_DAY) -> Programme:
    """Return the first version of some village's programme."""
    return Programme(id=1, version=1, village=7, today=today)


def a_deed(
    item: str,
    *,
    minutes: int | None = None,
    points: int | None = None,
    day: date = A_DAY,
    doer: Holder = A_HOLDER,
    participants: tuple[Participant, ...] = (),
    **answers: Answer,
) -> Deed:
    """Return a deed under a full code, `plugin/code`; further names are answers to the item's questions."""
    return Deed(
        id=501,
        item=item,
        date=day,
        doer=doer,
        recorded_at=A_MOMENT,
        minutes=minutes,
        points=points,
        answers=tuple(answers.items()),
        participants=participants,
    )


def an_entry(item: str, lines: tuple[Amount, ...]) -> Entry:
    """Return something booked for some household under a bare item code."""
    return Entry(item=item, date=A_DAY, holder=A_HOLDER, holder_kind=HolderKind.HOUSEHOLD, lines=lines)


def deeds_of(code: str, item: Item) -> list[Deed]:
    """Return deeds under an item with the least and the most a clerk may answer, and one for each option of a choice.

    One deed if nothing is asked.
    """
    least, most = _answered(code, item, most=False), _answered(code, item, most=True)
    found = [least] if least == most else [least, most]
    for question in item.questions:
        for option in question.options:
            answers = tuple((name, option.code if name == question.name else answer) for name, answer in most.answers)
            found.append(msgspec.structs.replace(most, answers=answers))
    return found


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


def _answered(code: str, item: Item, *, most: bool) -> Deed:
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
        date=A_DAY,
        doer=A_HOLDER,
        recorded_at=A_MOMENT,
        minutes=asked[most] if item.ask is Ask.MINUTES else None,
        points=asked[most] if item.ask is Ask.POINTS else None,
        answers=tuple((name, answer) for name, answer in given if answer is not None),
        participants=tuple(participants),
    )
