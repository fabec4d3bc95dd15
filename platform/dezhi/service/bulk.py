"""Deeds of many households at once, as another system or a file has them: each for itself, or all of them or none."""

from collections.abc import Collection, Sequence

from dezhi.core.errors import Problem
from dezhi.core.people import Household
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.service.actors import Actor, check_actor
from dezhi.service.awards import RETRIES, Awards
from dezhi.service.deeds import Asked, Recorded, Scored
from dezhi.service.grounds import Ground
from dezhi.service.people import People, no_household
from dezhi.store import places
from dezhi.store.database import Database
from dezhi.store.poster import Poster

SLICE = 1_000
"""Deeds looked up, scored and posted together: two batches of the poster, and under a second."""

WHOLE_MAX = 2_000
"""Deeds that may be asked for as all or none: others wait for the book while they are written."""


class Bulk:
    """Records deeds that were not typed one by one. What a clerk may not record by hand is refused here too."""

    def __init__(self, database: Database, poster: Poster, awards: Awards, people: People) -> None:
        self._database = database
        self._poster = poster
        self._awards = awards
        self._people = people

    async def record_each(self, asked: Sequence[Asked], actor: Actor, keys: Sequence[str]) -> list[Recorded]:
        """Book up to `SLICE` deeds, each for itself, and answer in their order.

        Raises `Problem` where none could be looked at: the actor is in no register, the queue is full, the database is
        away. Then some may be booked, and the same keys may be sent again.
        """
        check_actor(actor)
        reach = await self.reach(asked, actor)
        mine = [number for number, one in enumerate(asked) if one.household in reach]
        known = list(reach.values())
        done = await self._awards.record_many(
            [asked[number] for number in mine], actor, [keys[number] for number in mine], batch="", known=known
        )
        found = dict(zip(mine, done, strict=True))
        return [found.get(number) or _unknown(one) for number, one in enumerate(asked)]

    async def preview(self, asked: Sequence[Asked], actor: Actor, keys: Sequence[str]) -> list[Recorded]:
        """Say of each deed what is known of it before it is posted, and book nothing.

        Limits and closed periods are the ledger's to judge, when it is posted.
        """
        check_actor(actor)
        reach = await self.reach(asked, actor)
        mine = [one for one in asked if one.household in reach]
        ground = await self._awards.grounds.read(mine, list(reach.values()))
        before = await self._awards.remembered(dict(enumerate(asked)), ground, actor.source, keys)
        found = []
        for number, one in enumerate(asked):
            if one.household not in reach:
                found.append(_unknown(one))
                continue
            if number in before:
                found.append(before[number])
                continue
            try:
                scored = await self._awards.score_on(one, ground, actor.source, keys[number])
                scored.refuse(actor)
                found.append(Recorded(household=one.household, scored=scored))
            except Problem as trouble:
                found.append(Recorded(household=one.household, scored=None, problem=trouble))
        return found

    async def record_whole(self, asked: Sequence[Asked], actor: Actor, keys: Sequence[str]) -> list[Recorded]:
        """Book all of these deeds or none: none where any of the answers, which are in their order, has a problem.

        Of a household there can be one only where plugins look at what it did before: `whole-household`.

        Raises `Problem` `whole-max` for more than `WHOLE_MAX`, `whole-books` where they belong to several townships,
        whose books have a writer each; else as `record_each`.
        """
        check_actor(actor)
        if len(asked) > WHOLE_MAX:
            text = N_("什么都没有记：要么全记、要么全不记的，一次最多%(max)s行。请分几次，或者去掉 atomic。")
            raise Problem("whole-max", text, status=413, max=WHOLE_MAX)
        reach = await self.reach(asked, actor)
        ground = await self._awards.grounds.read([one for one in asked if one.household in reach], list(reach.values()))
        before = await self._awards.remembered(dict(enumerate(asked)), ground, actor.source, keys)
        if len(before) == len(asked):
            return [before[number] for number in range(len(asked))]
        answers: list[Recorded] = []
        for _ in range(RETRIES):
            answers = await self._score_whole(asked, actor, keys, ground, reach)
            scored = [one.scored for one in answers if one.scored is not None]
            if len(scored) < len(asked):
                return answers
            answers = await self._post_whole(scored, actor, keys)
            if all(one.problem is None or one.problem.code != "stale" for one in answers):
                break
        return answers

    async def _score_whole(
        self,
        asked: Sequence[Asked],
        actor: Actor,
        keys: Sequence[str],
        ground: Ground,
        reach: Collection[int],
    ) -> list[Recorded]:
        """What each of a group would earn, or what is wrong with it."""
        answers: list[Recorded] = []
        counted: set[int] = set()
        for number, one in enumerate(asked):
            try:
                if one.household not in reach:
                    raise no_household()
                scored = await self._awards.score_on(one, ground, actor.source, keys[number])
                scored.refuse(actor)
                if one.household in counted:
                    raise _dependent()
                if scored.seen_at is not None:
                    counted.update((one.household, *scored.homes))
                answers.append(Recorded(household=one.household, scored=scored))
            except Problem as trouble:
                answers.append(Recorded(household=one.household, scored=None, problem=trouble))
        return answers

    async def _post_whole(self, scored: Sequence[Scored], actor: Actor, keys: Sequence[str]) -> list[Recorded]:
        books = {one.sheet.book for one in scored}
        if len(books) > 1:
            text = N_("什么都没有记：要么全记、要么全不记的，只能是同一个乡镇的。请按乡镇分开，或者去掉 atomic。")
            raise Problem("whole-books", text)
        submissions = [self._awards.submission(one, actor, key, "") for one, key in zip(scored, keys, strict=True)]
        outcomes = await self._poster.post_whole(books.pop(), submissions)
        return [self._awards.settled(one, outcome) for one, outcome in zip(scored, outcomes, strict=True)]

    async def reach(self, asked: Sequence[Asked], actor: Actor) -> dict[int, Household]:
        """The households among them that live today where the actor is a clerk, as `need_household` has it for one."""
        homes = await self._people.households(list({one.household for one in asked}))
        return {
            key: home
            for key, home in homes.items()
            if actor.member.may(Role.CLERK, await places.ids_above(self._database, home.grid or home.village))
        }


def _dependent() -> Problem:
    """What to raise for a deed whose points hang on another one of the group, which is not booked yet."""
    text = N_(
        "什么都没有记：这一户前面还有一件事，这里的细则要先记好那一件，才算得出这一件的分。请分两次，或者去掉 atomic。"
    )
    return Problem("whole-household", text)


def _unknown(asked: Asked) -> Recorded:
    return Recorded(household=asked.household, scored=None, problem=no_household())
