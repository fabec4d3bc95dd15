"""A programme on its way: read from a workbook or copied, confirmed row by row, looked over, adopted (RU-02, RU-03)."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from dezhi.core.calendar import Clock
from dezhi.core.draftfindings import of_notes, of_rows, of_version
from dezhi.core.draftparts import parts_as_rows, reminders_of, without_reminders
from dezhi.core.draftrows import rows_at
from dezhi.core.drafts import (
    Draft,
    DraftFinding,
    DraftState,
    RowState,
    changed_meanwhile,
    closed,
    kept_rows,
    read_rows,
)
from dezhi.core.errors import Problem
from dezhi.core.papers import Paper
from dezhi.core.programme_files import SHEET, ProgrammeFile, read_programme_file
from dezhi.core.programmes import Document, Enabled, Programme, Resolution
from dezhi.core.text import N_, dated
from dezhi.service.plugins import Plugins
from dezhi.service.programmes import TITLE_MAX, Programmes, check_papers, check_title
from dezhi.service.sheetbooks import is_sheet_book, programme_in
from dezhi.service.workbooks import read_workbook
from dezhi.store import drafts as store, papers
from dezhi.store.database import Database
from dezhi.store.ids import new_id

OPEN_MAX = 20
"""Drafts a village may have open at once."""

DISCARDED_SHOWN = 3
NAME_MAX = 120


class Drafts:
    """The drafts of the villages. Every change is kept at once, and is refused when somebody else's came first."""

    def __init__(self, database: Database, clock: Clock, programmes: Programmes, plugins: Plugins) -> None:
        self._database = database
        self._clock = clock
        self._programmes = programmes
        self._plugins = plugins

    # ── beginning one ──

    async def from_file(self, village: int, plugin: str, name: str, data: bytes, staff: int) -> Draft:
        """Begin with a file, read as `read` does; every row of a village's own workbook is still to be confirmed."""
        return await self._add(await self.read(village, plugin, name, data, staff))

    async def read(self, village: int, plugin: str, name: str, data: bytes, staff: int) -> Draft:
        """Read a file into a draft that is kept nowhere.

        A TOML file, or a workbook that was written here (`service.sheetbooks`), is a whole programme (B-16), or a bare
        sheet beside what the village has; any other workbook is for `plugin` to read. Raises Problem `file-…`,
        `sheet-…` or `workbook-…` for one that cannot be read, `sheet-unread` for one without rows, `plugin-missing`.
        """
        if name.lower().endswith(".toml"):
            file = await asyncio.to_thread(read_programme_file, data)
            return await self._of_programme(village, name, file, staff)
        today = self._programmes.today()
        workbook = await asyncio.to_thread(lambda: read_workbook(data))
        if is_sheet_book(workbook):
            written = programme_in(workbook, self._plugins.kind_of(SHEET))
            return await self._of_programme(village, name, written, staff)
        reading = await asyncio.to_thread(lambda: self._plugins.read(plugin, workbook, village, today))
        before = await self._latest(village)
        document = self._with_plugin(before, plugin, reading.settings)
        begun = self._begun(village, before, document, staff, source=name[-NAME_MAX:], passed_over=reading.passed_over)
        read = msgspec.structs.replace(begun, plugin=plugin, field=reading.rows)
        return parts_as_rows(read.with_rows(read_rows(reading, workbook)), RowState.OPEN)

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
        document = version.document.rules()
        begun = self._begun(village, before, document, staff, source=source, title=version.title)
        model = version.id if version.village != village else None
        return await self._add(self._opened(msgspec.structs.replace(begun, model=model)))

    async def from_document(self, village: int, title: str, document: Document, staff: int) -> Draft:
        """Begin with a change that needs the villagers' resolution. Raises Problem `programme-title` or `-privacy`."""
        check_papers(title.strip(), document.privacy_notice, None, self._programmes.today())
        before = await self._latest(village)
        return await self._add(self._opened(self._begun(village, before, document, staff, title=title)))

    async def _of_programme(self, village: int, name: str, file: ProgrammeFile, staff: int) -> Draft:
        before = await self._latest(village)
        if set(file.plugins) == {SHEET} and not file.programme.title:
            document = self._with_plugin(before, SHEET, file.plugins[SHEET].settings)
        else:
            named = {each: self._plugins.enabled(each, one.settings) for each, one in file.plugins.items()}
            document = msgspec.structs.replace(file.document, plugins=named)
        begun = self._begun(village, before, document, staff, source=name[-NAME_MAX:], title=file.programme.title)
        return self._opened(begun)

    async def newer_model(self, programme: Programme) -> Programme | None:
        """The newest version of the programme that this one was copied from, if it came out since (RU-03)."""
        model = await self._programmes.model_of(programme)
        if model is None:
            return None
        ruling = await self._programmes.in_force(model.village)
        return ruling if ruling is not None and ruling.version > model.version else None

    # ── going on with one ──

    async def open(self, village: int) -> Sequence[Draft]:
        """A village's open drafts, the last saved first."""
        return await store.of_village(self._database, village, DraftState.OPEN, OPEN_MAX)

    async def discarded(self, village: int) -> Sequence[Draft]:
        """What was thrown away last, to be taken out again."""
        return await store.of_village(self._database, village, DraftState.DISCARDED, DISCARDED_SHOWN)

    async def find(self, village: int, key: int) -> Draft:
        """One draft of a village, also one that was adopted or discarded. Raises Problem `draft-unknown` (404)."""
        found = await store.by_id(self._database, key)
        if found is None or found.village != village:
            raise Problem("draft-unknown", N_("没有这份草稿，或者它不归您管。"), status=404)
        # One begun before bases, campaigns and milestones were rows has them in its settings.
        return parts_as_rows(found, RowState.KEPT) if found.state is DraftState.OPEN else found

    async def change(self, village: int, key: int, edition: int, change: Callable[[Draft], Draft]) -> Draft:
        """Change an open draft as somebody saw it, and keep the next edition.

        Raises Problem `draft-changed` (409) when somebody else saved meanwhile, `draft-closed` (409) when it is no more
        open, or whatever `change` raises: then nothing is kept.
        """
        seen = await self.find(village, key)
        if seen.state is not DraftState.OPEN:
            raise closed()
        if edition != seen.edition:
            raise changed_meanwhile()
        return await self._save(seen, change(seen))

    async def discard(self, village: int, key: int) -> Draft:
        """Put a draft away; `restore` takes it out again. Raises as `change` does."""
        seen = await self.find(village, key)
        return await self.change(village, key, seen.edition, lambda one: _in_state(one, DraftState.DISCARDED))

    async def restore(self, village: int, key: int) -> Draft:
        """Open a discarded draft again; an open one stays so. Raises Problem `draft-closed` or `drafts-many` (409)."""
        seen = await self.find(village, key)
        if seen.state is DraftState.OPEN:
            return seen
        if seen.state is DraftState.ADOPTED:
            raise closed()
        async with self._database.engine.transaction():
            await self._check_room(village)
            return await self._save(seen, _in_state(seen, DraftState.OPEN))

    async def others(self, draft: Draft) -> Mapping[str, Enabled]:
        """What the village uses now beside the plugin whose rows the draft has; empty for a draft without rows."""
        before = await self._latest(draft.village)
        used = before.document.plugins if before and draft.field else {}
        return {name: one for name, one in used.items() if name != draft.plugin}

    async def use_others(self, village: int, key: int, edition: int, *, wanted: bool) -> Draft:
        """Let what the village uses now go on beside the draft's rows, or let these take its place.

        Raises as `change` does.
        """
        others = await self.others(await self.find(village, key))

        return await self.change(village, key, edition, lambda one: one.beside(others, wanted=wanted))

    async def resolve(
        self,
        village: int,
        key: int,
        resolution: Resolution | None,
        paper: Paper | None,
        *,
        public: bool,
        effective_from: date | None,
    ) -> Draft:
        """Attach the villagers' decision and the day from which the rules rule.

        A new paper takes the place of the one before, which is gone. Raises Problem `programme-retroactive`,
        `programme-far`, or as `change` does.
        """
        earliest = await self._programmes.earliest(village)
        if effective_from is not None and effective_from < earliest:
            text = N_("新方案最早从%(earliest)s起生效：规则不能管过去的事。")
            raise Problem("programme-retroactive", text, field="effective_from", earliest=dated(earliest))
        if effective_from is not None:
            self._programmes.check_coming(effective_from)
        seen = await self.find(village, key)
        before = seen.resolution.paper if seen.resolution else None
        attached = paper.id if paper else before
        if resolution is not None:
            resolution = msgspec.structs.replace(resolution, paper=attached, paper_public=public)

        def resolved(draft: Draft) -> Draft:
            mark = draft.mark() if resolution else ""
            return msgspec.structs.replace(draft, resolution=resolution, resolved=mark, effective_from=effective_from)

        changed = await self.change(village, key, seen.edition, resolved)
        if before is not None and before != (resolution.paper if resolution else None):
            await papers.drop(self._database, before)
        return changed

    @staticmethod
    def named(draft: Draft, title: str) -> Draft:
        """The draft under another title. Raises Problem `programme-title`."""
        check_title(title.strip())
        return msgspec.structs.replace(draft, title=title.strip())

    def missing(self, draft: Draft) -> Sequence[tuple[str, Problem]]:
        """What is to be done before the draft can be adopted, each with the step where."""
        found = []
        if wrong := draft.undecided():
            found.append(("rows", wrong))
        resolution = draft.resolution
        if self._programmes.needs_resolution(draft.document.plugins):
            if resolution is None:
                text = N_("还没有附决议：这份细则要经村民会议或村民代表会议表决。")
                found.append(("resolution", Problem("resolution-missing", text, status=409)))
            elif resolution.votes is None or resolution.by is None:
                text = N_("决议要写明是哪个会通过的、票数多少。")
                found.append(("resolution", Problem("resolution-votes", text, status=409)))
            elif resolution.paper is None:
                text = N_("决议的照片或扫描件还没有附。")
                found.append(("resolution", Problem("resolution-paper", text, status=409)))
        if resolution is not None and draft.resolved not in ("", draft.mark()):
            text = N_("附上决议以后，条目又改过。请核对会上通过的就是现在这份，再存一次决议。")
            found.append(("resolution", Problem("resolution-older", text, status=409)))
        return found

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

    async def findings(self, draft: Draft) -> Sequence[DraftFinding]:
        """What the plugin and the red lines have against the rows kept so far (RU-14); blocks come first."""
        document = draft.chosen()
        faults = [
            DraftFinding(
                code="", blocks=True, article="", reason=one.phrase, text="", row=draft.row_at(one.field or "")
            )
            for name, enabled in document.plugins.items()
            for one in self._plugins.problems(name, enabled.settings)
        ]
        if not faults:
            try:
                version = await self.preview(draft, None)
            except Problem as problem:
                faults.append(DraftFinding(code="", blocks=True, article="", reason=problem.phrase, text=""))
            else:
                found = [*of_version(draft, self._programmes.findings(version)), *of_notes(draft)]
                return sorted(found, key=lambda one: not one.blocks)
        # The plugin cannot say its items yet: the rows' own words are read meanwhile.
        return [*faults, *sorted(of_rows(draft), key=lambda one: not one.blocks), *of_notes(draft)]

    async def adopt(self, village: int, key: int, edition: int, staff: int) -> Programme:
        """Adopt an open draft, and close it.

        A resolution goes for the rules it was attached to. Raises Problem `draft-open-rows`, `draft-no-rows`,
        `resolution-…`, `programme-changed` (409) after another adoption, or as `change` and `Programmes.adopt_whole`.
        """
        async with self._database.engine.transaction():
            draft = await self.find(village, key)
            if draft.state is not DraftState.OPEN:
                raise closed()
            for _, problem in self.missing(draft):
                raise problem
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
        document = before.document.rules() if before else Document()
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
            rows = kept_rows(rows_at(field, enabled.settings.get(field, ())))
            for path, more in reminders_of(enabled.settings):
                rows += kept_rows(rows_at(path, more), path, len(rows))
            settings = without_reminders({key: value for key, value in enabled.settings.items() if key != field})
            bare = {**draft.document.plugins, name: Enabled(version=enabled.version, settings=settings)}
            document = msgspec.structs.replace(draft.document, plugins=bare)
            opened = msgspec.structs.replace(draft, document=document, plugin=name, field=field).with_rows(rows)
            return parts_as_rows(opened, RowState.KEPT)
        return draft

    async def _add(self, draft: Draft) -> Draft:
        draft.check_keepable()
        async with self._database.engine.transaction():
            await self._check_room(draft.village)
            await store.add(self._database, draft)
        return draft

    async def _check_room(self, village: int) -> None:
        if len(await self.open(village)) >= OPEN_MAX:
            text = N_("这个村已经有%(most)s份草稿没有办完。请先启用或者丢掉几份。")
            raise Problem("drafts-many", text, status=409, most=OPEN_MAX)

    async def _save(self, seen: Draft, changed: Draft) -> Draft:
        changed.check_keepable()
        kept = msgspec.structs.replace(changed, edition=seen.edition + 1, saved_at=self._clock())
        if not await store.save(self._database, kept):
            raise changed_meanwhile()
        return kept


def _in_state(draft: Draft, state: DraftState) -> Draft:
    return msgspec.structs.replace(draft, state=state)
