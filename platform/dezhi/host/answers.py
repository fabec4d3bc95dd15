"""What came back from a plugin, labelled with its name, and checked to be of the kind the hook promises."""

import re
import traceback
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.plain import UNREADABLE, unkeepable
from dezhi.core.redlines import TEXT_READ_MAX, crossed
from dezhi.core.text import N_
from dezhi.host.deadline import TookTooLong
from dezhi.host.places import place_of
from dezhi.host.trouble import ClockOrChance, Died, Nonsense, OutOfMemory, PluginRaised
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


_MOST: Final[Mapping[str, int]] = {"notices": 10, "reports": 20, "schedule": 300}
"""How many of a thing a hook may answer; of what is offered `dezhi.core.offers` takes less, and says so."""
OFFERED_MOST: Final = 1_000
SAID_MAX: Final = 60_000
"""Characters of an answer that is read before it is shown: reading them all takes a second or two."""
_PERSONAL: Final = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|[1-9]\d{16}[\dXx])(?![\dXx])")
"""Somebody's mobile telephone or identity card. A village's own telephone stands on its pages without any plugin."""
_GAPS: Final = re.compile(r"(?<=\d)[ -](?=[\dXx])")

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
    if len(value) > (most := _MOST.get(hook, OFFERED_MOST)):
        raise Nonsense(f"more than {most}")
    answer = tuple(_copy(_LISTS[hook], entry) for entry in value)
    if hook == "reports":
        _ensure_unlike([one.code for one in answer if isinstance(one, Table)])
    return answer


def check_words(name: str, hook: str, value: object) -> None:
    """Raise Problem `answer-personal` or `answer-red-line` if a text in a sound answer tells what it may not.

    What becomes part of a version is judged when it is adopted, and the reasons of awards by `dezhi.core.scoring`.
    Raises Nonsense for more than anybody would read.
    """
    if hook not in _SPOKEN or value is None:
        return
    texts = list(_spoken(msgspec.to_builtins(value)))
    if sum(map(len, texts)) > SAID_MAX:
        raise Nonsense(f"more than {SAID_MAX} characters")
    for text in texts:
        if personal(text):
            said = N_("插件 %(plugin)s 说的话里有手机号或者身份证号码，没有给人看。请告诉插件作者。")
            raise Problem("answer-personal", said, plugin=name)
        if not text.isascii() and (found := crossed(text)):
            said = N_("插件 %(plugin)s 说的话碰了红线 %(line)s（%(words)s），没有给人看。请告诉插件作者。")
            raise Problem("answer-red-line", said, plugin=name, line=found.code, words=found.text)


def personal(text: str) -> bool:
    """Whether a text tells somebody's mobile telephone or identity card, however its figures are written."""
    return _PERSONAL.search(_GAPS.sub("", unicodedata.normalize("NFKC", text))) is not None


def _spoken(value: object) -> Iterator[str]:
    """Every text of an answer; the cells of a row are read together, as people do, as far as one text is read."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inside in value.values():
            yield from _spoken(inside)
    elif isinstance(value, list | tuple):
        together = ""
        for word in (each for each in value if isinstance(each, str)):
            if len(together) + len(word) >= TEXT_READ_MAX:
                yield together
                together = ""
            together += f",{word}" if together else word
        if together:
            yield together
        for inside in value:
            if not isinstance(inside, str):
                yield from _spoken(inside)


def _ensure_unlike(codes: Sequence[str]) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise Nonsense(f"{code} twice")


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
        plain = msgspec.to_builtins(value)
        if kind is not Reading:  # whose texts are a village's own; a person goes through them
            _ensure_legible(plain)
        return msgspec.convert(plain, kind)
    except (msgspec.ValidationError, TypeError, RecursionError, OverflowError) as error:
        raise Nonsense(f"{kind.__name__}: {error}") from error


def _ensure_legible(value: object) -> None:
    """Raise Nonsense for what no database keeps, or what shows something else than it says."""
    if wrong := unkeepable(value):
        raise Nonsense(wrong.say())
    if hidden := next((found for text in _texts(value) if (found := UNREADABLE.search(text))), None):
        raise Nonsense(f"U+{ord(hidden[0]):04X}")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inside in value.values():
            yield from _texts(inside)
    elif isinstance(value, list | tuple):
        for inside in value:
            yield from _texts(inside)


def failure(name: str, hook: str, error: BaseException) -> Failure:
    """Turn whatever a plugin raised into a Failure that staff can read."""
    detail = error.detail if isinstance(error, PluginRaised) else "".join(traceback.format_exception(error, limit=-8))
    problem = error if isinstance(error, Problem) else _problem(name, hook, error, detail)
    return Failure(name=name, hook=hook, problem=problem, detail=detail)


def _problem(name: str, hook: str, error: BaseException, detail: str) -> Problem:
    why = f"{hook}: {error}"[:300]
    match error:
        case Died():
            code, text = (
                "plugin-died",
                N_("插件 %(plugin)s 把自己弄垮了，这一次没有算它的（%(why)s）。别的插件不受影响。"),
            )
            why = str(error)[:300]
        case OutOfMemory():
            code, text = "plugin-memory", N_("插件 %(plugin)s 用的内存太多，这一次没有算它的。别的插件不受影响。")
        case TookTooLong():
            code, text = "plugin-slow", N_("插件 %(plugin)s 想得太久，这一次没有算它的。别的插件不受影响。")
        case Nonsense():
            code = "plugin-nonsense"
            text = N_("插件 %(plugin)s 的回答看不懂，这一次没有算它的（%(why)s）。请告诉插件作者。")
        case ClockOrChance():
            code = "plugin-world"
            text = N_(
                "插件 %(plugin)s 想自己看钟或者掷骰子（%(why)s），这一次没有算它的。"
                "同一个问题要有同一个回答，请告诉插件作者。"
            )
        case _:
            code, text = "plugin-raised", N_("插件 %(plugin)s 出错了，这一次没有算它的（%(why)s）。请告诉插件作者。")
            kind = error.kind if isinstance(error, PluginRaised) else type(error).__name__
            # Never the error's own words: they may hold anything.
            why = f"{hook} {place_of(detail)} {kind}".replace("  ", " ")
    return Problem(code, text, plugin=name, why=why)
