"""The lines a site logs, read back as an operator's collector would."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import structlog

from dezhi.web import logs


class Lines:
    """What was logged until now."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def text(self) -> str:
        """All of it."""
        return self.stream.getvalue()

    def all(self, event: str = "") -> list[dict[str, Any]]:
        """Every line, or those of one event."""
        found = [msgspec.json.decode(line, type=dict[str, Any]) for line in self.text().splitlines()]
        return [line for line in found if event in {"", line["event"]}]


@contextmanager
def logged() -> Iterator[Lines]:
    """Log as `dezhi serve` does, into memory; afterwards everything is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    # The tests' own client tells its addresses; it is no part of the site.
    quiet = {name: logging.getLogger(name).level for name in (*logs.QUIET, "httpx")}
    lines = Lines()
    logs.configure(lines.stream)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        yield lines
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, before in quiet.items():
            logging.getLogger(name).setLevel(before)
        logging.captureWarnings(capture=False)
        structlog.reset_defaults()
