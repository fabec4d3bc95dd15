"""What somebody tries who means harm: each attack ends in words, and nothing is changed."""

import asyncio
import logging
from datetime import date, timedelta

import pytest
from litestar import Request

from dezhi.core.errors import Problem
from dezhi.core.events import Kind
from dezhi.core.people import NewMember
from dezhi.core.staff import Post, Role
from dezhi.service.cards import Cards
from dezhi.service.deeds import Asked
from dezhi.service.redemptions import ORDERS_OPEN_MAX
from dezhi.web import respond
from dezhi.web.limits import DOORS_A_MINUTE
from dezhi.web.visitors import AnyRequest
from township import Hands
from villages import PASSWORD, Village
from visiting import Visit

HELP = "dezhi-yinger/neighbour-help"
EARLIER = date(2026, 10, 1)
NEW_PASSWORD = "another long one 7"


# ── points for oneself ──


async def test_a_clerk_awards_no_household_they_lived_in_on_the_day_of_the_deed(village: Village, visit: Visit) -> None:
    """Moving out does not make one's own deed somebody else's."""
    house, own = village.house, village.neighbours
    await house.people.add_member(own.id, NewMember(name="王强", relation="弟"), on=date(2024, 2, 1))
    assert village.clerk.person is not None
    await house.people.transfer(village.clerk.person, village.family.id, "侄子", on=date(2026, 11, 1))
    clerk = await visit("wang")
    form = {"household": str(own.id), "item": HELP, "key": "k" * 24, "day": EARLIER.isoformat()}
    preview = await clerk.post("/round/award/preview", form)
    assert "不能给自己家加分" in preview.text
    saved = await clerk.post("/round/award", form)
    assert (saved.status_code, "不能给自己家加分" in saved.text) == (422, True)
    many = {**form, "household": [str(own.id)], "key": "m" * 24}
    assert "不能给自己家加分" in (await clerk.post(f"/round/many/{village.yinger.code}", many)).text
    assert (await house.passbooks.open(own.id)).spendable == 0
    later = await clerk.post("/round/award", {**form, "key": "l" * 24, "day": "2026-11-20"})
    assert later.status_code == 200, "since the move it is a household like any other"


async def test_a_clerk_takes_no_handed_over_goods_of_their_own_back(village: Village, visit: Visit) -> None:
    """The goods at home and the points back on the book: that is a colleague's to judge."""
    house, own = village.house, village.neighbours
    other_home = village.family.members[0].person
    post = Post(Role.CLERK, village.yinger.id)
    await house.staff.create_with("li", "李小明", [post], PASSWORD, person=other_home)
    colleague, clerk = await visit("li"), await visit("wang")
    for key in ("a" * 24, "b" * 24):
        await colleague.post("/round/award", {"household": str(own.id), "item": HELP, "key": key})
    sheet = await house.sheets.in_force(village.yinger.id, house.people.today())
    code, _ = sheet.spendable()[0]
    order = await house.redemptions.hand_over_at_desk(own.id, code, village.actor, "o" * 24)
    left = (await house.passbooks.open(own.id)).spendable
    assert left == 20 - order.price
    book = sheet.book
    (entry, *_) = [one for one in await house.journal.entries(book, [village.yinger.id]) if one.kind is Kind.CAPTURE]
    path, form = f"/round/reverse/{entry.ref}", {"key": "r" * 24, "reason": "东西没有拿走"}
    refused = await clerk.post(path, form)
    assert (refused.status_code, "自己家" in refused.text) == (422, True)
    assert (await house.passbooks.open(own.id)).spendable == left
    assert (await colleague.post(path, form)).status_code == 303
    assert (await house.passbooks.open(own.id)).spendable == 20


# ── beyond one's villages ──


