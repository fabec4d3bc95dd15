"""The chambers of this process: one in which plugins installed from files are asked, and a spare one kept warm."""

import contextlib
import os
import select
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import pluggy

import dezhi
from dezhi.core.errors import Problem
from dezhi.host import wire
from dezhi.host.deadline import ASK_SECONDS, TookTooLong
from dezhi.host.trouble import ClockOrChance, Died, Nonsense, OutOfMemory, PluginRaised

MEMORY_MAX: Final = 512 << 20
"""Bytes of address space; Python and the contract take some 60 MB of them."""
START_SECONDS: Final = 20.0
LOAD_SECONDS: Final = 2.0
GRACE_SECONDS: Final = 1.0
"""How long a chamber may have waited for a processor: that is the machine's doing, not the plugin's."""
POLL_SECONDS: Final = 0.05
KIND_MAX: Final = 60
WHY_MAX: Final = 300
DETAIL_MAX: Final = 4_000
SAID_MAX: Final = 1_000
OURS: Final = frozenset({"manifest-wrong", "manifest-untrue", "manifest-api", "plugin-wrong"})
"""What a chamber refuses when it looks a plugin over."""
CHAMBERS: Final = 2

_PROGRAM: Final = """
import sys
sys.path[:0] = sys.argv[4:]
from dezhi.host.chamber import main
main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
"""


