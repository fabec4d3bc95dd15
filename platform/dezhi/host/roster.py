"""The plugins of one version of a programme, ready to be asked: bound to their settings, in the order of their names.

Why a roster and not pluggy's own calls: `docs/adr/0011-rosters.md`.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.programmes import Enabled
from dezhi.core.text import N_
from dezhi.core.watch import UNWATCHED, Watch
from dezhi.host.answers import Answer, Failure, check_words, failure, sound
from dezhi.host.deadline import ASK_SECONDS, within
from dezhi.host.directory import Directory
from dezhi.host.inspection import Function, Installed, check_declared
from dezhi.host.places import tell_author
from dezhi.plugin import Category, Data, Declared, Deed, Fact, Facts, Past, Permission, Settings, hooks

Choice = Enabled | Mapping[str, Any]
"""What a programme says of a plugin: its version and settings; or its settings alone, then it is the newest version."""

ROSTERS_MAX: Final = 512  # a county has some 300 villages; one roster takes a few KiB


class _Seat(msgspec.Struct, frozen=True, kw_only=True):
    """One plugin in a roster."""

    plugin: Installed
    settings: Settings
    declared: Declared


class _Asked(NamedTuple):
    """What became of one asking."""

    hook: str
    answer: Answer | Failure
    seconds: float


class Roster:
    """Ask the enabled plugins. Every answer is labelled with its plugin; every failure is an answer too."""

    def __init__(self, directory: Directory, enabled: Mapping[str, Choice], watch: Watch = UNWATCHED) -> None:
        """Seat the plugins named by `enabled`, a mapping of plugin name to its settings as JSON objects."""
        self._watch = watch
        self._ward = directory.ward
        self._turn = directory.turn
        self.asleep = directory.safe
        """Safe mode: no plugin is asked, and none is missed."""
        self._seats: dict[str, _Seat] = {}
        self._absent: dict[str, Problem] = {}
        self._closed: set[str] = set()
        for name in sorted(enabled):
            seat = _seat(directory, name, enabled[name])
            if isinstance(seat, _Seat):
                self._seats[name] = seat
                continue
            self._absent[name] = seat
            if _may_refuse(directory, name):
                self._closed.add(name)
        self._order = {hook: self._line_up(hook) for hook in hooks.PERMISSION_OF}

    @property
    def names(self) -> tuple[str, ...]:
        """The plugins that can be asked."""
        return tuple(self._seats)

    @property
    def absent(self) -> Mapping[str, Problem]:
        """The plugins that are enabled and cannot be asked, with the reason."""
        return MappingProxyType(self._absent)

    @property
    def categories(self) -> dict[str, tuple[Category, ...]]:
        """The declared categories by plugin."""
        return {name: seat.declared.categories for name, seat in self._seats.items()}

    @property
    def notices(self) -> dict[str, str]:
        """What each plugin wants written above its rules."""
        return {name: seat.declared.notice for name, seat in self._seats.items()}

    def facts_for(self, *asked: str) -> dict[str, tuple[Fact, ...]]:
        """Return what to look up before asking these hooks, by plugin; a hook that takes no facts needs none."""
        return {
            name: seat.declared.facts
            for name, seat in self._seats.items()
            if any("facts" in function.takes for hook, function in seat.plugin.functions.items() if hook in asked)
        }

    def past_for(self, *asked: str) -> dict[str, tuple[Past, ...]]:
        """Return which past deeds to look up before asking these hooks, by plugin, as `facts_for` does."""
        return {
            name: seat.declared.past
            for name, seat in self._seats.items()
            if seat.declared.past
            and any("facts" in function.takes for hook, function in seat.plugin.functions.items() if hook in asked)
        }

    def declared(self, name: str) -> Declared:
        """Return what a plugin declares under its settings; KeyError if it cannot be asked."""
        return self._seats[name].declared

    def plugin(self, name: str) -> Installed:
        """Return the version of a plugin that is asked; KeyError if it cannot be asked."""
        return self._seats[name].plugin

    def settings(self, name: str) -> Settings:
        """Return the typed settings a plugin is asked with; KeyError if it cannot be asked."""
        return self._seats[name].settings

    def ask_each(self, hook: str, /, **given: Any) -> list[Answer | Failure]:
        """Ask every enabled plugin that implements `hook`, in the order of names.

        `given` are the hook's arguments without `settings`; `facts` is a mapping of plugin name to its values, and what
        is not in it counts as 0.
        """
        return [
            Failure(name=name, hook=hook, problem=self._absent[name]) if seat is None else self._ask(seat, hook, given)
            for name, seat in self._order[hook]
        ]

    def ask_owner(self, name: str, hook: str, /, **given: Any) -> Answer | Failure:
        """Ask one plugin; a plugin that does not implement the hook answers None."""
        seat = self._seats.get(name)
        if seat is None:
            return Failure(name=name, hook=hook, problem=self._absent.get(name) or _not_enabled(name))
        if hook not in seat.plugin.functions:
            return Answer(name=name, value=sound(hook, None))
        return self._ask(seat, hook, given)

    def try_owner(self, name: str, hook: str, /, **given: Any) -> Answer | Failure:
        """Ask as `ask_owner` does before anything is adopted: what becomes of it is held against nobody."""
        seat = self._seats[name]
        if hook not in seat.plugin.functions:
            return Answer(name=name, value=sound(hook, None))
        return self._held(seat, hook) or _asked(seat, hook, given).answer

    async def each(self, hook: str, /, **given: Any) -> list[Answer | Failure]:
        """Ask as `ask_each` does, without holding up everybody else of this process while a chamber is waited for."""
        return [
            Failure(name=name, hook=hook, problem=self._absent[name])
            if seat is None
            else await self._ask_beside(seat, hook, given)
            for name, seat in self._order[hook]
        ]

    async def owner(self, name: str, hook: str, /, **given: Any) -> Answer | Failure:
        """Ask as `ask_owner` does, without holding up everybody else while a chamber is waited for."""
        seat = self._seats.get(name)
        if seat is None or hook not in seat.plugin.functions:
            return self.ask_owner(name, hook, **given)
        return await self._ask_beside(seat, hook, given)

    def _line_up(self, hook: str) -> tuple[tuple[str, _Seat | None], ...]:
        """List who is asked: the seats that implement the hook, and the absent, who fail for all to see."""
        asked: dict[str, _Seat | None] = {
            name: seat for name, seat in self._seats.items() if hook in seat.plugin.functions
        }
        for name in self._absent:
            if not self.asleep and (hook != "check" or name in self._closed):
                asked[name] = None
        return tuple(sorted(asked.items()))

    def _ask(self, seat: _Seat, hook: str, given: Mapping[str, Any]) -> Answer | Failure:
        """Ask one plugin and check what it says; whatever it raises becomes a Failure."""
        return self._held(seat, hook) or self._noted(seat, given, _asked(seat, hook, given))

    async def _ask_beside(self, seat: _Seat, hook: str, given: Mapping[str, Any]) -> Answer | Failure:
        """Ask as `_ask` does; a plugin in a chamber in a thread, for there nothing waits but that thread.

        One that runs here is asked at once: only the main thread can be interrupted.
        """
        if not seat.plugin.apart:
            return self._ask(seat, hook, given)
        # Whoever asked may go away; what became of it is noted all the same.
        return await asyncio.shield(asyncio.ensure_future(self._ask_in_turn(seat, hook, given)))

    async def _ask_in_turn(self, seat: _Seat, hook: str, given: Mapping[str, Any]) -> Answer | Failure:
        # There is one chamber. Whoever waited for it learns first whether the plugin is held meanwhile.
        async with self._turn:
            if held := self._held(seat, hook):
                return held
            return self._noted(seat, given, await asyncio.to_thread(_asked, seat, hook, given))

    def _held(self, seat: _Seat, hook: str) -> Failure | None:
        problem = self._ward.problem(seat.plugin.key)
        return Failure(name=seat.plugin.name, hook=hook, problem=problem) if problem else None

    def _noted(self, seat: _Seat, given: Mapping[str, Any], asked: _Asked) -> Answer | Failure:
        """Note how long an answer took and whether it was one."""
        self._watch.asked(seat.plugin.name, asked.hook, asked.seconds)
        if isinstance(asked.answer, Failure):
            failed = asked.answer
            self._ward.failed(seat.plugin, failed, given)
            if seat.plugin.edition:
                tell_author(failed.text, failed.problem.phrase, failed.detail)
        else:
            self._ward.answered(seat.plugin.key)
        return asked.answer


class Rosters:
    """Rosters by the id of a programme's version, the least used forgotten first."""

    def __init__(self, directory: Directory, size_max: int = ROSTERS_MAX, watch: Watch = UNWATCHED) -> None:
        self.directory = directory
        self._size_max = size_max
        self._watch = watch
        self._kept: OrderedDict[int, Roster] = OrderedDict()
        self._generation = directory.generation

    def of(self, version_id: int, enabled: Mapping[str, Choice]) -> Roster:
        """Return the roster of an immutable version, made from `enabled` when it is asked for the first time."""
        if self._generation != self.directory.generation:
            self._kept.clear()
            self._generation = self.directory.generation
        roster = self._kept.get(version_id)
        if roster is None:
            roster = self._kept[version_id] = Roster(self.directory, enabled, self._watch)
            if len(self._kept) > self._size_max:
                self._kept.popitem(last=False)
        self._kept.move_to_end(version_id)
        return roster


