"""From a deed to booked awards: facts, plugins' proposals, the core's judgement, the ledger.

Plugins propose, the core disposes: nothing a plugin answers reaches the ledger without passing `dezhi.core.scoring`,
the plugins' checks, and the ledger's own rules under its lock.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from dezhi.core import events as ledger
from dezhi.core.book import Remembered
from dezhi.core.calendar import Clock, day, today
from dezhi.core.caps import cap_refusal
from dezhi.core.errors import Problem
from dezhi.core.fixed import as_adopted
from dezhi.core.people import Household
from dezhi.core.questions import check_answers, check_note, check_people, shown_answers
from dezhi.core.scoring import Accepted, Proposal, accept, check_deed, fault_of, intent_of, item_of
from dezhi.core.text import N_, phrase
from dezhi.host import Failure
from dezhi.plugin import Assessment, Deed, Facts, Holder, HolderKind, Programme as Context
from dezhi.service.actors import Actor, check_actor
from dezhi.service.checks import ask_checks
from dezhi.service.deeds import Asked, Left, Recorded, Scored
from dezhi.service.facts import look_up, past_people
from dezhi.service.grounds import Ground, Grounds, participants
from dezhi.service.lots import ceiling_of, lot_of
from dezhi.service.people import People
from dezhi.service.refusals import problem
from dezhi.service.sheets import Sheet, Sheets
from dezhi.store import books, journal, ledger as rows
from dezhi.store.database import Database
from dezhi.store.poster import Poster

log = logging.getLogger("dezhi.awards")

RETRIES = 3
"""How often a deed is scored again when the holder's account moved between looking and booking."""

MANY_MAX = 2_000
"""Households in one many-household award."""


