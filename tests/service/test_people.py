from datetime import date, timedelta

import pytest

from dezhi.core.errors import Problem
from dezhi.core.people import NewMember
from township import Township

DAY = date(2025, 5, 1)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("012", None),
        ("0 12", None),
        ("李建国", "李建国"),
        ("建国", "李建国"),
        ("lijianguo", "李建国"),
        ("li jian guo", "李建国"),
        ("LJG", "李建国"),
        ("wxl", "王秀兰"),
    ],
)
async def test_a_household_is_found_by_what_a_clerk_types(town: Township, text: str, person: str | None) -> None:
    home = await town.family()
    await town.people.open_household(town.yinger.id, None, "013", [NewMember(name="张三", relation="户主")])
    (found,) = await town.people.search(town.township.id, text)
    assert (found.household, found.person_name) == (home.id, person)
    assert (found.label, found.masked_label, found.grid_name) == ("李小明家", "李×明家", "第一网格")


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "\\", "nobody", "' OR 1=1 --", "1" * 5000])
async def test_what_is_nobody_finds_nobody(town: Township, text: str) -> None:
    await town.family()
    assert list(await town.people.search(town.township.id, text)) == []


async def test_half_in_characters_and_half_in_letters(town: Township) -> None:
    for number, name in (("020", "张三"), ("021", "张武"), ("022", "王三")):
        await town.people.open_household(town.yinger.id, None, number, [NewMember(name=name, relation="户主")])
    for text in ("张san", "zhang三", "张s", "z三", "Zhang 三"):
        assert [found.person_name for found in await town.people.search(town.yinger.id, text)] == ["张三"], text
    for text in ("san张", "张三san", "张liu", "李san"):
        assert list(await town.people.search(town.yinger.id, text)) == [], text


async def test_a_surname_is_found_by_either_reading(town: Township) -> None:
    await town.people.open_household(town.yinger.id, None, "020", [NewMember(name="单小军", relation="户主")])
    for text in ("shanxiaojun", "danxiaojun", "sxj", "dxj"):
        assert len(await town.people.search(town.yinger.id, text)) == 1, text


async def test_the_search_ends_at_the_scope(town: Township) -> None:
    await town.family()
    assert await town.people.search(town.xiaba.id, "lxm") == []
    assert len(await town.people.search(town.grid.id, "lxm")) == 1
    card = await town.cards.issue((await town.people.search(town.yinger.id, "lxm"))[0].household)
    assert len(await town.people.search(town.yinger.id, card.printed_number)) == 1
    assert list(await town.people.search(town.xiaba.id, card.number)) == []


async def test_a_change_of_head_keeps_the_household_and_its_account(town: Township) -> None:
    home = await town.family()
    card = await town.cards.issue(home.id)
    son = home.members[2].person
    after = await town.people.change_head(home.id, son, "父亲", DAY)
    assert after.id == home.id  # what the ledger's accounts hang on
    assert (after.label, after.head.name) == ("李建国家", "李建国")
    assert {member.name: member.relation for member in after.members} == {
        "李建国": "户主",
        "李小明": "父亲",
        "王秀兰": "妻",
    }
    assert (await town.people.household(home.id, date(2025, 4, 30))).label == "李小明家"
    assert (await town.cards.find(card.number)).holder == home.id


async def test_a_person_who_marries_out_leaves_the_past_with_the_old_household(town: Township) -> None:
    home = await town.family()
    other = await town.people.open_household(
        town.xiaba.id, None, "7", [NewMember(name="赵国", relation="户主")], on=date(2024, 1, 1)
    )
    son = home.members[2].person
    await town.people.transfer(son, other.id, "女婿", DAY)
    assert await town.people.household_of(son, date(2025, 4, 30)) == home.id
    assert await town.people.household_of(son, DAY) == other.id
    assert son not in [member.person for member in (await town.people.household(home.id)).members]
    await town.people.leave(son, date(2025, 8, 1))
    assert await town.people.household_of(son, date(2025, 7, 31)) == other.id
    with pytest.raises(Problem, match="person-unknown"):
        await town.people.household_of(son)


async def test_a_moved_household_is_told_as_it_was_each_day(town: Township) -> None:
    home = await town.family()
    await town.people.move(home.id, town.xiaba.id, None, number="88", address="渠边路3号", on=DAY)
    before, after = await town.people.household(home.id, date(2025, 4, 30)), await town.people.household(home.id)
    assert (before.village_name, before.number) == ("营尔村", "012")
    assert (after.village_name, after.grid, after.number, after.address) == ("下坝村", None, "88", "渠边路3号")
    with pytest.raises(Problem, match="move-order"):
        await town.people.move(home.id, town.yinger.id, None, on=date(2025, 4, 1))
    with pytest.raises(Problem, match="household-unknown"):
        await town.people.household(home.id, date(2019, 1, 1))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"number": "012"}, "household-number"),
        ({"number": " "}, "household-number"),
        ({"number": "=1+1"}, "household-number"),
        ({"address": "=HYPERLINK(1)"}, "address-strange"),
        ({"village": 5}, "place-unknown"),
        ({"grid": "xiaba"}, "place-unknown"),
        ({"on": date(2026, 11, 23)}, "date-future"),
        ({"members": [("李四", "邻居")]}, "relation-unknown"),
        ({"members": [("李四", "户主"), ("王五", "户主")]}, "head-twice"),
        ({"members": [("13812345678", "户主")]}, "name-strange"),
    ],
)
async def test_a_bad_household_is_refused_whole(town: Township, change: dict, problem: str) -> None:
    await town.family()
    members = [NewMember(name=name, relation=said) for name, said in change.get("members", [("李四", "户主")])]
    grid = town.grid.id if change.get("grid") else None
    village = town.xiaba.id if grid else change.get("village", town.yinger.id)
    with pytest.raises(Problem) as refused:
        await town.people.open_household(
            village,
            grid,
            change.get("number", "99"),
            members,
            address=change.get("address", ""),
            on=change.get("on"),
        )
    assert refused.value.code == problem
    assert len(await town.people.list_below(town.township.id)) == 1


async def test_boards_show_only_who_said_yes(town: Township) -> None:
    home = await town.family()
    assert await town.people.on_board(town.township.id) == frozenset()
    await town.people.choose_board(home.id, "card:1", opted_in=True)
    assert await town.people.on_board(town.yinger.id) == {home.id}
    await town.people.choose_board(home.id, "staff:1", opted_in=False)
    assert await town.people.on_board(town.yinger.id) == frozenset()


async def test_a_household_without_a_head_still_has_a_name(town: Township) -> None:
    home = await town.people.open_household(town.yinger.id, None, "5", [NewMember(name="欧阳锋", relation="子")])
    assert (home.head, home.label, home.masked_label) == (None, "欧阳锋家", "欧×锋家")


async def test_households_on_days_of_their_own_are_as_on_each_day(town: Township) -> None:
    """One statement for many days says of each what a look at that day alone says."""
    home = await town.family()
    other = await town.people.open_household(town.yinger.id, None, "013", [NewMember(name="张三", relation="户主")])
    today = town.people.today()
    await town.people.leave(home.members[1].person, today)
    days = [date(1999, 1, 1), *(today - timedelta(days=number) for number in (400, 30, 1, 0))]
    found = await town.people.households_on({(key, on) for key in (home.id, other.id, 5) for on in days})
    alone = {
        (key, on): one for on in days for key, one in (await town.people.households([home.id, other.id], on)).items()
    }
    assert found == alone
    assert len({len(one.members) for (key, _), one in found.items() if key == home.id}) == 2
