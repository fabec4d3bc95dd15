"""What came back from a plugin, labelled with its name, and checked to be of the kind the hook promises."""

import traceback
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.redlines import crossed
from dezhi.core.text import N_
from dezhi.host.deadline import TookTooLong
from dezhi.host.places import place_of
from dezhi.host.trouble import Died, Nonsense, OutOfMemory, PluginRaised
from dezhi.plugin import (
    Assessment,
    Board,
    Declared,
    Due,
    Item,
    Notice,
    Page,
    Quote,
    Reading,
    Refusal,
    Reward,
    Table,
)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin's sound answer to a hook.

    `value` is a tuple for the hooks that answer a list, also where the plugin answered None; the one thing or None for
    the others. The members of score's tuple are judged by `dezhi.core.scoring`.
    """

    name: str
    value: Any


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """No answer: the plugin is missing, raised, took too long or answered nonsense.

    `problem` is for staff; `detail` is technical and for the log.
    """

    name: str
    hook: str
    problem: Problem
    detail: str = ""

    @property
    def code(self) -> str:
        """The problem's stable word."""
        return self.problem.code

    @property
    def text(self) -> str:
        """The problem's sentence in the source language."""
        return self.problem.say()


# What each hook's answer is decoded into: a deep, frozen copy, so that nothing a plugin keeps can change it later.
_LISTS: Final[Mapping[str, Any]] = {
    "items": Item,
    "rewards": Reward,
    "boards": Board,
    "schedule": Due,
    "reports": Table,
    "notices": Notice,
}
_SINGLE: Final[Mapping[str, tuple[type[msgspec.Struct], ...]]] = {
    "declares": (Declared,),
    "check": (Refusal,),
    "quote": (Quote, Refusal),
    "assess": (Assessment,),
    "read_sheet": (Reading,),
    "page": (Page,),
}


_SPOKEN: Final = frozenset(("check", "quote", "assess", "reports", "notices", "page"))
"""The hooks whose answers are shown to people as they are."""


def sound(hook: str, value: object) -> object:
    """Return a checked copy of what a plugin answered to `hook`; raise Nonsense naming what is wrong."""
    if hook in _SINGLE:
        return _single(hook, value)
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise Nonsense(f"a list was expected, not {type(value).__name__}")
    if hook == "score":
        return tuple(value)
    return tuple(_copy(_LISTS[hook], entry) for entry in value)


def check_words(name: str, hook: str, value: object) -> None:
    """Raise Problem `answer-red-line` if a text in a sound answer crosses a red line.

    What becomes part of a version is judged when it is adopted, and the reasons of awards by `dezhi.core.scoring`.
    """
    if hook not in _SPOKEN or value is None:
        return
    for text in _spoken(msgspec.to_builtins(value)):
        if found := crossed(text):
            said = N_("插件 %(plugin)s 说的话碰了红线 %(line)s（%(words)s），没有给人看。请告诉插件作者。")
            raise Problem("answer-red-line", said, plugin=name, line=found.code, words=found.text)


def _spoken(value: object) -> Iterator[str]:
    """Every text of an answer; the cells of a row are read together, as people do."""
    if isinstance(value, str):
        if not value.isascii():
            yield value
    elif isinstance(value, Mapping):
        for inside in value.values():
            yield from _spoken(inside)
    elif isinstance(value, list | tuple):
        words = [each for each in value if isinstance(each, str)]
        if words:
            yield from _spoken(",".join(words))
        for inside in value:
            if not isinstance(inside, str):
                yield from _spoken(inside)


def _single(hook: str, value: object) -> object:
    """Check the answer of a hook that gives one thing or None."""
    if value is None:
        return None
    for kind in _SINGLE[hook]:
        if isinstance(value, kind):
            return _copy(kind, value)
    raise Nonsense(f"{' or '.join(kind.__name__ for kind in _SINGLE[hook])} was expected, not {type(value).__name__}")


def _copy(kind: type[msgspec.Struct], value: object) -> object:
    """Decode a Struct anew, because its constructor checks no types."""
    if not isinstance(value, kind):
        raise Nonsense(f"{kind.__name__} was expected, not {type(value).__name__}")
    try:
        return msgspec.convert(msgspec.to_builtins(value), kind)
    except (msgspec.ValidationError, TypeError, RecursionError, OverflowError) as error:
        raise Nonsense(f"{kind.__name__}: {error}") from error


def failure(name: str, hook: str, error: BaseException) -> Failure:
    """Turn whatever a plugin raised into a Failure that staff can read."""
    detail = error.detail if isinstance(error, PluginRaised) else "".join(traceback.format_exception(error, limit=-8))
    if isinstance(error, Problem):
        return Failure(name=name, hook=hook, problem=error, detail=detail)
    if isinstance(error, Died):
        text = N_("插件 %(plugin)s 把自己弄垮了，这一次没有算它的（%(why)s）。别的插件不受影响。")
        return Failure(name=name, hook=hook, problem=Problem("plugin-died", text, plugin=name, why=str(error)[:300]))
    if isinstance(error, OutOfMemory):
        text = N_("插件 %(plugin)s 用的内存太多，这一次没有算它的。别的插件不受影响。")
        return Failure(name=name, hook=hook, problem=Problem("plugin-memory", text, plugin=name), detail=detail)
    if isinstance(error, TookTooLong):
        text = N_("插件 %(plugin)s 想得太久，这一次没有算它的。别的插件不受影响。")
        return Failure(name=name, hook=hook, problem=Problem("plugin-slow", text, plugin=name), detail=detail)
    if isinstance(error, Nonsense):
        text = N_("插件 %(plugin)s 的回答看不懂，这一次没有算它的（%(why)s）。请告诉插件作者。")
        problem = Problem("plugin-nonsense", text, plugin=name, why=f"{hook}: {error}"[:300])
        return Failure(name=name, hook=hook, problem=problem, detail=detail)
    text = N_("插件 %(plugin)s 出错了，这一次没有算它的（%(why)s）。请告诉插件作者。")
    kind = error.kind if isinstance(error, PluginRaised) else type(error).__name__
    # Never the error's own words: they may hold anything.
    problem = Problem("plugin-raised", text, plugin=name, why=f"{hook} {place_of(detail)} {kind}".replace("  ", " "))
    return Failure(name=name, hook=hook, problem=problem, detail=detail)