class _Chamber:
    """One child process and the pipe to it."""

    def __init__(self) -> None:
        asked, self._out = os.pipe()
        self._in, answered = os.pipe()
        folders = {str(Path(module.__file__ or "").parents[1]) for module in (dezhi, msgspec, pluggy)}
        options = ["-P", "-s", "-S", "-B", "-X", "utf8", "-c", _PROGRAM]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, *options, str(asked), str(answered), str(MEMORY_MAX), *sorted(folders)],
                env={"PYTHONHASHSEED": "0"},  # a set has the same order in every chamber
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(asked, answered),
                start_new_session=True,
            )
        finally:
            os.close(asked)
            os.close(answered)
        os.set_blocking(self._out, False)
        os.set_blocking(self._in, False)
        self.loaded: set[str] = set()
        self.owner = os.getpid()
        self._ready = False
        self._waits = _open(f"/proc/{self._process.pid}/schedstat")

    def ask(self, asking: wire.Asking, seconds: float) -> wire.Reply:
        """Ask, and wait `seconds` for the answer. Raises `Died`, or `TookTooLong`; then it must be killed."""
        if not self._ready:
            self._answer(time.monotonic() + START_SECONDS)
            self._ready = True
        end = time.monotonic() + seconds
        waited = self._waited()
        self._write(wire.framed(asking), end)
        return self._answer(end, waited)

    def kill(self) -> None:
        """End it, whatever it does; a forked process only lets go of it."""
        if self.owner == os.getpid():
            self._process.kill()
            self._process.wait()
        for pipe in (self._out, self._in, self._waits):
            if pipe is not None:
                os.close(pipe)

    def how(self) -> str:
        """Tell how it ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self._process.wait(1)
            return f"signal {-code}" if code < 0 else f"exit {code}"
        return "?"

    def _answer(self, end: float, waited: float | None = None) -> wire.Reply:
        head = self._read(wire.HEAD_BYTES, end, waited)
        size = wire.length(head)
        if size > wire.FRAME_MAX:
            raise Died(f"{size} bytes")
        try:
            return wire.reply_of(self._read(size, end, waited))
        except msgspec.MsgspecError as error:
            raise Died(str(error)) from error

    def _read(self, size: int, end: float, waited: float | None) -> bytes:
        found = bytearray()
        while len(found) < size:
            self._until(self._in, select.POLLIN, end, waited)
            part = os.read(self._in, size - len(found))
            if not part:
                raise Died(self.how())
            found += part
        return bytes(found)

    def _write(self, data: bytes, end: float) -> None:
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self._out, left) :]
            except BlockingIOError:
                self._until(self._out, select.POLLOUT, end, None)
            except BrokenPipeError as error:
                raise Died(self.how()) from error

    def _until(self, pipe: int, event: int, end: float, waited: float | None) -> None:
        """Wait for the pipe. What the chamber waited for a processor since `waited` does not count."""
        poll = select.poll()
        poll.register(pipe, event)
        again = end
        while not poll.poll(max(0.0, again - time.monotonic()) * 1000):
            now = time.monotonic()
            spared = 0.0 if waited is None else min(GRACE_SECONDS, self._waited() - waited)
            if now >= end + spared:
                raise TookTooLong
            again = min(now + POLL_SECONDS, end + spared)

    def _waited(self) -> float:
        """Seconds for which it could have run and had no processor, as the kernel counts them; 0 where it does not."""
        if self._waits is None:
            return 0.0
        with contextlib.suppress(OSError, IndexError, ValueError):
            return int(os.pread(self._waits, 64, 0).split()[1]) / 1e9
        return 0.0


class Chambers:
    """Asks plugins in a chamber that is replaced when one of them breaks it. Nothing is started before it is needed."""

    def __init__(self) -> None:
        self._chambers: list[_Chamber] = []
        self._lock = threading.RLock()
        weakref.finalize(self, _end, self._chambers)  # also when this process ends

    def close(self) -> None:
        """End all chambers."""
        with self._lock:
            _end(self._chambers)

    def load(self, load: wire.Load) -> wire.Told:
        """Have a plugin read in. Raises what `ask` raises, and `Problem` with why it is refused."""
        told = self._reply(load, load)
        if not isinstance(told, wire.Told):
            raise Died(type(told).__name__)
        return told

    def function(self, load: wire.Load, hook: str) -> Callable[..., object]:
        """Return a function that asks `hook` of a plugin, as if it were here.

        It raises `PluginRaised`, `OutOfMemory`, `Died` or `TookTooLong`; after the last three the chamber is another.
        """

        def call(*arguments: Any) -> object:
            question = wire.Question(key=load.key, hook=hook, arguments=tuple(wire.raw(each) for each in arguments))
            answer = self._reply(load, question)
            if not isinstance(answer, wire.Said):
                raise Died(type(answer).__name__)
            return wire.meant(answer)

        return call

    def _reply(self, load: wire.Load, asking: wire.Asking) -> wire.Reply:
        with self._lock:
            chamber = self._chamber()
            try:
                if load.key not in chamber.loaded:
                    reply = chamber.ask(load, LOAD_SECONDS)
                    _judge(reply)
                    chamber.loaded.add(load.key)
                    if asking is load:
                        return reply
                reply = chamber.ask(asking, ASK_SECONDS)
                _judge(reply)
            except (Died, OutOfMemory, TookTooLong):
                self._replace()
                raise
        return reply

    def _chamber(self) -> _Chamber:
        """Return the one in use. A forked process has none of its own yet."""
        if self._chambers and self._chambers[0].owner != os.getpid():
            _end(self._chambers)
        while len(self._chambers) < CHAMBERS:
            self._chambers.append(_Chamber())
        return self._chambers[0]

    def _replace(self) -> None:
        """Give up the broken chamber; the spare one takes its place, and another is started."""
        self._chambers.pop(0).kill()
        self._chambers.append(_Chamber())


def _end(chambers: list[_Chamber]) -> None:
    while chambers:
        chambers.pop().kill()


def _judge(reply: wire.Reply) -> None:
    """Raise what the chamber says was raised."""
    if isinstance(reply, wire.Refused):
        raise _refusal(reply)
    if isinstance(reply, wire.Raised):
        if reply.kind == "MemoryError":
            raise OutOfMemory(reply.why)
        if reply.kind == Nonsense.__name__:
            raise Nonsense(reply.why[:WHY_MAX])
        if reply.kind == ClockOrChance.__name__:
            raise ClockOrChance(reply.why[:WHY_MAX])
        raise PluginRaised(reply.kind[:KIND_MAX], reply.why[:WHY_MAX], reply.detail[-DETAIL_MAX:])


def _refusal(reply: wire.Refused) -> Exception:
    """A Problem as one of ours; any other was made up by the plugin."""
    values: dict[str, Any] = {
        name: value if isinstance(value, int) else value[:WHY_MAX] for name, value in reply.values.items()
    }
    problem = Problem(reply.code, reply.text, field=reply.field, **values)
    if reply.code in OURS and len(problem.say()) <= SAID_MAX:
        return problem
    return PluginRaised("Problem", reply.code[:KIND_MAX], "")


def _open(file: str) -> int | None:
    try:
        return os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
