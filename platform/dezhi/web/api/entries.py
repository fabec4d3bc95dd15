"""Entries of the ledger for those who answer for them, reversals, and what staff did outside the ledger."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from litestar import Controller, Response
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta

from dezhi.core.acts import ActKind
from dezhi.core.calendar import ZONE, from_micros, micros, to_date
from dezhi.core.events import ASSET_OF, AssetId, Kind
from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.service.house import House
from dezhi.service.journal import Told, no_entry
from dezhi.store.journal import Slip
from dezhi.web.api.assessments import AssessmentOf, assessment_of
from dezhi.web.api.auth import Call
from dezhi.web.api.bodies import invalid
from dezhi.web.api.calls import read, write
from dezhi.web.api.kinds import (
    DAY,
    AmountOf,
    Answer,
    Answers,
    BatchId,
    BatchPath,
    Body,
    Cursor,
    EntryId,
    EntryPath,
    HouseholdId,
    Id,
    Key,
    Limit,
    PersonId,
    Reason,
    RoleWord,
    StaffId,
    VillagePath,
)
from dezhi.web.api.paging import LIMIT, Page, cursor_of, odd_cursor, read_cursor
from dezhi.web.api.writes import booked, call_of
from dezhi.web.clerk import round_of
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.visitors import Visitor, need_entry, need_village, whole

READERS = (Role.SUPERVISOR, Role.CLERK)
NOBODY = -1
"""Stands for a member of staff who cannot be: 0 is the household itself."""

Moment = Annotated[datetime, Meta(description="When it was booked.", examples=["2026-11-22T09:00:00+08:00"])]
Since = Annotated[datetime | None, QueryParameter(description="Booked at or after this time, with an offset.")]
Until = Annotated[datetime | None, QueryParameter(description="Booked before this time, with an offset.")]
By = Annotated[str | None, QueryParameter(pattern=r"^[1-9][0-9]{0,18}$", description="Of this member of staff.")]


class EntryKind(StrEnum):
    """What an entry tells of."""

    AWARD = "award"
    HOLD = "hold"
    CAPTURE = "capture"
    VOID = "void"
    REVERSAL = "reversal"
    CONFIRMATION = "confirmation"
    LAPSE = "lapse"
    EXPIRY = "expiry"
    FREEZE = "freeze"
    LIMIT = "limit"
    TRANSFER_OUT = "transfer-out"
    TRANSFER_IN = "transfer-in"
    OPENING = "opening"
    CLOSE = "close"


KindWord = Annotated[EntryKind, Meta(description="What happened.", examples=["award"])]


class InDeedOf(Answer, frozen=True, kw_only=True):
    """Somebody who had a part in a deed."""

    role: RoleWord
    household: HouseholdId
    person: PersonId | None


class Reversal(Body, frozen=True, kw_only=True):
    """Why something is taken back; the household reads it."""

    reason: Reason


class Entry(Answer, frozen=True, kw_only=True):
    """One entry of the ledger. Entries never change; what is wrong is reversed."""

    id: EntryId
    number: Annotated[str, Meta(description="As printed on slips.", examples=["1-202611-1"])]
    kind: KindWord
    on: Annotated[date, Meta(description="The day of the deed.", examples=[DAY])]
    booked_at: Moment
    household: HouseholdId | None
    person: PersonId | None
    item: Annotated[
        str, Meta(description="The item, or `reward:` and the reward.", examples=["dezhi-yinger/neighbour-help"])
    ]
    title: Annotated[str, Meta(description="What it was called then, in Chinese.", examples=["邻里帮扶"])]
    amounts: list[AmountOf]
    text: Annotated[
        str,
        Meta(
            description="Why: the plugin's sentence, or the reason of a reversal.",
            examples=["邻里帮扶：道德积分加10分"],
        ),
    ]
    by: Annotated[StaffId | None, Meta(description="Who booked it; null for the household itself.")]
    version: Annotated[
        int | None,
        Meta(description="The programme's version it was booked under: that of the deed's day.", examples=[1]),
    ]
    on_trial: Annotated[bool, Meta(description="Booked without a public notice.", examples=[True])]
    reverses: EntryId | None
    reversed_by: EntryId | None


class WholeEntry(Entry, frozen=True, kw_only=True):
    """One entry, with what was said of its deed."""

    answers: Answers
    people: Annotated[list[InDeedOf], Meta(description="Who was in it beside the one who did it.")]
    assessment: Annotated[AssessmentOf | None, Meta(description="What it came to; null for any other deed.")]
    notices: Annotated[list[str], Meta(description="What its plugin says besides, in Chinese.", examples=[[]])]


class Reversed(Answer, frozen=True, kw_only=True):
    """The opposites that were booked: of the entry, and of all that was booked with it."""

    entries: list[EntryId]


class SlipOf(Answer, frozen=True, kw_only=True):
    """One action: a deed or a hand-over, or a whole batch."""

    entry: Annotated[EntryId, Meta(description="Its first entry.")]
    batch: BatchId | None
    booked_at: Moment
    item: Annotated[
        str, Meta(description="The item, or `reward:` and the reward.", examples=["dezhi-yinger/neighbour-help"])
    ]
    title: Annotated[str, Meta(description="What it was called then, in Chinese.", examples=["邻里帮扶"])]
    household: Annotated[HouseholdId | None, Meta(description="Null for a batch of several.")]
    households: Annotated[int, Meta(description="How many.", ge=1, examples=[1])]
    amounts: list[AmountOf]
    by: StaffId | None
    entries: Annotated[int, Meta(description="Entries of it.", ge=1, examples=[1])]
    undone: Annotated[int, Meta(description="Of them reversed.", ge=0, examples=[0])]


class ActOf(Answer, frozen=True, kw_only=True):
    """What was done outside the ledger, by whom. No name and no secret is in it."""

    id: Id
    at: Annotated[datetime, Meta(description="When.", examples=["2026-11-22T09:00:00+08:00"])]
    kind: Annotated[ActKind, Meta(description="What.", examples=["pin-reset"])]
    by: StaffId
    household: HouseholdId | None
    staff: StaffId | None


class VillageEntryCalls(Controller):
    """The book of one village."""

    path = "/villages/{village:str}"
    tags = ("Entries",)

    @read("/entries", Scope.READ, "list_entries", "Every entry of a village, newest first, for its supervisor")
    async def entries(
        self,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        *,
        kind: Annotated[EntryKind | None, QueryParameter(description="Of this kind.")] = None,
        by: By = None,
        since: Since = None,
        until: Until = None,
        limit: Limit = LIMIT,
        cursor: Cursor = None,
    ) -> Page[Entry]:
        place = await need_village(house, visitor, village, Role.SUPERVISOR)
        after = read_cursor("entries", cursor, [int])
        found = await house.journal.entries(
            await house.sheets.book(place.id),
            [place.id],
            actor=(whole(by) or NOBODY) if by else None,
            kind=Kind[kind.name] if kind else None,
            since=aware(since),
            until=aware(until),
            before=int(after[0]) if after else 2**62,
            limit=limit + 1,
        )
        following = cursor_of("entries", found[limit - 1].ref.seq) if len(found) > limit else None
        return Page(items=[_told(one) for one in found[:limit]], next=following)

    @read("/slips", Scope.READ, "list_slips", "What was booked since a moment, a batch as one, for its clerks")
    async def slips(
        self, house: TheHouse, visitor: TheVisitor, village: VillagePath, since: Since = None
    ) -> Page[SlipOf]:
        place = await need_village(house, visitor, village, Role.CLERK)
        book = await house.sheets.book(place.id)
        found = await house.journal.slips(book, [place.id], since=aware(since))
        return Page(items=[await _slip(house, book, one) for one in found])

    @read("/acts", Scope.READ, "list_acts", "What was done to cards, accounts and the register, newest first")
    async def acts(
        self,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        limit: Limit = LIMIT,
        cursor: Cursor = None,
    ) -> Page[ActOf]:
        place = await need_village(house, visitor, village, Role.SUPERVISOR)
        after = read_cursor("acts", cursor, [int, int])
        before = (_moment(int(after[0])), int(after[1])) if after else None
        # As on the supervisor's page: what was done in the village, and where the supervisor's own post is.
        regions = sorted({place.id, *visitor.regions(Role.SUPERVISOR)})
        found = await house.acts.latest(regions, limit + 1, before)
        last = found[limit - 1] if len(found) > limit else None
        return Page(
            items=[
                ActOf(
                    id=str(one.id),
                    at=one.done_at,
                    kind=one.kind,
                    by=str(one.staff),
                    household=str(one.subject) if one.kind.is_of_household else None,
                    staff=str(one.subject) if one.kind.is_of_staff else None,
                )
                for one in found[:limit]
            ],
            next=cursor_of("acts", micros(last.done_at), last.id) if last else None,
        )


class EntryCalls(Controller):
    """Single entries."""

    path = "/entries"
    tags = ("Entries",)

    @read("/{entry:str}", Scope.READ, "get_entry", "One entry, by its id or its printed number")
    async def one(self, house: TheHouse, visitor: TheVisitor, entry: EntryPath) -> WholeEntry:
        told = await need_entry(house, visitor, entry, *READERS)
        deed = await house.journal.deed(told)
        answers = {} if deed is None else deed.answers
        people = () if deed is None else deed.people
        return WholeEntry(
            **msgspec.structs.asdict(_told(told)),
            answers={name: list(one) if isinstance(one, tuple) else one for name, one in answers.items()},
            people=[InDeedOf(role=one.role, household=str(one.household), person=_id(one.person)) for one in people],
            assessment=assessment_of(await house.sentences.assessed(told)),
            notices=list(await house.sentences.under(told)),
        )

    @write("/{entry:str}/reverse", Scope.AWARD, "reverse_entry", "Book the opposite of an entry and all booked with it")
    async def reverse(
        self, request: Call, house: TheHouse, visitor: TheVisitor, entry: EntryPath, data: JSONBody[Reversal], key: Key
    ) -> Response[Reversed]:
        actor = visitor.need_staff(Role.CLERK)
        told = await need_entry(house, visitor, entry, Role.CLERK)
        again = await house.journal.knows(told.ref.book, actor, key)
        done = await house.journal.reverse(told.ref, data.reason, actor, key)
        return booked(request, Reversed(entries=[f"{one.book}-{one.seq}" for one in done]), again=again)

    @write("/{entry:str}/undo", Scope.AWARD, "undo_entry", "Take back what you booked less than ten minutes ago")
    async def undo(
        self, request: Call, house: TheHouse, visitor: TheVisitor, entry: EntryPath, key: Key
    ) -> Response[Reversed]:
        actor = visitor.need_staff(Role.CLERK)
        told = await need_entry(house, visitor, entry, Role.CLERK)
        again = await house.journal.knows(told.ref.book, actor, key)
        done = await house.undoing.entry(told.ref, actor, key)
        return booked(request, Reversed(entries=[f"{one.book}-{one.seq}" for one in done]), again=again)


class BatchEntryCalls(Controller):
    """Whole batches."""

    path = "/batches"
    tags = ("Entries",)

    @read("/{batch:str}", Scope.READ, "get_batch", "A many-household award, and how much of it stands")
    async def one(self, house: TheHouse, visitor: TheVisitor, batch: BatchPath) -> SlipOf:
        book, slip = await _need_batch(house, visitor, batch)
        return await _slip(house, book, slip)

    @write("/{batch:str}/reverse", Scope.AWARD, "reverse_batch", "Reverse all of a batch that still stands")
    async def reverse(
        self, request: Call, house: TheHouse, visitor: TheVisitor, batch: BatchPath, data: JSONBody[Reversal], key: Key
    ) -> Response[SlipOf]:
        actor = visitor.need_staff(Role.CLERK)
        book, slip = await _need_batch(house, visitor, batch)
        await house.answers.claim(call_of(request, key, data))
        await house.journal.reverse_batch(book, slip.batch, data.reason, actor, key)
        book, after = await _need_batch(house, visitor, batch)
        return booked(request, await _slip(house, book, after), again=slip.undone == slip.entries)

    @write("/{batch:str}/undo", Scope.AWARD, "undo_batch", "Take back a batch you booked less than ten minutes ago")
    async def undo(
        self, request: Call, house: TheHouse, visitor: TheVisitor, batch: BatchPath, key: Key
    ) -> Response[SlipOf]:
        actor = visitor.need_staff(Role.CLERK)
        book, slip = await _need_batch(house, visitor, batch)
        await house.answers.claim(call_of(request, key))
        await house.undoing.batch(book, slip.batch, actor, key)
        book, after = await _need_batch(house, visitor, batch)
        return booked(request, await _slip(house, book, after), again=slip.undone == slip.entries)


async def _need_batch(house: House, visitor: Visitor, ref: str) -> tuple[int, Slip]:
    """A batch of the caller's villages. Raises `Problem` 404 otherwise."""
    number, _, name = ref.partition("-")
    villages = (await (await round_of(house, visitor)).by_book(house)).get(int(number), [])
    found = await house.journal.slips(int(number), villages, batch=name)
    if not found:
        raise no_entry()
    return int(number), found[0]


