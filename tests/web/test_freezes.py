"""Freezing an entry or an account: not spendable, with its reason for the household alone, and freed in one step."""

import re

import pytest
from litestar import Litestar

from booking import asking
from calling import Program, make_token
from dezhi.core import events as ledger
from dezhi.core.errors import Problem
from dezhi.core.events import Kind
from dezhi.service.house import House
from links import text
from villages import YINGER, Village
from visiting import Browser, Visit

WHY = "9月3日的义务劳动正在核实"


def page_of(village: Village) -> str:
    return f"/desk/{village.family.id}/freeze"


async def freeze(clerk: Browser, village: Village, **fields: str) -> None:
    page = (await clerk.get(page_of(village) + (f"?entry={fields['entry']}" if "entry" in fields else ""))).text
    (key,) = re.findall(r'name="key" value="(\w+)"', page)[:1]
    answer = await clerk.post(page_of(village), {"key": key, "reason": WHY, **fields})
    assert answer.status_code == 303, answer.text


async def redeem(village: Village, key: str) -> None:
    await village.house.redemptions.place(village.family.id, f"{YINGER}/soap", source="card:1", key=key)


@pytest.mark.row("LE-14")
async def test_a_frozen_account_cannot_spend_reads_why_and_is_freed_in_one_step(village: Village, visit: Visit) -> None:
    await village.award(village.family, "neighbour-help")
    clerk, home, stranger = await visit("wang"), await visit(), await visit()
    await home.show_card(village.card.number, village.card.pin)
    await freeze(clerk, village)
    with pytest.raises(Problem, match=r"frozen|short"):
        await redeem(village, "one")
    await village.award(village.family, "neighbour-help")  # what is earned later is frozen too
    with pytest.raises(Problem, match="frozen"):
        await redeem(village, "two")
    told = text((await home.get("/me")).text)
    assert "现在能用 0分" in told
    assert WHY in told
    assert "王军" in told, "whom to ask"
    assert "向监督反映" in told, "how to object"
    found = await village.house.passbooks.open(village.family.id)
    assert (found.spendable, found.held, found.frozen) == (0, 0, 20)
    sheet = await village.house.sheets.find(village.yinger.id, village.today)
    assert sheet is not None
    assert await village.house.passbooks.spendable(sheet, village.family.id) == 0
    for public in ("/", f"/v/{village.yinger.code}", f"/v/{village.yinger.code}/wall"):
        assert "冻结" not in (await stranger.get(public)).text, "nobody is put to shame"

    desk = (await clerk.get(page_of(village))).text
    form = dict(re.findall(r'name="(key|order)" value="([\w-]+)"', desk.split("freeze/end")[1]))
    assert (await clerk.post(page_of(village) + "/end", form)).status_code == 303
    assert (await village.house.passbooks.open(village.family.id)).spendable == 20
    assert WHY not in (await home.get("/me")).text
    await redeem(village, "three")
    journal = text((await (await visit("zhao")).get("/journal")).text)
    assert "冻结" in journal
    assert "解冻" in journal
    assert WHY in journal


@pytest.mark.row("LE-14")
async def test_a_frozen_entry_leaves_the_rest_to_spend(village: Village, visit: Visit) -> None:
    await village.award(village.family, "neighbour-help")
    (seq,) = (await village.award(village.family, "hard-times-help")).seqs[:1]
    book = await village.house.sheets.book(village.yinger.id)
    ref = (await village.house.journal.at(book, seq)).ref
    clerk = await visit("wang")
    assert f"entry={ref}" in (await clerk.get(f"/round/reverse/{ref}")).text
    await freeze(clerk, village, entry=str(ref))
    found = await village.house.passbooks.open(village.family.id)
    assert (found.spendable, found.frozen) == (10, 10)
    await redeem(village, "soap")
    with pytest.raises(Problem, match="short"):
        await redeem(village, "another")
    kinds = [one.kind for one in await village.house.journal.entries(book, [village.yinger.id], kind=Kind.FREEZE)]
    assert kinds == [Kind.FREEZE]


