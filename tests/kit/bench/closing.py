"""The end of a public notice with eighty thousand lines, on PostgreSQL: all of them go from pending to the wallets."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bench.awarding import HOUSEHOLDS, Town, give
from bench.figures import Figure, figure
from bench.town import SINCE, YINGER
from dezhi.app import furnish, utc_now
from dezhi.core.calendar import day
from dezhi.core.events import Place
from dezhi.core.programmes import Enabled
from dezhi.service.house import House
from dezhi.settings import Settings
from dezhi.store.database import upgrade
from dezhi.store.ledger import Submission
from servers import OWNER, postgres

NAMES = ("notice-80k",)
LINES, DAYS = 80_000, 5
DATABASE = "notice"


class _Calendar:
    """The machine's clock, some days ago until the bench goes on."""

    def __init__(self) -> None:
        self.back = timedelta(days=DAYS + 1)

    def __call__(self) -> datetime:
        return utc_now() - self.back


def figures() -> Sequence[Figure]:
    """How long it takes to close it."""
    with postgres() as server, tempfile.TemporaryDirectory() as folder:
        server.address.create(DATABASE)
        url, owner = server.address.url(DATABASE), server.address.url(DATABASE, OWNER)
        seconds = asyncio.run(_measure(Settings(data_dir=Path(folder), database_url=url), owner))
    return [figure("notice-80k", seconds, f"s to close a notice of {LINES:,} lines", "<= 300")]


async def _measure(settings: Settings, owner: str) -> float:
    await upgrade(owner, settings.database_url)
    calendar = _Calendar()
    house = await furnish(settings, calendar)
    try:
        await _announce(house)
        calendar.back = timedelta()
        began = time.perf_counter()
        closed = await house.notices.close_due()
        took = time.perf_counter() - began
    finally:
        await house.close()
    if (closed.confirmed, closed.refused) != (LINES, 0):
        raise RuntimeError(f"not all of the notice was closed: {closed}")
    return took


async def _announce(house: House) -> None:
    """Book its lines, as pending."""
    township = await house.places.create_township("620902101000", ("甘肃省", "酒泉市", "肃州区", "上坝镇"), SINCE)
    village = await house.places.create_village(township.id, "620902101201", "营尔村", SINCE)
    programme = await house.programmes.adopt(
        village.id,
        {YINGER: Enabled(version="0.1.0")},
        title="积分",
        effective_from=SINCE,
        staff=None,
        notice_days=DAYS,
    )
    town, today = Town(), day(house.places.today())

    def line(number: int) -> Submission:
        household = town.households[number % HOUSEHOLDS]
        return town.to(
            number % HOUSEHOLDS,
            programme=programme.lineage,
            version=programme.id,
            place=Place(household=household, village=village.id),
            event_day=today,
            pending=True,
        )

    book = await house.sheets.book(village.id)
    for at in range(0, LINES, HOUSEHOLDS):
        await give(house.poster, book, [line(number) for number in range(at, at + HOUSEHOLDS)])
