"""The installed plugins as one village has them: on or off, with settings, items, and what is wrong with them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.offers import offer_items
from dezhi.core.programme_files import settings_problems
from dezhi.core.programmes import Enabled, Programme
from dezhi.core.text import N_
from dezhi.host import Answer, Directory, Failure, Field, Held, Roster, fill_settings, settings_form
from dezhi.plugin import Item, Permission, Programme as Context, Reading, Settings, Workbook
from dezhi.service.readings import reading_of

_ASKED = ("items", "rewards", "boards")


class Shelved(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin on the township's page. `fields` and `values` are empty for one that is not installed soundly.

    `items` are what it offers under these settings, by full code: for one that is off, what it would offer. `version`
    is the one that answers, `wanted` the one the programme names, `versions` all that are here. `signer` is empty for a
    file nobody signed; `filed` tells those installed from a file. `guards`: it is asked before anything is booked.
    """

    name: str
    title: str
    summary: str = ""
    version: str = ""
    on: bool = False
    installed: bool = True
    fields: tuple[Field, ...] = ()
    values: Mapping[str, Any] = {}
    items: Mapping[str, Item] = {}
    troubles: tuple[Problem, ...] = ()
    wanted: str = ""
    versions: tuple[str, ...] = ()
    filed: bool = False
    signer: str = ""
    guards: bool = False
    held: Held | None = None

    @property
    def stands_in(self) -> bool:
        """Whether another version answers than the programme names."""
        return bool(self.version and self.wanted and self.version != self.wanted)


