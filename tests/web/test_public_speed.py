"""How long the public page of a village of a thousand households takes."""

import statistics
import time

import pytest

from dezhi.core.people import NewMember
from dezhi.service.deeds import Asked
from villages import SINCE, Village
from visiting import Visit

HOUSEHOLDS = 1_000
SECONDS_MAX = 0.1


@pytest.mark.alone
async def test_a_thousand_households_page_comes_within_a_tenth_of_a_second(village: Village, visit: Visit) -> None:
    house, browser = village.house, await visit()
    homes = []
    async with house.database.engine.transaction():
        for number in range(HOUSEHOLDS):
            members = [NewMember(name=f"张{chr(0x4E00 + number)}山", relation="户主")]
            home = await house.people.open_household(
                village.yinger.id, village.grid.id, f"9{number}", members, on=SINCE
            )
            await house.people.choose_board(home.id, "test", opted_in=number % 10 < 6)
            homes.append(home.id)
    for item in ("neighbour-help", "street-cleaning", "voluntary-labour", "hard-times-help"):
        asked = [Asked(household=home, item=f"dezhi-yinger/{item}", on=house.people.today()) for home in homes]
        await house.awards.record_many(asked, village.actor, [f"{item}-{home}" for home in homes], batch=item)
    await browser.get("/v/620902101201")  # compiles the templates, once in a process's life
    took = []
    for number in range(5):
        home = await house.people.household(homes[number])
        deed = Asked(
            household=home.id,
            item="dezhi-yinger/clinic-company",
            on=home.on,
            minutes=60,
            person=home.members[0].person,
        )
        await house.awards.record(deed, village.actor, f"moved-{number}")
        began = time.perf_counter()
        page = await browser.get("/v/620902101201")
        took.append(time.perf_counter() - began)
        assert page.status_code == 200
    print(f"page after the book moved: {statistics.median(took) * 1000:.0f} ms")  # noqa: T201 - the figure is what the test is for
    assert statistics.median(took) < SECONDS_MAX
