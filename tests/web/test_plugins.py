"""Plugins from files as a township sees them: versions side by side, quarantine, safe mode, and one that is gone."""

from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from litestar import Litestar

from calling import Program, make_token
from dezhi.app import build
from dezhi.core.errors import Problem
from dezhi.core.people import NewMember
from dezhi.core.programmes import Enabled
from dezhi.core.staff import Post, Role
from dezhi.host import Directory
from dezhi.service.awards import Asked
from dezhi.service.house import House
from dezhi.service.installing import uninstall
from homes import Home
from parcels import keep, parcel
from township import Hands
from villages import PASSWORD, SINCE, Village
from visiting import Browser, Visit
from workshop import GOOD

TRIAL = "trial/thing"
HERE, THERE = "620902101201", "620902101202"
PAGE = f"/township/v/{HERE}"
FOUR = GOOD.replace("=3", "=4")
REWARDING = GOOD.replace("import Asset", "import Reward, RewardKind, Asset") + (
    "\n@hook\ndef rewards():\n    return [Reward(code='soap', title='香皂', price=2, kind=RewardKind.GOOD)]\n"
)
BREAKS = GOOD.replace("    return awards_as_declared", "    __import__('os')._exit(1)\n    return awards_as_declared")
COMPUTES = GOOD.replace("amount_max=3", "amount_max=9")


@pytest.fixture
def store(home: Home) -> Path:
    return home.data_dir / "plugins"


@pytest.fixture
def directory(store: Path) -> Directory:
    return Directory(["dezhi_hello", "dezhi_yinger"], store=store)


async def adopt(village: Village, version: str = "1.0.0", place: int = 0, **more: Any) -> None:
    """Switch the trial plugin on, alone."""
    house = village.house
    await house.quarantines.look()
    await house.programmes.adopt(
        place or village.yinger.id,
        {"trial": Enabled(version=version)},
        title="试行办法",
        effective_from=village.today,
        staff=village.admin.id,
        **more,
    )


async def record(program: Program, household: int, key: str = "") -> Any:
    answer = await program.post("/awards", {"household": str(household), "item": TRIAL, "on": "2026-11-22"}, key)
    return answer.json() | {"status": answer.status_code}


async def program_of(empty: tuple[House, Litestar], village: Village) -> Program:
    """A program that may do what the township, and the clerks of both villages, may."""
    house = village.house
    posts = [Post(role, village.township.id) for role in (Role.CLERK, Role.TOWNSHIP, Role.SUPERVISOR)]
    own = await village.open_family(f"9{len(posts)}{token_hex(2)}", "郑强")
    chief = await house.staff.create_with(f"chief{own.number}", "郑强", posts, PASSWORD, person=own.members[0].person)
    return Program(empty[1], await make_token(house, chief))


@pytest.mark.row("PL-03")
async def test_two_villages_use_two_versions_of_one_plugin_at_once(
    empty: tuple[House, Litestar], village: Village, store: Path, tmp_path: Path
) -> None:
    keep(store, parcel(tmp_path))
    keep(store, parcel(tmp_path, FOUR, version="1.1.0"))
    other = await village.house.people.open_household(
        village.xiaba.id, None, "7", [NewMember(name="赵春梅", relation="户主")], on=SINCE
    )
    program = await program_of(empty, village)
    for place, version in ((HERE, "1.0.0"), (THERE, "1.1.0")):
        body = {"follows": 1 if place == HERE else 0, "title": "办法", "plugins": {"trial": {"version": version}}}
        answer = await program.post(f"/villages/{place}/versions", body)
        assert answer.status_code == 201, answer.text
        assert answer.json()["plugin_versions"] == {"trial": version}
    first, second = await record(program, village.family.id), await record(program, other.id)
    assert (first["status"], second["status"]) == (201, 201), (first, second)
    assert [one["reason"] for one in first["entries"]] != [one["reason"] for one in second["entries"]]
    assert (await village.house.passbooks.open(village.family.id)).spendable == 3
    assert (await village.house.passbooks.open(other.id)).spendable == 4
    wrong = {"follows": 2, "title": "办法", "plugins": {"trial": {"version": "1.0.5"}}}
    refused = await program.post(f"/villages/{HERE}/versions", wrong)
    assert (refused.status_code, refused.json()["code"]) == (409, "plugin-version")


@pytest.mark.row("PL-05")
async def test_what_breaks_is_shown_with_the_reason_until_staff_try_again(
    empty: tuple[House, Litestar], village: Village, visit: Visit, store: Path, tmp_path: Path
) -> None:
    keep(store, parcel(tmp_path, BREAKS))
    await adopt(village)
    program = await program_of(empty, village)
    assert (await record(program, village.family.id))["code"] == "plugin-died"
    assert (await record(program, village.family.id))["code"] == "plugin-held"
    browser = await visit("liu")
    page = (await browser.get(PAGE)).text
    assert "停用观察" in page
    assert "把自己弄垮了（问的是 score）" in page
    assert "没有签名" in page
    assert "停用观察了" in (await browser.get("/township")).text
    [told] = [one for one in (await program.get(f"/villages/{HERE}/plugins")).json()["items"] if one["name"] == "trial"]
    assert told["held"]["reason"] == "plugin-died"
    assert told["held"]["since"].startswith("2026-11-22")
    assert (told["from_file"], told["signer"], told["versions"]) == (True, "", ["1.0.0"])
    # Another process of this installation knows it too.
    other = Directory(store=store)
    another = type(village.house.quarantines)(village.house.database, other, village.house.clock)
    await another.look()
    assert other.ward.find(other.plugins["trial"].key) is not None
    assert (await browser.post(f"{PAGE}/release/trial", {"of": "1.0.0"})).status_code == 303
    assert "再问它" in (await browser.get(PAGE)).text
    await another.look()
    assert other.ward.find(other.plugins["trial"].key) is None
    other.close()
    assert (await record(program, village.family.id))["code"] == "plugin-died"
    released = await program.post(f"/villages/{HERE}/plugins/trial/release", {"version": "1.0.0"})
    assert (released.status_code, released.json()["held"]) == (201, None)
    assert (await program.post(f"/villages/{HERE}/plugins/nobody/release", {"version": "1.0.0"})).status_code == 404


