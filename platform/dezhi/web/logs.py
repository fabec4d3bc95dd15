"""One stream of log lines for everything in the process: ours, the web server's, the database driver's.

On a terminal they are readable, anywhere else JSON, one object a line. Lines name routes, codes, plugins and places in
the source, never a person: no address of a page or a client, no header, no body, and of an exception its type and its
places, not its words, which can quote a name or a PIN. What else may stand in a line: docs/adr/0061-observing.md.
"""

import io
import logging
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TextIO

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

QUIET: Final = ("piccolo", "_granian", "granian.access")
"""They tell versions and addresses at every start; their warnings still come."""

REFUSED: Final = 400
"""From this status on a request has gone wrong."""

_spared = False

_encoder = msgspec.json.Encoder()


def configure(stream: TextIO | None = None) -> None:
    """Send every line of this process to `stream` (default: standard error). Call it once, before anything logs."""
    stream = stream or sys.stderr
    rendering: Processor = structlog.processors.JSONRenderer(serializer=_json)
    if stream.isatty():
        rendering = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    ours: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*ours, rendering],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder(), *ours, _no_words],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, rendering],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in QUIET:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


def spare_requests() -> None:
    """Write no lines of good requests where a person reads along; whoever tries a plugin has to see what it says.

    On a terminal only: a file or a collector gets every line. Call it before the site is built.
    """
    global _spared  # noqa: PLW0603 - as logging itself, one for the process
    _spared = True


class RequestLine(msgspec.Struct, frozen=True, kw_only=True):
    """The line of one request; the fields are in their order on the line."""

    request_id: str
    logger: str = "dezhi.request"
    method: str
    route: str
    status: int
    ms: float
    event: str = "request"
    level: str
    timestamp: str = ""


def request_logger() -> Callable[[RequestLine], None] | None:
    """What writes request lines straight to the stream, because every request pays for it.

    None where nobody called `configure`: a test, or a program that has logs of its own.
    """
    if not structlog.is_configured():
        return None
    write = structlog.get_config()["logger_factory"]().info
    rendering = structlog.get_config()["processors"][-1]
    spared = _spared and not isinstance(rendering, structlog.processors.JSONRenderer)

    def tell(line: RequestLine) -> None:
        if spared and line.status < REFUSED:
            return
        stamped = msgspec.structs.replace(line, timestamp=datetime.now(UTC).isoformat().replace("+00:00", "Z"))
        if isinstance(rendering, structlog.processors.JSONRenderer):
            write(_encoder.encode(stamped).decode())
        else:
            write(str(rendering(None, line.level, msgspec.structs.asdict(stamped))))

    return tell


def places(error: BaseException) -> str:
    """Where an exception and what it came of were raised, the first cause first; not their words."""
    chain: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and all(one is not before for before in chain):
        chain.append(one)
        one = one.__cause__ or one.__context__
    told = io.StringIO()
    for one in reversed(chain):
        told.write(f"{type(one).__name__}\n")
        told.writelines(traceback.format_tb(one.__traceback__))
    return told.getvalue().rstrip()


def _no_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Take exceptions' own words out of a line, and of libraries' messages all but the first line, for the same reason.

    asyncio puts the exception's representation into the second.
    """
    record = event["_record"]
    if record.exc_info and record.exc_info[1] is not None:
        event["where"] = places(record.exc_info[1])
    event.pop("exc_info", None)
    event.pop("stack_info", None)
    if not record.name.startswith("dezhi"):
        event["event"] = str(event["event"]).partition("\n")[0]
    return event


def _json(event: EventDict, **_options: object) -> str:
    return _encoder.encode(event).decode()
