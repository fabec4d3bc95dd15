"""Suspending a programme, going back to a former version, withdrawing one that has not begun (ADR 0089).

Each adds a version, from today on at the earliest, and may take the place of versions that have not begun yet: those
are kept, are told of, and begin only when somebody takes them again. With `look` the version is returned and not added.
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from dezhi.core.calendar import Clock
from dezhi.core.errors import Problem
from dezhi.core.lineages import coming, ruling
from dezhi.core.programmes import Document, Kept, Programme, Suspension, Withdrawal
from dezhi.core.text import N_, dated
from dezhi.service.programmes import Programmes
from dezhi.store import programmes as store
from dezhi.store.database import Database
from dezhi.store.ids import new_id


class Stopping:
    """What a village does with rules that turn out wrong, whether they have begun or not."""

    def __init__(self, database: Database, clock: Clock, programmes: Programmes) -> None:
        self._database = database
        self._clock = clock
        self._programmes = programmes

    async def suspend(
        self, village: int, words: Suspension, *, since: date, staff: int | None, follows: int, look: bool = False
    ) -> Programme:
        """Record nothing from a day on: rewards, keeping and papers stay those that rule that day.

        Raises Problem `no-programme` (409), `suspension-words`, `programme-retroactive`, `programme-far`,
        `programme-changed` (409).
        """
        history = await self._history(village)
        source = ruling(history, since)
        first = source or history[-1]
        document = source.document if source else _nothing(first)
        do = self._programmes.draft_whole if look else self._programmes.adopt_whole
        return await do(
            village,
            msgspec.structs.replace(document.rules(), suspended=words),
            title=first.title,
            effective_from=since,
            staff=staff,
            resolution=source.resolution if source else None,
            follows=follows,
            derived_from=first.id,
            overtakes=True,
        )

    async def go_back(
        self, village: int, number: int, *, since: date, staff: int | None, follows: int, look: bool = False
    ) -> Programme:
        """Take a version's rules again, with its resolution: the vote was about these rules.

        One that never began cannot begin before the day it was decided for. Raises Problem `programme-unknown` (404),
        `programme-coming` (409) for one that begins by itself, `programme-early`, or as `Programmes.adopt_whole`.
        """
        history = await self._history(village)
        former = self.former(history, number)
        if since < former.effective_from:
            text = N_("第%(n)s版定的是%(day)s起用，不能提前。要提前，请附上新的决议另存一版。")
            day = dated(former.effective_from)
            raise Problem("programme-early", text, field="effective_from", n=number, day=day)
        do = self._programmes.draft_whole if look else self._programmes.adopt_whole
        return await do(
            village,
            former.document.rules(),
            title=former.title,
            effective_from=since,
            staff=staff,
            resolution=former.resolution,
            follows=follows,
            derived_from=former.id,
            overtakes=True,
        )

    async def withdraw(
        self, village: int, words: Withdrawal, *, staff: int | None, follows: int, look: bool = False
    ) -> Programme:
        """Withdraw a version that has not begun, and those that were to follow it: what came before it goes on.

        What goes on is taken over as it is, and no plugin is asked. Raises Problem `programme-unknown` (404),
        `programme-begun` (409), `withdrawal-words`, `programme-changed` (409).
        """
        if wrong := words.problem():
            raise wrong
        async with self._database.engine.transaction():
            history = await self._history(village)
            today = self._programmes.today()
            before = self.before(history, words.version)
            since = max(today, before.effective_from) if before else today
            self._programmes.check_follows(history, follows, since, overtakes=True)
            source = before or _find(history, words.version)
            document = source.document if before else _nothing(source)
            goes_on = msgspec.structs.replace(
                source,
                id=new_id(),
                version=history[0].version + 1,
                effective_from=since,
                document=msgspec.structs.replace(document, withdrawn=words),
                items=source.items if before else (),
                kept=source.kept if before else Kept(),
                resolution=source.resolution if before else None,
                derived_from=source.id if before else None,
                created_by=staff,
                created_at=self._clock(),
            )
            if not look:
                await store.add(self._database, goes_on)
        return goes_on

    def former(self, history: Sequence[Programme], number: int) -> Programme:
        """A version that may be taken again. Raises Problem `programme-unknown` (404), `programme-coming` (409)."""
        found = _find(history, number)
        if found.document.suspended is not None:
            raise _unknown()
        if found in coming(history, self._programmes.today()):
            text = N_("第%(n)s版已经定了%(day)s起用，用不着恢复。要改日子，先撤回它，再从新的日子恢复它。")
            raise Problem("programme-coming", text, status=409, n=number, day=dated(found.effective_from))
        return found

    def before(self, history: Sequence[Programme], number: int) -> Programme | None:
        """The version that goes on when one that has not begun is withdrawn.

        Raises Problem `programme-unknown` (404), `programme-begun` (409).
        """
        today = self._programmes.today()
        waiting = coming(history, today)
        if _find(history, number) not in waiting:
            text = N_("没有撤回：第%(n)s版不是还没有起用的那一版。已经起用的，可以暂停，或者恢复以前的一版。")
            raise Problem("programme-begun", text, status=409, n=number)
        at = [one.version for one in waiting].index(number)
        return waiting[at - 1] if at else ruling(history, today)

    async def _history(self, village: int) -> Sequence[Programme]:
        history = await self._programmes.history(village)
        if not history:
            raise Problem("no-programme", N_("这个村还没有方案，请先选一套办法。"), status=409)
        return history


def _find(history: Sequence[Programme], number: int) -> Programme:
    for one in history:
        if one.version == number:
            return one
    raise _unknown()


def _nothing(first: Programme) -> Document:
    """The document of a village whose first version has not begun: its papers, and nothing on offer."""
    return msgspec.structs.replace(first.document.rules(), plugins={})


def _unknown() -> Problem:
    return Problem("programme-unknown", N_("没有这个方案。"), status=404)
