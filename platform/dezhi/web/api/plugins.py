"""The plugins of an installation, as a village has them, and those that are in quarantine."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Response
from litestar.params import JSONBody, PathParameter
from msgspec import Meta

from dezhi.core.errors import Problem
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.core.tokens import Scope
from dezhi.service.house import House
from dezhi.service.plugins import Shelved
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import read, write
from dezhi.web.api.kinds import PLUGIN, Answer, Body, Key, VillagePath
from dezhi.web.api.paging import Page
from dezhi.web.api.writes import once
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate
from dezhi.web.problems import ProblemBody, problem_body
from dezhi.web.visitors import need_village

Setting = bool | int | str | list[dict[str, Any]] | dict[str, Any]
"""A setting as JSON; the last two are documents, such as the rows of a sheet."""
SettingName = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
PluginName = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[a-z0-9-]+$", examples=[PLUGIN])]
PluginVersion = Annotated[
    str, Meta(min_length=5, max_length=32, pattern=r"^[0-9]+\.[0-9]+\.[0-9]+[a-z0-9.+-]*$", examples=["0.1.0"])
]


class FieldOf(Answer, frozen=True, kw_only=True):
    """A setting of a plugin."""

    name: Annotated[str, Meta(description="Its name.", examples=["goal_points"])]
    title: Annotated[str, Meta(description="What it is called.", examples=["集体目标"])]
    kind: Annotated[str, Meta(description="int, bool, str, choice or document.", examples=["int"])]
    value: Setting
    least: Annotated[int | None, Meta(description="Of a number, or of a text's length.", examples=[1])]
    most: Annotated[int | None, Meta(description="Of a number, or of a text's length.", examples=[20])]
    choices: Annotated[list[str], Meta(description="Of a choice.", examples=[[]])]


class HeldOf(Answer, frozen=True, kw_only=True):
    """Why a plugin is in quarantine: it is not asked until staff release it."""

    since: Annotated[datetime | None, Meta(description="Since when.", examples=["2026-11-22T09:00:00+08:00"])]
    hook: Annotated[str, Meta(description="What it was asked then.", examples=["score"])]
    reason: Annotated[str, Meta(description="What happened.", examples=["plugin-died"])]


class PluginOf(Answer, frozen=True, kw_only=True):
    """An installed plugin, as this village has it."""

    name: PluginName
    title: Annotated[str, Meta(description="What it calls itself.", examples=["道德储蓄银行"])]
    version: Annotated[str, Meta(description="The version that answers; empty for none.", examples=["0.1.0"])]
    wanted: Annotated[str, Meta(description="The version the programme names; empty where it is off.", examples=[""])]
    versions: Annotated[list[str], Meta(description="Every version that is here.", examples=[["0.1.0"]])]
    from_file: Annotated[bool, Meta(description="Installed from a file.", examples=[False])]
    signer: Annotated[str, Meta(description="Who signed that file; empty for nobody.", examples=[""])]
    on: Annotated[bool, Meta(description="In use here.", examples=[True])]
    held: HeldOf | None
    settings: list[FieldOf]
    troubles: list[ProblemBody]


class Release(Body, frozen=True, kw_only=True):
    """Which version of the plugin is to be asked again."""

    version: PluginVersion


class PluginCalls(Controller):
    """The plugins of a village."""

    path = "/villages/{village:str}"
    tags = ("Programmes",)

    @read("/plugins", Scope.READ, "list_plugins", "The installed plugins, as a village has them")
    async def plugins(self, house: TheHouse, visitor: TheVisitor, village: VillagePath) -> Page[PluginOf]:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)
        return Page(items=[_plugin(one) for one in await _shelf(house, place)])

    @write(
        "/plugins/{plugin:str}/release", Scope.PROGRAMME, "release_plugin", "Have a plugin in quarantine asked again"
    )
    async def release(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        plugin: Annotated[str, PathParameter(max_length=60, pattern=r"^[a-z0-9-]+$", description="Its name.")],
        data: JSONBody[Release],
        key: Key,
    ) -> Response[PluginOf]:
        async def work() -> PluginOf:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            await house.quarantines.release(visitor.need_staff(Role.TOWNSHIP), plugin, data.version)
            found = next((one for one in await _shelf(house, place) if one.name == plugin), None)
            if found is None:
                text = N_("这里没有插件“%(plugin)s”。")
                raise Problem("plugin-unknown", text, status=404, plugin=plugin)
            return _plugin(found)

        return await once(request, house, key, data, work)


async def _shelf(house: House, village: Region) -> Sequence[Shelved]:
    await house.quarantines.look()
    latest = next(iter(await house.programmes.history(village.id)), None)
    return await house.plugins.shelf(latest, village.id, house.people.today())


def _plugin(one: Shelved) -> PluginOf:
    return PluginOf(
        name=one.name,
        title=translate(one.title),
        version=one.version,
        wanted=one.wanted,
        versions=list(one.versions),
        from_file=one.filed,
        signer=one.signer,
        on=one.on,
        held=HeldOf(since=one.held.at, hook=one.held.hook, reason=one.held.reason) if one.held else None,
        settings=[
            FieldOf(
                name=field.name,
                title=translate(field.title),
                kind=field.kind,
                value=one.values.get(field.name, field.default),
                least=field.ge,
                most=field.le,
                choices=list(field.choices),
            )
            for field in one.fields
        ],
        troubles=[problem_body(each.status, each.code, each.phrase) for each in one.troubles],
    )
