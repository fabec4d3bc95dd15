"""What a draft asks and nobody was asked then: guessed in a stated way, and every guess is counted.

Without a seed: the middle of a range of points (rounded down), of minutes and other numbers the least (of how many took
part the doer alone), of a choice the first, of a yes or no the no. With a seed: drawn, evenly over the range, from the
seed and the deed alone, so that neither the order nor the machine changes what comes out. What was answered and is out
of the draft's range counts as the nearest bound.
"""

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from dezhi.plugin import Answer, Ask, Item, Question, QuestionKind

MINUTES = "minutes"
POINTS = "points"
SCORE: Final = "分"
"""The unit of a question whose answer is points."""


class GuessKind(StrEnum):
    """How an answer came to be."""

    GUESSED = "guessed"  # nobody was asked
    MOVED = "moved"  # it was out of the range, and taken for the nearest bound


class Guess(NamedTuple):
    """An answer that nobody gave: to `minutes`, `points`, or a question by its name."""

    name: str
    kind: GuessKind


class Answered(NamedTuple):
    """A deed's answers as the draft's item asks for them."""

    minutes: int | None
    points: int | None
    answers: tuple[tuple[str, Answer], ...]
    guesses: tuple[Guess, ...]


def answer(
    item: Item,
    deed: int,
    minutes: int | None,
    points: int | None,
    answers: Mapping[str, Answer],
    *,
    seed: int | None,
) -> Answered:
    """Return what to tell the draft about a deed (by its id), from what was answered then."""
    guesses: list[Guess] = []

    def number(name: str, told: int | None, least: int, most: int, usual: int) -> int:
        if told is None:
            guesses.append(Guess(name, GuessKind.GUESSED))
            return usual if seed is None else _drawn(seed, deed, name, least, most)
        if not least <= told <= most:
            guesses.append(Guess(name, GuessKind.MOVED))
        return min(max(told, least), most)

    least, most = item.asked or (1, 1)
    asked_minutes = number(MINUTES, minutes, least, most, least) if item.ask is Ask.MINUTES else None
    asked_points = number(POINTS, points, least, most, (least + most) // 2) if item.ask is Ask.POINTS else None
    told = []
    for question in item.questions:
        was = answers.get(question.name)
        if _fits(question, was):
            told.append((question.name, was))
        elif question.kind is QuestionKind.NUMBER and type(was) is int:
            told.append((question.name, number(question.name, was, question.least, question.most, was)))
        elif question.needed:
            guesses.append(Guess(question.name, GuessKind.GUESSED))
            told.append((question.name, _guess(question, deed, seed)))
    return Answered(
        asked_minutes, asked_points, tuple((name, value) for name, value in told if value is not None), tuple(guesses)
    )


def _fits(question: Question, was: Answer | None) -> bool:
    """Whether an answer of then can stand as it is."""
    match question.kind:
        case QuestionKind.YES:
            return type(was) is bool
        case QuestionKind.NUMBER:
            return type(was) is int and question.least <= was <= question.most
        case QuestionKind.CHOICE:
            return any(option.code == was for option in question.options)
        case QuestionKind.TEXT:
            return type(was) is str and question.least <= len(was) <= question.most
        case QuestionKind.NUMBERS:
            return (
                isinstance(was, tuple)
                and question.count_least <= len(was) <= question.count_most
                and all(question.least <= one <= question.most for one in was)
            )


def _guess(question: Question, deed: int, seed: int | None) -> Answer:
    """An answer that nobody gave."""
    name, least, most = question.name, question.least, question.most
    match question.kind:
        case QuestionKind.YES:
            return seed is not None and bool(_drawn(seed, deed, name, 0, 1))
        case QuestionKind.CHOICE:
            place = 0 if seed is None else _drawn(seed, deed, name, 0, len(question.options) - 1)
            return question.options[place].code
        case QuestionKind.TEXT:
            return "—" * max(1, least)
        case QuestionKind.NUMBER:
            return usual(question) if seed is None else _drawn(seed, deed, name, least, most)
        case QuestionKind.NUMBERS:
            return tuple(
                usual(question) if seed is None else _drawn(seed, deed, f"{name}:{place}", least, most)
                for place in range(question.count_least)
            )


def usual(question: Question) -> int:
    """A number that nobody gave: of points the middle, of everything that is counted the least."""
    if question.unit == SCORE or question.kind is QuestionKind.NUMBERS:
        return (question.least + question.most) // 2
    return question.least


def _drawn(seed: int, deed: int, name: str, least: int, most: int) -> int:
    """A number of the range, the same for the same seed, deed and name on every machine."""
    digest = hashlib.sha256(f"{seed}:{deed}:{name}".encode()).digest()
    return least + int.from_bytes(digest[:8], "big") % (most - least + 1)
