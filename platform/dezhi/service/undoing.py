"""Taking back, in one tap, what one has just recorded (AW-16).

It books the same linked opposites as a reversal; only the reason is given: a slip of the hand, noticed at once. Later,
or for what a colleague recorded, it is a reversal with a reason.
"""

from datetime import datetime, timedelta

from dezhi.core.calendar import Clock, from_micros
from dezhi.core.errors import Problem
from dezhi.core.events import Kind
from dezhi.core.text import N_
from dezhi.service.actors import Actor
from dezhi.service.journal import EntryRef, Journal
from dezhi.store.journal import Entry, Slip

UNDO_TIME = timedelta(minutes=10)

REASON = "刚刚记错，当场撤回"
"""What the household reads beside such an entry, in the language of the book."""


def can_undo(slip: Slip, actor: Actor, now: datetime) -> bool:
    """Whether a whole action can still be taken back in one tap by this member of staff."""
    return (
        slip.kind == Kind.AWARD
        and slip.undone < slip.entries
        and slip.actor == actor.staff
        and from_micros(slip.posted_at) + UNDO_TIME >= now
    )


class Undoing:
    """Undoes awards of the last ten minutes."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    async def entry(self, ref: EntryRef, actor: Actor, key: str) -> list[EntryRef]:
        """Take back an award and all that was booked with it; returns the opposites. Raises `Problem`.

        Sent again under its key it answers the same, also after the ten minutes.
        """
        told = await self._journal.entry(ref)
        if not await self._journal.knows(ref.book, actor, key):
            self._check(told.entry, actor)
        return await self._journal.reverse(ref, REASON, actor, key)

    async def batch(self, book: int, name: str, actor: Actor, key: str) -> int:
        """Take back what stands of a many-household award; returns how many entries. Raises `Problem`."""
        standing = await self._journal.batch(book, name)
        for told in standing[-1:]:
            self._check(told.entry, actor)
        return await self._journal.reverse_batch(book, name, REASON, actor, key)

    def _check(self, entry: Entry, actor: Actor) -> None:
        if entry.kind != Kind.AWARD:
            raise Problem("undo-kind", N_("没有撤回：只有刚记的加分能直接撤回。别的请用冲正，写明原因。"))
        if entry.actor != actor.staff:
            text = N_("没有撤回：这一笔不是您记的。要更正请用冲正，写明原因。")
            raise Problem("undo-other", text, status=403)
        if from_micros(entry.posted_at) + UNDO_TIME < self._clock():
            text = N_("没有撤回：已经过了%(minutes)s分钟。要更正请用冲正，写明原因。")
            raise Problem("undo-late", text, status=409, minutes=UNDO_TIME // timedelta(minutes=1))
