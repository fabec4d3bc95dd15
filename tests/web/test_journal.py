"""The supervisor's book over HTTP: everything is in it, nothing can be written, nobody is ranked."""

from datetime import date

import pytest

from dezhi.service.deeds import Asked
from dezhi.service.journal import EntryRef
from villages import Village
from visiting import Visit

TODAY = date(2026, 11, 22)


async def award(village: Village, key: str) -> EntryRef:
    """Book one deed of 李小明家."""
    sheet = await village.house.sheets.in_force(village.yinger.id, TODAY)
    item = next(code for code, one in sheet.items.items() if one.ask == "nothing" and one.asset == "moral")
    asked = Asked(
        household=village.family.id, item=item, on=TODAY, person=village.family.members[0].person, note="扫了路"
    )
    done = await village.house.awards.record(asked, village.actor, key)
    book = await village.house.sheets.book(village.yinger.id)
    newest = (await village.house.journal.entries(book, [village.yinger.id], limit=1))[0]
    assert newest.ref.seq in done.seqs
    return newest.ref


async def test_every_entry_reversal_and_actor_is_there(village: Village, visit: Visit) -> None:
    browser = await visit("zhao")
    assert "还没有账" in (await browser.get("/journal")).text
    ref = await award(village, "k-1")
    await village.house.journal.reverse(ref, "记串了户", village.actor, "r-1")
    page = (await browser.get("/journal")).text
    for said in ("李小明家", "王军", "加分", "冲正", "记串了户", "已冲正", "营尔村", "未经公示，试运行"):
        assert said in page
    assert "王秀兰" not in page
    assert "笔数" not in page
    assert 'method="post" action="/journal' not in page
    assert page.index("冲正第") < page.index("已冲正")
    only = (await browser.get("/journal?kind=reversal")).text
    assert "冲正第" in only
    assert "已冲正" not in only


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("village=620902101201", True),
        ("village=620902101000", True),
        ("village=620902101202", False),
        ("since=2026-11-22&until=2026-11-22", True),
        ("until=2026-11-21", False),
        ("since=2026-11-23", False),
        ("since=gestern", True),
        ("kind=award", True),
        ("kind=hold", False),
        ("kind=nonsense", True),
        ("actor=12", False),
        ("before=nonsense", True),
        ("before=" + "9" * 40, True),
    ],
)
async def test_filters(village: Village, visit: Visit, query: str, seen: bool) -> None:
    await award(village, "k-1")
    browser = await visit("zhao")
    answer = await browser.get(f"/journal?{query}")
    assert answer.status_code == 200
    assert ("李小明家" in answer.text) is seen


async def test_a_village_of_somebody_else_is_not_found(village: Village, visit: Visit) -> None:
    assert (await (await visit("zhao")).get("/journal?village=620902102201")).status_code == 404


async def test_pages_go_on_where_the_last_ended(village: Village, visit: Visit) -> None:
    for number in range(30):
        ref = await award(village, f"k-{number}")
        await village.house.journal.reverse(ref, "记错了", village.actor, f"r-{number}")
    browser = await visit("zhao")
    first = (await browser.get("/journal")).text
    older = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = (await browser.get(older)).text
    shown = [int(part.partition('"')[0]) for page in (first, second) for part in page.split('<tr id="n')[1:]]
    assert len(shown) == 60
    assert shown == sorted(set(shown), reverse=True)
    assert 'rel="next"' not in second
