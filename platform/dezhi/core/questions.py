"""What a clerk says of a deed beside its item and date: held against the item's questions, its people, its range.

Every refusal names the field to mend. The words themselves (a note, an answer in TEXT) are never shown to a plugin.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeGuard

from dezhi.core.errors import Problem
from dezhi.core.text import N_, Phrase, phrase
from dezhi.plugin import Answer, Ask, Holder, Item, Participant, People, Question, QuestionKind, Role, Subject
from dezhi.plugin.questions import PEOPLE_MAX

ANSWERS_MAX: Final = 60
"""Answers in one request: twice what an item may ask, so that a strange one can still be named."""

ROLE_WORDS: Final = {
    Role.DOER: N_("一起做的"),
    Role.HELPED: N_("受帮助的"),
    Role.WITNESS: N_("见证的"),
    Role.GROUP: N_("集体"),
}


def needs_note(item: Item) -> bool:
    """Return whether the clerk chooses the points within a range, and so has to say why so many."""
    asked = item.asked if item.ask is Ask.POINTS else None
    return asked is not None and asked[0] < asked[1]


def check_note(item: Item, note: str) -> None:
    """Raise Problem `note-missing` where the clerk chose within a range and does not say why (catalogue row RU-10)."""
    if needs_note(item) and not note.strip():
        text = N_("没有记上：“%(item)s”的分数有高有低，请在备注里写一句为什么给这么多。")
        raise Problem("note-missing", text, field="note", item=phrase(item.title))


def check_answers(item: Item, given: Mapping[str, Any]) -> dict[str, Answer]:
    """Return the answers in the order of the item's questions; a question that may be left out can be missing.

    Raises Problem `answer-unknown`, `answer-missing` or `answer-range`, whose field is the question's name.
    """
    if not (given or item.questions):
        return {}
    for name in given:
        if all(question.name != name for question in item.questions):
            text = N_("没有记上：“%(item)s”没有问“%(question)s”，请去掉这一项。")
            shown = str(name)[:60]
            raise Problem("answer-unknown", text, field=shown, item=phrase(item.title), question=shown)
    answers: dict[str, Answer] = {}
    for question in item.questions:
        answer = given.get(question.name)
        if answer is None or answer in ("", (), []):
            if question.needed:
                text = N_("没有记上：“%(item)s”还要填“%(question)s”。")
                raise _wrong("answer-missing", text, item, question)
            continue
        answers[question.name] = _sound(item, question, answer)
    return answers


def read_answers(item: Item, written: Iterable[tuple[str, str]]) -> dict[str, Answer]:
    """Return answers as people write them in a file, each under its question's name; what fits nothing stays as it is.

    A question goes by its name or title, an option by its code or title, a yes is 是 or yes, numbers have gaps between.
    """
    named = {word: question for question in item.questions for word in (question.title, question.name)}
    answers: dict[str, Answer] = {}
    for word, text in written:
        question = named.get(word)
        answers[question.name if question else word] = text if question is None else _read(question, text)
    return answers


def _read(question: Question, text: str) -> Answer:
    match question.kind:
        case QuestionKind.NUMBER:
            return _whole(text.removesuffix(question.unit).strip())
        case QuestionKind.NUMBERS:
            read = [_whole(part) for part in re.split(r"[,，、\s]+", text) if part]
            return tuple(part for part in read if isinstance(part, int)) if all(type(n) is int for n in read) else text
        case QuestionKind.CHOICE:
            return next((option.code for option in question.options if option.title == text), text)
        case QuestionKind.YES:
            return {"是": True, "yes": True, "true": True, "否": False, "no": False, "false": False}.get(
                text.lower(), text
            )
        case QuestionKind.TEXT:
            return text


def _whole(text: str) -> int | str:
    return int(text) if re.fullmatch(r"-?[0-9]{1,10}", text) else text


def shown_answers(item: Item, answers: Mapping[str, Answer]) -> tuple[tuple[str, Answer], ...]:
    """Return what a plugin is shown of answers: all but texts."""
    if not answers:
        return ()
    return tuple(
        (question.name, answers[question.name])
        for question in item.questions
        if question.name in answers and question.kind is not QuestionKind.TEXT
    )


def told_answers(item: Item, answers: Mapping[str, Answer]) -> list[tuple[Phrase, Phrase]]:
    """Return questions and answers in words, for people: `数量` and `300毫升`, in the item's order."""
    return [
        (phrase(question.title), _told(question, answers[question.name]))
        for question in item.questions
        if question.name in answers
    ]


