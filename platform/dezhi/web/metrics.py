"""Figures for Prometheus: a `Watch` that counts, and the page it is read from.

Loaded only where `DEZHI_METRICS_TOKEN` is set. With several workers prometheus_client keeps its values in files below
`PROMETHEUS_MULTIPROC_DIR`, and whichever worker is asked adds them up.
"""

import asyncio
import contextlib
import os
import re
import resource
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

from litestar import Controller, Litestar, Response, get
from litestar.exceptions import NotAuthorizedException
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from dezhi.core.watch import Watch
from dezhi.web.visitors import AnyRequest

SAMPLE_SECONDS: Final = 5.0
"""How often a worker writes down what is not counted but looked at: its queue, its connections, its memory."""

_SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
_SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
_HTTP_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_COMMIT_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
_HOOK_SECONDS: Final = (0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.02, 0.1, 0.5)
_PID: Final = re.compile(r"_(\d+)\.db$")


class Metrics(Watch):
    """Counts in a registry of its own, so that two sites in one process (tests) do not mix."""

    def __init__(self, token: str) -> None:
        """`token` is what a scraper must send as its bearer token."""
        self.token = token
        self._looks: Callable[[], tuple[int, int, int]] = lambda: (0, 0, 0)
        registry = self._registry = CollectorRegistry()
        self._requests = Counter(
            "dezhi_http_requests", "Requests answered.", ["method", "route", "status"], registry=registry
        )
        self._request_seconds = Histogram(
            "dezhi_http_request_seconds",
            "Time from a request to the end of its answer.",
            ["method", "route"],
            buckets=_HTTP_SECONDS,
            registry=registry,
        )
        self._refusals = Counter("dezhi_refusals", "Answers which said no, by code.", ["code"], registry=registry)
        self._outcomes = Counter(
            "dezhi_post_outcomes", "What the ledger did with submissions, by code.", ["code"], registry=registry
        )
        self._batches = Histogram(
            "dezhi_post_batch_size", "Submissions in one commit.", buckets=_SIZES, registry=registry
        )
        self._commits = Histogram(
            "dezhi_post_commit_seconds",
            "Time to read, decide and commit one batch.",
            buckets=_COMMIT_SECONDS,
            registry=registry,
        )
        self._again = Counter(
            "dezhi_post_again",
            "Batches not written at the first try, by why; a fault needs a look.",
            ["why"],
            registry=registry,
        )
        self._hooks = Histogram(
            "dezhi_hook_seconds",
            "Time a plugin took for one hook.",
            ["plugin", "hook"],
            buckets=_HOOK_SECONDS,
            registry=registry,
        )
        self._slow = Counter("dezhi_slow_queries", "Statements that took 200 ms or more.", registry=registry)
        self._queue = _gauge("dezhi_post_queue_length", "Submissions waiting for their batch.", "livesum", registry)
        self._used = _gauge("dezhi_database_connections_used", "Connections at work.", "livesum", registry)
        self._open = _gauge("dezhi_database_connections_open", "Connections open.", "livesum", registry)
        # One worker's memory is what runs out, so it is shown by worker (label `pid`) where there are several.
        self._memory = _gauge("dezhi_process_resident_bytes", "Memory of the process.", "liveall", registry)

    def batch(self, size: int, seconds: float) -> None:
        """Count a committed batch."""
        self._batches.observe(size)
        self._commits.observe(seconds)

    def again(self, why: str) -> None:
        """Count a batch that has to be tried again."""
        self._again.labels(why).inc()

    def outcome(self, code: str) -> None:
        """Count an answer of the ledger; no code is `booked`."""
        self._outcomes.labels(code or "booked").inc()

    def asked(self, plugin: str, hook: str, seconds: float) -> None:
        """Time a plugin."""
        self._hooks.labels(plugin, hook).observe(seconds)

    def slow_query(self) -> None:
        """Count a slow statement."""
        self._slow.inc()

    def refusal(self, code: str) -> None:
        """Count a no."""
        self._refusals.labels(code).inc()

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, status).inc()
        self._request_seconds.labels(method, route).observe(seconds)

    def look_at(self, looks: Callable[[], tuple[int, int, int]]) -> None:
        """`looks` answers what is looked at: submissions waiting, connections at work, connections open."""
        self._looks = looks

    def sample(self) -> None:
        """Write down what is looked at."""
        waiting, used, opened = self._looks()
        self._queue.set(waiting)
        self._used.set(used)
        self._open.set(opened)
        self._memory.set(_resident_bytes())

    def page(self) -> bytes:
        """Everything, of all workers, in Prometheus' text format."""
        self.sample()
        shared = os.environ.get(_SHARED)
        if shared is None:
            return generate_latest(self._registry)
        _forget_the_dead(Path(shared))
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)

    def handler(self) -> type[Controller]:
        """The page of these figures, for whoever sends the token."""
        metrics = self

        class MetricsPage(Controller):
            """What Prometheus reads."""

            @get("/metrics", opt={"skip_session": True, "exclude_from_csrf": True})
            async def metrics(self, request: AnyRequest) -> Response[bytes]:
                """All figures. Raises 401 without the token."""
                sent = request.headers.get("authorization", "")
                if not secrets.compare_digest(sent.encode(), f"Bearer {metrics.token}".encode()):
                    raise NotAuthorizedException("the bearer token of DEZHI_METRICS_TOKEN is wanted")
                return Response(metrics.page(), headers={"content-type": CONTENT_TYPE_LATEST})

        return MetricsPage

    @contextlib.asynccontextmanager
    async def sampling(self, _app: Litestar) -> AsyncIterator[None]:
        """Sample while the site runs: another worker may be the one that is asked."""
        task = asyncio.create_task(self._sample_on())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _sample_on(self) -> None:
        while True:
            self.sample()
            await asyncio.sleep(SAMPLE_SECONDS)


def _gauge(name: str, told: str, mode: str, registry: CollectorRegistry) -> Gauge:
    return Gauge(name, told, registry=registry, multiprocess_mode=mode)  # type: ignore[arg-type]  # a literal's type


def _forget_the_dead(folder: Path) -> None:
    """Drop the gauges of workers that have ended; their counters stay."""
    for file in folder.glob("gauge_live*.db"):
        found = _PID.search(file.name)
        if found is not None and not Path(f"/proc/{found[1]}").exists():
            mark_process_dead(int(found[1]), str(folder))  # type: ignore[no-untyped-call]


def _resident_bytes() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        # Not Linux: the most it ever was.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return pages * resource.getpagesize()
