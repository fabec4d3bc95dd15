"""A time limit around one call into a plugin.

It stops loops, sleeps and slow patterns that happen by mistake. Code that blocks signals or never returns to Python is
not stopped by it; `docs/reference/hooks.md` says what is promised and what is not.
"""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, TypeVar

ASK_SECONDS: Final = 0.5
LOAD_SECONDS: Final = 10.0
AGAIN_SECONDS: Final = 0.05

T = TypeVar("T")

_bell: Final = {"hung": False, "armed": False}
"""Whether the alarm's handler is in place, which it stays, and whether a call is being timed."""


class TookTooLong(BaseException):
    """Raised inside a plugin that has used up its time; not an Exception, so `except Exception` does not swallow it."""


def within(seconds: float, call: Callable[..., T], *args: Any) -> T:
    """Return `call(*args)`; raise TookTooLong after `seconds`, and again a little later if it was swallowed.

    Only the main thread can be interrupted; anywhere else the call simply runs.
    """
    if threading.current_thread() is not threading.main_thread():
        return call(*args)
    if not _bell["hung"]:
        # Once, and not for each call: putting a handler in and the former one back takes as long as a quick plugin.
        signal.signal(signal.SIGALRM, _ring)
        _bell["hung"] = True
    try:
        try:
            _bell["armed"] = True
            signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
            return call(*args)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except TookTooLong:
        # The alarm may have rung just before the line above stopped it.
        signal.setitimer(signal.ITIMER_REAL, 0)
        raise
    finally:
        _bell["armed"] = False


def _ring(_signal: int, _frame: FrameType | None) -> None:
    if _bell["armed"]:
        raise TookTooLong
