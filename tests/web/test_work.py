import re
from collections.abc import Mapping

import msgspec
import pytest

from dezhi.core.people import NewMember
from dezhi.core.staff import Post, Role
from dezhi.plugin import Asset
from dezhi.service.actors import Actor
from dezhi.service.deeds import Asked
from villages import Village
from visiting import Browser, Visit

HELP = "dezhi-yinger/neighbour-help"
ESCORT = "dezhi-yinger/clinic-company"
HARDSHIP = "dezhi-yinger/public-good"


def value_of(html: str, name: str) -> str:
    """What a hidden or filled field of a page holds."""
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    assert tag, name
    found = re.search(r'value="([^"]*)"', tag[0])
    return found[1] if found else ""


async def entries(village: Village) -> int:
    book = await village.house.sheets.book(village.yinger.id)
    return len(await village.house.journal.entries(book, [village.yinger.id, village.xiaba.id], limit=5_000))


async def balance(village: Village, household: int) -> Mapping[str, int]:
    book = await village.house.passbooks.open(household)
    return {"moral": book.spendable, "hours": book.minutes, "safe": book.safe}


async def draft(browser: Browser, village: Village, **more: str) -> dict[str, str]:
    """The form of an award page as it stands there, with what the clerk fills in."""
    page = await browser.get("/round/award", params={"household": str(village.family.id)})
    assert page.status_code == 200, page.text
    return {"household": str(village.family.id), "key": value_of(page.text, "key"), "item": HELP, **more}


@pytest.mark.row("AW-01")
@pytest.mark.parametrize("typed", ["card", "李小明", "wangxiulan", "lxm", "012"])
async def test_an_award_takes_a_search_that_hits_a_tap_and_a_save(village: Village, visit: Visit, typed: str) -> None:
    """A search that finds one household opens its page at once: scan, tap, save are three actions."""
    clerk = await visit("wang")
    text = village.card.number if typed == "card" else typed
    page = await clerk.post("/round/find", {"q": text})
    assert page.status_code == 200
    assert 'action="/round/award"' in page.text
    assert f'value="{HELP}"' in page.text
    done = await clerk.post(
        "/round/award", {"household": value_of(page.text, "household"), "key": value_of(page.text, "key"), "item": HELP}
    )
    assert done.status_code == 200, done.text
    assert "李小明家：邻里帮扶，道德积分加10分。" in done.text
    assert "邻里帮扶：道德积分加10分" not in done.text, "a reason that tells nothing more is left out"
    assert 'name="q"' in done.text
    assert await balance(village, village.family.id) == {"moral": 10, "hours": 0, "safe": 0}
    home = await clerk.get("/round")
    assert "邻里帮扶" in home.text
    assert "/round/undo/" in home.text


