"""A programme on its way: read from a workbook or copied, confirmed row by row, looked over, adopted (RU-02, RU-03)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from dezhi.core.calendar import Clock
from dezhi.core.drafts import Draft, DraftRow, DraftState, kept_rows
from dezhi.core.errors import Problem
from dezhi.core.programmes import Document, Enabled, Programme
from dezhi.core.text import N_
from dezhi.plugin import Reading
from dezhi.service.plugins import Plugins
from dezhi.service.programmes import TITLE_MAX, Programmes
from dezhi.store import drafts as store
from dezhi.store.database import Database
from dezhi.store.ids import new_id

OPEN_MAX = 20
"""Drafts a village may have open at once."""


class Drafts:
    """The drafts of the villages. Every change is kept at once, and is refused when somebody else's came first."""

    def __init__(self, database: Database, clock: Clock, programmes: Programmes, plugins: Plugins) -> None:
        self._database = database
        self._clock = clock
        self._programmes = programmes
        self._plugins = plugins

    # ── beginning one ──

    async def from_reading(self, village: int, plugin: str, reading: Reading, source: str, staff: int) -> Draft:
        """Begin with what a plugin read of the village's own workbook; every row is still to be confirmed."""
        before = await self._latest(village)
        rows = tuple(
            DraftRow(
                id=number,
                row=one.row,
                title=one.title,
                says=one.says,
                at=one.at,
                text=one.text,
                confidence=one.confidence,
                doubts=one.doubts,
            )
            for number, one in enumerate(reading.drafts, 1)
        )
        document = self._with_plugin(before, plugin, reading.settings)
        begun = self._begun(village, before, document, staff, source=source, passed_over=reading.passed_over)
        return await self._add(msgspec.structs.replace(begun, plugin=plugin, field=reading.rows).with_rows(rows))

    async def from_nothing(self, village: int, plugin: str, staff: int) -> Draft:
        """Begin with an empty sheet of a plugin."""
        before = await self._latest(village)
        document = self._with_plugin(before, plugin, {})
        begun = self._begun(village, before, document, staff)
        return await self._add(msgspec.structs.replace(begun, plugin=plugin, field=self._plugins.rows_of(plugin)))

    async def from_version(self, village: int, version: Programme, staff: int, source: str = "") -> Draft:
        """Begin with a version's rules, the village's own or another's: nothing is taken over but by adopting it.

        Another village's resolution stays behind.
        """
        before = await self._latest(village)
        document = msgspec.structs.replace(version.document, suspended=None)
        begun = self._begun(village, before, document, staff, source=source, title=version.title)
        model = version.id if version.village != village else None
        return await self._add(self._opened(msgspec.structs.replace(begun, model=model)))

    async def from_document(self, village: int, title: str, document: Document, source: str, staff: int) -> Draft:
        """Begin with a whole programme out of a file."""
        before = await self._latest(village)
        return await self._add(self._opened(self._begun(village, before, document, staff, source=source, title=title)))

    # ── going on with one ──

    async def open(self, village: int) -> Sequence[Draft]:
        """A village's open drafts, the last saved first."""
        return await store.of_village(self._database, village, DraftState.OPEN, OPEN_MAX)

    async def find(self, village: int, key: int) -> Draft:
        """One draft of a village, also one that was adopted or discarded. Raises Problem `draft-unknown` (404)."""
        found = await store.by_id(self._database, key)
        if found is None or found.village != village:
            raise Problem("draft-unknown", N_("没有这份草稿，或者它不归您管。"), status=404)
        return found

    async def change(self, village: int, key: int, edition: int, change: Callable[[Draft], Draft]) -> Draft:
        """Change an open draft as somebody saw it, and keep the next edition.

        Raises Problem `draft-changed` (409) when somebody else saved meanwhile, `draft-closed` (409) when it is no more
        open, or whatever `change` raises: then nothing is kept.
        """
        seen = await self.find(village, key)
        if seen.state is not DraftState.OPEN:
            raise Problem("draft-closed", N_("这份草稿已经启用或者丢掉了，不能再改。"), status=409)
        if edition != seen.edition:
            raise _changed()
        return await self._save(seen, change(seen))

    async def discard(self, village: int, key: int) -> Draft:
        """Put a draft away; `restore` takes it out again. Raises as `change` does."""
        seen = await self.find(village, key)
        return await self.change(village, key, seen.edition, lambda one: _in_state(one, DraftState.DISCARDED))

    async def restore(self, village: int, key: int) -> Draft:
        """Open a discarded draft again. Raises Problem `draft-closed` (409) for one that was adopted."""
        seen = await self.find(village, key)
        if seen.state is not DraftState.DISCARDED:
            raise Problem("draft-closed", N_("这份草稿没有丢掉，不用拿回来。"), status=409)
        return await self._save(seen, _in_state(seen, DraftState.OPEN))

    # ── what it would be ──

    async def preview(self, draft: Draft, staff: int | None) -> Programme:
        """The version it would become, by the rows kept so far. Raises as `Programmes.draft` does, but for papers."""
        return await self._programmes.draft_whole(
            draft.village,
            draft.chosen(),
            title=draft.title,
            effective_from=draft.effective_from or await self._programmes.earliest(draft.village),
            staff=staff,
            resolution=draft.resolution,
            undecided=True,
        )

    async def adopt(self, village: int, key: int, edition: int, staff: int) -> Programme:
        """Adopt an open draft, and close it.

        Raises Problem `draft-open-rows`, `draft-no-rows`, or as `change` and `Programmes.adopt_whole` do. What was
        adopted while the draft lay open is not overwritten: `programme-changed` (409).
        """
        async with self._database.engine.transaction():
            draft = await self.find(village, key)
            if wrong := draft.undecided():
                raise wrong
            adopted = await self._programmes.adopt_whole(
                village,
                draft.chosen(),
                title=draft.title,
                effective_from=draft.effective_from or await self._programmes.earliest(village),
                staff=staff,
                resolution=draft.resolution,
                follows=draft.based_on,
                derived_from=draft.model,
            )
            done = msgspec.structs.replace(draft, programme=adopted.id)
            await self.change(village, key, edition, lambda _: _in_state(done, DraftState.ADOPTED))
        return adopted

    async def rebase(self, village: int, key: int, edition: int) -> Draft:
        """Take note of the newest version, which somebody has compared the draft with."""
        before = await self._latest(village)
        latest = before.version if before else 0
        return await self.change(village, key, edition, lambda one: msgspec.structs.replace(one, based_on=latest))

    # ──

    async def _latest(self, village: int) -> Programme | None:
        return next(iter(await self._programmes.history(village)), None)

    def _with_plugin(self, before: Programme | None, plugin: str, settings: Mapping[str, Any]) -> Document:
        """What the village has, with one more plugin, or with other settings of it."""
        document = msgspec.structs.replace(before.document, suspended=None) if before else Document()
        enabled = self._plugins.enabled(plugin)
        plugins = {**document.plugins, plugin: Enabled(version=enabled.version, settings=settings)}
        return msgspec.structs.replace(document, plugins=plugins)

    def _begun(
        self,
        village: int,
        before: Programme | None,
        document: Document,
        staff: int,
        *,
        source: str = "",
        title: str = "",
        passed_over: Iterable[str] = (),
    ) -> Draft:
        now = self._clock()
        named = title or (before.title if before else source.rpartition(".")[0] or source)
        return Draft(
            id=new_id(),
            village=village,
            title=named.strip()[:TITLE_MAX] or self._programmes.today().isoformat(),
            document=document,
            source=source,
            passed_over=tuple(passed_over),
            based_on=before.version if before else 0,
            started_by=staff,
            started_at=now,
            saved_at=now,
        )

    def _opened(self, draft: Draft) -> Draft:
        """A draft whose rows, if a plugin of it has any, can be edited one by one."""
        for name, enabled in draft.document.plugins.items():
            field = self._plugins.rows_of(name)
            if not field:
                continue
            rows = kept_rows(enabled.settings.get(field, ()))
            settings = {key: value for key, value in enabled.settings.items() if key != field}
            bare = {**draft.document.plugins, name: Enabled(version=enabled.version, settings=settings)}
            document = msgspec.structs.replace(draft.document, plugins=bare)
            return msgspec.structs.replace(draft, document=document, plugin=name, field=field).with_rows(rows)
        return draft

    async def _add(self, draft: Draft) -> Draft:
        async with self._database.engine.transaction():
            if len(await self.open(draft.village)) >= OPEN_MAX:
                text = N_("这个村已经有%(most)s份草稿没有办完。请先启用或者丢掉几份。")
                raise Problem("drafts-many", text, status=409, most=OPEN_MAX)
            await store.add(self._database, draft)
        return draft

    async def _save(self, seen: Draft, changed: Draft) -> Draft:
        kept = msgspec.structs.replace(changed, edition=seen.edition + 1, saved_at=self._clock())
        if not await store.save(self._database, kept):
            raise _changed()
        return kept


def _in_state(draft: Draft, state: DraftState) -> Draft:
    return msgspec.structs.replace(draft, state=state)


def _changed() -> Problem:
    text = N_("没有存上：您打开这一页以后，别人改过这份草稿。下面是现在的样子，请再改一次。")
    return Problem("draft-changed", text, status=409)
