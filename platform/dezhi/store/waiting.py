"""Waiting for what must not be dropped half-way."""

import asyncio
from typing import TypeVar

T = TypeVar("T")


async def to_the_end(job: asyncio.Future[T]) -> T:
    """Wait for `job` even if the caller is cancelled; the cancellation is raised afterwards.

    For what opens and ends a transaction: dropped half-way it would leave a connection inside one for ever.
    """
    cancelled: asyncio.CancelledError | None = None
    while not job.done():
        try:
            await asyncio.wait([job])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled from (None if job.cancelled() else job.exception())
    return job.result()
