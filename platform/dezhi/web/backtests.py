"""Backtests: choose what to try, wait, and show the page to the village's representatives (B-01, RU-07)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import msgspec
from litestar import Controller, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template

from dezhi.core.backtest_grid import last_whole, year_to
from dezhi.core.backtest_result import Backtest
from dezhi.core.calendar import today
from dezhi.core.drafts import Draft, RowState
from dezhi.core.errors import Problem
from dezhi.core.programmes import Programme
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_, phrase
from dezhi.service.backtest_rules import Change, Proposed, Whole
from dezhi.service.backtests import Asked
from dezhi.service.house import House
from dezhi.web.backtest_tables import notes_of, pictures_of, sentences_of, tables_of
from dezhi.web.drafts import uploaded
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.languages import translate as _
from dezhi.web.rendering import day
from dezhi.web.respond import see_other, show
from dezhi.web.township import desk
from dezhi.web.versions import SETTING, Typed, plugin_of
from dezhi.web.views import backtests as views, drafts
from dezhi.web.views.frame import Option
from dezhi.web.views.township import Setting
from dezhi.web.visitors import AnyRequest, Visitor, need_village, whole

REFRESH_SECONDS: Final = "2"
SEED_MAX: Final = 10**9
ALONE_MAX: Final = 30
"""Items of the past that are shown to choose rows for."""
PAIR: Final = "pair:"
"""Before an item of the past in the name of a form's field: which row of the draft stands for it."""

_ENDED = {
    "backtest-stopped": N_("这次试算半路停了（服务重新启动过）。账没有动，请重新试算一次。"),
    "backtest-failed": N_("这次试算没有算完，原因记在日志里。账没有动。"),
}


class BacktestPages(Controller):
    """The backtests of one village."""

    path = "/township/v/{code:str}/backtest"

    @get()
    async def choose(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        draft: FromQuery[str] = "",
    ) -> Template:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        return await _choice(request, house, visitor, village, {"draft": draft})

    @post()
    async def begin(
        self, request: AnyRequest, house: TheHouse, visitor: TheVisitor, code: FromPath[str]
    ) -> Template | Redirect:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        form = list((await request.form()).multi_items())
        typed = {key: value for key, value in form if isinstance(value, str)}
        files = [value for _name, value in form if isinstance(value, UploadFile)]
        try:
            since, until = _days(typed)
            asked = Asked(
                villages=(village,),
                proposed=await _proposed(house, visitor, village, typed, files),
                since=since,
                until=until,
                seed=_seed(typed.get("seed", "")),
                pairs=_pairs(typed),
            )
            token = await house.trials.begin(asked)
        except Problem as problem:
            return await _choice(request, house, visitor, village, typed, problem)
        back = f"?draft={whole(typed['draft'])}" if typed.get("what") == "draft" else ""
        return see_other(f"/township/v/{code}/backtest/{token}{back}")

    @get("/{token:str}")
    async def result(
        self,
        request: AnyRequest,
        house: TheHouse,
        visitor: TheVisitor,
        code: FromPath[str],
        token: FromPath[str],
        draft: FromQuery[str] = "",
    ) -> Template:
        village = await need_village(house, visitor, code, Role.TOWNSHIP)
        trial = await house.trials.find(token, village.id)
        page = await desk(request, house, visitor, village)
        back = f"/township/v/{code}/draft/{whole(draft)}" if draft else ""
        if trial.result is not None:
            return show("township/backtest.html", page, result_view(village, trial.result, back))
        error = _(_ENDED.get(trial.error, _ENDED["backtest-failed"])) if trial.error else ""
        running = views.Running(
            village=village.name,
            code=village.code,
            done=trial.done,
            total=trial.total,
            back=f"{back}/try" if back else "",
            error=error,
        )
        shown = show("township/backtest_running.html", page, running)
        if not trial.error:
            # The browser looks again by itself, with or without script.
            shown.headers["Refresh"] = REFRESH_SECONDS
        return shown


def days_of(house: House) -> tuple[date, date]:
    """The days that are played where nobody says others: the last twelve whole months."""
    until = last_whole(today(house.clock()))
    return year_to(until), until


def result_view(village: Region, found: Backtest, draft: str = "") -> views.Result:
    """The page of a result, in the reader's language; `draft` is the address of the draft it is about."""
    return views.Result(
        village=village.name,
        code=village.code,
        draft=found.draft,
        since=found.since,
        until=found.until,
        findings=sentences_of(found),
        pictures=pictures_of(found),
        tables=tables_of(found),
        notes=notes_of(found),
        draft_href=draft,
        has_alone=bool(found.unmatched),
    )


# ── what was chosen ──


async def proposed_in(house: House, village: Region, name: str, data: bytes, staff: int) -> Whole:
    """The rules in a file, all that could be read of them; a bare sheet takes the place of what the village has.

    Raises Problem `sheet-reader` (409) where no plugin reads workbooks, or as `Drafts.read` and `Whole.of_file` do.
    """
    if name.lower().endswith(".toml"):
        return Whole.of_file(data)
    plugin = next(iter(house.plugins.readers()), "")
    if not plugin:
        text = N_("这里没有能读村里表格的插件，只能试算方案文件（.toml）。")
        raise Problem("sheet-reader", text, status=409, field="file")
    read = await house.drafts.read(village.id, plugin, name, data, staff)
    read.check_keepable()
    document = read.with_rows(msgspec.structs.replace(one, state=RowState.KEPT) for one in read.rows).chosen()
    if read.field:
        alone = {read.plugin: document.plugins[read.plugin]}
        document = msgspec.structs.replace(document, plugins=alone)
    return Whole(title=name, document=document, keeping=False)