def _asked(seat: _Seat, hook: str, given: Mapping[str, Any]) -> _Asked:
    """Ask one plugin and check what it says, and note nothing."""
    name = seat.plugin.name
    arguments = [_argument(seat, word, given) for word in seat.plugin.functions[hook].takes]
    began = time.perf_counter()
    answer: Answer | Failure
    try:
        value = _call(seat.plugin, hook, arguments)
        check_words(name, hook, value)
        answer = Answer(name=name, value=value)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever a plugin raises, the others are asked
        answer = failure(name, hook, error)
    return _Asked(hook, answer, time.perf_counter() - began)


def _call(plugin: Installed, hook: str, arguments: list[Any]) -> object:
    """Call a plugin and check its answer, both inside the time limit: an answer can be slow to walk through too."""
    function = plugin.functions[hook]
    if plugin.apart:
        # The chamber has a limit of its own, and an alarm in the midst of its pipe would break it.
        return sound(hook, function.call(*arguments))
    return within(ASK_SECONDS, _ask, hook, function, arguments)


def _ask(hook: str, function: Function, arguments: list[Any]) -> object:
    return sound(hook, function.call(*arguments))


def _argument(seat: _Seat, word: str, given: Mapping[str, Any]) -> object:
    """Give a plugin its own settings and facts, and nothing its manifest does not name."""
    if word == "settings":
        return seat.settings
    value = given[word]
    if word == "facts":
        return _facts(seat, value.get(seat.plugin.name, {}))
    if isinstance(value, Deed) and value.participants and Data.PARTICIPANTS not in seat.plugin.manifest.data:
        return msgspec.structs.replace(value, participants=())
    return value


