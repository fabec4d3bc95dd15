"""Several processes that serve one installation on PostgreSQL: granian's own workers, each with a house of its own."""

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from granian import Granian
from granian.constants import Loops
from litestar import Litestar
from litestar.types import LifeSpanReceive, LifeSpanScope, LifeSpanSend

from dezhi.app import build
from dezhi.cli.collector import keep_what_stands
from dezhi.cli.listening import options
from dezhi.core.errors import Problem
from dezhi.settings import Settings

log = logging.getLogger("dezhi.workers")

STOP_SECONDS = 10
"""How long a worker may finish what it has begun."""
RETRY_SECONDS = 1.0
"""How long a worker waits before it looks for the database again."""


def serve_workers(settings: Settings) -> None:
    """Serve with `settings.workers` processes until told to stop. Exits the process with 1 when they cannot live."""
    # What is imported by now is shared with the workers, and stays so: the collector does not touch it any more.
    gc.collect()
    gc.freeze()
    server = Granian(
        "dezhi",  # only a name: the application comes from the loader below
        workers=settings.workers,
        loop=Loops.asyncio,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        **options(settings),
    )
    with _one_set_of_figures(settings):
        server.serve(target_loader=partial(Worker, settings), wrap_loader=False)


@contextmanager
def _one_set_of_figures(settings: Settings) -> Iterator[None]:
    """Have the workers count in one folder, so that any of them can tell Prometheus of all."""
    if not settings.metrics_token:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="dezhi-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


class Worker:
    """The application of one worker: it builds its house in that process's own event loop, and closes it there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._site: Litestar | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Open the house when the server starts the worker, then hand everything to its site."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
        elif self._site is not None:
            await self._site(scope, receive, send)

    async def _live(self, scope: LifeSpanScope, receive: LifeSpanReceive, send: LifeSpanSend) -> None:
        _leave_with_the_parent()
        try:
            house, site = await _open(self._settings)
        except Exception as error:
            # Granian would go on without a site if it were not told.
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise
        site.on_shutdown.append(house.close)
        _end_streams_first(site)
        self._site = site
        keep_what_stands()
        await site(scope, receive, send)


async def _open(settings: Settings) -> Any:
    """A house and its site. A worker that starts while the database is away waits for it, as the others do."""
    while True:
        try:
            return await build(settings)
        except Problem as problem:
            log.warning("worker %s waits: %s", os.getpid(), problem.code)
            await asyncio.sleep(RETRY_SECONDS)


def _end_streams_first(site: Litestar) -> None:
    """Have a worker that is told to stop end its streams: granian waits for every answer, and a wall's has no end.

    Granian stops its workers by SIGTERM and has the same handler for SIGINT.
    """

    def stop() -> None:
        site.state.live.close()
        os.kill(os.getpid(), signal.SIGINT)

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)


def _leave_with_the_parent() -> None:
    """Stop this worker when the process that started it is gone: nobody else would end it, and it holds the port."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    loop = asyncio.get_running_loop()

    def leave() -> None:
        loop.remove_reader(parent.sentinel)
        os.kill(os.getpid(), signal.SIGTERM)

    loop.add_reader(parent.sentinel, leave)
