"""Adopt a programme, and find the version that rules a day (RU)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from dezhi.core import calendar
from dezhi.core.calendar import Clock
from dezhi.core.errors import Problem
from dezhi.core.keeping import Keeping
from dezhi.core.programmes import NUMBER_MAX, Document, Enabled, Kept, Programme, Resolution
from dezhi.core.redlines import Finding, lint_offer, lint_text, red_line
from dezhi.core.scoring import said_wrongly
from dezhi.core.text import N_, dated, phrase
from dezhi.plugin import Board, Category, Item, Reward
from dezhi.store import programmes as store
from dezhi.store.database import Database
from dezhi.store.ids import new_id

TITLE_MAX = 60
PRIVACY_MAX = 4_000
NOTICE_MAX = 90
"""Days. Whoever waits longer than a quarter for a point forgets what it was for."""
COMING_MAX = timedelta(days=366)
"""How far ahead a version may be adopted. No later version may begin before it: a slip of the pen must not lock the
village's rules up for good."""
RESOLUTION_MAX = NUMBER_MAX


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """What the plugins of a version offer, by full codes; headings and notices by plugin."""

    items: Mapping[str, Item]
    rewards: Mapping[str, Reward] = {}
    boards: Mapping[str, Board] = {}
    categories: Mapping[str, tuple[Category, ...]] = {}
    notices: Mapping[str, str] = {}
    said: Mapping[str, tuple[str, ...]] = {}  # how awards would be explained

    def findings(self, plugins: Mapping[str, Enabled]) -> tuple[Finding, ...]:
        """The red lines it crosses, settings of the plugins and what its awards would say included (RU-14)."""
        settings = {name: plugin.settings for name, plugin in plugins.items()}
        found = lint_offer(self.items, self.rewards, self.boards, settings)
        known = {(one.at, one.code) for one in found}
        return (*found, *(one for one in self._said_wrongly() if (one.at, one.code) not in known))

    def _said_wrongly(self) -> Iterator[Finding]:
        """For each item the first sentence for which its awards would be refused once it is adopted."""
        for code, sentences in self.said.items():
            if wrong := next(filter(None, (said_wrongly(said, self.items[code]) for said in sentences)), None):
                yield msgspec.structs.replace(wrong, at=code)

    def names(self) -> Mapping[str, str]:
        """What everything is called."""
        return {code: one.title for offered in (self.items, self.rewards, self.boards) for code, one in offered.items()}


AskItems = Callable[[Programme, Programme | None], Offered]
"""Asks the plugins of a version what they offer and checks their settings on the way.

It is called with the version before it is written, with no items yet, and with the one whose rules it goes on from, if
there is one. It may raise a Problem: then nothing is adopted.
"""

NeedsResolution = Callable[[str], bool]
"""Whether a plugin, by its name, may be switched on only with the villagers' resolution."""


