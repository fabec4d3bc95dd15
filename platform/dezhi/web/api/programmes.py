"""Programmes: the versions a village adopted, what changed between them, its plugins, and adopting another."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import Controller, Response
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta, convert

from dezhi.core import lineages
from dezhi.core.errors import Problem
from dezhi.core.programmes import Enabled, Programme
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.core.tokens import Scope
from dezhi.plugin import Item
from dezhi.service.house import House
from dezhi.service.programmes import PRIVACY_MAX, TITLE_MAX
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import ask, read, write
from dezhi.web.api.keeping import KeepingOf, keeping_of, kept_of
from dezhi.web.api.kinds import DAY, PLUGIN, Answer, Body, Cursor, Key, Limit, StaffId, VillagePath
from dezhi.web.api.lint import RedLineOf, red_line_of
from dezhi.web.api.paging import LIMIT, Page, page_of
from dezhi.web.api.plugins import PluginName, PluginVersion, Setting, SettingName
from dezhi.web.api.resolutions import ResolutionOf, resolution_of, resolved_of
from dezhi.web.api.villages import ItemOf, item_of
from dezhi.web.api.writes import once
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate
from dezhi.web.versions import change_of
from dezhi.web.visitors import Visitor, need_village

VersionNumber = Annotated[int, Meta(ge=0, le=100_000, description="A version's number.", examples=[1])]
VersionPath = Annotated[int, PathParameter(ge=1, le=100_000, description="A version's number.")]
Title = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=TITLE_MAX,
        pattern=r"^[^\x00]*$",
        description="What the village calls it.",
        examples=["道德储蓄银行"],
    ),
]


class PluginChoice(Body, frozen=True, kw_only=True):
    """A plugin that is on. Settings that are left out have the plugin's own values."""

    settings: Annotated[dict[SettingName, Setting], Meta(max_length=100, description="By name.", examples=[{}])] = (
        msgspec.field(default_factory=dict)
    )
    version: PluginVersion | None = None


class NewVersion(Body, frozen=True, kw_only=True):
    """The whole of a version: nothing is inherited from the one before."""

    follows: Annotated[
        int,
        Meta(ge=0, le=100_000, description="The number of the newest version you saw; 0 for the first.", examples=[1]),
    ]
    title: Title
    plugins: Annotated[
        dict[PluginName, PluginChoice],
        Meta(
            min_length=1, max_length=50, description="The plugins that are on.", examples=[{PLUGIN: {"settings": {}}}]
        ),
    ]
    effective_from: Annotated[
        date | None, Meta(description="Its first day; left out, the first possible one.", examples=[DAY])
    ] = None
    privacy_notice: Annotated[
        str,
        Meta(max_length=PRIVACY_MAX, pattern=r"^[^\x00]*$", description="The notice to the villagers.", examples=[""]),
    ] = ""
    keeping: Annotated[
        KeepingOf | None, Meta(description="How points are kept; left out, as before.", examples=[{"lapse": "year"}])
    ] = None
    resolution: ResolutionOf | None = None


class WithdrawalOf(Answer, frozen=True, kw_only=True):
    """Why a version never begins."""

    number: Annotated[int, Meta(ge=1, description="The version that was withdrawn.", examples=[2])]
    reason: Annotated[str, Meta(description="Why.", examples=["第三条写错了"])]
    decided_by: Annotated[str, Meta(description="Who decided.", examples=["村民代表会议"])]


class VersionOf(Answer, frozen=True, kw_only=True):
    """A version; it never changes once adopted."""

    number: Annotated[int, Meta(ge=1, description="Its number.", examples=[1])]
    title: Title
    since: Annotated[date, Meta(description="Its first day.", examples=[DAY])]
    adopted_at: Annotated[datetime, Meta(description="When it was adopted.", examples=["2026-11-22T09:00:00+08:00"])]
    adopted_by: StaffId | None
    in_force: Annotated[bool, Meta(description="Rules today.", examples=[True])]
    coming: Annotated[bool, Meta(description="Begins by itself on a later day.", examples=[False])]
    set_aside_by: Annotated[
        int | None, Meta(description="The version that took its place before it began.", examples=[None])
    ]
    plugins: Annotated[dict[str, dict[str, Setting]], Meta(description="Settings by plugin.", examples=[{PLUGIN: {}}])]
    plugin_versions: Annotated[dict[str, str], Meta(description="Versions by plugin.", examples=[{PLUGIN: "0.1.0"}])]
    privacy_notice: Annotated[str, Meta(description="The notice to the villagers.", examples=[""])]
    keeping: KeepingOf
    resolution: ResolutionOf | None
    suspended: Annotated[str, Meta(description="Why nothing is recorded; empty: recorded.", examples=[""])]
    withdrawal: Annotated[
        WithdrawalOf | None, Meta(description="Which version was withdrawn by this one.", examples=[None])
    ]
    warnings: Annotated[list[str], Meta(description="What should still be settled.", examples=[[]])]
    red_lines: Annotated[
        list[RedLineOf],
        Meta(description="What of it touches a red line: to be mended, or from before the line was drawn."),
    ]
    items: list[ItemOf]


