"""Questions to ask a plugin in a test: a programme, and deeds that answer whatever an item asks."""

from datetime import date

from dezhi.core.trying import A_DAY, A_HOLDER, A_MOMENT, an_answer, deeds_of
from dezhi.plugin import Amount, Answer, Deed, Entry, Holder, HolderKind, Participant, Programme

__all__ = ["A_DAY", "A_HOLDER", "A_MOMENT", "a_deed", "a_programme", "an_answer", "an_entry", "deeds_of"]


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
