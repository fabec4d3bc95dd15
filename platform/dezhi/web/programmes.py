"""A village's programme: plugins on and off, their settings, the papers it rests on. Every change is a new version."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import quote

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core import calendar, lineages
from dezhi.core.drafts import Draft
from dezhi.core.errors import Problem
from dezhi.core.keeping import Keeping
from dezhi.core.programmes import Enabled, Programme, Resolution
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_, phrase
from dezhi.service.actors import Actor
from dezhi.service.house import House
from dezhi.web.doors import Form
from dezhi.web.drafts import kept_drafts
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.lineages import comes, told
from dezhi.web.rendering import day
from dezhi.web.respond import see_other, show, tell
from dezhi.web.township import desk
from dezhi.web.versions import SETTING, PapersForm, Typed, change_of, facts_of, papers_of, plugin_of, suspended_of
from dezhi.web.views import setup as setup_views, township as views
from dezhi.web.views.frame import Link, Tell
from dezhi.web.visitors import AnyRequest, Visitor, need_village, whole


class SwitchForm(Form):
    """A plugin on or off, from the version the page showed."""

    version: str = ""
    on: str = ""
    to: str = ""
    """Another version of the plugin, to go on with."""


class ReleaseForm(Form):
    """Which version of a plugin is to be asked again."""

    of: str = ""


class ProgrammePages(Controller):
    """The programme of one village."""

    path = "/township/v/{code:str}"

    @get("/")
    async def programme(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]
    ) -> Template | Redirect:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        latest = await _latest(house, village)
        if latest is None:
            return see_other(f"/township/v/{code}/start")
        return await _page(request, house, visitor, village, latest, Typed())

    @get("/start")
    async def choose(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]
    ) -> Template | Redirect:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        if await _latest(house, village) is not None:
            return see_other(f"/township/v/{code}")
        return await _choice(request, house, visitor, village)

    @post("/start")
    async def start(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]
    ) -> Template | Redirect:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        actor = visitor.need_staff(Role.TOWNSHIP)
        names = [name for name in (await request.form()).getall("plugin", []) if isinstance(name, str)]
        try:
            if not names:
                raise Problem("plugins-none", N_("请至少选一套办法，没有办法就不能记分。"))  # noqa: TRY301 - one way out
            await house.programmes.adopt(
                village.id,
                {name: house.plugins.enabled(name) for name in names},
                title=house.plugins.title(names[0]),
                effective_from=calendar.today(house.clock()),
                staff=actor.staff,
                follows=0,
            )
        except Problem as problem:
            return await _choice(request, house, visitor, village, names, problem)
        tell(request, Tell(text=_("方案从今天起用。")))
        return see_other(f"/township/v/{code}/done")

    @post("/plugins/{name:str}")
    async def switch(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        name: FromPath[str],
        data: URLEncodedBody[SwitchForm],
    ) -> Template | Redirect:
        village, latest, actor = await changing(house, visitor, code)
        plugins = dict(latest.document.plugins)
        try:
            if data.on == "yes":
                plugins.setdefault(name, house.plugins.enabled(name))
            elif data.to and name in plugins:
                plugins[name] = house.plugins.enabled(name, plugins[name].settings, data.to, exact=True)
            else:
                plugins.pop(name, None)
            adopted = await adopt_change(house, actor, latest, data.version, plugins=plugins)
        except Problem as problem:
            latest = await _latest(house, village) or latest
            return await _page(request, house, visitor, village, latest, Typed(plugin=name, problems=(problem,)))
        return saved(request, house, village, latest, adopted)

    @post("/release/{name:str}")
    async def release(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        name: FromPath[str],
        data: URLEncodedBody[ReleaseForm],
    ) -> Redirect:
        await need_village(house, visitor, code, Role.TOWNSHIP)
        await house.quarantines.release(visitor.need_staff(Role.TOWNSHIP), name, data.of)
        tell(request, Tell(text=_("好了，从现在起再问它。再出毛病，还会停用观察。")))
        return see_other(f"/township/v/{code}#p-{quote(name)}")

    @post("/settings/{name:str}")
    async def settings(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str], name: FromPath[str]
    ) -> Template | Redirect:
        village, latest, actor = await changing(house, visitor, code)
        form = {key: value for key, value in (await request.form()).multi_items() if isinstance(value, str)}
        values = {key.removeprefix(SETTING): value for key, value in form.items() if key.startswith(SETTING)}
        problems: tuple[Problem, ...] = ()
        try:
            if name not in latest.document.plugins:
                text = N_("没有存上：这个村现在没有启用“%(plugin)s”。请先启用它。")
                raise Problem("plugin-not-enabled", text, status=409, plugin=phrase(house.plugins.title(name[:60])))  # noqa: TRY301
            before = latest.document.plugins[name]
            settings, wrong = house.plugins.fill(name, values, before.settings, before.version)
            if not wrong:
                plugins = {**latest.document.plugins, name: house.plugins.enabled(name, settings, before.version)}
                adopted = await adopt_change(house, actor, latest, form.get("version", ""), plugins=plugins)
                return saved(request, house, village, latest, adopted)
            problems = tuple(wrong)
        except Problem as problem:
            problems = (problem,)
        latest = await _latest(house, village) or latest
        typed = Typed(plugin=name, values=values, problems=problems)
        return await _page(request, house, visitor, village, latest, typed)

    @post("/papers")
    async def papers(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        data: URLEncodedBody[PapersForm],
    ) -> Template | Redirect:
        village, latest, actor = await changing(house, visitor, code)
        try:
            adopted = await adopt_change(
                house,
                actor,
                latest,
                data.version,
                title=data.title,
                privacy_notice=data.privacy_notice.strip(),
                resolution=_resolution(data.resolution.strip(), data.decided_on.strip(), latest.resolution),
            )
        except Problem as problem:
            latest = await _latest(house, village) or latest
            typed = Typed(papers=data, problems=(problem,))
            return await _page(request, house, visitor, village, latest, typed)
        return saved(request, house, village, latest, adopted)


# ── changing ──


async def _latest(house: House, village: Region) -> Programme | None:
    """The newest version of a village's programme, also one that begins later."""
    return next(iter(await house.programmes.history(village.id)), None)


