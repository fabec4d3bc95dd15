"""What an item asks besides: its questions and its people, as fields of a form and back."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from dezhi.core.errors import Problem
from dezhi.core.people import Found, Household
from dezhi.core.questions import needs_note
from dezhi.core.regions import Region
from dezhi.core.text import N_, phrase
from dezhi.plugin import Answer, Item, People, Question, QuestionKind, Subject
from dezhi.service.deeds import Named
from dezhi.service.house import House
from dezhi.web.languages import translate as _
from dezhi.web.views import work
from dezhi.web.views.frame import Option
from dezhi.web.visitors import ID_MAX

ANSWER: Final = "answer."
WITH: Final = "with."
"""Before the names of questions and roles in forms, so that none can be taken for a field of ours."""

TYPED_MAX: Final = 2_000  # characters of one field that are looked at
BETWEEN: Final = re.compile(r"[\s,，、;；]+")
YES: Final = {"yes": True, "no": False}

Typed = Mapping[str, str]
"""Fields of a form by name."""


def further(item: Item, typed: Typed, home: Household, grids: Sequence[Region]) -> work.Further | None:
    """What else the page asks for an item, with what was typed; None where that is nothing."""
    questions = tuple(_question(question, typed.get(ANSWER + question.name, "")) for question in item.questions)
    people = tuple(_people(people, typed.get(WITH + people.role, ""), home, grids) for people in item.people)
    if not (questions or people or needs_note(item)):
        return None
    return work.Further(questions=questions, people=people, why=needs_note(item))


def answers_of(item: Item, typed: Typed) -> dict[str, Answer]:
    """Read the answers. What cannot be read stays a text, so that the core refuses it by the question's own name."""
    found = {}
    for question in item.questions:
        text = unicodedata.normalize("NFKC", typed.get(ANSWER + question.name, ""))[:TYPED_MAX].strip()
        if text:
            found[question.name] = _answer(question, text)
    return found


async def people_of(house: House, home: Household, item: Item, typed: Typed) -> tuple[Named, ...]:
    """Find whom the clerk named. Raises Problem `people-not-found` or `people-several` that says what was typed."""
    named: list[Named] = []
    for people in item.people:
        text = typed.get(WITH + people.role, "")[:TYPED_MAX].strip()
        if people.of is Subject.GRID:
            named += (
                [Named(role=people.role, grid=min(int(text), ID_MAX))] if text.isascii() and text.isdecimal() else []
            )
        elif people.of is not Subject.VILLAGE:
            for word in filter(None, BETWEEN.split(text)):
                found = await _find(house, home, people, word)
                person = found.person if people.of is Subject.PERSON else None
                named.append(Named(role=people.role, household=found.household, person=person))
    return tuple(named)


async def _find(house: House, home: Household, people: People, word: str) -> Found:
    """The one household, or person, a word means in this village."""
    found = list(await house.people.search(home.village, word))
    exact = [one for one in found if word in (one.number, one.person_name)]
    found = exact or found
    if people.of is Subject.PERSON:
        found = [one for one in found if one.person is not None]
    homes = {(one.household, one.person if people.of is Subject.PERSON else None): one for one in found}
    if not homes:
        text = N_("没有记上：“%(title)s”里的“%(said)s”在村里没有找到，请填户号或者姓名。")
        raise Problem("people-not-found", text, field="people", title=phrase(people.title), said=word[:40])
    if len(homes) > 1:
        text = N_("没有记上：“%(title)s”里的“%(said)s”不止一家：%(homes)s。请改填户号。")
        told = "、".join(f"{one.label}（{one.number}）" for one in list(homes.values())[:6])
        raise Problem("people-several", text, field="people", title=phrase(people.title), said=word[:40], homes=told)
    return next(iter(homes.values()))


def _answer(question: Question, text: str) -> Answer:
    match question.kind:
        case QuestionKind.YES:
            return YES.get(text, text)
        case QuestionKind.NUMBER:
            return _number(text)
        case QuestionKind.NUMBERS:
            numbers = [_number(word) for word in BETWEEN.split(text) if word]
            read = tuple(one for one in numbers if isinstance(one, int))
            return read if len(read) == len(numbers) else text
        case _:
            return text


def _number(text: str) -> int | str:
    return int(text) if re.fullmatch(r"-?\d{1,12}", text) else text


def _question(question: Question, typed: str) -> work.Question:
    return work.Question(
        name=ANSWER + question.name,
        title=_(question.title),
        kind=question.kind.value,
        value=typed,
        help=_(question.help),
        unit=_(question.unit),
        least=question.least,
        most=question.most,
        few=question.count_least,
        many=question.count_most,
        needed=question.needed,
        options=tuple(Option(value=one.code, text=_(one.title), chosen=one.code == typed) for one in question.options),
    )


def _people(people: People, typed: str, home: Household, grids: Sequence[Region]) -> work.With:
    chosen = typed or str(home.grid or "")
    return work.With(
        name=WITH + people.role,
        title=_(people.title),
        help=_(people.help),
        value=typed,
        of=people.of.value,
        least=people.least,
        most=people.most,
        options=tuple(Option(value=str(grid.id), text=grid.name, chosen=str(grid.id) == chosen) for grid in grids)
        if people.of is Subject.GRID
        else (),
    )
