"""Points at the household or at the person, as each item says, side by side in one village (HH-06)."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from booking import check_book
from dezhi.app import furnish
from dezhi.core.calendar import day
from dezhi.core.events import AssetId, HolderId
from dezhi.core.programmes import Enabled
from dezhi.host import Directory
from dezhi.service.deeds import Asked
from dezhi.store import accounts
from homes import Home
from township import Hands
from villages import Village, build_village
from workshop import Workshop

BOTH = """
from dezhi.plugin import Asset, Category, Declaration, HolderKind, Item, Line, awards_as_declared, hook

PLUGIN = Declaration(categories=(Category(code="some", title="试"),))
TEN = (Line(asset=Asset.MORAL, amount_min=10, amount_max=10),)
FIVE = (Line(asset=Asset.MORAL, amount_min=5, amount_max=5),)
YARD = Item(code="yard", title="院子", category="some", asset=Asset.MORAL, lines=TEN, how="院子干净。")
MINE = HolderKind.PERSON
OWN = Item(code="own", title="自己的", category="some", asset=Asset.MORAL, lines=FIVE, how="自己做的。", holder=MINE)
ITEMS = {"yard": YARD, "own": OWN}

@hook
def items():
    return list(ITEMS.values())

@hook
def score(deed):
    return awards_as_declared(ITEMS[deed.code], deed)
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Write a plugin with an item of each kind."""
    folder = tmp_path / "plugins"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    workshop = Workshop(folder)
    yield workshop.write("both_kinds", BOTH)
    workshop.forget()


@pytest.fixture
async def village(home: Home, plugin: str) -> AsyncIterator[Village]:
    """Set 营尔村 up with that plugin in place of its own."""
    directory = Directory(["dezhi_yinger", plugin])
    house = await furnish(home.settings(), Hands(), directory)
    built = await build_village(house)
    await house.programmes.adopt(
        built.yinger.id, {"both-kinds": Enabled(version="1.0.0")}, title="试", effective_from=built.today, staff=None
    )
    yield built
    await house.close()


@pytest.mark.row("HH-06")
async def test_household_and_person_hold_side_by_side_and_nothing_counts_twice(home: Home, village: Village) -> None:
    house = village.house
    family = village.family
    wife = family.members[1].person
    for code, person in (("yard", wife), ("own", wife)):
        asked = Asked(household=family.id, item=f"both-kinds/{code}", on=village.today, person=person)
        await house.awards.record(asked, village.actor, f"key-{code}")
    sheet = await village.sheet()
    held = {
        (figure.holder_kind, figure.holder): figure.balance
        for figure in await accounts.figures(
            house.database, sheet.book, sheet.lineage, [family.id, wife], day(village.today)
        )
    }
    assert held == {(HolderId.HOUSEHOLD, family.id): 10, (HolderId.PERSON, wife): 5}
    # The household spends what is the household's; what the village earned is the sum of both, once.
    assert (await house.passbooks.open(family.id)).spendable == 10
    totals = await house.boards.totals(sheet.book, [village.yinger.id], village.today)
    assert (totals.moral, totals.deeds) == (15, 2)
    issued = await house.database.row(
        "SELECT sum(debits - credits) AS points FROM account WHERE book_id = {} AND holder_kind = 0 AND asset = {}",
        sheet.book,
        int(AssetId.MORAL),
    )
    assert issued == {"points": 15}
    with home.look() as db:
        check_book(db, sheet.book)
