"""Drafts of a village's rules: begun from a version or from rows, decided row by row, resolved, adopted."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from litestar import Controller, Response
from litestar.params import JSONBody
from msgspec import Meta

from dezhi.core.drafts import ROWS_MAX, Draft, DraftState
from dezhi.core.errors import Problem
from dezhi.core.papers import PAPER_MAX
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.core.tokens import Scope
from dezhi.service.house import House
from dezhi.service.uploads import FILE_MAX
from dezhi.web.api.auth import Call
from dezhi.web.api.calls import read, write
from dezhi.web.api.draftrows import DraftRowOf, NewRow, row_sent, row_told
from dezhi.web.api.kinds import DAY, Answer, Body, DraftId, DraftPath, Key, StaffId, VillageCode, VillagePath
from dezhi.web.api.paging import Page
from dezhi.web.api.plugins import PluginName
from dezhi.web.api.programmes import Title, VersionNumber, VersionOf, told_version
from dezhi.web.api.resolutions import ResolutionOf, resolution_of, resolved_of
from dezhi.web.api.writes import once
from dezhi.web.draftfindings import findings_of
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate
from dezhi.web.visitors import Visitor, need_village, whole

Edition = Annotated[int, Meta(ge=1, le=1_000_000, description="`edition` of the draft you saw.", examples=[1])]


class State(StrEnum):
    """Where a draft stands."""

    OPEN = "open"
    ADOPTED = "adopted"
    DISCARDED = "discarded"


class Model(Body, frozen=True, kw_only=True):
    """A version to take the rules from, of the same village or another; no resolution comes along."""

    village: VillageCode
    version: VersionNumber


class SheetFile(Body, frozen=True, kw_only=True):
    """A village's own sheet (.xlsx, .csv), or a programme (.toml, or .xlsx as it was written here)."""

    name: Annotated[
        str,
        Meta(min_length=1, max_length=120, pattern=r"^[^\x00]*$", description="Its name.", examples=["积分细则.toml"]),
    ]
    content: Annotated[bytes, Meta(max_length=FILE_MAX, description="In base64.", examples=["W3BsdWdpbnNd"])]


class NewDraft(Body, frozen=True, kw_only=True):
    """Where to begin: a file, else a version, else an empty sheet of a plugin, else the rules that the village has."""

    file: Annotated[
        SheetFile | None,
        Meta(description="A file to read; `plugin` says by which plugin, else the first that reads.", examples=[None]),
    ] = None
    model: Annotated[Model | None, Meta(description="A version to begin with.", examples=[None])] = None
    plugin: Annotated[PluginName | None, Meta(description="Begin with its empty sheet.", examples=[None])] = None
    decision: Annotated[
        Annotated[int, Meta(ge=1, le=2**53)] | None,
        Meta(description="Begin with the rules that the village has and a row for this precedent.", examples=[None]),
    ] = None


class NewRows(Body, frozen=True, kw_only=True):
    """All rows of a draft anew, in their order."""

    edition: Edition
    rows: Annotated[list[NewRow], Meta(max_length=ROWS_MAX, description="The rows.", examples=[[]])]


class NewPaper(Body, frozen=True, kw_only=True):
    """A PDF, JPEG or PNG; a picture loses its metadata."""

    name: Annotated[
        str, Meta(min_length=1, max_length=120, pattern=r"^[^\x00]*$", description="Its name.", examples=["决议.pdf"])
    ]
    content: Annotated[bytes, Meta(max_length=PAPER_MAX, description="In base64.", examples=["JVBERi0xLjQKJSVFT0YK"])]


class Resolving(Body, frozen=True, kw_only=True):
    """The villagers' decision, its paper, and from when the rules rule."""

    edition: Edition
    title: Annotated[Title | None, Meta(description="What the village calls its rules.", examples=[None])] = None
    resolution: Annotated[ResolutionOf | None, Meta(description="Left out: taken off.", examples=[None])] = None
    paper: Annotated[NewPaper | None, Meta(description="Left out: the one before stays.", examples=[None])] = None
    effective_from: Annotated[date | None, Meta(description="Left out: the day of adopting.", examples=[DAY])] = None


class Others(Body, frozen=True, kw_only=True):
    """Whether the plugins that the village uses now go on beside the sheet."""

    edition: Edition
    wanted: Annotated[bool, Meta(description="False: the sheet takes their place.", examples=[False])]


