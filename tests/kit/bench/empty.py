"""The yardstick of reads: a Litestar handler that answers at once, on granian as `dezhi serve` starts it.

A program of its own: arguments are the port, the workers, and `litestar` or `bare` (no framework at all).
"""

import asyncio
import json
import sys
from typing import Any

from granian import Granian
from granian.constants import Loops
from granian.server.embed import Server
from litestar import Litestar, get

from dezhi.cli.listening import options
from dezhi.settings import Settings

ANSWER = {"status": "empty"}
BODY = json.dumps(ANSWER).encode()


@get("/")
async def empty() -> dict[str, str]:
    """Answer."""
    return ANSWER


async def bare(scope: Any, receive: Any, send: Any) -> None:
    """Answer without a framework."""
    del receive  # there is nothing to read
    if scope["type"] != "http":
        return
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})


def load() -> Any:
    """The application of one worker."""
    return bare if sys.argv[3] == "bare" else Litestar([empty], openapi_config=None, logging_config=None)


def main() -> None:
    """Serve until told to stop."""
    settings = Settings(port=int(sys.argv[1]), workers=int(sys.argv[2]))
    if settings.workers == 1:
        asyncio.run(Server(load(), **options(settings)).serve())
        return
    server = Granian("empty", workers=settings.workers, loop=Loops.asyncio, **options(settings))
    server.serve(target_loader=load, wrap_loader=False)


if __name__ == "__main__":
    main()
