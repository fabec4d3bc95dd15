"""What the clerk is asked about a deed of a row, beside its date, its minutes and its points."""

from collections.abc import Iterable, Iterator
from typing import Final

from dezhi.plugin import Option, Question, QuestionKind

from ..awarding.reckoning import DEFECT, SECTION
from ..parts import Per, Row
from .spans import PEOPLE_MAX, alike_to, quantity_most

REASON_MAX: Final = 200
REASON_MIN: Final = 2


def questions(row: Row, others: Iterable[Row]) -> tuple[Question, ...]:
    """List what has to be answered; `others` are the rows a deed can be likened to."""
    return (*_marks(row), *_choices(row, others), *_numbers(row), *_words(row))


def _marks(row: Row) -> Iterator[Question]:
    if row.preconditions:
        titles = "、".join(one.title for one in row.preconditions)
        # One question for all, so that which of them was not met is written down nowhere.
        yield Question(name="conditions", title="前提条件都做到了", kind=QuestionKind.YES, help=titles)
    for section in row.sections:
        name = SECTION + section.code.replace("-", "_")
        yield Question(name=name, title=section.title, kind=QuestionKind.NUMBER, most=section.most, unit="分")
    if row.blend is not None:
        yield Question(name="own", title="自评分", kind=QuestionKind.NUMBER, most=row.blend.most, unit="分")
        if row.judges is None:
            yield Question(name="mutual", title="互评分", kind=QuestionKind.NUMBER, most=row.blend.most, unit="分")
    if row.judges is not None:
        yield Question(
            name="scores",
            title="各位评委的打分",
            kind=QuestionKind.NUMBERS,
            least=row.judges.least,
            most=row.judges.most,
            count_least=row.judges.count_least,
            count_most=row.judges.count_most,
            unit="分",
        )
    if row.inspection is not None:
        for defect in row.inspection.defects:
            name = DEFECT + defect.code.replace("-", "_")
            yield Question(name=name, title=defect.title, kind=QuestionKind.NUMBER, most=defect.most, unit=defect.unit)


def _choices(row: Row, others: Iterable[Row]) -> Iterator[Question]:
    if row.levels:
        levels = tuple(Option(code=one.code, title=one.title) for one in row.levels)
        yield Question(name="level", title="哪一级", kind=QuestionKind.CHOICE, options=levels)
    if row.coefficients:
        kinds = tuple(Option(code=one.code, title=one.title) for one in row.coefficients)
        yield Question(name="kind", title="哪一类服务", kind=QuestionKind.CHOICE, options=kinds)
    if row.analogy:
        alike = tuple(Option(code=one.code, title=one.title) for one in alike_to(row, others))
        yield Question(name="like", title="参照哪一条", kind=QuestionKind.CHOICE, options=alike)


def _numbers(row: Row) -> Iterator[Question]:
    if row.per is Per.PERSON:
        yield Question(name="people", title="几人参加", kind=QuestionKind.NUMBER, least=1, most=PEOPLE_MAX, unit="人")
    if row.per is Per.QUANTITY:
        yield Question(
            name="quantity",
            title="多少",
            kind=QuestionKind.NUMBER,
            least=row.every or 1,
            most=quantity_most(row),
            unit=row.unit,
        )


def _words(row: Row) -> Iterator[Question]:
    """Words of the clerk's. Why a range gave so many points needs no question: the house asks it in the note."""

    def text(name: str, title: str) -> Question:
        return Question(name=name, title=title, kind=QuestionKind.TEXT, least=REASON_MIN, most=REASON_MAX)

    if row.vote:
        yield text("resolution", "决议的文号")
    if row.analogy:
        yield text("why", "为什么像这一条")
