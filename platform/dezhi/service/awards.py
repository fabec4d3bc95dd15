"""From a deed to booked awards: facts, plugins' proposals, the core's judgement, the ledger.

Plugins propose, the core disposes: nothing a plugin answers reaches the ledger without passing `dezhi.core.scoring`,
the plugins' checks, and the ledger's own rules under its lock.
"""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from dezhi.core import events as ledger
from dezhi.core.book import Remembered
from dezhi.core.calendar import Clock, day, today
from dezhi.core.errors import Problem
from dezhi.core.fixed import as_adopted
from dezhi.core.people import Household
from dezhi.core.scoring import CapUse, Proposal, accept, cap_refusal, check_deed, intent_of
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.host import Failure
from dezhi.plugin import Deed, Holder, HolderKind, Item
from dezhi.service.actors import Actor, check_actor
from dezhi.service.checks import ask_checks
from dezhi.service.facts import look_up
from dezhi.service.lots import ceiling_of, lot_of
from dezhi.service.people import People, no_household
from dezhi.service.refusals import problem
from dezhi.service.sheets import Sheet, Sheets, is_suspended, no_programme
from dezhi.store import books, journal, ledger as rows, places
from dezhi.store.database import Database
from dezhi.store.poster import Poster

log = logging.getLogger("dezhi.awards")

RETRIES = 3
"""How often a deed is scored again when the holder's account moved between looking and booking."""

MANY_MAX = 2_000
"""Households in one many-household award."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a clerk asks to be recorded. `item` is a full code; `minutes` or `points` where the item asks for them."""

    household: int
    item: str
    on: date
    person: int | None = None
    minutes: int | None = None
    points: int | None = None
    note: str = ""


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """What a deed would earn now. `faults` are for staff: what a plugin proposed that could not be used.

    `above` are the regions the household lived in on the day of the deed, from its grid or village upwards.
    """

    asked: Asked
    sheet: Sheet
    home: Household
    item: Item
    proposals: tuple[Proposal, ...]
    faults: tuple[Problem, ...]
    seen_at: int | None
    above: frozenset[int]

    def refuse(self, actor: Actor) -> None:
        """Raise `Problem` where the actor may not record this: it is none of their regions', or their own house's.

        The day of the deed decides, so that neither a household's move nor the actor's own opens a way around.
        """
        if not actor.member.may(Role.CLERK, self.above):
            text = N_("没有记上：那一天这一户不归您管。请那个村的工作人员来记。")
            raise Problem("region-unknown", text, status=404)
        if actor.household == self.home.id or any(one.person == actor.person for one in self.home.members):
            raise problem(ledger.Outcome(code="self_award"))


