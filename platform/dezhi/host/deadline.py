"""A time limit around one call into a plugin.

It stops loops, sleeps and slow patterns that happen by mistake. Code that blocks signals or never returns to Python is
not stopped by it; `docs/reference/hooks.md` says what is promised and what is not.
"""

import atexit
import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, TypeVar

ASK_SECONDS: Final = 0.5
LOAD_SECONDS: Final = 10.0
AGAIN_SECONDS: Final = 0.05

T = TypeVar("T")


class _Bell:
    """Rings every `AGAIN_SECONDS` while plugins are asked: an alarm for each ask costs as much as a quick plugin."""

    def __init__(self) -> None:
        self.hung = False
        self.ringing = False
        self.until = 0.0
        """When the call that is being timed has used up its time; 0 while there is none."""

    def hang(self) -> None:
        """Begin to ring."""
        if not self.hung:
            signal.signal(signal.SIGALRM, self.ring)
            self.hung = True
        self.ringing = True
        signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS, AGAIN_SECONDS)

    def ring(self, _signal: int, _frame: FrameType | None) -> None:
        """End a call that has used up its time; stop ringing where there is none to end."""
        if not self.until:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.ringing = False
        elif time.monotonic() >= self.until:
            raise TookTooLong

    def stop(self) -> None:
        """Ring no more. An alarm after Python has taken its handlers away would kill the process that is ending."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        self.silence()

    def silence(self) -> None:
        """Forget about ringing: a forked process has no timer."""
        self.ringing, self.until = False, 0.0


class TookTooLong(BaseException):
    """Raised inside a plugin that has used up its time; not an Exception, so `except Exception` does not swallow it."""


def within(seconds: float, call: Callable[..., T], *args: Any) -> T:
    """Return `call(*args)`; raise TookTooLong soon after `seconds`, and again a little later if it was swallowed.

    Only the main thread can be interrupted; anywhere else the call simply runs.
    """
    if threading.current_thread() is not threading.main_thread():
        return call(*args)
    if not _bell.ringing:
        _bell.hang()
    try:
        try:
            _bell.until = time.monotonic() + seconds
            return call(*args)
        finally:
            _bell.until = 0.0
    except TookTooLong:
        # It may have rung just before the line above.
        _bell.until = 0.0
        raise


_bell: Final = _Bell()
os.register_at_fork(after_in_child=_bell.silence)
atexit.register(_bell.stop)