class Adopting(Body, frozen=True, kw_only=True):
    """The draft as it was looked at last."""

    edition: Edition


class FindingOf(Answer, frozen=True, kw_only=True):
    """A red line that a kept row touches, or why the plugin cannot use the rows."""

    code: Annotated[str, Meta(description="Of the red line.", examples=["RL-4"])]
    blocks: Annotated[bool, Meta(description="It cannot be adopted so.", examples=[True])]
    article: Annotated[str, Meta(description="Of the law.", examples=["未成年人保护法第三十九条"])]
    reason: Annotated[str, Meta(description="In a sentence.", examples=["孩子的成绩不能加分。"])]
    row: Annotated[str, Meta(description="The row's title.", examples=["考上大学"])]


class DraftOf(Answer, frozen=True, kw_only=True):
    """A draft, without its rows."""

    id: DraftId
    title: Title
    state: Annotated[State, Meta(description="Where it stands.", examples=["open"])]
    edition: Edition
    plugin: Annotated[str, Meta(description="Whose rows it has; empty for none.", examples=[""])]
    source: Annotated[str, Meta(description="Where it came from.", examples=["积分表.xlsx"])]
    based_on: Annotated[int, Meta(ge=0, description="The newest version when it was begun.", examples=[1])]
    started_by: StaffId
    saved_at: Annotated[datetime, Meta(description="When it was saved last.", examples=["2026-11-22T09:00:00+08:00"])]
    effective_from: Annotated[date | None, Meta(description="From when it would rule.", examples=[DAY])]
    resolution: ResolutionOf | None


class WholeDraft(DraftOf, frozen=True, kw_only=True):
    """A draft with its rows, and what is still to be done before it can be adopted."""

    rows: list[DraftRowOf]
    missing: Annotated[list[str], Meta(description="In sentences.", examples=[[]])]
    findings: list[FindingOf]