class Ground(NamedTuple):
    """What deeds stand on: households by id and day, by village and day the version in force, if there is one.

    `above` tells of a grid or village all the regions it is part of, itself among them.
    """

    homes: dict[tuple[int, date], Household]
    sheets: dict[tuple[int, date], Sheet | None]
    above: dict[int, frozenset[int]]


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one household's deed: booked under `seqs`, or refused with `problem`."""

    household: int
    scored: Scored | None
    book: int = 0
    seqs: tuple[int, ...] = ()
    replay: bool = False
    problem: Problem | None = None


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
        self._sheets = sheets
        self._people = people
        self._clock = clock

    async def score(self, asked: Asked, source: str, key: str) -> Scored:
        """Say what a deed would earn, and book nothing. Raises `Problem` when it cannot be recorded at all."""
        return await self.score_on(asked, await self.ground([asked]), source, key)

    async def score_on(self, asked: Asked, ground: Ground, source: str, key: str) -> Scored:
        """As `score`, on ground that was read for many."""
        now = self._clock()
        home, sheet = self.place(asked, ground)
        deed = Deed(
            id=int.from_bytes(hashlib.sha256(f"{source} {key}".encode()).digest()[:8], "big") >> 1,
            item=asked.item,
            date=asked.on,
            doer=Holder(household=asked.household, village=home.village, grid=home.grid, person=asked.person),
            recorded_at=now,
            minutes=asked.minutes,
            points=asked.points,
        )
        item = check_deed(sheet.items, deed)
        facts, seen_at = await look_up(
            self._database, sheet, ("score", "check"), asked.household, asked.person, asked.on
        )
        programme = sheet.context(today(now))
        answers, faults = [], []
        if sheet.roster.asleep:
            answers.append((deed.plugin, as_adopted(item, deed)))
        for answer in sheet.roster.ask_each("score", programme=programme, deed=deed, facts=facts):
            if isinstance(answer, Failure):
                faults.append(answer.problem)
            else:
                answers.append((answer.name, answer.value))
        accepted = accept(sheet.items, answers, deed, sheet.programme.version)
        faults += accepted.refusals
        for fault in faults:
            # Not its sentence: that quotes what a plugin said.
            log.warning("plugin fault", extra={"code": fault.code, "plugin": str(fault.values.get("plugin", ""))})
        if not accepted.proposals:
            raise faults[0] if faults else Problem("no-award", N_("没有记上：按现在的细则，这件事不加分。"))
        for proposal in accepted.proposals:
            ask_checks(sheet, programme, intent_of(proposal, deed), facts)
        return Scored(
            asked=asked,
            sheet=sheet,
            home=home,
            item=item,
            proposals=accepted.proposals,
            faults=tuple(faults),
            seen_at=seen_at,
            above=ground.above[home.grid or home.village],
        )

    async def ground(self, asked: Sequence[Asked], known: Sequence[Household] = ()) -> Ground:
        """Read once what many deeds share: a village's round is a thousand households of one day."""
        ground = Ground({(home.id, home.on): home for home in known}, {}, {})
        wanted = {(one.household, one.on) for one in asked}
        ground.homes.update(await self._people.households_on(wanted - ground.homes.keys()))
        for home in ground.homes.values():
            if (home.village, home.on) not in ground.sheets:
                ground.sheets[home.village, home.on] = await self._sheets.of(home)
            region = home.grid or home.village
            if region not in ground.above:
                ground.above[region] = await places.ids_above(self._database, region)
        return ground

    def place(self, asked: Asked, ground: Ground) -> tuple[Household, Sheet]:
        """The household as it was on the day of the deed, and the rules of that day."""
        if asked.on > today(self._clock()):
            raise Problem("future", N_("没有记上：日期还没有到。请改成今天或以前的日期。"), field="on")
        home = ground.homes.get((asked.household, asked.on))
        if home is None:
            raise no_household()
        if asked.person is not None and all(member.person != asked.person for member in home.members):
            raise Problem("person-elsewhere", N_("没有记上：这个人那天不在这一户。请重新选人。"), field="person")
        sheet = ground.sheets[home.village, asked.on]
        if sheet is None:
            raise no_programme()
        if sheet.programme.document.suspended is not None:
            raise is_suspended()
        return home, sheet

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
        ground = await self.ground(asked, known)
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

    async def left(self, scored: Scored) -> list[tuple[CapUse, int]]:
        """The limits a deed would count towards, each with what its holder has used of it."""
        uses = [(use, _holder(one, scored.asked).id) for one in scored.proposals for use in one.caps]
        counters = [(cap_rule(use), holder, use.period_key) for use, holder in uses]
        used = await journal.caps_used(self._database, scored.sheet.book, counters)
        return [(use, much) for (use, _), much in zip(uses, used, strict=True)]

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
        if before.digest != hashlib.sha256(_canonical(asked)).digest():
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
                    if cap_rule(use) == outcome.detail:
                        used = use.limit - (outcome.left or 0)
                        found = cap_refusal(scored.sheet.items[use.rule], use, used)
                        found.replay = outcome.replay
                        return found
        return problem(outcome)

    def submission(self, scored: Scored, actor: Actor, key: str, batch: str) -> rows.Submission:
        """What is posted for a deed."""
        asked, home, sheet = scored.asked, scored.home, scored.sheet
        kept = sheet.programme.document.keeping
        place = ledger.Place(household=asked.household, village=home.village, grid=home.grid, person=asked.person)
        awards = tuple(
            ledger.Award(
                programme=sheet.lineage,
                version=sheet.id,
                item=proposal.item,
                holder=_holder(proposal, asked),
                place=place,
                event_day=day(asked.on),
                lines=tuple((ledger.ASSETS[asset], amount) for asset, amount in proposal.lines),
                reason=proposal.reason,
                proposer_person=actor.person,
                proposer_household=actor.household,
                caps=tuple(
                    ledger.Cap(rule=cap_rule(use), period=use.period_key, add=use.add, limit=use.limit)
                    for use in proposal.caps
                ),
                pending=not sheet.on_trial,
                seen_at=scored.seen_at,
                lot=lot_of(kept, asked.on, today(self._clock()), dict(proposal.lines)),
                ceiling=ceiling_of(kept, home.village, dict(proposal.lines)),
            )
            for proposal in scored.proposals
        )
        deed = rows.Deed(
            batch=batch,
            village=home.village,
            household=asked.household,
            person=asked.person,
            item=asked.item,
            version=sheet.id,
            event_day=day(asked.on),
            minutes=asked.minutes,
            points=asked.points,
            note=asked.note,
            recorded_by=actor.staff,
        )
        command = ledger.Command(
            source=actor.source, key=key, actor=actor.staff, events=awards, asked=_canonical(asked)
        )
        return rows.Submission(command, deed)


def batch_name(source: str, key: str) -> str:
    """A batch's name: the same request always names the same batch, and nobody can guess another's."""
    return "b" + hashlib.sha256(f"{source} {key}".encode()).hexdigest()[:20]


def needs_person(item: Item) -> bool:
    """Whether something of an item is credited to a person, so that the clerk must say who it was."""
    return any(item.holder_of(line.asset) is HolderKind.PERSON for line in item.lines)


def _canonical(asked: Asked) -> bytes:
    """The request itself, as its key stands for it: scored differently later, it is still the same request."""
    return msgspec.msgpack.encode(asked)


def cap_rule(use: CapUse) -> str:
    """The ledger's name for a counter of a limited item."""
    return f"{use.rule}#{use.metric}#{use.window.value}"


def _holder(proposal: Proposal, asked: Asked) -> ledger.Holder:
    if proposal.holder_kind is HolderKind.PERSON:
        if asked.person is None:
            raise Problem("person-missing", N_("没有记上：这一条要记到个人，请选出是家里哪一位。"), field="person")
        return ledger.Holder(ledger.HolderId.PERSON, asked.person)
    return ledger.Holder(ledger.HolderId.HOUSEHOLD, asked.household)