@pytest.mark.row("LE-14")
@pytest.mark.row("AW-12")
async def test_what_was_frozen_and_proved_wrong_is_taken_back_and_not_written_off(village: Village) -> None:
    house, family = village.house, village.family
    book = await house.sheets.book(village.yinger.id)
    await village.award(family, "neighbour-help")
    wrong = await house.journal.at(book, (await village.award(family, "hard-times-help")).seqs[0])
    await house.freezes.freeze(family, WHY, village.actor, "freeze", about=wrong)
    await redeem(village, "soap")  # what is not frozen is gone
    for _ in range(2):
        (opposite,) = await house.journal.reverse(wrong.ref, "核实过，没有这件事", village.actor, "back")
        assert (await house.journal.entry(opposite)).kind is Kind.REVERSAL
        assert (await house.passbooks.open(family.id)).spendable == 0
        assert await house.freezes.of_household(family) == []
    # Where the whole account is frozen nothing is written off behind the freeze either.
    other = await house.journal.at(book, (await village.award(family, "neighbour-help")).seqs[0])
    frozen = await house.freezes.freeze(family, WHY, village.actor, "whole")
    with pytest.raises(Problem, match="frozen-reversal"):
        await house.journal.reverse(other.ref, "核实过", village.actor, "again")
    await house.freezes.unfreeze(family, frozen.order, "", village.actor, "free")
    await house.journal.reverse(other.ref, "核实过", village.actor, "at last")
    assert (await house.passbooks.open(family.id)).spendable == 0


@pytest.mark.row("LE-14")
async def test_an_entry_is_frozen_once_and_not_before_it_is_in_the_wallet(village: Village) -> None:
    house, family = village.house, village.family
    sheet = await village.sheet()
    await village.award(family, "neighbour-help")
    first = await house.journal.at(sheet.book, (await village.award(family, "neighbour-help")).seqs[0])
    frozen = await house.freezes.freeze(family, WHY, village.actor, "one", about=first)
    assert await house.freezes.freeze(family, WHY, village.actor, "one", about=first) == frozen
    with pytest.raises(Problem, match="freeze-twice"):
        await house.freezes.freeze(family, WHY, village.actor, "two", about=first)
    event = ledger.Award(
        programme=sheet.lineage,
        version=sheet.id,
        item=f"{YINGER}/neighbour-help",
        holder=ledger.Holder(ledger.HolderId.HOUSEHOLD, family.id),
        place=ledger.Place(household=family.id, village=village.yinger.id),
        event_day=int(village.today.strftime("%Y%m%d")),
        lines=((ledger.AssetId.MORAL, 10),),
        reason="",
        proposer_person=None,
        proposer_household=None,
        pending=True,
    )
    (seq,) = (await house.poster.post(sheet.book, asking(event))).seqs
    with pytest.raises(Problem, match="freeze-pending"):
        await house.freezes.freeze(family, WHY, village.actor, "three", about=await house.journal.at(sheet.book, seq))
    assert (await house.passbooks.open(family.id)).frozen == 10


@pytest.mark.parametrize(("fields", "code"), [({"reason": " "}, 422), ({"key": ""}, 400), ({"entry": "1-1"}, 404)])
async def test_odd_freezes_are_refused(village: Village, visit: Visit, fields: dict[str, str], code: int) -> None:
    clerk = await visit("wang")
    answer = await clerk.post(page_of(village), {"key": "0123456789ab", "reason": WHY, **fields})
    assert answer.status_code == code
    assert await village.house.freezes.of_household(village.family) == []


async def test_nobody_freezes_or_frees_their_own_house(village: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    answer = await clerk.post(f"/desk/{village.neighbours.id}/freeze", {"key": "0123456789ab", "reason": WHY})
    assert answer.status_code == 403


@pytest.mark.row("LE-14")
async def test_a_program_freezes_and_frees(village: Village, empty: tuple[House, Litestar]) -> None:
    await village.award(village.family, "neighbour-help")
    async with Program(empty[1], await make_token(empty[0], village.clerk)) as program:
        path = f"/households/{village.family.id}"
        answer = await program.post(f"{path}/freezes", {"reason": WHY})
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert (made["points"], made["whole"], made["reason"]) == (10, True, WHY)
        assert (await program.get(f"{path}/freezes")).json()["items"] == [made]
        balances = (await program.get(f"{path}/balances")).json()
        assert (balances["spendable"], balances["frozen"], balances["held"]) == (0, 10, 0)
        assert (await program.post(f"{path}/freezes/end", {"freeze": made["freeze"]})).json()["items"] == []
        assert (await program.get(f"{path}/balances")).json()["spendable"] == 10
        assert (await program.post(f"{path}/freezes/end", {"freeze": made["freeze"]})).status_code == 404
