"""What a clerk says of a deed, held against what its item asks."""

from typing import Any

import pytest

from dezhi.core.errors import Problem
from dezhi.core.questions import (
    check_answers,
    check_note,
    check_people,
    needs_note,
    read_answers,
    schema_of,
    shown_answers,
    told_answers,
)
from dezhi.core.text import as_it_is
from dezhi.plugin import (
    Ask,
    Asset,
    Holder,
    Item,
    Line,
    Option,
    Participant,
    People,
    Question,
    QuestionKind,
    Role,
    Subject,
)

QUESTIONS = (
    Question(name="much", title="数量", kind=QuestionKind.NUMBER, least=100, most=600, unit="毫升"),
    Question(
        name="scores", title="打分", kind=QuestionKind.NUMBERS, most=10, count_least=2, count_most=3, needed=False
    ),
    Question(
        name="level",
        title="级别",
        kind=QuestionKind.CHOICE,
        options=(Option(code="county", title="县级"), Option(code="town", title="镇级")),
        needed=False,
    ),
    Question(name="seen", title="看过没有", kind=QuestionKind.YES, needed=False),
    Question(name="where", title="在哪里", kind=QuestionKind.TEXT, least=2, most=5, needed=False, help="哪一家医院"),
)
DOER = Holder(household=1, village=9, person=11, grid=5)


def an_item(**more: Any) -> Item:
    told: dict[str, Any] = {
        "code": "blood",
        "title": "献血",
        "category": "some",
        "asset": Asset.MORAL,
        "lines": (Line(asset=Asset.MORAL, amount_min=1, amount_max=6),),
        "how": "献一次血。",
    }
    return Item(**{**told, **more})


ITEM = an_item(questions=QUESTIONS)


def test_sound_answers_come_in_the_order_of_the_questions() -> None:
    given = {"where": " 镇卫生院 ", "seen": False, "level": "town", "scores": [3, 10], "much": 300}
    answers = check_answers(ITEM, given)
    assert list(answers.items()) == [
        ("much", 300),
        ("scores", (3, 10)),
        ("level", "town"),
        ("seen", False),
        ("where", "镇卫生院"),
    ]
    assert [name for name, _ in shown_answers(ITEM, answers)] == ["much", "scores", "level", "seen"]
    assert [(as_it_is(asked), as_it_is(told)) for asked, told in told_answers(ITEM, answers)] == [
        ("数量", "300毫升"),
        ("打分", "3、10"),
        ("级别", "镇级"),
        ("看过没有", "否"),
        ("在哪里", "镇卫生院"),
    ]
    assert check_answers(ITEM, {"much": 100, "where": "", "scores": []}) == {"much": 100}
    assert check_answers(an_item(), {}) == {}


def test_answers_are_read_as_people_write_them() -> None:
    written = [
        ("数量", "300毫升"),
        ("scores", "3、10"),
        ("级别", "镇级"),
        ("看过没有", "否"),
        ("在哪里", "卫生院"),
        ("x", "1"),
    ]
    assert read_answers(ITEM, written) == {
        "much": 300,
        "scores": (3, 10),
        "level": "town",
        "seen": False,
        "where": "卫生院",
        "x": "1",
    }
    # What fits nothing stays as it was written, for the refusal to name.
    odd = {"much": "三百", "scores": "3、十", "level": "国家级", "seen": "也许"}
    assert read_answers(ITEM, list(odd.items())) == odd


@pytest.mark.parametrize(
    ("given", "code", "field", "says"),
    [
        ({}, "answer-missing", "much", "没有记上：“献血”还要填“数量”。"),
        ({"much": None}, "answer-missing", "much", "还要填“数量”"),
        ({"much": 99}, "answer-range", "much", "没有记上：“数量”要填100到600毫升的整数。"),
        ({"much": 601}, "answer-range", "much", "100到600毫升"),
        ({"much": True}, "answer-range", "much", "100到600毫升"),
        ({"much": "300"}, "answer-range", "much", "100到600毫升"),
        ({"much": 100, "scores": [1]}, "answer-range", "scores", "“打分”要填2到3个数，每个都是0到10的整数"),
        ({"much": 100, "scores": [1, 11]}, "answer-range", "scores", "0到10"),
        ({"much": 100, "scores": 7}, "answer-range", "scores", "0到10"),
        ({"much": 100, "level": "国家级"}, "answer-range", "level", "“级别”要从这些里选一个：县级、镇级"),
        ({"much": 100, "seen": 1}, "answer-range", "seen", "“看过没有”要答是或者否"),
        ({"much": 100, "where": "村"}, "answer-range", "where", "“在哪里”要写2到5个字"),
        ({"much": 100, "where": "一二\0三"}, "answer-range", "where", "2到5个字"),
        ({"much": 100, "colour": 1}, "answer-unknown", "colour", "没有问“colour”"),
    ],
)
def test_a_wrong_answer_is_named_with_its_question(given: Any, code: str, field: str, says: str) -> None:
    with pytest.raises(Problem) as caught:
        check_answers(ITEM, given)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert says in caught.value.say()