def _told(question: Question, answer: Answer) -> Phrase:
    if isinstance(answer, bool):
        return phrase(N_("是") if answer else N_("否"))
    if isinstance(answer, tuple | list):
        return phrase("%(numbers)s", numbers="、".join(str(number) for number in answer))
    if question.kind is QuestionKind.CHOICE:
        return phrase(next((one.title for one in question.options if one.code == answer), str(answer)))
    return phrase("%(answer)s%(unit)s", answer=str(answer), unit=phrase(question.unit) if question.unit else "")


def _sound(item: Item, question: Question, answer: object) -> Answer:
    """Return one answer as it is kept. Raises Problem `answer-range`."""
    match question.kind:
        case QuestionKind.NUMBER | QuestionKind.NUMBERS:
            return _numbers(item, question, answer)
        case QuestionKind.CHOICE:
            if isinstance(answer, str) and any(answer == option.code for option in question.options):
                return answer
            text = N_("没有记上：“%(question)s”要从这些里选一个：%(options)s。")
            raise _wrong("answer-range", text, item, question, options="、".join(one.title for one in question.options))
        case QuestionKind.YES:
            if isinstance(answer, bool):
                return answer
            raise _wrong("answer-range", N_("没有记上：“%(question)s”要答是或者否。"), item, question)
        case QuestionKind.TEXT:
            least, most = question.least, question.most
            if isinstance(answer, str) and least <= len(answer.strip()) <= most and "\0" not in answer:
                return answer.strip()
            text = N_("没有记上：“%(question)s”要写%(least)s到%(most)s个字。")
            raise _wrong("answer-range", text, item, question, least=str(least), most=str(most))


def _numbers(item: Item, question: Question, answer: object) -> int | tuple[int, ...]:
    bounds = {"least": str(question.least), "most": _unit(question, question.most)}
    if question.kind is QuestionKind.NUMBER:
        if _fits(answer, question):
            return answer
        text = N_("没有记上：“%(question)s”要填%(least)s到%(most)s的整数。")
        raise _wrong("answer-range", text, item, question, **bounds)
    few, many = question.count_least, question.count_most
    if isinstance(answer, tuple | list) and few <= len(answer) <= many and all(_fits(one, question) for one in answer):
        return tuple(answer)
    text = N_("没有记上：“%(question)s”要填%(few)s到%(many)s个数，每个都是%(least)s到%(most)s的整数。")
    raise _wrong("answer-range", text, item, question, few=str(few), many=str(many), **bounds)


def _fits(number: object, question: Question) -> TypeGuard[int]:
    return type(number) is int and question.least <= number <= question.most


def _unit(question: Question, number: int) -> Phrase:
    return phrase("%(number)s%(unit)s", number=str(number), unit=phrase(question.unit) if question.unit else "")


def _wrong(code: str, text: str, item: Item, question: Question, **values: Any) -> Problem:
    return Problem(code, text, field=question.name, item=phrase(item.title), question=phrase(question.title), **values)


# ── people ──


def asked_group(item: Item) -> People | None:
    """Return whom an item asks for by their grid or village: those households are named by the core."""
    return next((people for people in item.people if people.of in {Subject.GRID, Subject.VILLAGE}), None)


