"""Backtests of a village's past deeds under draft rules: begin one, and ask how it stands (B-01)."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import Controller
from litestar.params import JSONBody, PathParameter
from msgspec import Meta

from dezhi.core.backtest_result import Backtest
from dezhi.core.errors import Problem
from dezhi.core.regions import Region
from dezhi.core.staff import Role
from dezhi.core.text import N_
from dezhi.core.tokens import Scope
from dezhi.service.backtest_rules import Change, Proposed, Whole
from dezhi.service.backtests import Asked
from dezhi.service.house import House
from dezhi.service.trials import Trial
from dezhi.web.api.calls import ask, read
from dezhi.web.api.drafts import SheetFile
from dezhi.web.api.kinds import BACKTEST, DAY, ID_PATTERN, PLUGIN, Answer, Body, VillagePath, id_of
from dezhi.web.api.plugins import PluginName
from dezhi.web.api.programmes import PluginChoice
from dezhi.web.backtest_tables import notes_of, sentences_of
from dezhi.web.backtests import proposed_in
from dezhi.web.given import TheHouse, TheVisitor
from dezhi.web.visitors import Visitor, need_village

BacktestPath = Annotated[str, PathParameter(pattern=r"^[A-Za-z0-9_-]{16}$", description="A backtest's id.")]


PAIRS_MAX = 200
ItemName = Annotated[str, Meta(min_length=1, max_length=120)]


class NewBacktest(Body, frozen=True, kw_only=True):
    """What to try: a plugin with other settings, a version, or a draft; the newest version where nothing is said."""

    since: Annotated[date, Meta(description="First day of the deeds.", examples=["2026-01-01"])]
    until: Annotated[date, Meta(description="Last day.", examples=[DAY])]
    plugins: Annotated[
        dict[PluginName, PluginChoice],
        Meta(
            max_length=1,
            description="A plugin in use with settings changed; or another one, which takes the place of all.",
            examples=[{PLUGIN: {"settings": {"month_times_max": 2}}}],
        ),
    ] = msgspec.field(default_factory=dict)
    version: Annotated[
        Annotated[int, Meta(ge=1, le=100_000)] | None, Meta(description="A version of the village's.")
    ] = None
    draft: Annotated[Annotated[str, Meta(pattern=ID_PATTERN)] | None, Meta(description="A draft of the village's.")] = (
        None
    )
    file: Annotated[
        SheetFile | None, Meta(description="A sheet or programme, tried and not kept.", examples=[None])
    ] = None
    pairs: Annotated[
        dict[ItemName, ItemName],
        Meta(
            max_length=PAIRS_MAX,
            description="Items of the past and the rows of the draft that stand for them, by codes or titles. Without:"
            " by the same code, else title. `result.unmatched` suggests some.",
            examples=[{}],
        ),
    ] = msgspec.field(default_factory=dict)
    seed: Annotated[
        Annotated[int, Meta(ge=0, le=10**9)] | None,
        Meta(description="Draws what nobody was asked then; else the usual."),
    ] = None


class BacktestOf(Answer, frozen=True, kw_only=True):
    """How a backtest stands. Figures about fewer than five households are null, with those they follow from."""

    id: Annotated[str, Meta(description="Its id; kept for a week.", examples=[BACKTEST])]
    done: Annotated[int, Meta(description="Deeds played so far.", examples=[17])]
    total: Annotated[int, Meta(description="Deeds in all.", examples=[17])]
    error: Annotated[str, Meta(description="Why it ended without a result; else empty.", examples=[""])]
    findings: Annotated[list[str], Meta(description="What it found, in sentences.", examples=[[]])]
    notes: Annotated[list[str], Meta(description="How it was counted.", examples=[[]])]
    result: Annotated[Backtest | None, Meta(description="Every figure; null until it is over.")]


class BacktestCalls(Controller):
    """The backtests of one village."""

    path = "/villages/{village:str}/backtests"
    tags = ("Programmes",)

    @ask("/begin", Scope.PROGRAMME, "begin_backtest", "Play past deeds again under draft rules; books are only read")
    async def begin(
        self, house: TheHouse, visitor: TheVisitor, village: VillagePath, data: JSONBody[NewBacktest]
    ) -> BacktestOf:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)
        proposed = await _proposed(house, visitor, place, data)
        asked = Asked(
            villages=(place,),
            proposed=proposed,
            since=data.since,
            until=data.until,
            seed=data.seed,
            pairs=tuple(data.pairs.items()),
        )
        token = await house.trials.begin(asked)
        return _told(token, await house.trials.find(token, place.id))

    @read("/{backtest:str}", Scope.READ, "get_backtest", "How a backtest stands, and what it found")
    async def find(
        self, house: TheHouse, visitor: TheVisitor, village: VillagePath, backtest: BacktestPath
    ) -> BacktestOf:
        place = await need_village(house, visitor, village, Role.TOWNSHIP)
        return _told(backtest, await house.trials.find(backtest, place.id))


async def _proposed(house: House, visitor: Visitor, place: Region, data: NewBacktest) -> Proposed:
    village = place.id
    chosen = [bool(data.plugins), data.version is not None, data.draft is not None, data.file is not None]
    if chosen.count(True) > 1:
        raise Problem("backtest-what", N_("请选要试算的办法：一份草稿、一版方案，或者改几项设置。"))
    if data.file is not None:
        staff = visitor.need_staff(Role.TOWNSHIP).staff
        return await proposed_in(house, place, data.file.name, data.file.content, staff)
    if data.draft is not None:
        draft = await house.drafts.find(village, id_of(data.draft))
        return Whole(title=draft.title, document=draft.chosen())
    if data.plugins:
        ((name, choice),) = data.plugins.items()
        return Change(plugin=name, settings=choice.settings)
    history = await house.programmes.history(village)
    one = next((one for one in history if data.version in {None, one.version}), None)
    if one is None:
        raise Problem("programme-unknown", N_("没有这个方案。"), status=404)
    return Whole(title=one.title, document=one.document)


def _told(token: str, trial: Trial) -> BacktestOf:
    found = trial.result
    return BacktestOf(
        id=token,
        done=trial.done,
        total=trial.total,
        error=trial.error,
        findings=list(sentences_of(found)) if found else [],
        notes=list(notes_of(found)) if found else [],
        result=found,
    )