async def test_a_clerk_awards_nothing_of_the_time_before_a_household_came(village: Village, visit: Visit) -> None:
    """A household that moved here earned its points there: under those rules, and from that village's clerk."""
    house = village.house
    await house.programmes.adopt(
        village.xiaba.id,
        (await house.programmes.history(village.yinger.id))[0].document.plugins,
        title="下坝",
        effective_from=date(2024, 1, 1),
        staff=None,
    )
    home = await house.people.open_household(
        village.xiaba.id, None, "77", [NewMember(name="何远", relation="户主")], on=date(2024, 1, 1)
    )
    await house.people.move(home.id, village.yinger.id, village.grid.id, on=date(2026, 11, 1))
    clerk = await visit("wang")
    form = {"household": str(home.id), "item": HELP, "key": "k" * 24, "day": EARLIER.isoformat()}
    assert "不归您管" in (await clerk.post("/round/award/preview", form)).text
    assert (await clerk.post("/round/award", form)).status_code == 404
    many = {**form, "household": [str(home.id), str(village.family.id)], "key": "m" * 24}
    assert "不归您管" in (await clerk.post(f"/round/many/{village.yinger.code}", many)).text
    book = await house.sheets.book(village.xiaba.id)
    assert not await house.journal.entries(book, [village.xiaba.id])
    assert (await house.passbooks.open(village.family.id)).spendable == 10, "the others are booked"
    with pytest.raises(Problem, match="region-unknown"):
        await house.awards.record(Asked(household=home.id, item=HELP, on=EARLIER), village.actor, "s" * 24)


# ── doors left open ──


