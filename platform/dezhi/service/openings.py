"""Opening balances from paper books, dated and in a staff member's name. No plugin is asked: nothing was earned now."""

from collections.abc import Sequence

import msgspec

from dezhi.core.calendar import Clock
from dezhi.core.errors import Problem
from dezhi.core.events import Award
from dezhi.core.openings import ITEMS, proposal
from dezhi.core.scoring import check_deed
from dezhi.plugin import Deed, Holder
from dezhi.service.actors import Actor, check_actor
from dezhi.service.awards import Awards
from dezhi.service.bulk import Bulk
from dezhi.service.deeds import Asked, Recorded, Scored
from dezhi.service.grounds import Ground
from dezhi.service.people import no_household
from dezhi.store.ledger import Deed as Kept, Submission
from dezhi.store.poster import Poster


class Openings:
    """Books opening balances: `Asked` with an item of `dezhi.core.openings` and `points`, or `minutes` of a person."""

    def __init__(self, poster: Poster, awards: Awards, bulk: Bulk, clock: Clock) -> None:
        self._poster = poster
        self._awards = awards
        self._bulk = bulk
        self._clock = clock

    async def record_each(
        self, asked: Sequence[Asked], actor: Actor, keys: Sequence[str], sources: Sequence[str], *, dry: bool = False
    ) -> list[Recorded]:
        """Book them, each for itself, or only say what would be booked (`dry`); answers are in their order.

        `sources` say where each stood, for staff; elsewhere it is still the same balance under the same key.

        Raises as `Bulk.record_each` does.
        """
        check_actor(actor)
        reach = await self._bulk.reach(asked, actor)
        ground = await self._awards.grounds.read([one for one in asked if one.household in reach], list(reach.values()))
        done = await self._awards.remembered(dict(enumerate(asked)), ground, actor.source, keys)
        by_book: dict[int, dict[int, Scored]] = {}
        for number, one in enumerate(asked):
            try:
                if one.household not in reach:
                    raise no_household()
                scored = self._scored(one, ground)
                scored.refuse(actor)
            except Problem as trouble:
                done[number] = Recorded(household=one.household, scored=None, problem=trouble)
            else:
                if number not in done:
                    done[number] = Recorded(household=one.household, scored=scored)
                    by_book.setdefault(scored.sheet.book, {})[number] = scored
        for book, some in ({} if dry else by_book).items():
            posted = [self._submission(scored, actor, keys[number], sources[number]) for number, scored in some.items()]
            outcomes = await self._poster.post_many(book, posted)
            done |= {
                number: self._awards.settled(scored, outcome)
                for (number, scored), outcome in zip(some.items(), outcomes, strict=True)
            }
        return [done[number] for number in range(len(asked))]

    def _scored(self, asked: Asked, ground: Ground) -> Scored:
        home, sheet = self._awards.grounds.place(asked, ground)
        deed = Deed(
            id=0,
            item=asked.item,
            date=asked.on,
            doer=Holder(household=asked.household, village=home.village, grid=home.grid, person=asked.person),
            recorded_at=self._clock(),
            minutes=asked.minutes,
            points=asked.points,
        )
        item = check_deed(ITEMS, deed)
        return Scored(
            asked=asked,
            sheet=sheet,
            home=home,
            item=item,
            proposals=(proposal(asked.item, asked.points or asked.minutes or 0, sheet.programme.version),),
            faults=(),
            seen_at=None,
            above=(ground.above_of(home),),
        )

    def _submission(self, scored: Scored, actor: Actor, key: str, source: str) -> Submission:
        posted = self._awards.submission(scored, actor, key, "")
        events = tuple(
            msgspec.structs.replace(event, opening=True) if isinstance(event, Award) else event
            for event in posted.command.events
        )
        record = posted.record
        if isinstance(record, Kept):
            record = record._replace(note=f"{source} {record.note}".strip())
        return posted._replace(command=msgspec.structs.replace(posted.command, events=events), record=record)