def check_people(item: Item, doer: Holder, named: Sequence[Participant]) -> None:
    """Raise a Problem (field `people`) unless exactly those are named whom the item asks for.

    `people-unknown`: a role that is not asked for. `people-missing`, `people-many`: fewer or more than asked for.
    `people-person`: which member it was is missing. `people-twice`: somebody named again, or the doer among those who
    did it too. `people-own`: the doer's own household as the helped one or the witness.
    """
    if not (named or item.people):
        return
    asked = {people.role: people for people in item.people}
    for one in named:
        if one.role not in asked:
            raise _people("people-unknown", N_("没有记上：“%(item)s”不用填“%(role)s”的人。"), item, one.role)
    for people in item.people:
        _check_role(item, doer, people, [one for one in named if one.role is people.role])
    # A whole group may count among it whoever did it, or was helped.
    _check_twice(item, [one for one in named if one.role is not Role.GROUP])


def _check_role(item: Item, doer: Holder, people: People, named: Sequence[Participant]) -> None:
    by_place = people.of in {Subject.GRID, Subject.VILLAGE}
    least, most = (1, PEOPLE_MAX) if by_place else (people.least, people.most)
    if len(named) < least:
        text = N_("没有记上：“%(item)s”还要填“%(title)s”，至少%(n)s位（户）。")
        raise _people("people-missing", text, item, people.role, title=phrase(people.title), n=least)
    if len(named) > most:
        text = N_("没有记上：“%(item)s”的“%(title)s”最多填%(n)s位（户）。")
        raise _people("people-many", text, item, people.role, title=phrase(people.title), n=most)
    if people.of is Subject.PERSON and any(one.person is None for one in named):
        text = N_("没有记上：“%(item)s”的“%(title)s”要写明是家里哪一位。")
        raise _people("people-person", text, item, people.role, title=phrase(people.title))
    for one in named:
        if one.household != doer.household or people.role is Role.GROUP:
            continue
        if people.role is not Role.DOER:
            text = N_("没有记上：“%(item)s”的“%(title)s”不能是做这件事的这一户自己。")
            raise _people("people-own", text, item, people.role, title=phrase(people.title))
        if one.person is None or doer.person is None or one.person == doer.person:
            raise _people("people-twice", _TWICE, item, people.role)
    _check_twice(item, named)


_TWICE: Final = N_("没有记上：“%(item)s”里同一个人（同一户）填了两次，请去掉一个。")


def _check_twice(item: Item, named: Sequence[Participant]) -> None:
    seen: set[tuple[int, int | None]] = set()
    for one in named:
        if (one.household, one.person) in seen:
            raise _people("people-twice", _TWICE, item, one.role)
        seen.add((one.household, one.person))


def _people(code: str, text: str, item: Item, role: Role, **values: Any) -> Problem:
    return Problem(code, text, field="people", item=phrase(item.title), role=phrase(ROLE_WORDS[role]), **values)


# ── as a form and as a schema ──


def schema_of(questions: Iterable[Question]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the answers to some questions, for other systems and for forms."""
    properties = {question.name: _schema(question) for question in questions}
    found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    needed = [question.name for question in questions if question.needed]
    return {**found, "required": needed} if needed else found


def _schema(question: Question) -> dict[str, Any]:
    told: dict[str, Any] = {"title": question.title}
    if question.help:
        told["description"] = question.help
    if question.unit:
        told["x-unit"] = question.unit
    number = {"type": "integer", "minimum": question.least, "maximum": question.most}
    match question.kind:
        case QuestionKind.NUMBER:
            return {**told, **number}
        case QuestionKind.NUMBERS:
            counts = {"minItems": question.count_least, "maxItems": question.count_most}
            return {**told, "type": "array", "items": number, **counts}
        case QuestionKind.CHOICE:
            return {**told, "oneOf": [{"const": option.code, "title": option.title} for option in question.options]}
        case QuestionKind.YES:
            return {**told, "type": "boolean"}
        case QuestionKind.TEXT:
            return {**told, "type": "string", "minLength": question.least, "maxLength": question.most}