class Plugins:
    """Reads the directory for pages; adopting is `Programmes`' work."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def shelf(self, programme: Programme | None, village: int, today: date) -> Sequence[Shelved]:
        """Return every plugin that is installed, was refused, or is enabled and missing, by name."""
        enabled = programme.document.plugins if programme else {}
        faulty = {fault.name for fault in self._directory.faults}
        names = sorted({*self._directory.plugins, *faulty, *enabled})
        context = Context(
            id=programme.lineage if programme else 0,
            version=programme.version if programme else 0,
            village=village,
            today=programme.effective_from if programme else today,
        )
        return [await self._shelved(name, enabled.get(name), context) for name in names]

    def absent(self, programme: Programme) -> Sequence[Problem]:
        """Return why enabled plugins of a programme cannot be asked now; asks none of them."""
        roster = Roster(self._directory, programme.document.plugins)
        held = [self._directory.ward.problem(roster.plugin(name).key) for name in roster.names]
        return (*roster.absent.values(), *(problem for problem in held if problem))

    def title(self, name: str) -> str:
        """Return what a plugin calls itself; its name where it is not here to say."""
        plugin = self._directory.plugins.get(name)
        return plugin.manifest.title.zh if plugin else name

    def enabled(
        self,
        name: str,
        settings: Mapping[str, Any] | None = None,
        version: str | None = None,
        *,
        exact: bool = False,
    ) -> Enabled:
        """Return what a document says of a plugin that is switched on: its version, and settings or its defaults.

        The version is the newest, or the one that answers for `version`; with `exact` that one and no other.
        Raises Problem `plugin-missing` (404), `plugin-version` (409), or why the installation refused it.
        """
        plugin = self._directory.find(name, version)
        if plugin is None or (exact and plugin.version != version):
            raise self._why_not(name, version)
        given = msgspec.to_builtins(plugin.declaration.settings()) if settings is None else settings
        return Enabled(version=plugin.manifest.version, settings=given)

    def fill(
        self, name: str, values: Mapping[str, str], kept: Mapping[str, Any], version: str | None = None
    ) -> tuple[Mapping[str, Any], Sequence[Problem]]:
        """Return the settings a submitted form holds, and a Problem for each wrong field.

        Documents, which no form shows, stay as they are in `kept`, the settings before. Raises Problem
        `plugin-missing` (404) for a plugin that is not here.
        """
        plugin = self._directory.find(name, version)
        if plugin is None:
            raise self._why_not(name, version)
        filled, problems = fill_settings(plugin.declaration.settings, values, kept)
        return ({} if filled is None else msgspec.to_builtins(filled)), problems

    def rows_of(self, name: str) -> str:
        """Return the setting of a plugin that holds its rows; empty for a plugin without, or one that is not here."""
        plugin = self._directory.plugins.get(name)
        return plugin.declaration.rows if plugin else ""

    def problems(self, name: str, settings: Mapping[str, Any]) -> Sequence[Problem]:
        """Return everything that keeps a plugin from using some settings, each with its place in `field`."""
        plugin = self._directory.plugins.get(name)
        return settings_problems(plugin.declaration.settings, settings, plugin=name) if plugin else (_missing(name),)

    def kind_of(self, name: str) -> type[Settings]:
        """Return the type of a plugin's settings; that of no settings for one that is not here."""
        plugin = self._directory.plugins.get(name)
        return plugin.declaration.settings if plugin else Settings

    def readers(self) -> Sequence[str]:
        """Return the plugins that read a village's own workbook."""
        return [name for name, one in self._directory.plugins.items() if "read_sheet" in one.functions]

    def read(self, name: str, workbook: Workbook, village: int, today: date) -> Reading:
        """Return what a plugin reads in a workbook. To be called in a thread: it may wait some seconds.

        Raises Problem `plugin-…` when it cannot be asked, `sheet-unread` when it finds nothing it can read.
        """
        if name not in self._directory.plugins:
            raise _missing(name)
        reading = reading_of(self._directory, name, workbook, village, today)
        if not reading.drafts:
            text = N_("这个表格里没有读出条目。请看看是不是积分细则：一条一行，写着做什么、得几分。")
            raise Problem("sheet-unread", text, field="file")
        return reading

    async def _shelved(self, name: str, enabled: Enabled | None, context: Context) -> Shelved:
        wanted = enabled.version if enabled else None
        plugin = self._directory.find(name, wanted)
        versions = tuple(one.version for one in self._directory.versions(name))
        faults = [fault for fault in self._directory.faults if fault.name == name]
        if plugin is None:
            told = faults[0].manifest if faults else None
            why = () if enabled is None and faults else (self._why_not(name, wanted),)
            return Shelved(
                name=name,
                title=told.title.zh if told else name,
                summary=told.summary.zh if told else "",
                version=told.version if told else "",
                on=enabled is not None,
                installed=False,
                troubles=tuple({one.say(): one for one in (*why, *(fault.problem for fault in faults))}.values()),
                wanted=wanted or "",
                versions=versions,
            )
        roster = Roster(self._directory, {name: enabled or Enabled(version=plugin.version)})
        items, troubles = await _ask(name, roster, context)
        fields = tuple(settings_form(plugin.declaration.settings))
        defaults = {field.name: field.default for field in fields}
        return Shelved(
            name=name,
            title=plugin.manifest.title.zh,
            summary=plugin.manifest.summary.zh,
            version=plugin.manifest.version,
            on=enabled is not None,
            fields=fields,
            values={**defaults, **(enabled.settings if enabled else {})},
            items=items,
            # A version that was refused is told of beside one that is sound.
            troubles=(*troubles, *(fault.problem for fault in faults)),
            wanted=wanted or "",
            versions=versions,
            filed=bool(plugin.sha),
            signer=plugin.signer,
            guards=Permission.REFUSE in plugin.manifest.permissions,
            held=self._directory.ward.find(plugin.key),
        )

    def _why_not(self, name: str, version: str | None) -> Problem:
        """Say why there is no such plugin to switch on."""
        there = self._directory.versions(name)
        if there:
            text = N_("插件“%(plugin)s”没有%(wanted)s版，这里有的是%(there)s。请先装上它；方案没有改。")
            versions = "、".join(one.version for one in there)
            return Problem("plugin-version", text, status=409, plugin=name, wanted=(version or "")[:32], there=versions)
        fault = self._directory.fault(name)
        return fault.problem if fault else _missing(name)


async def _ask(name: str, roster: Roster, context: Context) -> tuple[Mapping[str, Item], tuple[Problem, ...]]:
    """Ask one plugin what it offers; its failures are its troubles."""
    troubles: dict[str, Problem] = {}
    items: Mapping[str, Item] = {}
    for hook in _ASKED:
        for answer in await roster.each(hook, programme=context):
            if isinstance(answer, Failure):
                troubles.setdefault(answer.text, answer.problem)
            elif hook == "items" and isinstance(answer, Answer):
                offer = offer_items([(name, answer.value)], roster.categories)
                items = offer.items
                troubles.update({problem.say(): problem for problem in offer.problems})
    return items, tuple(troubles.values())


def _missing(name: str) -> Problem:
    text = N_("这里没有安装插件“%(plugin)s”。请先装上它；方案没有改。")
    return Problem("plugin-missing", text, status=404, plugin=name[:60])