class DraftCalls(Controller):
    """The drafts of one village."""

    path = "/villages/{village:str}/drafts"
    tags = ("Programmes",)

    @read("/", Scope.PROGRAMME, "list_drafts", "A village's open drafts, the last saved first")
    async def everything(self, house: TheHouse, visitor: TheVisitor, village: VillagePath) -> Page[DraftOf]:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)
        return Page(items=[DraftOf(**_told(one)) for one in await house.drafts.open(place.id)])

    @read("/{draft:str}", Scope.PROGRAMME, "get_draft", "A draft with its rows, and what is in its way")
    async def one(self, house: TheHouse, visitor: TheVisitor, village: VillagePath, draft: DraftPath) -> WholeDraft:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)
        return await told_whole(house, await house.drafts.find(place.id, whole(draft)))

    @write("/", Scope.PROGRAMME, "begin_draft", "Begin a draft; nothing changes but by adopting it")
    async def begin(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        data: JSONBody[NewDraft],
        key: Key,
    ) -> Response[WholeDraft]:
        async def work() -> WholeDraft:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            staff = visitor.need_staff(Role.TOWNSHIP).staff
            return await told_whole(house, await _begun(house, visitor, place, data, staff))

        return await once(request, house, key, data, work)

    @write("/{draft:str}/rows", Scope.PROGRAMME, "replace_draft_rows", "Write the rows of a draft anew")
    async def rows(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        draft: DraftPath,
        data: JSONBody[NewRows],
        key: Key,
    ) -> Response[WholeDraft]:
        async def work() -> WholeDraft:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            rows = [row_sent(at, one) for at, one in enumerate(data.rows, 1)]
            changed = await house.drafts.change(place.id, whole(draft), data.edition, lambda one: one.rewritten(rows))
            return await told_whole(house, changed)

        return await once(request, house, key, data, work)

    @write(
        "/{draft:str}/others", Scope.PROGRAMME, "use_other_plugins", "Keep what is used now beside the sheet, or not"
    )
    async def others(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        draft: DraftPath,
        data: JSONBody[Others],
        key: Key,
    ) -> Response[WholeDraft]:
        async def work() -> WholeDraft:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            changed = await house.drafts.use_others(place.id, whole(draft), data.edition, wanted=data.wanted)
            return await told_whole(house, changed)

        return await once(request, house, key, data, work)

    @write("/{draft:str}/resolve", Scope.PROGRAMME, "resolve_draft", "Attach the villagers' decision and the first day")
    async def resolve(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        draft: DraftPath,
        data: JSONBody[Resolving],
        key: Key,
    ) -> Response[WholeDraft]:
        async def work() -> WholeDraft:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            staff = visitor.need_staff(Role.TOWNSHIP).staff
            resolution = resolved_of(data.resolution)
            for problem in resolution.problems(house.programmes.today()) if resolution else ():
                raise problem
            await house.drafts.change(
                place.id,
                whole(draft),
                data.edition,
                lambda one: house.drafts.named(one, data.title) if data.title else one,
            )
            sent = data.paper
            resolved = await house.drafts.resolve(
                place.id,
                whole(draft),
                resolution,
                await house.papers.add(place.id, sent.name, sent.content, staff) if sent else None,
                public=resolution is not None and resolution.paper_public,
                effective_from=data.effective_from,
            )
            return await told_whole(house, resolved)

        return await once(request, house, key, data, work)

    @write("/{draft:str}/adopt", Scope.PROGRAMME, "adopt_draft", "Adopt a draft: a new version, never changed again")
    async def adopt(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        draft: DraftPath,
        data: JSONBody[Adopting],
        key: Key,
    ) -> Response[VersionOf]:
        async def work() -> VersionOf:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            staff = visitor.need_staff(Role.TOWNSHIP).staff
            adopted = await house.drafts.adopt(place.id, whole(draft), data.edition, staff)
            return told_version(house, await house.programmes.history(place.id), adopted)

        return await once(request, house, key, data, work)

    @write("/{draft:str}/discard", Scope.PROGRAMME, "discard_draft", "Put a draft away; it can be taken out again")
    async def discard(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        draft: DraftPath,
        key: Key,
    ) -> Response[DraftOf]:
        async def work() -> DraftOf:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            return DraftOf(**_told(await house.drafts.discard(place.id, whole(draft))))

        return await once(request, house, key, None, work)

    @write("/{draft:str}/restore", Scope.PROGRAMME, "restore_draft", "Take a discarded draft out again")
    async def restore(
        self,
        request: Call,
        house: TheHouse,
        visitor: TheVisitor,
        village: VillagePath,
        draft: DraftPath,
        key: Key,
    ) -> Response[DraftOf]:
        async def work() -> DraftOf:
            place = await need_village(house, visitor, village, Role.TOWNSHIP)
            return DraftOf(**_told(await house.drafts.restore(place.id, whole(draft))))

        return await once(request, house, key, None, work)


async def _begun(house: House, visitor: Visitor, place: Region, data: NewDraft, staff: int) -> Draft:
    if data.decision is not None:
        return await house.precedents.propose(place.id, data.decision, None, staff)
    if data.file is not None:
        plugin = data.plugin or next(iter(house.plugins.readers()), "")
        return await house.drafts.from_file(place.id, plugin, data.file.name, data.file.content, staff)
    if data.plugin is not None and data.model is None:
        return await house.drafts.from_nothing(place.id, data.plugin, staff)
    source = place
    if data.model is not None:
        source = await need_village(house, visitor, data.model.village, Role.TOWNSHIP)
    wanted = data.model.version if data.model else None
    history = await house.programmes.history(source.id)
    version = next((one for one in history if wanted in (None, one.version)), None)
    if version is None:
        raise Problem("programme-unknown", N_("没有这个方案。"), status=404)
    return await house.drafts.from_version(place.id, version, staff)


def _told(one: Draft) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "title": one.title,
        "state": State[one.state.name],
        "edition": one.edition,
        "plugin": one.plugin,
        "source": one.source,
        "based_on": one.based_on,
        "started_by": str(one.started_by),
        "saved_at": one.saved_at,
        "effective_from": one.effective_from,
        "resolution": resolution_of(one.resolution),
    }


async def told_whole(house: House, one: Draft) -> WholeDraft:
    """A draft with its rows and what is in its way, for programs."""
    is_open = one.state is DraftState.OPEN
    return WholeDraft(
        **_told(one),
        rows=[row_told(row) for row in one.rows],
        missing=[problem.say(translate) for _, problem in house.drafts.missing(one)] if is_open else [],
        findings=[
            FindingOf(code=found.code, blocks=found.blocks, article=found.article, reason=found.reason, row=found.row)
            for found in (await findings_of(house, one) if is_open else ())
        ],
    )
