"""One long ask in a process of its own: reading a village's workbook may take seconds, and may never end.

A thread could not be interrupted, and in the loop's own thread everybody else would wait. The child has no database, no
keys and no network of ours to lose, a limit on its memory, and is killed when its time is up.
"""

import importlib
import os
import resource
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import msgspec

from dezhi.core.errors import Problem
from dezhi.core.text import N_
from dezhi.host.answers import Answer, Failure
from dezhi.host.directory import Directory
from dezhi.host.inspection import Installed
from dezhi.host.roster import Roster
from dezhi.plugin import Programme, Reading, Workbook

READ_SECONDS: Final = 10.0
MEMORY_MAX: Final = 1 << 30
"""Bytes of address space; Python, msgspec and a workbook at its limits take a quarter of them."""

HOOK: Final = "read_sheet"


class _Question(msgspec.Struct, frozen=True):
    """What the child is told through its standard input."""

    name: str
    package: str
    programme: Programme
    workbook: Workbook


class _Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the child says on its standard output: a reading, nothing, or why not."""

    reading: Reading | None = None
    code: str = ""
    text: str = ""
    why: str = ""
    detail: str = ""


def read_aside(directory: Directory, name: str, programme: Programme, workbook: Workbook) -> Answer | Failure:
    """Ask a plugin's `read_sheet` with its settings as they are at first, and wait `READ_SECONDS` at the most.

    To be called in a thread: it waits for the child. A plugin that runs in a chamber of its own anyway, or cannot be
    found by another process, is asked like any other.
    """
    plugin = directory.plugins.get(name)
    package = _package(plugin) if plugin is not None and not plugin.apart else ""
    if not package:
        roster = Roster(directory, {name: {}})
        return roster.ask_owner(name, HOOK, programme=programme, workbook=workbook)
    question = _Question(name=name, package=package, programme=programme, workbook=workbook)
    try:
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-B", "-m", "dezhi.host.aside"],
            input=msgspec.msgpack.encode(question),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            timeout=READ_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        text = N_("插件 %(plugin)s 读得太久，没有读完。请只留积分细则那一张表，再上传一次。")
        return Failure(name=name, hook=HOOK, problem=Problem("plugin-slow", text, plugin=name))
    return _answer(name, done.stdout)


def _answer(name: str, told: bytes) -> Answer | Failure:
    try:
        reply = msgspec.msgpack.decode(told, type=_Reply)
    except msgspec.MsgspecError:
        text = N_("插件 %(plugin)s 读这个文件时停了，没有读出来。请只留积分细则那一张表，再上传一次。")
        return Failure(name=name, hook=HOOK, problem=Problem("plugin-died", text, plugin=name))
    if reply.code:
        problem = Problem(reply.code, reply.text, plugin=name, why=reply.why)
        return Failure(name=name, hook=HOOK, problem=problem, detail=reply.detail)
    return Answer(name=name, value=reply.reading)


def _package(plugin: Installed) -> str:
    """The package by which another process finds the plugin; empty where none would."""
    function = plugin.functions.get(HOOK)
    if function is None:
        return ""
    name = str(getattr(function.call, "__module__", "")).partition(".")[0]
    module: ModuleType | None = sys.modules.get(name)
    file = getattr(module, "__file__", None)
    if name in {"", "dezhi"} or file is None:
        return ""
    found = Path(file).parent
    return name if found.name == name and str(found.parent) in {str(Path(path).resolve()) for path in sys.path} else ""


def main() -> None:
    """Read the question, ask, and say the answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (int(READ_SECONDS) + 1, int(READ_SECONDS) + 2))
    question = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=_Question)
    given: dict[str, Any] = {"programme": question.programme, "workbook": question.workbook}
    directory = Directory([importlib.import_module(question.package)])
    answer = Roster(directory, {question.name: {}}).ask_owner(question.name, HOOK, **given)
    if isinstance(answer, Failure):
        why = str(answer.problem.values.get("why", ""))
        reply = _Reply(code=answer.code, text=answer.problem.text, why=why, detail=answer.detail)
    else:
        reply = _Reply(reading=answer.value)
    sys.stdout.buffer.write(msgspec.msgpack.encode(reply))


if __name__ == "__main__":
    main()