class Awards:
    """Records deeds."""

    def __init__(
        self,
        database: Database,
        poster: Poster,
        sheets: Sheets,
        people: People,
        clock: Clock,
    ) -> None:
        self._database = database
        self._poster = poster
        self._clock = clock
        self.grounds = Grounds(database, sheets, people, clock)

    async def score(self, asked: Asked, source: str, key: str) -> Scored:
        """Say what a deed would earn, and book nothing. Raises `Problem` when it cannot be recorded at all."""
        return await self.score_on(asked, await self.grounds.read([asked]), source, key)

    async def score_on(self, asked: Asked, ground: Ground, source: str, key: str) -> Scored:
        """As `score`, on ground that was read for many."""
        now = self._clock()
        home, sheet = self.grounds.place(asked, ground)
        item = item_of(sheet.items, asked.item)
        answers = check_answers(item, asked.answers)
        doer = Holder(household=asked.household, village=home.village, grid=home.grid, person=asked.person)
        people = participants(item, asked, home, ground)
        check_people(item, doer, people)
        deed = Deed(
            id=int.from_bytes(hashlib.sha256(f"{source} {key}".encode()).digest()[:8], "big") >> 1,
            item=asked.item,
            date=asked.on,
            doer=doer,
            recorded_at=now,
            minutes=asked.minutes,
            points=asked.points,
            answers=shown_answers(item, answers),
            participants=people,
        )
        check_deed(sheet.items, deed)
        check_note(item, asked.note)
        facts, seen_at = await look_up(self._database, sheet, ("assess", "score", "check"), doer, asked.on)
        assessment = await _assessed(sheet, deed, facts)
        programme = sheet.context(today(now))
        accepted = await self._proposed(sheet, programme, deed, facts)
        faults = accepted.refusals
        if not accepted.proposals:
            if fault := fault_of(deed, faults):
                raise fault
            if assessment is not None:
                text = N_("没有记上：%(reason)s")
                raise Problem("assessment-short", text, reason=phrase(assessment.reason))
            text = N_("没有记上：按现在的细则，这件事不加分（插件 %(plugin)s 没有给分）。")
            raise Problem("no-award", text, plugin=deed.plugin)
        for proposal in accepted.proposals:
            await ask_checks(sheet, programme, intent_of(proposal, deed), facts)
        homes = await self._credited(accepted.proposals, home, ground)
        return Scored(
            asked=asked,
            sheet=sheet,
            home=home,
            item=item,
            proposals=accepted.proposals,
            faults=faults,
            seen_at=seen_at,
            above=tuple({ground.above_of(one) for one in (home, *homes.values())}),
            answers=answers,
            participants=people,
            homes=homes,
            assessment=assessment,
        )

    async def _proposed(self, sheet: Sheet, programme: Context, deed: Deed, facts: Mapping[str, Facts]) -> Accepted:
        """What the plugins propose for a deed, judged; what cannot be used is logged for staff."""
        answers, faults = [], []
        if sheet.roster.asleep:
            answers.append((deed.plugin, as_adopted(sheet.items[deed.item], deed)))
        for answer in await sheet.roster.each("score", programme=programme, deed=deed, facts=facts):
            if isinstance(answer, Failure):
                faults.append(answer.problem)
            else:
                answers.append((answer.name, answer.value))
        accepted = accept(sheet.items, answers, deed, sheet.programme.version, past_people(sheet, facts))
        if not (faults or accepted.refusals):
            return accepted
        faults += accepted.refusals
        for fault in faults:
            # Not its sentence: that quotes what a plugin said.
            log.warning("plugin fault", extra={"code": fault.code, "plugin": str(fault.values.get("plugin", ""))})
        return msgspec.structs.replace(accepted, refusals=tuple(faults))

    async def _credited(
        self, proposals: Sequence[Proposal], home: Household, ground: Ground
    ) -> Mapping[int, Household]:
        """The households of those who are credited besides the doer, as they were on the day of the deed."""
        others = {one.to.household for one in proposals if one.to is not None}
        if not others:
            return {}
        await self.grounds.know(ground, others, home.on)
        found = {key: one for key in others if (one := ground.home(key, home.on)) and one.village == home.village}
        if len(found) < len(others):
            text = N_("没有记上：要记分的一户那天已经不在这个村。")
            raise Problem("people-elsewhere", text, field="people")
        for proposal in proposals:
            to = proposal.to
            # Who took part in a past deed may have moved since, and the household stayed.
            if to is None or proposal.holder_kind is HolderKind.HOUSEHOLD:
                continue
            if all(member.person != to.person for member in found[to.household].members):
                text = N_("没有记上：要记分的一个人那天已经不在那一户。")
                raise Problem("people-elsewhere", text, field="people")
        return found

    async def record(
        self, asked: Asked, actor: Actor, key: str, *, batch: str = "", known: Sequence[Household] = ()
    ) -> Recorded:
        """Book what one deed earns. Raises `Problem` when nothing was booked. `known` is as for `record_many`."""
        done = (await self.record_many([asked], actor, [key], batch=batch, known=known))[0]
        if done.problem is not None:
            raise done.problem
        return done

    async def record_many(
        self, asked: Sequence[Asked], actor: Actor, keys: Sequence[str], *, batch: str, known: Sequence[Household] = ()
    ) -> list[Recorded]:
        """Book several deeds, each for itself: a refused household is named and costs the others nothing.

        The same keys sent again book nothing twice. Answers are in the order asked. `known` are households just
        read; one is read again unless that was as of its deed's day.
        """
        if len(asked) > MANY_MAX:
            raise Problem("too-many", N_("一次最多给%(max)s户记分，请分几次。"), max=MANY_MAX)
        check_actor(actor)
        source = actor.source
        ground = await self.grounds.read(asked, known)
        done: dict[int, Recorded] = {}
        waiting = list(range(len(asked)))
        tries = RETRIES
        while waiting and tries:
            scored: dict[int, Scored] = {}
            for number in waiting:
                try:
                    one = await self.score_on(asked[number], ground, source, keys[number])
                    one.refuse(actor)
                    scored[number] = one
                except Problem as trouble:
                    done[number] = Recorded(household=asked[number].household, scored=None, problem=trouble)
            outcomes = await self._book(scored, actor, keys, batch)
            done |= {number: self.settled(scored[number], outcome) for number, outcome in outcomes.items()}
            stale = [number for number, outcome in outcomes.items() if outcome.code == "stale"]
            # Of several deeds of one household each waits for the one before: no try is lost while some are booked.
            tries -= len(stale) == len(waiting)
            waiting = stale
        if refused := {number: asked[number] for number, one in done.items() if one.scored is None}:
            # What was booked stays booked, although it would find nothing to award now. Of the others the ledger told.
            done |= await self.remembered(refused, ground, source, keys)
        return [done[number] for number in range(len(asked))]

    async def _book(
        self, scored: Mapping[int, Scored], actor: Actor, keys: Sequence[str], batch: str
    ) -> dict[int, ledger.Outcome]:
        """Post what was scored, each to its township's book."""
        outcomes: dict[int, ledger.Outcome] = {}
        by_book: dict[int, list[int]] = {}
        for number, one in scored.items():
            by_book.setdefault(one.sheet.book, []).append(number)
        for book, numbers in by_book.items():
            submissions = [self.submission(scored[number], actor, keys[number], batch) for number in numbers]
            outcomes |= zip(numbers, await self._poster.post_many(book, submissions), strict=True)
        return outcomes

    async def record_for_each(self, asked: Sequence[Asked], actor: Actor, key: str) -> tuple[str, list[Recorded]]:
        """Book one deed for many households as one batch, sent under one key; returns the batch's name besides."""
        batch = batch_name(actor.source, key)
        return batch, await self.record_many(asked, actor, [f"{key}:{one.household}" for one in asked], batch=batch)

    async def left(self, scored: Scored) -> list[Left]:
        """The limits a deed would count towards, each with what was used of it; of everybody who is credited."""
        uses = [(use, one) for one in scored.proposals for use in one.caps]
        counters = [
            (use.counter, scored.holder_of(one).id if use.subject is None else use.subject, use.period_key)
            for use, one in uses
        ]
        used = await journal.caps_used(self._database, scored.sheet.book, counters)
        adding = Counter[tuple[str, int, str]]()
        for counter, (use, _) in zip(counters, uses, strict=True):
            adding[counter] += use.add
        return [
            Left(use, much, scored.home_of(one), adding[counter])
            for (use, one), counter, much in zip(uses, counters, used, strict=True)
        ]

    async def remembered(
        self, asked: Mapping[int, Asked], ground: Ground, source: str, keys: Sequence[str]
    ) -> dict[int, Recorded]:
        """What became of the same requests before."""
        found: dict[int, Recorded] = {}
        wanted = {number: keys[number] for number in asked}
        for book in {sheet.book for sheet in ground.sheets.values() if sheet is not None}:
            before = await books.remembered(self._database, book, source, list(wanted.values()))
            found |= {
                number: self._again(book, asked[number], before[key]) for number, key in wanted.items() if key in before
            }
        return found

    def _again(self, book: int, asked: Asked, before: Remembered) -> Recorded:
        outcome = before.outcome
        if before.digest != hashlib.sha256(asked.canonical()).digest():
            outcome = ledger.Outcome(code="conflict")
        refused = None if outcome.booked else problem(outcome)
        if refused is not None:
            refused.replay = outcome.code != "conflict"
        return Recorded(
            household=asked.household, scored=None, book=book, seqs=outcome.seqs, replay=True, problem=refused
        )

    def settled(self, scored: Scored, outcome: ledger.Outcome) -> Recorded:
        """What became of a deed, in words where it was refused."""
        return Recorded(
            household=scored.asked.household,
            scored=scored,
            book=scored.sheet.book,
            seqs=outcome.seqs,
            replay=outcome.replay,
            problem=None if outcome.booked else self._say(scored, outcome),
        )

    def _say(self, scored: Scored, outcome: ledger.Outcome) -> Problem:
        if outcome.code == "cap":
            for proposal in scored.proposals:
                for use in proposal.caps:
                    if use.counter == outcome.detail:
                        used = use.limit - (outcome.left or 0)
                        found = cap_refusal(scored.sheet.items[use.rule], use, used)
                        found.replay = outcome.replay
                        return found
        return problem(outcome)

    def submission(self, scored: Scored, actor: Actor, key: str, batch: str) -> rows.Submission:
        """What is posted for a deed: one command, so that everybody who is credited is, or nobody."""
        asked, home = scored.asked, scored.home
        awards = tuple(self._event(scored, proposal, actor) for proposal in scored.proposals)
        deed = rows.Deed(
            batch=batch,
            village=home.village,
            household=asked.household,
            person=asked.person,
            item=asked.item,
            version=scored.sheet.id,
            event_day=day(asked.on),
            minutes=asked.minutes,
            points=asked.points,
            note=asked.note,
            recorded_by=actor.staff,
            answers=msgspec.json.encode(scored.answers).decode() if scored.answers else None,
            people=scored.people,
            assessment=None if scored.assessment is None else msgspec.json.encode(scored.assessment).decode(),
        )
        command = ledger.Command(
            source=actor.source, key=key, actor=actor.staff, events=awards, asked=asked.canonical()
        )
        return rows.Submission(command, deed)

    def _event(self, scored: Scored, proposal: Proposal, actor: Actor) -> ledger.Award:
        asked, sheet, home = scored.asked, scored.sheet, scored.home_of(proposal)
        kept, amounts = sheet.programme.document.keeping, dict(proposal.lines)
        return ledger.Award(
            programme=sheet.lineage,
            version=sheet.id,
            item=proposal.item,
            holder=scored.holder_of(proposal),
            place=ledger.Place(
                household=home.id, village=home.village, grid=home.grid, person=scored.person_of(proposal)
            ),
            event_day=day(asked.on),
            lines=tuple((ledger.ASSETS[asset], amount) for asset, amount in proposal.lines),
            reason=proposal.reason,
            proposer_person=actor.person,
            proposer_household=actor.household,
            caps=tuple(
                ledger.Cap(rule=use.counter, period=use.period_key, add=use.add, limit=use.limit, subject=use.subject)
                for use in proposal.caps
            ),
            # What a household alone is told of is shown to nobody before.
            pending=not sheet.on_trial and not sheet.items[proposal.item].quiet,
            seen_at=scored.seen_at,
            seen_of=() if scored.seen_at is None or proposal.to is None else _looked_at(asked),
            lot=lot_of(kept, asked.on, today(self._clock()), amounts),
            ceiling=ceiling_of(kept, home.village, amounts),
        )


async def _assessed(sheet: Sheet, deed: Deed, facts: Mapping[str, Facts]) -> Assessment | None:
    """What the owner of the deed's item says it comes to, if it is an assessment. Raises its `Problem` if it fails.

    Of an owner who cannot be asked at all, `score` tells.
    """
    if deed.plugin not in sheet.roster.names:
        return None
    programme = sheet.context(today(deed.recorded_at))
    answer = await sheet.roster.owner(deed.plugin, "assess", programme=programme, deed=deed, facts=facts)
    if isinstance(answer, Failure):
        raise answer.problem
    found: Assessment | None = answer.value
    return found


def batch_name(source: str, key: str) -> str:
    """A batch's name: the same request always names the same batch, and nobody can guess another's."""
    return "b" + hashlib.sha256(f"{source} {key}".encode()).hexdigest()[:20]


def _looked_at(asked: Asked) -> tuple[ledger.Holder, ...]:
    """Whose past the plugins were told of."""
    household = ledger.Holder(ledger.HolderId.HOUSEHOLD, asked.household)
    return (household,) if asked.person is None else (household, ledger.Holder(ledger.HolderId.PERSON, asked.person))
