"""The resident's own pages: the passbook, why a line is there, redeeming, and what a household decides for itself."""

import asyncio
import re

import pytest

from dezhi.core.events import HoldState, Kind
from dezhi.service.cards import IssuedCard
from dezhi.service.deeds import Asked
from dezhi.service.journal import EntryRef
from dezhi.web.lines import _SENTENCES
from links import text
from villages import Village
from visiting import Browser, Visit

SOAP = "dezhi-yinger/soap"  # 10 points


async def award(village: Village, item: str = "neighbour-help", times: int = 1, **asked: object) -> tuple[int, ...]:
    """Record deeds of 李小明家; 邻里帮扶 gives ten points each time."""
    household, today = asked.pop("household", village.family.id), village.house.people.today()
    seqs: tuple[int, ...] = ()
    for number in range(times):
        deed = Asked(household=household, item=f"dezhi-yinger/{item}", on=today, **asked)  # type: ignore[arg-type]
        done = await village.house.awards.record(deed, village.actor, f"award-{household}-{item}-{number}")
        seqs = done.seqs
    return seqs


async def at_home(visit: Visit, card: IssuedCard) -> Browser:
    """Open a household's passbook."""
    browser = await visit()
    await browser.show_card(card.number, card.pin)
    return browser


async def spendable(village: Village) -> int:
    """What the family can spend."""
    return (await village.house.passbooks.open(village.family.id)).spendable


async def reference(village: Village, seq: int) -> EntryRef:
    """The public number of an entry."""
    return (await village.house.journal.at(1, seq)).ref


async def test_the_book_opens_with_what_can_be_spent_and_why(village: Village, visit: Visit) -> None:
    await award(village, times=2)
    await award(village, "clinic-company", person=village.family.members[1].person, minutes=90)
    browser = await at_home(visit, village.card)
    answer = await browser.get("/me")
    page = text(answer.text)
    assert "李×明家" in page
    assert village.card.number[-4:] in page
    assert village.card.number not in answer.text
    assert "李小明" not in answer.text, "the phone may be somebody else's"
    assert "营尔村第一网格" in page
    assert "现在能用 20分" in page
    assert "储蓄友爱20" in page
    assert "1 小时 30 分" in page
    assert "王×兰 陪同就医" in page
    assert page.count("未经公示，试运行") == 3
    assert "您家现在能用20分。志愿时1小时30分。最近几笔：11月22日，陪同就医，加1小时30分。" in page
    assert "还差 10 分" in page


async def test_a_book_without_a_line_says_how_the_first_one_comes(village: Village, visit: Visit) -> None:
    page = text((await (await at_home(visit, village.card)).get("/me")).text)
    assert "第一页还空着" in page
    assert "现在能用 0分" in page


async def test_long_books_have_pages(village: Village, visit: Visit) -> None:
    for item in ("neighbour-help", "street-cleaning", "voluntary-labour", "hard-times-help"):
        await award(village, item, times=10)
    browser = await at_home(visit, village.card)
    first = (await browser.get("/me")).text
    (older,) = re.findall(r'href="(/me\?before=[\d-]+)"', first)
    second = (await browser.get(older)).text
    entries = [re.findall(r"/me/entry/[\d-]+", page) for page in (first, second)]
    assert [len(found) for found in entries] == [30, 10]
    assert len({*entries[0], *entries[1]}) == 40
    assert "上一页" in text(second)
    for odd in ("x", "1", "-", "1-2-3", "9" * 40 + "-1"):
        assert (await browser.get(f"/me?before={odd}")).status_code == 200


