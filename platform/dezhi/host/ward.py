"""Who may not be asked for now: plugins that broke a chamber, or failed again and again."""

import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.host.answers import Failure
from dezhi.host.inspection import Installed, Key
from dezhi.plugin import Deed, Holder, Intent

IN_A_ROW: Final = 3
"""Failures of different askings, with no answer between them, after which a plugin is held."""
WITHIN_SECONDS: Final = 60.0

_AT_ONCE: Final = frozenset({"plugin-died", "plugin-memory"})
_COUNTED: Final = frozenset({"plugin-slow", "plugin-raised", "plugin-nonsense", "plugin-world"})


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin in quarantine: what it was asked when that happened, and the code of the failure."""

    key: Key
    hook: str
    reason: str
    at: datetime | None = None  # None until it was written down


class Ward:
    """Counts failures, and knows who is held: what it found itself, and what others of this installation found."""

    def __init__(self) -> None:
        self._held: dict[Key, Held] = {}
        self._failed: dict[Key, tuple[float, set[str]]] = {}
        self.told: Callable[[Held], None] = _nobody
        """Called once for each plugin that is held from here on."""

    def find(self, key: Key) -> Held | None:
        """Return why a plugin is held, if it is."""
        return self._held.get(key)

    def problem(self, key: Key) -> Problem | None:
        """Return what to say instead of asking a plugin, if it is held."""
        if key not in self._held:
            return None
        text = N_("插件 %(plugin)s 停用观察了，先不问它。请乡镇管理员看一看原因，修好以后点“再试一次”。")
        return Problem("plugin-held", text, status=409, plugin=key.plugin)

    def answered(self, key: Key) -> None:
        """Note a sound answer: what failed before it was no row."""
        if self._failed:
            self._failed.pop(key, None)

    def failed(self, plugin: Installed, failure: Failure, given: Mapping[str, Any]) -> None:
        """Note a failure, and hold the plugin if it is one too many."""
        if failure.code in _AT_ONCE or (failure.code == "plugin-slow" and plugin.apart):
            # It cost a chamber, and the whole process the time until that was clear.
            self._hold(plugin.key, failure)
        elif failure.code in _COUNTED:
            now = time.monotonic()
            since, about = self._failed.get(plugin.key, (now, set()))
            if now - since > WITHIN_SECONDS:
                since, about = now, set()
            # The same odd deed asked about again is one failure, but time is lost each time.
            about.add(f"{now}" if failure.code == "plugin-slow" else _about(failure.hook, given))
            self._failed[plugin.key] = since, about
            if len(about) >= IN_A_ROW:
                self._hold(plugin.key, failure)

    def know(self, held: Collection[Held]) -> bool:
        """Hold these and no others; tell whether somebody was let go."""
        before = self._held
        self._held = {one.key: one for one in held}
        gone = before.keys() - self._held.keys()
        for key in gone:
            self._failed.pop(key, None)
        return bool(gone)

    def _hold(self, key: Key, failure: Failure) -> None:
        if key in self._held:
            return
        held = Held(key=key, hook=failure.hook, reason=failure.code)
        self._held[key] = held
        self._failed.pop(key, None)
        self.told(held)


def _about(hook: str, given: Mapping[str, Any]) -> str:
    """Tell askings apart by what they are about: the same deed shown before it is booked is asked about twice."""
    for value in given.values():
        match value:
            case Deed():
                return f"{hook} {value.item} {value.date} {value.doer.household} {value.doer.person}"
            case Intent():
                return f"{hook} {value.code} {value.date} {value.holder.household} {value.holder.person}"
            case Holder():
                return f"{hook} {value.household}"
    return hook


def _nobody(_held: Held) -> None:
    """Nothing is kept."""