async def _proposed(
    house: House, visitor: Visitor, village: Region, typed: Mapping[str, str], files: Sequence[UploadFile]
) -> Proposed:
    """What the pressed button means. Raises `Problem`, with words for the form."""
    what, _colon, which = typed.get("what", "").partition(":")
    latest = await _latest(house, village)
    if what == "draft":
        draft = await house.drafts.find(village.id, whole(typed.get("draft", "")))
        return Whole(title=draft.title, document=draft.chosen())
    if what == "version":
        number = whole(typed.get("version", ""))
        one = next((one for one in await house.programmes.history(village.id) if one.version == number), None)
        if one is None:
            raise Problem("programme-unknown", N_("没有这个方案。"), status=404)
        return Whole(title=one.title, document=one.document)
    if what == "file":
        sent = next((one for one in files if one.filename), None)
        if sent is None:
            raise Problem("backtest-what", N_("请先选好细则表或者方案文件，再试算。"), field="file")
        return await proposed_in(house, village, *await uploaded(sent), visitor.need_staff(Role.TOWNSHIP).staff)
    if what == "plugin" and latest is not None and which in latest.document.plugins:
        start = f"{which}.{SETTING}"
        values = {key.removeprefix(start): value for key, value in typed.items() if key.startswith(start)}
        settings, wrong = house.plugins.fill(which, values, latest.document.plugins[which].settings)
        if wrong:
            raise wrong[0]
        return Change(plugin=which, settings=settings)
    raise Problem("backtest-what", N_("请选要试算的办法：一份草稿、一版方案，或者改几项设置。"))


def _days(typed: Mapping[str, str]) -> tuple[date, date]:
    try:
        return date.fromisoformat(typed.get("since", "")), date.fromisoformat(typed.get("until", ""))
    except ValueError:
        raise Problem("span", N_("日期看不懂，请写成 2026-11-22 的样子。"), field="since") from None


def _pairs(typed: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What was chosen for items without a row; nothing for those that stay without."""
    return tuple((key.removeprefix(PAIR), row) for key, row in typed.items() if key.startswith(PAIR) and row)


def _seed(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal() or int(text) > SEED_MAX:
        raise Problem("backtest-seed", N_("种子要写一个整数，不懂就空着。"), field="seed")
    return int(text)


# ── showing ──


async def alone_of(house: House, village: Region, draft: Draft, since: date, until: date) -> tuple[drafts.OldItem, ...]:
    """Items of the past without a row in a draft, most deeds first; none where nothing can be tried yet."""
    proposed = Whole(title=draft.title, document=draft.chosen())
    try:
        found = await house.backtests.pairing(Asked((village,), proposed, since, until))
    except Problem:
        return ()  # whoever presses the button reads why
    return tuple(
        drafts.OldItem(
            code=one.item,
            title=one.title,
            times=one.times,
            suggested=bool(one.new),
            rows=(
                Option(value="", text=_(N_("新办法里没有")), chosen=not one.new),
                *(Option(value=code, text=_(title), chosen=code == one.new) for code, title in found.rows.items()),
            ),
        )
        for one in found.unmatched
    )


async def _latest(house: House, village: Region) -> Programme | None:
    return next(iter(await house.programmes.history(village.id)), None)


async def _choice(
    request: AnyRequest,
    house: House,
    visitor: Visitor,
    village: Region,
    typed: Mapping[str, str],
    problem: Problem | None = None,
) -> Template:
    latest = await _latest(house, village)
    since, until = days_of(house)
    shelf = await house.plugins.shelf(latest, village.id, today(house.clock())) if latest else ()
    view = views.Ask(
        village=village.name,
        code=village.code,
        drafts=tuple(
            Option(value=str(one.id), text=_(one.title), chosen=str(one.id) == typed.get("draft"))
            for one in await house.drafts.open(village.id)
        ),
        versions=tuple(
            Option(
                value=str(one.version),
                text=_(
                    phrase(
                        N_("第%(n)s版 %(title)s，%(day)s起"),
                        n=one.version,
                        title=phrase(one.title),
                        day=day(one.effective_from),
                    )
                ),
                chosen=str(one.version) == typed.get("version"),
            )
            for one in await house.programmes.history(village.id)
        ),
        plugins=tuple(
            views.Plugin(
                name=one.name,
                title=_(one.title),
                settings=tuple(_retyped(each, one.name, typed) for each in plugin_of(one, latest, Typed()).settings),
            )
            for one in shelf
            if latest is not None and one.on and one.installed and one.fields
        ),
        since=typed.get("since", since.isoformat()),
        until=typed.get("until", until.isoformat()),
        seed=typed.get("seed", ""),
        error=problem.say(_) if problem else "",
    )
    page = await desk(request, house, visitor, village)
    return show("township/backtest_ask.html", page, view, status=problem.status if problem else 200)


def _retyped(setting: Setting, plugin: str, typed: Mapping[str, str]) -> Setting:
    """A setting under a name that tells its plugin, with what was typed."""
    name = f"{plugin}.{setting.name}"
    value = typed.get(name, "" if setting.kind == "yes" and typed.get("what") else setting.value)
    options = tuple(msgspec.structs.replace(one, chosen=one.value == value) for one in setting.options)
    return msgspec.structs.replace(setting, name=name, value=value, options=options)
