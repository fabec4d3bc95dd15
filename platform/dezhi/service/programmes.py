"""Adopt a programme, and find the version that rules a day (RU)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from dezhi.core import calendar
from dezhi.core.calendar import Clock
from dezhi.core.errors import Problem
from dezhi.core.keeping import Keeping
from dezhi.core.programmes import Document, Enabled, Programme, Resolution
from dezhi.core.text import N_
from dezhi.store import programmes as store
from dezhi.store.database import Database
from dezhi.store.ids import new_id

TITLE_MAX = 60
PRIVACY_MAX = 4_000
RESOLUTION_MAX = 60

AskItems = Callable[[Programme], Sequence[Any]]
"""Asks the plugins of a version for their items (Structs or mappings) and checks their settings on the way.

It is called with the version before it is written, with no items yet, and may raise a Problem: then nothing is adopted.
"""


class Programmes:
    """The programmes of the villages: lineages of versions that never change."""

    def __init__(self, database: Database, clock: Clock, ask_items: AskItems) -> None:
        self._database = database
        self._clock = clock
        self._ask_items = ask_items

    def today(self) -> date:
        """Return the villages' date now."""
        return calendar.today(self._clock())

    async def adopt(
        self,
        village: int,
        plugins: Mapping[str, Enabled],
        *,
        title: str,
        effective_from: date,
        staff: int | None,
        notice_days: int = 0,
        privacy_notice: str = "",
        keeping: Keeping | None = None,
        resolution: Resolution | None = None,
        follows: int | None = None,
    ) -> Programme:
        """Add a version to a village's lineage and return it; the versions before stay as they are.

        The first version may begin on any day. Later ones begin today at the earliest and not before the one they
        follow, for no rule reaches back. Without `keeping` points are kept as they were. `follows` is the number
        of the version the change was made from, 0 for none: if another was adopted meanwhile, nothing is. Raises
        Problem `programme-title`, `programme-privacy`, `programme-resolution`, `programme-retroactive`,
        `programme-changed` (409), `keeping-…`, or what the plugins' settings are refused with.
        """
        async with self._database.engine.transaction():
            adopted = await self.draft(
                village,
                plugins,
                title=title,
                effective_from=effective_from,
                staff=staff,
                notice_days=notice_days,
                privacy_notice=privacy_notice,
                keeping=keeping,
                resolution=resolution,
                follows=follows,
            )
            await store.add(self._database, adopted)
        return adopted

    async def draft(
        self,
        village: int,
        plugins: Mapping[str, Enabled],
        *,
        title: str,
        effective_from: date,
        staff: int | None,
        notice_days: int = 0,
        privacy_notice: str = "",
        keeping: Keeping | None = None,
        resolution: Resolution | None = None,
        follows: int | None = None,
    ) -> Programme:
        """Return the version that `adopt` would add, with its items, and add nothing. Raises as `adopt` does."""
        title = title.strip()
        _check_papers(title, privacy_notice, resolution, self.today())
        before = await store.history(self._database, village)
        latest = before[0].version if before else 0
        if follows is not None and follows != latest:
            raise Problem(
                "programme-changed",
                N_("没有存上：您打开这一页以后，方案已经改成第%(latest)s版了。请看一看现在的方案，还要改就再存一次。"),
                status=409,
                latest=latest,
            )
        earliest = max(self.today(), before[0].effective_from) if before else effective_from
        if effective_from < earliest:
            raise Problem(
                "programme-retroactive",
                N_("新方案最早从%(earliest)s起生效：规则不能管过去的事。"),
                field="effective_from",
                earliest=earliest.isoformat(),
            )
        kept = keeping or (before[0].document.keeping if before else Keeping())
        for problem in kept.problems():
            raise problem
        draft = Programme(
            id=new_id(),
            lineage=before[0].lineage if before else new_id(),
            village=village,
            version=before[0].version + 1 if before else 1,
            title=title,
            effective_from=effective_from,
            document=Document(
                plugins=dict(sorted(plugins.items())),
                notice_days=notice_days,
                privacy_notice=privacy_notice,
                keeping=kept,
            ),
            items=(),
            derived_from=before[0].id if before else None,
            resolution=resolution,
            created_by=staff,
            created_at=self._clock(),
        )
        items = tuple(msgspec.to_builtins(item) for item in self._ask_items(draft))
        return msgspec.structs.replace(draft, items=items)

    async def copy(self, source: int, village: int, *, effective_from: date, staff: int | None) -> Programme:
        """Adopt another village's version as one's own: a copy that says where it came from, and shares nothing.

        The resolution stays behind: it was another village's.
        """
        model = await self.version(source)
        async with self._database.engine.transaction():
            drafted = await self.draft(
                village,
                model.document.plugins,
                title=model.title,
                effective_from=effective_from,
                staff=staff,
                notice_days=model.document.notice_days,
                privacy_notice=model.document.privacy_notice,
                keeping=model.document.keeping,
            )
            adopted = msgspec.structs.replace(drafted, derived_from=model.id)
            await store.add(self._database, adopted)
        return adopted

    async def version(self, programme: int) -> Programme:
        """Return one version. Raises Problem `programme-unknown`."""
        found = await store.by_id(self._database, programme)
        if found is None:
            raise Problem("programme-unknown", N_("没有这个方案。"), status=404)
        return found

    async def in_force(self, village: int, on: date | None = None) -> Programme | None:
        """Return the version which rules a village's deeds of a day (default: today); None before its first one."""
        return await store.in_force(self._database, village, on or self.today())

    async def titles(self, lineages: Sequence[int]) -> Mapping[int, str]:
        """Return what some programmes are called now."""
        return await store.titles(self._database, lineages)

    async def history(self, village: int) -> Sequence[Programme]:
        """Return every version a village adopted, the newest first."""
        return await store.history(self._database, village)


def _check_papers(title: str, privacy_notice: str, resolution: Resolution | None, today: date) -> None:
    if not 0 < len(title) <= TITLE_MAX or not title.isprintable():
        raise Problem("programme-title", N_("方案要有名称，最多60个字。"), field="title")
    if len(privacy_notice) > PRIVACY_MAX or "\x00" in privacy_notice:
        raise Problem("programme-privacy", N_("告知书太长，最多4000个字。"), field="privacy_notice")
    if resolution is None:
        return
    if not 0 < len(resolution.number) <= RESOLUTION_MAX or not resolution.number.isprintable():
        raise Problem("programme-resolution", N_("决议要写文号或名称，最多60个字。"), field="resolution")
    if resolution.decided_on > today:
        raise Problem("programme-resolution", N_("决议的日期不能晚于今天。"), field="decided_on")
