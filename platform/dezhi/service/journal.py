"""The entries of a book for those who answer for them: clerks, the supervisor, and the household an entry is about."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from dezhi.core import events as ledger
from dezhi.core.calendar import Clock, day, from_micros, micros, today
from dezhi.core.errors import Problem
from dezhi.core.events import AssetId, Kind
from dezhi.core.questions import told_answers
from dezhi.core.reversals import REVERSIBLE
from dezhi.core.text import N_, Phrase
from dezhi.plugin import Answer, Item, Participant, Role
from dezhi.service.actors import Actor
from dezhi.service.refusals import problem
from dezhi.service.sheets import Sheet, Sheets
from dezhi.service.transfers import TO_KIN, TO_POOL
from dezhi.store import books, deeds, freezes, journal as store
from dezhi.store.accounts import period
from dezhi.store.database import Database
from dezhi.store.freezes import Frozen
from dezhi.store.journal import Entry, Slip
from dezhi.store.ledger import Submission
from dezhi.store.poster import Poster

REASON_MAX = 200

WITHOUT_ITEM = {
    Kind.VOID: N_("解冻"),
    Kind.REVERSAL: N_("退回清零的分"),
    Kind.EXPIRY: N_("清零"),
    Kind.FREEZE: N_("冻结"),
    Kind.LIMIT: N_("透支限额"),
    Kind.CLOSE: N_("结账"),
}
"""What an entry is called that is about no item of the sheet."""


TRANSFERS = {TO_KIN: N_("志愿时转给家人"), TO_POOL: N_("志愿时捐给村里")}


def title_of(kind: int, item: str, sheet: Sheet | None) -> str:
    """What an entry's item or reward was called in its version, or what an entry without one is called."""
    if not item:
        return WITHOUT_ITEM[Kind(kind)]
    if item in TRANSFERS:
        return TRANSFERS[item]
    return sheet.title(item) if sheet else item


class EntryRef(msgspec.Struct, frozen=True):
    """An entry's public number, `book-YYYYMM-seq`, as printed on slips."""

    book: int
    period: int
    seq: int

    def __str__(self) -> str:
        return f"{self.book}-{self.period}-{self.seq}"

    @classmethod
    def parse(cls, text: str) -> "EntryRef":
        """Read a public number. Raises `Problem` for anything else."""
        parts = text.split("-")
        if len(parts) != 3 or not all(part.isascii() and part.isdecimal() and len(part) < 16 for part in parts):  # noqa: PLR2004
            raise no_entry()
        return cls(*(int(part) for part in parts))


