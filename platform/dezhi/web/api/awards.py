"""Awards: say what a deed would earn, record it, for one household or for many."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import UNSET, Meta, UnsetType, field

from dezhi.core.events import ASSET_OF
from dezhi.core.staff import Role
from dezhi.core.tokens import Scope
from dezhi.plugin import Answer as PluginAnswer, Subject, Window
from dezhi.plugin.questions import PEOPLE_MAX
from dezhi.service.awards import MANY_MAX
from dezhi.service.deeds import Asked, Named, Recorded, Scored
from dezhi.service.house import House
from dezhi.web.api.assessments import AssessmentOf, assessment_of
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import ask, write
from dezhi.web.api.kinds import (
    DAY,
    AmountOf,
    Answer,
    Answers,
    BatchId,
    Body,
    EntryId,
    GridId,
    HouseholdId,
    ItemCode,
    Key,
    Note,
    PersonId,
    RoleWord,
    VillagePath,
    id_of,
)
from dezhi.web.api.writes import booked, call_of
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.problems import ProblemBody, problem_body
from dezhi.web.visitors import Visitor, need_household, need_village, unknown_household

Day = Annotated[
    date, Meta(description="The day of the deed, today or before; its rules are those in force then.", examples=[DAY])
]
Minutes = Annotated[int, Meta(ge=1, le=100_000, description="How long it took, where the item asks.", examples=[90])]
Points = Annotated[int, Meta(ge=1, le=1_000_000, description="How many, where the item leaves it open.", examples=[5])]


class NamedIn(Body, frozen=True, kw_only=True):
    """Somebody who had a part in the deed, where the item asks for people: a household, or one person of it.

    A group that the item asks for by its grid is named by `grid`; without one it is the doer's own, or the village.
    """

    role: RoleWord
    household: Annotated[HouseholdId | None, Meta(description="Which household.")] = None
    person: Annotated[PersonId | None, Meta(description="Which member of it.")] = None
    grid: Annotated[GridId | None, Meta(description="Which grid, of a group.")] = None

    def named(self) -> Named:
        """The same as the service knows it."""
        return Named(
            role=self.role,
            household=id_of(self.household) if self.household else None,
            person=id_of(self.person) if self.person else None,
            grid=id_of(self.grid) if self.grid else None,
        )


class NewAward(Body, frozen=True, kw_only=True):
    """A deed to be recorded."""

    household: HouseholdId
    item: ItemCode
    on: Day
    person: Annotated[PersonId | None, Meta(description="Who did it; needed where the item credits a person.")] = None
    minutes: Minutes | None = None
    points: Points | None = None
    note: Annotated[Note, Meta(description="For staff; needed where the clerk chooses the points in a range.")] = ""
    answers: Answers = field(default_factory=dict)
    people: Annotated[list[NamedIn], Meta(max_length=PEOPLE_MAX, description="Whom the item asks for.")] = field(
        default_factory=list
    )

    def asked(self) -> Asked:
        """The request as the service knows it."""
        return Asked(
            household=id_of(self.household),
            item=self.item,
            on=self.on,
            person=id_of(self.person) if self.person else None,
            minutes=self.minutes,
            points=self.points,
            note=self.note.strip(),
            answers=answers_of(self.answers),
            people=tuple(one.named() for one in self.people),
        )


class NewBatch(Body, frozen=True, kw_only=True):
    """One deed of many households, each for itself. Only items that credit households."""

    households: Annotated[
        list[HouseholdId],
        Meta(min_length=1, max_length=MANY_MAX, description="Each once.", examples=[["6917529027641081857"]]),
    ]
    item: ItemCode
    on: Day
    minutes: Minutes | None = None
    points: Points | None = None
    note: Note = ""
    # Left out of the call as its key stands for it: a batch that says none is the one it always was.
    answers: Answers | UnsetType = UNSET


class AwardEntry(Answer, frozen=True, kw_only=True):
    """One entry of the ledger, with what it gave, to whom and why."""

    id: EntryId
    household: HouseholdId
    person: Annotated[PersonId | None, Meta(description="Which member, where that is known.")]
    amounts: list[AmountOf]
    reason: Annotated[
        str, Meta(description="The plugin's sentence, in Chinese.", examples=["邻里帮扶：道德积分加10分"])
    ]


class Award(Answer, frozen=True, kw_only=True):
    """A recorded deed."""

    household: HouseholdId
    item: ItemCode
    on: Day
    entries: list[AwardEntry]
    on_trial: Annotated[bool, Meta(description="Booked without a public notice, which every such entry says.")]


class LeftOf(Answer, frozen=True, kw_only=True):
    """A limit that the deed counts towards, of one of those who are credited."""

    item: ItemCode
    household: HouseholdId
    of: Annotated[
        Subject | None, Meta(description="Who shares it: the household's grid or village.", examples=["grid"])
    ]
    window: Annotated[Window, Meta(description="The span it is counted over.", examples=["month"])]
    metric: Annotated[str, Meta(description="What is counted: times, or an asset.", examples=["times"])]
    limit: Annotated[int, Meta(description="At most so much.", examples=[10])]
    used: Annotated[int, Meta(description="So much before this deed.", examples=[0])]
    adding: Annotated[
        int, Meta(description="So much this deed would add; above the limit nothing is booked.", examples=[1])
    ]


class Credit(Answer, frozen=True, kw_only=True):
    """What one of those who are credited would get."""

    household: HouseholdId
    person: Annotated[PersonId | None, Meta(description="Which member, where that is known.")]
    item: ItemCode
    amounts: list[AmountOf]
    reason: Annotated[str, Meta(description="The plugin's sentence.", examples=["邻里帮扶：道德积分加10分"])]


class AwardPreview(Answer, frozen=True, kw_only=True):
    """What a deed would earn now. Nothing was booked."""

    household: HouseholdId
    amounts: Annotated[list[AmountOf], Meta(description="Of everybody who is credited.")]
    credits: Annotated[list[Credit], Meta(description="Booked all together, or not at all.")]
    reasons: Annotated[list[str], Meta(description="The plugins' sentences.", examples=[["邻里帮扶：道德积分加10分"]])]
    limits: list[LeftOf]
    faults: Annotated[list[ProblemBody], Meta(description="Plugins' proposals that could not be used.")]
    assessment: Annotated[AssessmentOf | None, Meta(description="Null where the item is none.")]


class BatchLine(Answer, frozen=True, kw_only=True):
    """What became of one household of a batch: entries, or a problem."""

    household: HouseholdId
    entries: list[EntryId]
    problem: ProblemBody | None = None


class Batch(Answer, frozen=True, kw_only=True):
    """A recorded batch. Households with a problem got nothing and cost the others nothing."""

    id: BatchId
    booked: Annotated[int, Meta(description="Households whose deed was booked.", examples=[1])]
    lines: list[BatchLine]


class AwardCalls(Controller):
    """Recording."""

    path = "/awards"
    tags = ("Awards",)

    @ask("/preview", Scope.AWARD, "preview_award", "Say what a deed would earn, and book nothing")
    async def preview(self, house: TheHouse, visitor: TheVisitor, data: JSONBody[NewAward]) -> AwardPreview:
        actor = visitor.need_staff(Role.CLERK)
        await need_household(house, visitor, data.household, Role.CLERK)
        scored = await house.awards.score(data.asked(), actor.source, "preview")
        scored.refuse(actor)
        return AwardPreview(
            household=data.household,
            amounts=[AmountOf(asset=asset, amount=amount) for one in scored.proposals for asset, amount in one.lines],
            reasons=[one.reason for one in scored.proposals],
            credits=[
                Credit(
                    household=str(scored.home_of(one).id),
                    person=_id(scored.person_of(one)),
                    item=one.item,
                    amounts=[AmountOf(asset=asset, amount=amount) for asset, amount in one.lines],
                    reason=one.reason,
                )
                for one in scored.proposals
            ],
            limits=[
                LeftOf(
                    item=left.use.rule,
                    household=str(left.home.id),
                    of=left.use.of,
                    window=left.use.window,
                    metric=str(left.use.metric),
                    limit=left.use.limit,
                    used=left.used,
                    adding=left.adding,
                )
                for left in await house.awards.left(scored)
            ],
            faults=[problem_body(one.status, one.code, one.phrase) for one in scored.faults],
            assessment=assessment_of(scored.assessment),
        )

    @write("/", Scope.AWARD, "record_award", "Record a deed and book what it earns")
    async def record(self, request: Call, data: JSONBody[NewAward], key: Key) -> Response[Award]:
        house, visitor = request.house, request.visitor
        actor = visitor.need_staff(Role.CLERK)
        home = await need_household(house, visitor, data.household, Role.CLERK)
        done = await house.awards.record(data.asked(), actor, key, known=[home])
        if done.scored is not None and not done.replay:
            answer = _fresh(data, done, done.scored)
        else:
            answer = await _read_back(house, data, done)
        return booked(request, answer, again=done.replay)


class BatchCalls(Controller):
    """Recording for many households of one village."""

    path = "/villages/{village:str}/batches"
    tags = ("Awards",)

    @write("/", Scope.AWARD, "record_batch", "Record one deed for many households")
    async def record_many(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        data: JSONBody[NewBatch],
        key: Key,
    ) -> Response[Batch]:
        actor = visitor.need_staff(Role.CLERK)
        place = await need_village(house, visitor, village, Role.CLERK)
        wanted = [int(one) for one in dict.fromkeys(data.households)]
        reached = await _reached(house, visitor, place.id)
        mine = [one for one in wanted if one in reached]
        await house.answers.claim(call_of(request, key, data))
        name, done = await house.awards.record_for_each([_one(data, each) for each in mine], actor, key)
        book = await house.sheets.book(place.id)
        results = {one.household: one for one in done}
        lines = [_line(book, each, results.get(each)) for each in wanted]
        answer = Batch(id=f"{book}-{name}", booked=sum(line.problem is None for line in lines), lines=lines)
        return booked(request, answer, again=bool(done) and all(one.replay for one in done))


async def _reached(house: House, visitor: Visitor, village: int) -> set[int]:
    """The households of a village that are the caller's: of a clerk of one grid, that grid's."""
    below: set[int] = set()
    for region in dict.fromkeys(visitor.regions(Role.CLERK)):
        below.update(await house.people.ids_below(region))
    return below & set(await house.people.ids_below(village))


def _one(data: JSONBody[NewBatch], household: int) -> Asked:
    return Asked(
        household=household,
        item=data.item,
        on=data.on,
        minutes=data.minutes,
        points=data.points,
        note=data.note.strip(),
        answers=answers_of({} if data.answers is UNSET else data.answers),
    )


def answers_of(sent: Mapping[str, bool | int | str | list[int]]) -> dict[str, PluginAnswer]:
    """Answers as the service knows them: several numbers never change."""
    return {name: tuple(answer) if isinstance(answer, list) else answer for name, answer in sent.items()}


def _id(key: int | None) -> str | None:
    return None if key is None else str(key)


def _line(book: int, household: int, done: Recorded | None) -> BatchLine:
    problem = done.problem if done else unknown_household()
    if problem is not None:
        told = problem_body(problem.status, problem.code, problem.phrase, field=problem.field)
        return BatchLine(household=str(household), entries=[], problem=told)
    return BatchLine(household=str(household), entries=[f"{book}-{seq}" for seq in done.seqs] if done else [])


def _fresh(data: JSONBody[NewAward], done: Recorded, scored: Scored) -> Award:
    """The answer from what was just scored and booked: nothing has to be read again."""
    entries = [
        AwardEntry(
            id=f"{scored.sheet.book}-{seq}",
            household=str(scored.home_of(one).id),
            person=_id(scored.person_of(one)),
            amounts=[AmountOf(asset=asset, amount=amount) for asset, amount in one.lines],
            reason=one.reason,
        )
        for seq, one in zip(done.seqs, scored.proposals, strict=True)
    ]
    return Award(household=data.household, item=data.item, on=data.on, entries=entries, on_trial=scored.sheet.on_trial)


async def _read_back(house: House, data: JSONBody[NewAward], done: Recorded) -> Award:
    """The same from the book, for a request that came again."""
    home = await house.people.household(id_of(data.household), data.on)
    book = await house.sheets.book(home.village)
    told = [await house.journal.at(book, seq) for seq in done.seqs]
    entries = [
        AwardEntry(
            id=f"{book}-{one.entry.seq}",
            household=str(one.entry.household),
            person=_id(one.entry.person),
            amounts=[AmountOf(asset=ASSET_OF[asset], amount=amount) for asset, amount in one.amounts.items()],
            reason=one.entry.text,
        )
        for one in told
    ]
    return Award(
        household=data.household,
        item=data.item,
        on=data.on,
        entries=entries,
        on_trial=any(one.on_trial for one in told),
    )
