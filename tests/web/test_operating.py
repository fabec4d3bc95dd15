"""Health and metrics, as a load balancer and Prometheus see them."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from litestar import Litestar
from prometheus_client.parser import text_string_to_metric_families

from dezhi.app import build
from dezhi.host import Directory
from dezhi.service import health
from dezhi.service.house import House
from homes import Home
from township import Hands
from villages import Village
from visiting import Browser, Visit

TOKEN = "scrape-me"


@pytest.fixture
async def empty(home: Home, hands: Hands, directory: Directory) -> AsyncIterator[tuple[House, Litestar]]:
    """A house that shows metrics."""
    house, app = await build(home.settings(metrics_token=TOKEN), hands, directory)
    yield house, app
    await house.close()


async def figures(browser: Browser) -> dict[tuple[str, tuple[str, ...]], float]:
    """Every sample by its name and its labels' values."""
    answer = await browser.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.mark.row("SE-12")
async def test_health_is_told_without_a_log_in_and_without_a_person(village: Village, visit: Visit) -> None:
    stranger = await visit()
    live, ready = await stranger.get("/health/live"), await stranger.get("/health/ready")
    assert live.json() == {"status": "live"}
    assert ready.status_code == 200
    assert ready.json() == {"ready": True, "checks": {"database": "ok", "migrations": "ok"}, "detail": "ready"}
    assert "set-cookie" not in live.headers


@pytest.mark.row("SE-12")
async def test_a_database_that_is_gone_makes_it_unready_and_not_dead(
    village: Village, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = await visit("wang")  # with a session, which could not be looked up

    async def gone(*_: object) -> None:
        raise ConnectionRefusedError("password of 王军")

    monkeypatch.setattr(type(village.house.database.engine), "run", gone)
    live, ready = await clerk.get("/health/live"), await clerk.get("/health/ready")
    assert live.status_code == 200
    assert ready.status_code == 503
    assert ready.json()["checks"] == {"database": "failed"}
    assert "does not answer" in ready.json()["detail"]
    assert "王军" not in ready.text


async def test_a_database_that_hangs_is_unready_within_the_time_limit(
    village: Village, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "ANSWER_SECONDS", 0.05)

    async def hangs(*_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(type(village.house.database.engine), "run", hangs)
    assert (await (await visit()).get("/health/ready")).status_code == 503


async def test_a_pending_migration_makes_it_unready(
    village: Village, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def one_waits(*_: object) -> list[str]:
        return ["2026-12-01T00:00:00:000000"]

    monkeypatch.setattr(type(village.house.database), "pending", one_waits)
    answer = await (await visit()).get("/health/ready")
    assert answer.status_code == 503
    assert "dezhi migrate" in answer.json()["detail"]


@pytest.mark.row("SE-12")
async def test_metrics_tell_what_was_done_by_route_and_never_by_address(village: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    page = f"/desk/{village.family.id}"
    assert (await clerk.get(page)).status_code == 200
    form = {"household": str(village.family.id), "item": "dezhi-yinger/neighbour-help", "key": "tap-key-0001"}
    assert (await clerk.post("/round/award", form)).status_code == 200
    assert (await clerk.post("/round/award", form | {"item": "dezhi-yinger/none", "key": "tap-key-0002"})).is_error
    assert (await clerk.get("/desk/0")).status_code == 404
    found = await figures(clerk)
    assert found["dezhi_http_requests_total", ("GET", "/desk/{ref}", "200")] == 1
    assert found["dezhi_http_requests_total", ("GET", "/desk/{ref}", "404")] == 1
    assert found["dezhi_http_request_seconds_count", ("GET", "/desk/{ref}")] == 2
    assert found["dezhi_post_outcomes_total", ("booked",)] == 1
    assert found["dezhi_post_batch_size_count", ()] == 1
    assert found["dezhi_post_commit_seconds_count", ()] == 1
    assert found["dezhi_hook_seconds_count", ("score", "dezhi-yinger")] >= 1
    assert found["dezhi_refusals_total", ("household-unknown",)] == 1
    assert found["dezhi_post_queue_length", ()] == 0
    assert found["dezhi_slow_queries_total", ()] == 0
    assert found["dezhi_database_connections_open", ()] >= 2
    assert found["dezhi_process_resident_bytes", ()] > 10_000_000
    assert str(village.family.id) not in str(found)


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer wrong", f"bearer {TOKEN}", TOKEN, "Bearer ä"])
async def test_metrics_are_not_for_strangers(empty: tuple[House, Litestar], visit: Visit, sent: str) -> None:
    answer = await (await visit()).get("/metrics", headers={"authorization": sent.encode()})
    assert answer.status_code == 401
    assert "dezhi_" not in answer.text


async def test_without_a_token_there_is_no_such_page(home: Home, hands: Hands, directory: Directory) -> None:
    house, app = await build(home.settings(), hands, directory)
    try:
        async with Browser(app) as browser:
            assert (await browser.get("/metrics", headers={"authorization": "Bearer "})).status_code == 404
    finally:
        await house.close()


WORKER = """
import sys
from dezhi.web.metrics import Metrics
metrics = Metrics("t")
metrics.look_at(lambda: (3, 1, 2))
metrics.request("GET", "/wall", 200, 0.01)
metrics.batch(5, 0.002)
metrics.sample()
if sys.argv[1:] == ["scraped"]:
    print(metrics.page().decode())
"""


def test_whichever_worker_is_asked_tells_for_all(tmp_path: Path) -> None:
    """Two workers that ended, and a third that is scraped: counts add up, and the dead ones' queues are forgotten."""
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for argument in ("", "", "scraped"):
        told = subprocess.run(
            [sys.executable, "-c", WORKER, *argument.split()],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
    found = {
        sample.name: sample.value
        for family in text_string_to_metric_families(told.stdout)
        for sample in family.samples
        if "le" not in sample.labels
    }
    assert found["dezhi_http_requests_total"] == 3
    assert found["dezhi_post_batch_size_sum"] == 15
    assert found["dezhi_post_queue_length"] == 3