class Programmes:
    """The programmes of the villages: lineages of versions that never change."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ask_items: AskItems,
        needs_resolution: NeedsResolution = lambda _: False,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ask_items = ask_items
        self._needs_resolution = needs_resolution

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
        Problem `programme-title`, `programme-privacy`, `programme-resolution`, `resolution-votes`,
        `resolution-not-passed`, `resolution-missing`, `resolution-dropped`,
        `programme-retroactive`, `programme-far`, `programme-notice`,
        `programme-changed` (409), `keeping-…`,
        or what the plugins' settings are refused with.
        """
        async with self._database.engine.transaction():
            document = await self._document(village, plugins, notice_days, privacy_notice, keeping)
            return await self.adopt_whole(
                village,
                document,
                title=title,
                effective_from=effective_from,
                staff=staff,
                resolution=resolution,
                follows=follows,
            )

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
        return await self.draft_whole(
            village,
            await self._document(village, plugins, notice_days, privacy_notice, keeping),
            title=title,
            effective_from=effective_from,
            staff=staff,
            resolution=resolution,
            follows=follows,
        )

    async def adopt_whole(
        self,
        village: int,
        document: Document,
        *,
        title: str,
        effective_from: date,
        staff: int | None,
        resolution: Resolution | None = None,
        follows: int | None = None,
        derived_from: int | None = None,
        overtakes: bool = False,
    ) -> Programme:
        """Add a version with just this document; under a suspended one nothing is recorded.

        `derived_from` is the version it was taken over from, else the one before. `overtakes` lets it begin before
        versions that have not begun yet, which then never begin by themselves. Raises as `adopt` does, and
        `suspension-words`.
        """
        async with self._database.engine.transaction():
            adopted = await self.draft_whole(
                village,
                document,
                title=title,
                effective_from=effective_from,
                staff=staff,
                resolution=resolution,
                follows=follows,
                derived_from=derived_from,
                overtakes=overtakes,
            )
            await store.add(self._database, adopted)
        return adopted

    async def draft_whole(
        self,
        village: int,
        document: Document,
        *,
        title: str,
        effective_from: date,
        staff: int | None,
        resolution: Resolution | None = None,
        follows: int | None = None,
        derived_from: int | None = None,
        overtakes: bool = False,
        undecided: bool = False,
    ) -> Programme:
        """Return the version that `adopt_whole` would add, with its items, and add nothing. Raises as that does.

        `undecided` is for looking before the village has decided: then a resolution may be missing, and red lines may
        be crossed (see `Programme.findings`).
        """
        title = title.strip()
        check_papers(title, document.privacy_notice, resolution, self.today())
        if document.suspended is not None and (wrong := document.suspended.problem()):
            raise wrong
        before = await store.history(self._database, village)
        self.check_follows(before, follows, effective_from, overtakes=overtakes)
        if resolution is None and document.suspended is None and not undecided:
            self._check_decided(document.plugins)
            if before and not overtakes:
                self._check_dropped(before[0], document.plugins)
        if not 0 <= document.notice_days <= NOTICE_MAX:
            text = N_("公示期要在0到%(most)s天之间。")
            raise Problem("programme-notice", text, field="notice_days", most=NOTICE_MAX)
        for problem in document.keeping.problems():
            raise problem
        draft = Programme(
            id=new_id(),
            lineage=before[0].lineage if before else new_id(),
            village=village,
            version=before[0].version + 1 if before else 1,
            title=title,
            effective_from=effective_from,
            document=msgspec.structs.replace(document, plugins=dict(sorted(document.plugins.items()))),
            items=(),
            derived_from=derived_from or (before[0].id if before else None),
            resolution=resolution,
            created_by=staff,
            created_at=self._clock(),
        )
        if document.suspended is not None:
            # Nothing is offered, and a plugin that is broken must not be in the way of stopping it.
            return draft
        offered = self._ask_items(draft, _gone_on_from(before, derived_from))
        _check_reminders(before, offered.items)
        kept = Kept(rewards=offered.rewards, categories=offered.categories, notices=offered.notices)
        told = (*lint_text(title, "title"), *offered.findings(document.plugins), *kept.findings())
        findings = tuple(dict.fromkeys(told))  # a notice may be one of the settings
        if not undecided and (crossed := red_line(findings, {**offered.names(), "title": title})):
            raise crossed
        items = tuple({"code": code, "item": msgspec.to_builtins(item)} for code, item in offered.items.items())
        return msgspec.structs.replace(draft, items=items, kept=kept)

    def findings(self, draft: Programme) -> tuple[Finding, ...]:
        """The red lines a version would cross that `draft_whole` made and nobody adopted yet."""
        if draft.document.suspended is not None:
            return ()
        return (*lint_text(draft.title, "title"), *self._ask_items(draft, draft).findings(draft.document.plugins))

    async def _document(
        self,
        village: int,
        plugins: Mapping[str, Enabled],
        notice_days: int,
        privacy_notice: str,
        keeping: Keeping | None,
    ) -> Document:
        """The whole of a version; without `keeping` points are kept as they were."""
        if keeping is None:
            before = await store.history(self._database, village)
            keeping = before[0].document.keeping if before else Keeping()
        return Document(plugins=plugins, notice_days=notice_days, privacy_notice=privacy_notice, keeping=keeping)

    def check_follows(
        self, before: Sequence[Programme], follows: int | None, effective_from: date, *, overtakes: bool = False
    ) -> None:
        """Raise unless the version comes after the newest one, in number and, but for `overtakes`, in time."""
        latest = before[0].version if before else 0
        if follows is not None and follows != latest:
            raise Problem(
                "programme-changed",
                N_("没有存上：您打开这一页以后，方案已经改成第%(latest)s版了。请看一看现在的方案，还要改就再存一次。"),
                status=409,
                latest=latest,
            )
        earliest = max(self.today(), date.min if overtakes else before[0].effective_from) if before else effective_from
        if effective_from < earliest:
            raise Problem(
                "programme-retroactive",
                N_("新方案最早从%(earliest)s起生效：规则不能管过去的事。"),
                field="effective_from",
                earliest=dated(earliest),
            )
        self.check_coming(effective_from)

    def check_coming(self, effective_from: date) -> None:
        """Raise Problem `programme-far` for a first day that is more than a year away."""
        if effective_from > (latest := self.today() + COMING_MAX):
            text = N_("新方案最晚从%(latest)s起生效，请看看年份有没有写错。")
            raise Problem("programme-far", text, field="effective_from", latest=dated(latest))

    def _check_decided(self, plugins: Mapping[str, Enabled]) -> None:
        """Raise `resolution-missing` for rules that only the villagers may adopt."""
        if self.needs_resolution(plugins):
            text = N_("没有启用：这份细则要经村民会议或村民代表会议表决。请先把决议附上，方案没有改。")
            raise Problem("resolution-missing", text, status=409, field="resolution")

    def _check_dropped(self, before: Programme, plugins: Mapping[str, Enabled]) -> None:
        """Raise Problem `resolution-dropped` where rules the villagers voted for would go by somebody's tap."""
        if self.needs_resolution(before.document.plugins.keys() - plugins.keys()):
            text = N_(
                "没有停用：这份细则是村民表决启用的，不能一点就停。要停，请在方案页点“暂停”，写明原因和谁决定的；"
                "要换别的办法，请先做成草稿，附上新的决议。"
            )
            raise Problem("resolution-dropped", text, status=409)

    def needs_resolution(self, plugins: Iterable[str]) -> bool:
        """Whether rules of these plugins are adopted only with the villagers' resolution."""
        return any(map(self._needs_resolution, plugins))

    async def copy(self, source: int, village: int, *, effective_from: date, staff: int | None) -> Programme:
        """Adopt another village's version as one's own: a copy that says where it came from, and shares nothing.

        The resolution stays behind: it was another village's.
        """
        model = await self.version(source)
        return await self.adopt_whole(
            village,
            model.document.rules(),
            title=model.title,
            effective_from=effective_from,
            staff=staff,
            derived_from=model.id,
        )

    async def model_of(self, programme: Programme) -> Programme | None:
        """Return the version of another village that a programme goes back to; None for one of the village's own."""
        history = await self.history(programme.village)
        own = {one.id for one in history}
        copied = next((one for one in history if one.derived_from is not None and one.derived_from not in own), None)
        return None if copied is None else await store.by_id(self._database, copied.derived_from or 0)

    async def version(self, programme: int) -> Programme:
        """Return one version. Raises Problem `programme-unknown`."""
        found = await store.by_id(self._database, programme)
        if found is None:
            raise Problem("programme-unknown", N_("没有这个方案。"), status=404)
        return found

    async def earliest(self, village: int) -> date:
        """Return the first day from which a village's next version may rule, in the usual way: none is overtaken."""
        before = await store.history(self._database, village)
        return max(self.today(), before[0].effective_from) if before else self.today()

    async def in_force(self, village: int, on: date | None = None) -> Programme | None:
        """Return the version which rules a village's deeds of a day (default: today); None before its first one."""
        return await store.in_force(self._database, village, on or self.today())

    async def titles(self, lineages: Sequence[int]) -> Mapping[int, str]:
        """Return what some programmes are called now."""
        return await store.titles(self._database, lineages)

    async def history(self, village: int) -> Sequence[Programme]:
        """Return every version a village adopted, the newest first."""
        return await store.history(self._database, village)


