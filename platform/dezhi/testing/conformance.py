"""Every promise a plugin makes, as tests.

Subclass it in the plugin's own suite:

    class TestConformance(Conformance):
        package = "dezhi_hello"
"""

import ast
import importlib.util
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Final

import msgspec

from dezhi.core.offers import Offer, by_full_code, full_code, offer_items
from dezhi.core.scoring import accept
from dezhi.core.text import N_, Text, phrase
from dezhi.host import Answer, Directory, Failure, Roster
from dezhi.host.places import place_of
from dezhi.host.sources import CLOCKS, imports, is_allowed, sources
from dezhi.plugin import Amount, Board, Data, Deed, Grid, Onward, Quote, Refusal, Reward, Total, Visit, Workbook
from dezhi.testing.samples import A_DAY, A_HOLDER, a_deed, a_programme, an_entry, deeds_of
from dezhi.web.languages import translate

ANSWER_SECONDS_MAX: Final = 0.001
TRIES: Final = 30
PLENTY: Final = 100_000

CALLS: Final = frozenset(
    {"__import__", "breakpoint", "compile", "eval", "exec", "globals", "input", "open", "print", "setattr", "vars"}
)


class Conformance:
    """What must hold for every plugin. `settings` are the choices to try besides the defaults, as JSON objects."""

    package: ClassVar[str]
    settings: ClassVar[Sequence[Mapping[str, object]]] = ()

    def test_plugin_is_accepted(self) -> None:
        """Its manifest is there and true, its declaration and functions keep to the contract."""
        directory = Directory(modules=[self.package])
        _none((translate(fault.problem.phrase) for fault in directory.faults), "")
        assert list(directory.plugins) == [self.name]

    def test_plugin_imports_nothing_but_the_contract(self) -> None:
        """The standard library without the world outside, msgspec, dezhi.plugin, and itself by relative import."""
        strangers = sorted(
            {
                f"{file.name}:{line} {module}"
                for file, tree in self._sources()
                for line, module in imports(tree)
                if not is_allowed(module)
            }
        )
        _none(strangers, N_("插件只用标准库里不碰文件、网络、钟和随机数的部分"))

    def test_plugin_reads_no_clock_and_no_file(self) -> None:
        """An answer depends on the question alone; time comes with the question."""
        found = [f"{file.name}:{line} {call}" for file, tree in self._sources() for line, call in _calls(tree)]
        _none(found, N_("日子随问题给出（deed.date、programme.today）；什么都不读，什么都不打印"))

    def test_settings_survive_json(self) -> None:
        """What is chosen is stored as JSON and must come back the same."""
        for roster in self._rosters():
            typed = roster.settings(self.name)
            assert msgspec.json.decode(msgspec.json.encode(typed), type=type(typed)) == typed

    def test_offers_have_no_fault(self) -> None:
        """Items have declared categories, and no code is used twice."""
        for roster in self._rosters():
            _none((translate(one.phrase) for one in self._offer(roster).problems), _returns("items"))
            for hook in ("rewards", "boards"):
                twice = by_full_code([(self.name, self._answer(roster, hook))])[1]
                _none((translate(one.phrase) for one in twice), _returns(hook))

    def test_offers_do_not_depend_on_the_day(self) -> None:
        """They are kept with the version of the programme."""
        for roster in self._rosters():
            for hook in ("items", "rewards", "boards"):
                later = a_programme(A_DAY + timedelta(days=200))
                assert roster.ask_owner(self.name, hook, programme=later) == roster.ask_owner(
                    self.name, hook, programme=a_programme()
                )

    def test_every_item_can_be_earned(self) -> None:
        """Whatever a clerk may answer gives awards inside the item's own lines, with a reason; some answer earns."""
        for roster in self._rosters():
            offer = self._offer(roster)
            for code, item in offer.items.items():
                earning = False
                for facts in self._pasts(roster):
                    for deed in deeds_of(code, item):
                        accepted = accept(offer.items, [(self.name, self._score(roster, deed, facts))], deed, version=1)
                        _none(
                            (translate(one.phrase) for one in accepted.refusals),
                            phrase(N_("请看 `score` 给了 %(item)s 什么"), item=code),
                        )
                        earning = earning or code in {proposal.item for proposal in accepted.proposals}
                    if earning:
                        break
                assert earning, _said(N_("%(item)s：记分员怎么答都挣不到，请看 `score`"), item=code)

    def test_same_question_has_the_same_answer(self) -> None:
        """Scoring again, or replaying years later, gives what it gave."""
        for roster in self._rosters():
            for deed in self._deeds(roster):
                assert self._score(roster, deed) == self._score(roster, deed)

    def test_foreign_deeds_do_no_harm(self) -> None:
        """A deed under another plugin's item, or one of its own that is gone, is answered without a fault."""
        for roster in self._rosters():
            for code in ("another-plugin/thing", f"{self.name}/no-such-item"):
                self._score(roster, a_deed(code))

    def test_every_reward_has_a_price(self) -> None:
        """A quote names the reward it was asked about, or is a refusal with its reason."""
        for roster in self._rosters():
            for reward in self._answer(roster, "rewards"):
                assert isinstance(reward, Reward)
                quoted = self._answer(roster, "quote", reward=reward, holder=A_HOLDER, facts={})
                assert quoted is None or isinstance(quoted, Refusal) or _names(quoted, reward)

    def test_boards_count_known_categories(self) -> None:
        """A weight names only categories the plugin declares."""
        for roster in self._rosters():
            known = {category.code for category in roster.categories[self.name]}
            for board in self._answer(roster, "boards"):
                assert isinstance(board, Board)
                assert {code for weight in board.weights for code in weight.categories} <= known

    def test_assessments_are_sound(self) -> None:
        """An assessment is asked about any deed, and answers None where there is none."""
        for roster in self._rosters():
            for deed in self._deeds(roster):
                self._answer(roster, "assess", deed=deed, facts={})

    def test_what_the_calendar_makes_due_is_offered(self) -> None:
        """On every day of a year, and the same when asked again: only items of the plugin's own that are offered."""
        for roster in self._rosters():
            offered = self._offer(roster).items
            for number in range(366):
                day = A_DAY + timedelta(days=number)
                due = self._answer(roster, "schedule", day=day)
                assert due == self._answer(roster, "schedule", day=day)
                assert [one.item for one in due if full_code(self.name, one.item) not in offered] == []

    def test_reports_take_any_totals(self) -> None:
        """Nothing at all, and a month of every item."""
        for roster in self._rosters():
            totals = [
                Total(item=item.code, month=A_DAY.replace(day=1), asset=line.asset, times=9, amount=90, households=6)
                for item in self._offer(roster).items.values()
                for line in item.lines
            ]
            for some in ((), tuple(totals)):
                tables = self._answer(roster, "reports", totals=some)
                assert len({table.code for table in tables}) == len(tables)

    def test_notices_take_any_entry(self) -> None:
        """Every item's least award, and an item that is gone."""
        for roster in self._rosters():
            entries = [
                an_entry(item.code, tuple(Amount(asset=line.asset, amount=line.amount_min) for line in item.lines))
                for item in self._offer(roster).items.values()
            ]
            for entry in (*entries, an_entry("no-such-item", ())):
                self._answer(roster, "notices", entry=entry, facts={})

    def test_pages_lead_to_pages(self) -> None:
        """Every link of a page leads to another page of the plugin; an address nobody knows has none."""
        for roster in self._rosters():
            assert self._answer(roster, "page", visit=Visit(path="no-such-page-anywhere")) is None
            seen, waiting = {""}, [""]
            while waiting:
                found = self._answer(roster, "page", visit=Visit(path=waiting.pop()))
                onward = {block.path for block in found.blocks if isinstance(block, Onward)} if found else set()
                for path in sorted(onward - seen):
                    assert self._answer(roster, "page", visit=Visit(path=path)) is not None, _said(
                        N_("没有这一页：%(path)s"), path=path
                    )
                waiting += sorted(onward - seen)
                seen |= onward

    def test_an_empty_workbook_is_read_without_a_fault(self) -> None:
        """Whatever somebody uploads, reading it gives drafts or nothing."""
        for roster in self._rosters():
            for workbook in (Workbook(grids=()), Workbook(grids=(Grid(name="Sheet1", cells=()),))):
                self._answer(roster, "read_sheet", workbook=workbook)

    def test_answers_are_quick(self) -> None:
        """A hook runs while somebody waits: the best of some tries stays under a millisecond."""
        roster = self._rosters()[0]
        for deed in self._deeds(roster)[:3]:
            taken = []
            for _ in range(TRIES):
                start = time.perf_counter()
                self._score(roster, deed)
                taken.append(time.perf_counter() - start)
            took = _said(N_("%(item)s：`score` 用了 %(ms)s 毫秒"), item=deed.item, ms=f"{1_000 * min(taken):.1f}")
            assert min(taken) < ANSWER_SECONDS_MAX, took

    @property
    def name(self) -> str:
        """The plugin's name: the package's, with hyphens."""
        return self.package.replace("_", "-")

    def _rosters(self) -> list[Roster]:
        directory = Directory(modules=[self.package])
        return [Roster(directory, {self.name: chosen}) for chosen in ({}, *self.settings)]

    def _answer(self, roster: Roster, hook: str, **given: Any) -> Any:
        """Ask one hook; an answer that is a failure fails the test with the place in the plugin, and what to do."""
        answer = roster.ask_owner(self.name, hook, programme=a_programme(), **given)
        if isinstance(answer, Failure):
            call = roster.plugin(self.name).functions[hook].call
            told = _told(answer, f"{Path(call.__code__.co_filename).name}:{call.__code__.co_firstlineno}")
            raise AssertionError(told + self._hint(answer, given.get("deed")))  # noqa: TRY004 - a test fails
        assert isinstance(answer, Answer)
        return answer.value

    def _hint(self, failed: Failure, deed: Deed | None) -> str:
        """What an error most often comes of, and is not said by it."""
        if "immutable type" in failed.detail or "does not support item assignment" in failed.detail:
            given = N_("给插件看的改不了；要改，用 msgspec.structs.replace 另做一个")
            return f" ({translate(given)})"
        manifest = Directory(modules=[self.package]).plugins[self.name].manifest
        if deed is not None and deed.participants and Data.PARTICIPANTS not in manifest.data:
            empty = N_('deed.participants 是空的：plugin.toml 的 `data` 里没有写 "participants"')
            return f" ({translate(empty)})"
        return ""

    def _offer(self, roster: Roster) -> Offer:
        return offer_items([(self.name, self._answer(roster, "items"))], roster.categories)

    def _pasts(self, roster: Roster) -> Iterator[Mapping[str, int]]:
        """Every fact nothing, a little, or more than any rule asks for; then each one alone."""
        names = [fact.name for fact in roster.facts_for("score").get(self.name, ())]
        yield from (dict.fromkeys(names, much) for much in (0, 1, PLENTY))
        yield from ({name: PLENTY} for name in names)

    def _score(self, roster: Roster, deed: Deed, facts: Mapping[str, int] | None = None) -> Any:
        return self._answer(roster, "score", deed=deed, facts={self.name: facts or {}})

    def _deeds(self, roster: Roster) -> list[Deed]:
        return [deed for code, item in self._offer(roster).items.items() for deed in deeds_of(code, item)]

    def _sources(self) -> Iterator[tuple[Path, ast.Module]]:
        spec = importlib.util.find_spec(self.package)
        assert spec is not None
        assert spec.origin is not None
        yield from sources(Path(spec.origin).parent)


def _said(text: str, **values: object) -> str:
    """A message in the language of whoever runs the tests."""
    return translate(phrase(text, **values))


def _returns(hook: str) -> Text:
    return phrase(N_("请看 `%(hook)s` 返回了什么"), hook=hook)


def _none(found: Iterable[object], remedy: Text) -> None:
    """Fail with everything that was found; said here, because `dezhi plugin check` runs without pytest's words."""
    told = [str(one) for one in found]
    if told:
        raise AssertionError("; ".join(told) + (f" ({translate(remedy)})" if remedy else ""))


def _told(failed: Failure, beginning: str) -> str:
    """`score, __init__.py:72: KeyError: 'x'`: where it failed, at the hook's `beginning` if not inside, and how."""
    place = place_of(failed.detail) or beginning
    words = failed.detail.strip().splitlines()[-1].removeprefix("dezhi.host.trouble.") if failed.detail else failed.text
    return f"{failed.hook}, {place}: {words}"


def _names(quote: object, reward: Reward) -> bool:
    return isinstance(quote, Quote) and quote.reward == reward.code


def _calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Name every call that reads or changes something outside, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in CALLS:
                yield node.lineno, node.func.id
            elif isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
                yield node.lineno, node.func.attr