@pytest.mark.row("RU-02")
@pytest.mark.row("RU-04")
async def test_an_entry_tells_rule_version_who_when_and_how_to_object(village: Village, visit: Visit) -> None:
    seqs = await award(village)
    ref = await reference(village, seqs[0])
    page = text((await (await at_home(visit, village.card)).get(f"/me/entry/{ref}")).text)
    for said in (
        "11月22日，您家「邻里帮扶」，道德积分加10分。",
        "邻居家有事，搭把手帮到底。+10 分，每户每月最多 10 次",
        "道德储蓄银行，第 1 版，2024年1月1日起",
        "谁记的王军",
        "未经公示，试运行",
        "到村服务台说一声",
        str(ref),
    ):
        assert said in page


FOR_THE_EAR = re.compile(r"[\u4e00-\u9fff0-9，。；：、“”「」（）〔〕？！]+")
"""What a voice can read: words, figures and the marks at which it pauses. No sign, no bar, no entry's number."""


def aloud(page: str) -> str:
    """What the button of an entry reads, which has to be fit for it."""
    assert 'data-read="spoken"' in page
    (said,) = re.findall(r'<p class="unseen" id="spoken">([^<]*)</p>', page)
    assert FOR_THE_EAR.fullmatch(said.replace(" ", "")), said
    return str(said)


@pytest.mark.row("B-13")
async def test_every_kind_of_entry_is_explained_in_words_fit_for_speech(village: Village, visit: Visit) -> None:
    house, person = village.house, village.family.members[1].person
    await award(village, times=2)
    award_with = await award(village, "clinic-company", person=person, minutes=90)
    order = await house.redemptions.place(village.family.id, SOAP, source="card:1", key="order-1")
    await house.redemptions.hand_over(1, order.order, village.actor, "hand-1")
    other = await house.redemptions.place(village.family.id, SOAP, source="card:1", key="order-2")
    await house.redemptions.cancel(1, other.order, source="card:1", actor=None, key="back-1")
    await house.journal.reverse(await reference(village, award_with[0]), "记串了户", village.actor, "undo-1")
    browser = await at_home(visit, village.card)
    told = await house.journal.entries(1, [village.yinger.id], limit=50)
    said = {one.kind: aloud((await browser.get(f"/me/entry/{one.ref}")).text) for one in told if one.entry.household}
    assert set(said) >= {Kind.AWARD, Kind.HOLD, Kind.CAPTURE, Kind.VOID, Kind.REVERSAL}
    assert said[Kind.AWARD] == (
        "11月22日，您家「邻里帮扶」，道德积分加10分。"
        "按“邻里帮扶”这一条：邻居家有事，搭把手帮到底。每户每月最多 10 次。"
        "按哪个方案：道德储蓄银行，第 1 版，2024年1月1日起。谁记的：王军。"
        "这一笔没有公示过，是试运行。觉得不对，到村服务台说一声就行，不用写材料。"
    )
    corrected = aloud((await browser.get(f"/me/entry/{await reference(village, award_with[0])}")).text)
    assert "您家王某兰「陪同就医」，志愿时记1小时30分" in corrected
    assert "这一笔在11月22日冲正了。" in corrected
    assert "记错了，这一笔把它冲正：志愿时退回1小时30分" in said[Kind.REVERSAL]
    # What there is no page of here has its sentence too.
    assert {*_SENTENCES, Kind.CAPTURE} == set(Kind)


async def test_a_corrected_entry_stays_and_says_why(village: Village, visit: Visit) -> None:
    ref = await reference(village, (await award(village))[0])
    (opposite,) = await village.house.journal.reverse(ref, "记串了户", village.actor, "undo-1")
    browser = await at_home(visit, village.card)
    page = text((await browser.get(f"/me/entry/{ref}")).text)
    assert "这一笔在11月22日冲正了。" in page
    assert "记串了户" in page
    page = text((await browser.get(f"/me/entry/{opposite}")).text)
    assert "记错了，这一笔把它冲正：道德积分退回10分。" in page
    assert str(ref) in page
    book = text((await browser.get("/me")).text)
    assert "已冲正" in book
    assert "现在能用 0分" in book