def _gone_on_from(before: Sequence[Programme], derived_from: int | None) -> Programme | None:
    """The version of this village whose rules a new one goes on from: a suspended one has none of its own."""
    ruled = [one for one in before if one.document.suspended is None]
    return next((one for one in ruled if one.id == derived_from), ruled[0] if ruled else None)


def _check_reminders(before: Iterable[Programme], items: Mapping[str, Item]) -> None:
    """Raise Problem `item-was-quiet` for an item that was a reminder: what was recorded under it stays private."""
    quiet = {entry["code"] for version in before for entry in version.items if entry["item"].get("quiet")}
    for code, item in items.items():
        if code in quiet and not item.quiet:
            text = N_("没有存上：“%(item)s”的代号以前是只告诉一户的提醒，不能改成公开记分的。请另用一个代号。")
            raise Problem("item-was-quiet", text, field=code, item=phrase(item.title))


def check_papers(title: str, privacy_notice: str, resolution: Resolution | None, today: date) -> None:
    """Raise Problem `programme-title`, `programme-privacy`, or what is wrong with the resolution."""
    check_title(title)
    if len(privacy_notice) > PRIVACY_MAX or "\x00" in privacy_notice:
        raise Problem("programme-privacy", N_("告知书太长，最多4000个字。"), field="privacy_notice")
    if resolution is None:
        return
    for problem in resolution.problems(today):
        raise problem


def check_title(title: str) -> None:
    """Raise Problem `programme-title` for what a programme cannot be called."""
    if not 0 < len(title) <= TITLE_MAX or not title.isprintable():
        raise Problem("programme-title", N_("方案要有名称，最多60个字。"), field="title")