def aware(at: datetime | None) -> datetime | None:
    """A time as the village's clocks show it; one without an offset is their own.

    Raises `Problem` 422 for one that is there before or after all calendars.
    """
    if at is None or at.tzinfo is None:
        return at and at.replace(tzinfo=ZONE)
    try:
        return at.astimezone(ZONE)
    except OverflowError:
        raise invalid("no such time") from None


def _moment(at: int) -> datetime:
    """The time in a cursor. Raises `Problem` 422 for a forged one that is none."""
    try:
        return from_micros(at)
    except OverflowError:
        raise odd_cursor() from None


def _told(told: Told) -> Entry:
    entry, book = told.entry, told.ref.book
    return Entry(
        id=f"{book}-{entry.seq}",
        number=str(told.ref),
        kind=EntryKind[told.kind.name],
        on=to_date(entry.event_day),
        booked_at=told.posted_at,
        household=_id(entry.household),
        person=_id(entry.person),
        item=entry.item,
        title=told.title,
        amounts=[AmountOf(asset=ASSET_OF[asset], amount=value) for asset, value in told.amounts.items()],
        text=entry.text,
        by=_id(entry.actor or None),
        version=told.sheet.programme.version if told.sheet else None,
        on_trial=told.on_trial,
        reverses=None if entry.reverses is None else f"{book}-{entry.reverses}",
        reversed_by=None if entry.reversed_by is None else f"{book}-{entry.reversed_by}",
    )


async def _slip(house: House, book: int, slip: Slip) -> SlipOf:
    sheet = await house.sheets.version(slip.version)
    return SlipOf(
        entry=f"{book}-{slip.seq}",
        batch=f"{book}-{slip.batch}" if slip.batch else None,
        booked_at=from_micros(slip.posted_at),
        item=slip.item,
        title=sheet.title(slip.item) if sheet else slip.item,
        household=str(slip.household) if slip.households == 1 else None,
        households=slip.households,
        amounts=[
            AmountOf(asset=ASSET_OF[AssetId(asset)], amount=value) for asset, value in sorted(slip.amounts.items())
        ],
        by=_id(slip.actor or None),
        entries=slip.entries,
        undone=slip.undone,
    )


def _id(key: int | None) -> str | None:
    return None if key is None else str(key)