def no_entry() -> Problem:
    """What to raise for an entry that is not there, or not the asker's."""
    return Problem("no_entry", N_("没有找到这一笔。请核对编号。"), status=404)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An entry with the words that explain it. `title` is the item's or reward's, as it was called in its version."""

    ref: EntryRef
    entry: Entry
    title: str
    item: Item | None
    sheet: Sheet | None

    @property
    def kind(self) -> Kind:
        return Kind(self.entry.kind)

    @property
    def posted_at(self) -> datetime:
        return from_micros(self.entry.posted_at)

    @property
    def on_trial(self) -> bool:
        return self.sheet is None or self.sheet.on_trial

    @property
    def amounts(self) -> Mapping[AssetId, int]:
        """What the holder gained or lost, by asset, signed."""
        total: dict[AssetId, int] = {}
        for movement in self.entry.movements:
            asset = AssetId(movement.asset)
            total[asset] = total.get(asset, 0) + movement.amount
        return total


class ToldDeed(msgspec.Struct, frozen=True, kw_only=True):
    """A deed as it was recorded; `said` are its answers in words, by question. `people` are those beside its doer."""

    household: int
    answers: Mapping[str, Answer]
    said: tuple[tuple[Phrase, Phrase], ...]
    people: tuple[Participant, ...]


class Journal:
    """Reads entries and reverses them."""

    def __init__(self, database: Database, poster: Poster, sheets: Sheets, clock: Clock) -> None:
        self._database = database
        self._poster = poster
        self._sheets = sheets
        self._clock = clock

    async def entry(self, ref: EntryRef) -> Told:
        """One entry. Raises `Problem` when the book has none of that number."""
        found = await store.entry(self._database, ref.book, ref.seq)
        if found is None or _period(found) != ref.period:
            raise no_entry()
        return await self._tell(ref.book, found)

    async def deed(self, told: Told) -> ToldDeed | None:
        """The deed an entry was booked for; None for an entry that is of no deed."""
        kept = await deeds.of_entry(self._database, told.ref.book, told.entry.seq)
        if kept is None:
            return None
        item = told.sheet.items.get(kept.item) if told.sheet else None
        answers = msgspec.json.decode(kept.answers, type=dict[str, Answer]) if kept.answers else {}
        return ToldDeed(
            household=kept.household,
            answers=answers,
            said=tuple(told_answers(item, answers)) if item else (),
            people=tuple(
                Participant(role=Role(one.role), household=one.household, person=one.person, grid=one.grid)
                for one in kept.people
            ),
        )

    async def at(self, book: int, seq: int) -> Told:
        """One entry by its number in the book alone, as a reversal names what it reverses. Raises `Problem`."""
        found = await store.entry(self._database, book, seq)
        if found is None:
            raise no_entry()
        return await self._tell(book, found)

    async def entries(
        self,
        book: int,
        villages: Sequence[int],
        *,
        actor: int | None = None,
        kind: Kind | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before: int = 2**62,
        limit: int = 50,
    ) -> list[Told]:
        """Entries of some villages, newest first, before entry number `before`."""
        found = await store.entries(
            self._database,
            book,
            villages=list(villages),
            actor=actor,
            kind=None if kind is None else int(kind),
            since=0 if since is None else micros(since),
            until=2**62 if until is None else micros(until),
            before=before,
            limit=limit,
        )
        return [await self._tell(book, one) for one in found]

    async def slips(
        self, book: int, villages: Sequence[int], *, since: datetime | None = None, batch: str = ""
    ) -> list[Slip]:
        """What was added or handed over, a batch as one: from a moment on, or of one batch."""
        return await store.slips(
            self._database, book, villages, since=0 if since is None else micros(since), batch=batch
        )

    async def knows(self, book: int, actor: Actor, key: str) -> bool:
        """Whether the book remembers a request of this actor's under this key."""
        return bool(await books.remembered(self._database, book, actor.source, [key]))

    async def together(self, ref: EntryRef) -> list[EntryRef]:
        """The entries that one deed or one order booked together: they are corrected together."""
        return [EntryRef(ref.book, ref.period, seq) for seq in await store.linked(self._database, ref.book, ref.seq)]

    async def reverse(self, ref: EntryRef, reason: str, actor: Actor, key: str) -> list[EntryRef]:
        """Correct an entry and all that was booked with it by linked opposites; returns the new entries.

        Points that were already spent are written off, so that nobody's balance goes below zero; never those that are
        only frozen: what was frozen because of an entry is taken back with it. Raises `Problem`.
        """
        told = await self.entry(ref)
        together = await self.together(ref)
        entries = [await self.entry(one) for one in together]
        wanted = [one for one in entries if one.kind in REVERSIBLE] or [told]
        if any(one.kind is Kind.EXPIRY for one in wanted):
            raise Problem("not_reversible", N_("没有冲正：清零的分只能由乡镇整批撤销。"), status=409)
        if any(one.kind is Kind.CAPTURE and one.entry.household == actor.household for one in wanted):
            # It gives points back, and the goods may be at home already.
            text = N_("没有冲正：这是您自己家换的东西，不能自己把分退回来。请另一位工作人员来办。")
            raise Problem("self_reversal", text)
        frozen = await self._frozen(ref.book, [one.entry for one in wanted])
        outcome = await self._poster.post(
            ref.book, self._reversal([one.entry for one in wanted], reason, actor, key, frozen)
        )
        if outcome.code == "spent" and frozen:
            text = N_("没有冲正：这一户有分冻结着，没有冻结的不够退。请先解冻，再冲正。")
            raise Problem("frozen-reversal", text, status=409)
        if not outcome.booked:
            raise problem(outcome)
        found = [await store.entry(self._database, ref.book, seq) for seq in outcome.seqs]
        return [EntryRef(ref.book, _period(one), one.seq) for one in found if one and one.kind == Kind.REVERSAL]

    async def batch(self, book: int, name: str) -> list[Told]:
        """What of a many-household award still stands."""
        found = []
        for seq in await store.batch(self._database, book, name):
            entry = await store.entry(self._database, book, seq)
            if entry is not None:
                found.append(await self._tell(book, entry))
        return found

    async def reverse_batch(self, book: int, name: str, reason: str, actor: Actor, key: str) -> int:
        """Reverse a whole many-household award in one action; returns how many entries. Sent again, nothing happens."""
        seqs = await store.batch(self._database, book, name)
        found = [one for seq in seqs if (one := await store.entry(self._database, book, seq)) is not None]
        frozen = await self._frozen(book, found)
        submissions = [
            self._reversal(
                [one],
                reason,
                actor,
                f"{key}:{one.seq}",
                [freeze for freeze in frozen if freeze.holder == one.household],
            )
            for one in found
        ]
        outcomes = await self._poster.post_many(book, submissions) if submissions else []
        return sum(outcome.booked for outcome in outcomes)

    async def _frozen(self, book: int, entries: Sequence[Entry]) -> Sequence[Frozen]:
        """What is frozen of the households that entries are about."""
        homes = {one.household for one in entries if one.household is not None}
        return await freezes.of_holders(self._database, book, sorted(homes)) if homes else ()

    def _reversal(
        self, entries: Sequence[Entry], reason: str, actor: Actor, key: str, frozen: Sequence[Frozen]
    ) -> Submission:
        """Opposites on the deeds' own days, so that the boards and months they counted in lose them again."""
        text = _reason(reason)
        events = tuple(ledger.Reverse(seq=one.seq, event_day=one.event_day, reason=text) for one in entries)
        plain = ledger.Command(source=actor.source, key=key, actor=actor.staff, events=events)
        if not frozen:
            return Submission(plain)
        about = {one.seq for one in entries}
        ended = [one for one in frozen if one.about in about and not one.whole]
        now = day(today(self._clock()))
        freed = [ledger.Void(order=one.order, event_day=now, reason=text) for one in ended]
        careful = [msgspec.structs.replace(event, if_spent="refuse") for event in events]
        # Sent again when the freeze is over, it is the same request.
        asked = msgspec.msgpack.encode(events)
        return Submission(msgspec.structs.replace(plain, events=(*freed, *careful), asked=asked))

    async def _tell(self, book: int, entry: Entry) -> Told:
        sheet = await self._sheets.version(entry.version)
        return Told(
            ref=EntryRef(book, _period(entry), entry.seq),
            entry=entry,
            title=title_of(entry.kind, entry.item, sheet),
            item=sheet.items.get(entry.item) if sheet else None,
            sheet=sheet,
        )


def _period(entry: Entry) -> int:
    return period(entry.posted_at)


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise Problem("reason-missing", N_("没有冲正：请写一句为什么，这户人家看得到。"), field="reason")
    return reason[:REASON_MAX]