class VersionPreview(Answer, frozen=True, kw_only=True):
    """What a version would be. Nothing was adopted."""

    number: Annotated[int, Meta(ge=1, description="The number it would have.", examples=[2])]
    since: Annotated[date, Meta(description="Its first day.", examples=[DAY])]
    changes: Annotated[str, Meta(description="What it changes, in words.", examples=["改名称"])]
    items_gone: Annotated[list[str], Meta(description="Items it no longer offers.", examples=[[]])]
    items: list[ItemOf]


class Changes(Answer, frozen=True, kw_only=True):
    """What one version has that another had not."""

    words: Annotated[str, Meta(description="In words.", examples=["第一版"])]
    plugins_on: Annotated[list[str], Meta(description="Switched on.", examples=[[PLUGIN]])]
    plugins_off: Annotated[list[str], Meta(description="Switched off.", examples=[[]])]
    settings_changed: Annotated[list[str], Meta(description="Plugins with other settings.", examples=[[]])]
    items_added: Annotated[list[str], Meta(description="Items that are new.", examples=[[]])]
    items_gone: Annotated[list[str], Meta(description="Items that are gone.", examples=[[]])]
    items_changed: Annotated[list[str], Meta(description="Items with another content.", examples=[[]])]


class ProgrammeCalls(Controller):
    """The programme of a village."""

    path = "/villages/{village:str}"
    tags = ("Programmes",)

    @read("/versions", Scope.READ, "list_versions", "Every version a village adopted, newest first")
    async def versions(
        self,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        limit: Limit = LIMIT,
        cursor: Cursor = None,
    ) -> Page[VersionOf]:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)
        history = await house.programmes.history(place.id)
        shown, following = page_of("versions", history, lambda one: f"{10**6 - one.version:06}", cursor, limit)
        return Page(items=[told_version(house, history, one) for one in shown], next=following)

    @read("/versions/{version:int}", Scope.READ, "get_version", "One version, with its items")
    async def version(
        self, house: TheHouse, visitor: TheVisitor, village: VillagePath, version: VersionPath
    ) -> VersionOf:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)
        history = await house.programmes.history(place.id)
        return told_version(house, history, need_version(history, version))

    @read("/versions/{version:int}/changes", Scope.READ, "compare_versions", "What a version changed")
    async def changes(
        self,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        version: VersionPath,
        since: Annotated[
            int | None, QueryParameter(ge=1, le=100_000, description="Compared with this one; else the one before.")
        ] = None,
    ) -> Changes:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)
        history = await house.programmes.history(place.id)
        after = need_version(history, version)
        before = lineages.followed(history, after) if since is None else need_version(history, since)
        return _changes(house, before, after)

    @ask("/versions/preview", Scope.PROGRAMME, "preview_version", "Say what a version would be, and adopt nothing")
    async def preview(
        self, house: TheHouse, visitor: TheVisitor, village: VillagePath, data: JSONBody[NewVersion]
    ) -> VersionPreview:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)
        before = next(iter(await house.programmes.history(place.id)), None)
        draft = await _adopt(house, visitor, place, data, before, dry=True)
        told = _changes(house, before, draft)
        return VersionPreview(
            number=draft.version,
            since=draft.effective_from,
            changes=told.words,
            items_gone=told.items_gone,
            items=_items(draft),
        )

    @write("/versions", Scope.PROGRAMME, "adopt_version", "Adopt another version; it never reaches back")
    async def adopt(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        data: JSONBody[NewVersion],
        key: Key,
    ) -> Response[VersionOf]:
        async def work() -> VersionOf:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            before = next(iter(await house.programmes.history(place.id)), None)
            adopted = await _adopt(house, visitor, place, data, before)
            return told_version(house, await house.programmes.history(place.id), adopted)

        return await once(request, house, key, data, work)


