"""Shadows: begin one, look at where it would have given something else, end it (B-15)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from litestar import Controller, get, post
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from dezhi.core.backtest_words import asset_word, change, much
from dezhi.core.errors import Problem
from dezhi.core.regions import Region
from dezhi.core.shadows import Difference, Shadow, ShadowState
from dezhi.core.staff import Role
from dezhi.core.text import N_, counted, phrase
from dezhi.plugin import Asset
from dezhi.service.backtest_rules import Whole
from dezhi.service.house import House
from dezhi.web.doors import Form
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.rendering import short_day
from dezhi.web.respond import see_other, show, tell
from dezhi.web.township import desk
from dezhi.web.views import shadows as views
from dezhi.web.views.backtests import Row, Table
from dezhi.web.views.frame import Option, Tell
from dezhi.web.visitors import AnyRequest, Visitor, need_village, whole

ROWS_SHOWN: Final = 200
STATES: Final = {
    ShadowState.RUNNING: N_("正在陪跑"),
    ShadowState.ENDED: N_("到期结束了"),
    ShadowState.STOPPED: N_("提前停了"),
}


class BeginForm(Form):
    """Which draft or version is to run beside, and how many days."""

    what: str = ""
    draft: str = ""
    version: str = ""
    days: str = ""


class NoForm(Form):
    """The address says all."""


class ShadowPages(Controller):
    """The shadows of one village."""

    path = "/township/v/{code:str}/shadow"

    @get()
    async def page(self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]) -> Template:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        return await _page(request, house, visitor, village, BeginForm())

    @post()
    async def begin(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        data: URLEncodedBody[BeginForm],
    ) -> Template | Redirect:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        try:
            proposed = await proposed_of(house, village, data.what, whole(data.draft), whole(data.version))
            staff = visitor.need_staff(Role.TOWNSHIP).staff
            await house.shadows.begin(village, proposed, staff, whole(data.days))
        except Problem as problem:
            return await _page(request, house, visitor, village, data, problem)
        tell(request, Tell(text=_("开始陪跑了。账还是按现在的方案记，每天夜里比一次。")))
        return see_other(f"/township/v/{code}/shadow")

    @post("/{key:str}/compare")
    async def compare(
        self,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        key: FromPath[str],
        data: URLEncodedBody[NoForm],
    ) -> Redirect:
        del data
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        shadow = await house.shadows.find(village, whole(key))
        if shadow.state is ShadowState.RUNNING:
            await house.shadows.compare(shadow)
        return see_other(f"/township/v/{code}/shadow")

    @post("/{key:str}/stop")
    async def stop(
        self,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        key: FromPath[str],
        data: URLEncodedBody[NoForm],
    ) -> Redirect:
        del data
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        await house.shadows.stop(village, whole(key))
        return see_other(f"/township/v/{code}/shadow")


async def proposed_of(house: House, village: Region, what: str, draft: int, version: int) -> Whole:
    """A draft (`what` is draft) or a version (version) of the village. Raises `Problem` for anything else."""
    if what == "draft":
        found = await house.drafts.find(village.id, draft)
        return Whole(title=found.title, document=found.chosen())
    history = await house.programmes.history(village.id) if what == "version" else ()
    one = next((one for one in history if one.version == version), None)
    if one is None:
        raise Problem("shadow-what", N_("请选要陪跑的草稿或者另一版方案。"))
    return Whole(title=one.title, document=one.document)


def sums_of(found: Sequence[Difference]) -> dict[Asset, int]:
    """What the draft would have given more (or less) in all, by asset."""
    sums = Counter[Asset]()
    for one in found:
        sums[one.asset] += one.after - one.before
    return dict(sums)


async def _page(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    village: Region,
    typed: BeginForm,
    problem: Problem | None = None,
) -> Template:
    shadows = await house.shadows.of(village)
    idle = all(one.state is not ShadowState.RUNNING for one in shadows)
    view = views.Shadows(
        village=village.name,
        code=village.code,
        shadows=tuple([await _shown(house, one, first=not number) for number, one in enumerate(shadows)]),
        drafts=tuple(
            Option(value=str(one.id), text=_(one.title), chosen=str(one.id) == typed.draft)
            for one in await house.drafts.open(village.id)
        )
        if idle
        else (),
        versions=tuple(
            Option(
                value=str(one.version),
                text=_("第%(n)s版 %(title)s") % {"n": one.version, "title": _(one.title)},
                chosen=str(one.version) == typed.version,
            )
            for one in await house.programmes.history(village.id)
        )
        if idle
        else (),
        days=typed.days or "30",
        error=problem.say(_) if problem else "",
    )
    page = await desk(request, house, visitor, village)
    return show("township/shadow.html", page, view, status=problem.status if problem else 200)


async def _shown(house: House, shadow: Shadow, *, first: bool) -> views.Shadow:
    found = await house.shadows.differences(shadow)
    return views.Shadow(
        id=str(shadow.id),
        title=_(shadow.title),
        state=_(STATES[shadow.state]),
        since=shadow.since,
        until=shadow.until,
        deeds=shadow.deeds,
        running=shadow.state is ShadowState.RUNNING,
        sums=sums_told(shadow, found),
        table=table_told(found) if first else None,
        trouble=bool(shadow.trouble),
    )


def sums_told(shadow: Shadow, found: Sequence[Difference]) -> tuple[str, ...]:
    """The differences together, in sentences."""
    deeds = len({one.seq for one in found})
    told = [_(counted("比了%(n)s笔，不一样的%(unlike)s笔。", shadow.deeds, unlike=deeds))]
    sums: Mapping[Asset, int] = sums_of(found)
    told += [
        _(phrase(N_("%(asset)s：按它%(change)s。"), asset=phrase(asset_word(asset)), change=change(asset, amount)))
        for asset, amount in sums.items()
    ]
    return tuple(told)


def table_told(found: Sequence[Difference]) -> Table:
    """The newest differences one by one."""
    return Table(
        title=_("一笔一笔看"),
        note=_(counted("最近的%(n)s笔", ROWS_SHOWN)) if len(found) > ROWS_SHOWN else "",
        headings=tuple(map(_, (N_("账号"), N_("哪天"), N_("做什么"), N_("积分"), N_("现在给"), N_("按它给")))),
        rows=tuple(
            Row(
                cells=(
                    str(one.seq),
                    short_day(one.on),
                    _(one.title),
                    _(asset_word(one.asset)),
                    _(much(one.asset, one.before)),
                    _(much(one.asset, one.after)),
                )
            )
            for one in found[:ROWS_SHOWN]
        ),
        figures=False,
    )
