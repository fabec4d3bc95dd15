"""How long a backtest takes: `dezhi backtest` on a township's SQLite file, from its start to the last figure."""

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from bench.awarding import Town, give
from bench.figures import Figure, figure, middle
from bench.town import ITEMS, SINCE, YINGER, settle
from dezhi.app import furnish
from dezhi.core.backtest_grid import last_whole
from dezhi.core.calendar import day
from dezhi.core.events import Holder, HolderId, Place
from dezhi.core.people import Household
from dezhi.service.house import House
from dezhi.service.sheets import Sheet
from dezhi.settings import Settings
from dezhi.store.ledger import Deed, Submission

NAMES = ("backtest-25k", "backtest-county", "backtest-processor")

DEEDS: Final = 25_000
COUNTY: Final = 2_000_000
COUNTY_DEEDS = int(os.environ.get("BENCH_BACKTEST", str(DEEDS)))
"""How many deeds the county's figure is measured with; 2,000,000 of them take a good while to be booked first."""

TOWNSHIP: Final = "620902101000"
ROUNDS: Final = 3
DAYS: Final = 360


def figures() -> Sequence[Figure]:
    """Book a year of deeds in twenty villages, and play it again under a narrower limit."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        asyncio.run(_live(settings, 0, DEEDS, new=True))
        turns = [_play(settings, DEEDS) for _ in range(ROUNDS)]
        small = large = middle([one[0] for one in turns])
        if COUNTY_DEEDS > DEEDS:
            asyncio.run(_live(settings, DEEDS, COUNTY_DEEDS))
            large, _ = _play(settings, COUNTY_DEEDS)
    told = "s for a county's year" if COUNTY_DEEDS == COUNTY else f"s for 2 M deeds, reckoned from {COUNTY_DEEDS:,}"
    return [
        figure("backtest-25k", small, f"s for {DEEDS:,} deeds of 20 villages", "<= 10"),
        figure("backtest-county", large * COUNTY / COUNTY_DEEDS, told, "<= 900"),
        figure("backtest-processor", middle([one[1] for one in turns]) / DEEDS * 1e6, "us of the processor a deed"),
    ]


async def _live(settings: Settings, first: int, last: int, *, new: bool = False) -> None:
    """Book the deeds from one number to another, each household's in turn, day after day."""
    if new:
        await settle(settings)
    house = await furnish(settings)
    try:
        made = Town()
        places = [(sheet, home) async for sheet, home in _homes(house)]
        book = places[0][0].book
        numbers = iter(range(first, last))
        while some := list(islice(numbers, 10_000)):
            await give(house.poster, book, [_deed(made, house, *places[at % len(places)], at, last) for at in some])
    finally:
        await house.close()


async def _homes(house: House) -> AsyncIterator[tuple[Sheet, Household]]:
    township = await house.places.by_code(TOWNSHIP)
    assert township is not None
    for village in await house.places.villages(township.id):
        sheet = await house.sheets.in_force(village.id, house.places.today())
        for home in await house.people.list_below(village.id):
            yield sheet, home


def _deed(made: Town, house: House, sheet: Sheet, home: Household, number: int, of: int) -> Submission:
    item = f"{YINGER}/{ITEMS[number % len(ITEMS)]}"
    on = max(SINCE, last_whole(house.places.today()) - timedelta(days=DAYS - number * DAYS // of))
    submission = made.to(
        0,
        item=item,
        programme=sheet.lineage,
        version=sheet.id,
        holder=Holder(HolderId.HOUSEHOLD, home.id),
        place=Place(household=home.id, village=home.village, grid=home.grid),
        event_day=day(on),
        caps=(),
    )
    record = submission.record
    assert isinstance(record, Deed)
    return submission._replace(record=record._replace(household=home.id, item=item, version=sheet.id))


def _play(settings: Settings, deeds: int) -> tuple[float, float]:
    """Seconds from the command's start to its end, and seconds of the processor it used."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    change = ("--plugin", YINGER, "--set", "month_times_max=2")
    done = subprocess.run(
        [sys.executable, "-m", "dezhi", "backtest", "--township", TOWNSHIP, *change, "--json"],
        env={**os.environ, "DEZHI_DATA_DIR": str(settings.data_dir)},
        capture_output=True,
        check=True,
    )
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    played = msgspec.json.decode(done.stdout)["result"]["deeds"]
    if not deeds * 0.9 < played <= deeds:  # of the last months what fewer than five households did is not told
        raise RuntimeError(f"{played} deeds were played")
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
