"""An event loop in which no time passes: whoever sleeps is woken at once, in the order in which he would wake."""

import asyncio
from asyncio.base_events import BaseEventLoop
from typing import Any


class Stuck(AssertionError):
    """Everybody waits, and nothing is on its way that could wake anybody."""


class VirtualLoop(BaseEventLoop):
    """Runs tasks as any loop does, but instead of waiting it moves its clock. It has no files, sockets or threads."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._selector = self  # what the base class waits with; nothing public is there for it
        self.set_debug(enabled=False)

    def time(self) -> float:
        """Seconds since the loop was made, none of which anybody waited."""
        return self._now

    def select(self, timeout: float | None) -> list[Any]:
        """In place of waiting for input until the next timer: be there. Raises `Stuck` when there is no timer."""
        if timeout is None:
            raise Stuck("everybody waits for ever")
        self._now += timeout
        return []

    def _process_events(self, event_list: list[Any]) -> None:
        """There is no input."""

    def _write_to_self(self) -> None:
        """Nobody sleeps who would have to be woken from another thread."""


def runner() -> asyncio.Runner:
    """Runs coroutines on a virtual loop of its own."""
    return asyncio.Runner(debug=False, loop_factory=VirtualLoop)
