"""The trail of what staff do outside the ledger: whoever resets a PIN can be asked why."""

from collections.abc import Sequence
from datetime import datetime

from dezhi.core.acts import Act, ActKind
from dezhi.core.calendar import Clock
from dezhi.service.actors import Actor
from dezhi.store import acts as store
from dezhi.store.database import Database
from dezhi.store.ids import new_id


class Acts:
    """Keeps the trail, and shows it to the supervisor."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def note(self, actor: Actor, kind: ActKind, region: int, subject: int) -> None:
        """Keep who did what. What shows a secret is noted before it: no trail, no secret."""
        act = Act(id=new_id(), done_at=self._clock(), staff=actor.staff, kind=kind, region=region, subject=subject)
        await store.add(self._database, act)

    async def latest(
        self, regions: Sequence[int], limit: int = 50, before: tuple[datetime, int] | None = None
    ) -> Sequence[Act]:
        """Return what was done in some regions, newest first; `before` is the time and id of the last one seen."""
        return await store.latest(self._database, regions, limit, before)