def _seat(directory: Directory, name: str, choice: Choice) -> _Seat | Problem:
    """Bind a plugin to its settings; return the reason if it is not here or its settings no longer fit."""
    wanted, settings = (choice.version, choice.settings) if isinstance(choice, Enabled) else (None, choice)
    plugin = directory.find(name, wanted)
    if plugin is None:
        return _missing(directory, name, wanted)
    try:
        typed = msgspec.convert(settings, plugin.declaration.settings)
    except msgspec.ValidationError as error:
        text = N_("插件 %(plugin)s 的设置用不了（%(why)s）。请在方案里重新填写这个插件的设置。")
        return Problem("plugin-settings", text, plugin=name, why=str(error)[:300])
    try:
        return _Seat(plugin=plugin, settings=typed, declared=_declared(directory, plugin, typed))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever a plugin raises, the others are seated
        failed = failure(name, "declares", error)
        directory.ward.failed(plugin, failed, {})
        return failed.problem


def _missing(directory: Directory, name: str, wanted: str | None) -> Problem:
    """Say why a plugin cannot be asked."""
    fault = next((one for one in directory.faults if one.name == name and one.version == wanted), directory.fault(name))
    if fault is not None:
        return fault.problem
    there = directory.versions(name)
    if there:
        text = N_("方案用的是插件 %(plugin)s 的 %(wanted)s 版，这里只有 %(there)s。请装上那一版，或者换一版方案。")
        versions = "、".join(one.version for one in there)
        return Problem("plugin-version", text, status=409, plugin=name, wanted=wanted, there=versions)
    text = N_("方案里启用了插件 %(plugin)s，但这里没有安装它。请装上它，或者换一个不用它的方案版本。")
    return Problem("plugin-missing", text, plugin=name)


def _declared(directory: Directory, plugin: Installed, settings: Settings) -> Declared:
    """Join what a plugin declares always with what these settings call for; of one that is held only the former."""
    fixed = plugin.declaration
    function = None if directory.ward.find(plugin.key) else plugin.functions.get("declares")
    more = _call(plugin, "declares", [settings for _ in function.takes]) if function else None
    added = more if isinstance(more, Declared) else Declared()
    joined = Declared(
        categories=(*fixed.categories, *added.categories),
        facts=(*fixed.facts, *added.facts),
        past=(*fixed.past, *added.past),
        notice=added.notice or fixed.notice,
    )
    check_declared(plugin.name, joined)
    return joined


def _facts(seat: _Seat, found: Mapping[str, int] | Facts) -> Facts:
    """Give a plugin each of its facts, 0 or nothing where none was looked up."""
    nothing = {fact.name: 0 for fact in seat.declared.facts}
    past = {one.name: found.past(one.name) if isinstance(found, Facts) else () for one in seat.declared.past}
    return Facts({**nothing, **found}, past)


def _may_refuse(directory: Directory, name: str) -> bool:
    """Tell whether an absent plugin might have had a reason against an award; unknown counts as yes."""
    plugin = directory.plugins.get(name)
    fault = directory.fault(name)
    manifest = plugin.manifest if plugin else fault.manifest if fault else None
    return manifest is None or Permission.REFUSE in manifest.permissions


def _not_enabled(name: str) -> Problem:
    text = N_("这个村的方案没有启用插件 %(plugin)s。")
    return Problem("plugin-not-enabled", text, plugin=name)
