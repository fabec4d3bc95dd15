"""The inside of a chamber: a process of its own in which plugins installed from a file run.

Nothing of the house is in it: no database, no keys, no environment, no open file but the pipe it is asked through. What
happens here is ended from outside (`dezhi.host.chambers`); why so: docs/adr/0081-plugins-from-files.md.
"""

import os
import resource
import signal
import sys
import traceback
import zoneinfo
from pathlib import Path
from typing import Any, Final

import msgspec

from dezhi.core.errors import Problem
from dezhi.host import wire
from dezhi.host.answers import sound
from dezhi.host.forms import settings_form
from dezhi.host.inspection import check_manifest, look_over
from dezhi.host.loading import import_folder
from dezhi.host.stillness import still
from dezhi.plugin import Declaration, Settings

ALONE_SECONDS: Final = 20
"""A chamber whose house is gone in the midst of an endless loop ends itself."""
BOUND_MAX: Final = 64

_NETWORK: Final = ("socket.", "urllib.", "http.", "ssl.", "ftplib.", "smtplib.")
_PROCESSES: Final = ("subprocess.", "os.system", "os.exec", "os.fork", "os.spawn", "os.posix_spawn", "pty.")
_FILES: Final = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.chown",
    "os.utime",
    "os.setxattr",
    "os.removexattr",
    "os.kill",
    "shutil.",
    "ctypes.",
    "sqlite3.",
)
_CLOSED: Final = (*_NETWORK, *_PROCESSES, *_FILES)
_LEGIBLE: Final[list[str]] = []
"""Folders files are read from: those modules are imported from, time zones, and the plugins' own."""


class Chamber:
    """Answers what comes through the pipe, one thing after the other."""

    def __init__(self) -> None:
        self._plugins: dict[str, Any] = {}
        self._bound: dict[tuple[str, bytes], Settings] = {}

    def answer(self, asking: wire.Asking) -> wire.Reply:
        """Answer, whatever happens in the plugin."""
        try:
            return self._load(asking) if isinstance(asking, wire.Load) else self._ask(asking)
        except Problem as problem:
            values = {name: value if isinstance(value, int) else str(value) for name, value in problem.values.items()}
            return wire.Refused(code=problem.code, text=problem.text, field=problem.field, values=values)
        except BaseException as error:  # noqa: BLE001 - whatever a plugin raises, the house is told
            detail = "".join(traceback.format_exception(error, limit=-8))
            return wire.Raised(kind=type(error).__name__, why=str(error)[:300], detail=detail[-4_000:])

    def _load(self, load: wire.Load) -> wire.Told:
        manifest = check_manifest(None, None, load.manifest)
        _LEGIBLE.append(os.path.realpath(load.folder) + os.sep)
        plugin = look_over(manifest, import_folder(Path(load.folder), f"dezhi_chamber_{len(self._plugins)}"))
        self._plugins[load.key] = plugin
        declared: Declaration = plugin.declaration
        return wire.Told(
            fields=tuple(settings_form(declared.settings)),
            categories=declared.categories,
            facts=declared.facts,
            past=declared.past,
            notice=declared.notice,
            needs_resolution=declared.needs_resolution,
            english=declared.english,
            takes={hook: function.takes for hook, function in plugin.functions.items()},
            ageing=plugin.ageing,
        )

    def _ask(self, question: wire.Question) -> wire.Said:
        plugin = self._plugins[question.key]
        function = plugin.functions[question.hook]
        arguments = [
            self._settings(question.key, encoded) if word == "settings" else wire.argument(question.hook, word, encoded)
            for word, encoded in zip(function.takes, question.arguments, strict=True)
        ]
        return wire.said(sound(question.hook, function.call(*arguments)))

    def _settings(self, key: str, encoded: msgspec.Raw) -> Settings:
        """Return typed settings; a version's are the same at every ask."""
        known = key, bytes(encoded)
        if known not in self._bound:
            if len(self._bound) >= BOUND_MAX:
                self._bound.clear()
            kind: type[Settings] = self._plugins[key].declaration.settings
            self._bound[known] = msgspec.msgpack.decode(encoded, type=kind)
        return self._bound[known]


def main(inbox: int, outbox: int, memory_max: int) -> None:
    """Answer until the house hangs up."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_max, memory_max))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    chamber = Chamber()
    _LEGIBLE.extend(os.path.realpath(folder) + os.sep for folder in (*sys.path, *zoneinfo.TZPATH))
    still()
    _say(outbox, wire.Ready())
    sys.addaudithook(_forbid)
    while (head := wire.read_exactly(inbox, wire.HEAD_BYTES)) is not None:
        body = wire.read_exactly(inbox, wire.length(head))
        if body is None:
            return
        asking = wire.asking_of(body)
        signal.setitimer(signal.ITIMER_REAL, ALONE_SECONDS)  # nobody handles it: its end is this process's
        reply = chamber.answer(asking)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _say(outbox, reply)


def _say(outbox: int, reply: wire.Reply) -> None:
    left = memoryview(wire.framed(reply))
    while left:
        left = left[os.write(outbox, left) :]


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what reaches outside. It stops accidents: whoever wants around it finds a way, into an empty room."""
    if event == "open":
        flags = arguments[2] if len(arguments) > 2 and isinstance(arguments[2], int) else 0  # noqa: PLR2004 - path, mode, flags
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC):
            raise PermissionError("a plugin writes no files")
        # What a plugin could read here, the house's keys among it, it could tell in a reason.
        path = arguments[0]
        if isinstance(path, str | bytes) and not os.path.realpath(os.fsdecode(path)).startswith(tuple(_LEGIBLE)):
            raise PermissionError("a plugin reads no files but its own")
        return
    if event.startswith(_CLOSED):
        raise PermissionError(f"a plugin may not use {event}")