async def test_a_household_sees_itself_and_nobody_else(village: Village, visit: Visit) -> None:
    house = village.house
    await award(village, times=2)
    ref = await reference(village, 1)
    order = await house.redemptions.place(village.family.id, SOAP, source="card:1", key="order-1")
    other = await at_home(visit, await house.cards.issue(village.neighbours.id))
    seen = [await other.get(f"/me/entry/{ref}"), await other.get(f"/me/redemptions/{order.order}")]
    seen.append(await other.post(f"/me/redemptions/{order.order}/cancel", {"key": "0123456789"}))
    assert [answer.status_code for answer in seen] == [404, 404, 404]
    assert not [answer for answer in seen if "李" in answer.text or order.code in answer.text]
    assert (await house.redemptions.order(1, order.order)).state is HoldState.OPEN
    assert "现在能用 0分" in text((await other.get("/me")).text)


@pytest.mark.parametrize("ref", ["1-202611-999", "1-202610-1", "2-202611-1", "x", "1-2", "1-202611-1-1", "-1-2-3"])
async def test_an_entry_that_is_not_there_is_a_page_that_says_so(village: Village, visit: Visit, ref: str) -> None:
    await award(village)
    answer = await (await at_home(visit, village.card)).get(f"/me/entry/{ref}")
    assert answer.status_code == 404
    assert "没有找到这一笔" in answer.text


@pytest.mark.parametrize("path", ["/me", "/me/rewards", "/me/choices", "/me/entry/1-202611-1", "/me/redemptions/x"])
async def test_without_a_card_there_is_only_the_door(village: Village, visit: Visit, path: str) -> None:
    answer = await (await visit()).get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/card?next=%2Fme")
    staff = await (await visit("wang")).get(path)
    assert staff.status_code == 303, "staff look a household up at the desk, where it is recorded"


async def test_a_lost_card_closes_the_book_with_the_next_click(village: Village, visit: Visit) -> None:
    browser = await at_home(visit, village.card)
    await village.house.cards.revoke(village.family.id, "挂失")
    assert (await browser.get("/me")).headers["location"] == "/card?next=%2Fme"


async def test_choose_wait_and_take_back(village: Village, visit: Visit) -> None:
    await award(village, times=2)
    browser = await at_home(visit, village.card)
    page = (await browser.get("/me/rewards")).text
    assert f'value="{SOAP}" required>' in page
    assert "60 分，还差 40 分" in text(page)
    key = re.findall(r'name="key" value="([^"]+)"', page)[0]
    form = {"key": key, "reward": SOAP}
    placed = [(await browser.post("/me/redemptions", form)).headers["location"] for _ in range(2)]
    assert len(set(placed)) == 1, "the same form sent twice is one redemption"
    waiting = (await browser.get(placed[0])).text
    (code,) = re.findall(r'class="pickup__code">(\d{6})<', waiting)
    assert "<svg viewBox" in waiting
    assert "style=" not in waiting
    book = text((await browser.get("/me")).text)
    assert "现在能用 10分" in book
    assert "另有 10 分留着兑换" in book
    assert code in book
    key = re.findall(r'name="key" value="([^"]+)"', waiting)[0]
    for _ in range(2):
        answer = await browser.post(f"{placed[0]}/cancel", {"key": key})
        assert answer.headers["location"] == placed[0]
    over = text((await browser.get(placed[0])).text)
    assert "10 分已经退回您家，领取码作废" in over
    assert code not in over
    assert await spendable(village) == 20