@pytest.mark.row("RU-10")
def test_only_a_range_the_clerk_chooses_in_needs_a_note() -> None:
    range_ = an_item(ask=Ask.POINTS)
    assert [needs_note(one) for one in (range_, ITEM, an_item(ask=Ask.MINUTES))] == [True, False, False]
    fixed = an_item(ask=Ask.POINTS, lines=(Line(asset=Asset.MORAL, amount_min=5, amount_max=5),))
    check_note(fixed, "")
    check_note(range_, "送医两次")
    with pytest.raises(Problem, match="note-missing"):
        check_note(range_, " \n")


def test_a_schema_says_what_the_answers_must_be() -> None:
    schema = schema_of(QUESTIONS)
    assert schema["required"] == ["much"]
    assert schema["properties"]["much"] == {
        "title": "数量",
        "x-unit": "毫升",
        "type": "integer",
        "minimum": 100,
        "maximum": 600,
    }
    assert schema["properties"]["scores"]["maxItems"] == 3
    assert schema["properties"]["level"]["oneOf"][0] == {"const": "county", "title": "县级"}
    assert schema["properties"]["where"]["description"] == "哪一家医院"
    assert schema_of(()) == {"type": "object", "properties": {}, "additionalProperties": False}


# ── people ──


def one(role: Role, household: int, person: int | None = None) -> Participant:
    return Participant(role=role, household=household, person=person)


PEOPLED = an_item(
    people=(
        People(role=Role.HELPED, title="帮了谁家", least=1, most=2),
        People(role=Role.DOER, title="还有谁", of=Subject.PERSON, least=0, most=3),
        People(role=Role.GROUP, title="哪一组", of=Subject.GRID),
    )
)
GROUP = (one(Role.GROUP, 1), one(Role.GROUP, 2), one(Role.GROUP, 3))


def test_people_as_they_are_asked_for_are_sound() -> None:
    check_people(PEOPLED, DOER, (one(Role.HELPED, 2), one(Role.DOER, 3, 31), one(Role.DOER, 1, 12), *GROUP))
    check_people(an_item(), DOER, ())


@pytest.mark.row("RU-12")
@pytest.mark.parametrize(
    ("named", "code", "says"),
    [
        (GROUP, "people-missing", "还要填“帮了谁家”，至少1位"),
        ((*GROUP, *(one(Role.HELPED, n) for n in (2, 3, 4))), "people-many", "最多填2位"),
        ((*GROUP, one(Role.HELPED, 2), one(Role.HELPED, 2)), "people-twice", "填了两次"),
        ((*GROUP, one(Role.HELPED, 1)), "people-own", "不能是做这件事的这一户自己"),
        ((*GROUP, one(Role.HELPED, 2), one(Role.WITNESS, 4)), "people-unknown", "不用填“见证的”"),
        ((*GROUP, one(Role.HELPED, 2), one(Role.DOER, 4)), "people-person", "哪一位"),
        ((*GROUP, one(Role.HELPED, 2), one(Role.DOER, 1, 11)), "people-twice", "填了两次"),
        ((*GROUP, one(Role.HELPED, 2, 21), one(Role.DOER, 2, 21)), "people-twice", "填了两次"),
        ((*GROUP, *GROUP[:1], one(Role.HELPED, 2)), "people-twice", "填了两次"),
        ((one(Role.HELPED, 2),), "people-missing", "哪一组"),
    ],
)
def test_other_people_are_refused(named: tuple[Participant, ...], code: str, says: str) -> None:
    with pytest.raises(Problem) as caught:
        check_people(PEOPLED, DOER, named)
    assert (caught.value.code, caught.value.field) == (code, "people")
    assert says in caught.value.say()
