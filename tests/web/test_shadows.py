"""A draft beside the programme in force: compared at night, listed without names, ended by itself; no book moves."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import msgspec
import pytest

from dezhi.core.errors import Problem
from dezhi.core.programmes import Enabled
from dezhi.core.shadows import ShadowState
from dezhi.plugin import Asset
from dezhi.service.backtest_rules import Whole
from dezhi.store.backtests import heads
from homes import Home
from links import text
from township import Hands
from villages import YINGER, Village
from visiting import Visit

PAGE = "/township/v/620902101201/shadow"


def python(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python beside the house of a home."""
    environment = {**os.environ, **home.environment, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=120)


async def tight(village: Village) -> Whole:
    """The programme in force with one deed of a kind a month."""
    document = (await village.sheet()).programme.document
    enabled = Enabled(version=document.plugins[YINGER].version, settings={"month_times_max": 1})
    return Whole(title="紧一点的草稿", document=msgspec.structs.replace(document, plugins={YINGER: enabled}))


@pytest.mark.row("B-15")
@pytest.mark.row("RU-07")
async def test_it_lists_where_it_would_have_given_something_else(village: Village, hands: Hands, home: Home) -> None:
    house = village.house
    # Before it began: no difference of its own, but the month's one is used up by it.
    await village.award(village.family, "neighbour-help")
    hands.pass_by(timedelta(hours=1))
    shadow = await house.shadows.begin(village.yinger, await tight(village), village.admin.id)
    first = await village.award(village.family, "neighbour-help")
    other = await village.award(village.family, "elder-care")
    await village.award(village.family, "elder-care")
    before = await heads(house.database)
    assert await house.shadows.compare_all() is not None
    told = await house.shadows.find(village.yinger, shadow.id)
    assert (told.deeds, told.state, told.trouble) == (3, ShadowState.RUNNING, "")
    found = await house.shadows.differences(told)
    assert [(one.asset, one.before, one.after, one.outcome) for one in found] == [(Asset.MORAL, 10, 0, "capped")] * 2
    assert first.seqs[0] in {one.seq for one in found}
    assert other.seqs[0] not in {one.seq for one in found}
    ran = python(home, "-m", "dezhi", "shadow", "--village", village.yinger.code, "--json")
    assert ran.returncode == 0, ran.stderr
    (beside,) = json.loads(ran.stdout)["shadows"]
    assert beside["shadow"]["deeds"] == 3
    assert [one["seq"] for one in beside["differences"]] == [one.seq for one in found]
    assert [(one["before"], one["after"]) for one in beside["differences"]] == [(10, 0)] * 2
    # Comparing again finds the same, and no book has moved.
    await house.shadows.compare(told)
    assert await house.shadows.differences(told) == found
    assert await heads(house.database) == before


async def test_there_is_one_at_a_time_and_it_ends_by_itself(village: Village, hands: Hands) -> None:
    house = village.house
    shadow = await house.shadows.begin(village.yinger, await tight(village), village.admin.id, days=7)
    with pytest.raises(Problem, match="shadow-running"):
        await house.shadows.begin(village.yinger, await tight(village), village.admin.id)
    with pytest.raises(Problem, match="shadow-days"):
        await house.shadows.begin(village.yinger, await tight(village), village.admin.id, days=6)
    hands.pass_by(timedelta(days=6))
    assert (await house.shadows.compare_all()).ended == 0
    hands.pass_by(timedelta(days=1))
    assert (await house.shadows.compare_all()).ended == 1
    assert (await house.shadows.find(village.yinger, shadow.id)).state is ShadowState.ENDED
    assert (await house.shadows.compare_all()).shadows == 0
    again = await house.shadows.begin(village.yinger, await tight(village), village.admin.id)
    await house.shadows.stop(village.yinger, again.id)
    assert (await house.shadows.find(village.yinger, again.id)).state is ShadowState.STOPPED


@pytest.mark.row("B-15")
async def test_the_page_begins_compares_and_ends_one(village: Village, hands: Hands, visit: Visit) -> None:
    del hands
    township = await visit("liu")
    assert "让这一版陪跑" in text((await township.get(PAGE)).text)
    assert (await township.post(PAGE, {"what": "version", "version": "9", "days": "30"})).status_code == 422
    assert (await township.post(PAGE, {"what": "version", "version": "1", "days": "30"})).status_code == 303
    await village.award(village.family, "neighbour-help")
    (shadow,) = await village.house.shadows.of(village.yinger)
    assert (await township.post(f"{PAGE}/{shadow.id}/compare")).status_code == 303
    assert "比了1笔，不一样的0笔" in text((await township.get(PAGE)).text)
    assert (await township.post(f"{PAGE}/{shadow.id}/stop")).status_code == 303
    assert "提前停了" in text((await township.get(PAGE)).text)
    assert (await township.post(f"{PAGE}/1/stop")).status_code == 404