async def test_typing_shows_hits_without_leaving_the_page(village: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    answer = await clerk.post("/round/find", {"q": "wang"}, headers={"HX-Request": "true"})
    assert "王军家" in answer.text
    assert "李小明家（王秀兰）" in answer.text
    assert "<html" not in answer.text
    both = await clerk.post("/round/find", {"q": "wang"})
    assert "王军家" in both.text
    assert f"household={village.family.id}" in both.text


async def test_the_sentence_and_what_is_left_are_said_before_saving(village: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    form = await draft(clerk, village)
    for headers in ({"HX-Request": "true"}, {}):
        answer = await clerk.post("/round/award/preview", form, headers=headers)
        assert "11月22日，李小明家：邻里帮扶，道德积分加10分。" in answer.text
        assert "还能记" in answer.text
    assert await entries(village) == 0
    assert value_of(answer.text, "key") == form["key"]


async def test_hours_go_to_the_person_who_was_chosen(village: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    wife = village.family.members[1]
    form = await draft(clerk, village, item=ESCORT, minutes="90", person=str(wife.person))
    done = await clerk.post("/round/award", form)
    assert "李小明家王秀兰：陪同就医，志愿时记1小时30分。" in done.text
    assert (await balance(village, village.family.id))["hours"] == 90
    again = await clerk.get("/round/award", params={"household": str(village.family.id)})
    assert re.search(rf'name="person" value="{wife.person}" checked', again.text), "who did something last is chosen"


@pytest.mark.row("AW-11")
async def test_the_same_request_a_hundred_times_is_one_entry(village: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    form = await draft(clerk, village)
    answers = [await clerk.post("/round/award", form) for _ in range(100)]
    assert {answer.status_code for answer in answers} == {200}
    assert await entries(village) == 1
    assert [("先前已经记过" in answer.text) for answer in answers] == [False] + [True] * 99


async def test_two_tabs_that_save_one_draft_book_once_and_are_told(village: Village, visit: Visit) -> None:
    one, other = await visit("wang"), await visit("wang")
    form = await draft(one, village)
    first, second = await one.post("/round/award", form), await other.post("/round/award", form)
    assert "记好了" in first.text
    assert "没有重复加" in second.text
    changed = await other.post("/round/award", {**form, "item": "dezhi-yinger/street-cleaning"})
    assert changed.status_code == 409
    assert "内容却不一样" in changed.text
    assert value_of(changed.text, "key") != form["key"]
    assert await entries(village) == 1


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"item": "dezhi-yinger/no-such"}, 422, "这个村现在没有"),
        ({"item": "other/neighbour-help"}, 422, "这个村现在没有"),
        ({"item": ""}, 422, "还没有选做了什么"),
        ({"item": HARDSHIP, "points": "0"}, 422, "一次只能记"),
        ({"item": HARDSHIP, "points": "-5"}, 422, "一次只能记"),
        ({"item": HARDSHIP, "points": "5.5"}, 422, "要填整数"),
        ({"item": HARDSHIP, "points": "999999999"}, 422, "一次只能记"),
        ({"item": HARDSHIP, "points": "9" * 400}, 422, "也不能太大"),
        ({"item": HARDSHIP, "points": ""}, 422, "要填数目"),
        ({"item": ESCORT, "minutes": "1e3"}, 422, "要填整数"),
        ({"item": ESCORT, "minutes": "60", "person": "77"}, 422, "不在这一户"),
        ({"day": "2026-11-23"}, 422, "日期还没有到"),
        ({"day": "1990-01-01"}, 409, "还没有积分方案"),
        ({"day": "tomorrow"}, 422, "日期看不懂"),
        ({"key": ""}, 400, "不完整"),
    ],
)
async def test_bad_input_is_said_and_nothing_typed_is_lost(
    village: Village, visit: Visit, changes: dict[str, str], status: int, says: str
) -> None:
    clerk = await visit("wang")
    answer = await clerk.post("/round/award", await draft(clerk, village, note="下午的事", **changes))
    assert (answer.status_code, says in answer.text) == (status, True), answer.text
    assert 'value="下午的事"' in answer.text
    assert await entries(village) == 0


