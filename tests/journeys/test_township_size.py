"""One small machine serves a township: fifteen villages, 6,000 households, a year of 150,000 entries, on SQLite."""

import asyncio
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from dezhi.app import furnish
from dezhi.host import Directory
from dezhi.settings import Settings
from dezhi.store.scores import catch_up
from running import Running, dezhi, resident_mb
from sizes import ROUNDS, YINGER, Size, YearClock, build_township

# Catalogue, section 9.3, "on 2 cores / 4 GB"; memory and start are this project's own.
AWARD_P95_MS = 150
BATCH_SECONDS = 5
PAGE_P95_MS = 300
START_SECONDS = 5
MEMORY_MB = 250
DISK_MB = 400
CLERKS, AWARDS_EACH, PAGES = 6, 25, 20


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


async def timed(work: Any) -> tuple[float, httpx.Response]:
    began = time.monotonic()
    answer: httpx.Response = await work
    assert answer.is_success, answer.text
    return (time.monotonic() - began) * 1_000, answer


def calling(served: Running, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=served.url, timeout=60, headers={"Authorization": f"Bearer {token}"})


async def award(client: httpx.AsyncClient, home: int, today: str) -> float:
    body = {"household": str(home), "item": f"{YINGER}/street-cleaning", "on": today}
    key = {"Idempotency-Key": secrets.token_hex(8)}
    return (await timed(client.post("/api/v1/awards", json=body, headers=key)))[0]


async def clerks_at_work(served: Running, built: Size, today: str) -> list[float]:
    """Some clerks, each in a village of their own, who record one deed after another."""

    async def one(number: int) -> list[float]:
        place = built.places[number]
        async with calling(served, place.token) as client:
            return [await award(client, home, today) for home in place.homes[20 : 20 + AWARDS_EACH]]

    return [taken for each in await asyncio.gather(*map(one, range(CLERKS))) for taken in each]


async def batches(served: Running, built: Size, today: str) -> float:
    """Seconds for 1,000 households of three villages at once, each village one batch."""
    began = time.monotonic()
    for place, many in zip(built.places[6:9], (399, 399, 202), strict=True):
        async with calling(served, place.token) as client:
            body = {"households": [str(one) for one in place.homes[:many]], "item": f"{YINGER}/tidy-yard", "on": today}
            key = {"Idempotency-Key": secrets.token_hex(8)}
            _, answer = await timed(client.post(f"/api/v1/villages/{place.code}/batches", json=body, headers=key))
            assert answer.json()["booked"] == many
    return time.monotonic() - began


async def readers(served: Running, built: Size) -> dict[str, float]:
    """The 95th percentile in ms of each kind of page, asked for one after another while entries go on arriving."""
    async with httpx.AsyncClient(base_url=served.url, timeout=60) as client:
        found = {}
        paths = {"public page": "/v/{}", "wall": "/v/{}/wall", "rules": "/v/{}/rules"}
        for name, path in paths.items():
            taken = [(await timed(client.get(path.format(place.code))))[0] for place in built.places]
            found[name] = p95(taken)
        token = (await client.get("/card")).text.split('name="_csrf_token" value="')[1].split('"')[0]
        entered = await client.post("/card", data={"_csrf_token": token, "card": built.card, "pin": built.pin})
        assert entered.status_code == 303
        found["passbook"] = p95([(await timed(client.get("/me")))[0] for _ in range(PAGES)])
        return found


@pytest.mark.alone
@pytest.mark.row("SE-09")
async def test_one_small_machine_serves_a_township(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    data = tmp_path / "data"
    clock = YearClock(datetime.now(UTC).date())
    began = time.monotonic()
    house = await furnish(Settings(data_dir=data), clock, Directory(["dezhi_yinger"]))
    try:
        built = await build_township(house, clock, told.append)
        # Every wall asks for its board each minute: no start of a township in service finds a year unread.
        for row in await house.database.rows("SELECT book_id FROM book"):
            await catch_up(house.database, row["book_id"])
    finally:
        await house.close()
    filled = time.monotonic() - began
    assert built.entries == 15 * 399 * ROUNDS
    today = clock.now.date().isoformat()
    disk = sum(file.stat().st_size for file in data.rglob("*") if file.is_file()) / 1024**2
    began = time.monotonic()
    with dezhi("serve", data) as served:
        start = time.monotonic() - began
        awards = await clerks_at_work(served, built, today)
        seconds = await batches(served, built, today)
        pages = await readers(served, built)
        weight = resident_mb(served.process.pid)
    with capsys.disabled():
        shown = ", ".join(f"{name} {taken:.0f} ms" for name, taken in pages.items())
        print(  # noqa: T201 - the figures are what the test is for
            f"\na township of {len(built.places)} villages, 6,000 households, {built.entries:,} entries (made in"
            f" {filled:.0f} s), on SQLite: {disk:.0f} MB on disk (limit {DISK_MB}), first answer after {start:.1f} s"
            f" (limit {START_SECONDS}), {weight:.0f} MB after the work (limit {MEMORY_MB}); an award by one of"
            f" {CLERKS} clerks p95 {p95(awards):.0f} ms (limit {AWARD_P95_MS}), 1,000 at once {seconds:.1f} s"
            f" (limit {BATCH_SECONDS}); p95 of {shown} (limit {PAGE_P95_MS} ms)"
        )
    assert p95(awards) < AWARD_P95_MS
    assert seconds < BATCH_SECONDS
    assert max(pages.values()) < PAGE_P95_MS
    assert start < START_SECONDS
    assert weight < MEMORY_MB
    assert disk < DISK_MB
