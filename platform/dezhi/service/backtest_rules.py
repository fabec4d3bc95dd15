"""A draft ready to be asked about the past: its plugins seated, its items and rewards offered, nothing adopted."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, Self

import msgspec

from dezhi.core.backtest import Judged
from dezhi.core.calendar import today
from dezhi.core.errors import Problem
from dezhi.core.programme_files import ProgrammeFile, read_programme_file
from dezhi.core.programmes import Document, Enabled, Programme
from dezhi.core.scoring import Proposal, accept, fault_of, intent_of
from dezhi.core.text import N_
from dezhi.host import Directory, Failure, Roster
from dezhi.plugin import Deed, Facts, Item, Participant, Programme as Context, Reward, Settings
from dezhi.service.offers import offered_by
from dezhi.service.sheetfiles import seated

FILE_TITLE: Final = N_("文件里的方案")
"""What a programme is called whose file does not say."""


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """A whole programme that nobody adopted; one without `keeping` of its own keeps points as they are kept now."""

    title: str
    document: Document
    keeping: bool = True

    @classmethod
    def of_file(cls, content: bytes) -> Self:
        """A programme, or a bare sheet, out of a TOML file. Raises as `read_programme_file` does."""
        return cls.of(read_programme_file(content))

    @classmethod
    def of(cls, file: ProgrammeFile) -> Self:
        """What a file that was read proposes."""
        return cls(
            title=file.programme.title or FILE_TITLE,
            document=file.document,
            keeping=file.programme.keeping is not None,
        )


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """The programme in force with settings of one plugin changed; one not in use takes the place of all others."""

    plugin: str
    settings: Mapping[str, Any] = {}


Proposed = Whole | Change
"""What a backtest is about. A `Change` is made of each village's own programme."""


def draft_of(directory: Directory, proposed: Proposed, programme: Programme) -> Whole:
    """Return the whole of what is proposed for a village with this programme.

    Raises `Problem` `plugin-missing` (404), or `plugin-settings` naming the setting that cannot be.
    """
    if isinstance(proposed, Whole):
        document = seated(directory, proposed.document)
        if not proposed.keeping:
            document = msgspec.structs.replace(document, keeping=programme.document.keeping)
        return Whole(title=proposed.title, document=document)
    name = proposed.plugin
    plugin = directory.plugins.get(name)
    if plugin is None:
        fault = directory.fault(name)
        text = N_("这里没有安装插件“%(plugin)s”。请先装上它；方案没有改。")
        raise fault.problem if fault else Problem("plugin-missing", text, status=404, plugin=name[:60])
    now = programme.document.plugins.get(name)
    settings = {**(now.settings if now else {}), **proposed.settings}
    _check(name, plugin.declaration.settings, settings)
    enabled = Enabled(version=plugin.manifest.version, settings=settings)
    plugins = {**programme.document.plugins, name: enabled} if now else {name: enabled}
    return Whole(title=programme.title, document=msgspec.structs.replace(programme.document, plugins=plugins))


def _check(name: str, kind: type[Settings], settings: Mapping[str, Any]) -> None:
    try:
        msgspec.convert(settings, kind)
    except msgspec.ValidationError as error:
        text = N_("插件 %(plugin)s 的设置用不了（%(why)s）。")
        raise Problem("plugin-settings", text, plugin=name, why=str(error)[:300]) from error


class Rules:
    """A draft's plugins for one village. Raises `Problem` as `offered_by` does."""

    def __init__(self, directory: Directory, draft: Whole, programme: Programme) -> None:
        self.draft = draft
        self.roster = Roster(directory, draft.document.plugins)
        self._programme = programme
        self._days: dict[date, Context] = {}
        self._past = self.roster.past_for("score")
        if self.roster.asleep:
            raise Problem("safe-mode", N_("现在是安全模式，不问任何插件，不能试算。"), status=409)
        offered = offered_by(self.roster, draft.document, self._context(programme.effective_from), programme)
        self.items: Mapping[str, Item] = offered.items
        self.rewards: Mapping[str, Reward] = offered.rewards

    def score(self, deed: Deed, facts: Mapping[str, Facts]) -> Judged:
        """Ask what a deed would earn, and every plugin whether there is a reason against it."""
        context = self._context(today(deed.recorded_at))
        answers, faults = [], []
        for answer in self.roster.ask_each("score", programme=context, deed=deed, facts=facts):
            if isinstance(answer, Failure):
                faults.append(answer.problem)
            else:
                answers.append((answer.name, answer.value))
        accepted = accept(self.items, answers, deed, self._programme.version, self._past_people(facts))
        faults += accepted.refusals
        if not accepted.proposals:
            return Judged((), fault_of(deed, faults))
        return Judged(accepted.proposals, self._reason_against(accepted.proposals, context, deed, facts))

    def _past_people(self, facts: Mapping[str, Facts]) -> dict[str, tuple[Participant, ...]]:
        """Everybody in the past deeds that were handed over to score, by plugin."""
        return {
            plugin: tuple(
                who
                for past in declared
                for deed in facts[plugin].past(past.name)
                for who in (deed.doer, *deed.participants)
            )
            for plugin, declared in self._past.items()
        }

    def _reason_against(
        self, proposals: Sequence[Proposal], context: Context, deed: Deed, facts: Mapping[str, Facts]
    ) -> Problem | None:
        for proposal in proposals:
            for answer in self.roster.ask_each(
                "check", programme=context, intent=intent_of(proposal, deed), facts=facts
            ):
                if isinstance(answer, Failure):
                    return answer.problem
                if answer.value is not None:
                    return Problem("refused", N_("没有存上：%(reason)s"), status=409, reason=answer.value.reason)
        return None

    def _context(self, on: date) -> Context:
        """What plugins are told of the programme on a day: as if the draft were the next version."""
        context = self._days.get(on)
        if context is None:
            programme = self._programme
            context = self._days[on] = Context(
                id=programme.lineage, version=programme.version + 1, village=programme.village, today=on
            )
        return context