async def test_another_password_ends_every_other_browser_of_the_account(village: Village, visit: Visit) -> None:
    thief, owner, admin = await visit("wang"), await visit("wang"), await visit("liu")
    form = {"old": PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert (await owner.post("/staff/password", form)).status_code == 303
    assert (await owner.get("/round")).status_code == 200
    assert (await thief.get("/round")).status_code == 303
    reset = await admin.post(f"/township/staff/{village.clerk.id}/reset")
    assert reset.status_code == 200
    assert (await owner.get("/staff/password")).headers["location"].startswith("/staff")


async def test_another_pin_ends_whoever_is_in_with_the_old_one(village: Village, visit: Visit) -> None:
    thief, clerk = await visit(), await visit("wang")
    await thief.show_card(village.card.number, village.card.pin)
    assert (await thief.get("/me")).status_code == 200
    assert (await clerk.post(f"/desk/{village.family.id}/pin")).status_code == 200
    assert (await thief.get("/me")).status_code == 303


# ── strange letters ──


async def test_a_search_for_nothing_that_can_be_read_lists_nobody(village: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    for text in ("\x00", "%", "_", "\u202e", "%" * 60, "\x00\x00 "):
        assert (await clerk.post("/round/find", {"q": text})).status_code == 404, repr(text)


async def test_a_file_of_no_possible_name_is_not_found(visit: Visit) -> None:
    stranger = await visit()
    for name in ("%00", "a%00b.css", "..%2f..%2fsite.py", "%2e%2e/%2e%2e/app.py"):
        assert (await stranger.get(f"/static/built/{name}")).status_code == 404, name


async def test_the_way_back_stays_on_this_site(visit: Visit) -> None:
    stranger = await visit()
    answer = await stranger.get("/nowhere", headers={"Referer": "http://village.test//evil.example/x"})
    assert 'href="//' not in answer.text
    answer = await stranger.post("/size", {"size": "large", "back": "/" + "a" * 100_000})
    assert answer.headers["location"] == "/"


def caused(words: str) -> Exception:
    """Return an exception that came of another, both quoting what was typed."""
    try:
        try:
            int(words)
        except ValueError as inner:
            raise KeyError(words) from inner
    except KeyError as error:
        return error


def test_a_fault_is_logged_by_its_places_and_not_by_what_was_typed(caplog: pytest.LogCaptureFixture) -> None:
    """An exception's own words can quote a name or a PIN, and so can those of what caused it."""
    typed = "陈桂芳 382921"
    request: AnyRequest = Request({"type": "http", "state": {"request_id": "abc"}})  # type: ignore[arg-type]
    with caplog.at_level(logging.ERROR, logger="dezhi.web"):
        assert respond.log_fault(request, caused(typed)) == "abc"
    told = str([vars(record) for record in caplog.records])
    for word in ("KeyError", "ValueError", "test_attacks.py"):
        assert word in told
    assert typed not in told


async def test_tries_from_before_are_forgotten_only_by_time(village: Village, visit: Visit, hands: Hands) -> None:
    """A lock outlives the browser that brought it, and ends by itself."""
    guesser, owner = await visit(), await visit()
    for number in range(6):
        answer = await guesser.post("/card", {"card": village.card.number, "pin": f"90817{number}"})
    assert answer.status_code == 429
    right = {"card": village.card.number, "pin": village.card.pin}
    assert (await owner.post("/card", right)).status_code == 429
    hands.pass_by(timedelta(minutes=31))
    assert (await owner.post("/card", right)).status_code == 303


async def test_a_file_in_a_fields_place_is_no_answer(village: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    sent = [(name, ("x.txt", b"1")) for name in ("key", "day", "item", "points", "household")]
    answer = await clerk.post(f"/round/many/{village.yinger.code}", files=sent)
    assert answer.status_code in {400, 422}


async def test_the_first_and_last_day_of_all_calendars_are_none(village: Village, visit: Visit) -> None:
    supervisor = await visit(village.supervisor.login)
    for typed in ({"until": "9999-12-31"}, {"since": "0001-01-01"}, {"until": "0001-01-01"}):
        answer = await supervisor.get("/journal", params=typed)
        assert answer.status_code == 200, typed
        assert "日期看不懂" in answer.text, typed


async def test_whoever_shares_an_address_with_a_guesser_can_still_log_out(village: Village, visit: Visit) -> None:
    clerk, guesser = await visit("wang"), await visit()
    for _ in range(DOORS_A_MINUTE):
        answer = await guesser.post("/card", {"card": village.card.number})
    assert answer.status_code == 429
    assert (await clerk.post("/logout")).status_code == 303
    assert (await clerk.get("/round")).status_code == 303


# ── who was it? ──


async def test_the_supervisor_reads_who_touched_cards_and_accounts(village: Village, visit: Visit) -> None:
    """A clerk could give a card a new PIN and spend with it: that, too, has a name beside it."""
    clerk, admin, supervisor = await visit("wang"), await visit("liu"), await visit("zhao")
    assert "谁动过" not in (await supervisor.get("/journal")).text
    await clerk.post(f"/desk/{village.family.id}/pin")
    await clerk.post(f"/desk/{village.family.id}/lost")
    await admin.post(f"/township/v/{village.yinger.code}/cards", {"grid": ""})
    scope = str(village.yinger.id)
    await admin.post("/township/staff", {"name": "周平", "login": "zhou", "role": "supervisor", "scope": scope})
    post = {"role": "supervisor", "scope": scope}
    for act in ("give", "take", "reset", "disable", "enable"):
        answer = await admin.post(f"/township/staff/{village.clerk.id}/{act}", post)
        assert answer.status_code in {200, 303}, (act, answer.text)
    page = (await supervisor.get("/journal")).text
    for text in ("重设卡的密码", "挂失补卡", "发卡", "添加工作人员", "加职务", "撤职务", "重设登录密码"):
        assert text in page, text
    for text in ("停用账号", "恢复账号", "李小明家", "周平", "王军", "刘芳"):
        assert text in page, text
    assert village.card.pin not in page


async def test_two_taps_on_issue_print_one_sheet(village: Village) -> None:
    house, cards = village.house, village.house.cards
    # What another process of the same installation has.
    beside = Cards(house.database, house.clock, house.secrets, house.people)
    one, other = await asyncio.gather(cards.issue_sheet(village.yinger.id), beside.issue_sheet(village.yinger.id))
    assert sorted([len(one), len(other)]) == [0, 1]
    (line,) = [*one, *other]
    assert (await cards.find(line.issued.number)).is_active


async def test_all_at_once_nobody_has_more_waiting_than_may(village: Village) -> None:
    house, sheet = village.house, await village.sheet()
    for number in range(60):
        asked = Asked(household=village.family.id, item=HELP, on=date(2026, 1 + number // 6, 1 + number % 6))
        await house.awards.record(asked, village.actor, f"earned-{number}")
    reward, _ = sheet.spendable()[0]

    async def order(key: str) -> str:
        try:
            await house.redemptions.place(village.family.id, reward, source="card:1", key=key)
        except Problem as refused:
            return refused.code
        return ""

    waves = [await asyncio.gather(*(order(f"{wave}-{one}") for one in range(20))) for wave in range(5)]
    assert len(await house.redemptions.waiting(sheet.book, [village.yinger.id])) == ORDERS_OPEN_MAX
    assert {code for wave in waves for code in wave} == {"", "too-many-open"}


@pytest.mark.parametrize("part", [b"\r\n\r\n\xff", b"\r\nContent-Type: text/plain; charset=utf-99\r\n\r\na"])
async def test_a_form_in_parts_that_are_no_text_is_refused(visit: Visit, part: bytes) -> None:
    """Anybody may send one: it is read before the log-in, for its token against forged requests."""
    browser = await visit()
    body = b'--x\r\nContent-Disposition: form-data; name="lang"' + part + b"\r\n--x--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await browser.client.post("/lang", content=body, headers=kind)
    assert answer.status_code == 400