def need_version(history: Sequence[Programme], number: int) -> Programme:
    """The version of that number. Raises `Problem` 404."""
    one = next((one for one in history if one.version == number), None)
    if one is None:
        raise Problem("programme-unknown", N_("没有这个方案。"), status=404)
    return one


async def _adopt(
    house: House,
    visitor: Visitor,
    village: Region,
    data: JSONBody[NewVersion],
    before: Programme | None,
    *,
    dry: bool = False,
) -> Programme:
    """Adopt what was sent, or say what it would be. A programme's notice days stay: no page changes them yet."""
    await house.quarantines.look()
    today = house.people.today()
    do = house.programmes.draft if dry else house.programmes.adopt
    return await do(
        village.id,
        {name: _enabled(house, name, one, before) for name, one in data.plugins.items()},
        title=data.title,
        effective_from=data.effective_from or (max(today, before.effective_from) if before else today),
        staff=visitor.need_staff(Role.TOWNSHIP).staff,
        notice_days=before.document.notice_days if before else 0,
        privacy_notice=data.privacy_notice.strip(),
        keeping=kept_of(data.keeping),
        resolution=resolved_of(data.resolution),
        follows=data.follows,
    )


def _enabled(house: House, name: str, choice: PluginChoice, before: Programme | None) -> Enabled:
    """What was chosen; a version that was left out stays as it is, and is the newest where the plugin was off."""
    was = before.document.plugins.get(name) if before else None
    version = choice.version or (was.version if was else None)
    chosen = house.plugins.enabled(name, version=version, exact=choice.version is not None)
    return Enabled(version=chosen.version, settings={**chosen.settings, **choice.settings})


def told_version(house: House, history: Sequence[Programme], one: Programme) -> VersionOf:
    """A version as the API tells it, among all of its village."""
    today = house.programmes.today()
    in_force = lineages.ruling(history, today)
    aside = next((pair.by.version for pair in lineages.set_aside(history) if pair.version.id == one.id), None)
    gone = one.document.withdrawn
    return VersionOf(
        number=one.version,
        title=one.title,
        since=one.effective_from,
        adopted_at=one.created_at,
        adopted_by=str(one.created_by) if one.created_by is not None else None,
        in_force=in_force is not None and in_force.id == one.id,
        coming=any(each.id == one.id for each in lineages.coming(history, today)),
        set_aside_by=aside,
        plugins={name: dict(each.settings) for name, each in one.document.plugins.items()},
        plugin_versions={name: each.version for name, each in one.document.plugins.items()},
        privacy_notice=one.document.privacy_notice,
        keeping=keeping_of(one.document.keeping),
        resolution=resolution_of(one.resolution),
        suspended=one.document.suspended.reason if one.document.suspended else "",
        withdrawal=WithdrawalOf(number=gone.version, reason=gone.reason, decided_by=gone.decided_by) if gone else None,
        warnings=[translate(text) for text in one.warnings()],
        red_lines=[red_line_of(found) for found in one.findings()],
        items=_items(one),
    )


def _items(one: Programme) -> list[ItemOf]:
    return [item_of(entry["code"], convert(entry["item"], Item)) for entry in one.items]


def _changes(house: House, before: Programme | None, after: Programme) -> Changes:
    was = before.document.plugins if before else {}
    now = after.document.plugins
    items_before = {entry["code"]: entry["item"] for entry in before.items} if before else {}
    items_after = {entry["code"]: entry["item"] for entry in after.items}
    return Changes(
        words=translate(change_of(before, after, house.plugins.title)),
        plugins_on=[name for name in now if name not in was],
        plugins_off=[name for name in was if name not in now],
        settings_changed=[name for name in now if name in was and now[name] != was[name]],
        items_added=[code for code in items_after if code not in items_before],
        items_gone=[code for code in items_before if code not in items_after],
        items_changed=[
            code for code in items_after if code in items_before and items_after[code] != items_before[code]
        ],
    )