async def changing(house: House, visitor: Visitor, code: str) -> tuple[Region, Programme, Actor]:
    """Who changes which village's newest version. Raises `Problem` 404 and 409."""
    village = await need_village(house, visitor, code, Role.TOWNSHIP)
    actor = visitor.need_staff(Role.TOWNSHIP)
    latest = await _latest(house, village)
    if latest is None:
        raise Problem("no-programme", N_("这个村还没有方案，请先选一套办法。"), status=409)
    return village, latest, actor


async def adopt_change(
    house: House,
    actor: Actor,
    latest: Programme,
    version: str,
    *,
    plugins: Mapping[str, Enabled] | None = None,
    title: str | None = None,
    privacy_notice: str | None = None,
    keeping: Keeping | None = None,
    resolution: Resolution | None = None,
) -> Programme | Draft | None:
    """Adopt a change of the newest version from today on, or return None when nothing changed.

    What only the villagers may change becomes a draft instead, which waits for their resolution.

    `version` is the number of the version the page showed. A resolution is about the rules it saw: it stays behind
    when a plugin or a setting changes; what a point counts for in reports is no rule.
    """
    before = latest.document
    rules = before.plugins if plugins is None else plugins
    document = msgspec.structs.replace(
        before,
        withdrawn=None,
        plugins=dict(sorted(rules.items())),
        privacy_notice=before.privacy_notice if privacy_notice is None else privacy_notice,
        keeping=keeping or before.keeping,
    )
    named = latest.title if title is None else title
    same_rules = msgspec.structs.replace(document.keeping, fen=before.keeping.fen) == before.keeping
    if (plugins is not None or keeping is not None) and document.plugins == before.plugins and same_rules:
        resolution = latest.resolution
    same = msgspec.structs.replace(before, withdrawn=None)
    if (document, named, resolution) == (same, latest.title, latest.resolution):
        return None
    if resolution is None and whole(version) == latest.version and house.programmes.needs_resolution(document.plugins):
        return await house.drafts.from_document(latest.village, named, document, actor.staff)
    return await house.programmes.adopt_whole(
        latest.village,
        document,
        title=named,
        effective_from=max(calendar.today(house.clock()), latest.effective_from),
        staff=actor.staff,
        resolution=resolution,
        follows=whole(version),
    )


def _resolution(number: str, decided_on: str, before: Resolution | None) -> Resolution | None:
    """The resolution as typed, with its votes and paper where it is the same one.

    Raises `Problem` unless both parts are there, or none.
    """
    if not number and not decided_on:
        return None
    try:
        typed = Resolution(number=number, decided_on=date.fromisoformat(decided_on))
    except ValueError:
        text = N_("决议要写文号和日期，例如 2026-10-01；没有就两样都空着。")
        raise Problem("programme-resolution", text, field="decided_on") from None
    same = before is not None and (before.number, before.decided_on) == (typed.number, typed.decided_on)
    return before if same else typed