async def test_what_was_handed_over_is_not_taken_back(village: Village, visit: Visit) -> None:
    await award(village)
    browser = await at_home(visit, village.card)
    path = (await browser.post("/me/redemptions", {"key": "k-12345678", "reward": SOAP})).headers["location"]
    await village.house.redemptions.hand_over(1, path.rpartition("/")[2], village.actor, "hand-1")
    await browser.post(f"{path}/cancel", {"key": "c-12345678"})
    page = text((await browser.get(path)).text)
    assert "香皂已经领走" in page
    assert "领走" in page
    assert await spendable(village) == 0
    book = await browser.get("/me")
    assert "换了香皂" in text(book.text)
    (ref,) = re.findall(r"/me/entry/([\d-]+)", book.text)[:1]
    assert "您家换走了香皂，用了10分。" in text((await browser.get(f"/me/entry/{ref}")).text)


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"key": "k-12345678", "reward": "dezhi-yinger/oil"}, 409, "分不够，现在能用的是10分"),
        ({"key": "k-12345678", "reward": "dezhi-yinger/nothing"}, 404, "这样东西现在换不了"),
        ({"key": "k-12345678", "reward": "../../etc"}, 404, "这样东西现在换不了"),
        ({"key": "k-12345678"}, 404, "这样东西现在换不了"),
        ({"key": "", "reward": SOAP}, 400, "什么都没有改"),
        ({"key": "k" * 65, "reward": SOAP}, 400, "什么都没有改"),
        ({"reward": SOAP}, 400, "什么都没有改"),
    ],
)
async def test_a_refused_redemption_says_why_and_holds_nothing(
    village: Village, visit: Visit, form: dict[str, str], status: int, said: str
) -> None:
    await award(village)
    browser = await at_home(visit, village.card)
    answer = await browser.post("/me/redemptions", form)
    assert answer.status_code == status
    assert said in text(answer.text).replace(",", "，")
    assert (await village.house.passbooks.open(village.family.id)).held == 0
    assert await spendable(village) == 10


async def test_a_key_with_another_wish_names_the_conflict(village: Village, visit: Visit) -> None:
    await award(village, times=3)
    browser = await at_home(visit, village.card)
    await browser.post("/me/redemptions", {"key": "k-12345678", "reward": SOAP})
    answer = await browser.post("/me/redemptions", {"key": "k-12345678", "reward": "dezhi-yinger/toothpaste"})
    assert answer.status_code == 409
    assert await spendable(village) == 20


async def test_without_the_form_s_token_nothing_is_redeemed(village: Village, visit: Visit) -> None:
    await award(village)
    browser = await at_home(visit, village.card)
    answer = await browser.client.post("/me/redemptions", data={"key": "k-12345678", "reward": SOAP})
    assert answer.status_code == 403
    assert await spendable(village) == 10


@pytest.mark.row("LE-07")
async def test_fifty_at_once_redeem_exactly_what_the_balance_affords(village: Village, visit: Visit) -> None:
    await award(village, times=6)
    browser = await at_home(visit, village.card)
    await browser.get("/me/rewards")
    answers = await asyncio.gather(
        *(browser.post("/me/redemptions", {"key": f"tap-{number:04}", "reward": SOAP}) for number in range(50))
    )
    assert sorted(answer.status_code for answer in answers) == [303] * 6 + [409] * 44
    assert len({answer.headers["location"] for answer in answers if answer.status_code == 303}) == 6
    book = await village.house.passbooks.open(village.family.id)
    assert (book.spendable, book.held, len(book.waiting)) == (0, 60, 6)


async def test_a_household_decides_about_the_board_itself(village: Village, visit: Visit) -> None:
    await award(village)
    browser, stranger = await at_home(visit, village.card), await visit()
    board = "/v/620902101201"
    page = (await browser.get("/me/choices")).text
    assert "李×明家" in page
    assert " checked" not in page
    assert "李×明家" not in (await stranger.get(board)).text
    await browser.post("/me/choices", {"on_board": "yes"})
    page = (await browser.get("/me/choices")).text
    assert " checked" in page
    assert "您家愿意上光荣榜" in page
    assert "李×明家" in (await stranger.get(board)).text
    await browser.post("/me/choices")
    assert "榜上已经没有了" in (await browser.get("/me/choices")).text
    assert "李×明家" not in (await stranger.get(board)).text