async def test_nobody_awards_the_own_household(village: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    form = {**await draft(clerk, village), "household": str(village.neighbours.id)}
    assert "不能给自己家加分" in (await clerk.post("/round/award/preview", form)).text
    answer = await clerk.post("/round/award", form)
    assert answer.status_code == 422
    assert "不能给自己家加分" in answer.text
    assert await entries(village) == 0


async def test_another_villages_household_card_and_entry_are_not_found(village: Village, visit: Visit) -> None:
    house = village.house
    far = await house.people.open_household(village.xiaba.id, None, "1", [NewMember(name="何远", relation="户主")])
    card = await house.cards.issue(far.id)
    clerk = await visit("wang")
    assert (await clerk.get("/round/award", params={"household": str(far.id)})).status_code == 404
    form = {**await draft(clerk, village), "household": str(far.id)}
    assert (await clerk.post("/round/award", form)).status_code == 404
    for text in (card.number, "何远", "heyuan"):
        assert (await clerk.post("/round/find", {"q": text})).status_code == 404
        assert (await clerk.post("/desk", {"card": text})).status_code == 404
    for path in (f"/desk/{far.id}", f"/desk/{far.id}/slip", "/round/many/620902101202", "/desk/abc", "/desk/-1"):
        assert (await clerk.get(path)).status_code == 404, path
    for path in ("redeem", "lost", "pin", "board"):
        assert (await clerk.post(f"/desk/{far.id}/{path}", {"key": "a" * 24})).status_code == 404
    assert (await house.cards.find(card.number)).id == card.card


async def test_an_unknown_and_a_dead_card_are_told_apart(village: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    await village.house.cards.reissue(village.family.id)
    for path, field in (("/round/find", "q"), ("/desk", "card")):
        dead = await clerk.post(path, {field: village.card.number})
        assert dead.status_code == 410
        assert "已经停用" in dead.text
        unknown = await clerk.post(path, {field: "00000000"})
        assert unknown.status_code == 404
        assert "没有找到" in unknown.text


@pytest.mark.parametrize(
    "path",
    [
        "/round",
        "/round/award?household=1",
        "/round/many",
        "/round/many/620902101201",
        "/round/hand-over",
        "/desk",
        "/desk/1",
        "/round/hand-over/1-" + "a" * 20,
        "/round/reverse/1-202611-1",
        "/desk/1/slip",
    ],
)
@pytest.mark.parametrize("login", ["", "liu", "zhao"])
async def test_only_a_clerk_gets_in(village: Village, visit: Visit, login: str, path: str) -> None:
    answer = await (await visit(login)).get(path)
    assert answer.status_code == (403 if login else 303)
    assert login or answer.headers["location"].startswith("/staff")


@pytest.mark.parametrize(
    "path",
    [
        "/round/find",
        "/round/award",
        "/round/award/preview",
        "/round/many/620902101201",
        "/round/hand-over",
        "/desk",
        "/round/hand-over/1-" + "a" * 20,
        "/round/reverse/1-202611-1",
        "/desk/1/redeem",
        "/desk/1/lost",
        "/desk/1/pin",
        "/desk/1/board",
    ],
)
async def test_writing_needs_the_role_and_the_token(village: Village, visit: Visit, path: str) -> None:
    supervisor, resident, clerk = await visit("zhao"), await visit(), await visit("wang")
    await resident.show_card(village.card.number, village.card.pin)
    assert (await supervisor.post(path)).status_code == 403
    assert (await resident.post(path)).status_code == 303
    bare = await clerk.client.post(path, data={"household": str(village.family.id)})
    assert bare.status_code == 403
    assert "什么都没有改" in bare.text


async def test_a_reversal_takes_back_what_was_booked_together(village: Village, visit: Visit) -> None:
    clerk = await visit("wang")
    item = "dezhi-yinger/snow-clearing"  # hours for the person and points for the household
    done = await clerk.post("/round/award", await draft(clerk, village, item=item, minutes="60"))
    assert await balance(village, village.family.id) == {"moral": 2, "hours": 60, "safe": 0}
    path = re.search(r"/round/reverse/[\w-]+", done.text)
    assert path
    page = await clerk.get(path[0])
    assert "道路清雪" in page.text
    assert "志愿时记1小时" in page.text
    form = {"key": value_of(page.text, "key"), "reason": "记串了户", "note": "是隔壁家"}
    silent = await clerk.post(path[0], {**form, "reason": "", "note": " "})
    assert silent.status_code == 422
    assert "请写一句为什么" in silent.text
    for _ in range(2):
        assert (await clerk.post(path[0], form)).status_code == 303
    assert await balance(village, village.family.id) == {"moral": 0, "hours": 0, "safe": 0}
    book = await village.house.sheets.book(village.yinger.id)
    newest = (await village.house.journal.entries(book, [village.yinger.id]))[0]
    assert newest.entry.text == "记串了户：是隔壁家"
    assert "已冲正" in (await clerk.get("/round")).text
    other = await clerk.post(path[0], {**form, "key": "b" * 24})
    assert other.status_code == 409
    assert "已经冲正过" in other.text


async def test_another_villages_entry_is_not_reversed(village: Village, visit: Visit) -> None:
    house = village.house
    await house.programmes.copy(
        (await house.programmes.history(village.yinger.id))[0].id,
        village.xiaba.id,
        effective_from=house.people.today(),
        staff=village.admin.id,
    )
    far = await house.people.open_household(village.xiaba.id, None, "1", [NewMember(name="何远", relation="户主")])
    member = msgspec.structs.replace(village.clerk, posts=(Post(Role.CLERK, village.xiaba.id),))
    colleague = Actor(member=member, household=village.neighbours.id)
    done = await house.awards.record(Asked(household=far.id, item=HELP, on=far.on), colleague, "k" * 24)
    ref = (await house.journal.at(await house.sheets.book(village.xiaba.id), done.seqs[0])).ref
    clerk = await visit("wang")
    assert (await clerk.get(f"/round/reverse/{ref}")).status_code == 404
    assert (await clerk.post(f"/round/reverse/{ref}", {"key": "a" * 24, "reason": "x"})).status_code == 404
    assert (await balance(village, far.id))[Asset.MORAL.value] == 10
    for strange in ("1-202611-99", "x", "1-b" + "0" * 20, "9-b" + "0" * 20):
        assert (await clerk.get(f"/round/reverse/{strange}")).status_code == 404, strange
