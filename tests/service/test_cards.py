import asyncio
import time
from collections import Counter
from datetime import timedelta

import pytest

from dezhi.core.cards import HolderKind, check_digit
from dezhi.core.errors import Problem
from dezhi.core.people import NewMember
from dezhi.store import people as store
from township import Township


async def test_a_card_is_found_by_number_by_code_and_by_the_code_s_address(town: Township) -> None:
    home = await town.family()
    card = await town.cards.issue(home.id)
    for text in (
        card.number,
        card.printed_number,
        card.token.lower(),
        f"https://dezhi.example/c/{card.token}",
        "".join(chr(ord(digit) + 0xFEE0) for digit in card.number),  # what an input method makes of it
    ):
        assert (await town.cards.find(text)).holder == home.id, text


@pytest.mark.parametrize(
    "text", ["", "12345678", "李小明", "李小明1234", "A" * 26, "9" * 400, "💳", "1; DROP TABLE card"]
)
async def test_an_unknown_card_is_told_so(town: Township, text: str) -> None:
    await town.family()
    with pytest.raises(Problem, match="card-unknown"):
        await town.cards.find(text)
    with pytest.raises(Problem, match="card-unknown"):
        await town.cards.open(text, "123456")


async def test_a_lost_card_dies_at_once_and_the_household_stays(town: Township) -> None:
    home = await town.family()
    lost = await town.cards.issue(home.id)
    await town.cards.revoke(home.id, "丢了")
    for attempt in (
        town.cards.find(lost.number),
        town.cards.open(lost.token, lost.pin),
        town.cards.check(lost.card),
        town.people.search(town.yinger.id, lost.number),
    ):
        with pytest.raises(Problem, match="card-dead"):
            await attempt
    fresh = await town.cards.reissue(home.id)
    assert fresh.number != lost.number
    assert (await town.cards.open(fresh.number, fresh.pin)).holder == home.id
    with pytest.raises(Problem, match="card-dead"):
        await town.cards.find(lost.number)


async def test_a_new_card_ends_the_old_one(town: Township) -> None:
    home = await town.family()
    old, new = await town.cards.issue(home.id), await town.cards.issue(home.id)
    with pytest.raises(Problem, match="card-dead"):
        await town.cards.find(old.number)
    assert (await town.cards.card_of(home.id)).number == new.number
    person = await town.cards.issue(home.members[1].person, HolderKind.PERSON)
    (found,) = await town.people.search(town.yinger.id, person.number)
    assert (found.household, found.person_name) == (home.id, "王秀兰")


async def test_five_wrong_pins_lock_and_the_wait_grows(town: Township) -> None:
    card = await town.cards.issue((await town.family()).id)
    wrong = "135791" if card.pin != "135791" else "246802"

    async def attempt(pin: str) -> str:
        try:
            await town.cards.open(card.number, pin)
        except Problem as problem:
            return problem.code
        return "open"

    assert [await attempt(wrong) for _ in range(5)] == ["pin-wrong"] * 5
    assert await attempt(card.pin) == "locked"  # even the right one
    town.clock.pass_by(timedelta(minutes=5))
    assert await attempt(wrong) == "pin-wrong"
    town.clock.pass_by(timedelta(minutes=9))
    assert await attempt(card.pin) == "locked"  # ten minutes now
    town.clock.pass_by(timedelta(minutes=1))
    assert await attempt(card.pin) == "open"
    assert await attempt(wrong) == "pin-wrong"  # counted from the start again


async def test_fifty_pins_at_once_are_fifty_tries(town: Township) -> None:
    card = await town.cards.issue((await town.family()).id)
    wrong = [f"{n:06}" for n in range(100, 151) if f"{n:06}" != card.pin][:50]
    answers = await asyncio.gather(*(town.cards.open(card.number, pin) for pin in wrong), return_exceptions=True)
    codes = Counter(answer.code for answer in answers if isinstance(answer, Problem))
    assert codes == {"pin-wrong": 5, "locked": 45}


async def test_a_reset_at_the_desk_ends_the_wait(town: Township) -> None:
    card = await town.cards.issue((await town.family()).id)
    for _ in range(5):
        with pytest.raises(Problem):
            await town.cards.open(card.number, "135791")
    pin = await town.cards.reset_pin(card.card)
    assert (await town.cards.open(card.number, pin)).id == card.card
    await town.cards.change_pin(card.number, pin, "864209")
    with pytest.raises(Problem, match="pin-wrong"):
        await town.cards.open(card.number, pin)


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "abcdef", "李小明123", "-12345", "1e5000"])
async def test_a_pin_is_six_digits_and_nothing_else(town: Township, pin: str) -> None:
    card = await town.cards.issue((await town.family()).id)
    with pytest.raises(Problem, match="pin-form"):
        await town.cards.open(card.number, pin)


async def test_a_stolen_table_opens_nothing(town: Township) -> None:
    """The PIN is bound to the card and to a key outside the database."""
    one = await town.cards.issue((await town.family()).id)
    row = await town.database.row("SELECT pin_hash FROM card WHERE id = {}", one.card)
    assert await town.secrets.pin_is(one.card, one.pin, row["pin_hash"])
    assert not await town.secrets.pin_is(one.card + 1, one.pin, row["pin_hash"])
    town.secrets._pepper = b"another key"
    assert not await town.secrets.pin_is(one.card, one.pin, row["pin_hash"])


async def test_a_sheet_leaves_out_who_has_a_card(town: Township) -> None:
    home = await town.family("2")
    await town.people.open_household(town.yinger.id, None, "10", [NewMember(name="张三", relation="户主")])
    await town.cards.issue(home.id)
    assert [line.household.number for line in await town.cards.issue_sheet(town.yinger.id)] == ["10"]
    sheet = await town.cards.issue_sheet(town.yinger.id, replace=True)
    assert [line.household.number for line in sheet] == ["2", "10"]
    for line in sheet:
        assert (await town.cards.open(line.issued.number, line.issued.pin)).holder == line.household.id


@pytest.mark.alone
async def test_five_hundred_cards_are_issued_within_twenty_seconds(town: Township) -> None:
    homes = [store.NewHousehold(n + 1, town.yinger.id, None, str(n), "") for n in range(500)]
    await store.add(town.database, homes, [], town.people.today())
    begun = time.perf_counter()
    sheet = await town.cards.issue_sheet(town.yinger.id)
    took = time.perf_counter() - begun
    assert len({line.issued.number for line in sheet}) == 500
    assert took < 20


def test_a_number_that_was_never_drawn_still_has_its_check_digit() -> None:
    assert check_digit("572") == "4"  # the example of Damm's thesis
