"""Awards as the API books them, made without it: what the poster alone is asked for.

A town of 10,000 households in 20 villages of one book, eight items, one use of a monthly limit and one deed each.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from itertools import count
from typing import Any

import msgspec

from booking import award, command
from dezhi.core.events import Cap, Holder, HolderId, Place
from dezhi.store.ledger import Deed, Submission
from dezhi.store.poster import Poster

HOUSEHOLDS, VILLAGES, GRIDS, ITEMS = 10_000, 20, 10, 8
CALLERS = 128
_ID = 2**62

_keys = count(1)


class Town:
    """Random ids, as those of the register are; always the same ones."""

    def __init__(self) -> None:
        self._chance = random.Random(8)  # noqa: S311 - which household is next is no secret
        self.households = [self._chance.randrange(_ID) for _ in range(HOUSEHOLDS)]
        self._villages = [self._chance.randrange(_ID) for _ in range(VILLAGES)]
        self._grids = [self._chance.randrange(_ID) for _ in range(VILLAGES * GRIDS)]
        self._clerk = self._chance.randrange(_ID)

    def some(self) -> Submission:
        """An award to a random household."""
        return self.to(self._chance.randrange(HOUSEHOLDS))

    def everybody(self) -> list[Submission]:
        """One award to each household."""
        return [self.to(number) for number in range(HOUSEHOLDS)]

    def to(self, number: int, **changes: Any) -> Submission:
        """An award to one household; `changes` are fields of `Award`."""
        household, village = self.households[number], number % VILLAGES
        item = f"dezhi-yinger/item-{self._chance.randrange(ITEMS)}"
        place = Place(
            household=household,
            village=self._villages[village],
            grid=self._grids[village * GRIDS + number // VILLAGES % GRIDS],
        )
        fields: dict[str, Any] = {
            "item": item,
            "programme": village + 1,
            "holder": Holder(HolderId.HOUSEHOLD, household),
            "place": place,
            "proposer_person": self._clerk,
            "proposer_household": 1,
            "caps": (Cap(rule=f"{item}#times#month", period="202611", add=1, limit=10**9),),
        }
        made = award(household, **{**fields, **changes})
        deed = Deed(
            batch="",
            village=made.place.village,
            household=household,
            person=None,
            item=item,
            version=1,
            event_day=made.event_day,
            minutes=None,
            points=None,
            note="",
            recorded_by=self._clerk,
        )
        return Submission(command(made, key=f"bench-{next(_keys)}", source="token-1"), deed)


class Turn(msgspec.Struct, frozen=True):
    """What callers saw who each waited for the commit before they asked again."""

    rate: float
    p99_ms: float
    done: int


async def call(poster: Poster, book: int, town: Town, seconds: float, callers: int = CALLERS) -> Turn:
    """Have `callers` ask for one award after the other. Raises RuntimeError when one is refused."""
    took: list[float] = []
    began = time.perf_counter()

    async def caller() -> None:
        while (asked := time.perf_counter()) < began + seconds:
            _booked([await poster.post(book, town.some())])
            took.append(time.perf_counter() - asked)

    await asyncio.gather(*(caller() for _ in range(callers)))
    rate = len(took) / (time.perf_counter() - began)
    return Turn(rate=rate, p99_ms=sorted(took)[len(took) * 99 // 100] * 1_000, done=len(took))


async def give(poster: Poster, book: int, submissions: Sequence[Submission]) -> None:
    """Book them, a thousand at a time. Raises RuntimeError when one is refused."""
    for at in range(0, len(submissions), 1_000):
        _booked(await poster.post_many(book, submissions[at : at + 1_000]))


def _booked(outcomes: Sequence[Any]) -> None:
    for outcome in outcomes:
        if not outcome.booked:
            raise RuntimeError(f"an award of the bench was refused: {outcome.code}")