def saved(
    request: AnyRequest, house: House, village: Region, before: Programme, after: Programme | Draft | None
) -> Redirect:
    """Say what was saved, and go back to the programme; or on to the resolution that a change needs."""
    if isinstance(after, Draft):
        text = _("这个村的细则要经村民表决，所以改动先存成了草稿，现在的方案没有变。附上决议就能启用。")
        tell(request, Tell(text=text))
        step = "rows" if after.undecided() else "resolution"
        return see_other(f"/township/v/{village.code}/draft/{after.id}/{step}")
    if after is None:
        tell(request, Tell(text=_("和现在的一样，没有新的改动。")))
    else:
        text = _("存成第%(version)s版，%(day)s起用：%(change)s。")
        values = {
            "version": after.version,
            "day": day(after.effective_from),
            "change": change_of(before, after, house.plugins.title),
        }
        lost = before.resolution is not None and after.resolution is None and before.document != after.document
        more = (_("办法变了，原来的决议不再算数，请把新的决议附上。"),) if lost else ()
        tell(request, Tell(text=text % values, more=more))
    return see_other(f"/township/v/{village.code}")


# ── showing ──


async def _choice(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    village: Region,
    chosen: list[str] | None = None,
    problem: Problem | None = None,
) -> Template:
    today = calendar.today(house.clock())
    await house.quarantines.look()
    shelf = await house.plugins.shelf(None, village.id, today)
    view = setup_views.Programme(
        village=village.name,
        action=f"/township/v/{village.code}/start",
        plugins=tuple(
            setup_views.PluginChoice(
                name=one.name,
                title=_(one.title),
                about=_(one.summary),
                on=one.name in (chosen or ()),
                trouble="".join(trouble.say(_) for trouble in one.troubles[:1]),
            )
            for one in shelf
            if not house.programmes.needs_resolution((one.name,))
        ),
        since=today,
        draft_href=f"/township/v/{village.code}/draft" if house.plugins.readers() else "",
        error=problem.say(_) if problem else "",
    )
    page = await desk(request, house, visitor, village)
    return show("setup/programme.html", page, view, status=problem.status if problem else 200)


async def _page(
    request: AnyRequest, house: House, visitor: Visitor, village: Region, latest: Programme, typed: Typed
) -> Template:
    history = await house.programmes.history(village.id)
    today = calendar.today(house.clock())
    in_force = lineages.ruling(history, today)
    coming = lineages.coming(history, today)
    aside = lineages.set_aside(history)
    authors = await _authors(house, [one.created_by for one in history])
    await house.quarantines.look()
    shelf = await house.plugins.shelf(latest, village.id, today)
    grids = await house.places.grids(village.id)
    general = [one for one in typed.problems if typed.papers is None and one.field is None]
    view = views.Programme(
        code=village.code,
        village=village.name,
        programme=_(latest.title),
        version=latest.version,
        since=latest.effective_from,
        plugins=tuple(
            plugin_of(one, latest, typed if typed.plugin == one.name else Typed())
            for one in sorted(shelf, key=lambda each: not each.on)
        ),
        versions=tuple(
            views.Version(
                number=one.version,
                since=one.effective_from,
                made_at=one.created_at,
                by=authors.get(one.created_by, _("系统")),
                change=change_of(lineages.followed(history, one), one, house.plugins.title),
                current=in_force is not None and one.id == in_force.id,
                coming=one in coming,
                aside=any(pair.version.id == one.id for pair in aside),
                suspended=one.document.suspended is not None,
                changes_href=f"/v/{village.code}/rules/{one.version}/changes",
            )
            for one in history
        ),
        warnings=() if house.demo else tuple(map(_, latest.warnings())),
        facts=facts_of(latest, await house.people.count_below(village.id)),
        grids=tuple(grid.name for grid in grids),
        papers=papers_of(latest, typed),
        suspended=suspended_of(in_force) or suspended_of(latest) if in_force else suspended_of(latest),
        can_suspend=latest.document.suspended is None,
        coming=tuple(
            Link(href=f"/township/v/{village.code}/withdraw/{one.version}", text=comes(one)) for one in coming
        ),
        aside=told(aside, history, today),
        drafts=await kept_drafts(house, village),
        error=general[0].say(_) if general else "",
    )
    page = await desk(request, house, visitor, village)
    status = typed.problems[0].status if typed.problems else 200
    return show("township/programme.html", page, view, status=status)


async def _authors(house: House, keys: list[int | None]) -> dict[int | None, str]:
    return {key: (await house.staff.member(key)).name for key in set(keys) if key is not None}