async def test_one_that_guards_lets_nothing_through_while_it_is_held(
    village: Village, visit: Visit, store: Path, tmp_path: Path
) -> None:
    guard = "\n@hook\ndef check():\n    __import__('os')._exit(1)\n"
    keep(store, parcel(tmp_path, GOOD + guard, permissions='["award", "refuse"]'))
    await adopt(village)
    for code in ("plugin-died", "plugin-held"):
        asked = Asked(household=village.family.id, item=TRIAL, on=village.today)
        with pytest.raises(Problem) as refused:
            await village.house.awards.record(asked, village.actor, code)
        assert refused.value.code == code
    assert "加分和兑换都先记不上" in (await (await visit("liu")).get(PAGE)).text


@pytest.mark.row("PL-06")
async def test_in_safe_mode_no_plugin_runs_and_fixed_awards_are_booked(
    home: Home, hands: Hands, empty: tuple[House, Litestar], village: Village, store: Path, tmp_path: Path
) -> None:
    keep(store, parcel(tmp_path, REWARDING, permissions='["award", "reward"]'))
    keep(store, parcel(tmp_path, COMPUTES, name="odd-one"))
    await village.house.quarantines.look()
    await village.house.programmes.adopt(
        village.yinger.id,
        {"trial": Enabled(version="1.0.0"), "odd-one": Enabled(version="1.0.0")},
        title="试行办法",
        effective_from=village.today,
        staff=village.admin.id,
    )
    for file in store.rglob("__init__.py"):
        file.write_text("raise SystemExit")
    await village.house.close()
    house, app = await build(home.settings(safe_mode=True), hands)
    try:
        program = await program_of((house, app), _moved(village, house))
        told = await record(program, village.family.id)
        assert told["status"] == 201, told
        assert (await house.passbooks.open(village.family.id)).spendable == 3
        odd = {"household": str(village.family.id), "item": "odd-one/thing", "on": "2026-11-22"}
        assert (await program.post("/awards", odd)).json()["code"] == "safe-mode-computed"
        order = await house.redemptions.place(
            village.family.id, "trial/soap", source=village.actor.source, key="soap", actor=village.actor
        )
        assert order.order
        assert (await house.passbooks.open(village.family.id)).spendable == 1
        again = await record(program, village.family.id)
        undone = await program.post(f"/entries/{again['entries'][0]['id']}/reverse", {"reason": "记错了"})
        assert undone.status_code == 201, undone.text
        async with Browser(app) as browser:
            await browser.log_in("liu", PASSWORD)
            assert "安全模式：插件都没有运行" in (await browser.get(PAGE)).text
        async with Browser(app) as stranger:
            assert "安全模式" not in (await stranger.get(f"/v/{HERE}/rules")).text
    finally:
        await house.close()


@pytest.mark.row("PL-11")
async def test_what_a_plugin_booked_stays_readable_when_it_is_gone(
    home: Home, empty: tuple[House, Litestar], village: Village, visit: Visit, store: Path, tmp_path: Path
) -> None:
    keep(store, parcel(tmp_path, REWARDING, permissions='["award", "reward"]'))
    await adopt(village)
    house = village.house
    program = await program_of(empty, village)
    entry = (await record(program, village.family.id))["entries"][0]["id"]
    await house.redemptions.place(
        village.family.id, "trial/soap", source=village.actor.source, key="soap", actor=village.actor
    )
    now = house.clock()
    with pytest.raises(Exception, match="plugin-in-use"):
        await uninstall(home.settings(), "trial", "1.0.0", now, force=False)
    await uninstall(home.settings(), "trial", "1.0.0", now, force=True)
    await house.quarantines.look()
    told = (await program.get(f"/entries/{entry}")).json()
    assert "一件事：道德积分加3分" in str(told)
    lines = (await program.get(f"/households/{village.family.id}/passbook")).text
    assert "一件事" in lines
    assert (await village.sheet()).title("reward:trial/soap") == "香皂"
    rules = (await (await visit()).get(f"/v/{HERE}/rules")).text
    assert "一件事" in rules
    assert "试" in rules
    assert "没有安装插件“trial”" in (await (await visit("liu")).get(PAGE)).text
    undone = await program.post(f"/entries/{entry}/reverse", {"reason": "记错了"})
    assert undone.status_code == 201, undone.text


@pytest.mark.row("PL-12")
async def test_an_altered_file_and_a_version_that_stands_in_are_told(
    village: Village, visit: Visit, store: Path, tmp_path: Path
) -> None:
    first = keep(store, parcel(tmp_path))
    keep(store, parcel(tmp_path, FOUR, version="1.2.0"))
    await adopt(village)
    (first.folder / "__init__.py").write_text(GOOD + "#")
    (store / ".changed").write_text("again")
    page = (await (await visit("liu")).get(PAGE)).text
    assert "1.0.0 版的文件 __init__.py 和安装时不一样" in page
    assert "方案写的是 1.0.0 版，这里没有，现在由 1.2.0 版来算" in page


def _moved(village: Village, house: House) -> Village:
    """The same village, in another house."""
    return replace(village, house=house)
