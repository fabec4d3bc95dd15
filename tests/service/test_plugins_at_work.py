"""The bundled plugins with the ledger below them: limits of a store, limits all items share, visits with people."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from dezhi.app import furnish
from dezhi.core.errors import Problem
from dezhi.core.programmes import Enabled
from dezhi.host import Directory
from dezhi.plugin import Role
from dezhi.service.deeds import Asked, Named, Recorded
from homes import Home
from township import Hands
from villages import YINGER, Village, build_village

SAFE, STORE, SANXIAN = "dezhi-safe-family", "dezhi-store", "dezhi-sanxian"
MODULES = ["dezhi_yinger", "dezhi_safe_family", "dezhi_store", "dezhi_sanxian"]


@pytest.fixture
async def village(home: Home) -> AsyncIterator[Village]:
    house = await furnish(home.settings(), Hands(), Directory(MODULES))
    built = await build_village(house)
    await house.programmes.adopt(
        built.yinger.id,
        {
            YINGER: Enabled(version="0.1.0"),
            STORE: Enabled(
                version="0.1.0",
                settings={
                    "goods": [
                        {"code": "oil", "title": "菜油", "price": 3, "limit": 2, "per": "year"},
                        {"code": "salt", "title": "食盐", "price": 4},
                    ],
                    "open_on": "每周的一天",
                    "weekday": "星期日",
                    "step_after": 1,
                    "step_percent": 200,
                },
            ),
            SAFE: Enabled(version="0.1.0", settings={"year_points_max": 12}),
            SANXIAN: Enabled(version="0.1.0"),
        },
        title="道德储蓄银行",
        effective_from=built.today,
        staff=built.admin.id,
    )
    yield built
    await house.close()


async def record(village: Village, item: str, key: str, **asked: Any) -> Recorded:
    request = Asked(household=village.family.id, item=item, on=village.today, **asked)
    return await village.house.awards.record(request, village.actor, f"{item} {key}")


@pytest.mark.row("RE-03")
@pytest.mark.row("RE-04")
async def test_store_keeps_its_limits_steps_and_days(village: Village) -> None:
    redemptions, hands = village.house.redemptions, village.house.clock
    for number in range(3):
        await village.award(village.family, "neighbour-help", f"help-{number}")
    placed = [
        await redemptions.place(village.family.id, f"{STORE}/oil", source="card:1", key=f"oil-order-{number}")
        for number in range(2)
    ]
    assert [one.price for one in placed] == [3, 6]
    with pytest.raises(Problem, match="今年一户最多换2件，您家已经换了2件"):
        await redemptions.place(village.family.id, f"{STORE}/oil", source="card:1", key="oil-order-third")
    # One that was given back no longer counts.
    book = await village.house.sheets.book(village.yinger.id)
    await redemptions.cancel(book, placed[1].order, source="card:1", actor=None, key="give-back")
    again = await redemptions.place(village.family.id, f"{STORE}/oil", source="card:1", key="oil-order-again")
    assert again.price == 6
    assert isinstance(hands, Hands)
    hands.now = hands.now.replace(day=23)
    with pytest.raises(Problem, match="下一个兑换日是2026年11月29日"):
        await redemptions.place(village.family.id, f"{STORE}/salt", source="card:1", key="salt-on-monday")


async def test_what_is_done_all_year_shares_one_limit_and_the_assessment_does_not(village: Village) -> None:
    await record(village, f"{SAFE}/drill", "first")
    await record(village, f"{SAFE}/hazard-report", "first")
    with pytest.raises(Problem) as refused:
        await record(village, f"{SAFE}/drill", "second")
    assert refused.value.code == "cap-reached"
    answers = {"preconditions": True, "protection": 30, "dwelling": 20, "harmony": 25, "taking_part": 25}
    await record(village, f"{SAFE}/assessment", "year", answers=answers)
    assert (await village.house.passbooks.open(village.family.id)).safe == 40


async def test_a_visit_names_households_and_a_round_takes_its_grid(village: Village) -> None:
    person = village.family.members[0].person
    homes = [await village.open_family(f"03{number}") for number in range(3)]
    visited = tuple(Named(role=Role.HELPED, household=home.id) for home in homes)
    done = await record(
        village, f"{SANXIAN}/centre-visit", "visit", person=person, people=visited, answers={"about": "safety"}
    )
    told = await village.house.journal.at(done.book, done.seqs[0])
    assert list(told.amounts.values()) == [3]
    assert await village.house.sentences.under(told) == ["这个月走访了3户次，还差7户次。"]
    grid = (Named(role=Role.GROUP, grid=village.grid.id),)
    done = await record(village, f"{SANXIAN}/centre-round", "round", person=person, people=grid)
    told = await village.house.journal.at(done.book, done.seqs[0])
    assert sum(told.amounts.values()) >= 4
    with pytest.raises(Problem):
        await record(village, f"{SANXIAN}/settled", "untold", person=person, answers={"told_back": False})
